//! Some operations had another status.

use crate::change::Change;
use crate::edit::Edit;

/// The change.
pub(super) const CHANGE: Change = Change {
    edits: EDITS,
    ..Change::new(
        "statuses_differ",
        "Building derived tables is not stable yet, and the welcome e-mail, the white label and the default theme are \
         not deprecated.",
    )
};

const EDITS: &[Edit] = &[
    Edit::Status {
        operations: &[
            "custom_welcome_email",
            "update_custom_welcome_email",
            "default_theme",
            "set_default_theme",
            "whitelabel_configuration",
            "update_whitelabel_configuration",
        ],
        status: "stable",
    },
    Edit::Status {
        operations: &[
            "graph_derived_tables_for_model",
            "graph_derived_tables_for_view",
            "check_pdt_build",
            "stop_pdt_build",
            "start_pdt_build",
        ],
        status: "beta",
    },
];
