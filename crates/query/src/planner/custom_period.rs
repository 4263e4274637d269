//! Comparisons of periods of a calendar of one's own.
//!
//! Such periods are of unequal length, and their ordinals may begin anew with each year. What stands before a period is
//! therefore read from the calendar itself, whose periods lie in the order of their years and ordinals.

use super::substitute::Place;
use super::{FieldAt, Planner};
use crate::error::Error;
use crate::plan::{CalendarSteps, ColumnSql, Direction, Order, Ordinal, Role, Span};
use belvedere_lookml::model::CustomTimeframe;

/// The hidden column with the ordinal of a period's year.
const YEAR: &str = "z__year";
/// The hidden column with the ordinal of a period.
const ORDINAL: &str = "z__ordinal";

impl<'a> Planner<'a, '_> {
    /// The selected dimension of a calendar with the shortest periods, if a measure can compare these.
    pub(super) fn shortest_custom(
        &self,
        measure: FieldAt<'a>,
        selected: &[FieldAt<'a>],
        period: CustomTimeframe,
    ) -> Result<(FieldAt<'a>, CustomTimeframe), Error> {
        let wrong = |message: &str| Err(self.wrong_period(measure, message));
        let selected = selected.iter().filter_map(|&field| Some((field, field.field.calendar.as_ref()?)));
        let Some((grain, shown)) = selected.min_by_key(|(_, shown)| shown.timeframe) else {
            return wrong("the query must select a timeframe of the group in `based_on_time`");
        };
        if measure.field.period_over_period.as_ref().is_some_and(|rule| rule.value_to_date) {
            return wrong("`value_to_date` does not go with `custom_calendar_period`");
        }
        if shown.timeframe > period {
            return wrong("the selected periods are longer than its `custom_calendar_period`");
        }
        let calendar = &shown.calendar;
        match [shown.timeframe, period].into_iter().find(|timeframe| !calendar.ordinals.contains_key(timeframe)) {
            Some(lacking) => {
                wrong(&format!("the calendar of view {} has no ordinal of `{}`", calendar.view, lacking.as_str()))
            }
            None => Ok((grain, shown.timeframe)),
        }
    }

    /// Adds the hidden columns that tell periods apart, where none of the columns orders a dimension by the same.
    pub(super) fn add_ordinals(&mut self, grain: FieldAt<'a>, timeframe: CustomTimeframe) -> Result<(), Error> {
        let (year, ordinal) = (self.year(grain, timeframe)?, self.ordinal_of(grain, timeframe)?);
        for (name, sql) in [(YEAR, year), (ORDINAL, ordinal)] {
            let Some(sql) = sql.filter(|sql| self.ordering_column(sql).is_none()) else { continue };
            if !self.request.pivots.is_empty() {
                let message = "a pivoted query that compares its periods must select `custom_year`, too";
                return Err(self.wrong_period(grain, message));
            }
            self.push_column(name.to_owned(), Role::SortHelper, grain, None, sql);
        }
        Ok(())
    }

    /// What orders the rows last: periods of one name stand in as many rows as there are years.
    pub(super) fn order_of_years(&self, order: &[Order]) -> Option<Order> {
        let column = self.columns.iter().position(|column| column.column.name == YEAR)?;
        (!order.is_empty()).then_some(Order { column, direction: Direction::Ascending, pivot_column: None })
    }

    /// The way from a period to the one `period` before it.
    pub(super) fn calendar_steps(
        &mut self,
        at: FieldAt<'a>,
        grain: CustomTimeframe,
        period: CustomTimeframe,
    ) -> Result<CalendarSteps, Error> {
        let Some(calendar) = self.calendar_of(at) else {
            return Err(self.wrong_period(at, "is of no calendar"));
        };
        let before = std::mem::replace(&mut self.used, vec![false; self.explore.views.len()]);
        let year = self.year(at, grain)?;
        let own = self.ordinal_of(at, grain)?;
        let longer = if grain == period { None } else { self.ordinal_of(at, period)? };
        let used = std::mem::replace(&mut self.used, before);
        if (0..used.len()).any(|view| used[view] && view != calendar) {
            return Err(
                self.wrong_period(at, "the ordinals of its calendar are not made of the calendar's columns alone")
            );
        }
        let span = match (period, longer, &year) {
            (_, None, _) => Span::One,
            (CustomTimeframe::Year, Some(_), Some(_)) => Span::Year,
            (_, Some(longer), _) => Span::Longer(self.text_of(&longer)),
        };
        let ordinal = |sql: Option<ColumnSql>, earlier| {
            let sql = sql?;
            Some(Ordinal { column: self.ordering_column(&sql)?, earlier, sql: self.text_of(&sql) })
        };
        let (year, own) = (ordinal(year, YEAR), ordinal(own, ORDINAL));
        let Some(own) = own else { return Err(self.wrong_period(at, "its calendar has no ordinal")) };
        let table = self.trusted(|planner| planner.table(calendar))?;
        Ok(CalendarSteps { table, alias: self.alias(calendar), year, period: own, span })
    }

    /// A filter on whole periods is left out for the earlier values: the periods are those before the shown ones.
    pub(super) fn check_custom_filter(
        &self,
        at: FieldAt<'a>,
        grain: FieldAt<'a>,
        timeframe: CustomTimeframe,
    ) -> Result<(), Error> {
        if at.field.calendar.as_ref().is_some_and(|filtered| filtered.timeframe >= timeframe) {
            return Ok(());
        }
        let message = format!(
            "a filter on parts of `{}` leaves nothing to compare it with; filter on `{}` or a longer timeframe",
            self.full_name(grain),
            timeframe.as_str()
        );
        Err(self.wrong_period(at, &message))
    }

    /// The ordinal of the year that a period lies in; none for years, and in a calendar that does not order years.
    fn year(&mut self, at: FieldAt<'a>, timeframe: CustomTimeframe) -> Result<Option<ColumnSql>, Error> {
        if timeframe == CustomTimeframe::Year { Ok(None) } else { self.ordinal_of(at, CustomTimeframe::Year) }
    }

    /// What orders the periods of the calendar that the group of a field is based on.
    fn ordinal_of(&mut self, at: FieldAt<'a>, timeframe: CustomTimeframe) -> Result<Option<ColumnSql>, Error> {
        let Some(shown) = &at.field.calendar else { return Ok(None) };
        let Some(name) = shown.calendar.ordinals.get(&timeframe) else { return Ok(None) };
        self.enter(Place::Field(at))?;
        let by = self.in_calendar(at, name)?;
        self.leave();
        Ok(Some(ColumnSql::Dimension(self.dimension(by)?)))
    }

    fn ordering_column(&self, sql: &ColumnSql) -> Option<usize> {
        self.columns.iter().position(|column| column.column.role == Role::SortHelper && column.sql == *sql)
    }

    fn text_of(&self, sql: &ColumnSql) -> String {
        match sql {
            ColumnSql::Dimension(dimension) => dimension.select(self.cx.dialect),
            ColumnSql::Measure(_) => String::new(),
        }
    }
}
