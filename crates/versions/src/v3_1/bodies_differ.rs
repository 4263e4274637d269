//! Some operations take other bodies.

use crate::change::Change;
use crate::edit::Edit;

/// The change.
pub(super) const CHANGE: Change = Change {
    edits: EDITS,
    ..Change::new(
        "bodies_differ",
        "A login is described with its parameters in the query string alone, though a form is taken as well. A LookML \
         dashboard is brought up to date with a dashboard as the body, which is passed over. SQL may give an image.",
    )
};

const EDITS: &[Edit] = &[
    Edit::NoBody("login"),
    Edit::Body { operation: "sync_lookml_dashboard", schema: "Dashboard", required: true },
    Edit::Media { operation: "run_sql_query", content: &["image/png", "image/jpeg"] },
];
