//! Properties that 4.0 no longer has.

use crate::change::Change;
use crate::edit::{Edit, own_property};

/// The change.
pub(super) const CHANGE: Change = Change {
    edits: EDITS,
    ..Change::new(
        "lost_properties",
        "Some objects say what the caller may do with them (`can`) that say no more in 4.0, and a query has `runtime`, \
         which has no value.",
    )
};

const EDITS: &[Edit] = &[
    can("CustomWelcomeEmail"),
    can("DialectInfoOptions"),
    can("GitStatus"),
    can("ImportedProject"),
    can("LDAPConfigTestIssue"),
    can("LDAPUser"),
    can("LocalizationSettings"),
    can("LookmlModelNavExplore"),
    can("OIDCGroupWrite"),
    can("OIDCUserAttributeWrite"),
    can("Snippet"),
    own_property(
        "Query",
        "runtime",
        "null",
        r#"{"type": "number", "format": "double", "deprecated": true, "description": "Seconds that the query took; no longer told."}"#,
    ),
];

/// Nobody may do anything with the object itself.
const fn can(schema: &'static str) -> Edit {
    own_property(
        schema,
        "can",
        "{}",
        r#"{"type": "object", "additionalProperties": {"type": "boolean"}, "readOnly": true, "description": "What the caller may do with this object, by action; nothing."}"#,
    )
}
