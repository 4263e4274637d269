//! The periods of the calendar, one after the other.

use super::FillValues;
use crate::dialect::Calendar;
use belvedere_lookml::model::Timeframe;
use jiff::civil::{Date, DateTime, Time};
use jiff::{Span, ToSpan};

impl FillValues {
    /// The starts of all periods from that of `first` to that of `last` (values of the result), extended to the bounds of
    /// the filters, ascending. `None` when these are more than `most`, or when the values are a list. Without `first` and
    /// `last` (an empty result) the bounds alone count, both of which must then be there.
    pub fn starts(&self, first: Option<DateTime>, last: Option<DateTime>, most: usize) -> Option<Vec<DateTime>> {
        let Self::Periods { timeframe, calendar, from, to } = self else { return None };
        let step = step(*timeframe)?;
        let cut = |time: DateTime| start_of(time, *timeframe, *calendar);
        let start = [*from, first].into_iter().flatten().map(cut).min();
        let end = [last.map(cut), to.and_then(|to| to.checked_sub(1.nanosecond()).ok()).map(cut)];
        let (Some(start), Some(end)) = (start, end.into_iter().flatten().max()) else { return Some(Vec::new()) };
        let mut starts = Vec::new();
        let mut next = start;
        while next <= end {
            if starts.len() == most {
                return None;
            }
            starts.push(next);
            match next.checked_add(step) {
                Ok(later) => next = later,
                Err(_) => break,
            }
        }
        Some(starts)
    }
}

/// From one period to the next; `None` for timeframes that are no periods of the calendar.
pub(crate) fn step(timeframe: Timeframe) -> Option<Span> {
    Some(match timeframe {
        Timeframe::Second => 1.second(),
        Timeframe::Minute(n) => i64::from(n.max(1)).minutes(),
        Timeframe::Hour(n) => i64::from(n.max(1)).hours(),
        Timeframe::Date => 1.day(),
        Timeframe::Week => 1.week(),
        Timeframe::Month => 1.month(),
        Timeframe::Quarter | Timeframe::FiscalQuarter => 3.months(),
        Timeframe::Year | Timeframe::FiscalYear => 1.year(),
        _ => return None,
    })
}

/// The start of the period that a time lies in. Fiscal periods are named by the calendar period that they are shifted to,
/// so their values are cut like the calendar's.
pub(crate) fn start_of(time: DateTime, timeframe: Timeframe, calendar: Calendar) -> DateTime {
    let midnight = |date: Date| date.to_datetime(Time::midnight());
    let date = time.date();
    let first_of_month = |month: i8| midnight(Date::new(date.year(), month, 1).unwrap_or(date));
    match timeframe {
        Timeframe::Second => time.with().subsec_nanosecond(0).build().unwrap_or(time),
        Timeframe::Minute(n) => {
            let n = i8::try_from(n.max(1)).unwrap_or(1);
            clock(time, time.hour(), time.minute() - time.minute() % n)
        }
        Timeframe::Hour(n) => {
            let n = i8::try_from(n.max(1)).unwrap_or(1);
            clock(time, time.hour() - time.hour() % n, 0)
        }
        Timeframe::Week => {
            let since_monday = i64::from(date.weekday().to_monday_zero_offset());
            let days = (since_monday + i64::from(calendar.days_before_monday())) % 7;
            midnight(date.checked_sub(days.days()).unwrap_or(date))
        }
        Timeframe::Month => first_of_month(date.month()),
        Timeframe::Quarter | Timeframe::FiscalQuarter => first_of_month((date.month() - 1) / 3 * 3 + 1),
        Timeframe::Year | Timeframe::FiscalYear => first_of_month(1),
        _ => midnight(date),
    }
}

fn clock(time: DateTime, hour: i8, minute: i8) -> DateTime {
    let cut = Time::new(hour, minute, 0, 0).unwrap_or_else(|_| Time::midnight());
    time.date().to_datetime(cut)
}

#[cfg(test)]
mod tests {
    use super::FillValues;
    use crate::dialect::Calendar;
    use belvedere_lookml::model::{Timeframe, Weekday};
    use jiff::civil::{DateTime, date};

    fn periods(timeframe: Timeframe, from: Option<DateTime>, to: Option<DateTime>) -> FillValues {
        let calendar = Calendar { week_start: Weekday::Sunday, fiscal_month_offset: 0 };
        FillValues::Periods { timeframe, calendar, from, to }
    }

    fn day(year: i16, month: i8, day: i8) -> DateTime {
        date(year, month, day).at(0, 0, 0, 0)
    }

    #[test]
    fn periods_reach_from_the_first_value_to_the_last() {
        let starts = periods(Timeframe::Month, None, None).starts(Some(day(2024, 11, 1)), Some(day(2025, 2, 1)), 100);
        assert_eq!(starts, Some(vec![day(2024, 11, 1), day(2024, 12, 1), day(2025, 1, 1), day(2025, 2, 1)]));
    }

    #[test]
    fn the_bounds_of_a_filter_extend_them() {
        let values = periods(Timeframe::Week, Some(day(2024, 3, 4)), Some(day(2024, 3, 24)));
        let weeks = [day(2024, 3, 3), day(2024, 3, 10), day(2024, 3, 17)];
        assert_eq!(values.starts(Some(day(2024, 3, 10)), Some(day(2024, 3, 10)), 100), Some(weeks.to_vec()));
        assert_eq!(values.starts(None, None, 100), Some(weeks.to_vec()));
    }

    #[test]
    fn hours_and_minutes_are_cut_to_their_number() {
        let values = periods(Timeframe::Hour(6), None, None);
        let at = |hour, minute| date(2024, 3, 1).at(hour, minute, 0, 0);
        assert_eq!(values.starts(Some(at(7, 30)), Some(at(13, 0)), 9), Some(vec![at(6, 0), at(12, 0)]));
        let values = periods(Timeframe::Minute(15), None, None);
        assert_eq!(values.starts(Some(at(7, 50)), Some(at(8, 0)), 9), Some(vec![at(7, 45), at(8, 0)]));
    }

    #[test]
    fn too_many_periods_are_none() {
        let values = periods(Timeframe::Date, None, None);
        assert_eq!(values.starts(Some(day(2024, 1, 1)), Some(day(2024, 12, 31)), 365), None);
        assert_eq!(
            values.starts(Some(day(2024, 1, 1)), Some(day(2024, 12, 31)), 366).map(|days| days.len()),
            Some(366)
        );
    }

    #[test]
    fn an_empty_result_without_bounds_has_no_periods() {
        assert_eq!(periods(Timeframe::Date, Some(day(2024, 1, 1)), None).starts(None, None, 10), Some(Vec::new()));
    }
}
