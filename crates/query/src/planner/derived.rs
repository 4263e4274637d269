//! The tables of views: as written, or derived and then named in the `WITH` clause.

use super::custom::NO_CUSTOMS;
use super::formula;
use super::request::{Groups, Origin, Range, Request, Selected};
use super::substitute::Place;
use super::{Planner, Shared};
use crate::context::{Context, Mode};
use crate::error::Error;
use crate::plan::{CommonTable, Direction, Note, TableBody};
use crate::render;
use crate::sort::{Sort, Sorts};
use belvedere_expressions::looker;
use belvedere_lookml::model::{ExploreSource, FieldFilter, View, ViewSource};
use belvedere_lookml::sql::Sql;
use jiff::tz::TimeZone;
use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

impl<'a> Planner<'a, '_> {
    /// The table of a view of the explore, as it stands after `FROM`.
    pub(super) fn table(&mut self, index: usize) -> Result<String, Error> {
        let view = &self.explore.views[index];
        match &view.sql_table_name {
            Some(sql) => self.table_sql(&view.alias, sql),
            None => self.table_of(&view.view),
        }
    }

    /// What `${view.SQL_TABLE_NAME}` stands for: a view of the explore by its alias, else any of the model.
    pub(super) fn table_named(&mut self, name: &str) -> Result<String, Error> {
        if let Some(index) = self.view_named(name) {
            return self.table(index);
        }
        if let Some(view) = self.model.view(name) {
            return self.table_of(view);
        }
        let message = format!("`${{{name}.SQL_TABLE_NAME}}` names no view of the model");
        Err(Error::model(self.place(), message))
    }

    fn table_of(&mut self, view: &'a Arc<View>) -> Result<String, Error> {
        match &view.source {
            ViewSource::Name(name) => Ok(self.cx.dialect.identifier(name).into_owned()),
            ViewSource::Table(sql) => self.table_sql(&view.name, sql),
            ViewSource::Sql(sql) => {
                let in_development = view.sql_in_development.as_ref().filter(|_| self.cx.mode == Mode::Development);
                if in_development.is_some() {
                    self.shared.note(Note::DevelopmentSql);
                }
                let sql = in_development.unwrap_or(sql);
                self.derived(view, |planner| Ok(TableBody::Sql(planner.table_sql(&view.name, sql)?)))
            }
            ViewSource::Explore(source) => self.derived(view, |planner| planner.native(view, source)),
        }
    }

    fn table_sql(&mut self, view: &'a str, sql: &'a Sql) -> Result<String, Error> {
        self.enter(Place::Table(view))?;
        let text = self.rows_sql(sql)?;
        self.leave();
        Ok(text)
    }

    /// Writes a derived table once and gives its name.
    fn derived(
        &mut self,
        view: &'a Arc<View>,
        body: impl FnOnce(&mut Self) -> Result<TableBody, Error>,
    ) -> Result<String, Error> {
        if let Some((_, name)) = self.derived_names.iter().find(|(written, _)| Arc::ptr_eq(written, view)) {
            return Ok(name.clone());
        }
        if self.shared.building.contains(&view.name) {
            let names: Vec<&str> = self.shared.building.iter().map(|name| &**name).chain([&*view.name]).collect();
            let message = format!("the derived table is made from itself: {}", names.join(" -> "));
            return Err(Error::model(format!("view {}", view.name), message));
        }
        self.shared.building.push(view.name.clone());
        let body = body(self)?;
        self.shared.building.pop();
        let name = self.shared.add_table(self.cx.dialect, &view.name, body);
        let name = self.cx.dialect.identifier(&name).into_owned();
        self.derived_names.push((view.clone(), name.clone()));
        Ok(name)
    }

    /// A native derived table: a query on an explore of the model, with the rows that the user may see there.
    fn native(&mut self, view: &'a Arc<View>, source: &'a ExploreSource) -> Result<TableBody, Error> {
        let place = || format!("derived table of view {}", view.name);
        let Some(explore) = self.model.explore(&source.explore) else {
            return Err(Error::model(place(), format!("unknown explore `{}` in `explore_source`", source.explore)));
        };
        let custom_filter = match source.expression_custom_filter.as_ref().filter(|sql| !sql.is_blank()) {
            None => None,
            Some(sql) => {
                let ground = formula::Ground { explore, customs: &NO_CUSTOMS, access: self.cx.access };
                let wrong = |wrong: formula::Wrong| Error::Expression {
                    place: format!("`expression_custom_filter` of the {}", place()),
                    message: ground.explain(&wrong),
                };
                Some(ground.read(&sql.text, looker::Context::CustomFilter).map_err(wrong)?)
            }
        };
        let mut request = Request {
            fields: source
                .columns
                .iter()
                .map(|(column, field)| Selected { column: Cow::Borrowed(column), field: Cow::Borrowed(field) })
                .collect(),
            beside: Vec::new(),
            pivots: Vec::new(),
            calculations: Vec::new(),
            fills: Vec::new(),
            filters: self.filters_of(source),
            constant: None,
            custom_filter,
            sorts: sorts(source),
            limit: source.limit,
            column_limit: 0,
            groups: Groups::Conditional,
            range: Range::Asked,
            origin: Origin::DerivedTable,
        };
        for (from, to) in &source.bind_filters {
            if let Some(value) = self.filter_value(from) {
                request.filters.push(((&**to).into(), value.to_owned().into()));
            }
        }
        if source.bind_all_filters {
            let all = self.effective.iter().map(|filter| (self.full_name(filter.at), filter.value));
            let all = all.filter(|(name, _)| explore.field(name).is_some());
            request.filters.extend(all.map(|(name, value)| (name.into(), value.to_owned().into())));
        }
        let cx = Context { query_timezone: self.zone_of(source, &place)?, ..self.cx.clone() };
        let mut planner = Planner::new(self.model, explore, cx, &request, &NO_CUSTOMS, self.shared)?;
        let (plan, _) = planner.plan()?;
        if planner.compares_periods() {
            let what = format!("a measure of type `period_over_period` in the {}", place());
            return Err(Error::unsupported(what));
        }
        let mut derived_columns = Vec::with_capacity(source.derived_columns.len());
        for (name, sql) in &source.derived_columns {
            derived_columns.push((name.to_string(), self.table_sql(&view.name, sql)?));
        }
        Ok(TableBody::Query { plan: Box::new(plan), derived_columns })
    }

    /// The filters of a native derived table. In development those that are meant for it stand in the place of others
    /// on the same fields.
    fn filters_of(&mut self, source: &'a ExploreSource) -> Vec<(Cow<'a, str>, Cow<'a, str>)> {
        let development: &[FieldFilter] = match self.cx.mode {
            Mode::Production => &[],
            Mode::Development => &source.dev_filters,
        };
        if !development.is_empty() {
            self.shared.note(Note::DevelopmentFilters);
        }
        let replaced: HashSet<&str> = development.iter().map(|filter| &*filter.field).collect();
        let kept = source.filters.iter().filter(|filter| !replaced.contains(&*filter.field));
        kept.chain(development).map(|filter| ((&*filter.field).into(), (&filter.value).into())).collect()
    }

    /// The zone of a native derived table: without `timezone` the database's own, so that nothing is converted.
    fn zone_of(&self, source: &ExploreSource, place: &dyn Fn() -> String) -> Result<TimeZone, Error> {
        match source.timezone.as_deref() {
            None => Ok(self.cx.database_timezone.clone().unwrap_or(TimeZone::UTC)),
            Some("query_timezone") => Ok(self.cx.query_timezone.clone()),
            Some(name) => TimeZone::get(name).map_err(|_| Error::model(place(), format!("unknown time zone `{name}`"))),
        }
    }
}

fn sorts(source: &ExploreSource) -> Sorts {
    if source.sorts.is_empty() {
        return Sorts::Unsorted;
    }
    let by = source.sorts.iter().map(|(field, descends)| Sort {
        field: field.to_string(),
        direction: if *descends { Direction::Descending } else { Direction::Ascending },
        pivot_column: None,
    });
    Sorts::By(by.collect())
}

impl Shared {
    /// Adds a table under the view's name; one with the same name and text is the same table. The same view can come
    /// out differently where it takes filters from the query around it: then it gets a number.
    fn add_table(&mut self, dialect: &'static dyn crate::dialect::Dialect, view: &str, body: TableBody) -> String {
        let mut name = view.to_owned();
        let mut number = 2;
        while let Some(existing) = self.tables.iter().find(|table| table.name == name) {
            if render::table_body(dialect, &existing.body) == render::table_body(dialect, &body) {
                return name;
            }
            name = format!("{view}_{number}");
            number += 1;
        }
        self.tables.push(CommonTable { name: name.clone(), body });
        name
    }
}
