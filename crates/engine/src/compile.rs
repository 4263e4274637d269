//! SQL without a connection, for the author's own tools: nothing runs.

use crate::error::Error;
use crate::names::in_view;
use crate::prepare::{Asker, timezone};
use belvedere_lookml::model::{Category, Explore, Field, Model};
use belvedere_query::dialect::{Dialect, by_name, names};
use belvedere_query::{Access, Context, Mode, Query, granted, sees_field};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::sync::LazyLock;

static UNRESTRICTED: LazyLock<Access> = LazyLock::new(Access::unrestricted);

impl Asker<'static> {
    /// The author of the project: no user stands behind the query, no access filter applies, every grant is given.
    pub fn author(now: Timestamp) -> Self {
        Asker { access: &UNRESTRICTED, security: [0; 32], locale: "", timezone: None, mode: Mode::Production, now }
    }
}

/// Compiles queries for a dialect, for whoever asks them.
#[derive(Debug, Clone)]
pub struct Compiler<'a> {
    dialect: &'static dyn Dialect,
    asker: Asker<'a>,
}

impl<'a> Compiler<'a> {
    /// A compiler for the dialect `name`. `None` when there is no such dialect.
    pub fn new(name: &str, asker: Asker<'a>) -> Option<Self> {
        Some(Self { dialect: by_name(name)?, asker })
    }

    /// The names of all dialects.
    pub fn dialects() -> impl Iterator<Item = &'static str> {
        names()
    }

    /// Whether who asks may see an explore.
    pub fn sees_explore(&self, explore: &Explore) -> bool {
        granted(self.asker.access, &explore.access_grants, &explore.required_access_grants)
    }

    /// The full names of the dimensions and measures of an explore that queries of who asks can select.
    pub fn selectable<'e>(&self, explore: &'e Explore) -> impl Iterator<Item = (String, &'e Field)> {
        let seen = |view: &_, field: &Field| {
            let is_selectable = matches!(field.category, Category::Dimension | Category::Measure);
            is_selectable && sees_field(self.asker.access, explore, view, field)
        };
        let fields = explore.fields().filter(move |(_, view, field)| seen(view, field));
        fields.map(|(name, _, field)| (name, &**field))
    }

    /// All statements of a query, as the format `sql` has them.
    ///
    /// # Errors
    /// The query has no plan, or its zone does not exist.
    pub fn query(&self, model: &Model, explore: &Explore, query: &Query) -> Result<String, Error> {
        let context = Context {
            now: self.asker.now,
            query_timezone: timezone(query.query_timezone.as_deref(), self.asker.timezone)?,
            database_timezone: Some(TimeZone::UTC),
            access: self.asker.access,
            mode: self.asker.mode,
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
            Some(in_view(alias, time))
        });
        let fields = time.into_iter().chain([name.to_owned()]).collect();
        self.query(model, explore, &Query { fields, ..Query::default() })
    }
}
