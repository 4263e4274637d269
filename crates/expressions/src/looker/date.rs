//! Functions of dates and times. Null gives null, as does what lies outside the years 1 to 9999.

use jiff::civil::{Date, DateTime, Time};

use super::{Number, Value};
use crate::filter::Unit;
use crate::filter::date::calendar::shift;

const SECONDS_OF_DAY: i64 = 86_400;

/// Reads `2024`, `2024-03`, `2024-03-05`, `2024-03-05 14`, `2024-03-05 14:30`, `2024-03-05 14:30:15.5`.
pub(super) fn parse(text: &str) -> Value {
    parse_parts(text.trim()).unwrap_or_default()
}

fn parse_parts(text: &str) -> Option<Value> {
    let (day, time) = match text.split_once([' ', 'T']) {
        Some((day, time)) => (day, Some(time)),
        None => (text, None),
    };
    let mut parts = day.split('-');
    let year = digits(parts.next()?, 4)?;
    let month = parts.next().map_or(Some(1), |month| digits(month, 2))?;
    let has_day = time.is_none() || day.len() == "2024-03-05".len();
    let day_of_month = parts.next().map_or(Some(1), |day| digits(day, 2))?;
    if parts.next().is_some() || !has_day {
        return None;
    }
    let date = calendar_day(year, month, day_of_month)?;
    match time {
        None => Some(Value::Date(date)),
        Some(time) => Some(Value::DateTime(date.to_datetime(parse_time(time)?))),
    }
}

fn parse_time(text: &str) -> Option<Time> {
    let (clock, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut parts = clock.split(':');
    let hour = digits(parts.next()?, 2)?;
    let minute = parts.next().map_or(Some(0), |minute| digits(minute, 2))?;
    let seconds = parts.next();
    let second = seconds.map_or(Some(0), |second| digits(second, 2))?;
    let is_whole = parts.next().is_none() && (fraction.is_empty() || seconds.is_some());
    let has_fraction = fraction.len() <= 9 && fraction.bytes().all(|byte| byte.is_ascii_digit());
    if !is_whole || !has_fraction {
        return None;
    }
    let nanosecond = format!("{fraction:0<9}").parse().ok()?;
    let [hour, minute, second] = small([hour, minute, second])?;
    Time::new(hour, minute, second, nanosecond).ok()
}

/// A number of exactly so many digits.
fn digits(text: &str, count: usize) -> Option<i64> {
    let all_digits = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    if all_digits { text.parse().ok() } else { None }
}

fn small<const N: usize>(parts: [i64; N]) -> Option<[i8; N]> {
    let mut narrow = [0; N];
    for (narrow, part) in narrow.iter_mut().zip(parts) {
        *narrow = i8::try_from(part).ok()?;
    }
    Some(narrow)
}

fn calendar_day(year: i64, month: i64, day: i64) -> Option<Date> {
    let [month, day] = small([month, day])?;
    Date::new(i16::try_from(year).ok().filter(|year| *year >= 1)?, month, day).ok()
}

fn integers<const N: usize>(arguments: &[Value]) -> Option<[i64; N]> {
    let numbers: [Number; N] = super::mathematics::numbers(arguments)?;
    let mut integers = [0; N];
    for (integer, number) in integers.iter_mut().zip(numbers) {
        *integer = number.to_integer()?;
    }
    Some(integers)
}

pub(super) fn date(arguments: &[Value]) -> Value {
    let day = integers(arguments).and_then(|[year, month, day]| calendar_day(year, month, day));
    day.map_or(Value::Null, Value::Date)
}

pub(super) fn date_time(arguments: &[Value]) -> Value {
    let time = || {
        let [year, month, day, hours, minutes, seconds] = integers(arguments)?;
        let [hours, minutes, seconds] = small([hours, minutes, seconds])?;
        Some(calendar_day(year, month, day)?.to_datetime(Time::new(hours, minutes, seconds, 0).ok()?))
    };
    time().map_or(Value::Null, Value::DateTime)
}

pub(super) fn to_date(arguments: &[Value]) -> Value {
    arguments.first().and_then(Value::as_text).map_or(Value::Null, parse)
}

/// A number of whole units, cut towards zero, and the date that they are added to. Days and longer leave a date a date.
fn add(arguments: &[Value], unit: Unit) -> Value {
    let moved = || {
        let [number] = integers(arguments)?;
        let start = arguments.get(1)?;
        let moved = shift(start.as_time()?, number, unit)?;
        let stays_a_date = matches!(start, Value::Date(_)) && matches!(unit, Unit::Day | Unit::Month | Unit::Year);
        Some(if stays_a_date { Value::Date(moved.date()) } else { Value::DateTime(moved) })
    };
    moved().unwrap_or_default()
}

pub(super) fn add_seconds(arguments: &[Value]) -> Value {
    add(arguments, Unit::Second)
}

pub(super) fn add_minutes(arguments: &[Value]) -> Value {
    add(arguments, Unit::Minute)
}

pub(super) fn add_hours(arguments: &[Value]) -> Value {
    add(arguments, Unit::Hour)
}

pub(super) fn add_days(arguments: &[Value]) -> Value {
    add(arguments, Unit::Day)
}

pub(super) fn add_months(arguments: &[Value]) -> Value {
    add(arguments, Unit::Month)
}

pub(super) fn add_years(arguments: &[Value]) -> Value {
    add(arguments, Unit::Year)
}

fn times(arguments: &[Value]) -> Option<[DateTime; 2]> {
    Some([arguments.first()?.as_time()?, arguments.get(1)?.as_time()?])
}

/// Whole units of so many seconds, cut towards zero.
fn diff_in(arguments: &[Value], seconds: i64) -> Value {
    let difference = || {
        let [start, end] = times(arguments)?;
        let nanoseconds = start.duration_until(end).as_nanos();
        i64::try_from(nanoseconds / (i128::from(seconds) * 1_000_000_000)).ok()
    };
    difference().map_or(Value::Null, Value::integer)
}

/// Whole periods of so many months, cut towards zero: from 26 September to 25 October there is none.
fn diff_in_months(arguments: &[Value], months: i64) -> Value {
    let difference = || {
        let [start, end] = times(arguments)?;
        let number = |time: DateTime| i64::from(time.year()) * 12 + i64::from(time.month());
        let within = |time: DateTime| (time.day(), time.time());
        let started = number(end) - number(start);
        let whole = match started {
            1.. if within(end) < within(start) => started - 1,
            ..=-1 if within(end) > within(start) => started + 1,
            _ => started,
        };
        Some(whole / months)
    };
    difference().map_or(Value::Null, Value::integer)
}

pub(super) fn diff_seconds(arguments: &[Value]) -> Value {
    diff_in(arguments, 1)
}

pub(super) fn diff_minutes(arguments: &[Value]) -> Value {
    diff_in(arguments, 60)
}

pub(super) fn diff_hours(arguments: &[Value]) -> Value {
    diff_in(arguments, 3600)
}

pub(super) fn diff_days(arguments: &[Value]) -> Value {
    diff_in(arguments, SECONDS_OF_DAY)
}

pub(super) fn diff_months(arguments: &[Value]) -> Value {
    diff_in_months(arguments, 1)
}

pub(super) fn diff_years(arguments: &[Value]) -> Value {
    diff_in_months(arguments, 12)
}

fn extract(arguments: &[Value], part: impl Fn(DateTime) -> i64) -> Value {
    arguments.first().and_then(Value::as_time).map_or(Value::Null, |time| Value::integer(part(time)))
}

pub(super) fn extract_seconds(arguments: &[Value]) -> Value {
    extract(arguments, |time| time.second().into())
}

pub(super) fn extract_minutes(arguments: &[Value]) -> Value {
    extract(arguments, |time| time.minute().into())
}

pub(super) fn extract_hours(arguments: &[Value]) -> Value {
    extract(arguments, |time| time.hour().into())
}

pub(super) fn extract_days(arguments: &[Value]) -> Value {
    extract(arguments, |time| time.day().into())
}

pub(super) fn extract_months(arguments: &[Value]) -> Value {
    extract(arguments, |time| time.month().into())
}

pub(super) fn extract_years(arguments: &[Value]) -> Value {
    extract(arguments, |time| time.year().into())
}

fn truncate(arguments: &[Value], start: impl Fn(DateTime) -> Value) -> Value {
    arguments.first().and_then(Value::as_time).map_or(Value::Null, start)
}

pub(super) fn trunc_minutes(arguments: &[Value]) -> Value {
    truncate(arguments, |time| Value::DateTime(time.date().at(time.hour(), time.minute(), 0, 0)))
}

pub(super) fn trunc_hours(arguments: &[Value]) -> Value {
    truncate(arguments, |time| Value::DateTime(time.date().at(time.hour(), 0, 0, 0)))
}

pub(super) fn trunc_days(arguments: &[Value]) -> Value {
    truncate(arguments, |time| Value::Date(time.date()))
}

pub(super) fn trunc_months(arguments: &[Value]) -> Value {
    truncate(arguments, |time| Value::Date(time.date().first_of_month()))
}

pub(super) fn trunc_years(arguments: &[Value]) -> Value {
    truncate(arguments, |time| Value::Date(time.date().first_of_year()))
}
