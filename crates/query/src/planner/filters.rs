//! Which filters are in force: the query's, those that the explore proposes, and those that it insists on.

use super::formula::CustomFilter;
use super::request::{Groups, Origin};
use super::substitute::Place;
use super::{FieldAt, Planner};
use crate::access::Guard;
use crate::context::Reach;
use crate::error::Error;
use crate::plan::AppliedFilter;
use belvedere_lookml::model::{Category, FieldFilter};
use belvedere_lookml::sql::Piece;

/// A filter in force.
#[derive(Debug, Clone, Copy)]
pub(super) struct Effective<'a> {
    pub(super) at: FieldAt<'a>,
    /// As the query or the explore names the field.
    name: &'a str,
    pub(super) value: &'a str,
    /// Whose it is: the query cannot name what a grant hides, the model can.
    guard: Guard,
}

impl<'a> Planner<'a, '_> {
    /// The query's filters, and those of the explore that it leaves in force: `always_filter` unless the query filters
    /// on the field itself, `conditionally_filter` also unless it filters on one of `unless`.
    pub(super) fn collect_filters(&mut self) -> Result<(), Error> {
        let (request, explore) = (self.request, self.explore);
        for (name, value) in &request.filters {
            let at = self.find(name)?;
            self.effective.push(Effective { at, name, value, guard: Guard::Enforced });
        }
        if request.origin == Origin::DerivedTable {
            return Ok(());
        }
        let conditional = explore.conditionally_filter.iter();
        let conditional =
            conditional.filter(|filter| !filter.unless.iter().any(|name| self.filter_value(name).is_some()));
        let proposed: Vec<&FieldFilter> =
            explore.always_filter.iter().chain(conditional.flat_map(|filter| &filter.filters)).collect();
        let asked = self.effective.len();
        for filter in proposed {
            let Some(at) = self.field_named(&filter.field) else {
                let message = format!("unknown filter field `{}`", filter.field);
                return Err(Error::model(format!("explore {}", self.explore.name), message));
            };
            if !self.effective[..asked].iter().any(|asked| asked.at.is(at)) {
                let guard = Guard::Trusted;
                self.effective.push(Effective { at, name: &filter.field, value: &filter.value, guard });
            }
        }
        Ok(())
    }

    /// The filter in force on a field, unless it is blank.
    pub(super) fn effective_filter(&self, at: FieldAt<'_>) -> Option<&'a str> {
        let found = self.effective.iter().find(|filter| filter.at.is(at) && !filter.value.trim().is_empty());
        found.map(|filter| filter.value)
    }

    /// The filter in force on the field of this name, unless it is blank.
    pub(super) fn filter_value(&self, name: &str) -> Option<&'a str> {
        self.effective_filter(self.field_named(name)?)
    }

    pub(super) fn add_filters(&mut self) -> Result<(), Error> {
        let mut computed = Vec::new();
        for filter in self.effective.clone() {
            let (before, first) = (std::mem::replace(&mut self.guard, filter.guard), self.conditions.len());
            self.add_filter(filter.name, filter.at, filter.value)?;
            self.guard = before;
            if filter.guard == Guard::Enforced && !self.is_column(filter.at) {
                computed.extend(first..self.conditions.len());
            }
        }
        if let Some(constant) = self.request.constant {
            self.conditions.push(if constant { "TRUE" } else { "FALSE" }.to_owned());
        }
        if let Some(formula) = &self.request.custom_filter {
            match self.custom_filter(formula)? {
                CustomFilter::Rows(condition) => {
                    computed.push(self.conditions.len());
                    self.conditions.push(condition);
                }
                CustomFilter::Groups(_) if self.request.groups == Groups::All => {}
                CustomFilter::Groups(condition) => self.having.push(condition),
            }
        }
        let asked = self.conditions.len();
        self.add_access_filters()?;
        self.add_always_sql()?;
        self.shield(&computed, asked)
    }

    /// Computes what the user has asked for those rows alone that the conditions of the explore, which stand behind the
    /// asked ones, let through. Databases look at conditions in any order, and a computation that fails tells of the row.
    fn shield(&mut self, computed: &[usize], asked: usize) -> Result<(), Error> {
        let seen = self.conditions[asked..].join(" AND ");
        if seen.is_empty() {
            return Ok(());
        }
        for index in computed {
            let shielded = format!("CASE WHEN {seen} THEN {} ELSE FALSE END", self.conditions[*index]);
            self.shared.spend(shielded.len())?;
            self.conditions[*index] = shielded;
        }
        Ok(())
    }

    /// Whether a field is a column of its table as it stands there: comparing it with a literal does not fail.
    fn is_column(&self, at: FieldAt<'_>) -> bool {
        if self.customs.rule(at.field).is_some() {
            return false;
        }
        let Some(sql) = &at.field.sql else { return true };
        let is_name = |text: &str| {
            let name = text.trim().trim_start_matches('.');
            let name = name.strip_prefix('"').and_then(|name| name.strip_suffix('"')).unwrap_or(name);
            !name.is_empty() && name.chars().all(|letter| letter.is_alphanumeric() || letter == '_')
        };
        match sql.pieces.as_deref() {
            Some([Piece::Table, Piece::Text(text)]) => text.starts_with('.') && is_name(text),
            Some([Piece::Text(text)]) => is_name(text),
            _ => false,
        }
    }

    fn add_filter(&mut self, name: &str, at: FieldAt<'a>, value: &str) -> Result<(), Error> {
        let applied = AppliedFilter { value: value.to_owned(), field: self.column_field(at) };
        self.filters.insert(name.to_owned(), applied);
        if value.trim().is_empty() {
            return Ok(());
        }
        match at.field.category {
            Category::Dimension => {
                let condition =
                    if self.reaches_back(at) { self.earlier_condition(at, value)? } else { self.condition(at, value)? };
                if let Some(condition) = condition {
                    self.conditions.push(condition.into_text());
                }
            }
            Category::Measure if self.request.groups == Groups::All => {}
            Category::Measure => {
                let condition = self.condition(at, value)?;
                self.having.extend(condition);
            }
            Category::Filter => {
                if at.field.sql.as_ref().is_some_and(|sql| !sql.is_blank()) {
                    let sql = self.body(at)?;
                    self.conditions.push(format!("({sql})"));
                }
            }
            // Its value reaches SQL through Liquid alone.
            Category::Parameter => {}
        }
        Ok(())
    }

    /// `access_filter`s: the rows of the user. They hold for hidden fields, too, and for those that a grant hides.
    fn add_access_filters(&mut self) -> Result<(), Error> {
        if self.cx.access.reach == Reach::Unrestricted {
            return Ok(());
        }
        for access in &self.explore.access_filters {
            let Some(at) = self.field_named(&access.field) else {
                let message = format!("`access_filter` names no field: {}", access.field);
                return Err(Error::model(format!("explore {}", self.explore.name), message));
            };
            if at.field.category != Category::Dimension {
                let message = format!("`access_filter` needs a dimension, `{}` is none", access.field);
                return Err(Error::model(format!("explore {}", self.explore.name), message));
            }
            let condition = self.trusted(|planner| planner.access_condition(at, &access.user_attribute))?;
            self.conditions.extend(condition);
        }
        Ok(())
    }

    /// `sql_always_where` and `sql_always_having`.
    fn add_always_sql(&mut self) -> Result<(), Error> {
        let explore = self.explore;
        if let Some(sql) = explore.sql_always_where.as_ref().filter(|sql| !sql.is_blank()) {
            self.enter(Place::Explore("sql_always_where"))?;
            let text = self.trusted(|planner| planner.rows_sql(sql))?;
            self.leave();
            self.conditions.push(format!("({text})"));
        }
        let having = explore.sql_always_having.as_ref().filter(|_| self.request.groups == Groups::Conditional);
        if let Some(sql) = having.filter(|sql| !sql.is_blank()) {
            self.enter(Place::Explore("sql_always_having"))?;
            let expression = self.trusted(|planner| planner.groups_sql(sql))?;
            self.leave();
            self.having.push(expression.map(|sql| format!("({sql})")));
        }
        Ok(())
    }
}
