//! How a version writes answers.

use std::collections::HashSet;

use belvedere_api::{Column, Error, Json, Layout, Layouts, Plan, Result, Table, Written};
use belvedere_wire::write_value;
use serde_json::Value;

use crate::change::Rewrite;
use crate::edit::{Edit, Is};
use crate::version::Version;

/// The layouts of a version for these types and all that they hold.
pub(crate) fn layouts(version: &Version, types: impl IntoIterator<Item = &'static Table>) -> Layouts {
    Layouts::new(types, |table| plan(version, table))
}

fn plan(version: &Version, table: &'static Table) -> Plan {
    let mut plan = Plan::of(table);
    if let Some(release) = version.frozen_at() {
        plan.columns.retain(|column| table.properties()[column.of].stands_in(release));
    }
    let edits = version.changes().iter().flat_map(|change| change.edits);
    edits.for_each(|edit| edit_plan(&mut plan, table, edit));
    plan
}

fn edit_plan(plan: &mut Plan, table: &Table, edit: &'static Edit) {
    match *edit {
        Edit::NoProperties { schema, names } if schema == table.name() => {
            plan.columns.retain(|column| !names.contains(&column.name));
        }
        Edit::Property { schema, name, of } if schema == table.name() => {
            let known = plan.columns.iter().find(|column| column.name == of).copied();
            plan.columns.extend(known.map(|known| Column { name, ..known }));
        }
        Edit::OwnProperty { schema, name, value, .. } if schema == table.name() => plan.constants.push((name, value)),
        Edit::Properties { schema, are, names } if schema == table.name() => {
            let Some(written) = written(are) else { return };
            for column in plan.columns.iter_mut().filter(|column| names.contains(&column.name)) {
                column.written = written;
            }
        }
        _ => {}
    }
}

/// How the values of properties are written; none where only the document is different.
fn written(are: Is) -> Option<Written> {
    match are {
        Is::Integer | Is::Integers => Some(Written::Integer),
        Is::Address(parts) => Some(Written::Address(parts)),
        Is::TextMap
        | Is::Text
        | Is::Uri
        | Is::Nullable
        | Is::NotNullable
        | Is::ReadOnly
        | Is::Current
        | Is::Optional
        | Is::Without(_)
        | Is::Described(_) => None,
    }
}

/// What is done to the objects of an answer beyond its layout: nothing, if none of the schemas is among what it holds.
pub(crate) fn rewrites(layout: &'static Layout, version: &Version) -> Vec<&'static Rewrite> {
    let held = held(layout);
    let all = version.changes().iter().flat_map(|change| change.downgrade);
    all.filter(|rewrite| held.contains(rewrite.schema)).collect()
}

/// The names of the types that an answer holds.
fn held(layout: &'static Layout) -> HashSet<&'static str> {
    let mut held = HashSet::new();
    let mut open = vec![layout];
    while let Some(layout) = open.pop() {
        if held.insert(layout.table().name()) {
            open.extend((0..layout.columns().len()).filter_map(|place| layout.nested(place)));
        }
    }
    held
}

/// The answer with its objects rewritten.
pub(crate) fn rewritten(json: &Json, layout: &'static Layout, rewrites: &[&Rewrite]) -> Result<Json> {
    let mut value: Value = serde_json::from_slice(&json.0).map_err(Error::internal)?;
    rewrite(&mut value, layout, rewrites);
    let mut out = Vec::with_capacity(json.0.len());
    write_value(&value, &mut out);
    Ok(Json(out))
}

fn rewrite(value: &mut Value, layout: &'static Layout, rewrites: &[&Rewrite]) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| rewrite(item, layout, rewrites)),
        Value::Object(entries) => {
            for (place, column) in layout.columns().iter().enumerate() {
                if let (Some(nested), Some(entry)) = (layout.nested(place), entries.get_mut(column.name)) {
                    rewrite(entry, nested, rewrites);
                }
            }
            for known in rewrites.iter().filter(|known| known.schema == layout.table().name()) {
                (known.with)(entries);
            }
        }
        _ => {}
    }
}
