//! What was asked: every run of a query, and every result that was taken. Rows are added and never change.

use jiff::Timestamp;

use crate::cell::cell_of_word;
use crate::error::Result;
use crate::event::Wanted;
use crate::id::{HistoryId, QueryId, QueryTaskId, SqlQuerySlug, UserId};
use crate::reader::{Reader, Tx};
use crate::session::WorkspaceId;
use crate::table::{Filter, Search, Set, table};

table! {
    /// A run of a query, or the taking of a result. It refers to nothing, so that it outlives whom and what it tells of.
    pub struct History in "history", key id {
        /// Which run.
        id: HistoryId,
        /// When it began.
        created_at: Timestamp,
        /// The operation that was called, `run_inline_query`.
        operation: String,
        /// What it was for, in the words of the field: `api4`, `suggest`.
        source: String,
        /// As whom.
        user_id: UserId,
        /// Who really asked, in the place of the user.
        sudo_user_id: Option<UserId>,
        /// Whose files of the projects were read.
        workspace_id: WorkspaceId,
        /// The saved query.
        query_id: Option<QueryId>,
        /// The statement of SQL Runner.
        sql_query_slug: Option<SqlQuerySlug>,
        /// The query task.
        query_task_id: Option<QueryTaskId>,
        /// The model.
        model: Option<String>,
        /// The explore.
        view: Option<String>,
        /// The connection.
        connection_name: Option<String>,
        /// The form of the result, `csv`.
        result_format: String,
        /// Where the rows came from: `query` or `cache`; none when there were none.
        result_source: Option<String>,
        /// How it ended.
        status: Status,
        /// How many rows were written; none when nothing was.
        rows: Option<i64>,
        /// How long it took, in seconds, the writing of the rows included.
        runtime: f64,
        /// The network address that the call came from.
        ip_address: Option<String>,
        /// What the program called itself.
        application: Option<String>,
    }
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// With all its rows.
    Complete,
    /// It failed.
    Error,
    /// It was stopped, or nobody waited for it any more.
    Killed,
}

impl Status {
    /// Every status.
    pub const ALL: [Status; 3] = [Status::Complete, Status::Error, Status::Killed];

    /// The word: `complete`, `error` or `killed`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Status::Complete => "complete",
            Status::Error => "error",
            Status::Killed => "killed",
        }
    }
}

cell_of_word!(Status, "status");

/// A run that has ended, to be recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct NewHistory {
    /// As [`History::created_at`].
    pub created_at: Timestamp,
    /// As [`History::operation`].
    pub operation: String,
    /// As [`History::source`].
    pub source: String,
    /// As [`History::user_id`].
    pub user_id: UserId,
    /// As [`History::sudo_user_id`].
    pub sudo_user_id: Option<UserId>,
    /// As [`History::workspace_id`].
    pub workspace_id: WorkspaceId,
    /// As [`History::query_id`].
    pub query_id: Option<QueryId>,
    /// As [`History::sql_query_slug`].
    pub sql_query_slug: Option<SqlQuerySlug>,
    /// As [`History::query_task_id`].
    pub query_task_id: Option<QueryTaskId>,
    /// As [`History::model`].
    pub model: Option<String>,
    /// As [`History::view`].
    pub view: Option<String>,
    /// As [`History::connection_name`].
    pub connection_name: Option<String>,
    /// As [`History::result_format`].
    pub result_format: String,
    /// As [`History::result_source`].
    pub result_source: Option<String>,
    /// As [`History::status`].
    pub status: Status,
    /// As [`History::rows`].
    pub rows: Option<i64>,
    /// As [`History::runtime`].
    pub runtime: f64,
    /// As [`History::ip_address`].
    pub ip_address: Option<String>,
    /// As [`History::application`].
    pub application: Option<String>,
}

/// The newest runs that are wanted, the newest first. Their names are those of operations.
pub async fn newest(db: &mut Reader, wanted: &Wanted, limit: u64) -> Result<Vec<History>> {
    let of_user = |user| Filter::any_of([COLUMNS.user_id.eq(user), COLUMNS.sudo_user_id.eq(Some(user))]);
    let of_names = |names: &Vec<String>| COLUMNS.operation.one_of(names.iter().cloned());
    let filters = [
        wanted.since.map(|since| COLUMNS.created_at.at_least(since)),
        wanted.until.map(|until| COLUMNS.created_at.less_than(until)),
        wanted.user.map(of_user),
        Some(&wanted.names).filter(|names| !names.is_empty()).map(of_names),
    ];
    let filter = Filter::all_of(filters.into_iter().flatten());
    let sorts = vec![COLUMNS.created_at.desc(), COLUMNS.id.desc()];
    db.list(Search { sorts, limit: Some(limit), ..Search::by(filter) }).await
}

/// Records runs: at most a thousand, which is what a statement takes.
pub async fn insert_all(tx: &mut Tx, runs: impl IntoIterator<Item = NewHistory>) -> Result<()> {
    tx.insert_all(runs.into_iter().map(sets).collect()).await
}

/// Forgets runs from before a time, at most `most` of them: a change keeps all others waiting. Returns how many.
pub async fn forget_before(tx: &mut Tx, time: Timestamp, most: u64) -> Result<u64> {
    tx.delete_some(COLUMNS.created_at.less_than(time), most).await
}

fn sets(new: NewHistory) -> Vec<Set<History>> {
    vec![
        COLUMNS.created_at.set(new.created_at),
        COLUMNS.operation.set(new.operation),
        COLUMNS.source.set(new.source),
        COLUMNS.user_id.set(new.user_id),
        COLUMNS.sudo_user_id.set(new.sudo_user_id),
        COLUMNS.workspace_id.set(new.workspace_id),
        COLUMNS.query_id.set(new.query_id),
        COLUMNS.sql_query_slug.set(new.sql_query_slug),
        COLUMNS.query_task_id.set(new.query_task_id),
        COLUMNS.model.set(new.model),
        COLUMNS.view.set(new.view),
        COLUMNS.connection_name.set(new.connection_name),
        COLUMNS.result_format.set(new.result_format),
        COLUMNS.result_source.set(new.result_source),
        COLUMNS.status.set(new.status),
        COLUMNS.rows.set(new.rows),
        COLUMNS.runtime.set(new.runtime),
        COLUMNS.ip_address.set(new.ip_address),
        COLUMNS.application.set(new.application),
    ]
}
