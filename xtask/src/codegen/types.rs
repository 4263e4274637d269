//! The types of answers: a struct for each schema, with the table of its properties and their writer.

use std::collections::BTreeSet;

use crate::contract::model::{Api, Property, Schema, Type};

use super::Files;
use super::graph::{Graph, answered, sent};
use super::names::{field, pascal, variant};
use super::source::{code, doc, head, head_of_all, join, lifetime, literal, module_of, uses};

/// Adds the files.
pub fn write(api: &Api, graph: &Graph<'_>, files: &mut Files) {
    let modules = std::iter::once("errors").chain(api.tags.iter().map(|tag| tag.module.as_str()));
    let mut parts = Vec::new();
    for module in modules {
        let mut text = String::new();
        for (name, schema) in api.schemas.iter().filter(|(_, schema)| module_of(api, schema) == module) {
            enumerations(name, schema, graph, &mut text);
            if graph.answered.contains(name.as_str()) {
                structure(name, schema, graph, &mut text);
            }
        }
        if !text.is_empty() {
            let head = if module == "errors" { head_of_all() } else { head(module) };
            let uses = uses("super", elsewhere(api, module, &graph.answered, answered));
            parts.push((module.to_owned(), format!("{head}{uses}use crate::prelude::*;\n\n{text}")));
        }
    }
    join("types", "What operations answer with, and the words that properties are made of.", parts, files);
    let root = files.entry("types/mod.rs".into()).or_default();
    root.push_str("\n/// Every type with nothing in it, as it is written.\n#[cfg(test)]\n");
    root.push_str("pub(crate) fn empty() -> Vec<(&'static str, Vec<u8>)> {\nuse crate::json::WriteJson;\nvec![\n");
    for name in &graph.answered {
        code!(root, "({}, {name}::default().to_json()),\n", literal(name));
    }
    root.push_str("]\n}\n");
}

/// The schemas of other modules that those of a module name in properties.
pub fn elsewhere<'a>(
    api: &'a Api,
    module: &'a str,
    among: &BTreeSet<&str>,
    has: fn(&Property) -> bool,
) -> impl Iterator<Item = &'a str> {
    let schemas = api.schemas.iter().filter(|(name, _)| among.contains(name.as_str()));
    let schemas = schemas.filter(move |(_, schema)| module_of(api, schema) == module);
    let properties = schemas.flat_map(|(_, schema)| &schema.properties).filter(move |property| has(property));
    let named = properties.filter_map(|property| property.ty.reference());
    named.filter(move |name| module_of(api, &api.schemas[*name]) != module)
}

/// The name of the type of an enumeration: that of the object and that of the property.
pub fn enumeration(owner: &str, property: &Property) -> String {
    format!("{owner}{}", pascal(&property.name))
}

/// Whether the values of a property are words of an enumeration, one or many.
pub fn is_enumeration(property: &Property) -> bool {
    words(&property.ty).is_some()
}

fn words(ty: &Type) -> Option<&[String]> {
    match ty {
        Type::Enum(words) => Some(words),
        Type::Array(inner) => words(inner),
        _ => None,
    }
}

/// The Rust type of a value that answers hold.
pub fn rust_type(ty: &Type, prefix: &str) -> String {
    match ty {
        Type::Any => "Value".to_owned(),
        Type::String | Type::Enum(_) => "String".to_owned(),
        Type::Timestamp => "Timestamp".to_owned(),
        Type::Date => "Date".to_owned(),
        Type::Integer => "i64".to_owned(),
        Type::Number => "f64".to_owned(),
        Type::Boolean => "bool".to_owned(),
        Type::Array(inner) => format!("Vec<{}>", rust_type(inner, prefix)),
        Type::Map(inner) => format!("IndexMap<String, {}>", rust_type(inner, prefix)),
        Type::Ref(name) => format!("{prefix}{name}"),
    }
}

/// The Rust type of a property's value: as [`rust_type`], with the enumeration's own type, boxed where it must be.
pub fn value_type(owner: &str, property: &Property, boxed: impl Fn(&str) -> bool, prefix: &str) -> String {
    match &property.ty {
        Type::Enum(_) => enumeration(owner, property),
        Type::Array(inner) if matches!(**inner, Type::Enum(_)) => format!("Vec<{}>", enumeration(owner, property)),
        Type::Ref(name) if boxed(name) => format!("Box<{prefix}{name}>"),
        ty => rust_type(ty, prefix),
    }
}

fn enumerations(owner: &str, schema: &Schema, graph: &Graph<'_>, text: &mut String) {
    for property in &schema.properties {
        let used =
            (graph.answered.contains(owner) && answered(property)) || (graph.sent.contains(owner) && sent(property));
        let Some(words) = words(&property.ty).filter(|_| used) else { continue };
        text.push_str("words! {\n");
        text.push_str(&doc(&format!("{} One word of `{owner}.{}`.", property.description, property.name)));
        code!(text, "pub enum {}: Default {{\n", enumeration(owner, property));
        for word in words {
            code!(text, "    {} = {},\n", variant(word), literal(word));
        }
        text.push_str("}\n}\n\n");
    }
}

fn structure(name: &str, schema: &Schema, graph: &Graph<'_>, text: &mut String) {
    let properties: Vec<&Property> = schema.properties.iter().filter(|property| answered(property)).collect();
    text.push_str(&doc(&schema.description));
    code!(text, "#[derive(Debug, Clone, Default, PartialEq)]\npub struct {name} {{\n");
    for property in &properties {
        let value = value_type(name, property, |target| graph.answer_is_boxed(name, target), "");
        let present = (property.required && !property.nullable) || property.ty == Type::Any;
        let ty = if present { value } else { format!("Option<{value}>") };
        text.push_str(&doc(&property.description));
        code!(text, "pub {}: {ty},\n", field(&property.name));
    }
    text.push_str("}\n\n");
    code!(text, "impl Resource for {name} {{\nfn table() -> &'static Table {{\n");
    code!(text, "static TABLE: Table = Table::new({}, &[\n", literal(name));
    for property in &properties {
        let wire = literal(&property.name);
        if let Some(target) = property.ty.reference() {
            code!(text, "Property::nested({wire}, {target}::table)");
        } else {
            code!(text, "Property::plain({wire})");
        }
        text.push_str(&lifetime(property.since, property.until));
        text.push_str(if property.deprecated { ".deprecated(),\n" } else { ",\n" });
    }
    text.push_str("]);\n&TABLE\n}\n\n");
    let to = if properties.is_empty() { "_" } else { "to" };
    code!(text, "fn write_properties(&self, {to}: &mut Properties<'_>) {{\n");
    for property in &properties {
        code!(text, "to.put(&self.{});\n", field(&property.name));
    }
    text.push_str("}\n}\n\n");
}
