//! The form of each aggregate, once the joins are known.

use super::joins::{Joins, MARK};
use super::{FieldAt, Planner};
use crate::dialect::{FanOutForm, name_end, operand};
use crate::error::Error;
use crate::plan::{Aggregate, Function, Inner, Level, Pick, Place};
use crate::render;

/// An aggregate whose form is not decided yet.
#[derive(Debug, Clone)]
pub(super) struct Call<'a> {
    pub(super) at: FieldAt<'a>,
    /// The measure's full name.
    pub(super) name: String,
    pub(super) function: Function,
    /// What is aggregated; `None` counts rows.
    pub(super) argument: Option<String>,
    /// Rows that count.
    pub(super) condition: Option<String>,
    pub(super) key: Key,
}

/// Whether the measure's type itself counts each key once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Key {
    /// It counts each row of its view once.
    None,
    /// The key of its view.
    Primary,
    /// `sql_distinct_key`.
    Given(String),
}

impl Call<'_> {
    /// `x` where the condition holds, else null.
    fn wrapped(&self, x: &str) -> String {
        match &self.condition {
            Some(condition) => format!("CASE WHEN {condition} THEN {x} ELSE NULL END"),
            None => x.to_owned(),
        }
    }

    /// The argument where the condition holds, and where the row does not lack the view.
    fn value(&self, row: Option<&str>) -> String {
        let argument = self.argument.as_deref().unwrap_or("1");
        match (row.map(operand), &self.condition) {
            (None, _) => self.wrapped(argument),
            (Some(row), None) => format!("CASE WHEN {row} IS NOT NULL THEN {argument} ELSE NULL END"),
            (Some(row), Some(condition)) => {
                format!("CASE WHEN {row} IS NOT NULL AND {condition} THEN {argument} ELSE NULL END")
            }
        }
    }
}

impl Planner<'_, '_> {
    /// Decides for each aggregate whether it is computed over the joined rows or in a level where each row of its view
    /// stands once.
    pub(super) fn place_aggregates(&mut self, joins: &Joins) -> Result<(Vec<Aggregate>, Vec<Level>), Error> {
        let mut levels: Vec<Level> = Vec::new();
        let mut aggregates = Vec::with_capacity(self.calls.len());
        let calls = std::mem::take(&mut self.calls);
        for call in &calls {
            let place = self.place_aggregate(call, joins, &mut levels)?;
            aggregates.push(Aggregate { name: call.name.clone(), place });
        }
        for (call, aggregate) in calls.iter().zip(&mut aggregates) {
            if let Some(place) = self.moved_to_level(call, joins, &levels)? {
                aggregate.place = place;
            }
        }
        self.calls = calls;
        Ok((aggregates, levels))
    }

    fn place_aggregate(&mut self, agg: &Call<'_>, joins: &Joins, levels: &mut Vec<Level>) -> Result<Place, Error> {
        let dialect = self.cx.dialect;
        let view = agg.at.view;
        let fanned_out = joins.fanned_out[view];
        let key = match (&agg.key, agg.function) {
            // What is the same over repeated rows.
            (_, Function::CountDistinct | Function::List | Function::Min | Function::Max) => {
                return self.over_rows(agg, joins);
            }
            (_, Function::Count) => return self.count(agg, joins),
            (Key::Given(key), _) => key.clone(),
            (Key::Primary, _) => self.key_of(agg, view)?,
            (Key::None, _) if fanned_out => self.key_of(agg, view)?,
            (Key::None, _) => return self.over_rows(agg, joins),
        };
        match dialect.fan_out() {
            FanOutForm::TwoLevels => {
                let level = self.level(levels, view, &key);
                let inner = Some(Inner { argument: agg.value(None), pick: Pick::Only });
                Ok(Place::Level { level, inner, function: agg.function })
            }
        }
    }

    fn over_rows(&mut self, agg: &Call<'_>, joins: &Joins) -> Result<Place, Error> {
        let value = self.present_value(agg, joins)?;
        Ok(Place::Rows { function: agg.function, argument: Some(value) })
    }

    /// What is aggregated, null on joined rows that lack the view: an argument such as `1` or `COALESCE(x, 0)` has a
    /// value even there.
    fn present_value(&mut self, agg: &Call<'_>, joins: &Joins) -> Result<String, Error> {
        let view = agg.at.view;
        let argument = agg.argument.as_deref().unwrap_or_default();
        if !joins.nullable[view] || is_null_without(&self.alias(view), argument) {
            return Ok(agg.value(None));
        }
        let row = self.row_mark(joins, view)?;
        Ok(agg.value(row.as_deref()))
    }

    /// Rows of a view are counted by its key where joins repeat or lack them.
    fn count(&mut self, agg: &Call<'_>, joins: &Joins) -> Result<Place, Error> {
        let view = agg.at.view;
        if joins.fanned_out[view] {
            let key = self.key_of(agg, view)?;
            return Ok(Place::Rows { function: Function::CountDistinct, argument: Some(agg.wrapped(&key)) });
        }
        let argument = match self.row_mark(joins, view)? {
            Some(row) => Some(agg.wrapped(&row)),
            None => agg.condition.is_some().then(|| agg.value(None)),
        };
        Ok(Place::Rows { function: Function::Count, argument })
    }

    /// What is null where a joined row lacks the view, `None` where none does: the primary key, or a column that the
    /// table gets for this.
    fn row_mark(&mut self, joins: &Joins, view: usize) -> Result<Option<String>, Error> {
        if !joins.nullable[view] {
            return Ok(None);
        }
        if let Some(key) = self.primary_key(view)? {
            return Ok(Some(key));
        }
        if !joins.can_mark(view) {
            return Ok(None);
        }
        if !self.marked.contains(&view) {
            self.marked.push(view);
        }
        Ok(Some(format!("{}.{MARK}", self.alias(view))))
    }

    /// A count, least or greatest value whose view has a level anyway is computed there: that saves a pass over the
    /// joined rows.
    fn moved_to_level(&mut self, agg: &Call<'_>, joins: &Joins, levels: &[Level]) -> Result<Option<Place>, Error> {
        let view = agg.at.view;
        if levels.is_empty() || !joins.fanned_out[view] {
            return Ok(None);
        }
        let Some(key) = self.primary_key(view)? else { return Ok(None) };
        let Some(level) = levels.iter().position(|level| level.key == key) else { return Ok(None) };
        let inner = match (agg.function, &agg.condition) {
            (Function::Count, None) => None,
            (Function::Count, Some(_)) => Some(Inner { argument: agg.wrapped(&key), pick: Pick::Least }),
            (Function::Min, _) => Some(Inner { argument: self.present_value(agg, joins)?, pick: Pick::Least }),
            (Function::Max, _) => Some(Inner { argument: self.present_value(agg, joins)?, pick: Pick::Greatest }),
            _ => return Ok(None),
        };
        Ok(Some(Place::Level { level, inner, function: agg.function }))
    }

    /// The level of a key, made where there is none yet.
    fn level(&self, levels: &mut Vec<Level>, view: usize, key: &str) -> usize {
        if let Some(level) = levels.iter().position(|level| level.key == key) {
            return level;
        }
        let alias = &self.explore.views[view].alias;
        let mut name = self.cx.dialect.identifier(&format!("z__{alias}")).into_owned();
        let mut number = 2;
        while matches!(name.as_str(), render::ROWS_TABLE | render::SOURCE_TABLE)
            || levels.iter().any(|level| level.name == name)
        {
            name = self.cx.dialect.identifier(&format!("z__{alias}_{number}")).into_owned();
            number += 1;
        }
        levels.push(Level { name, key: key.to_owned() });
        levels.len() - 1
    }

    /// The key by which each row of a view is counted once.
    fn key_of(&mut self, agg: &Call<'_>, view: usize) -> Result<String, Error> {
        if !self.explore.symmetric_aggregates && agg.key == Key::None {
            return Err(Error::NoSymmetricAggregates {
                measure: agg.name.clone(),
                explore: self.explore.name.to_string(),
            });
        }
        let key = self.primary_key(view)?;
        key.ok_or_else(|| Error::MissingPrimaryKey {
            measure: agg.name.clone(),
            view: self.explore.views[view].alias.to_string(),
        })
    }

    fn primary_key(&mut self, view: usize) -> Result<Option<String>, Error> {
        let explore = self.explore;
        let view_of_key = &explore.views[view].view;
        let Some(field) = view_of_key.primary_key.as_ref().and_then(|key| view_of_key.field(key)) else {
            return Ok(None);
        };
        self.trusted(|planner| planner.dimension_reference(FieldAt { view, field }, None).map(Some))
    }
}

/// True when SQL is surely null where the view `alias` is missing from a row: arithmetic on columns, one of them its own.
fn is_null_without(alias: &str, sql: &str) -> bool {
    if sql.contains("--") || sql.contains("/*") {
        return false;
    }
    let mut has_own = false;
    let mut rest = sql.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '+' | '-' | '*' | '/' | '%' | '(' | ')' => 1,
            c if c.is_ascii_digit() => rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len()),
            _ => {
                let Some(length) = path_end(rest) else { return false };
                has_own |= rest[..length].strip_prefix(alias).is_some_and(|column| column.starts_with('.'));
                length
            }
        };
        rest = rest[length..].trim_start();
    }
    has_own
}

/// Where a column of a view, `view.column`, ends at the start of a text.
fn path_end(text: &str) -> Option<usize> {
    let mut end = name_end(text)?;
    if !text[end..].starts_with('.') {
        return None;
    }
    while text[end..].starts_with('.') {
        end += 1 + name_end(&text[end + 1..])?;
    }
    (!text[end..].trim_start().starts_with('(')).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::is_null_without;

    #[test]
    fn arithmetic_on_own_columns_vanishes_with_the_view() {
        for sql in ["v.x", "v.x * v.y", "(v.x - 1.5) / w.y", "\"v\".x"] {
            let alias = if sql.starts_with('"') { "\"v\"" } else { "v" };
            assert!(is_null_without(alias, sql), "{sql}");
        }
    }

    #[test]
    fn anything_else_may_not() {
        for sql in [
            "1",
            "w.x",
            "COALESCE(v.x, 0)",
            "CASE WHEN v.x THEN 1 END",
            "v.x IS NULL",
            "vv.x",
            "v.x || 'a'",
            "x",
            "",
            "v.f(1)",
            "v.",
        ] {
            assert!(!is_null_without("v", sql), "{sql}");
        }
    }
}
