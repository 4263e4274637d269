//! The results of a task that still runs are empty.

use belvedere_api::{Operation, OperationId, Reply};

use crate::change::Change;
use crate::edit::{Edit, Of};

/// The change.
pub(super) const CHANGE: Change = Change {
    edits: &[
        Edit::NoAnswer { status: "202", of: Of::Operations(&["query_task_results"]) },
        Edit::Answer {
            operation: "query_task_results",
            status: "204",
            described: r#"{
                "description": "The task has no results yet.",
                "content": {
                    "text": {"schema": {"type": "string"}}, "application/json": {"schema": {"type": "string"}}
                }
            }"#,
        },
    ],
    reply: Some(nothing_yet),
    ..Change::new(
        "unfinished_tasks_are_empty",
        "`query_task_results` answers 204 while the task runs; 4.0 answers 202 and says when to ask again.",
    )
};

fn nothing_yet(operation: &Operation, reply: Reply) -> Reply {
    match reply {
        Reply::Pending { .. } if operation.id == OperationId::QueryTaskResults => Reply::Empty,
        reply => reply,
    }
}
