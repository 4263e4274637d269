//! Operations that 4.0 no longer has.

use crate::change::Change;
use crate::edit::{Edit, Is, operation, parameters};

/// The change.
pub(super) const CHANGE: Change = Change {
    edits: EDITS,
    ..Change::new(
        "lost_operations",
        "The backup of the server's own state is configured here, which this server does not do; and LookML \
         dashboards are rendered by an operation of their own.",
    )
};

const EDITS: &[Edit] = &[
    Edit::Lost {
        name: "backup_configuration",
        like: "cloud_storage_configuration",
        path: "/backup_configuration",
        summary: "Show how the server is backed up",
        description: "Told how the server's own state was backed up. This server is backed up with its data directory.",
    },
    Edit::Lost {
        name: "update_backup_configuration",
        like: "update_cloud_storage_configuration",
        path: "/backup_configuration",
        summary: "Change how the server is backed up",
        description: "Changed how the server's own state was backed up. This server is backed up with its data \
                      directory.",
    },
    operation(
        "create_lookml_dashboard_render_task",
        "create_dashboard_render_task",
        "/render_tasks/lookml_dashboards/{dashboard_id}/{result_format}",
        "RenderTask",
    ),
    // A LookML dashboard is named by its model and its name.
    parameters("dashboard_id", Is::Described(r#"{"type": "string"}"#), &["create_lookml_dashboard_render_task"]),
    Edit::Status {
        operations: &["backup_configuration", "update_backup_configuration", "create_lookml_dashboard_render_task"],
        status: "deprecated",
    },
];
