//! The page of an object.

use super::document::{Reference, entries, ref_name, text};
use super::layout;
use super::text::{badges, flags, inline, operation_link, prose, type_of, words};
use maud::{Markup, html};
use serde_json::Value;

/// Which properties of an object are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    /// All of them.
    All,
    /// Those that a client may send.
    Writable,
}

/// The page; none when the release has no such object.
pub(super) fn page(reference: &Reference, name: &str) -> Option<Markup> {
    let schema = reference.schema(name)?;
    let status = schema["x-looker-status"].as_str();
    let users = reference.users(name);
    let content = html! {
        p.eyebrow { a href=(format!("{}#objects", reference.home())) { "Objects" } }
        h1 { (name) }
        p.signature { @if let Some(status) = status { span.badge.(status) { (status) } } }
        (prose(text(&schema["description"])))
        section {
            h2 { "Properties" }
            (properties(reference, schema, Which::All))
        }
        @if !users.is_empty() {
            section {
                h2 { "Operations" }
                ul.rows {
                    @for operation in users {
                        li {
                            (operation_link(reference, operation))
                            span { (operation.summary()) " " (badges(operation)) }
                        }
                    }
                }
            }
        }
    };
    Some(layout::page(reference, name, &format!("/schemas/{name}"), &content))
}

/// The properties of an object, one row each.
pub(super) fn properties(reference: &Reference, object: &Value, which: Which) -> Markup {
    let required: Vec<&str> = object["required"].as_array().into_iter().flatten().map(text).collect();
    let shown = |schema: &Value| which == Which::All || schema["readOnly"] != true;
    html! {
        ul.properties {
            @for (name, schema) in entries(&object["properties"]).filter(|(_, schema)| shown(schema)) {
                li id=[(which == Which::All).then(|| format!("property-{name}"))] {
                    div.line {
                        code.name { (name) }
                        (type_of(reference, schema))
                        (flags(schema, required.contains(&name)))
                    }
                    p { (inline(text(&schema["description"]))) }
                    (words(schema))
                    @if let Some(object) = ref_name(schema).and_then(|name| reference.schema(name)) { (words(object)) }
                }
            }
        }
    }
}
