//! Our document as entries.

use std::collections::BTreeMap;

use belvedere_contract::Document;
use belvedere_contract::document::{Property, Type};
use serde_json::Value;

use super::{Entries, Kind};

/// Lays a document out.
pub fn entries(document: &Value) -> anyhow::Result<Entries> {
    let read = Document::read(document)?;
    let mut entries = Entries::new();
    for operation in read.operations.values() {
        let id = &operation.id;
        entries.insert(
            (Kind::Operation, id.clone()),
            BTreeMap::from([
                ("method", operation.method.clone()),
                ("path", operation.path.clone()),
                ("tag", operation.tag.clone()),
                ("status", operation.status.to_string()),
                ("rate limited", operation.rate_limited.to_string()),
                ("activity", operation.activity.clone().unwrap_or_default()),
                ("returns", operation.answer().map_or_else(|| "none".to_owned(), ToString::to_string)),
            ]),
        );
        for parameter in &operation.parameters {
            let commas =
                parameter.explode == Some(false) && matches!(parameter.style.as_deref(), Some("form" | "simple"));
            let mut aspects = BTreeMap::from([
                ("in", parameter.place.clone()),
                ("required", parameter.required.to_string()),
                ("deprecated", parameter.deprecated.to_string()),
                ("list", if commas { "commas".to_owned() } else { String::new() }),
            ]);
            types(&parameter.ty, &mut aspects);
            entries.insert((Kind::Parameter, format!("{id}({})", parameter.name)), aspects);
        }
        if let Some(body) = &operation.body {
            let mut aspects =
                BTreeMap::from([("required", body.required.to_string()), ("content", body.content.join(" "))]);
            types(&body.ty, &mut aspects);
            entries.insert((Kind::Body, id.clone()), aspects);
        }
        for (status, answer) in &operation.answers {
            let content: Vec<&str> = answer.content.iter().map(|(media, _)| media.as_str()).collect();
            let mut aspects = BTreeMap::from([("content", content.join(" "))]);
            match answer.content.first() {
                Some((_, ty)) => types(ty, &mut aspects),
                None => aspects.extend([("type", "none".to_owned())]),
            }
            entries.insert((Kind::Answer, format!("{id} {status}")), aspects);
        }
    }
    for (name, schema) in &read.schemas {
        let status = schema.status.map(|status| status.to_string()).unwrap_or_default();
        let mut required = Vec::new();
        let properties = read.object(name).map(|object| &object.properties).into_iter().flatten();
        for (property_name, property) in properties {
            let at = format!("{name}.{property_name}");
            entries.insert((Kind::Property, at), self::property(property, polymorphic(document, name, property_name)));
            if property.required {
                required.push(property_name.as_str());
            }
        }
        required.sort_unstable();
        let aspects = BTreeMap::from([("status", status), ("required", required.join(" "))]);
        entries.insert((Kind::Schema, name.clone()), aspects);
    }
    Ok(entries)
}

fn property(property: &Property, polymorphic: String) -> BTreeMap<&'static str, String> {
    let mut aspects = BTreeMap::from([
        ("nullable", property.nullable.to_string()),
        ("read-only", property.read_only.to_string()),
        ("write-only", property.write_only.to_string()),
        ("deprecated", property.deprecated.to_string()),
        ("polymorphic", polymorphic),
    ]);
    types(&property.ty, &mut aspects);
    aspects
}

/// Type, format and words; those of the items for a list.
fn types(ty: &Type, aspects: &mut BTreeMap<&'static str, String>) {
    let scalar = ty.scalar();
    aspects.insert("type", ty.to_string());
    aspects.insert("format", scalar.and_then(|scalar| scalar.format.clone()).unwrap_or_default());
    aspects.insert("words", scalar.map(|scalar| scalar.words.join(" ")).unwrap_or_default());
}

/// `x-looker-polymorphic-types`, which changes nothing on the wire.
fn polymorphic(document: &Value, schema: &str, property: &str) -> String {
    let schemas = document.pointer("/components/schemas");
    let property = schemas.and_then(|schemas| schemas.get(schema)?.get("properties")?.get(property));
    property.and_then(|property| property.get("x-looker-polymorphic-types")).map(Value::to_string).unwrap_or_default()
}
