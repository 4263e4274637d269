//! From a query to a statement: model, plan, SQL, and the columns of its result.

use crate::Engine;
use crate::cache::Freshness;
use crate::error::Error;
use crate::layout::{compiled, layout};
use crate::shape::Vis;
use crate::wording::{Asked, Wording};
use belvedere_lookml::model::Explore;
use belvedere_query::dialect::by_name;
use belvedere_query::{Access, Column, Context, Mode, Plan, Query, sees_field};
use belvedere_results::{Layout, NumberFormat, ValueFormat};
use belvedere_warehouse::Connection;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use std::sync::Arc;

/// Which explore is asked, and what.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Question {
    /// The model.
    pub model: String,
    /// The explore: `view` of the API's `Query`.
    pub explore: String,
    /// What is asked.
    pub query: Query,
    /// Who computes table calculations.
    pub calculations: CalculatedBy,
    /// What the chart says of the columns, where that counts (`apply_vis`).
    pub vis: Option<Vis>,
}

/// Who computes the table calculations of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CalculatedBy {
    /// The client, out of the rows: the result does not have them.
    #[default]
    Client,
    /// The server (`server_table_calcs`): they are columns of the result.
    Server,
}

/// A query that is ready to run.
#[derive(Debug)]
pub struct Prepared {
    /// The explore that it asks.
    pub explore: Arc<Explore>,
    /// Where it runs.
    pub connection: Arc<Connection>,
    /// Its plan.
    pub plan: Plan,
    /// Its SQL.
    pub sql: Arc<str>,
    /// The columns of the statement, hidden ones included.
    pub columns: Vec<Column>,
    /// The columns of the result.
    pub layout: Layout,
    /// The statements of what stands around the rows.
    pub(crate) others: Vec<Auxiliary>,
    /// The statement that runs for a pivoted query: it gives one column more, which tells whether there are more.
    pub(crate) pivot_sql: Option<Arc<str>>,
    /// What the chart says of the columns, where that counts.
    pub(crate) vis: Option<Vis>,
    /// The value format of each table calculation.
    pub(crate) calculation_formats: Vec<Option<ValueFormat>>,
    /// The present, in the time zone of the query.
    pub(crate) now: Zoned,
    /// How long its rows stay fresh.
    pub freshness: Freshness,
    /// The hash of the security context that it was prepared for.
    pub(crate) security: [u8; 32],
    /// Name of the zone that times are told in.
    pub timezone: String,
    /// The custom filter as it was asked.
    pub filter_expression: Option<String>,
    /// The custom fields and calculations as they were asked.
    pub(crate) dynamic_fields: Option<String>,
    /// What the user who asks may see.
    pub(crate) access: Access,
    /// What labels and cells know of the query.
    pub(crate) asked: Arc<Asked>,
    /// The number format of the user: the attribute `number_format`.
    pub(crate) number_format: NumberFormat,
}

/// A statement of what stands around the rows of a query.
#[derive(Debug)]
pub(crate) struct Auxiliary {
    /// What it gives.
    pub(crate) part: Part,
    /// The statement.
    pub(crate) sql: Arc<str>,
    /// Its columns.
    pub(crate) columns: Vec<Column>,
}

/// What an [`Auxiliary`] gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// The column totals.
    Totals,
    /// The row totals of a pivoted query.
    RowTotals,
    /// The total of row totals and column totals.
    GrandTotal,
    /// The subtotals with this index in the plan.
    Subtotal(usize),
}

/// The statement of a pivoted plan, with one column beyond the limit, which tells that columns are cut off.
fn one_column_more(plan: &Plan) -> Option<Arc<str>> {
    let mut wider = plan.clone();
    wider.shape.pivot.as_mut()?.columns_beyond = 1;
    Some(wider.render().sql.into())
}

/// The statements around the rows of a plan.
fn auxiliaries(plan: &Plan) -> Vec<Auxiliary> {
    let shape = &plan.shape;
    let parts = [
        (Part::Totals, shape.totals.as_deref()),
        (Part::RowTotals, shape.row_totals.as_ref().map(|totals| &*totals.plan)),
        (Part::GrandTotal, shape.grand_total.as_deref()),
    ];
    let subtotals =
        shape.subtotals.iter().enumerate().map(|(index, subtotal)| (Part::Subtotal(index), Some(&*subtotal.plan)));
    let all = parts.into_iter().chain(subtotals).filter_map(|(part, plan)| Some((part, plan?)));
    all.map(|(part, plan)| {
        let statement = plan.render();
        Auxiliary { part, sql: statement.sql.into(), columns: statement.columns }
    })
    .collect()
}

/// For whom a query is prepared, and when.
#[derive(Debug, Clone)]
pub struct Asker<'a> {
    /// What the user may see.
    pub access: &'a Access,
    /// The hash of all that the user may see and do: rows that were read for others never answer.
    pub security: [u8; 32],
    /// The language that columns are labelled in.
    pub locale: &'a str,
    /// The user's own time zone.
    pub timezone: Option<&'a str>,
    /// Which state of derived tables the user works with.
    pub mode: Mode,
    /// The present moment.
    pub now: Timestamp,
}

impl Prepared {
    /// The statements of the query: that of its rows, then those around them.
    pub(crate) fn statements(&self) -> impl Iterator<Item = &Arc<str>> {
        std::iter::once(self.rows_sql()).chain(self.others.iter().map(|other| &other.sql))
    }

    /// The statement that gives the rows.
    pub(crate) fn rows_sql(&self) -> &Arc<str> {
        self.pivot_sql.as_ref().unwrap_or(&self.sql)
    }

    /// Whether the user may see a field of the explore, by its full name.
    pub(crate) fn sees(&self, name: &str) -> bool {
        self.explore.field(name).is_some_and(|(view, field)| {
            view.includes(&field.name) && sees_field(&self.access, &self.explore, view, field)
        })
    }

    /// What stands behind the labels of the result.
    pub(crate) fn wording(&self) -> Wording<'_> {
        Wording { explore: &self.explore, access: &self.access, now: &self.now, asked: Some(&self.asked) }
    }

    /// The text of the format `sql`: all statements.
    pub fn script(&self) -> String {
        self.plan.script()
    }
}

impl Engine {
    /// Plans a question and lays it out as SQL. Nothing runs.
    pub fn prepare(&self, question: &Question, asker: &Asker<'_>) -> Result<Prepared, Error> {
        let unknown_model = || Error::UnknownModel(question.model.clone());
        let model = self.projects().model_in(&question.model, asker.locale).ok_or_else(unknown_model)?;
        let unknown_explore =
            || Error::UnknownExplore { model: question.model.clone(), explore: question.explore.clone() };
        let explore = Arc::clone(model.explore(&question.explore).ok_or_else(unknown_explore)?);
        let name = explore.connection.as_deref().unwrap_or_default();
        let connection = self.connections().get(name);
        let connection = Arc::clone(connection.ok_or_else(|| Error::UnknownConnection(name.to_owned()))?);
        let dialect = by_name(connection.dialect_name()).ok_or_else(|| Error::UnknownConnection(name.to_owned()))?;
        let zone = timezone(question.query.query_timezone.as_deref(), asker.timezone)?;
        let timezone = zone.iana_name().unwrap_or("UTC").to_owned();
        let context = Context {
            now: asker.now,
            query_timezone: zone,
            database_timezone: Some(TimeZone::UTC),
            access: asker.access,
            mode: asker.mode,
            dialect,
        };
        let now = asker.now.to_zoned(context.query_timezone.clone());
        let mut plan = belvedere_query::plan(&model, &explore, &question.query, &context)?;
        if question.calculations == CalculatedBy::Client {
            plan.shape.calculations.clear();
        }
        let formats = plan.shape.calculations.iter().map(|calculation| {
            let shown = &calculation.presentation;
            let named = shown.value_format_name.as_deref().and_then(|name| model.value_format(name));
            let strict = named.as_ref().is_some_and(|named| named.strict);
            compiled(shown.value_format.as_deref().or(named.as_ref().map(|named| named.value_format.as_str())), strict)
        });
        let calculation_formats = formats.collect();
        let statement = plan.render();
        let asked = Arc::new(Asked::of(&plan));
        let wording = Wording { explore: &explore, access: asker.access, now: &now, asked: Some(&asked) };
        let layout = layout(wording, &statement.columns);
        let freshness = Freshness::of(&model, &explore);
        Ok(Prepared {
            others: auxiliaries(&plan),
            pivot_sql: one_column_more(&plan),
            calculation_formats,
            vis: question.vis.clone(),
            now,
            freshness,
            security: asker.security,
            explore,
            connection,
            plan,
            sql: statement.sql.into(),
            columns: statement.columns,
            layout,
            timezone,
            filter_expression: question.query.filter_expression.clone(),
            dynamic_fields: question.query.dynamic_fields.clone(),
            access: asker.access.clone(),
            asked,
            number_format: number_format(asker.access),
        })
    }
}

/// How a user wants numbers written; a value that is no number format means the usual one.
fn number_format(access: &Access) -> NumberFormat {
    access.value("number_format").and_then(|written| NumberFormat::parse(&written.value)).unwrap_or_default()
}

/// The zone of a query: its own, unless that says `user_timezone`; else the user's; else UTC.
pub(crate) fn timezone(of_query: Option<&str>, of_user: Option<&str>) -> Result<TimeZone, Error> {
    let of_query =
        of_query.map(str::trim).filter(|zone| !zone.is_empty() && *zone != "user_timezone" && *zone != "query_saved");
    let Some(name) = of_query.or(of_user) else { return Ok(TimeZone::UTC) };
    jiff::tz::db().get(name).map_err(|_| Error::UnknownTimezone(name.to_owned()))
}
