//! Pairs of a field and a filter expression.

use super::object::Text;
use super::references::qualified;
use crate::model::FieldFilter;
use indexmap::IndexMap;
use std::sync::Arc;

/// Filters with the names as they are written. Of several on one field the last counts: a child's overrides that of
/// its parent.
pub fn as_written(pairs: &[(Text, Text)]) -> Vec<FieldFilter> {
    collected(pairs, |name| name.into())
}

/// Filters with full names: those without a view belong to `alias`.
pub fn in_explore(pairs: &[(Text, Text)], alias: &str) -> Vec<FieldFilter> {
    collected(pairs, |name| qualified(name, alias))
}

fn collected(pairs: &[(Text, Text)], name: impl Fn(&str) -> Arc<str>) -> Vec<FieldFilter> {
    let mut filters: IndexMap<Arc<str>, FieldFilter> = IndexMap::new();
    for (field, value) in pairs {
        let filter =
            FieldFilter { field: name(&field.value), value: value.value.to_string(), location: field.location.clone() };
        filters.insert(Arc::clone(&filter.field), filter);
    }
    filters.into_values().collect()
}
