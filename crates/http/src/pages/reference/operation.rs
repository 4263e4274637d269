//! The page of an operation.

use super::document::{Operation, Reference, content, named_part, text};
use super::schema::properties;
use super::text::{badges, flags, inline, method, prose, type_of, words};
use super::{layout, schema::Which};
use maud::{Markup, html};
use serde_json::Value;

/// What a status means, whoever gives it. An operation may say more about its own.
const STATUSES: [(&str, &str); 12] = [
    ("400", "The request cannot be understood: a value has the wrong form, or the body is not JSON."),
    ("401", "The token is missing, unknown or no longer valid. Get one with `login`."),
    ("403", "The caller may not do this."),
    ("404", "There is no such thing, or the caller may not see it."),
    ("405", "The thing cannot be changed in this way, or the path has no such method."),
    ("409", "Another thing is in the way, such as one with the same name."),
    ("413", "The body is larger than the server takes."),
    ("422", "Values are missing or wrong; `errors` names each with its field and a code."),
    ("429", "Too many requests, or too many queries under way. Wait as long as `Retry-After` says."),
    ("500", "The server failed. Its log has the reason under the id in `X-Request-Id`."),
    ("501", "This server has no code for the operation yet."),
    ("503", "The server cannot answer now."),
];

/// The page; none when the release has no such operation.
pub(super) fn page(reference: &Reference, name: &str) -> Option<Markup> {
    let operation = reference.operation(name)?;
    let title = if operation.summary().is_empty() { name } else { operation.summary() };
    let content = html! {
        p.eyebrow { a href=(format!("{}#{}", reference.home(), operation.tag())) { (operation.tag()) } }
        h1 { (title) }
        p.signature { (method(operation.method)) code { (path(reference, operation.path)) } }
        p.signature {
            code.id { (operation.name()) }
            @if operation.status() == "stable" { span.badge.stable { "stable" } }
            (badges(operation))
        }
        (prose(operation.description()))
        @if !operation.is_implemented() {
            p.notice.absent { "This server has no code for this operation yet: a call answers 501." }
        }
        @if !operation.needs_token() { p.quiet { "Needs no token." } }
        (parameters(reference, operation, "path", "In the path"))
        (parameters(reference, operation, "query", "In the query string"))
        @if let Some((content_type, schema, is_required)) = operation.body() {
            section {
                h2 { "Body" }
                p.line {
                    (type_of(reference, schema)) span.quiet { (content_type) } (flags(&Value::Null, is_required))
                }
                (object(reference, schema, Which::Writable))
            }
        }
        section {
            h2 { "Answers" }
            (answers(reference, operation))
        }
        section {
            h2 { "With curl" }
            pre { code { (curl(reference, operation)) } }
        }
    };
    Some(layout::page(reference, name, &format!("/operations/{name}"), &content))
}

/// The path with its parameters marked.
fn path(reference: &Reference, path: &str) -> Markup {
    html! {
        span.base { "/api/" (reference.version.name()) }
        @for part in path.split_inclusive('/') {
            @if let Some(name) = part.strip_prefix('{') {
                var { "{" (name.trim_end_matches('/')) }
                @if name.ends_with('/') { "/" }
            } @else { (part) }
        }
    }
}

fn parameters(reference: &Reference, operation: Operation<'_>, place: &'static str, title: &str) -> Markup {
    let mut all = operation.parameters(place).peekable();
    html! {
        @if all.peek().is_some() {
            section {
                h2 { (title) }
                ul.properties {
                    @for parameter in all {
                        li id=(format!("parameter-{}", text(&parameter["name"]))) {
                            div.line {
                                code.name { (text(&parameter["name"])) }
                                (type_of(reference, &parameter["schema"]))
                                (flags(parameter, parameter["required"] == true))
                            }
                            p { (inline(text(&parameter["description"]))) }
                            (words(&parameter["schema"]))
                        }
                    }
                }
            }
        }
    }
}

/// The properties of the object that a body or an answer is made of.
fn object(reference: &Reference, schema: &Value, which: Which) -> Markup {
    let object = named_part(schema).and_then(|name| reference.schema(name)).unwrap_or(schema);
    properties(reference, object, which)
}

fn answers(reference: &Reference, operation: Operation<'_>) -> Markup {
    let declared: Vec<(&str, &Value)> = operation.answers().collect();
    let common = STATUSES.iter().filter(|(status, _)| declared.iter().all(|(known, _)| known != status));
    html! {
        ul.answers {
            @for (status, answer) in &declared {
                li id=(format!("status-{status}")) {
                    div.line {
                        (status_mark(status)) span { (inline(text(&answer["description"]))) }
                        @if let Some((_, schema)) = content(answer) { (type_of(reference, schema)) }
                    }
                    @if let Some((_, schema)) = content(answer).filter(|_| status.starts_with('2')) {
                        (object(reference, schema, Which::All))
                    }
                }
            }
        }
        h3 { "From any operation" }
        ul.answers {
            @for (status, meaning) in common {
                li id=(format!("status-{status}")) {
                    div.line { (status_mark(status)) span.quiet { (inline(meaning)) } }
                }
            }
        }
    }
}

fn status_mark(status: &str) -> Markup {
    html! { span.status.{ "s" (status.get(..1).unwrap_or_default()) } { (status) } }
}

fn curl(reference: &Reference, operation: Operation<'_>) -> String {
    let path: String = operation
        .path
        .chars()
        .map(|it| {
            if it == '{' {
                '<'
            } else if it == '}' {
                '>'
            } else {
                it
            }
        })
        .collect();
    let mut lines = vec![match operation.method {
        "get" => format!("curl \"$LOOKER_URL/api/{}{path}\"", reference.version.name()),
        method => {
            let method = method.to_ascii_uppercase();
            format!("curl --request {method} \"$LOOKER_URL/api/{}{path}\"", reference.version.name())
        }
    }];
    if operation.needs_token() {
        lines.push("--header \"Authorization: Bearer $LOOKER_TOKEN\"".to_owned());
    }
    if let Some((content_type, ..)) = operation.body() {
        lines.push(format!("--header \"Content-Type: {content_type}\""));
        lines.push("--data @body".to_owned());
    }
    lines.join(" \\\n  ")
}
