//! Arithmetic of the calendar: where units start, and moving by them.

use jiff::Span;
use jiff::civil::{Date, DateTime, Time, date};

use super::{Clock, Unit};

/// How far one unit reaches.
enum Step {
    Months(i64),
    Days(i64),
    Seconds(i64),
}

impl Unit {
    fn step(self) -> Step {
        match self {
            Self::Second => Step::Seconds(1),
            Self::Minute => Step::Seconds(60),
            Self::Hour => Step::Seconds(3600),
            Self::Day => Step::Days(1),
            Self::Week => Step::Days(7),
            Self::Month => Step::Months(1),
            Self::Quarter | Self::FiscalQuarter => Step::Months(3),
            Self::Year | Self::FiscalYear => Step::Months(12),
        }
    }

    /// Whether its periods are those of the calendar shifted by `fiscal_month_offset`.
    pub(super) fn is_fiscal(self) -> bool {
        matches!(self, Self::FiscalQuarter | Self::FiscalYear)
    }
}

/// Moves a time by a number of units, or gives none outside the years 1 to 9999.
///
/// Where the month arrived at has no such day, its last day is taken.
pub(crate) fn shift(time: DateTime, count: i64, unit: Unit) -> Option<DateTime> {
    let moved = match unit.step() {
        Step::Months(months) => shift_months(time.date(), count.checked_mul(months)?)?.to_datetime(time.time()),
        Step::Days(days) => time.checked_add(Span::new().try_days(count.checked_mul(days)?).ok()?).ok()?,
        Step::Seconds(seconds) => time.checked_add(Span::new().try_seconds(count.checked_mul(seconds)?).ok()?).ok()?,
    };
    (moved.year() >= 1).then_some(moved)
}

fn shift_months(from: Date, months: i64) -> Option<Date> {
    let months = (i64::from(from.year()) * 12 + i64::from(from.month()) - 1).checked_add(months)?;
    let year = i16::try_from(months.div_euclid(12)).ok()?;
    let first = Date::new(year, i8::try_from(months.rem_euclid(12)).ok()? + 1, 1).ok()?;
    Date::new(first.year(), first.month(), from.day().min(first.days_in_month())).ok()
}

/// The start of the unit that a time lies in, or none outside the years 1 to 9999.
pub(super) fn truncate(time: DateTime, unit: Unit, clock: &Clock) -> Option<DateTime> {
    let day = time.date();
    let of_day = |hour, minute, second| day.at(hour, minute, second, 0);
    match unit {
        Unit::Second => Some(of_day(time.hour(), time.minute(), time.second())),
        Unit::Minute => Some(of_day(time.hour(), time.minute(), 0)),
        Unit::Hour => Some(of_day(time.hour(), 0, 0)),
        Unit::Day => Some(of_day(0, 0, 0)),
        Unit::Week => shift(of_day(0, 0, 0), -i64::from(day.weekday().since(clock.week_start)), Unit::Day),
        Unit::Month => Some(first_of_month(day, day.month())),
        Unit::Quarter => Some(first_of_month(day, day.month() - (day.month() - 1) % 3)),
        Unit::Year => Some(first_of_month(day, 1)),
        Unit::FiscalQuarter => truncate_fiscal(day, Unit::Quarter, clock),
        Unit::FiscalYear => truncate_fiscal(day, Unit::Year, clock),
    }
}

/// The fiscal period of a day is the calendar period of its month less the offset.
fn truncate_fiscal(day: Date, unit: Unit, clock: &Clock) -> Option<DateTime> {
    let offset = i64::from(clock.fiscal_month_offset);
    let as_calendar = shift(first_of_month(day, day.month()), -offset, Unit::Month)?;
    shift(truncate(as_calendar, unit, clock)?, offset, Unit::Month)
}

fn first_of_month(day: Date, month: i8) -> DateTime {
    date(day.year(), month, 1).to_datetime(Time::midnight())
}
