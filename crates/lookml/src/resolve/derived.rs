//! Where the rows of a view come from, derived tables above all.

use super::cycle::{Knots, path, told};
use super::field::written_sql;
use super::filters;
use super::mistakes::{self, Mistakes};
use super::object::Object;
use super::references::{How, Reference, in_sql, qualified};
use super::scope::Read;
use super::{filter_values, table};
use crate::diagnostic::Location;
use crate::model::{Explore, ExploreSource, ExploreView, Model, View, ViewSource};
use crate::sql::{Piece, Sql};
use indexmap::IndexMap;
use std::collections::HashSet;
use std::sync::Arc;

/// The source of a view.
pub fn source(model: &Model, view: &Object, reads: &mut Vec<Read>, mistakes: &mut Mistakes) -> ViewSource {
    let table = written_sql(view, "sql_table_name");
    let derived = view.block("derived_table");
    if let (Some(_), Some(derived)) = (&table, derived) {
        mistakes.add(mistakes::two_tables(derived.location.clone(), &view.name));
    }
    if let Some(table) = table {
        return ViewSource::Table(table);
    }
    let Some(derived) = derived else { return ViewSource::Name(Arc::clone(&view.name)) };
    let sql = written_sql(derived, "sql");
    let explore_source = derived.block("explore_source");
    if let (Some(_), Some(explore_source)) = (&sql, explore_source) {
        mistakes.add(mistakes::two_sources(explore_source.location.clone(), &view.name));
    }
    if let Some(sql) = sql {
        return ViewSource::Sql(sql);
    }
    if let Some(explore_source) = explore_source {
        check_bindings(view, derived, explore_source, mistakes);
        return ViewSource::Explore(Arc::new(self::explore_source(model, explore_source, reads, mistakes)));
    }
    if let Some(process) = derived.block("create_process").filter(|process| process.list("sql_step").is_none()) {
        mistakes.add(mistakes::missing_sql_step(process.location.clone(), &view.name));
    }
    let other = ["sql_create", "create_process"].into_iter().find(|name| derived.entry(name).is_some());
    mistakes.add(match other {
        Some(other) => mistakes::unsupported(derived.location.clone(), &format!("\"{other}\" of a derived_table")),
        None => mistakes::no_source(derived.location.clone(), &view.name),
    });
    ViewSource::Name(Arc::clone(&view.name))
}

/// A source as it is in production, and its SQL in development where that is other SQL.
pub fn by_mode(source: ViewSource) -> (ViewSource, Option<Sql>) {
    let ViewSource::Sql(sql) = &source else { return (source, None) };
    match sql.by_mode() {
        Some((production, development)) => (ViewSource::Sql(production), Some(development)),
        None => (source, None),
    }
}

/// What takes over filters of a query cannot be kept, and does so in one way.
fn check_bindings(view: &Object, derived: &Object, source: &Object, mistakes: &mut Mistakes) {
    let binds_all = source.yes("bind_all_filters") == Some(true);
    let bound = source.blocks("bind_filters").first().map(|bind| &bind.location);
    if let (true, Some(at)) = (binds_all, bound) {
        mistakes.add(mistakes::two_bindings(at.clone(), &view.name));
    }
    if table::materialization(derived).is_none() {
        return;
    }
    if let Some(at) = bound.cloned().or_else(|| binds_all.then(|| super::field::place(source, "bind_all_filters"))) {
        mistakes.add(mistakes::persistent_binding(at, &view.name));
    }
}

fn explore_source(model: &Model, source: &Object, reads: &mut Vec<Read>, mistakes: &mut Mistakes) -> ExploreSource {
    reads.push(Read::Explore(Arc::clone(&source.name)));
    let scope = &model.scope;
    let explore = scope.explore_object(&source.name).filter(|_| !scope.is_template(&source.name));
    if explore.is_none() {
        let mistake = mistakes::unknown_explore(source.location.clone(), &source.name);
        mistakes.add_unknown(mistake, &source.name, scope.explore_names().map(|name| &**name));
    }
    let base = explore.and_then(|explore| explore.name_of("view_name")).unwrap_or_else(|| Arc::clone(&source.name));
    read_explore_source(source, &base)
}

/// What an `explore_source` says, with `base` before the names that have no view.
pub fn read_explore_source(source: &Object, base: &str) -> ExploreSource {
    let column = |column: &Arc<Object>| {
        let field = column.text("field").map_or(&column.name, |field| &field.value);
        (Arc::clone(&column.name), qualified(field, base))
    };
    let sort = |sort: &Arc<Object>| {
        let field = qualified(&sort.text("field")?.value, base);
        Some((field, sort.yes("desc").unwrap_or(false)))
    };
    let sorts = source.pairs("sorts").iter().map(|(field, way)| (qualified(&field.value, base), &*way.value == "desc"));
    let bind = |bind: &Arc<Object>| Some((bind.name_of("from_field")?, qualified(&bind.text("to_field")?.value, base)));
    ExploreSource {
        explore: Arc::clone(&source.name),
        columns: source.children("column").map(column).collect(),
        derived_columns: source
            .children("derived_column")
            .filter_map(|column| Some((Arc::clone(&column.name), column.sql("sql")?)))
            .collect(),
        filters: filters::in_explore(source.pairs("filters"), base),
        dev_filters: filters::in_explore(source.pairs("dev_filters"), base),
        bind_filters: source.blocks("bind_filters").iter().filter_map(bind).collect(),
        bind_all_filters: source.yes("bind_all_filters").unwrap_or(false),
        expression_custom_filter: written_sql(source, "expression_custom_filter"),
        limit: source.number("limit"),
        sorts: source.blocks("sort").iter().filter_map(sort).chain(sorts).collect(),
        timezone: source.string("timezone"),
        location: source.location.clone(),
    }
}

/// The `${view.SQL_TABLE_NAME}`s in the SQL of a derived table.
pub fn tables(view: &Object) -> Vec<Reference> {
    let sql = view.block("derived_table").and_then(|derived| derived.text("sql"));
    let mut tables = sql.map(in_sql).unwrap_or_default();
    tables.retain(|reference| reference.how == How::Table);
    tables
}

/// Checks what only shows when all explores are resolved: the columns of native derived tables, and tables that are
/// made from themselves.
pub fn check(model: &Model, mistakes: &mut Mistakes) {
    let mut used: IndexMap<Arc<str>, &Arc<View>> = IndexMap::new();
    for explore in model.explores() {
        for view in &explore.views {
            used.insert(Arc::clone(&view.view.name), &view.view);
        }
    }
    for view in used.values() {
        check_columns(model, view, mistakes);
    }
    for test in model.tests.values() {
        let Some(explore) = model.explore(&test.source.explore) else { continue };
        if let Some(written) = model.scope.test_source(&test.name) {
            check_source(model, explore, &test.source, written, mistakes);
        }
    }
    check_cycles(model, mistakes);
}

fn check_columns(model: &Model, view: &View, mistakes: &mut Mistakes) {
    let ViewSource::Explore(source) = &view.source else { return };
    let Some(explore) = model.explore(&source.explore) else { return };
    if view.materialization.is_some() && !explore.access_filters.is_empty() {
        let at = source.location.clone();
        mistakes.add(mistakes::persistent_access_filter(at, &view.name, &source.explore));
    }
    let Some(object) = model.scope.view_object(&view.name) else { return };
    let Some(written) = object.block("derived_table").and_then(|table| table.block("explore_source")) else { return };
    check_source(model, explore, source, written, mistakes);
}

/// Checks the fields and values of an `explore_source`.
fn check_source(model: &Model, explore: &Explore, source: &ExploreSource, written: &Object, mistakes: &mut Mistakes) {
    let lacks_parents = |view: &ExploreView| model.scope.is_incomplete_view(&view.view.name);
    let lacks_views = explore.errors.iter().any(|error| matches!(error.id, "unknown-view" | "explore-without-view"));
    let incomplete = model.scope.is_incomplete_explore(&source.explore);
    if incomplete || lacks_views || explore.views.iter().any(lacks_parents) {
        return; // What the source lacks was told there.
    }
    for (name, value) in written.pairs("filters").iter().chain(written.pairs("dev_filters")) {
        if let Some((_, field)) = explore.field(&qualified(&name.value, &explore.base().alias)) {
            filter_values::check(field, value, mistakes);
        }
    }
    let place = |column: &Arc<Object>| {
        column.text("field").map_or_else(|| column.location.clone(), |field| field.location.clone())
    };
    let columns = written.children("column").map(place).zip(source.columns.iter().map(|(_, field)| field));
    let filters = source.filters.iter().map(|filter| (filter.location.clone(), &filter.field));
    let unknown: Vec<_> = columns.chain(filters).filter(|(_, field)| explore.field(field).is_none()).collect();
    if unknown.is_empty() {
        return;
    }
    let names: Vec<String> = explore.fields().map(|(name, _, _)| name).collect();
    for (at, field) in unknown {
        let mistake = mistakes::column_of_unknown_field(at, field, &source.explore);
        mistakes.add_unknown(mistake, field, names.iter().map(String::as_str));
    }
}

/// Tells tables that are made from themselves.
fn check_cycles(model: &Model, mistakes: &mut Mistakes) {
    let names: IndexMap<&str, ()> = model.scope.view_names().map(|name| (&**name, ())).collect();
    let edges: Vec<Vec<(usize, Location)>> = names
        .keys()
        .map(|name| {
            let used = made_from(model, name).into_iter();
            used.filter_map(|(view, at)| Some((names.get_index_of(&*view)?, at))).collect()
        })
        .collect();
    let plain: Vec<Vec<usize>> = edges.iter().map(|edges| edges.iter().map(|(node, _)| *node).collect()).collect();
    for cycle in Knots::new(&plain).cycles(&plain) {
        let (at, nodes) = told(&cycle, |view, next| {
            let edge = edges[view].iter().find(|(node, _)| *node == next);
            edge.map(|(_, location)| location.clone()).unwrap_or_default()
        });
        let path = path(nodes.into_iter().filter_map(|node| names.get_index(node)).map(|(name, ())| *name));
        mistakes.add(mistakes::circular_derived_table(at, &path));
    }
}

/// The views that the derived table of the view `name` is made from, each with the place that says so.
fn made_from(model: &Model, name: &str) -> Vec<(Arc<str>, Location)> {
    let Some(object) = model.scope.view_object(name) else { return Vec::new() };
    if object.block("derived_table").is_none() {
        return Vec::new();
    }
    let tables = tables(object).into_iter().filter_map(|table| Some((table.view?, table.location)));
    let mut all: Vec<_> = tables.collect();
    if let Some(ViewSource::Explore(source)) = model.view(name).map(|view| &view.source)
        && let Some(explore) = model.explore(&source.explore)
    {
        let needed = Needed::by(model, explore, source).views;
        all.extend(needed.into_iter().map(|view| (view, source.location.clone())));
    }
    all
}

/// What a native derived table needs of the explore that it queries. A view may be joined into its own source: only
/// what the query reads makes a circle.
struct Needed<'m> {
    model: &'m Model,
    explore: &'m Explore,
    /// Full names.
    fields: HashSet<Arc<str>>,
    aliases: HashSet<Arc<str>>,
    /// Names of the views behind the aliases.
    views: Vec<Arc<str>>,
    /// Fields and aliases whose own needs are still to be looked at.
    open: Vec<Need>,
}

enum Need {
    Field(Arc<str>),
    Alias(Arc<str>),
}

impl<'m> Needed<'m> {
    fn by(model: &'m Model, explore: &'m Explore, source: &ExploreSource) -> Self {
        let (fields, aliases) = (HashSet::new(), HashSet::new());
        let mut needed = Self { model, explore, fields, aliases, views: Vec::new(), open: Vec::new() };
        needed.alias(&explore.base().alias);
        explore.always_join.iter().for_each(|alias| needed.alias(alias));
        explore.access_filters.iter().for_each(|filter| needed.field(&filter.field));
        source.columns.iter().for_each(|(_, field)| needed.field(field));
        source.filters.iter().for_each(|filter| needed.field(&filter.field));
        for sql in [&explore.sql_always_where, &explore.sql_always_having].into_iter().flatten() {
            needed.sql(sql, &explore.base().alias);
        }
        while let Some(need) = needed.open.pop() {
            match need {
                Need::Field(name) => needed.follow_field(&name),
                Need::Alias(alias) => needed.follow_alias(&alias),
            }
        }
        needed
    }

    fn field(&mut self, name: &Arc<str>) {
        if self.fields.insert(Arc::clone(name)) {
            self.open.push(Need::Field(Arc::clone(name)));
        }
    }

    fn alias(&mut self, alias: &Arc<str>) {
        if self.aliases.insert(Arc::clone(alias)) {
            self.open.push(Need::Alias(Arc::clone(alias)));
        }
    }

    fn sql(&mut self, sql: &Sql, own: &Arc<str>) {
        for piece in sql.pieces.iter().flat_map(|pieces| pieces.iter()) {
            if let Piece::Field { view, name, .. } = piece {
                self.field(&format!("{}.{name}", view.as_ref().unwrap_or(own)).into());
            }
        }
    }

    fn follow_field(&mut self, name: &str) {
        let Some((view, field)) = self.explore.field(name) else { return };
        self.alias(&view.alias);
        let Some(resolved) = self.model.scope.resolved_view(self.model, &view.view.name) else { return };
        let Some(&declared) = resolved.of_field.get(&field.name) else { return };
        let references = resolved.declared[declared].references.iter();
        for reference in references.filter(|reference| matches!(reference.how, How::Sql | How::Filter)) {
            let alias = reference.view.as_ref().unwrap_or(&view.alias);
            self.field(&format!("{alias}.{}", reference.name).into());
        }
    }

    fn follow_alias(&mut self, alias: &str) {
        let Some(view) = self.explore.view(alias) else { return };
        self.views.push(Arc::clone(&view.view.name));
        let Some(join) = &view.join else { return };
        join.required_joins.iter().for_each(|alias| self.alias(alias));
        for sql in [&join.sql_on, &join.sql, &join.sql_where, &join.sql_having].into_iter().flatten() {
            self.sql(sql, &view.alias);
        }
    }
}
