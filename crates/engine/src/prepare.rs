//! From a query to a statement: model, plan, SQL, and the columns of its result.

use crate::Engine;
use crate::error::Error;
use crate::layout::layout;
use belvedere_lookml::model::Explore;
use belvedere_query::dialect::by_name;
use belvedere_query::{Access, Column, Context, Plan, Query};
use belvedere_results::Layout;
use belvedere_warehouse::Connection;
use jiff::Timestamp;
use jiff::tz::TimeZone;
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
    /// Name of the zone that times are told in.
    pub timezone: String,
    /// The custom filter as it was asked.
    pub filter_expression: Option<String>,
}

/// For whom a query is prepared, and when.
#[derive(Debug, Clone)]
pub struct Asker<'a> {
    /// What the user may see.
    pub access: &'a Access,
    /// The user's own time zone.
    pub timezone: Option<&'a str>,
    /// The present moment.
    pub now: Timestamp,
}

impl Engine {
    /// Plans a question and lays it out as SQL. Nothing runs.
    pub fn prepare(&self, question: &Question, asker: &Asker<'_>) -> Result<Prepared, Error> {
        let unknown_model = || Error::UnknownModel(question.model.clone());
        let (_, model) = self.projects().model(&question.model).ok_or_else(unknown_model)?;
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
            dialect,
        };
        let plan = belvedere_query::plan(&model, &explore, &question.query, &context)?;
        let statement = plan.render();
        let layout = layout(&explore, &statement.columns);
        Ok(Prepared {
            explore,
            connection,
            plan,
            sql: statement.sql.into(),
            columns: statement.columns,
            layout,
            timezone,
            filter_expression: question.query.filter_expression.clone(),
        })
    }
}

/// The zone of a query: its own, unless that says `user_timezone`; else the user's; else UTC.
fn timezone(of_query: Option<&str>, of_user: Option<&str>) -> Result<TimeZone, Error> {
    let of_query =
        of_query.map(str::trim).filter(|zone| !zone.is_empty() && *zone != "user_timezone" && *zone != "query_saved");
    let Some(name) = of_query.or(of_user) else { return Ok(TimeZone::UTC) };
    jiff::tz::db().get(name).map_err(|_| Error::UnknownTimezone(name.to_owned()))
}
