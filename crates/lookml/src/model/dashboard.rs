//! LookML dashboards.

use crate::diagnostic::Location;
use serde_json::{Map, Value};
use std::sync::Arc;

/// A LookML dashboard, with all that it extends.
#[derive(Debug, Clone, PartialEq)]
pub struct Dashboard {
    /// Its name in the model; the id is `model::name`.
    pub name: Arc<str>,
    /// `title`, or the name titleized.
    pub title: String,
    /// `description`
    pub description: Option<String>,
    /// `layout`, as written.
    pub layout: Option<String>,
    /// `preferred_slug`
    pub preferred_slug: Option<String>,
    /// `refresh`, as written.
    pub refresh: Option<String>,
    /// `extension: required`: only others are made of it.
    pub template: bool,
    /// `filters`, in order.
    pub filters: Vec<DashboardFilter>,
    /// `elements`, in order.
    pub elements: Vec<DashboardElement>,
    /// Every other key, as written.
    pub options: Map<String, Value>,
    /// Where it is declared.
    pub location: Location,
}

/// An item of a dashboard's `filters`.
#[derive(Debug, Clone, PartialEq)]
pub struct DashboardFilter {
    /// What `listen` calls it.
    pub name: String,
    /// `title`, or the name.
    pub title: String,
    /// `type`
    pub kind: Option<String>,
    /// `default_value`
    pub default_value: Option<String>,
    /// `model`; `None` means the dashboard's own.
    pub model: Option<String>,
    /// `explore`
    pub explore: Option<String>,
    /// `field`, as `alias.field`.
    pub field: Option<String>,
    /// `listens_to_filters`
    pub listens_to_filters: Vec<String>,
    /// `allow_multiple_values`
    pub allow_multiple_values: bool,
    /// `required`
    pub required: bool,
    /// `ui_config`, as written.
    pub ui_config: Option<Value>,
    /// Where it is declared.
    pub location: Location,
}

/// An item of a dashboard's `elements`.
#[derive(Debug, Clone, PartialEq)]
pub struct DashboardElement {
    /// Its name, which is its id.
    pub name: String,
    /// `title`
    pub title: Option<String>,
    /// `type`: the chart.
    pub kind: Option<String>,
    /// `model`; `None` means the dashboard's own.
    pub model: Option<String>,
    /// `explore`
    pub explore: Option<String>,
    /// `fields`, or `dimensions` and `measures`, as `alias.field`.
    pub fields: Vec<String>,
    /// `pivots`
    pub pivots: Vec<String>,
    /// `fill_fields`
    pub fill_fields: Vec<String>,
    /// `filters`: field and filter expression.
    pub filters: Vec<(String, String)>,
    /// `filter_expression`
    pub filter_expression: Option<String>,
    /// `sorts`, as written: `alias.field desc 0`.
    pub sorts: Vec<String>,
    /// `limit`, as written.
    pub limit: Option<String>,
    /// `column_limit`, as written.
    pub column_limit: Option<String>,
    /// `total`
    pub total: bool,
    /// `row_total`
    pub row_total: Option<String>,
    /// `subtotals`
    pub subtotals: Vec<String>,
    /// `query_timezone`
    pub query_timezone: Option<String>,
    /// `dynamic_fields`, as written.
    pub dynamic_fields: Vec<Value>,
    /// `listen`: filter of the dashboard and the field that it filters.
    pub listen: Vec<(String, String)>,
    /// `merged_queries`, as written.
    pub merged_queries: Vec<Value>,
    /// Every other key, as written: place, texts, notes and the options of the chart.
    pub options: Map<String, Value>,
    /// Where it is declared.
    pub location: Location,
}
