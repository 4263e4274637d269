//! Folders have a second name, spaces.

use crate::change::Change;
use crate::edit::{Edit, operation, own_property, property, schema};

/// The change.
pub(super) const CHANGE: Change = Change {
    edits: EDITS,
    words: &[("Folder", "Space"), ("folder", "space")],
    ..Change::new(
        "spaces_not_folders",
        "Folders are also called spaces: every operation on folders has a twin below `/spaces`, and objects that name \
         a folder name it twice.",
    )
};

const TAG: &str = "Space";

const SPACE_ID: &str = r#"{"schema": {"type": "string"}, "description": "Id of the folder; use `folder_id`."}"#;

const EDITS: &[Edit] = &[
    Edit::Tag { name: TAG, description: "Folders under their old name; use those of the tag Folder." },
    // Objects.
    schema("Space", "Folder"),
    schema("SpaceBase", "FolderBase"),
    schema("CreateSpace", "CreateFolder"),
    schema("UpdateSpace", "UpdateFolder"),
    schema("ContentValidationSpace", "ContentValidationFolder"),
    property("ContentMeta", "space_id", "folder_id"),
    property("ContentValidationDashboard", "space", "folder"),
    property("ContentValidationLook", "space", "folder"),
    own_property(
        "ContentValidationLookMLDashboard",
        "space",
        "null",
        r##"{
            "allOf": [{"$ref": "#/components/schemas/SpaceBase"}], "nullable": true,
            "description": "The folder of LookML dashboards; null, `space_id` has its id."
        }"##,
    ),
    property("Dashboard", "space", "folder"),
    property("Dashboard", "space_id", "folder_id"),
    property("DashboardBase", "space", "folder"),
    property("Look", "space", "folder"),
    property("Look", "space_id", "folder_id"),
    property("LookWithDashboards", "space", "folder"),
    property("LookWithDashboards", "space_id", "folder_id"),
    property("LookWithQuery", "space", "folder"),
    property("LookWithQuery", "space_id", "folder_id"),
    property("User", "home_space_id", "home_folder_id"),
    property("User", "personal_space_id", "personal_folder_id"),
    // Operations.
    operation("search_spaces", "search_folders", "/spaces/search", TAG),
    operation("space", "folder", "/spaces/{space_id}", TAG),
    operation("delete_space", "delete_folder", "/spaces/{space_id}", TAG),
    operation("update_space", "update_folder", "/spaces/{space_id}", TAG),
    operation("all_spaces", "all_folders", "/spaces", TAG),
    operation("create_space", "create_folder", "/spaces", TAG),
    operation("space_children", "folder_children", "/spaces/{space_id}/children", TAG),
    operation("space_children_search", "folder_children_search", "/spaces/{space_id}/children/search", TAG),
    operation("space_parent", "folder_parent", "/spaces/{space_id}/parent", TAG),
    operation("space_ancestors", "folder_ancestors", "/spaces/{space_id}/ancestors", TAG),
    operation("space_looks", "folder_looks", "/spaces/{space_id}/looks", TAG),
    operation("space_dashboards", "folder_dashboards", "/spaces/{space_id}/dashboards", TAG),
    Edit::Answers { operation: "all_spaces", schema: "SpaceBase", values: &[] },
    Edit::Status {
        operations: &[
            "search_spaces",
            "space",
            "delete_space",
            "update_space",
            "all_spaces",
            "create_space",
            "space_children",
            "space_children_search",
            "space_parent",
            "space_ancestors",
            "space_looks",
            "space_dashboards",
        ],
        status: "deprecated",
    },
    Edit::Parameter { operation: "search_dashboards", name: "space_id", of: Some("folder_id"), described: SPACE_ID },
    Edit::Parameter { operation: "search_looks", name: "space_id", of: Some("folder_id"), described: SPACE_ID },
    Edit::NoParameters { operation: "search_looks", names: &["folder_id"] },
];
