//! Filters on dates and times.

pub(crate) mod calendar;
mod parse;
mod resolve;

use std::ops::Range;

use jiff::civil::{DateTime, Weekday};

use super::FilterError;

/// A filter on a date or time field, such as `7 days`, `2018/05/10 for 3 days` or `before last month`.
///
/// It may depend on the present moment; [`resolve`](Self::resolve) gives what it matches at one. No terms match
/// anything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct DateFilter {
    /// Any of these.
    pub terms: Vec<DateTerm>,
}

/// One term of a [`DateFilter`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DateTerm {
    /// What it matches.
    pub condition: DateCondition,
    /// Where it stands in the filter's text, in bytes.
    pub span: Range<usize>,
}

/// What one term of a [`DateFilter`] matches.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum DateCondition {
    /// Anything, null included: `any time`.
    AnyTime,
    /// Null.
    Null,
    /// Anything but null.
    NotNull,
    /// Times before the start of a moment.
    Before(Moment),
    /// Times from the start of a moment on.
    After(Moment),
    /// Times in a period.
    Within(Period),
}

/// A stretch of time with a start and an end.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Period {
    /// The whole of a moment: `today`, `2 months ago`, `2018/05`.
    Of(Moment),
    /// A length from the start of a moment on: `3 months ago for 2 days`.
    Starting(Moment, Length),
    /// From the start of one moment to the start of another: `this year to day`.
    Between(Moment, Moment),
    /// The last units up to and with the current one: `7 days`. Several seconds are the exception, they end before
    /// the current one.
    Last(Length),
}

/// A unit of the calendar at one place in time: a day, a quarter, a second.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Moment {
    /// So many units after the current one, or before it where negative.
    Relative {
        /// The unit.
        unit: Unit,
        /// How many of them after the current one.
        offset: i64,
    },
    /// The most recent such day, today included.
    Weekday(Weekday),
    /// The unit that starts at a time, such as the month that starts on 2018-05-01.
    At {
        /// Its first instant; for a fiscal unit that of the calendar unit of the same name, as the shift of fiscal
        /// years is not in the text.
        start: DateTime,
        /// The unit.
        unit: Unit,
    },
}

/// A number of units, at least one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Length {
    /// How many.
    pub count: i64,
    /// Of what.
    pub unit: Unit,
}

/// A unit of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    FiscalQuarter,
    Year,
    FiscalYear,
}

/// The present moment and the calendar of a model: what relative dates depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Clock {
    /// The present, local in the time zone of the query.
    pub now: DateTime,
    /// The first day of a week: `week_start_day`, by default Monday.
    pub week_start: Weekday,
    /// So many months fiscal years start after calendar years, or before where negative: `fiscal_month_offset`, by
    /// default 0.
    pub fiscal_month_offset: i8,
}

/// The times that a filter matches: those in any of `ranges`, and null if `null` says so; if `not_null` says so, none
/// of them null.
///
/// Times are local in the time zone of the [`Clock`], all within the years 1 to 9999.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct DateRanges {
    /// Times that match, one range for each term that has one, in their order. They may overlap.
    pub ranges: Vec<DateRange>,
    /// Whether null matches.
    pub null: bool,
    /// Whether null is ruled out. Set together with no range (which match no null anyway); together with `null`
    /// nothing matches.
    pub not_null: bool,
}

/// Times from `start` on, before `end`. A missing side is open; with both sides open anything matches, null included.
///
/// The start may lie after the end: then nothing matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DateRange {
    /// The first time in the range.
    pub start: Option<DateTime>,
    /// The first time after the range.
    pub end: Option<DateTime>,
}

impl DateFilter {
    /// Reads a filter on dates. Blank text matches anything.
    ///
    /// Terms stand between commas; words and units in any case, units in the singular or plural:
    ///
    /// - a span up to now: `7 days`, `last 7 days`;
    /// - a moment: `3 days ago`, `3 days from now`, `this week`, `last week`, `next week`, `today`, `yesterday`,
    ///   `tomorrow`, `monday`;
    /// - a moment of the calendar: `2018`, `2018-Q2`, `2018-05`, `2018-05-10`, `2018-05-10 14`, `2018-05-10 14:00`,
    ///   `2018-05-10 14:00:00` (also with `/`), `FY2018`, `FY2018-Q1`; `2018-2` is the second year before 2018;
    /// - a moment with `for 2 hours` after it, or with `before` or `after` in front; `before 2 days` is `before 2 days
    ///   ago`;
    /// - `this year to day`, `2018-05-10 to 2018-05-12`;
    /// - `null`, `not null`, `any time`.
    ///
    /// Fails on any other text, also on a term that is missing and on a day that no calendar has.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        parse::parse(text)
    }

    /// Gives the times that the filter matches at a present moment.
    ///
    /// Fails when one lies outside the years 1 to 9999.
    pub fn resolve(&self, clock: &Clock) -> Result<DateRanges, FilterError> {
        resolve::resolve(self, clock)
    }
}

impl DateRanges {
    /// Whether they match anything, null included.
    pub fn is_any(&self) -> bool {
        !self.not_null && self.ranges.contains(&DateRange::ANY)
    }
}

impl DateRange {
    /// Any time, null included.
    pub const ANY: Self = Self { start: None, end: None };
}
