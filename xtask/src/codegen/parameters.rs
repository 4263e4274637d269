//! The parameters of operations: a struct for the path and one for the query string, with their readers.

use crate::contract::model::{Api, Operation, Parameter, Type};

use super::Files;
use super::names::{field, pascal};
use super::source::{code, doc, head, join, literal};

/// Adds the files.
pub fn write(api: &Api, files: &mut Files) {
    let mut parts = Vec::new();
    for (index, tag) in api.tags.iter().enumerate() {
        let mut text = String::new();
        for operation in api.operations.iter().filter(|operation| operation.tag == index && operation.implemented) {
            if let Some(name) = path_type(operation) {
                path(&name, operation, &mut text);
            }
            if let Some(name) = query_type(operation).filter(|name| name != OPEN_QUERY) {
                query(&name, operation, &mut text);
            }
        }
        if !text.is_empty() {
            parts.push((tag.module.clone(), format!("{}use crate::prelude::*;\n\n{text}", head(&tag.module))));
        }
    }
    join("parameters", "Parameters of paths and query strings.", parts, files);
}

/// The type of a query string that the handler reads itself.
const OPEN_QUERY: &str = "OpenQuery";

/// The name of the struct for the path, if the path has parameters.
pub fn path_type(operation: &Operation) -> Option<String> {
    operation.path_parameters().next().map(|_| format!("{}Path", pascal(&operation.id)))
}

/// The name of the struct for the query string, if there is something in it beside `fields`.
pub fn query_type(operation: &Operation) -> Option<String> {
    if operation.open_query {
        return Some(OPEN_QUERY.to_owned());
    }
    operation.query_parameters().next().map(|_| format!("{}Query", pascal(&operation.id)))
}

fn path(name: &str, operation: &Operation, text: &mut String) {
    let id = pascal(&operation.id);
    code!(text, "/// The path of [`{}`](crate::OperationId::{id}).\n", operation.id);
    code!(text, "#[derive(Debug, Clone, Default, PartialEq)]\npub struct {name} {{\n");
    for parameter in operation.path_parameters() {
        text.push_str(&doc(&parameter.description));
        code!(text, "pub {}: {},\n", field(&parameter.name), rust_type(&parameter.ty));
    }
    code!(text, "}}\n\nimpl {name} {{\npub(crate) fn read(from: &mut Arguments) -> Self {{\nSelf {{\n");
    for (index, parameter) in operation.path_parameters().enumerate() {
        code!(text, "{}: from.path({index}),\n", field(&parameter.name));
    }
    text.push_str("}\n}\n}\n\n");
}

fn query(name: &str, operation: &Operation, text: &mut String) {
    let id = pascal(&operation.id);
    code!(text, "/// The query string of [`{}`](crate::OperationId::{id}).\n", operation.id);
    code!(text, "#[derive(Debug, Clone, Default, PartialEq)]\npub struct {name} {{\n");
    for parameter in operation.query_parameters() {
        let value = rust_type(&parameter.ty);
        let ty = if parameter.required { value } else { format!("Option<{value}>") };
        text.push_str(&doc(&parameter.description));
        code!(text, "pub {}: {ty},\n", field(&parameter.name));
    }
    code!(text, "}}\n\nimpl {name} {{\npub(crate) fn read(from: &mut Arguments) -> Self {{\nSelf {{\n");
    for parameter in operation.query_parameters() {
        let reader = if parameter.required { "required" } else { "optional" };
        code!(text, "{}: from.{reader}({}),\n", field(&parameter.name), literal(&parameter.name));
    }
    text.push_str("}\n}\n");
    if operation.is_paged() {
        window(operation, text);
    }
    text.push_str("}\n\n");
}

/// The part of the list that the caller asks for, from whichever parameters the operation has for it.
fn window(operation: &Operation, text: &mut String) {
    let value = |name: &str| {
        let has = |parameter: &Parameter| parameter.name == name;
        if operation.query_parameters().any(has) { format!("self.{name}") } else { "None".to_owned() }
    };
    let values = ["limit", "offset", "page", "per_page"].map(value).join(", ");
    code!(
        text,
        "\n/// The part of the list that the caller asks for.\npub fn window(&self) -> Result<Window> {{\nWindow::asked({values})\n}}\n"
    );
}

fn rust_type(ty: &Type) -> String {
    super::types::rust_type(ty, "")
}
