//! From an operation and a request to the method that answers: one small function for each operation.

use crate::contract::model::{Api, BodyType, Operation, Type};

use super::Files;
use super::parameters::{path_type, query_type};
use super::source::{code, head, head_of_all, mentioned, uses};
use super::tags::{body_type, id, trait_and_method};

/// Adds the files.
pub fn write(api: &Api, files: &mut Files) {
    let mut root = format!("//! From an operation and a request to the method that answers.\n//!\n{}", head_of_all());
    let mut arms = String::new();
    for (index, tag) in api.tags.iter().enumerate() {
        let operations = api.operations.iter().filter(|operation| operation.tag == index && operation.implemented);
        let mut text = String::new();
        for operation in operations {
            function(api, operation, &mut text);
            let (module, name) = (&tag.module, trait_and_method(api, operation).1);
            code!(arms, "{} => {module}::{name}(service, cx, from),\n", id(operation));
        }
        if !text.is_empty() {
            let uses = uses("crate::generated", mentioned(&["parameters", "tags"], &text));
            let uses = format!("{uses}use crate::prelude::*;\n\n");
            code!(root, "mod {};\n", tag.module);
            files.insert(format!("dispatch/{}.rs", tag.module).into(), format!("{}{uses}{text}", head(&tag.module)));
        }
    }
    let without: Vec<String> = api.operations.iter().filter(|operation| !operation.implemented).map(id).collect();
    if !without.is_empty() {
        code!(arms, "{} => Err(Error::not_implemented()),\n", without.join(" | "));
    }
    code!(
        root,
        "\nuse crate::generated::tags::Operations;\nuse crate::prelude::*;\n\n\
         /// Reads the request and calls the method; the answer is still to be awaited.\n\
         pub(crate) fn start<'a, S: Operations>(\nservice: &'a S,\ncx: &'a Cx,\noperation: OperationId,\n\
         from: Arguments,\n) -> Started<'a> {{\nmatch operation {{\n{arms}}}\n}}\n"
    );
    files.insert("dispatch/mod.rs".into(), root);
}

fn function(api: &Api, operation: &Operation, text: &mut String) {
    let (trait_name, method) = trait_and_method(api, operation);
    let mut reads = String::new();
    let mut arguments = vec!["cx"];
    if let Some(name) = path_type(operation) {
        code!(reads, "let path = parameters::{name}::read(&mut from);\n");
        arguments.push("path");
    }
    if let Some(name) = query_type(operation) {
        if operation.open_query {
            reads.push_str("let query = from.open_query();\n");
        } else {
            code!(reads, "let query = parameters::{name}::read(&mut from);\n");
        }
        arguments.push("query");
    }
    reads.push_str("from.finish()?;\n");
    if body_type(operation).is_some() {
        code!(reads, "let body = from.{}?;\n", body_reader(operation));
        arguments.push("body");
    }
    code!(
        text,
        "pub(super) fn {method}<'a, S: {trait_name}>(service: &'a S, cx: &'a Cx, mut from: Arguments) -> Started<'a> {{\n\
         {reads}Ok(answer(cx, service.{method}({})))\n}}\n\n",
        arguments.join(", ")
    );
}

fn body_reader(operation: &Operation) -> &'static str {
    match operation.body.as_ref().map(|body| &body.ty) {
        Some(BodyType::Type(Type::String)) => "text_body()",
        Some(BodyType::Type(ty)) if !matches!(ty, Type::Ref(_)) => "value_body()",
        _ if operation.method == "patch" => "body(Mode::Update)",
        _ => "body(Mode::Create)",
    }
}
