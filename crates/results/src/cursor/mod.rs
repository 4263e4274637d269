//! Columns of a batch, downcast once, read cell by cell.
//!
//! A cursor knows the type of its column as a variant, so that a cell costs one branch and no virtual call.

mod nested;
mod open;

use crate::calendar;
use crate::number::Number;
use crate::sink::Sink;
use arrow_array::{
    BinaryArray, BinaryViewArray, BooleanArray, FixedSizeBinaryArray, LargeBinaryArray, LargeStringArray, StringArray,
    StringViewArray,
};
use arrow_buffer::{IntervalDayTime, IntervalMonthDayNano, NullBuffer};
use nested::Nested;

pub(crate) use open::check;

/// Levels of lists, structs, maps and dictionaries that are written.
const DEPTH_LIMIT: usize = 32;

/// One column of a batch.
pub(crate) struct Cursor<'a> {
    nulls: Option<&'a NullBuffer>,
    values: Values<'a>,
}

enum Values<'a> {
    Null,
    Boolean(&'a BooleanArray),
    Int8(&'a [i8]),
    Int16(&'a [i16]),
    Int32(&'a [i32]),
    Int64(&'a [i64]),
    UInt8(&'a [u8]),
    UInt16(&'a [u16]),
    UInt32(&'a [u32]),
    UInt64(&'a [u64]),
    Float32(&'a [f32]),
    Float64(&'a [f64]),
    Decimal32(&'a [i32], i8),
    Decimal64(&'a [i64], i8),
    Decimal128(&'a [i128], i8),
    Text(&'a StringArray),
    LargeText(&'a LargeStringArray),
    TextView(&'a StringViewArray),
    Date32(&'a [i32], DayText),
    Date64(&'a [i64], DayText),
    Timestamp(&'a [i64], Ticks, DayText),
    Time32(&'a [i32], Ticks),
    Time64(&'a [i64], Ticks),
    Months(&'a [i32]),
    DayTime(&'a [IntervalDayTime]),
    MonthDayNano(&'a [IntervalMonthDayNano]),
    Binary(Bytes<'a>, Vec<u8>),
    Dictionary(Box<Dictionary<'a>>),
    Nested(Box<Nested<'a>>),
}

/// Columns of bytes, written as lower-case hexadecimal digits (unverified).
enum Bytes<'a> {
    Small(&'a BinaryArray),
    Large(&'a LargeBinaryArray),
    View(&'a BinaryViewArray),
    Fixed(&'a FixedSizeBinaryArray),
}

/// A column of numbered values.
struct Dictionary<'a> {
    keys: Vec<usize>,
    values: Cursor<'a>,
}

/// The unit of a time: how many make a second.
#[derive(Clone, Copy)]
struct Ticks(i64);

impl Ticks {
    /// Nanoseconds of one tick.
    const fn nanoseconds(self) -> i64 {
        1_000_000_000 / self.0
    }
}

/// The text of the day that was asked for last: neighbours often share it.
struct DayText {
    day: i64,
    text: calendar::Short<24>,
}

impl DayText {
    fn new() -> Self {
        Self { day: 0, text: calendar::date(0) }
    }

    #[inline]
    fn of(&mut self, day: i64) -> &[u8] {
        if day != self.day {
            *self = Self { day, text: calendar::date(day) };
        }
        self.text.as_bytes()
    }
}

/// What a cell turned out to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Held {
    /// Nothing; infinities and NaN, which JSON cannot say, count as nothing.
    Null,
    /// A value.
    Value,
}

impl Cursor<'_> {
    /// Writes the raw value of `row`.
    #[inline]
    pub(crate) fn write(&mut self, row: usize, sink: &mut impl Sink) -> Held {
        if self.nulls.is_some_and(|nulls| nulls.is_null(row)) {
            sink.null();
            return Held::Null;
        }
        if let Some(number) = self.plain_number(row) {
            number.with_text(|text| sink.number(text));
            return Held::Value;
        }
        match &mut self.values {
            Values::Text(array) => sink.text(array.value(row)),
            Values::LargeText(array) => sink.text(array.value(row)),
            Values::TextView(array) => sink.text(array.value(row)),
            Values::Boolean(array) => sink.word(if array.value(row) { b"Yes" } else { b"No" }),
            Values::Date32(days, cached) => write_day(days[row].into(), i32::MAX.into(), cached, sink),
            Values::Date64(times, cached) => write_day(times[row].div_euclid(86_400_000), i64::MAX, cached, sink),
            Values::Timestamp(times, ticks, cached) => write_timestamp(times[row], *ticks, cached, sink),
            Values::Time32(times, ticks) => write_time(times[row].into(), *ticks, sink),
            Values::Time64(times, ticks) => write_time(times[row], *ticks, sink),
            Values::Months(months) => sink.word(calendar::interval(months[row], 0, 0).as_bytes()),
            Values::DayTime(intervals) => {
                let IntervalDayTime { days, milliseconds } = intervals[row];
                sink.word(calendar::interval(0, days, i64::from(milliseconds) * 1_000_000).as_bytes());
            }
            Values::MonthDayNano(intervals) => {
                let IntervalMonthDayNano { months, days, nanoseconds } = intervals[row];
                sink.word(calendar::interval(months, days, nanoseconds).as_bytes());
            }
            Values::Binary(bytes, digits) => {
                write_hex(bytes.value(row), digits);
                sink.word(digits);
            }
            Values::Dictionary(dictionary) => return dictionary.values.write(dictionary.keys[row], sink),
            Values::Nested(nested) => nested.write(row, sink),
            // The numbers among these are no finite ones.
            _ => {
                sink.null();
                return Held::Null;
            }
        }
        Held::Value
    }

    /// The number of `row`; `None` for null, for infinities and NaN, and for what is no number.
    #[inline]
    pub(crate) fn number(&self, row: usize) -> Option<Number> {
        if self.nulls.is_some_and(|nulls| nulls.is_null(row)) {
            return None;
        }
        match &self.values {
            Values::Dictionary(dictionary) => dictionary.values.number(dictionary.keys[row]),
            _ => self.plain_number(row),
        }
    }

    /// The text of `row`; `None` for null and for what is no text.
    pub(crate) fn text(&self, row: usize) -> Option<&str> {
        if self.nulls.is_some_and(|nulls| nulls.is_null(row)) {
            return None;
        }
        match &self.values {
            Values::Text(array) => Some(array.value(row)),
            Values::LargeText(array) => Some(array.value(row)),
            Values::TextView(array) => Some(array.value(row)),
            Values::Dictionary(dictionary) => dictionary.values.text(dictionary.keys[row]),
            _ => None,
        }
    }

    /// The day or time of `row`; `None` for null, for infinities and for what is neither.
    pub(crate) fn moment(&self, row: usize) -> Option<Moment> {
        if self.nulls.is_some_and(|nulls| nulls.is_null(row)) {
            return None;
        }
        match &self.values {
            Values::Date32(days, _) => Moment::of_day(days[row].into(), i32::MAX.into()),
            Values::Date64(times, _) => Moment::of_day(times[row].div_euclid(86_400_000), i64::MAX),
            Values::Timestamp(times, ticks, _) => Moment::of_time(times[row], *ticks),
            _ => None,
        }
    }

    /// The number where the column itself holds numbers and `row` is not null.
    #[inline]
    fn plain_number(&self, row: usize) -> Option<Number> {
        Some(match &self.values {
            Values::Int8(values) => Number::Integer(values[row].into()),
            Values::Int16(values) => Number::Integer(values[row].into()),
            Values::Int32(values) => Number::Integer(values[row].into()),
            Values::Int64(values) => Number::Integer(values[row]),
            Values::UInt8(values) => Number::Unsigned(values[row].into()),
            Values::UInt16(values) => Number::Unsigned(values[row].into()),
            Values::UInt32(values) => Number::Unsigned(values[row].into()),
            Values::UInt64(values) => Number::Unsigned(values[row]),
            Values::Float32(values) if values[row].is_finite() => Number::Single(values[row]),
            Values::Float64(values) if values[row].is_finite() => Number::Double(values[row]),
            Values::Decimal32(values, scale) => Number::Decimal { unscaled: values[row].into(), scale: *scale },
            Values::Decimal64(values, scale) => Number::Decimal { unscaled: values[row].into(), scale: *scale },
            Values::Decimal128(values, scale) => Number::Decimal { unscaled: values[row], scale: *scale },
            _ => return None,
        })
    }
}

/// A day, or a time on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment {
    /// Days since 1970-01-01.
    pub(crate) day: i64,
    /// Nanoseconds since midnight; `None` for whole days.
    pub(crate) nanoseconds: Option<i64>,
}

impl Moment {
    fn of_day(day: i64, highest: i64) -> Option<Self> {
        infinity(day, highest).is_none().then_some(Self { day, nanoseconds: None })
    }

    fn of_time(value: i64, ticks: Ticks) -> Option<Self> {
        if infinity(value, i64::MAX).is_some() {
            return None;
        }
        let seconds = value.div_euclid(ticks.0);
        let of_day = seconds.rem_euclid(86_400) * 1_000_000_000 + value.rem_euclid(ticks.0) * ticks.nanoseconds();
        Some(Self { day: seconds.div_euclid(86_400), nanoseconds: Some(of_day) })
    }
}

/// DuckDB's infinite days and times are the ends of their range.
fn infinity(value: i64, highest: i64) -> Option<&'static [u8]> {
    match value {
        _ if value == highest => Some(b"infinity"),
        _ if value == -highest => Some(b"-infinity"),
        _ => None,
    }
}

#[inline]
fn write_day(day: i64, highest: i64, cached: &mut DayText, sink: &mut impl Sink) {
    sink.word(infinity(day, highest).unwrap_or_else(|| cached.of(day)));
}

#[inline]
fn write_timestamp(value: i64, ticks: Ticks, cached: &mut DayText, sink: &mut impl Sink) {
    if let Some(word) = infinity(value, i64::MAX) {
        return sink.word(word);
    }
    let seconds = value.div_euclid(ticks.0);
    let day = cached.of(seconds.div_euclid(86_400));
    let of_day = seconds.rem_euclid(86_400) * 1_000_000_000 + value.rem_euclid(ticks.0) * ticks.nanoseconds();
    let time = calendar::time(of_day);
    let mut text = [b' '; 64];
    let end = day.len() + 1 + time.as_bytes().len();
    text[..day.len()].copy_from_slice(day);
    text[day.len() + 1..end].copy_from_slice(time.as_bytes());
    sink.word(&text[..end]);
}

fn write_time(value: i64, ticks: Ticks, sink: &mut impl Sink) {
    sink.word(calendar::time(value.saturating_mul(ticks.nanoseconds())).as_bytes());
}

fn write_hex(bytes: &[u8], out: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    out.clear();
    out.extend(bytes.iter().flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]));
}

impl Bytes<'_> {
    fn value(&self, row: usize) -> &[u8] {
        match self {
            Self::Small(array) => array.value(row),
            Self::Large(array) => array.value(row),
            Self::View(array) => array.value(row),
            Self::Fixed(array) => array.value(row),
        }
    }
}
