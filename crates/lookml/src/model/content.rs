//! What a model declares besides views and explores.

use super::ExploreSource;
use crate::diagnostic::Location;
use crate::sql::Sql;
use std::sync::Arc;

/// `datagroup`: a policy for caches and tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Datagroup {
    /// `label`, or the name.
    pub label: String,
    /// `description`
    pub description: Option<String>,
    /// `sql_trigger`: a query of one value.
    pub sql_trigger: Option<Sql>,
    /// `interval_trigger`, as written.
    pub interval_trigger: Option<String>,
    /// `max_cache_age`, as written.
    pub max_cache_age: Option<String>,
    /// Where it is declared.
    pub location: Location,
}

/// `map_layer`: the shapes of a map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MapLayer {
    /// Its name.
    pub name: Arc<str>,
    /// `label`, or the name titleized.
    pub label: String,
    /// `file`: path from the root of the project.
    pub file: Option<String>,
    /// `url`
    pub url: Option<String>,
    /// `format`: `topojson` or `vector_tile_region`.
    pub format: String,
    /// `feature_key`
    pub feature_key: Option<String>,
    /// `property_key`
    pub property_key: Option<String>,
    /// `property_label_key`
    pub property_label_key: Option<String>,
    /// `extents_json_url`
    pub extents_json_url: Option<String>,
    /// `max_zoom_level`
    pub max_zoom_level: Option<i64>,
    /// `min_zoom_level`
    pub min_zoom_level: Option<i64>,
    /// `projection`
    pub projection: Option<String>,
}

/// `test`: assertions about each row of a query.
#[derive(Debug, Clone)]
pub struct DataTest {
    /// Its name.
    pub name: Arc<str>,
    /// The query.
    pub source: Arc<ExploreSource>,
    /// `assert`s: name and expression, in order of declaration.
    pub asserts: Vec<(Arc<str>, Sql)>,
    /// Where it is declared.
    pub location: Location,
}
