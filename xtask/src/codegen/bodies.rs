//! The types of request bodies: a struct for each schema that is sent, without what is read-only, and its reader.

use crate::contract::model::{Api, BodyType, Property, Schema, Type};

use super::Files;
use super::graph::{Graph, sent};
use super::names::{field, pascal};
use super::source::{code, doc, head, head_of_all, join, literal, module_of, uses};
use super::types::{elsewhere, enumeration, is_enumeration, value_type};

/// Adds the files.
pub fn write(api: &Api, graph: &Graph<'_>, files: &mut Files) {
    let modules = std::iter::once((None, "errors"))
        .chain(api.tags.iter().enumerate().map(|(index, tag)| (Some(index), tag.module.as_str())));
    let mut parts = Vec::new();
    for (tag, module) in modules {
        let mut text = String::new();
        for operation in api.operations.iter().filter(|operation| Some(operation.tag) == tag) {
            if let Some(BodyType::Inline(schema)) = operation.body.as_ref().map(|body| &body.ty) {
                let description =
                    format!("The body of [`{}`](crate::OperationId::{}).", operation.id, pascal(&operation.id));
                structure(&inline(&operation.id), &description, schema, graph, &mut text);
            }
        }
        for (name, schema) in api.schemas.iter().filter(|(_, schema)| module_of(api, schema) == module) {
            if graph.sent.contains(name.as_str()) {
                structure(name, &doc_text(schema), schema, graph, &mut text);
            }
        }
        if !text.is_empty() {
            let head = if module == "errors" { head_of_all() } else { head(module) };
            let others: Vec<String> = elsewhere(api, module, &graph.sent, sent).map(name).collect();
            let bodies = uses("super", others.iter().map(String::as_str));
            let words: Vec<String> = enumerations(api, module, graph).collect();
            let words = uses("crate::generated::types", words.iter().map(String::as_str));
            parts.push((module.to_owned(), format!("{head}{bodies}{words}use crate::prelude::*;\n\n{text}")));
        }
    }
    join("bodies", "What callers send: objects without the properties that are read-only.", parts, files);
}

/// The name of the type of a body that has no schema of its own.
pub fn inline(operation: &str) -> String {
    format!("{}Body", pascal(operation))
}

/// The name of the type of a schema that is sent.
pub fn name(schema: &str) -> String {
    format!("Write{schema}")
}

/// The Rust type of a body that is not described in place.
pub fn rust_type(ty: &Type, prefix: &str) -> String {
    match ty {
        Type::Ref(schema) => format!("{prefix}{}", name(schema)),
        Type::Array(inner) => format!("Vec<{}>", rust_type(inner, prefix)),
        Type::Map(inner) => format!("IndexMap<String, {}>", rust_type(inner, prefix)),
        ty => super::types::rust_type(ty, prefix),
    }
}

/// The names of the enumerations that the bodies of a module hold.
fn enumerations<'a>(api: &'a Api, module: &'a str, graph: &Graph<'_>) -> impl Iterator<Item = String> {
    let schemas = api.schemas.iter().filter(|(name, _)| graph.sent.contains(name.as_str()));
    schemas.filter(move |(_, schema)| module_of(api, schema) == module).flat_map(|(name, schema)| {
        let properties = schema.properties.iter().filter(|property| sent(property) && is_enumeration(property));
        properties.map(move |property| enumeration(name, property))
    })
}

fn doc_text(schema: &Schema) -> String {
    format!("{} As a caller writes it.", schema.description)
}

fn structure(name: &str, description: &str, schema: &Schema, graph: &Graph<'_>, text: &mut String) {
    let properties: Vec<&Property> = schema.properties.iter().filter(|property| sent(property)).collect();
    let type_name = if graph.sent.contains(name) { self::name(name) } else { name.to_owned() };
    let escaped = doc(description).replace("\\[`", "[`").replace("`\\](", "`](");
    text.push_str(&escaped);
    code!(text, "#[derive(Debug, Clone, Default, PartialEq)]\npub struct {type_name} {{\n");
    let presences: Vec<Presence> =
        properties.iter().map(|property| Presence::of(property, graph.patched.contains(name))).collect();
    for (property, presence) in properties.iter().zip(&presences) {
        let value = sent_type(name, property, graph);
        text.push_str(&doc(&property.description));
        code!(text, "pub {}: {},\n", field(&property.name), presence.wrap(&value));
    }
    text.push_str("}\n\n");
    let from = if properties.is_empty() { "_" } else { "from" };
    code!(text, "impl Body for {type_name} {{\nfn read({from}: &mut Fields<'_>) -> Self {{\nSelf {{\n");
    for (property, presence) in properties.iter().zip(&presences) {
        let (field, wire) = (field(&property.name), literal(&property.name));
        code!(text, "{field}: from.{}({wire}),\n", presence.reader());
    }
    text.push_str("}\n}\n}\n\n");
}

/// The Rust type of a property's value as it is sent.
fn sent_type(owner: &str, property: &Property, graph: &Graph<'_>) -> String {
    match property.ty.reference() {
        None => value_type(owner, property, |_| false, ""),
        Some(target) => match &property.ty {
            Type::Ref(_) if graph.body_is_boxed(owner, target) => format!("Box<{}>", name(target)),
            ty => rust_type(ty, ""),
        },
    }
}

/// What a body may say of a property.
enum Presence {
    /// It must be there.
    Required,
    /// It must be there when a thing is made, and may be left out when it is changed.
    Expected,
    /// It may be left out, or null.
    Patch,
    /// It may be left out.
    Optional,
}

impl Presence {
    fn of(property: &Property, patched: bool) -> Self {
        match (property.required, patched) {
            (true, false) => Self::Required,
            (true, true) => Self::Expected,
            _ if property.nullable => Self::Patch,
            _ => Self::Optional,
        }
    }

    fn wrap(&self, value: &str) -> String {
        match self {
            Self::Required => value.to_owned(),
            Self::Expected | Self::Optional => format!("Option<{value}>"),
            Self::Patch => format!("Patch<{value}>"),
        }
    }

    fn reader(&self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Expected => "expected",
            Self::Patch => "patch",
            Self::Optional => "optional",
        }
    }
}
