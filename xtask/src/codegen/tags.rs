//! One trait for each tag: what the service does.

use crate::contract::model::{Answer, Api, BodyType, Operation, Type};

use super::names::{field, pascal};
use super::parameters::{path_type, query_type};
use super::source::{code, doc, head, head_of_all, join, mentioned, uses};
use super::{Files, bodies, types};

/// Adds the files.
pub fn write(api: &Api, files: &mut Files) {
    let mut parts = Vec::new();
    let mut names = Vec::new();
    for (index, tag) in api.tags.iter().enumerate() {
        let mut text = String::new();
        for operation in api.operations.iter().filter(|operation| operation.tag == index && operation.implemented) {
            method(operation, &mut text);
        }
        if text.is_empty() {
            continue;
        }
        let head = head(&tag.module);
        let doc = doc(&tag.description);
        let uses = uses("crate::generated", mentioned(&["bodies", "parameters", "types"], &text));
        let uses = format!("{uses}use crate::prelude::*;\n\n");
        parts
            .push((tag.module.clone(), format!("{head}{uses}{doc}pub trait {}: Send + Sync {{\n{text}}}\n", tag.name)));
        names.push(tag.name.clone());
    }
    join("tags", "One trait for each tag, with a method for each operation that has code.", parts, files);
    let all = names.join(" + ");
    let root = files.entry("tags/mod.rs".into()).or_insert_with(head_of_all);
    code!(
        root,
        "\n/// A service that answers every operation that has code.\npub trait Operations: {all} {{}}\n\nimpl<T: {all}> Operations for T {{}}\n"
    );
}

fn method(operation: &Operation, text: &mut String) {
    text.push_str(&doc(&format!("{}.\n\n{}", operation.summary, operation.description)));
    if operation.status == "deprecated" {
        text.push_str(&doc("\nDeprecated: new programs should not call it."));
    }
    let mut arguments = vec!["&self".to_owned(), "cx: &Cx".to_owned()];
    arguments.extend(path_type(operation).map(|name| format!("path: parameters::{name}")));
    let module = if operation.open_query { "" } else { "parameters::" };
    arguments.extend(query_type(operation).map(|name| format!("query: {module}{name}")));
    arguments.extend(body_type(operation).map(|ty| format!("body: {ty}")));
    let answer = answer_type(operation);
    code!(
        text,
        "fn {}({}) -> impl Future<Output = Result<{answer}>> + Send;\n\n",
        field(&operation.id),
        arguments.join(", ")
    );
}

/// The Rust type of the body.
pub fn body_type(operation: &Operation) -> Option<String> {
    Some(match &operation.body.as_ref()?.ty {
        BodyType::Inline(_) => format!("bodies::{}", bodies::inline(&operation.id)),
        BodyType::Type(ty) => bodies::rust_type(ty, "bodies::"),
    })
}

/// What the method gives: the object; `Reply` where content type or status are for the method to choose; nothing
/// for 204.
pub fn answer_type(operation: &Operation) -> String {
    let Some(answer) = operation.success() else { return "()".to_owned() };
    let statuses: Vec<u16> = operation.successes().map(|answer| answer.status).collect();
    if statuses.contains(&202) {
        return "Reply".to_owned();
    }
    if statuses.contains(&204) {
        return if is_empty_or_text(answer) { "()" } else { "Reply" }.to_owned();
    }
    match answer.json() {
        None if answer.content.is_empty() => "()".to_owned(),
        None => "Reply".to_owned(),
        Some(Type::Any) => "Json".to_owned(),
        Some(Type::Map(inner)) if **inner == Type::Any => "Json".to_owned(),
        Some(Type::Array(inner)) if operation.is_paged() => format!("Page<{}>", types::rust_type(inner, "types::")),
        Some(ty) => types::rust_type(ty, "types::"),
    }
}

/// The status of a call that went well.
pub fn success(operation: &Operation) -> u16 {
    let empty = answer_type(operation) == "()" && operation.successes().any(|answer| answer.status == 204);
    if empty { 204 } else { operation.success().map_or(200, |answer| answer.status) }
}

fn is_empty_or_text(answer: &Answer) -> bool {
    answer.content.is_empty() || answer.json() == Some(&Type::String)
}

/// The name of the trait method that answers an operation.
pub fn trait_and_method(api: &Api, operation: &Operation) -> (String, String) {
    (format!("tags::{}", api.tags[operation.tag].name), field(&operation.id))
}

/// The name of the operation in `OperationId`.
pub fn id(operation: &Operation) -> String {
    format!("OperationId::{}", pascal(&operation.id))
}
