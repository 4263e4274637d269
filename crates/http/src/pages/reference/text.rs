//! The small marks that all pages have.

use super::document::{Operation, Reference, type_parts};
use maud::{Markup, html};
use serde_json::Value;

/// A text of the contract: `code` stands between backticks, an empty line begins a paragraph.
pub(super) fn prose(text: &str) -> Markup {
    html! {
        @for paragraph in text.split("\n\n").filter(|paragraph| !paragraph.trim().is_empty()) {
            p { (inline(paragraph)) }
        }
    }
}

/// A text on one line.
pub(super) fn inline(text: &str) -> Markup {
    html! {
        @for (index, part) in text.split('`').enumerate() {
            @if index % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

/// The method of an operation.
pub(super) fn method(method: &str) -> Markup {
    html! { span.method.(method) { (method.to_ascii_uppercase()) } }
}

/// How far an operation is promised, and whether this server has it.
pub(super) fn badges(operation: Operation<'_>) -> Markup {
    html! {
        @if operation.status() != "stable" { span.badge.(operation.status()) { (operation.status()) } }
        @if !operation.is_implemented() {
            span.badge.absent title="This server has no code for it yet and answers 501" { "not built" }
        }
    }
}

/// A link to the page of an operation.
pub(super) fn operation_link(reference: &Reference, operation: Operation<'_>) -> Markup {
    html! {
        a href=(format!("{}/operations/{}", reference.home(), operation.name())) {
            (method(operation.method)) " " code.name { (operation.name()) }
        }
    }
}

/// A type, its object linked.
pub(super) fn type_of(reference: &Reference, schema: &Value) -> Markup {
    let (before, name, after) = type_parts(schema);
    html! {
        span.type {
            (before)
            @if let Some(name) = name { a href=(format!("{}/schemas/{name}", reference.home())) { (name) } }
            (after)
        }
    }
}

/// The flags of a property or a parameter.
pub(super) fn flags(schema: &Value, is_required: bool) -> Markup {
    const FLAGS: [(&str, &str); 4] = [
        ("nullable", "nullable"),
        ("readOnly", "read-only"),
        ("writeOnly", "write-only"),
        ("deprecated", "deprecated"),
    ];
    html! {
        @if is_required { span.flag.required { "required" } }
        @for (key, word) in FLAGS {
            @if schema[key] == true { span.flag.(word) { (word) } }
        }
    }
}

/// The words that a value may be.
pub(super) fn words(schema: &Value) -> Markup {
    html! {
        @if let Some(words) = schema["enum"].as_array() {
            p.words { @for word in words { code { (word) } } }
        }
    }
}
