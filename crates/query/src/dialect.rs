//! SQL dialects: what differs between engines, as flags and small functions.
//!
//! The planner asks a dialect for pieces of text and writes everything else itself. Expressions come in as SQL text
//! and go out as SQL text; where an operator could bind into them, they are wrapped with [`operand`].

mod duckdb;

pub use duckdb::DuckDb;

use belvedere_lookml::model::{DistanceUnit, Interval, Timeframe, Weekday};
use jiff::civil::{Date, DateTime};
use std::borrow::Cow;
use std::fmt;

/// One engine's SQL.
pub trait Dialect: fmt::Debug + Send + Sync {
    /// The engine's name as a connection's `dialect_name` has it.
    fn name(&self) -> &'static str;

    /// Where the engine puts null when it sorts, told to clients as `null_sort_treatment`.
    fn null_sort(&self) -> NullSort;

    /// How sums and averages are kept exact when a join repeats rows.
    fn fan_out(&self) -> FanOutForm;

    /// `name` as an identifier, quoted only where the engine needs it.
    fn identifier<'n>(&self, name: &'n str) -> Cow<'n, str>;

    /// `name` as a quoted identifier.
    fn quoted(&self, name: &str) -> String;

    /// `text` as a string literal. It holds no NUL.
    fn string(&self, text: &str) -> String;

    /// What stands between the name and the body of a table of the `WITH` clause that several others read: where the
    /// engine can be told, the body is run once.
    fn shared_table(&self) -> &'static str {
        "AS"
    }

    /// The clause for at most `rows` rows.
    fn limit(&self, rows: u64) -> String;

    /// A date as a literal.
    fn date(&self, date: Date) -> String;

    /// A time without a zone as a literal.
    fn timestamp(&self, time: DateTime) -> String;

    /// `x`, any expression, as text.
    fn text(&self, x: &str) -> String;

    /// `x`, a number, as a floating-point number.
    fn to_double(&self, x: &str) -> String;

    /// `x` cut to its day, as a date.
    fn to_date(&self, x: &str) -> String;

    /// `x` as a time without a zone.
    fn to_timestamp(&self, x: &str) -> String;

    /// `x`, a time without a zone that is meant in the zone `from`, as the same instant told in the zone `to`. Both are
    /// IANA names.
    fn convert_zone(&self, x: &str, from: &str, to: &str) -> String;

    /// `x`, seconds since 1970, as a time without a zone, told in a zone (an IANA name).
    fn epoch(&self, x: &str, zone: &str) -> String;

    /// `x`, an integer such as 20240131, as the start of that day; null where it is no date.
    fn yyyymmdd(&self, x: &str) -> String;

    /// `x`, a date or a time without a zone, in the form of a timeframe.
    fn timeframe(&self, x: &str, timeframe: Timeframe, calendar: Calendar) -> DimensionSql;

    /// The first day of the period that `x`, a date or a time without a zone, lies in, as a date. The timeframe is a day, a
    /// week, a month, a quarter or a year; fiscal periods are told by the calendar period that they are shifted to.
    fn period_start(&self, x: &str, timeframe: Timeframe, calendar: Calendar) -> String;

    /// `x`, the first day of a period, so many months and days earlier.
    fn earlier(&self, x: &str, months: u32, days: u32) -> String;

    /// A function of the Looker expression language as a template: `{0}` stands for the first argument, `{*}` for all.
    /// `None` for functions that the engine cannot compute.
    fn function(&self, name: &str) -> Option<&'static str>;

    /// `x`, a date or a time, as text by a pattern that [`timeframe`](Self::timeframe) gave.
    fn formatted(&self, x: &str, format: &'static str) -> String;

    /// Complete units from `start` to `end`, negative when `end` is earlier.
    fn duration(&self, start: &str, end: &str, interval: Interval) -> String;

    /// The great-circle distance of two points in degrees.
    fn distance(&self, from: (&str, &str), to: (&str, &str), unit: DistanceUnit) -> String;

    /// The median of `x`.
    fn median(&self, x: &str) -> String;

    /// The `percent`-th percentile of `x` by the documented rule: with rank = p * n, the value at the next whole rank,
    /// or for a whole rank the average of the value there and the next.
    fn percentile(&self, x: &str, percent: f64) -> String;

    /// The different values of `x`, sorted, as one text with [`LIST_SEPARATOR`] between them.
    fn list(&self, x: &str) -> String;

    /// The one value that `x` has in a group of rows that share `key`; null where `key` is null. The query fails with
    /// `message` (a literal) where there are several values: the key is not unique.
    fn value_of_key(&self, x: &str, key: &str, message: &str) -> String;

    /// True when `function` (lower case) aggregates rows.
    fn is_aggregate(&self, function: &str) -> bool;
}

/// Separates the items of a `list` measure in its raw value.
pub const LIST_SEPARATOR: &str = "|RECORD|";

/// Every dialect.
const DIALECTS: [&dyn Dialect; 1] = [&DuckDb];

/// The dialect that a connection's `dialect_name` stands for.
pub fn by_name(name: &str) -> Option<&'static dyn Dialect> {
    DIALECTS.into_iter().find(|dialect| dialect.name() == name)
}

/// The names of all dialects.
pub fn names() -> impl Iterator<Item = &'static str> {
    DIALECTS.into_iter().map(Dialect::name)
}

/// Where null stands among sorted values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NullSort {
    /// As the lowest value.
    Low,
    /// As the highest value.
    High,
    /// Before all values in either direction.
    First,
    /// After all values in either direction.
    Last,
}

impl NullSort {
    /// The word for `null_sort_treatment`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::High => "high",
            Self::First => "first",
            Self::Last => "last",
        }
    }
}

/// How an aggregate over repeated rows counts each row once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FanOutForm {
    /// Two levels of grouping: inside by dimensions and primary key, outside by dimensions.
    TwoLevels,
}

/// What timeframes depend on besides the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Calendar {
    /// `week_start_day`.
    pub week_start: Weekday,
    /// `fiscal_month_offset`, 0 when not declared.
    pub fiscal_month_offset: i8,
}

impl Calendar {
    /// Days from the week's first day to the next Monday, 0 for weeks that start on Monday.
    pub fn days_before_monday(self) -> u8 {
        match self.week_start {
            Weekday::Monday => 0,
            Weekday::Tuesday => 6,
            Weekday::Wednesday => 5,
            Weekday::Thursday => 4,
            Weekday::Friday => 3,
            Weekday::Saturday => 2,
            Weekday::Sunday => 1,
        }
    }
}

/// A dimension in SQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DimensionSql {
    /// What rows are grouped by.
    pub base: String,
    /// The dialect's pattern by which the base becomes the text that is selected; `None` where it is selected itself.
    pub format: Option<&'static str>,
}

impl DimensionSql {
    /// Selected as it is grouped by.
    pub fn plain(base: String) -> Self {
        Self { base, format: None }
    }

    /// What is selected.
    pub fn select(&self, dialect: &dyn Dialect) -> String {
        match self.format {
            Some(format) => dialect.formatted(&self.base, format),
            None => self.base.clone(),
        }
    }
}

/// Meters in one unit.
pub fn meters(unit: DistanceUnit) -> f64 {
    match unit {
        DistanceUnit::Feet => 0.3048,
        DistanceUnit::Kilometers => 1000.0,
        DistanceUnit::Meters => 1.0,
        DistanceUnit::Miles => 1609.344,
        DistanceUnit::NauticalMiles => 1852.0,
        DistanceUnit::Yards => 0.9144,
    }
}

/// The mean radius of the earth in meters.
pub const EARTH_RADIUS: f64 = 6_371_008.8;

/// `x` such that any operator can stand beside it: in parentheses unless it is a plain column.
pub fn operand(x: &str) -> Cow<'_, str> {
    if is_column(x) { Cow::Borrowed(x) } else { Cow::Owned(format!("({x})")) }
}

/// True for a name, or names with dots between them, quoted or not.
pub fn is_column(x: &str) -> bool {
    let mut rest = x;
    loop {
        rest = match name_end(rest) {
            Some(end) => &rest[end..],
            None => return false,
        };
        match rest.strip_prefix('.') {
            Some(next) => rest = next,
            None => return rest.is_empty(),
        }
    }
}

/// Where the identifier at the start of `text` ends.
pub(crate) fn name_end(text: &str) -> Option<usize> {
    if let Some(inside) = text.strip_prefix('"') {
        return inside.find('"').map(|end| end + 2);
    }
    let first = text.chars().next()?;
    if !first.is_alphabetic() && first != '_' {
        return None;
    }
    Some(text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::{is_column, operand};

    #[test]
    fn only_plain_columns_stand_without_parentheses() {
        for column in ["id", "orders.id", "orders.\"order id\"", "\"a\".\"b\"", "_x1"] {
            assert!(is_column(column), "{column}");
        }
        for expression in ["", "1", "a b", "a.", ".a", "a+b", "f(x)", "\"a", "\"a\"b", "a\n", "a -- c"] {
            assert!(!is_column(expression), "{expression}");
        }
        assert_eq!(operand("a or b"), "(a or b)");
    }
}
