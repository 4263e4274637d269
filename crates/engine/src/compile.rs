//! SQL without a connection, for the author's own tools: nobody's access restricts it, and nothing runs.

use crate::error::Error;
use crate::prepare::{Asker, timezone};
use belvedere_lookml::model::{Category, Explore, Field, Model};
use belvedere_query::dialect::{Dialect, by_name, names};
use belvedere_query::{Access, Context, Query};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::sync::LazyLock;

static UNRESTRICTED: LazyLock<Access> = LazyLock::new(Access::unrestricted);

impl Asker<'static> {
    /// The author of the project: no user stands behind the query, no access filter applies, every grant is given.
    pub fn author(now: Timestamp) -> Self {
        Asker { access: &UNRESTRICTED, security: [0; 32], locale: "", timezone: None, now }
    }
}

/// Compiles queries for a dialect at a moment.
#[derive(Debug, Clone, Copy)]
pub struct Compiler {
    dialect: &'static dyn Dialect,
    now: Timestamp,
}

impl Compiler {
    /// A compiler for the dialect `name`; relative filters count from `now`. `None` when there is no such dialect.
    pub fn new(name: &str, now: Timestamp) -> Option<Self> {
        Some(Self { dialect: by_name(name)?, now })
    }

    /// The names of all dialects.
    pub fn dialects() -> impl Iterator<Item = &'static str> {
        names()
    }

    /// All statements of a query, as the format `sql` has them.
    ///
    /// # Errors
    /// The query has no plan, or its zone does not exist.
    pub fn query(&self, model: &Model, explore: &Explore, query: &Query) -> Result<String, Error> {
        let context = Context {
            now: self.now,
            query_timezone: timezone(query.query_timezone.as_deref(), None)?,
            database_timezone: Some(TimeZone::UTC),
            access: &UNRESTRICTED,
            dialect: self.dialect,
        };
        Ok(belvedere_query::plan(model, explore, query, &context)?.script())
    }

    /// The statement of the query that has this field alone, beside what it cannot be without.
    ///
    /// # Errors
    /// The field has no SQL.
    pub fn field(&self, model: &Model, explore: &Explore, name: &str) -> Result<String, Error> {
        let field = explore.field(name).map(|(view, field)| (&view.alias, field));
        let time = field.and_then(|(alias, field)| {
            let time = &field.period_over_period.as_ref()?.based_on_time;
            Some(if time.contains('.') { time.to_string() } else { format!("{alias}.{time}") })
        });
        let fields = time.into_iter().chain([name.to_owned()]).collect();
        self.query(model, explore, &Query { fields, ..Query::default() })
    }
}

/// The full names of the dimensions and measures that queries on an explore can select.
pub fn selectable(explore: &Explore) -> impl Iterator<Item = (String, &Field)> {
    let is_selectable = |field: &Field| matches!(field.category, Category::Dimension | Category::Measure);
    explore.fields().filter(move |(_, _, field)| is_selectable(field)).map(|(name, _, field)| (name, &**field))
}
