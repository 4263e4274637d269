//! The document calls open values texts.

use crate::change::Change;
use crate::edit::{Edit, Is, properties};

/// The change.
pub(super) const CHANGE: Change = Change {
    edits: EDITS,
    ..Change::new(
        "open_values_are_called_texts",
        "Settings of charts and filters are described as maps of texts, and some values of any type as texts. They \
         are what they are in both versions.",
    )
};

const EDITS: &[Edit] = &[
    properties("CreateDashboardFilter", Is::TextMap, &["field", "ui_config"]),
    properties("DashboardFilter", Is::TextMap, &["field", "ui_config"]),
    properties("DataActionRequest", Is::TextMap, &["action"]),
    properties("EmbedSsoParams", Is::TextMap, &["user_attributes"]),
    properties("ProjectError", Is::TextMap, &["params"]),
    properties("Query", Is::TextMap, &["vis_config", "filter_config"]),
    properties("ResultMakerWithIdVisConfigAndDynamicFields", Is::TextMap, &["vis_config"]),
    properties("SqlQuery", Is::TextMap, &["vis_config"]),
    properties("SqlQueryCreate", Is::TextMap, &["vis_config"]),
    properties("LookmlModelExploreError", Is::Text, &["details"]),
    properties("LookmlModelExploreFieldEnumeration", Is::Text, &["value"]),
    Edit::Answer {
        operation: "query_task_multi_results",
        status: "200",
        described: r#"{
            "description": "The results by the ids of their tasks.",
            "content": {"application/json": {"schema": {"type": "object", "additionalProperties": {"type": "string"}}}}
        }"#,
    },
];
