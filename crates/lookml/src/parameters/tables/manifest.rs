//! `manifest.lkml`.

use super::super::values::{EXPORT, LOCALIZATION_LEVEL};
use super::super::{Parent, Value, many, one};
use Value::{Block, Named, Text, Texts, Word, YesNo};

/// `manifest.lkml`
pub static MANIFEST: Parent = Parent::new(
    "manifest",
    &[
        one("project_name", Text, "name of this project, which its own `include`s and its imports go by"),
        many("constant", Named(&CONSTANT), "a text that `@{name}` stands for in strings, SQL and paths"),
        many("local_dependency", Block(&LOCAL_DEPENDENCY), "another project of the same server that is imported"),
        many("remote_dependency", Named(&REMOTE_DEPENDENCY), "a project that is imported from a git repository"),
        one("localization_settings", Block(&LOCALIZATION_SETTINGS), "languages of labels and descriptions"),
        many("visualization", Block(&VISUALIZATION), "a chart type of one's own"),
        many("application", Named(&APPLICATION), "an application inside the product's pages"),
        one("new_lookml_runtime", YesNo, "a switch of old servers; it has no effect").legacy(),
    ],
);

/// `constant`
pub static CONSTANT: Parent = Parent::new(
    "constant",
    &[
        one("value", Text, "the text").required(),
        one("export", Word(&EXPORT), "whether projects that import this one may or must set another value")
            .default("none"),
    ],
);

static LOCAL_DEPENDENCY: Parent = Parent::new(
    "local_dependency",
    &[
        one("project", Text, "name of the imported project").required(),
        many("override_constant", Named(&OVERRIDE_CONSTANT), "another value for a constant that it exports"),
    ],
);

static REMOTE_DEPENDENCY: Parent = Parent::new(
    "remote_dependency",
    &[
        one("url", Text, "address of the repository").required(),
        one("ref", Text, "branch, tag or commit").default("the repository's own branch"),
        many("override_constant", Named(&OVERRIDE_CONSTANT), "another value for a constant that it exports"),
    ],
);

static OVERRIDE_CONSTANT: Parent =
    Parent::new("override_constant", &[one("value", Text, "the text for this import").required()]);

static LOCALIZATION_SETTINGS: Parent = Parent::new(
    "localization_settings",
    &[
        one("default_locale", Text, "the strings file that lists every key").required(),
        one("localization_level", Word(&LOCALIZATION_LEVEL), "`strict` makes a mistake of texts without a key")
            .default("permissive"),
    ],
);

static VISUALIZATION: Parent = Parent::new(
    "visualization",
    &[
        one("id", Text, "the type that dashboards name").required(),
        one("label", Text, "name in menus").required(),
        one("file", Text, "its code, a file of the project"),
        one("url", Text, "its code, an address"),
        one("dependencies", Texts, "addresses of scripts that are loaded before it"),
        one("sri_hash", Text, "hash that the code must have"),
    ],
);

static APPLICATION: Parent = Parent::new(
    "application",
    &[
        one("label", Text, "name in the menu"),
        one("url", Text, "its code, an address"),
        one("file", Text, "its code, a file of the project"),
        one("sri_hash", Text, "hash that the code must have, without its prefix"),
        one("mount_points", Block(&MOUNT_POINTS), "where it can be shown"),
        one("entitlements", Block(&ENTITLEMENTS), "what it may do; without them it does not run"),
    ],
);

static MOUNT_POINTS: Parent = Parent::new(
    "mount_points",
    &[
        one("dashboard_vis", YesNo, "as a chart of a dashboard").default("no"),
        one("dashboard_tile", YesNo, "as a tile of a dashboard").default("no"),
        one("dashboard_tile_popup", YesNo, "in a window over a tile").default("no"),
        one("standalone", YesNo, "on a page of its own").default("yes"),
    ],
);

static ENTITLEMENTS: Parent = Parent::new(
    "entitlements",
    &[
        one("local_storage", YesNo, "keep data in the browser").default("no"),
        one("navigation", YesNo, "lead to other pages").default("no"),
        one("new_window", YesNo, "open windows").default("no"),
        one("use_form_submit", YesNo, "send forms").default("no"),
        one("use_embeds", YesNo, "show embedded content").default("no"),
        one("use_iframes", YesNo, "show other pages inside its own").default("no"),
        one("use_clipboard", YesNo, "write to the clipboard").default("no"),
        one("use_downloads", YesNo, "offer files").default("no"),
        one("raw_api_request", YesNo, "any request of the API").default("no").legacy(),
        one("allow_forms", YesNo, "show forms").default("no").legacy(),
        one("allow_same_origin", YesNo, "count as the same origin").default("no").legacy(),
        one("core_api_methods", Texts, "operations of the API that it calls"),
        one("external_api_urls", Texts, "addresses that it calls"),
        one("oauth2_urls", Texts, "addresses at which it signs in"),
        one("new_window_external_urls", Texts, "addresses that it opens; they need `new_window`"),
        one("global_user_attributes", Texts, "user attributes that it reads"),
        one("scoped_user_attributes", Texts, "user attributes of its own"),
    ],
);
