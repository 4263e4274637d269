//! Parameters that 4.0 no longer has.

use crate::change::Change;
use crate::edit::Edit;

/// The change.
pub(super) const CHANGE: Change = Change {
    edits: EDITS,
    ..Change::new(
        "lost_parameters",
        "Query tasks take the size of an image, and a login for another user says whether it is associated with the \
         caller. These parameters are passed over.",
    )
};

const PIXELS: &str =
    r#"{"schema": {"type": "integer", "format": "int64"}, "description": "Size of an image in pixels; passed over."}"#;

const EDITS: &[Edit] = &[
    Edit::Parameter { operation: "create_query_task", name: "image_width", of: None, described: PIXELS },
    Edit::Parameter { operation: "create_query_task", name: "image_height", of: None, described: PIXELS },
    Edit::Parameter {
        operation: "login_user",
        name: "associative",
        of: None,
        described: r#"{"schema": {"type": "boolean"}, "description": "What is done counts as done by the caller too; passed over."}"#,
    },
];
