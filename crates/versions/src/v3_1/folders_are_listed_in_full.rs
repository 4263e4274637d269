//! The list of folders has whole folders.

use crate::change::Change;
use crate::edit::Edit;

/// The change.
pub(super) const CHANGE: Change = Change {
    edits: &[Edit::Answers {
        operation: "all_folders",
        schema: "Folder",
        values: &[("dashboards", "null"), ("looks", "null")],
    }],
    ..Change::new(
        "folders_are_listed_in_full",
        "`all_folders` answers with `Folder`, whose `dashboards` and `looks` are null there; 4.0 answers with \
         `FolderBase`, which does not have them.",
    )
};
