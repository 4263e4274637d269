//! Tables that are kept, and the queries that explores name.

use super::field::written_sql;
use super::filters;
use super::object::Object;
use super::references::qualified;
use crate::model::{AggregateTable, Creation, ExploreQuery, Materialization, TableTrigger};
use std::sync::Arc;

/// `sql_create` or `create_process` of a derived table.
pub fn creation(derived: &Object) -> Option<Creation> {
    if let Some(sql) = written_sql(derived, "sql_create") {
        return Some(Creation::Statement(sql));
    }
    let process = derived.block("create_process")?;
    Some(Creation::Steps(process.list("sql_step").unwrap_or_default().iter().map(super::Text::as_sql).collect()))
}

/// How a `derived_table` or `materialization` is kept; `None` when it says nothing about that.
pub fn materialization(table: &Object) -> Option<Arc<Materialization>> {
    let trigger = trigger(table);
    let materialized_view = table.yes("materialized_view").unwrap_or(false);
    if trigger.is_none() && !materialized_view {
        return None;
    }
    Some(Arc::new(Materialization {
        trigger,
        materialized_view,
        increment_key: table.string("increment_key"),
        increment_offset: table.number("increment_offset").unwrap_or(0),
        publish_as_db_view: table.yes("publish_as_db_view").unwrap_or(false),
        indexes: table.strings("indexes"),
        sortkeys: table.strings("sortkeys"),
        cluster_keys: table.strings("cluster_keys"),
        partition_keys: table.strings("partition_keys"),
        distribution: table.string("distribution"),
        distribution_style: table.string("distribution_style"),
    }))
}

fn trigger(table: &Object) -> Option<TableTrigger> {
    let datagroup = table.name_of("datagroup_trigger").map(TableTrigger::Datagroup);
    datagroup
        .or_else(|| table.sql("sql_trigger_value").map(TableTrigger::SqlValue))
        .or_else(|| table.string("interval_trigger").map(TableTrigger::Interval))
        .or_else(|| table.string("persist_for").map(TableTrigger::PersistFor))
}

/// `aggregate_table` of an explore whose base view goes by `base`.
pub fn aggregate_table(table: &Object, base: &str) -> AggregateTable {
    let none = || Object::new(table.parent, "", table.location.clone());
    let query = table.block("query").map_or_else(|| self::query(&none(), base), |block| self::query(block, base));
    AggregateTable {
        name: Arc::clone(&table.name),
        query,
        materialization: table.block("materialization").and_then(|block| materialization(block)),
        location: table.location.clone(),
    }
}

/// `query` of an explore whose base view goes by `base`.
pub fn query(query: &Object, base: &str) -> ExploreQuery {
    let fields = |name: &str| query.names(name).iter().map(|field| qualified(field, base)).collect();
    let sorts = query.pairs("sorts").iter();
    ExploreQuery {
        name: Arc::clone(&query.name),
        label: query.string("label"),
        description: query.string("description"),
        dimensions: fields("dimensions"),
        measures: fields("measures"),
        pivots: fields("pivots"),
        filters: filters::in_explore(query.pairs("filters"), base),
        sorts: sorts.map(|(field, way)| (qualified(&field.value, base), &*way.value == "desc")).collect(),
        limit: query.number("limit"),
        timezone: query.string("timezone"),
        expression_custom_filter: written_sql(query, "expression_custom_filter"),
        location: query.location.clone(),
    }
}
