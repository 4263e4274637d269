//! From Arrow's types to cursors.

use super::nested::{Nested, Tree};
use super::{Bytes, Cursor, DEPTH_LIMIT, DayText, Dictionary, Ticks, Values};
use crate::error::Error;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type, Float32Type, Float64Type, Int8Type,
    Int16Type, Int32Type, Int64Type, IntervalDayTimeType, IntervalMonthDayNanoType, IntervalYearMonthType,
    Time32MillisecondType, Time32SecondType, Time64MicrosecondType, Time64NanosecondType, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type,
    UInt64Type,
};
use arrow_array::{AnyDictionaryArray, Array, ArrayRef};
use arrow_schema::{DataType, IntervalUnit, TimeUnit};

/// Checks that a column of this type can be written: what [`Cursor::open`] accepts, told from the type alone.
pub(crate) fn check(column: &str, data_type: &DataType) -> Result<(), Error> {
    check_at(column, data_type, 0)
}

fn check_at(column: &str, data_type: &DataType, depth: usize) -> Result<(), Error> {
    if depth > DEPTH_LIMIT {
        return Err(Error::TooDeep { column: column.to_owned(), limit: DEPTH_LIMIT });
    }
    let inner = |data_type| check_at(column, data_type, depth + 1);
    match data_type {
        DataType::Dictionary(_, values) => inner(values),
        DataType::List(item) | DataType::LargeList(item) | DataType::FixedSizeList(item, _) => inner(item.data_type()),
        DataType::Struct(members) => members.iter().try_for_each(|member| inner(member.data_type())),
        DataType::Map(entries, _) => match entries.data_type() {
            DataType::Struct(pair) => pair.iter().try_for_each(|member| inner(member.data_type())),
            other => Err(unsupported(column, other)),
        },
        leaf if is_leaf(leaf) => Ok(()),
        other => Err(unsupported(column, other)),
    }
}

fn unsupported(column: &str, data_type: &DataType) -> Error {
    Error::UnsupportedType { column: column.to_owned(), data_type: data_type.to_string() }
}

/// The types that [`leaf`] opens.
fn is_leaf(data_type: &DataType) -> bool {
    data_type.is_integer()
        || matches!(
            data_type,
            DataType::Null
                | DataType::Boolean
                | DataType::Float32
                | DataType::Float64
                | DataType::Decimal32(..)
                | DataType::Decimal64(..)
                | DataType::Decimal128(..)
                | DataType::Utf8
                | DataType::LargeUtf8
                | DataType::Utf8View
                | DataType::Date32
                | DataType::Date64
                | DataType::Timestamp(..)
                | DataType::Time32(_)
                | DataType::Time64(_)
                | DataType::Interval(_)
                | DataType::Binary
                | DataType::LargeBinary
                | DataType::BinaryView
                | DataType::FixedSizeBinary(_)
        )
}

impl<'a> Cursor<'a> {
    /// Opens a column; `column` is its name in errors.
    pub(crate) fn open(column: &str, array: &'a ArrayRef) -> Result<Self, Error> {
        Self::open_at(column, array, 0)
    }

    /// Opens an array that lies `depth` levels deep in `column`.
    pub(super) fn open_at(column: &str, array: &'a ArrayRef, depth: usize) -> Result<Self, Error> {
        if depth > DEPTH_LIMIT {
            return Err(Error::TooDeep { column: column.to_owned(), limit: DEPTH_LIMIT });
        }
        let values = match array.data_type() {
            DataType::Dictionary(..) => dictionary(column, array.as_any_dictionary(), depth)?,
            DataType::List(_)
            | DataType::LargeList(_)
            | DataType::FixedSizeList(..)
            | DataType::Struct(_)
            | DataType::Map(..) => Values::Nested(Box::new(Nested::new(Tree::open(column, array, depth)?))),
            data_type => leaf(array).ok_or_else(|| unsupported(column, data_type))?,
        };
        Ok(Self { nulls: array.nulls(), values })
    }

    /// Whether a struct or map lies in the column.
    pub(super) fn holds_objects(&self) -> bool {
        match &self.values {
            Values::Nested(nested) => nested.holds_objects(),
            Values::Dictionary(dictionary) => dictionary.values.holds_objects(),
            _ => false,
        }
    }
}

fn dictionary<'a>(column: &str, array: &'a dyn AnyDictionaryArray, depth: usize) -> Result<Values<'a>, Error> {
    let values = Cursor::open_at(column, array.values(), depth + 1)?;
    if array.values().is_empty() {
        // Without a value every key is null.
        return Ok(Values::Null);
    }
    Ok(Values::Dictionary(Box::new(Dictionary { keys: array.normalized_keys(), values })))
}

/// A column without arrays inside; `None` for types that no format can show.
fn leaf(array: &ArrayRef) -> Option<Values<'_>> {
    Some(match array.data_type() {
        DataType::Null => Values::Null,
        DataType::Boolean => Values::Boolean(array.as_boolean()),
        DataType::Int8 => Values::Int8(array.as_primitive::<Int8Type>().values()),
        DataType::Int16 => Values::Int16(array.as_primitive::<Int16Type>().values()),
        DataType::Int32 => Values::Int32(array.as_primitive::<Int32Type>().values()),
        DataType::Int64 => Values::Int64(array.as_primitive::<Int64Type>().values()),
        DataType::UInt8 => Values::UInt8(array.as_primitive::<UInt8Type>().values()),
        DataType::UInt16 => Values::UInt16(array.as_primitive::<UInt16Type>().values()),
        DataType::UInt32 => Values::UInt32(array.as_primitive::<UInt32Type>().values()),
        DataType::UInt64 => Values::UInt64(array.as_primitive::<UInt64Type>().values()),
        DataType::Float32 => Values::Float32(array.as_primitive::<Float32Type>().values()),
        DataType::Float64 => Values::Float64(array.as_primitive::<Float64Type>().values()),
        DataType::Decimal32(_, scale) => Values::Decimal32(array.as_primitive::<Decimal32Type>().values(), *scale),
        DataType::Decimal64(_, scale) => Values::Decimal64(array.as_primitive::<Decimal64Type>().values(), *scale),
        DataType::Decimal128(_, scale) => Values::Decimal128(array.as_primitive::<Decimal128Type>().values(), *scale),
        DataType::Utf8 => Values::Text(array.as_string()),
        DataType::LargeUtf8 => Values::LargeText(array.as_string()),
        DataType::Utf8View => Values::TextView(array.as_string_view()),
        DataType::Date32 => Values::Date32(array.as_primitive::<Date32Type>().values(), DayText::new()),
        DataType::Date64 => Values::Date64(array.as_primitive::<Date64Type>().values(), DayText::new()),
        DataType::Timestamp(unit, _) => Values::Timestamp(timestamps(array, *unit), ticks(*unit), DayText::new()),
        DataType::Time32(unit @ TimeUnit::Second) => {
            Values::Time32(array.as_primitive::<Time32SecondType>().values(), ticks(*unit))
        }
        DataType::Time32(unit @ TimeUnit::Millisecond) => {
            Values::Time32(array.as_primitive::<Time32MillisecondType>().values(), ticks(*unit))
        }
        DataType::Time64(unit @ TimeUnit::Microsecond) => {
            Values::Time64(array.as_primitive::<Time64MicrosecondType>().values(), ticks(*unit))
        }
        DataType::Time64(unit @ TimeUnit::Nanosecond) => {
            Values::Time64(array.as_primitive::<Time64NanosecondType>().values(), ticks(*unit))
        }
        DataType::Interval(IntervalUnit::YearMonth) => {
            Values::Months(array.as_primitive::<IntervalYearMonthType>().values())
        }
        DataType::Interval(IntervalUnit::DayTime) => {
            Values::DayTime(array.as_primitive::<IntervalDayTimeType>().values())
        }
        DataType::Interval(IntervalUnit::MonthDayNano) => {
            Values::MonthDayNano(array.as_primitive::<IntervalMonthDayNanoType>().values())
        }
        DataType::Binary => Values::Binary(Bytes::Small(array.as_binary()), Vec::new()),
        DataType::LargeBinary => Values::Binary(Bytes::Large(array.as_binary()), Vec::new()),
        DataType::BinaryView => Values::Binary(Bytes::View(array.as_binary_view()), Vec::new()),
        DataType::FixedSizeBinary(_) => Values::Binary(Bytes::Fixed(array.as_fixed_size_binary()), Vec::new()),
        _ => return None,
    })
}

fn timestamps(array: &ArrayRef, unit: TimeUnit) -> &[i64] {
    match unit {
        TimeUnit::Second => array.as_primitive::<TimestampSecondType>().values(),
        TimeUnit::Millisecond => array.as_primitive::<TimestampMillisecondType>().values(),
        TimeUnit::Microsecond => array.as_primitive::<TimestampMicrosecondType>().values(),
        TimeUnit::Nanosecond => array.as_primitive::<TimestampNanosecondType>().values(),
    }
}

const fn ticks(unit: TimeUnit) -> Ticks {
    Ticks(match unit {
        TimeUnit::Second => 1,
        TimeUnit::Millisecond => 1_000,
        TimeUnit::Microsecond => 1_000_000,
        TimeUnit::Nanosecond => 1_000_000_000,
    })
}
