//! Some words came later.

use serde_json::{Map, Value};

use crate::change::{Change, Rewrite};
use crate::edit::{Is, properties};

/// The change.
pub(super) const CHANGE: Change = Change {
    edits: &[
        properties("CreateQueryTask", Is::Without("odc"), &["result_format"]),
        properties("Integration", Is::Without("json_bi"), &["supported_formats"]),
    ],
    downgrade: &[Rewrite { schema: "Integration", with: without_json_bi }],
    ..Change::new("fewer_words", "The formats of query tasks do not include `odc`, and those of actions not `json_bi`.")
};

fn without_json_bi(integration: &mut Map<String, Value>) {
    if let Some(Value::Array(formats)) = integration.get_mut("supported_formats") {
        formats.retain(|format| format != "json_bi");
    }
}
