//! From a query on an explore to a plan.
//!
//! Fields are resolved and their SQL written out first, which tells the views that are used; from those follow the
//! joins, from the joins the fan-out, and only then the form of each aggregate.

mod aggregate;
mod attribute;
mod calendar;
mod condition;
mod custom;
mod custom_period;
mod derived;
mod dimension;
pub(crate) mod fanout;
mod fill;
mod filters;
pub(crate) mod formula;
mod joins;
mod measure;
mod order;
mod period;
mod request;
mod shape;
mod substitute;
mod template;
pub(crate) mod tier;
mod zone;

use crate::access::{Guard, granted, sees_field};
use crate::context::Context;
use crate::dialect::Calendar;
use crate::dynamic::DynamicFields;
use crate::error::Error;
use crate::expression::Expression;
use crate::plan::{
    AppliedFilter, Before, Column, ColumnField, ColumnSql, CommonTable, Grouping, Plan, PlanColumn, Role, Shape, Source,
};
use crate::query::Query;
use aggregate::Call;
use belvedere_expressions::looker;
use belvedere_lookml::model::{Category, ComparedPeriod, Explore, Field, MeasureKind, Model, View};
use belvedere_lookml::suggest::suggest;
use custom::Customs;
use dimension::Companion;
use filters::Effective;
use indexmap::IndexMap;
use measure::measure_kind;
use period::ComparedTime;
use request::Request;
use std::cell::Cell;
use std::collections::HashSet;
use std::sync::Arc;
use substitute::{Place, Shared};
use zone::Zones;

/// Plans `query` on `explore`, an explore of `model`.
///
/// Fails on what the query or the model has wrong; see [`Error`].
pub fn plan(model: &Model, explore: &Explore, query: &Query, cx: &Context<'_>) -> Result<Plan, Error> {
    let dynamic = DynamicFields::parse(query.dynamic_fields.as_deref())?;
    let mut request = Request::of_query(query, &dynamic)?;
    let customs = Customs::resolve(model, explore, cx.access, &dynamic)?;
    let filter = query.filter_expression.as_deref().map(str::trim).filter(|text| !text.is_empty());
    if let (Some(text), None) = (filter, request.constant) {
        let ground = formula::Ground { explore, customs: &customs, access: cx.access };
        let wrong = |wrong: formula::Wrong| Error::Expression {
            place: "filter_expression".to_owned(),
            message: ground.explain(&wrong),
        };
        request.custom_filter = Some(ground.read(text, looker::Context::CustomFilter).map_err(wrong)?);
    }
    let scene = Scene { model, explore, customs: &customs, cx, written: Cell::new(0) };
    let Planned { mut plan, views, comparisons } = scene.statement(&request, None)?;
    if let Some(comparisons) = comparisons {
        scene.earlier(&request, &mut plan, &views, comparisons)?;
    }
    plan.shape = scene.shape(query, &request, &plan, &views, &dynamic)?;
    Ok(plan)
}

/// What the statements of one query have in common.
struct Scene<'a> {
    model: &'a Model,
    explore: &'a Explore,
    customs: &'a Customs,
    cx: &'a Context<'a>,
    /// Bytes of SQL written so far.
    written: Cell<usize>,
}

/// Most bytes of SQL that are written for all statements of one query.
const MOST_BYTES_OF_ALL: usize = 4 * substitute::MOST_BYTES;

/// A planned statement.
struct Planned {
    plan: Plan,
    /// By view: whether it is joined.
    views: Vec<bool>,
    /// With which periods its measures are compared.
    comparisons: Option<Comparisons>,
}

/// The comparisons of a statement.
struct Comparisons {
    /// The dimension whose periods are compared.
    grain: String,
    /// The columns that must be the same in both periods.
    dimensions: Vec<String>,
    /// How each other period is found.
    befores: Vec<Before>,
}

impl Scene<'_> {
    /// Plans one statement. `views` are joined whether or not they are used.
    fn statement(&self, request: &Request<'_>, views: Option<&[bool]>) -> Result<Planned, Error> {
        let mut shared = Shared::default();
        let mut planner = Planner::new(self.model, self.explore, self.cx.clone(), request, self.customs, &mut shared)?;
        if let Some(views) = views {
            planner.used.copy_from_slice(views);
        }
        let (mut plan, comparisons) = planner.plan()?;
        let views = planner.used;
        self.written.set(self.written.get() + shared.written());
        if self.written.get() > MOST_BYTES_OF_ALL {
            return Err(Error::TooLarge { limit: MOST_BYTES_OF_ALL });
        }
        plan.tables = shared.into_tables();
        Ok(Planned { plan, views, comparisons })
    }
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
    customs: &'a Customs,
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
    /// The time by which periods are compared.
    compared: Option<ComparedTime<'a>>,
    /// How far back the selected measures compare.
    befores: IndexMap<ComparedPeriod, Before>,
    /// Names of the derived tables written so far.
    derived_names: Vec<(Arc<View>, String)>,
}

impl<'a, 's> Planner<'a, 's> {
    fn new(
        model: &'a Model,
        explore: &'a Explore,
        cx: Context<'a>,
        request: &'a Request<'a>,
        customs: &'a Customs,
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
            customs,
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
            compared: None,
            befores: IndexMap::new(),
            derived_names: Vec::new(),
        })
    }

    fn plan(&mut self) -> Result<(Plan, Option<Comparisons>), Error> {
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
        check_letters(self.calls.iter().map(|call| call.name.as_str()))?;
        self.add_join_conditions(&joins);
        let grouping = self.grouping(&joins);
        let (mut order, sorts) = self.order();
        order.extend(self.order_of_years(&order));
        let (fills, mut notes) = self.fills()?;
        notes.extend(self.fanned_out_by_hand(&joins));
        if self.shared.building.is_empty() {
            notes.append(&mut self.shared.notes);
        }
        let comparisons = self.comparisons();
        let mut plan = Plan {
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
            earlier: Vec::new(),
            shape: Shape { fills, ..Shape::default() },
            notes,
            null_sort: self.cx.dialect.null_sort(),
            dialect: self.cx.dialect,
        };
        let pivots: Vec<&str> = self.request.pivots.iter().map(|name| &**name).collect();
        plan.shape.pivot = shape::pivot(&plan, &pivots, self.request.column_limit);
        Ok((plan, comparisons))
    }

    /// Pivots and then the other dimensions with their sort companions before them, then measures, each in the order of
    /// the query.
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
        if let Some(&(name, _)) = measures.iter().find(|(name, _)| request.pivots.iter().any(|pivot| pivot == name)) {
            return Err(Error::NotDimension { name: name.to_owned(), usage: "pivoted" });
        }
        let nesting = |name: &str| request.pivots.iter().position(|pivot| pivot == name).unwrap_or(usize::MAX);
        dimensions.sort_by_key(|&(name, _)| nesting(name));
        for &(name, at) in &dimensions {
            self.add_dimension(name, at, &dimensions)?;
        }
        self.link_ordering_columns(&dimensions)?;
        self.add_period(&measures)?;
        for (name, at) in measures {
            let window = self.window(at);
            let sql = match (window, measure_kind(at)) {
                (Some(_), _) => self.window_base(at)?,
                (None, MeasureKind::PeriodOverPeriod) => self.compared_base(at)?,
                (None, _) => self.measure_column(at)?,
            };
            let column = self.push_column(name.to_owned(), Role::Measure, at, None, ColumnSql::Measure(sql));
            self.columns[column].window = window;
            self.columns[column].compare = self.compare(at)?;
        }
        if self.columns.is_empty() {
            return Err(Error::NoFields);
        }
        let names = self.columns.iter().map(|column| column.column.name.as_str());
        check_letters(names)
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
        self.columns.push(PlanColumn { column, sql, window: None, compare: None });
        self.columns.len() - 1
    }

    /// Grouping is by dimensions, unless nothing is aggregated and the author's `cancel_grouping_fields` or a primary
    /// key make each row a group of its own. A key does so where no join repeats its rows and every row has one.
    fn grouping(&self, joins: &joins::Joins) -> Grouping {
        if !self.calls.is_empty() || !self.having.is_empty() || !self.request.pivots.is_empty() {
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
        if let Some(custom) = self.customs.find(name) {
            return Ok(custom);
        }
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
        self.explore.views.iter().position(|view| view.calendar.is_none() && &*view.alias == alias)
    }

    /// The alias of a view as an identifier.
    fn alias(&self, view: usize) -> String {
        self.cx.dialect.identifier(&self.explore.views[view].alias).into_owned()
    }

    fn full_name(&self, at: FieldAt<'_>) -> String {
        if at.field.view.is_empty() {
            return at.field.name.to_string();
        }
        format!("{}.{}", self.explore.views[at.view].alias, at.field.name)
    }

    fn column_field(&self, at: FieldAt<'_>) -> ColumnField {
        if at.field.view.is_empty() {
            return ColumnField { alias: "".into(), field: at.field.clone() };
        }
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

/// Refuses columns whose names differ only in the case of their letters: engines do not tell those apart.
fn check_letters<'n>(names: impl Iterator<Item = &'n str>) -> Result<(), Error> {
    let mut seen = HashSet::new();
    let mut lower = HashSet::new();
    for name in names.filter(|&name| seen.insert(name)) {
        if !lower.insert(name.to_lowercase()) {
            let message = "another field of the query has the same name but for the case of its letters";
            return Err(Error::model(name, message));
        }
    }
    Ok(())
}

impl Shared {
    fn into_tables(self) -> Vec<CommonTable> {
        self.tables
    }
}
