//! What models declare besides views and explores: datagroups, map layers, data tests.

use super::Scope;
use super::derived::read_explore_source;
use super::field::written_sql;
use super::mistakes::{self, Mistakes};
use super::object::Object;
use crate::model::{DataTest, Datagroup, MapLayer};
use std::sync::Arc;

/// `datagroup`
pub fn datagroup(object: &Object, mistakes: &mut Mistakes) -> Datagroup {
    let sql_trigger = written_sql(object, "sql_trigger");
    let interval = object.text("interval_trigger");
    if let (Some(_), Some(interval)) = (&sql_trigger, interval) {
        mistakes.add(mistakes::two_triggers(interval.location.clone(), &object.name));
    }
    if sql_trigger.is_none() && interval.is_none() && object.text("max_cache_age").is_none() {
        mistakes.add(mistakes::incomplete_datagroup(object.location.clone(), &object.name));
    }
    Datagroup {
        label: object.string("label").unwrap_or_else(|| object.name.to_string()),
        description: object.string("description"),
        sql_trigger,
        interval_trigger: object.string("interval_trigger"),
        max_cache_age: object.string("max_cache_age"),
        location: object.location.clone(),
    }
}

/// `map_layer`
pub fn map_layer(object: &Object, mistakes: &mut Mistakes) -> MapLayer {
    if object.text("file").is_none() && object.text("url").is_none() && object.text("extents_json_url").is_none() {
        mistakes.add(mistakes::map_layer_source(object.location.clone(), &object.name));
    }
    MapLayer {
        name: Arc::clone(&object.name),
        label: object.string("label").unwrap_or_else(|| object.name.to_string()),
        file: object.string("file"),
        url: object.string("url"),
        format: object.string("format").unwrap_or_else(|| "topojson".to_owned()),
        feature_key: object.string("feature_key"),
        property_key: object.string("property_key"),
        property_label_key: object.string("property_label_key"),
        extents_json_url: object.string("extents_json_url"),
        max_zoom_level: object.number("max_zoom_level"),
        min_zoom_level: object.number("min_zoom_level"),
        projection: object.string("projection"),
    }
}

/// `test`; without its query it is none.
pub fn test(object: &Object, scope: &mut Scope) -> Option<DataTest> {
    let mut asserts = object.children("assert").peekable();
    if asserts.peek().is_none() {
        scope.mistakes.add(mistakes::test_without_assert(object.location.clone(), &object.name));
    }
    let asserts = asserts.filter_map(|assert| Some((Arc::clone(&assert.name), assert.sql("expression")?))).collect();
    let source = object.block("explore_source")?;
    let known = !scope.is_template(&source.name);
    let explore = scope.explore_object(&source.name).filter(|_| known);
    if explore.is_none() {
        let mistake = mistakes::unknown_test_explore(source.location.clone(), &source.name, &object.name);
        let names: Vec<Arc<str>> = scope.explore_names().cloned().collect();
        scope.mistakes.add_unknown(mistake, &source.name, names.iter().map(|name| &**name));
    }
    let explore = scope.explore_object(&source.name);
    let base = explore.and_then(|explore| explore.name_of("view_name")).unwrap_or_else(|| Arc::clone(&source.name));
    let source = Arc::new(read_explore_source(source, &base));
    Some(DataTest { name: Arc::clone(&object.name), source, asserts, location: object.location.clone() })
}
