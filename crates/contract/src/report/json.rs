//! Comparisons for programs.

use serde_json::{Map, Value, json};

use crate::change::{Change, Class, Place};
use crate::compare::Comparison;

/// The comparison as JSON: both versions, the counts by class, and each change with its rule, class and place.
pub fn json(comparison: &Comparison) -> Value {
    let counts: Map<String, Value> =
        Class::ALL.iter().map(|class| (class.to_string(), comparison.of(*class).count().into())).collect();
    json!({
        "old": comparison.old,
        "new": comparison.new,
        "breaking": comparison.breaks(),
        "counts": counts,
        "changes": comparison.changes.iter().map(change).collect::<Vec<_>>(),
    })
}

fn change(change: &Change) -> Value {
    let mut value = json!({
        "rule": change.rule.id(),
        "class": change.class.to_string(),
        "place": place(&change.place),
        "message": change.says(),
        "before": change.before,
        "after": change.after,
    });
    let mut more = |key: &str, entry: Value| {
        if let Some(entries) = value.as_object_mut() {
            entries.insert(key.to_owned(), entry);
        }
    };
    if !change.callers.is_empty() {
        more("callers", json!(change.callers));
    }
    if change.class == Class::Breaking {
        more("why", change.rule.why().into());
        more("instead", change.rule.instead().into());
    }
    if let Some(note) = &change.note {
        more("note", note.as_str().into());
    }
    value
}

fn place(place: &Place) -> Value {
    let kind = place.kind();
    match place {
        Place::Document => json!({"kind": kind}),
        Place::Operation(operation) | Place::Body(operation) => json!({"kind": kind, "operation": operation}),
        Place::Parameter(operation, name) => json!({"kind": kind, "operation": operation, "parameter": name}),
        Place::Answer(operation, status) => json!({"kind": kind, "operation": operation, "status": status}),
        Place::Schema(schema) => json!({"kind": kind, "schema": schema}),
        Place::Property(schema, name) => json!({"kind": kind, "schema": schema, "property": name}),
    }
}
