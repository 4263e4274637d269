//! Boards are called homepages.

use crate::change::Change;
use crate::edit::{Edit, Is, no_properties, operation, own_property, parameters, properties, property, schema};

/// The change.
pub(super) const CHANGE: Change = Change {
    edits: EDITS,
    words: &[("Board", "Homepage"), ("board", "homepage")],
    ..Change::new(
        "homepages_not_boards",
        "Boards, their sections and their items are called homepages, homepage sections and homepage items, in paths, \
         operations, schemas and properties. Their ids are integers.",
    )
};

const TAG: &str = "Homepage";

const EDITS: &[Edit] = &[
    // Objects.
    properties("Board", Is::Integer, &["content_metadata_id", "id", "user_id"]),
    properties("Board", Is::Integers, &["section_order"]),
    properties("Board", Is::ReadOnly, &["user_id"]),
    property("Board", "homepage_sections", "board_sections"),
    no_properties("Board", &["board_sections"]),
    Edit::SchemaStatus { schema: "Board", status: "beta" },
    property("BoardSection", "homepage_id", "board_id"),
    property("BoardSection", "homepage_items", "board_items"),
    no_properties("BoardSection", &["board_id", "board_items"]),
    properties("BoardSection", Is::Integer, &["homepage_id", "id"]),
    properties("BoardSection", Is::Integers, &["item_order"]),
    own_property(
        "BoardSection",
        "detail_url",
        "null",
        r#"{"type": "string", "nullable": true, "readOnly": true, "description": "Address of a page about the section."}"#,
    ),
    own_property(
        "BoardSection",
        "is_header",
        "false",
        r#"{"type": "boolean", "readOnly": true, "description": "The section is the header of the homepage."}"#,
    ),
    property("BoardItem", "homepage_section_id", "board_section_id"),
    no_properties("BoardItem", &["board_section_id"]),
    properties(
        "BoardItem",
        Is::Integer,
        &["content_favorite_id", "content_metadata_id", "dashboard_id", "homepage_section_id", "id", "look_id"],
    ),
    properties("BoardItem", Is::Nullable, &["url"]),
    own_property(
        "BoardItem",
        "section_fetch_time",
        "null",
        r#"{"type": "number", "format": "float", "nullable": true, "readOnly": true, "description": "Seconds that it took to put the section together."}"#,
    ),
    schema("Homepage", "Board"),
    schema("HomepageSection", "BoardSection"),
    schema("HomepageItem", "BoardItem"),
    // Operations.
    operation("all_homepages", "all_boards", "/homepages", TAG),
    operation("create_homepage", "create_board", "/homepages", TAG),
    operation("search_homepages", "search_boards", "/homepages/search", TAG),
    operation("homepage", "board", "/homepages/{homepage_id}", TAG),
    operation("update_homepage", "update_board", "/homepages/{homepage_id}", TAG),
    operation("delete_homepage", "delete_board", "/homepages/{homepage_id}", TAG),
    operation("all_homepage_items", "all_board_items", "/homepage_items", TAG),
    operation("create_homepage_item", "create_board_item", "/homepage_items", TAG),
    operation("homepage_item", "board_item", "/homepage_items/{homepage_item_id}", TAG),
    operation("update_homepage_item", "update_board_item", "/homepage_items/{homepage_item_id}", TAG),
    operation("delete_homepage_item", "delete_board_item", "/homepage_items/{homepage_item_id}", TAG),
    operation("all_homepage_sections", "all_board_sections", "/homepage_sections", TAG),
    operation("create_homepage_section", "create_board_section", "/homepage_sections", TAG),
    operation("homepage_section", "board_section", "/homepage_sections/{homepage_section_id}", TAG),
    operation("update_homepage_section", "update_board_section", "/homepage_sections/{homepage_section_id}", TAG),
    operation("delete_homepage_section", "delete_board_section", "/homepage_sections/{homepage_section_id}", TAG),
    Edit::Status { operations: HOMEPAGE_OPERATIONS, status: "deprecated" },
    parameters("homepage_id", Is::Integer, &["homepage", "update_homepage", "delete_homepage"]),
    parameters("homepage_item_id", Is::Integer, &["homepage_item", "update_homepage_item", "delete_homepage_item"]),
    parameters(
        "homepage_section_id",
        Is::Integer,
        &["homepage_section", "update_homepage_section", "delete_homepage_section"],
    ),
    Edit::NoOperations(&[
        "all_boards",
        "create_board",
        "search_boards",
        "board",
        "update_board",
        "delete_board",
        "all_board_items",
        "create_board_item",
        "board_item",
        "update_board_item",
        "delete_board_item",
        "all_board_sections",
        "create_board_section",
        "board_section",
        "update_board_section",
        "delete_board_section",
    ]),
];

const HOMEPAGE_OPERATIONS: &[&str] = &[
    "all_homepages",
    "create_homepage",
    "search_homepages",
    "homepage",
    "update_homepage",
    "delete_homepage",
    "all_homepage_items",
    "create_homepage_item",
    "homepage_item",
    "update_homepage_item",
    "delete_homepage_item",
    "all_homepage_sections",
    "create_homepage_section",
    "homepage_section",
    "update_homepage_section",
    "delete_homepage_section",
];
