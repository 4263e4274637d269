//! `OPERATIONS` and `OperationId`.

use crate::contract::model::{Api, Operation, Parameter, Place, Type};

use super::Files;
use super::graph::Graph;
use super::names::pascal;
use super::source::{code, doc, head_of_all, lifetime, literal, mentioned, release, uses};
use super::tags::{answer_type, id, success};

/// Adds the file.
pub fn write(api: &Api, graph: &Graph<'_>, files: &mut Files) {
    let mut variants = String::new();
    let mut rows = String::new();
    for operation in &api.operations {
        variants.push_str(&doc(&format!(
            "{}: `{} {}`.",
            operation.summary,
            operation.method.to_uppercase(),
            operation.path
        )));
        code!(variants, "{} = {},\n", pascal(&operation.id), literal(&operation.id));
        rows.push_str(&row(api, operation, graph));
    }
    let kinds = ["Activity", "Kind", "Method", "Operation", "Status", "path", "query"];
    let types = uses("super", mentioned(&["types"], &rows));
    let uses = format!("{types}{}", uses("crate::operation", mentioned(&kinds, &rows)));
    let text = format!(
        "{}{uses}use crate::prelude::{{Resource, words}};\n\n\
         words! {{\n/// Which operation: the operationId of the contract.\npub enum OperationId {{\n{variants}}}\n}}\n\n\
         /// Every operation of the contract, in the order of [`OperationId`].\n\
         pub static OPERATIONS: &[Operation] = &[\n{rows}];\n",
        head_of_all()
    );
    files.insert("operations.rs".into(), text);
}

fn row(api: &Api, operation: &Operation, graph: &Graph<'_>) -> String {
    let mut row = format!(
        "Operation::new({}, Method::{}, {}, {}, {})\n",
        id(operation),
        pascal(&operation.method),
        literal(&operation.path),
        literal(&api.tags[operation.tag].name),
        success(operation)
    );
    if operation.status != "stable" {
        code!(row, ".status(Status::{})", pascal(&operation.status));
    }
    if operation.activity != "non_query" {
        code!(row, ".activity(Activity::{})", pascal(&operation.activity));
    }
    if !operation.parameters.is_empty() {
        let parameters: Vec<String> = operation.parameters.iter().map(parameter).collect();
        code!(row, ".parameters(&[{}])", parameters.join(", "));
    }
    if let Some(body) = &operation.body {
        let content: Vec<String> = body.content.iter().map(|media| literal(media)).collect();
        let method = if body.required { "body" } else { "optional_body" };
        code!(row, ".{method}(&[{}])", content.join(", "));
    }
    if let Some(table) = table(operation).filter(|name| graph.answered.contains(name)) {
        code!(row, ".answers(types::{table}::table)");
    }
    if answer_type(operation).starts_with("Page<") {
        row.push_str(".paged()");
    }
    if !operation.authenticated {
        row.push_str(".without_token()");
    }
    if !operation.rate_limited {
        row.push_str(".without_rate_limit()");
    }
    row.push_str(&lifetime(operation.since, operation.until));
    row.push_str(&release("deprecated_since", operation.deprecated_since));
    if !operation.implemented {
        row.push_str(".without_code()");
    }
    row.push_str(",\n");
    row
}

/// The schema of the objects that the answer holds.
fn table(operation: &Operation) -> Option<&str> {
    operation.success()?.json()?.reference()
}

fn parameter(parameter: &Parameter) -> String {
    let name = literal(&parameter.name);
    let kind = kind(&parameter.ty);
    let mut text = match parameter.place {
        Place::Path => format!("path({name}, Kind::{kind})"),
        Place::Query => format!("query({name}, Kind::{kind})"),
    };
    if parameter.required && parameter.place == Place::Query {
        text.push_str(".required()");
    }
    if parameter.deprecated {
        text.push_str(".deprecated()");
    }
    text.push_str(&lifetime(parameter.since, parameter.until));
    text.push_str(&release("deprecated_since", parameter.deprecated_since));
    text
}

fn kind(ty: &Type) -> &'static str {
    match ty {
        Type::Integer => "Integer",
        Type::Number => "Number",
        Type::Boolean => "Boolean",
        Type::Timestamp => "Timestamp",
        Type::Date => "Date",
        Type::Array(_) => "List",
        Type::Map(_) | Type::Any | Type::Ref(_) => "Object",
        Type::String | Type::Enum(_) => "String",
    }
}
