//! Looks hold their user.

use serde_json::{Map, Value};

use crate::change::{Change, Rewrite};
use crate::edit::{Edit, Is, property};

/// The change.
pub(super) const CHANGE: Change = Change {
    edits: EDITS,
    downgrade: &[
        Rewrite { schema: "Look", with: hold_user },
        Rewrite { schema: "LookWithDashboards", with: hold_user },
        Rewrite { schema: "LookWithQuery", with: hold_user },
    ],
    ..Change::new("looks_name_their_user", "A Look has its user as an object with an id, `user`, beside `user_id`.")
};

const EDITS: &[Edit] = &[
    Edit::OwnSchema {
        name: "UserIdOnly",
        described: r#"{
            "description": "A user of whom nothing but the id is told.",
            "properties": {"id": {"type": "integer", "format": "int64", "readOnly": true, "description": "Unique id."}}
        }"#,
    },
    property("Look", "user", "user_id"),
    Edit::Properties { schema: "Look", are: USER, names: &["user"] },
    property("LookWithDashboards", "user", "user_id"),
    Edit::Properties { schema: "LookWithDashboards", are: USER, names: &["user"] },
    property("LookWithQuery", "user", "user_id"),
    Edit::Properties { schema: "LookWithQuery", are: USER, names: &["user"] },
];

const USER: Is = Is::Described(
    r##"{"allOf": [{"$ref": "#/components/schemas/UserIdOnly"}], "nullable": true, "description": "The user who owns the Look."}"##,
);

/// What the layout has written as `user` is the id.
fn hold_user(look: &mut Map<String, Value>) {
    if let Some(user) = look.get_mut("user").filter(|user| !user.is_null()) {
        let id = user.take();
        *user = Value::Object(Map::from_iter([("id".to_owned(), id)]));
    }
}
