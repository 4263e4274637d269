//! A resolved model: what queries are planned on and what the API describes.
//!
//! Everything here is plain data behind `Arc`s, made once per state of a project. A view is resolved once per model
//! and shared by all explores that use it; what depends on the explore (alias, join, which fields are let in, the
//! view's heading) stands in [`ExploreView`]. Field names are written `alias.field`.
//!
//! A [`Model`] knows its explores by name and resolves each when it is first asked for: listing a large model costs
//! no joins and no fields.

mod content;
mod dashboard;
mod field;
mod table;

pub use content::*;
pub use dashboard::*;
pub use field::*;
pub use table::*;

pub use crate::resolve::Drills;

use crate::diagnostic::{Diagnostic, Location};
use crate::project::Translation;
use crate::resolve::Scope;
use crate::sql::Sql;
use indexmap::{IndexMap, IndexSet};
use std::sync::Arc;

/// A model: one `*.model.lkml` file with all that it includes.
///
/// Explores and views are resolved once, on first use: [`Model::explore`], [`Model::view`]. What a menu needs of an
/// explore comes cheaper from [`Model::explore_headers`].
#[derive(Debug)]
pub struct Model {
    /// File name without `.model.lkml`.
    pub name: Arc<str>,
    /// `label`, or the name titleized.
    pub label: String,
    /// The project that holds the model file.
    pub project: Arc<str>,
    /// `connection`, constants expanded.
    pub connection: Option<String>,
    /// First day of the week for `week` timeframes and relative filters.
    pub week_start_day: Weekday,
    /// Months from January to the start of the fiscal year; `None` when not declared.
    pub fiscal_month_offset: Option<i8>,
    /// Whether string filters tell upper from lower case.
    pub case_sensitive: bool,
    /// Formats that fields name in `value_format_name`, without the built-in ones.
    pub named_value_formats: IndexMap<Arc<str>, NamedValueFormat>,
    /// Access grants by name.
    pub access_grants: Arc<IndexMap<Arc<str>, AccessGrant>>,
    /// Datagroups by name.
    pub datagroups: IndexMap<Arc<str>, Datagroup>,
    /// Map layers by name, without the built-in ones.
    pub map_layers: Arc<IndexMap<Arc<str>, MapLayer>>,
    /// Data tests by name.
    pub tests: IndexMap<Arc<str>, Arc<DataTest>>,
    /// `persist_for` or `persist_with` for explores without their own.
    pub persistence: Option<Persistence>,
    /// Where the model file begins.
    pub location: Location,
    /// The words of its labels.
    pub(crate) translation: Translation,
    /// What was declared in the files that the model reaches, and what of it is resolved already.
    pub(crate) scope: Scope,
}

impl Model {
    /// The explore `name`, resolved now if it was not before. `None` for unknown names and for templates
    /// (`extension: required`). An explore with mistakes is there all the same, with its [`Explore::errors`].
    pub fn explore(&self, name: &str) -> Option<&Arc<Explore>> {
        self.scope.explore(self, name)
    }

    /// All explores in order of declaration; resolves those that were not yet.
    pub fn explores(&self) -> impl Iterator<Item = &Arc<Explore>> {
        self.explore_names().filter_map(|name| self.explore(name))
    }

    /// Names of the explores that can be queried (templates left out), in order of declaration. Resolves nothing.
    pub fn explore_names(&self) -> impl Iterator<Item = &Arc<str>> {
        self.scope.explore_names()
    }

    /// What menus show of each explore, in order of declaration. Reads no join, view or field.
    pub fn explore_headers(&self) -> impl Iterator<Item = &ExploreHeader> {
        self.explore_names().filter_map(|name| self.explore_header(name))
    }

    /// What menus show of the explore `name`. Reads no join, view or field.
    pub fn explore_header(&self, name: &str) -> Option<&ExploreHeader> {
        self.scope.explore_header(self, name)
    }

    /// The view `name` as the model declares it, whether or not an explore uses it: what `${name.SQL_TABLE_NAME}`
    /// stands for.
    pub fn view(&self, name: &str) -> Option<&Arc<View>> {
        self.scope.view(self, name)
    }

    /// Names of the views, in order of declaration. Resolves nothing.
    pub fn view_names(&self) -> impl Iterator<Item = &Arc<str>> {
        self.scope.view_names()
    }

    /// The value format `name`: the model's own, else the built-in one.
    pub fn value_format(&self, name: &str) -> Option<NamedValueFormat> {
        self.named_value_formats.get(name).cloned().or_else(|| crate::resolve::built_in_format(name))
    }

    /// The LookML dashboards of the model, templates left out, in order of declaration.
    pub fn dashboards(&self) -> impl Iterator<Item = &Arc<Dashboard>> {
        self.scope.dashboards().values().map(|resolved| &resolved.dashboard).filter(|dashboard| !dashboard.template)
    }

    /// The LookML dashboard `name`; `None` for unknown names and for templates.
    pub fn dashboard(&self, name: &str) -> Option<&Arc<Dashboard>> {
        let resolved = self.scope.dashboards().get(name)?;
        Some(&resolved.dashboard).filter(|dashboard| !dashboard.template)
    }

    /// Everything wrong with the model: its settings, includes, explores and the views that explores use. Resolves
    /// every explore.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        self.scope.diagnostics(self)
    }
}

/// What a menu of explores shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExploreHeader {
    /// The name in queries.
    pub name: Arc<str>,
    /// `label`, or the name titleized.
    pub label: String,
    /// `description`.
    pub description: Option<String>,
    /// `group_label`, or the model's label.
    pub group_label: String,
    /// `hidden`.
    pub hidden: bool,
    /// `tags`.
    pub tags: Vec<String>,
    /// `required_access_grants`: unless all hold, the explore does not exist for the user.
    pub required_access_grants: Vec<Arc<str>>,
    /// Where the explore is declared.
    pub location: Location,
}

/// An explore: a base view with its joins.
#[derive(Debug, Clone)]
pub struct Explore {
    /// The name in queries (their `view`).
    pub name: Arc<str>,
    /// The model it belongs to.
    pub model: Arc<str>,
    /// The project that declares it.
    pub project: Arc<str>,
    /// `connection` of the model.
    pub connection: Option<String>,
    /// `label`, or the name titleized.
    pub label: String,
    /// `description`.
    pub description: Option<String>,
    /// `group_label`, or the model's label.
    pub group_label: String,
    /// `hidden`.
    pub hidden: bool,
    /// `tags`.
    pub tags: Vec<String>,
    /// The base view first, then the joined ones in order of declaration, then the calendars of dimension groups, each
    /// joined for one group ([`ExploreView::calendar`]). Never empty: where the base view is
    /// missing, one without fields stands in its place (and [`Explore::errors`] says so).
    pub views: Vec<ExploreView>,
    /// `sql_preamble`: statements before each query.
    pub sql_preamble: Option<Sql>,
    /// `sql_always_where`.
    pub sql_always_where: Option<Sql>,
    /// `sql_always_having`.
    pub sql_always_having: Option<Sql>,
    /// `always_filter`: field (`alias.field`) and default value.
    pub always_filter: Vec<FieldFilter>,
    /// `conditionally_filter`.
    pub conditionally_filter: Option<ConditionalFilter>,
    /// `access_filter`s.
    pub access_filters: Vec<AccessFilter>,
    /// `always_join`: aliases.
    pub always_join: Vec<Arc<str>>,
    /// `cancel_grouping_fields`, as `alias.field`.
    pub cancel_grouping_fields: Vec<Arc<str>>,
    /// `required_access_grants`.
    pub required_access_grants: Vec<Arc<str>>,
    /// `symmetric_aggregates`; `true` unless switched off.
    pub symmetric_aggregates: bool,
    /// Whether string filters tell upper from lower case: the explore's word, else the model's.
    pub case_sensitive: bool,
    /// The model's `week_start_day`.
    pub week_start_day: Weekday,
    /// The model's `fiscal_month_offset`.
    pub fiscal_month_offset: Option<i8>,
    /// `aggregate_table`s, in order of declaration.
    pub aggregate_tables: Vec<Arc<AggregateTable>>,
    /// `query`s to start from, in order of declaration.
    pub queries: Vec<Arc<ExploreQuery>>,
    /// The model's access grants, for the fields that name one.
    pub access_grants: Arc<IndexMap<Arc<str>, AccessGrant>>,
    /// The model's map layers, for the fields that name one.
    pub map_layers: Arc<IndexMap<Arc<str>, MapLayer>>,
    /// `persist_for` or `persist_with` of the explore or its model.
    pub persistence: Option<Persistence>,
    /// The sets of the explore in the API's order: declared sets as `alias.set`, one per alias, then `ALL_FIELDS`;
    /// values are full field names, hidden fields and `__sort_` companions of tiers included.
    pub sets: Vec<(String, Vec<Arc<str>>)>,
    /// Old field names (`alias`), each with the full name of the field that it means now.
    pub aliases: Vec<(Arc<str>, Arc<str>)>,
    /// What is wrong with the explore; it serves what is right all the same.
    pub errors: Vec<Diagnostic>,
    /// Where the explore is declared.
    pub location: Location,
}

/// A view in an explore, under its alias.
#[derive(Debug, Clone)]
pub struct ExploreView {
    /// The name before the dot in field names, and the alias in SQL.
    pub alias: Arc<str>,
    /// The view itself.
    pub view: Arc<View>,
    /// Heading of the view's fields: join or explore `view_label`, else the view's label, else the alias titleized.
    pub label: String,
    /// How it is joined; `None` for the base view.
    pub join: Option<Join>,
    /// Short names of the fields that `fields` of the explore and the join let in; the others may still stand in
    /// `sql_on` but not in queries. `None` lets in all.
    pub included: Option<Arc<IndexSet<Arc<str>>>>,
    /// The table in this explore when the explore or join overrides the view's.
    pub sql_table_name: Option<Sql>,
    /// The dimension group whose calendar it is; `None` for the views that the explore names. Nothing can name a
    /// calendar that only a group brings in.
    pub calendar: Option<CalendarUse>,
}

/// What a calendar stands in an explore for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarUse {
    /// Alias of the view that the group belongs to.
    pub view: Arc<str>,
    /// The dimension group.
    pub group: Arc<str>,
}

impl ExploreView {
    /// True when `field` (short name) may stand in queries of this explore.
    pub fn includes(&self, field: &str) -> bool {
        self.included.as_ref().is_none_or(|included| included.contains(field))
    }
}

impl Explore {
    /// The base view.
    pub fn base(&self) -> &ExploreView {
        &self.views[0]
    }

    /// The views that the explore names: all but the calendars of dimension groups.
    pub fn named_views(&self) -> impl Iterator<Item = &ExploreView> {
        self.views.iter().filter(|view| view.calendar.is_none())
    }

    /// The view under `alias`.
    pub fn view(&self, alias: &str) -> Option<&ExploreView> {
        self.named_views().find(|view| &*view.alias == alias)
    }

    /// The field with the full name `alias.field`, also when it is not let into queries or not listed
    /// ([`View::unlisted`]). Old names (`alias`) are followed.
    pub fn field(&self, name: &str) -> Option<(&ExploreView, &Arc<Field>)> {
        let find = |name: &str| {
            let (alias, short) = name.split_once('.')?;
            let view = self.view(alias)?;
            Some((view, view.view.field(short)?))
        };
        find(name).or_else(|| {
            let (_, current) = self.aliases.iter().find(|(old, _)| &**old == name)?;
            find(current)
        })
    }

    /// The full names that `drill_fields` of `field` mean in this explore: names without a view get the alias of
    /// `view`, sets of other views are worked out, and what cannot be reached here is left out.
    pub fn drill_fields(&self, view: &ExploreView, field: &Field) -> Vec<Arc<str>> {
        self.drills().of(view, field).to_vec()
    }

    /// What [`Explore::drill_fields`] gives, for many fields: each list is worked out once.
    pub fn drills(&self) -> Drills<'_> {
        Drills::new(self)
    }

    /// Every field that queries may name, in order of views and declaration, with its full name.
    pub fn fields(&self) -> impl Iterator<Item = (String, &ExploreView, &Arc<Field>)> {
        self.views.iter().flat_map(|view| {
            let fields = view.view.fields.values().filter(|field| view.includes(&field.name));
            fields.map(move |field| (format!("{}.{}", view.alias, field.name), view, field))
        })
    }
}

/// How a view is joined.
#[derive(Debug, Clone)]
pub struct Join {
    /// `type`.
    pub kind: JoinKind,
    /// `type` as written, for the API, which shows only what was declared.
    pub declared_kind: Option<JoinKind>,
    /// `relationship`.
    pub relationship: Relationship,
    /// `relationship` as written.
    pub declared_relationship: Option<Relationship>,
    /// `sql_on`, or the condition that `foreign_key` stands for.
    pub sql_on: Option<Sql>,
    /// `foreign_key`, as written.
    pub foreign_key: Option<String>,
    /// `sql`: a whole join clause, the old form. A blank one joins nothing: so a view that holds nothing but
    /// parameters comes into an explore.
    pub sql: Option<Sql>,
    /// `sql_where`.
    pub sql_where: Option<Sql>,
    /// `sql_having`.
    pub sql_having: Option<Sql>,
    /// `required_joins`: aliases.
    pub required_joins: Vec<Arc<str>>,
    /// `from`, as written.
    pub from: Option<Arc<str>>,
    /// `fields`, as written.
    pub fields: Option<Vec<String>>,
    /// `view_label`, as written.
    pub view_label: Option<String>,
    /// `outer_only`, as written.
    pub outer_only: Option<bool>,
    /// `required_access_grants`.
    pub required_access_grants: Vec<Arc<str>>,
    /// Where the join is declared.
    pub location: Location,
}

/// `type` of a join.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JoinKind {
    /// `left_outer`, the default.
    LeftOuter,
    /// `inner`
    Inner,
    /// `full_outer`
    FullOuter,
    /// `cross`
    Cross,
}

/// `relationship` of a join: rows of what stands before to rows of the joined view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Relationship {
    /// `many_to_one`, the default.
    ManyToOne,
    /// `one_to_one`
    OneToOne,
    /// `one_to_many`
    OneToMany,
    /// `many_to_many`
    ManyToMany,
}

/// A view.
#[derive(Debug, Clone)]
pub struct View {
    /// The name under which it is declared (`original_view` of its fields).
    pub name: Arc<str>,
    /// `label` as written.
    pub label: Option<String>,
    /// Where the rows come from.
    pub source: ViewSource,
    /// The `sql` of the derived table in development, where lines begin with `-- if prod --` or `-- if dev --`;
    /// [`View::source`] has it as it is in production.
    pub sql_in_development: Option<Sql>,
    /// `sql_create` or `create_process` of the derived table: statements that make it. [`View::source`] is then the
    /// view's name.
    pub creation: Option<Creation>,
    /// How a derived table is kept; `None` for tables and for derived tables that are computed in each query.
    pub materialization: Option<Arc<Materialization>>,
    /// Fields of every kind by short name, in order of declaration; dimension groups are expanded.
    pub fields: IndexMap<Arc<str>, Arc<Field>>,
    /// Timeframes that may be referred to but are not listed: those beyond the default list of groups that write no
    /// `timeframes`.
    pub unlisted: IndexMap<Arc<str>, Arc<Field>>,
    /// Declared sets: name and the short or full names in it, wildcards and removals worked out. Only entries that
    /// depend on the explore stay as written: `other.set*`, and removals behind one.
    pub sets: IndexMap<Arc<str>, Vec<Arc<str>>>,
    /// Short name of the dimension with `primary_key: yes`.
    pub primary_key: Option<Arc<str>>,
    /// `required_access_grants`.
    pub required_access_grants: Vec<Arc<str>>,
    /// `suggestions`; `true` unless switched off.
    pub suggestions: bool,
    /// What is wrong with the view.
    pub errors: Vec<Diagnostic>,
    /// Where the view is declared.
    pub location: Location,
}

impl View {
    /// The field with the short name `name`, listed or not.
    pub fn field(&self, name: &str) -> Option<&Arc<Field>> {
        self.fields.get(name).or_else(|| self.unlisted.get(name))
    }
}

/// Where the rows of a view come from.
#[derive(Debug, Clone)]
pub enum ViewSource {
    /// No table was written: the view's own name is the table's.
    Name(Arc<str>),
    /// `sql_table_name`.
    Table(Sql),
    /// `derived_table { sql: ... }`
    Sql(Sql),
    /// `derived_table { explore_source: ... }`
    Explore(Arc<ExploreSource>),
}

/// A native derived table: a query on another explore of the same model.
#[derive(Debug, Clone)]
pub struct ExploreSource {
    /// The explore that is queried.
    pub explore: Arc<str>,
    /// Output columns: name and field (`alias.field`).
    pub columns: Vec<(Arc<str>, Arc<str>)>,
    /// Columns computed from the others.
    pub derived_columns: Vec<(Arc<str>, Sql)>,
    /// `filters`
    pub filters: Vec<FieldFilter>,
    /// `dev_filters`: on a field that is in [`ExploreSource::filters`] too, these hold while developing.
    pub dev_filters: Vec<FieldFilter>,
    /// `bind_filters`: from the field of the outer query to the field of the source.
    pub bind_filters: Vec<(Arc<str>, Arc<str>)>,
    /// `bind_all_filters`
    pub bind_all_filters: bool,
    /// `expression_custom_filter`: a condition in the expression language, with `${alias.field}`.
    pub expression_custom_filter: Option<Sql>,
    /// `limit`
    pub limit: Option<u64>,
    /// `sorts`: field and whether it descends.
    pub sorts: Vec<(Arc<str>, bool)>,
    /// `timezone`
    pub timezone: Option<String>,
    /// Where it is declared.
    pub location: Location,
}

/// `week_start_day`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Weekday {
    /// Monday, the default.
    #[default]
    Monday,
    /// Tuesday.
    Tuesday,
    /// Wednesday.
    Wednesday,
    /// Thursday.
    Thursday,
    /// Friday.
    Friday,
    /// Saturday.
    Saturday,
    /// Sunday.
    Sunday,
}

/// A field and the filter expression on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldFilter {
    /// `field` or `alias.field`.
    pub field: Arc<str>,
    /// Filter expression.
    pub value: String,
    /// Where it is written.
    pub location: Location,
}

/// `conditionally_filter`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConditionalFilter {
    /// What is filtered unless one of `unless` is.
    pub filters: Vec<FieldFilter>,
    /// Full field names.
    pub unless: Vec<Arc<str>>,
}

/// `access_filter`: rows by the value of a user attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessFilter {
    /// Full field name.
    pub field: Arc<str>,
    /// Name of the user attribute.
    pub user_attribute: String,
    /// Where it is written.
    pub location: Location,
}

/// `access_grant`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessGrant {
    /// Name of the user attribute.
    pub user_attribute: String,
    /// Values of which one must be the attribute's, whole and exact.
    pub allowed_values: Vec<String>,
}

/// `named_value_format`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedValueFormat {
    /// `value_format`
    pub value_format: String,
    /// `strict_value_format`
    pub strict: bool,
}

/// How long results of an explore stay fresh.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Persistence {
    /// `persist_for`, as written.
    For(String),
    /// `persist_with`: a datagroup.
    With(Arc<str>),
}
