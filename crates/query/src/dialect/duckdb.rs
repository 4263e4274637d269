//! DuckDB.
//!
//! A column of `datatype` `datetime` or `timestamp` is taken as a time without a zone, meant in the database's time
//! zone, whatever its declared type: a `TIMESTAMP WITH TIME ZONE` is cast, which DuckDB does in the zone of its session
//! (connections are opened with `UTC`, and no query changes it).

use super::{Calendar, Dialect, DimensionSql, EARTH_RADIUS, FanOutForm, LIST_SEPARATOR, NullSort, meters, operand};
use belvedere_lookml::model::{DistanceUnit, Interval, Timeframe};
use jiff::civil::{Date, DateTime};
use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;

/// The dialect of DuckDB 1.5.
#[derive(Debug, Clone, Copy)]
pub struct DuckDb;

impl Dialect for DuckDb {
    fn name(&self) -> &'static str {
        "duckdb"
    }

    fn null_sort(&self) -> NullSort {
        NullSort::Last
    }

    fn fan_out(&self) -> FanOutForm {
        FanOutForm::TwoLevels
    }

    fn identifier<'n>(&self, name: &'n str) -> Cow<'n, str> {
        let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            && name.bytes().next().is_some_and(|byte| !byte.is_ascii_digit())
            && !is_listed(&RESERVED, name);
        if plain { Cow::Borrowed(name) } else { Cow::Owned(self.quoted(name)) }
    }

    fn quoted(&self, name: &str) -> String {
        enclosed(name, '"')
    }

    fn string(&self, text: &str) -> String {
        enclosed(text, '\'')
    }

    fn shared_table(&self) -> &'static str {
        "AS MATERIALIZED"
    }

    fn limit(&self, rows: u64) -> String {
        format!("LIMIT {rows}")
    }

    fn date(&self, date: Date) -> String {
        format!("DATE '{date}'")
    }

    fn timestamp(&self, time: DateTime) -> String {
        format!("TIMESTAMP '{} {}'", time.date(), time.time())
    }

    fn text(&self, x: &str) -> String {
        format!("CAST({x} AS VARCHAR)")
    }

    fn to_double(&self, x: &str) -> String {
        format!("CAST({x} AS DOUBLE)")
    }

    fn to_date(&self, x: &str) -> String {
        format!("CAST({x} AS DATE)")
    }

    fn to_timestamp(&self, x: &str) -> String {
        format!("CAST({x} AS TIMESTAMP)")
    }

    fn convert_zone(&self, x: &str, from: &str, to: &str) -> String {
        let (from, to) = (self.string(from), self.string(to));
        format!("(CAST({x} AS TIMESTAMP) AT TIME ZONE {from} AT TIME ZONE {to})")
    }

    fn epoch(&self, x: &str, zone: &str) -> String {
        if zone == "UTC" {
            return format!("MAKE_TIMESTAMP(CAST({} * 1000000.0 AS BIGINT))", operand(x));
        }
        format!("(TO_TIMESTAMP({x}) AT TIME ZONE {})", self.string(zone))
    }

    fn yyyymmdd(&self, x: &str) -> String {
        format!("TRY_STRPTIME(CAST({x} AS VARCHAR), '%Y%m%d')")
    }

    fn timeframe(&self, x: &str, timeframe: Timeframe, calendar: Calendar) -> DimensionSql {
        let fiscal = || months_earlier(x, calendar.fiscal_month_offset);
        match timeframe {
            Timeframe::Raw => DimensionSql::plain(x.to_owned()),
            Timeframe::Yesno => {
                DimensionSql::plain(format!("CASE WHEN {} IS NOT NULL THEN 'Yes' ELSE 'No' END", operand(x)))
            }
            Timeframe::Time | Timeframe::Second => DimensionSql::plain(truncated("second", x)),
            Timeframe::TimeOfDay => DimensionSql::plain(format!("STRFTIME({x}, '%H:%M')")),
            Timeframe::Microsecond => DimensionSql::plain(format!("STRFTIME({x}, '%Y-%m-%d %H:%M:%S.%f')")),
            Timeframe::Millisecond(0 | 1) => formatted(truncated("milliseconds", x), "%Y-%m-%d %H:%M:%S.%g"),
            Timeframe::Millisecond(n) => formatted(bucket(n, "milliseconds", x), "%Y-%m-%d %H:%M:%S.%g"),
            Timeframe::Minute(0 | 1) => formatted(truncated("minute", x), "%Y-%m-%d %H:%M"),
            Timeframe::Minute(n) => DimensionSql::plain(bucket(n, "minutes", x)),
            Timeframe::Hour(0 | 1) => formatted(truncated("hour", x), "%Y-%m-%d %H"),
            Timeframe::Hour(n) => DimensionSql::plain(bucket(n, "hours", x)),
            Timeframe::HourOfDay => extracted("HOUR", x),
            Timeframe::Date => DimensionSql::plain(self.to_date(x)),
            Timeframe::Week => DimensionSql::plain(week(x, calendar)),
            Timeframe::DayOfWeek => DimensionSql::plain(format!("DAYNAME({x})")),
            Timeframe::DayOfWeekIndex => DimensionSql::plain(match (6 + calendar.days_before_monday()) % 7 {
                0 => format!("EXTRACT(ISODOW FROM {x}) % 7"),
                shift => format!("(EXTRACT(ISODOW FROM {x}) + {shift}) % 7"),
            }),
            Timeframe::Month => formatted(truncated("month", x), "%Y-%m"),
            Timeframe::MonthNum => extracted("MONTH", x),
            Timeframe::MonthName => DimensionSql::plain(format!("MONTHNAME({x})")),
            Timeframe::DayOfMonth => extracted("DAY", x),
            Timeframe::Quarter => formatted(truncated("quarter", x), "%Y-%m"),
            Timeframe::QuarterOfYear => DimensionSql::plain(format!("'Q' || EXTRACT(QUARTER FROM {x})")),
            Timeframe::Year => extracted("YEAR", x),
            Timeframe::DayOfYear => extracted("DOY", x),
            Timeframe::WeekOfYear => extracted("WEEK", x),
            Timeframe::FiscalMonthNum => extracted("MONTH", &fiscal()),
            Timeframe::FiscalQuarter => formatted(truncated("quarter", &fiscal()), "%Y-%m"),
            Timeframe::FiscalQuarterOfYear => DimensionSql::plain(format!("'Q' || EXTRACT(QUARTER FROM {})", fiscal())),
            Timeframe::FiscalYear => extracted("YEAR", &fiscal()),
        }
    }

    fn period_start(&self, x: &str, timeframe: Timeframe, calendar: Calendar) -> String {
        let unit = match timeframe {
            Timeframe::Week => return week(x, calendar),
            Timeframe::Month => "month",
            Timeframe::Quarter | Timeframe::FiscalQuarter => "quarter",
            Timeframe::Year | Timeframe::FiscalYear => "year",
            _ => return self.to_date(x),
        };
        let shift = if timeframe.is_fiscal() { calendar.fiscal_month_offset } else { 0 };
        self.to_date(&truncated(unit, &months_earlier(x, shift)))
    }

    fn earlier(&self, x: &str, months: u32, days: u32) -> String {
        let x = operand(x);
        match (months, days) {
            (0, days) => format!("{x} - INTERVAL '{days} days'"),
            (months, _) => format!("{x} - INTERVAL '{months} months'"),
        }
    }

    fn function(&self, name: &str) -> Option<&'static str> {
        FUNCTIONS.iter().find(|(known, _)| *known == name).map(|(_, template)| *template)
    }

    fn formatted(&self, x: &str, format: &'static str) -> String {
        format!("STRFTIME({x}, '{format}')")
    }

    fn duration(&self, start: &str, end: &str, interval: Interval) -> String {
        let unit = match interval {
            Interval::Second => "second",
            Interval::Minute => "minute",
            Interval::Hour => "hour",
            Interval::Day => "day",
            Interval::Week => "week",
            Interval::Month => "month",
            Interval::Quarter => "quarter",
            Interval::Year => "year",
        };
        format!("DATE_SUB('{unit}', {start}, {end})")
    }

    fn distance(&self, from: (&str, &str), to: (&str, &str), unit: DistanceUnit) -> String {
        let (latitude, longitude) = (operand(from.0), operand(from.1));
        let (to_latitude, to_longitude) = (operand(to.0), operand(to.1));
        let diameter = 2.0 * EARTH_RADIUS / meters(unit);
        // The haversine formula: unlike the arc cosine it keeps its digits for near points. For opposite ones the root
        // can come out a little over 1; rounding takes that off and, unlike `LEAST`, keeps null.
        format!(
            "{diameter} * ASIN(ROUND(SQRT(POWER(SIN(RADIANS({to_latitude} - {latitude}) / 2), 2) + \
             COS(RADIANS({latitude})) * COS(RADIANS({to_latitude})) * \
             POWER(SIN(RADIANS({to_longitude} - {longitude}) / 2), 2)), 15))"
        )
    }

    fn median(&self, x: &str) -> String {
        // Of decimals the engine gives a decimal of the same scale, cut off.
        format!("MEDIAN(CAST({x} AS DOUBLE))")
    }

    fn percentile(&self, x: &str, percent: f64) -> String {
        let (Some(below), Some(above)) = (fraction(percent), fraction(100.0 - percent)) else {
            // At the ends there is one value only; DuckDB has no descending 0.
            return if percent > 50.0 { format!("MAX({x})") } else { format!("MIN({x})") };
        };
        // Seen from below and from above the two ranks are the same value, unless p * n is a whole rank.
        format!(
            "(PERCENTILE_DISC({below}) WITHIN GROUP (ORDER BY {x}) + \
             PERCENTILE_DISC({above}) WITHIN GROUP (ORDER BY {x} DESC)) / 2"
        )
    }

    fn list(&self, x: &str) -> String {
        format!("STRING_AGG(DISTINCT CAST({x} AS VARCHAR), '{LIST_SEPARATOR}' ORDER BY CAST({x} AS VARCHAR))")
    }

    fn value_of_key(&self, x: &str, key: &str, message: &str) -> String {
        let key = operand(key);
        format!(
            "CASE\n        WHEN {key} IS NULL THEN NULL\n        WHEN MIN({x}) <> MAX({x}) THEN ERROR({message})\n        \
             ELSE MIN({x})\n    END"
        )
    }

    fn is_aggregate(&self, function: &str) -> bool {
        is_listed(&AGGREGATES, function)
    }
}

/// The functions of the Looker expression language. Where one has no value, DuckDB fails or gives infinity: the condition
/// before it gives null instead.
const FUNCTIONS: [(&str, &str); 46] = [
    ("abs", "ABS({0})"),
    ("ceiling", "CEIL({0})"),
    ("floor", "FLOOR({0})"),
    ("round", "ROUND({0}, CAST({1} AS INTEGER))"),
    ("exp", "EXP({0})"),
    ("ln", "CASE WHEN ({0}) > 0 THEN LN({0}) ELSE NULL END"),
    ("log", "CASE WHEN ({0}) > 0 THEN LOG10({0}) ELSE NULL END"),
    ("mod", "MOD({0}, NULLIF({1}, 0))"),
    ("power", "POWER({0}, {1})"),
    ("sqrt", "CASE WHEN ({0}) >= 0 THEN SQRT({0}) ELSE NULL END"),
    ("rand", "RANDOM()"),
    ("concat", "CONCAT({*})"),
    ("contains", "CONTAINS({0}, {1})"),
    ("length", "LENGTH({0})"),
    ("lower", "LOWER({0})"),
    ("upper", "UPPER({0})"),
    ("position", "STRPOS({0}, {1})"),
    ("replace", "REPLACE({0}, {1}, {2})"),
    ("substring", "SUBSTRING({0}, CAST({1} AS BIGINT), CAST({2} AS BIGINT))"),
    ("date", "TRY(MAKE_DATE(CAST({0} AS BIGINT), CAST({1} AS BIGINT), CAST({2} AS BIGINT)))"),
    (
        "date_time",
        "TRY(MAKE_TIMESTAMP(CAST({0} AS BIGINT), CAST({1} AS BIGINT), CAST({2} AS BIGINT), CAST({3} AS BIGINT), \
         CAST({4} AS BIGINT), CAST({5} AS DOUBLE)))",
    ),
    ("add_seconds", "(CAST({1} AS TIMESTAMP) + TO_SECONDS(CAST({0} AS BIGINT)))"),
    ("add_minutes", "(CAST({1} AS TIMESTAMP) + TO_MINUTES(CAST({0} AS BIGINT)))"),
    ("add_hours", "(CAST({1} AS TIMESTAMP) + TO_HOURS(CAST({0} AS BIGINT)))"),
    ("add_days", "(({1}) + TO_DAYS(CAST({0} AS INTEGER)))"),
    ("add_months", "(({1}) + TO_MONTHS(CAST({0} AS INTEGER)))"),
    ("add_years", "(({1}) + TO_YEARS(CAST({0} AS INTEGER)))"),
    ("diff_seconds", "DATE_SUB('second', CAST({0} AS TIMESTAMP), CAST({1} AS TIMESTAMP))"),
    ("diff_minutes", "DATE_SUB('minute', CAST({0} AS TIMESTAMP), CAST({1} AS TIMESTAMP))"),
    ("diff_hours", "DATE_SUB('hour', CAST({0} AS TIMESTAMP), CAST({1} AS TIMESTAMP))"),
    ("diff_days", "DATE_SUB('day', CAST({0} AS TIMESTAMP), CAST({1} AS TIMESTAMP))"),
    ("diff_months", "DATE_SUB('month', CAST({0} AS TIMESTAMP), CAST({1} AS TIMESTAMP))"),
    ("diff_years", "DATE_SUB('year', CAST({0} AS TIMESTAMP), CAST({1} AS TIMESTAMP))"),
    ("extract_seconds", "EXTRACT(SECOND FROM CAST({0} AS TIMESTAMP))"),
    ("extract_minutes", "EXTRACT(MINUTE FROM CAST({0} AS TIMESTAMP))"),
    ("extract_hours", "EXTRACT(HOUR FROM CAST({0} AS TIMESTAMP))"),
    ("extract_days", "EXTRACT(DAY FROM {0})"),
    ("extract_months", "EXTRACT(MONTH FROM {0})"),
    ("extract_years", "EXTRACT(YEAR FROM {0})"),
    ("trunc_minutes", "DATE_TRUNC('minute', CAST({0} AS TIMESTAMP))"),
    ("trunc_hours", "DATE_TRUNC('hour', CAST({0} AS TIMESTAMP))"),
    ("trunc_days", "DATE_TRUNC('day', {0})"),
    ("trunc_months", "DATE_TRUNC('month', {0})"),
    ("trunc_years", "DATE_TRUNC('year', {0})"),
    ("coalesce", "COALESCE({*})"),
    ("is_null", "(({0}) IS NULL)"),
];

/// `text` between two marks, those inside doubled.
fn enclosed(text: &str, mark: char) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push(mark);
    for c in text.chars() {
        if c == mark {
            out.push(mark);
        }
        out.push(c);
    }
    out.push(mark);
    out
}

fn truncated(unit: &str, x: &str) -> String {
    format!("DATE_TRUNC('{unit}', {x})")
}

/// Time cut to `n` units. The buckets start at midnight, as `n` divides the next larger unit.
fn bucket(n: u16, unit: &str, x: &str) -> String {
    format!("TIME_BUCKET(INTERVAL '{n} {unit}', CAST({x} AS TIMESTAMP))")
}

fn formatted(base: String, format: &'static str) -> DimensionSql {
    DimensionSql { base, format: Some(format) }
}

fn extracted(part: &str, x: &str) -> DimensionSql {
    DimensionSql::plain(format!("EXTRACT({part} FROM {x})"))
}

fn week(x: &str, calendar: Calendar) -> String {
    match calendar.days_before_monday() {
        0 => format!("CAST(DATE_TRUNC('week', {x}) AS DATE)"),
        days => {
            let x = operand(x);
            format!("CAST(DATE_TRUNC('week', {x} + INTERVAL '{days} days') - INTERVAL '{days} days' AS DATE)")
        }
    }
}

/// The time whose calendar month is the fiscal month of `x`.
fn months_earlier(x: &str, months: i8) -> String {
    match months {
        0 => x.to_owned(),
        1.. => format!("{} - INTERVAL '{months} months'", operand(x)),
        _ => format!("{} + INTERVAL '{} months'", operand(x), months.unsigned_abs()),
    }
}

/// A percentage as a decimal literal between 0 and 1, exact to a millionth of a percent: DuckDB ranks decimals without
/// rounding. `None` at the ends.
fn fraction(percent: f64) -> Option<String> {
    let millionths = (percent.clamp(0.0, 100.0) * 1e6).round() as u64;
    if millionths == 0 || millionths == 100_000_000 {
        return None;
    }
    let digits = format!("{millionths:08}");
    Some(format!("0.{}", digits.trim_end_matches('0')))
}

/// Words in lower case.
type Words = LazyLock<HashSet<&'static str>>;

macro_rules! words {
    ($list:literal) => {
        LazyLock::new(|| $list.split(' ').collect())
    };
}

/// True when a word is listed, in any case.
fn is_listed(words: &Words, word: &str) -> bool {
    words.contains(word)
        || (word.bytes().any(|byte| byte.is_ascii_uppercase()) && words.contains(&*word.to_ascii_lowercase()))
}

/// Words that cannot name a table or an alias without quotes.
static RESERVED: Words = words!(
    "\
    all analyse analyze and anti any array as asc asof asymmetric at authorization between binary both by case cast \
    check collate collation column columns concurrently constraint create cross default deferrable desc describe \
    distinct do else end except exists false fetch for foreign freeze from full generated glob grant group grouping \
    having ilike in initially inner intersect interval into is isnull join lambda lateral leading left like limit \
    map natural not notnull null offset on only or order outer overlaps pivot pivot_longer pivot_wider placing \
    positional primary qualify references returning right select semi show similar some struct summarize symmetric \
    table tablesample then to trailing true try_cast union unique unpack unpivot using values variadic verbose when \
    where window with"
);

/// Aggregate functions.
static AGGREGATES: Words = words!(
    "\
    any_value approx_count_distinct approx_quantile approx_top_k arbitrary arg_max arg_max_null arg_max_nulls_last \
    arg_min arg_min_null arg_min_nulls_last argmax argmin array_agg avg bit_and bit_or bit_xor bitstring_agg \
    bool_and bool_or corr count count_if count_star countif covar_pop covar_samp cume_dist dense_rank entropy favg \
    fill first first_value fsum group_concat histogram histogram_exact kahan_sum kurtosis kurtosis_pop lag last \
    last_value lead list listagg mad max max_by mean median min min_by mode nth_value ntile percent_rank \
    percentile_cont percentile_disc product quantile quantile_cont quantile_disc rank rank_dense regr_avgx regr_avgy \
    regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy reservoir_quantile row_number sem \
    skewness stddev stddev_pop stddev_samp string_agg sum sum_no_overflow sumkahan var_pop var_samp variance"
);
