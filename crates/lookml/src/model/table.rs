//! Tables that are kept: how derived tables and aggregate tables are made and built anew.

use super::FieldFilter;
use crate::diagnostic::Location;
use crate::sql::Sql;
use std::sync::Arc;

/// Statements that make a derived table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Creation {
    /// `sql_create`: one statement, with `${SQL_TABLE_NAME}` for the table.
    Statement(Sql),
    /// `create_process`: its `sql_step`s, in order.
    Steps(Vec<Sql>),
}

/// How a table is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Materialization {
    /// When it is built anew; `None` for `materialized_view`, which the database keeps itself.
    pub trigger: Option<TableTrigger>,
    /// `materialized_view`
    pub materialized_view: bool,
    /// `increment_key`: the time column by which only new rows are added.
    pub increment_key: Option<String>,
    /// `increment_offset`: how many earlier periods are rebuilt.
    pub increment_offset: u32,
    /// `publish_as_db_view`
    pub publish_as_db_view: bool,
    /// `indexes`
    pub indexes: Vec<String>,
    /// `sortkeys`
    pub sortkeys: Vec<String>,
    /// `cluster_keys`
    pub cluster_keys: Vec<String>,
    /// `partition_keys`
    pub partition_keys: Vec<String>,
    /// `distribution`
    pub distribution: Option<String>,
    /// `distribution_style`
    pub distribution_style: Option<String>,
}

/// When a table is built anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TableTrigger {
    /// `datagroup_trigger`
    Datagroup(Arc<str>),
    /// `sql_trigger_value`: when the value of this query changes.
    SqlValue(Sql),
    /// `interval_trigger`, as written.
    Interval(String),
    /// `persist_for`, as written.
    PersistFor(String),
}

/// `aggregate_table`: results that fitting queries read instead of the explore's tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AggregateTable {
    /// Its name, unique in the explore.
    pub name: Arc<str>,
    /// What it holds.
    pub query: ExploreQuery,
    /// When it is built anew; `None` when that was not said, which is a mistake.
    pub materialization: Option<Arc<Materialization>>,
    /// Where it is declared.
    pub location: Location,
}

/// `query` of an explore or of an aggregate table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExploreQuery {
    /// Its name; empty inside an aggregate table.
    pub name: Arc<str>,
    /// `label`
    pub label: Option<String>,
    /// `description`
    pub description: Option<String>,
    /// `dimensions`, as `alias.field`.
    pub dimensions: Vec<Arc<str>>,
    /// `measures`, as `alias.field`.
    pub measures: Vec<Arc<str>>,
    /// `pivots`, as `alias.field`.
    pub pivots: Vec<Arc<str>>,
    /// `filters`
    pub filters: Vec<FieldFilter>,
    /// `sorts`: field and whether it descends.
    pub sorts: Vec<(Arc<str>, bool)>,
    /// `limit`
    pub limit: Option<u64>,
    /// `timezone`
    pub timezone: Option<String>,
    /// `expression_custom_filter`: a condition in the expression language.
    pub expression_custom_filter: Option<Sql>,
    /// Where it is declared.
    pub location: Location,
}
