//! How the values of each Arrow type read, in JSON and in text.

use crate::support::{dimensions, plain};
use arrow_array::builder::{
    FixedSizeListBuilder, Int32Builder, Int64Builder, LargeListBuilder, ListBuilder, MapBuilder, StringBuilder,
};
use arrow_array::types::{Int8Type, IntervalDayTime, IntervalMonthDayNano, UInt16Type};
use arrow_array::{
    ArrayRef, BinaryArray, BinaryViewArray, BooleanArray, Date32Array, Date64Array, Decimal32Array, Decimal64Array,
    Decimal128Array, DictionaryArray, FixedSizeBinaryArray, Float32Array, Float64Array, Int8Array, Int16Array,
    Int32Array, Int64Array, IntervalDayTimeArray, IntervalMonthDayNanoArray, IntervalYearMonthArray, LargeBinaryArray,
    LargeStringArray, NullArray, StringArray, StringViewArray, StructArray, Time32MillisecondArray, Time32SecondArray,
    Time64MicrosecondArray, Time64NanosecondArray, TimestampMicrosecondArray, TimestampMillisecondArray,
    TimestampNanosecondArray, TimestampSecondArray, UInt8Array, UInt16Array, UInt32Array, UInt64Array,
};
use arrow_schema::{DataType, Field};
use belvedere_results::Format;
use std::sync::Arc;

/// Checks the values of an array as json writes them, and after them a null.
fn check_json(array: impl Into<Vec<(ArrayRef, &'static str)>>) {
    for (array, expected) in array.into() {
        let (layout, batch) = dimensions(vec![array]);
        let body = plain(Format::Json, &layout, std::slice::from_ref(&batch));
        let values = body.strip_prefix(r#"[{"v.a":"#).and_then(|rows| rows.strip_suffix("}]")).expect("there are rows");
        assert_eq!(values.replace(r#"},{"v.a":"#, " "), expected, "{}", batch.column(0).data_type());
    }
}

/// The values of an array as csv writes them, one a line.
fn csv(array: ArrayRef) -> String {
    let (layout, batch) = dimensions(vec![array]);
    plain(Format::Csv, &layout, &[batch]).strip_prefix("V A\n").expect("there is a header").to_owned()
}

#[test]
fn integers_are_numbers() {
    check_json([
        (Arc::new(Int8Array::from(vec![Some(i8::MIN), Some(7), None])) as ArrayRef, "-128 7 null"),
        (Arc::new(Int16Array::from(vec![Some(i16::MIN), None])), "-32768 null"),
        (Arc::new(Int32Array::from(vec![Some(i32::MIN), None])), "-2147483648 null"),
        (Arc::new(Int64Array::from(vec![Some(i64::MIN), None])), "-9223372036854775808 null"),
        (Arc::new(UInt8Array::from(vec![Some(u8::MAX), None])), "255 null"),
        (Arc::new(UInt16Array::from(vec![Some(u16::MAX), None])), "65535 null"),
        (Arc::new(UInt32Array::from(vec![Some(u32::MAX), None])), "4294967295 null"),
        (Arc::new(UInt64Array::from(vec![Some(u64::MAX), None])), "18446744073709551615 null"),
    ]);
}

#[test]
fn floats_are_short_and_what_json_cannot_say_is_null() {
    check_json([
        (
            Arc::new(Float64Array::from(vec![Some(0.1), Some(107.0), Some(f64::NAN), Some(f64::INFINITY), None]))
                as ArrayRef,
            "0.1 107 null null null",
        ),
        (Arc::new(Float32Array::from(vec![Some(0.1), Some(-2.0), Some(f32::NEG_INFINITY), None])), "0.1 -2 null null"),
    ]);
    assert_eq!(csv(Arc::new(Float64Array::from(vec![1e300, f64::NAN]))), "1e+300\n\n");
}

#[test]
fn decimals_are_exact_numbers_without_zeros_at_the_end() {
    let decimals = |values: Vec<Option<i128>>, precision, scale| -> ArrayRef {
        let array = Decimal128Array::from(values).with_precision_and_scale(precision, scale);
        Arc::new(array.expect("the values are in range"))
    };
    let short = Decimal32Array::from(vec![Some(1250), None]).with_precision_and_scale(9, 2).expect("in range");
    let long = Decimal64Array::from(vec![Some(-1), None]).with_precision_and_scale(18, 3).expect("in range");
    check_json([
        (decimals(vec![Some(1250), Some(1200), Some(-5), Some(0), None], 12, 2), "12.5 12 -0.05 0 null"),
        (
            decimals(vec![Some(99_999_999_999_999_999_999_999_999_999_999_999_999), None], 38, 0),
            "99999999999999999999999999999999999999 null",
        ),
        (decimals(vec![Some(12), None], 5, -2), "1200 null"),
        (Arc::new(short), "12.5 null"),
        (Arc::new(long), "-0.001 null"),
    ]);
}

#[test]
fn booleans_are_yes_and_no() {
    check_json([(Arc::new(BooleanArray::from(vec![Some(true), Some(false), None])) as ArrayRef, r#""Yes" "No" null"#)]);
}

#[test]
fn text_of_every_layout_reads_the_same() {
    let long = "a text that is longer than a view holds inline";
    let expected = r#""é" "a text that is longer than a view holds inline" null"#;
    let values = vec![Some("é"), Some(long), None];
    check_json([
        (Arc::new(StringArray::from(values.clone())) as ArrayRef, expected),
        (Arc::new(LargeStringArray::from(values.clone())), expected),
        (Arc::new(StringViewArray::from(values)), expected),
    ]);
}

#[test]
fn enums_read_as_their_words() {
    let words: DictionaryArray<Int8Type> = vec![Some("b"), Some("a"), None, Some("b")].into_iter().collect();
    let numbers = DictionaryArray::<UInt16Type>::new(
        UInt16Array::from(vec![Some(1), Some(0), None]),
        Arc::new(Int64Array::from(vec![Some(5), None])),
    );
    let empty =
        DictionaryArray::<Int8Type>::new(Int8Array::from(vec![None]), Arc::new(StringArray::from(Vec::<&str>::new())));
    check_json([
        (Arc::new(words) as ArrayRef, r#""b" "a" null "b""#),
        (Arc::new(numbers), "null 5 null"),
        (Arc::new(empty), "null"),
    ]);
}

#[test]
fn days_read_as_dates() {
    check_json([
        (
            Arc::new(Date32Array::from(vec![Some(19_969), Some(-1), Some(i32::MAX), Some(-i32::MAX), None]))
                as ArrayRef,
            r#""2024-09-03" "1969-12-31" "infinity" "-infinity" null"#,
        ),
        (
            Arc::new(Date64Array::from(vec![Some(19_969 * 86_400_000), Some(-1), None])),
            r#""2024-09-03" "1969-12-31" null"#,
        ),
    ]);
}

#[test]
fn timestamps_read_to_the_second_and_further_only_when_they_must() {
    let seconds = 1_725_383_700;
    let plain = r#""2024-09-03 17:15:00" null"#;
    check_json([
        (Arc::new(TimestampSecondArray::from(vec![Some(seconds), None])) as ArrayRef, plain),
        (Arc::new(TimestampMillisecondArray::from(vec![Some(seconds * 1_000), None])), plain),
        (Arc::new(TimestampMicrosecondArray::from(vec![Some(seconds * 1_000_000), None])), plain),
        (Arc::new(TimestampNanosecondArray::from(vec![Some(seconds * 1_000_000_000), None])), plain),
        (
            Arc::new(TimestampMicrosecondArray::from(vec![Some(seconds * 1_000_000), None]).with_timezone("+02:00")),
            plain,
        ),
        (
            Arc::new(TimestampMicrosecondArray::from(vec![-1, 500_000, i64::MAX, -i64::MAX])),
            r#""1969-12-31 23:59:59.999999" "1970-01-01 00:00:00.5" "infinity" "-infinity""#,
        ),
    ]);
}

#[test]
fn times_of_day_and_intervals_are_text() {
    let day_nanos = IntervalMonthDayNano { months: 14, days: 3, nanoseconds: 3_600_000_000_000 };
    let day_time = IntervalDayTime { days: -2, milliseconds: 1_500 };
    check_json([
        (
            Arc::new(Time64MicrosecondArray::from(vec![Some(62_100_000_000), Some(1), None])) as ArrayRef,
            r#""17:15:00" "00:00:00.000001" null"#,
        ),
        (Arc::new(Time64NanosecondArray::from(vec![Some(86_400_000_000_000), None])), r#""24:00:00" null"#),
        (Arc::new(Time32SecondArray::from(vec![Some(62_100), None])), r#""17:15:00" null"#),
        (Arc::new(Time32MillisecondArray::from(vec![Some(62_100_250), None])), r#""17:15:00.25" null"#),
        (
            Arc::new(IntervalMonthDayNanoArray::from(vec![Some(day_nanos), None])),
            r#""1 year 2 months 3 days 01:00:00" null"#,
        ),
        (Arc::new(IntervalYearMonthArray::from(vec![Some(1), None])), r#""1 month" null"#),
        (Arc::new(IntervalDayTimeArray::from(vec![Some(day_time), None])), r#""-2 days 00:00:01.5" null"#),
    ]);
}

#[test]
fn bytes_are_hexadecimal() {
    let bytes: Vec<Option<&[u8]>> = vec![Some(b"\x00\xab"), None];
    let expected = r#""00ab" null"#;
    let fixed = FixedSizeBinaryArray::try_from_sparse_iter_with_size(bytes.iter().copied(), 2).expect("two bytes each");
    check_json([
        (Arc::new(BinaryArray::from(bytes.clone())) as ArrayRef, expected),
        (Arc::new(LargeBinaryArray::from(bytes.clone())), expected),
        (Arc::new(BinaryViewArray::from(bytes)), expected),
        (Arc::new(fixed), expected),
    ]);
}

#[test]
fn the_null_type_is_null() {
    check_json([(Arc::new(NullArray::new(2)) as ArrayRef, "null null")]);
    assert_eq!(csv(Arc::new(NullArray::new(1))), "\n");
}

#[test]
fn lists_are_arrays_in_json_and_their_json_in_text() {
    let mut small = ListBuilder::new(StringBuilder::new());
    small.append_value([Some("a<"), None]);
    small.append_value(Vec::<Option<&str>>::new());
    small.append_null();
    let mut large = LargeListBuilder::new(Int64Builder::new());
    large.append_value([Some(1), None]);
    let mut fixed = FixedSizeListBuilder::new(Int32Builder::new(), 2);
    fixed.values().append_slice(&[1, 2, 3, 4]);
    fixed.append(true);
    fixed.append(true);
    let small = Arc::new(small.finish());
    check_json([
        (small.clone() as ArrayRef, r#"["a\u003c",null] [] null"#),
        (Arc::new(large.finish()), "[1,null]"),
        (Arc::new(fixed.finish().slice(1, 1)), "[3,4]"),
    ]);
    assert_eq!(csv(small), "\"[\"\"a\\u003c\"\",null]\"\n[]\n\n");
}

#[test]
fn structs_and_maps_are_objects_in_json() {
    let members: Vec<(Arc<Field>, ArrayRef)> = vec![
        (Arc::new(Field::new("x\"", DataType::Int64, true)), Arc::new(Int64Array::from(vec![Some(1), None]))),
        (Arc::new(Field::new("y", DataType::Utf8, true)), Arc::new(StringArray::from(vec![Some("é"), None]))),
    ];
    let mut map = MapBuilder::new(None, Int32Builder::new(), StringBuilder::new());
    map.keys().append_value(7);
    map.values().append_value("a");
    map.keys().append_value(8);
    map.values().append_null();
    map.append(true).expect("keys and values are as many");
    map.append(false).expect("keys and values are as many");
    check_json([
        (Arc::new(StructArray::from(members)) as ArrayRef, r#"{"x\"":1,"y":"é"} {"x\"":null,"y":null}"#),
        (Arc::new(map.finish()), r#"{"7":"a","8":null} null"#),
    ]);
}

#[test]
fn parts_of_an_array_are_read_from_their_own_start() {
    let numbers = Int64Array::from(vec![Some(1), None, Some(3), None]);
    let texts = StringArray::from(vec![Some("a"), None, Some("c")]);
    check_json([
        (Arc::new(numbers.slice(1, 3)) as ArrayRef, "null 3 null"),
        (Arc::new(texts.slice(1, 2)), r#"null "c""#),
    ]);
}
