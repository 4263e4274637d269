//! What templates in SQL know of the query.

use super::condition::{Filter, Grammar};
use super::substitute::Place;
use super::{FieldAt, Planner};
use crate::error::Error;
use crate::expression::Expression;
use crate::liquid::{DateBound, Lookup, Variable, formatted_date};
use crate::parameter::{Given, given};
use belvedere_expressions::filter::DateFilter;
use belvedere_lookml::model::Category;

impl Lookup for Planner<'_, '_> {
    fn variable(&self, path: &[String]) -> Result<Option<Variable>, Error> {
        let names: Vec<&str> = path.iter().map(String::as_str).collect();
        let text = |text: &str| Ok(Some(Variable::Text(text.to_owned())));
        match names.as_slice() {
            ["_user_attributes", name] => {
                let value = self.cx.access.value(name).map(|attribute| without_references(&attribute.value));
                Ok(value.map(Variable::Text))
            }
            ["_filters", name] => Ok(self.filter_value(name).map(|value| Variable::Text(value.to_owned()))),
            ["_model", "_name"] => text(&self.model.name),
            ["_explore", "_name"] => text(&self.explore.name),
            ["_view", "_name"] => Ok(self.current_view_name().map(Variable::Text)),
            ["_field", "_name"] => Ok(self.current_field().map(|at| Variable::Text(self.full_name(at)))),
            ["_query", "_query_timezone"] => {
                Ok(self.cx.query_timezone.iana_name().map(|name| Variable::Text(name.to_owned())))
            }
            [view, "_in_query"] if self.view_named(view).is_some() => {
                Ok(Some(Variable::Truth(self.view_in_query(view))))
            }
            [field @ .., property] if matches!(field.len(), 1 | 2) => self.field_property(field, property),
            _ => Ok(None),
        }
    }

    fn parameter(&mut self, name: &str) -> Result<String, Error> {
        let at = self.template_field(name)?;
        self.parameter_text(at)
    }

    fn condition(&mut self, field: Option<&str>, sql: &str) -> Result<String, Error> {
        let at = match field {
            Some(field) => self.template_field(field)?,
            None => self.own_filter()?,
        };
        let name = self.full_name(at);
        let grammar = self.grammar(at)?;
        let filter = match self.effective_filter(at) {
            None => None,
            Some(value) => self.read_filter(at, grammar, value)?,
        };
        let Some(filter) = filter else { return Ok(no_filter(&name)) };
        let subject = Expression::text(sql.to_owned());
        let case = self.is_case_sensitive(at);
        match self.condition_on(&subject, &filter, case, &name)? {
            Some(condition) => Ok(condition.into_text()),
            None => Ok(no_filter(&name)),
        }
    }

    fn date_bound(&mut self, field: &str, bound: DateBound) -> Result<String, Error> {
        let at = self.template_field(field)?;
        let Grammar::Time(time) = self.grammar(at)? else {
            let message = format!("`{field}` is no date, `date_start` and `date_end` need one");
            return Err(Error::model(self.place(), message));
        };
        let filter = match self.effective_filter(at) {
            None => None,
            Some(value) => self.read_filter(at, Grammar::Time(time), value)?,
        };
        let Some(Filter::Time(filter, _)) = filter else { return Ok("NULL".to_owned()) };
        let ranges = filter.resolve(&self.clock());
        let ranges = ranges.map_err(|source| Error::Filter { field: self.full_name(at), source })?;
        // Several ranges have one span: from the first start to the last end, open where one of them is.
        let local = match bound {
            DateBound::Start => ranges.ranges.iter().map(|range| range.start).min().flatten(),
            DateBound::End => {
                let open = ranges.ranges.iter().any(|range| range.end.is_none());
                ranges.ranges.iter().filter_map(|range| range.end).max().filter(|_| !open)
            }
        };
        Ok(local.map_or_else(|| "NULL".to_owned(), |local| self.bound(local, time)))
    }

    fn date(&self, text: &str, format: &str) -> Result<String, Error> {
        let now = self.cx.now.to_zoned(self.cx.query_timezone.clone());
        formatted_date(text, format, &now).map_err(|message| self.mistake(message))
    }

    fn quote(&self, text: &str) -> Result<String, Error> {
        self.literal(text)
    }

    fn mistake(&self, message: String) -> Error {
        Error::model(self.place(), message)
    }
}

impl<'a> Planner<'a, '_> {
    /// The field that a template names, in its own view where no view is written.
    fn template_field(&self, name: &str) -> Result<FieldAt<'a>, Error> {
        let found = match name.split_once('.') {
            Some(_) => self.field_named(name),
            None => self.field_beside(name),
        };
        found.ok_or_else(|| Error::model(self.place(), format!("Liquid: unknown field `{name}`")))
    }

    /// The filter whose SQL is being written.
    fn own_filter(&self) -> Result<FieldAt<'a>, Error> {
        let found = self.current_field().filter(|at| at.field.category == Category::Filter);
        found.ok_or_else(|| {
            let message = "Liquid: `{% condition %}` without a field stands only in the `sql` of a `filter`";
            Error::model(self.place(), message)
        })
    }

    fn field_beside(&self, name: &str) -> Option<FieldAt<'a>> {
        let explore = self.explore;
        let view = match self.current_field() {
            Some(at) => at.view,
            None => self.current_view().unwrap_or(0),
        };
        Some(FieldAt { view, field: explore.views[view].view.field(name)? })
    }

    fn field_property(&self, field: &[&str], property: &str) -> Result<Option<Variable>, Error> {
        let found = match field {
            [name] => self.field_beside(name),
            [view, name] => self.field_named(&format!("{view}.{name}")),
            _ => None,
        };
        let Some(at) = found else { return Ok(None) };
        Ok(match property {
            "_parameter_value" => Some(Variable::Text(self.parameter_text(at)?)),
            "_is_selected" => Some(Variable::Truth(self.is_selected(at))),
            "_is_filtered" => Some(Variable::Truth(self.effective_filter(at).is_some())),
            "_in_query" => Some(Variable::Truth(self.is_in_query(at))),
            "_sql" => Some(Variable::Text(format!("${{{}}}", self.full_name(at)))),
            _ => None,
        })
    }

    fn current_view_name(&self) -> Option<String> {
        match self.places.last()? {
            Place::Table(name) => Some((*name).to_owned()),
            _ => self.current_view().map(|view| self.explore.views[view].alias.to_string()),
        }
    }

    /// Selected by the query, or required by a field that is.
    fn is_selected(&self, at: FieldAt<'_>) -> bool {
        let mut selected = self.request.fields.iter().filter_map(|selected| self.field_named(&selected.field));
        selected.any(|field| field.is(at) || self.required(field).any(|field| field.is(at)))
    }

    fn required(&self, of: FieldAt<'a>) -> impl Iterator<Item = FieldAt<'a>> {
        of.field.required_fields.iter().filter_map(move |name| match name.split_once('.') {
            Some(_) => self.field_named(name),
            None => Some(FieldAt { view: of.view, field: self.explore.views[of.view].view.field(name)? }),
        })
    }

    /// Totals leave dimensions out that are in the query all the same.
    fn is_in_query(&self, at: FieldAt<'_>) -> bool {
        let mut beside = self.request.beside.iter();
        self.is_selected(at)
            || self.effective_filter(at).is_some()
            || beside.any(|name| self.field_named(name).is_some_and(|field| field.is(at)))
    }

    fn view_in_query(&self, alias: &str) -> bool {
        let is_it = |at: FieldAt<'_>| *self.explore.views[at.view].alias == *alias;
        let of_view = |name: &str| {
            let found = self.field_named(name);
            found.is_some_and(|at| is_it(at) || self.required(at).any(is_it))
        };
        let filtered = self
            .effective
            .iter()
            .any(|filter| !filter.value.trim().is_empty() && *self.explore.views[filter.at.view].alias == *alias);
        let selected = self.request.fields.iter().map(|selected| &selected.field);
        filtered || selected.chain(&self.request.beside).any(|name| of_view(name))
    }

    /// The value of a parameter as SQL of its type: the query's, else the default, else null. A value that the
    /// parameter does not allow is refused.
    fn parameter_text(&self, at: FieldAt<'a>) -> Result<String, Error> {
        let field = at.field;
        if field.category != Category::Parameter {
            let message = format!("Liquid: `{}` is no parameter", self.full_name(at));
            return Err(Error::model(self.place(), message));
        }
        let refused = |expected: String| Error::Parameter { field: self.full_name(at), expected };
        match given(field, self.effective_filter(at)).map_err(refused)? {
            Given::Nothing => Ok("NULL".to_owned()),
            Given::Word(word) => Ok(word),
            Given::Text(text) => self.literal(&text),
            Given::Moment(written, time) => {
                let filter = DateFilter::parse(&written).and_then(|filter| filter.resolve(&self.clock()));
                let start = filter.ok().and_then(|ranges| ranges.ranges.first().and_then(|range| range.start));
                let start = start.ok_or_else(|| refused("a date".to_owned()))?;
                Ok(self.bound(start, time))
            }
        }
    }
}

/// A value of a user is no SQL of the model: it cannot refer to fields.
fn without_references(value: &str) -> String {
    value.replace("${", "$ {")
}

fn no_filter(name: &str) -> String {
    format!("1=1 -- no filter on '{name}'\n")
}
