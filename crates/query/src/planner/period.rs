//! Measures of type `period_over_period`: a measure beside its own value a period earlier.
//!
//! The earlier values come from a second statement with the same dimensions, whose time filters reach one unit further
//! back. Both have the first day of their period as a hidden column, by which they meet.

use super::condition::{Filter, Grammar};
use super::formula::composed;
use super::measure::measure_kind;
use super::request::{Range, Request};
use super::substitute::Place;
use super::{Comparisons, FieldAt, Planner, Scene};
use crate::dialect::DimensionSql;
use crate::error::Error;
use crate::expression::Expression;
use crate::plan::fill::{start_of, step};
use crate::plan::{Before, ColumnSql, Compare, Earlier, Plan, PlanColumn, Role};
use crate::sort::Sorts;
use belvedere_expressions::filter::{DateCondition, Moment, Period, Unit};
use belvedere_lookml::model::{
    Category, ComparedPeriod, CustomTimeframe, FieldKind, MeasureKind, PeriodOverPeriod, Time, Timeframe,
};
use jiff::Span;
use jiff::ToSpan;
use jiff::civil::DateTime;
use std::collections::HashSet;
use std::sync::Arc;

/// The hidden column with the first day of the period.
const PERIOD: &str = "z__period";

/// What is wrong with `custom_calendar_period` elsewhere.
const OF_NO_CALENDAR: &str =
    "`custom_calendar_period` compares periods of a calendar of one's own, and `based_on_time` is of none";

/// The time by which a query compares periods.
#[derive(Debug, Clone, Copy)]
pub(super) struct ComparedTime<'a> {
    /// The dimension that `based_on_time` names.
    at: FieldAt<'a>,
    /// The selected dimension of its group with the shortest periods.
    pub(super) grain: FieldAt<'a>,
    periods: Periods,
}

/// What periods a query shows.
#[derive(Debug, Clone, Copy)]
enum Periods {
    Times(Time),
    Custom(CustomTimeframe),
}

impl ComparedTime<'_> {
    /// True for the fields that a period has one value of: what else is selected of the time must be the same in both.
    fn tells(&self, field: FieldAt<'_>) -> bool {
        if !same_group(self.at, field) {
            return false;
        }
        match (self.periods, &field.field.kind) {
            (Periods::Times(grain), FieldKind::Time(Time { timeframe, .. })) if length(*timeframe).is_none() => {
                longest_with_one(*timeframe) >= length(grain.timeframe)
            }
            _ => true,
        }
    }
}

impl<'a> Planner<'a, '_> {
    /// Adds the hidden columns by which periods meet where one of the selected measures compares them. Dimensions are
    /// columns already.
    pub(super) fn add_period(&mut self, measures: &[(&str, FieldAt<'a>)]) -> Result<(), Error> {
        for &(_, at) in measures.iter().filter(|(_, at)| measure_kind(*at) == MeasureKind::PeriodOverPeriod) {
            let found = self.compared_time_of(at)?;
            match &self.compared {
                Some(other) if !same_group(other.at, found.at) => {
                    return Err(
                        self.wrong_period(at, "a query compares by one time only, and others compare by another")
                    );
                }
                _ => self.compared = Some(found),
            }
        }
        let Some(compared) = self.compared else { return Ok(()) };
        match compared.periods {
            Periods::Custom(timeframe) => self.add_ordinals(compared.grain, timeframe),
            Periods::Times(time) => {
                self.enter(Place::Field(compared.grain))?;
                let base = self.entered_period(compared.grain, time)?;
                self.leave();
                let sql = ColumnSql::Dimension(DimensionSql::plain(base));
                self.push_column(PERIOD.to_owned(), Role::SortHelper, compared.grain, None, sql);
                Ok(())
            }
        }
    }

    /// Whether the statement has a measure that compares periods.
    pub(super) fn compares_periods(&self) -> bool {
        self.compared.is_some()
    }

    /// With what a selected measure is compared; nothing in the statement of the earlier values.
    pub(super) fn compare(&mut self, at: FieldAt<'a>) -> Result<Option<Compare>, Error> {
        let is_compared = measure_kind(at) == MeasureKind::PeriodOverPeriod && self.request.range == Range::Asked;
        let Some(compared) = self.compared.filter(|_| is_compared) else { return Ok(None) };
        let (period, kind) = self.period_rule(at).map(|rule| (rule.period, rule.kind))?;
        if !self.befores.contains_key(&period) {
            let before = match (period, compared.periods) {
                (ComparedPeriod::Custom(period), Periods::Custom(grain)) => {
                    Before::Calendar(self.calendar_steps(compared.grain, grain, period)?)
                }
                (ComparedPeriod::Timeframe(timeframe), _) => {
                    let column = self.columns.iter().position(|column| column.column.name == PERIOD);
                    let (months, days) = shift(timeframe);
                    Before::Shifted { period: column.unwrap_or_default(), months, days }
                }
                (ComparedPeriod::Custom(_), Periods::Times(_)) => return Err(self.wrong_period(at, OF_NO_CALENDAR)),
            };
            self.befores.insert(period, before);
        }
        Ok(self.befores.get_index_of(&period).map(|earlier| Compare { kind, earlier }))
    }

    /// The time of a measure, and the period that its query shows, if it can be compared.
    fn compared_time_of(&mut self, measure: FieldAt<'a>) -> Result<ComparedTime<'a>, Error> {
        let rule = self.period_rule(measure)?;
        self.enter(Place::Field(measure))?;
        let at = self.referred_by_name(&rule.based_on_time)?;
        self.leave();
        let selected: Vec<FieldAt<'a>> = match &self.request.range {
            Range::Earlier(grain) => vec![self.find(grain)?],
            Range::Asked => {
                self.selected_fields().filter(|&(_, field)| same_group(field, at)).map(|(_, field)| field).collect()
            }
        };
        match (rule.period, &at.field.calendar) {
            (ComparedPeriod::Timeframe(period), None) => {
                let (grain, time) = self.shortest_time(measure, at, &selected)?;
                self.check_period(measure, time.timeframe, period)?;
                Ok(ComparedTime { at, grain, periods: Periods::Times(time) })
            }
            (ComparedPeriod::Custom(period), Some(_)) => {
                let (grain, timeframe) = self.shortest_custom(measure, &selected, period)?;
                Ok(ComparedTime { at, grain, periods: Periods::Custom(timeframe) })
            }
            (ComparedPeriod::Timeframe(_), Some(_)) => {
                let message =
                    "periods of a calendar of one's own are compared by `custom_calendar_period`, not `period`";
                Err(self.wrong_period(measure, message))
            }
            (ComparedPeriod::Custom(_), None) => Err(self.wrong_period(measure, OF_NO_CALENDAR)),
        }
    }

    /// The selected dimension with the shortest periods.
    fn shortest_time(
        &self,
        measure: FieldAt<'a>,
        at: FieldAt<'a>,
        selected: &[FieldAt<'a>],
    ) -> Result<(FieldAt<'a>, Time), Error> {
        let FieldKind::Time(_) = at.field.kind else {
            return Err(self.wrong_period(measure, "`based_on_time` names no time dimension"));
        };
        let mut shortest: Option<(FieldAt<'a>, Time)> = None;
        for &field in selected {
            let FieldKind::Time(time) = field.field.kind else { continue };
            if is_clock(time.timeframe) {
                return Err(
                    self.wrong_period(measure, "periods of hours and less cannot be compared, only days and more")
                );
            }
            let Some(length) = length(time.timeframe) else { continue };
            if shortest.is_none_or(|(_, other)| self::length(other.timeframe) > Some(length)) {
                shortest = Some((field, time));
            }
        }
        shortest.ok_or_else(|| {
            let message = "the query must select a date, week, month, quarter or year of the time in `based_on_time`";
            self.wrong_period(measure, message)
        })
    }

    /// The selected dimensions of the explore, each with the name of its column.
    fn selected_fields(&self) -> impl Iterator<Item = (&str, FieldAt<'a>)> {
        let columns = self.columns.iter().map(|column| &column.column).filter(|column| column.role == Role::Dimension);
        columns.filter_map(|column| {
            let of = &column.field;
            let at = self.field_named(&format!("{}.{}", of.alias, of.field.name)).filter(|_| !of.alias.is_empty());
            Some((column.name.as_str(), at?))
        })
    }

    /// What the comparisons of the statement come to.
    pub(super) fn comparisons(&self) -> Option<Comparisons> {
        let compared = self.compared?;
        let of_time: HashSet<&str> =
            self.selected_fields().filter(|&(_, field)| compared.tells(field)).map(|(name, _)| name).collect();
        let columns = self.columns.iter().map(|column| &column.column).filter(|column| column.role == Role::Dimension);
        let dimensions =
            columns.filter(|column| !of_time.contains(column.name.as_str())).map(|column| column.name.clone());
        Some(Comparisons {
            grain: self.full_name(compared.grain),
            dimensions: dimensions.collect(),
            befores: self.befores.values().cloned().collect(),
        })
    }

    fn check_period(&self, measure: FieldAt<'a>, grain: Timeframe, period: Timeframe) -> Result<(), Error> {
        let wrong = |message: &str| Err(self.wrong_period(measure, message));
        if grain == Timeframe::Week {
            return match period {
                Timeframe::Week | Timeframe::Date => Ok(()),
                _ => wrong("weeks can be compared only with `period: week` or `date`"),
            };
        }
        if length(grain) > length(period) {
            return wrong("the selected periods are longer than its `period`");
        }
        let has_fiscal_form = |timeframe| length(timeframe) >= length(Timeframe::Quarter);
        if has_fiscal_form(grain) && grain.is_fiscal() != period.is_fiscal() {
            return wrong("fiscal periods can be compared only with fiscal ones");
        }
        Ok(())
    }

    /// The present value of the measure that a comparison is based on.
    pub(super) fn compared_base(&mut self, at: FieldAt<'a>) -> Result<Expression, Error> {
        let rule = self.period_rule(at)?;
        self.used[at.view] = true;
        self.enter(Place::Field(at))?;
        let base = self.referred_by_name(&rule.based_on)?;
        let is_aggregate = base.field.category == Category::Measure
            && measure_kind(base).is_aggregate()
            && measure_kind(base) != MeasureKind::PeriodOverPeriod;
        if !is_aggregate {
            return Err(self.wrong_period(at, "`based_on` names no measure of a type that aggregates"));
        }
        let mut value = self.measure_reference(base)?;
        let call = value.aggregates().next().filter(|_| rule.value_to_date);
        if let Some(call) = call {
            let mut call = self.calls[call].clone();
            let elapsed = self.elapsed()?;
            call.condition = Some(match call.condition {
                Some(condition) => format!("{condition} AND {elapsed}"),
                None => elapsed,
            });
            call.at = FieldAt { view: base.view, field: at.field };
            call.name = self.full_name(at);
            self.calls.push(call);
            value = Expression::aggregate(self.calls.len() - 1);
        }
        self.leave();
        Ok(value)
    }

    /// That a row lies in the part of its period that has passed of the present one.
    fn elapsed(&mut self) -> Result<String, Error> {
        let Some(ComparedTime { grain, periods: Periods::Times(time), .. }) = self.compared else {
            return Ok("TRUE".to_owned());
        };
        let timeframe = time.timeframe;
        let offset = if timeframe.is_fiscal() { i32::from(self.calendar.fiscal_month_offset) } else { 0 };
        // Months differ in length: what has passed is counted from where the fiscal period itself begins.
        let now = self.clock().now;
        let start = start_of(self.named(now, timeframe), timeframe, self.calendar);
        let start = start.checked_add(offset.months()).unwrap_or(start);
        let seconds = now.duration_since(start).as_secs();
        self.enter(Place::Field(grain))?;
        let x = self.own_sql(grain.field)?;
        let local = self.local_time(&x, time)?;
        self.leave();
        let dialect = self.cx.dialect;
        let first = dialect.period_start(&local, timeframe, self.calendar);
        // The present, moved to the row's own period.
        let first = match offset {
            0 => first,
            months @ 1.. => composed_text(dialect.function("add_months"), &[months.to_string(), first]),
            months => dialect.earlier(&first, months.unsigned_abs(), 0),
        };
        let end = composed_text(dialect.function("add_seconds"), &[seconds.to_string(), first]);
        Ok(format!("{} <= {end}", crate::dialect::operand(&local)))
    }

    /// Whether a filter is on the time that periods are compared by, in the statement of the earlier values.
    pub(super) fn reaches_back(&self, at: FieldAt<'a>) -> bool {
        matches!(self.request.range, Range::Earlier(_))
            && self.compared.is_some_and(|compared| same_group(compared.at, at))
    }

    /// The condition of a filter whose ranges begin one unit of their own earlier.
    pub(super) fn earlier_condition(&mut self, at: FieldAt<'a>, value: &str) -> Result<Option<Expression>, Error> {
        if let Some(ComparedTime { grain, periods: Periods::Custom(timeframe), .. }) = self.compared {
            return self.check_custom_filter(at, grain, timeframe).map(|()| None);
        }
        let Grammar::Time(time) = self.grammar(at)? else { return self.condition(at, value) };
        let Some(Filter::Time(filter, _)) = self.read_filter(at, Grammar::Time(time), value)? else {
            return self.condition(at, value);
        };
        let ranges = filter.resolve(&self.clock());
        let mut ranges = ranges.map_err(|source| Error::Filter { field: self.full_name(at), source })?;
        let terms = filter.terms.iter().filter(|term| {
            matches!(term.condition, DateCondition::Before(_) | DateCondition::After(_) | DateCondition::Within(_))
        });
        for (range, term) in ranges.ranges.iter_mut().zip(terms) {
            range.start = range.start.map(|start| one_earlier(start, unit_of(&term.condition)));
        }
        let subject = Expression::text(self.body(at)?);
        self.ranges_condition(&subject, &ranges, time)
    }

    fn period_rule(&self, at: FieldAt<'a>) -> Result<&'a Arc<PeriodOverPeriod>, Error> {
        let rule = at.field.period_over_period.as_ref();
        rule.ok_or_else(|| self.wrong_period(at, "`based_on`, `based_on_time` or `period` is missing"))
    }

    pub(super) fn wrong_period(&self, at: FieldAt<'_>, message: &str) -> Error {
        Error::model(self.full_name(at), message)
    }
}

impl Scene<'_> {
    /// The statements with the earlier values of a plan's comparisons, one for each period.
    pub(super) fn earlier(
        &self,
        request: &Request<'_>,
        plan: &mut Plan,
        views: &[bool],
        comparisons: Comparisons,
    ) -> Result<(), Error> {
        let Comparisons { grain, dimensions, befores } = comparisons;
        for (index, before) in befores.into_iter().enumerate() {
            let is_compared = |column: &PlanColumn| column.compare.is_some_and(|compare| compare.earlier == index);
            let measures: HashSet<&str> =
                plan.columns.iter().filter(|column| is_compared(column)).map(|column| &*column.column.name).collect();
            let keep = |name: &str| measures.contains(name) || dimensions.iter().any(|dimension| dimension == name);
            let mut earlier = request.totals(keep, Sorts::Unsorted, None);
            earlier.range = Range::Earlier(grain.as_str().into());
            let statement = self.statement(&earlier, Some(views))?.plan;
            plan.earlier.push(Earlier { plan: Box::new(statement), dimensions: dimensions.clone(), before });
        }
        Ok(())
    }
}

/// How far back a period lies, in months and days.
fn shift(period: Timeframe) -> (u32, u32) {
    match period {
        Timeframe::Week => (0, 7),
        Timeframe::Month => (1, 0),
        Timeframe::Quarter | Timeframe::FiscalQuarter => (3, 0),
        Timeframe::Year | Timeframe::FiscalYear => (12, 0),
        _ => (0, 1),
    }
}

/// The periods that can be compared, by their length.
fn length(timeframe: Timeframe) -> Option<u8> {
    Some(match timeframe {
        Timeframe::Date => 0,
        Timeframe::Week => 1,
        Timeframe::Month => 2,
        Timeframe::Quarter | Timeframe::FiscalQuarter => 3,
        Timeframe::Year | Timeframe::FiscalYear => 4,
        _ => return None,
    })
}

/// The longest periods that have one value of a part of a date; none for a time of day.
fn longest_with_one(timeframe: Timeframe) -> Option<u8> {
    let longest = match timeframe {
        Timeframe::DayOfWeek | Timeframe::DayOfWeekIndex | Timeframe::DayOfMonth | Timeframe::DayOfYear => {
            Timeframe::Date
        }
        Timeframe::WeekOfYear => Timeframe::Week,
        Timeframe::MonthNum | Timeframe::MonthName | Timeframe::FiscalMonthNum => Timeframe::Month,
        Timeframe::QuarterOfYear | Timeframe::FiscalQuarterOfYear => Timeframe::Quarter,
        _ => return None,
    };
    length(longest)
}

/// True for timeframes with a time of day.
fn is_clock(timeframe: Timeframe) -> bool {
    let is_date = length(timeframe).is_some();
    !is_date
        && (step(timeframe).is_some()
            || matches!(
                timeframe,
                Timeframe::Raw | Timeframe::Time | Timeframe::Microsecond | Timeframe::Millisecond(_)
            ))
}

fn same_group(a: FieldAt<'_>, b: FieldAt<'_>) -> bool {
    let groups = (&a.field.group, &b.field.group);
    a.is(b) || (a.view == b.view && matches!(groups, (Some(a), Some(b)) if a.name == b.name))
}

/// The unit that a term of a filter is written in.
fn unit_of(condition: &DateCondition) -> Unit {
    let of = |moment: &Moment| match moment {
        Moment::Relative { unit, .. } | Moment::At { unit, .. } => *unit,
        Moment::Weekday(_) => Unit::Day,
    };
    match condition {
        DateCondition::Within(Period::Starting(_, length) | Period::Last(length)) => length.unit,
        DateCondition::Within(Period::Of(moment) | Period::Between(moment, _))
        | DateCondition::Before(moment)
        | DateCondition::After(moment) => of(moment),
        DateCondition::AnyTime | DateCondition::Null | DateCondition::NotNull => Unit::Day,
    }
}

fn one_earlier(start: DateTime, unit: Unit) -> DateTime {
    let span: Span = match unit {
        Unit::Second => 1.second(),
        Unit::Minute => 1.minute(),
        Unit::Hour => 1.hour(),
        Unit::Day => 1.day(),
        Unit::Week => 1.week(),
        Unit::Month => 1.month(),
        Unit::Quarter | Unit::FiscalQuarter => 3.months(),
        Unit::Year | Unit::FiscalYear => 1.year(),
    };
    start.checked_sub(span).unwrap_or(start)
}

fn composed_text(template: Option<&'static str>, arguments: &[String]) -> String {
    let arguments: Vec<Expression> = arguments.iter().map(Expression::text).collect();
    composed(template.unwrap_or("NULL"), &arguments).into_text()
}
