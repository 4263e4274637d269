//! What a date filter matches at a present moment.

use jiff::civil::DateTime;

use super::calendar::{shift, truncate};
use super::{Clock, DateCondition, DateFilter, DateRange, DateRanges, Length, Moment, Period, Unit};
use crate::filter::FilterError;

pub(super) fn resolve(filter: &DateFilter, clock: &Clock) -> Result<DateRanges, FilterError> {
    let mut matched = DateRanges::default();
    for term in &filter.terms {
        match &term.condition {
            DateCondition::Null => matched.null = true,
            DateCondition::NotNull => matched.not_null = true,
            timed => {
                let range = resolve_range(timed, clock);
                let outside = "the dates of the filter lie outside the years 1 to 9999";
                matched.ranges.push(range.ok_or_else(|| FilterError::new(term.span.clone(), outside))?);
            }
        }
    }
    if filter.terms.is_empty() {
        matched.ranges.push(DateRange::ANY);
    }
    rule_out_null(&mut matched);
    Ok(matched)
}

/// `not null` is ANDed to the rest, as exclusions are in every grammar; times in a range are not null anyway.
fn rule_out_null(matched: &mut DateRanges) {
    if !matched.not_null {
        return;
    }
    matched.ranges.retain(|range| *range != DateRange::ANY);
    if !matched.ranges.is_empty() {
        matched.null = false;
        matched.not_null = false;
    }
}

fn resolve_range(condition: &DateCondition, clock: &Clock) -> Option<DateRange> {
    Some(match condition {
        DateCondition::AnyTime | DateCondition::Null | DateCondition::NotNull => DateRange::ANY,
        DateCondition::Before(moment) => DateRange { start: None, end: Some(start_of(moment, clock)?) },
        DateCondition::After(moment) => DateRange { start: Some(start_of(moment, clock)?), end: None },
        DateCondition::Within(period) => resolve_period(period, clock)?,
    })
}

fn resolve_period(period: &Period, clock: &Clock) -> Option<DateRange> {
    let between = |start: DateTime, end: DateTime| DateRange { start: Some(start), end: Some(end) };
    Some(match period {
        Period::Of(moment @ Moment::At { unit, .. }) => {
            // The last day of the year 9999 is how many tables write "never": there is no time after it to end at.
            let start = start_of(moment, clock)?;
            DateRange { start: Some(start), end: shift(start, 1, *unit) }
        }
        Period::Of(moment) => {
            let start = start_of(moment, clock)?;
            between(start, shift(start, 1, unit_of(moment))?)
        }
        Period::Starting(moment, length) => {
            let start = start_of(moment, clock)?;
            between(start, shift(start, length.count, length.unit)?)
        }
        Period::Between(from, to) => between(start_of(from, clock)?, start_of(to, clock)?),
        Period::Last(length) => resolve_last(*length, clock)?,
    })
}

fn resolve_last(Length { count, unit }: Length, clock: &Clock) -> Option<DateRange> {
    let current = truncate(clock.now, unit, clock)?;
    let next = shift(current, 1, unit)?;
    // Looker's exception: several seconds end before the current one.
    let end = if unit == Unit::Second && count > 1 { current } else { next };
    Some(DateRange { start: Some(shift(end, count.checked_neg()?, unit)?), end: Some(end) })
}

fn start_of(moment: &Moment, clock: &Clock) -> Option<DateTime> {
    match moment {
        Moment::Relative { unit, offset } => shift(truncate(clock.now, *unit, clock)?, *offset, *unit),
        Moment::Weekday(weekday) => {
            let today = truncate(clock.now, Unit::Day, clock)?;
            shift(today, -i64::from(today.date().weekday().since(*weekday)), Unit::Day)
        }
        Moment::At { start, unit } if unit.is_fiscal() => {
            shift(*start, i64::from(clock.fiscal_month_offset), Unit::Month)
        }
        Moment::At { start, .. } => Some(*start),
    }
}

fn unit_of(moment: &Moment) -> Unit {
    match moment {
        Moment::Relative { unit, .. } | Moment::At { unit, .. } => *unit,
        Moment::Weekday(_) => Unit::Day,
    }
}
