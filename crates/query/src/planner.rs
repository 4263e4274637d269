//! From a query on an explore to a plan.
//!
//! Fields are resolved and their SQL written out first, which tells the views that are used; from those follow the
//! joins, from the joins the fan-out, and only then the form of each aggregate.

mod aggregate;
mod attribute;
mod condition;
mod derived;
mod dimension;
pub(crate) mod fanout;
mod filters;
mod joins;
mod measure;
mod order;
mod request;
mod substitute;
mod template;
pub(crate) mod tier;
mod zone;

use crate::access::{Guard, granted, sees_field};
use crate::context::Context;
use crate::dialect::Calendar;
use crate::error::Error;
use crate::expression::Expression;
use crate::plan::{
    AppliedFilter, Column, ColumnField, ColumnSql, CommonTable, Grouping, Plan, PlanColumn, Role, Source,
};
use crate::query::Query;
use aggregate::Call;
use belvedere_lookml::model::{Category, Explore, Field, Model, View};
use belvedere_lookml::suggest::suggest;
use dimension::Companion;
use filters::Effective;
use indexmap::IndexMap;
use request::Request;
use std::collections::HashSet;
use std::sync::Arc;
use substitute::{Place, Shared};
use zone::Zones;

/// Plans `query` on `explore`, an explore of `model`.
///
/// Fails on what the query or the model has wrong; see [`Error`].
pub fn plan(model: &Model, explore: &Explore, query: &Query, cx: &Context<'_>) -> Result<Plan, Error> {
    let request = Request::of_query(query)?;
    let mut shared = Shared::default();
    let mut planner = Planner::new(model, explore, cx.clone(), &request, &mut shared)?;
    let mut plan = planner.plan()?;
    plan.tables = shared.into_tables();
    Ok(plan)
}

/// A field of the explore, by the index of its view.
#[derive(Debug, Clone, Copy)]
struct FieldAt<'a> {
    view: usize,
    field: &'a Arc<Field>,
}

impl FieldAt<'_> {
    fn is(self, other: Self) -> bool {
        self.view == other.view && Arc::ptr_eq(self.field, other.field)
    }
}

/// Plans one query: the user's, or that of a native derived table.
struct Planner<'a, 's> {
    model: &'a Model,
    explore: &'a Explore,
    cx: Context<'a>,
    request: &'a Request<'a>,
    shared: &'s mut Shared,
    guard: Guard,
    calendar: Calendar,
    /// `None` where no time is converted.
    zones: Option<Zones>,
    /// By view: whether the statement needs it.
    used: Vec<bool>,
    /// What is being written out, outermost first.
    places: Vec<Place<'a>>,
    /// The filters in force.
    effective: Vec<Effective<'a>>,
    calls: Vec<Call<'a>>,
    /// Views whose rows are counted though they have no key and can be missing.
    marked: Vec<usize>,
    columns: Vec<PlanColumn>,
    conditions: Vec<String>,
    having: Vec<Expression>,
    filters: IndexMap<String, AppliedFilter>,
    /// Names of the derived tables written so far.
    derived_names: Vec<(Arc<View>, String)>,
}

impl<'a, 's> Planner<'a, 's> {
    fn new(
        model: &'a Model,
        explore: &'a Explore,
        cx: Context<'a>,
        request: &'a Request<'a>,
        shared: &'s mut Shared,
    ) -> Result<Self, Error> {
        if !granted(cx.access, &explore.access_grants, &explore.required_access_grants) {
            return Err(Error::UnknownExplore { name: explore.name.to_string() });
        }
        let zones = Zones::of(&cx)?;
        let calendar = Calendar {
            week_start: explore.week_start_day,
            fiscal_month_offset: explore.fiscal_month_offset.unwrap_or(0),
        };
        let mut used = vec![false; explore.views.len()];
        used[0] = true;
        Ok(Self {
            model,
            explore,
            cx,
            request,
            shared,
            guard: Guard::Enforced,
            calendar,
            zones,
            used,
            places: Vec::new(),
            effective: Vec::new(),
            calls: Vec::new(),
            marked: Vec::new(),
            columns: Vec::new(),
            conditions: Vec::new(),
            having: Vec::new(),
            filters: IndexMap::new(),
            derived_names: Vec::new(),
        })
    }

    fn plan(&mut self) -> Result<Plan, Error> {
        self.collect_filters()?;
        self.add_columns()?;
        self.add_filters()?;
        let mut joins = self.join_views()?;
        let (aggregates, levels) = loop {
            let used = self.used.clone();
            let placed = self.place_aggregates(&joins)?;
            if self.used == used {
                break placed;
            }
            // A primary key was itself made of another view's fields.
            joins = self.join_views()?;
        };
        self.add_join_conditions(&joins);
        self.check_mixtures(&aggregates)?;
        let grouping = self.grouping(&joins);
        let (order, sorts) = self.order();
        Ok(Plan {
            explore: self.explore.name.clone(),
            tables: Vec::new(),
            source: Source {
                table: joins.base(&self.marked),
                alias: self.alias(0),
                joins: joins.clauses(&self.marked),
            },
            conditions: std::mem::take(&mut self.conditions),
            grouping,
            columns: std::mem::take(&mut self.columns),
            aggregates,
            levels,
            having: std::mem::take(&mut self.having),
            order,
            limit: self.request.limit,
            sorts,
            filters: std::mem::take(&mut self.filters),
            null_sort: self.cx.dialect.null_sort(),
            dialect: self.cx.dialect,
        })
    }

    /// Dimensions with their sort companions before them, then measures, each in the order of the query.
    fn add_columns(&mut self) -> Result<(), Error> {
        let request = self.request;
        let mut names = HashSet::new();
        let (mut dimensions, mut measures) = (Vec::new(), Vec::new());
        for selected in request.fields.iter().filter(|selected| names.insert(&*selected.column)) {
            let at = self.find(&selected.field)?;
            let not_selectable = |category| Error::NotSelectable { name: selected.field.to_string(), category };
            match at.field.category {
                Category::Dimension => dimensions.push((&*selected.column, at)),
                Category::Measure => measures.push((&*selected.column, at)),
                Category::Filter => return Err(not_selectable("filter")),
                Category::Parameter => return Err(not_selectable("parameter")),
            }
        }
        for &(name, at) in &dimensions {
            self.add_dimension(name, at, &dimensions)?;
        }
        self.link_ordering_columns(&dimensions)?;
        for (name, at) in measures {
            let sql = ColumnSql::Measure(self.measure_column(at)?);
            self.push_column(name.to_owned(), Role::Measure, at, None, sql);
        }
        if self.columns.is_empty() {
            return Err(Error::NoFields);
        }
        Ok(())
    }

    /// Adds a dimension, behind its companion unless that is a selected field itself.
    fn add_dimension(&mut self, name: &str, at: FieldAt<'a>, selected: &[(&str, FieldAt<'a>)]) -> Result<(), Error> {
        let by = self.ordering_field(at)?;
        let companion = match by {
            Some(by) if selected.iter().any(|(_, field)| field.is(by)) => None,
            Some(by) => Some(Companion { name: self.full_name(by), at: by, sql: self.dimension(by)? }),
            None => self.companion(name, at)?,
        };
        let sorted_by = companion.map(|Companion { name, at, sql }| {
            let sql = ColumnSql::Dimension(sql);
            let existing = self.columns.iter().position(|column| column.sql == sql);
            existing.unwrap_or_else(|| self.push_column(name, Role::SortHelper, at, None, sql))
        });
        let sql = ColumnSql::Dimension(self.dimension(at)?);
        self.push_column(name.to_owned(), Role::Dimension, at, sorted_by, sql);
        Ok(())
    }

    /// Ties dimensions to the selected dimensions that order them.
    fn link_ordering_columns(&mut self, dimensions: &[(&str, FieldAt<'a>)]) -> Result<(), Error> {
        for &(name, at) in dimensions {
            let Some(by) = self.ordering_field(at)? else { continue };
            let Some((by_name, _)) = dimensions.iter().find(|(_, field)| field.is(by)) else { continue };
            let position = |name: &str| {
                let is_it = |column: &PlanColumn| column.column.role == Role::Dimension && column.column.name == name;
                self.columns.iter().position(is_it)
            };
            if let (Some(column), Some(by)) = (position(name), position(by_name)) {
                self.columns[column].column.sorted_by = Some(by);
            }
        }
        Ok(())
    }

    fn push_column(
        &mut self,
        name: String,
        role: Role,
        at: FieldAt<'a>,
        sorted_by: Option<usize>,
        sql: ColumnSql,
    ) -> usize {
        let column = Column { name, role, field: self.column_field(at), sorted_by };
        self.columns.push(PlanColumn { column, sql });
        self.columns.len() - 1
    }

    /// Grouping is by dimensions, unless nothing is aggregated and the author's `cancel_grouping_fields` or a primary
    /// key make each row a group of its own. A key does so where no join repeats its rows and every row has one.
    fn grouping(&self, joins: &joins::Joins) -> Grouping {
        if !self.calls.is_empty() || !self.having.is_empty() {
            return Grouping::Dimensions;
        }
        if self.columns.iter().any(|column| column.column.role == Role::Measure) {
            return Grouping::Dimensions;
        }
        let selected = |name: &str| {
            self.field_named(name).is_some_and(|at| {
                let alias = &self.explore.views[at.view].alias;
                self.selected_dimensions().any(|field| Arc::ptr_eq(&field.field, at.field) && field.alias == *alias)
            })
        };
        let cancel = &self.explore.cancel_grouping_fields;
        let by_author = !cancel.is_empty() && cancel.iter().all(|name| selected(name));
        let by_key = self.explore.views.iter().enumerate().any(|(index, view)| {
            self.used[index]
                && !joins.fanned_out[index]
                && !joins.nullable[index]
                && view.view.primary_key.as_ref().is_some_and(|key| {
                    self.selected_dimensions().any(|field| field.alias == view.alias && field.field.name == *key)
                })
        });
        if by_author || by_key { Grouping::Canceled } else { Grouping::Dimensions }
    }

    fn selected_dimensions(&self) -> impl Iterator<Item = &ColumnField> {
        let dimensions = self.columns.iter().filter(|column| column.column.role == Role::Dimension);
        dimensions.map(|column| &column.column.field)
    }

    /// The field that someone names; what they may not see is unknown.
    fn find(&self, name: &str) -> Result<FieldAt<'a>, Error> {
        let found = self.field_named(name).filter(|&at| self.may_name(at));
        found.ok_or_else(|| self.unknown_field(name))
    }

    fn unknown_field(&self, name: &str) -> Error {
        let seen = self
            .explore
            .fields()
            .filter(|(_, view, field)| !field.hidden && sees_field(self.cx.access, self.explore, view, field));
        let names: Vec<String> = seen.map(|(name, ..)| name).collect();
        Error::UnknownField {
            name: name.to_owned(),
            explore: self.explore.name.to_string(),
            suggestion: suggest(name, names.iter().map(String::as_str)).map(str::to_owned),
        }
    }

    fn may_name(&self, at: FieldAt<'a>) -> bool {
        let view = &self.explore.views[at.view];
        self.guard == Guard::Trusted
            || (view.includes(&at.field.name) && sees_field(self.cx.access, self.explore, view, at.field))
    }

    fn field_named(&self, name: &str) -> Option<FieldAt<'a>> {
        let explore = self.explore;
        let direct = name.split_once('.').and_then(|(alias, short)| {
            let view = self.view_named(alias)?;
            Some(FieldAt { view, field: explore.views[view].view.field(short)? })
        });
        direct.or_else(|| {
            let (view, field) = explore.field(name)?;
            Some(FieldAt { view: self.view_named(&view.alias)?, field })
        })
    }

    fn view_named(&self, alias: &str) -> Option<usize> {
        self.explore.views.iter().position(|view| &*view.alias == alias)
    }

    /// The alias of a view as an identifier.
    fn alias(&self, view: usize) -> String {
        self.cx.dialect.identifier(&self.explore.views[view].alias).into_owned()
    }

    fn full_name(&self, at: FieldAt<'_>) -> String {
        format!("{}.{}", self.explore.views[at.view].alias, at.field.name)
    }

    fn column_field(&self, at: FieldAt<'_>) -> ColumnField {
        ColumnField { alias: self.explore.views[at.view].alias.clone(), field: at.field.clone() }
    }

    /// Runs `work` with names that a grant hides known: the model itself uses them.
    fn trusted<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, Error>) -> Result<T, Error> {
        let before = std::mem::replace(&mut self.guard, Guard::Trusted);
        let result = work(self);
        self.guard = before;
        result
    }
}

impl Shared {
    fn into_tables(self) -> Vec<CommonTable> {
        self.tables
    }
}
