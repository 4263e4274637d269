//! json_detail: what stands around the rows, and the members of cells.

use crate::support::{body, dimensions, orders, plain};
use arrow_array::{ArrayRef, Date32Array, Float64Array, Int64Array, StringArray, TimestampMicrosecondArray};
use belvedere_results::{Column, End, Format, Layout, NumberFormat, Options, Rendering, Role, RunError, ValueFormat};
use std::sync::Arc;

/// The rows of a `json_detail` body.
fn data(body: &str) -> &str {
    let rows = body.strip_prefix(r#"{"data":["#).expect("the layout has no head");
    rows.strip_suffix(r#"],"status":"complete"}"#).expect("the run is complete")
}

/// The rows that one column makes, each cell by itself.
fn cells(rendering: Rendering, role: Role, array: ArrayRef) -> Vec<String> {
    let (mut layout, batch) = dimensions(vec![array]);
    layout.columns[0] = Column { rendering, ..Column::new("f", "F", role, 0) };
    let body = plain(Format::JsonDetail, &layout, &[batch]);
    let rows = data(&body).strip_prefix(r#"{"f":"#).and_then(|rows| rows.strip_suffix('}'));
    rows.expect("there are rows").split(r#"},{"f":"#).map(str::to_owned).collect()
}

#[test]
fn data_stands_between_what_is_known_before_and_after() {
    let (mut layout, batch) = orders();
    layout.columns.truncate(2);
    layout.head.detail =
        vec![("id".to_owned(), br#""8a1f""#.to_vec()), ("fields".to_owned(), br#"{"measures":[]}"#.to_vec())];
    let end = End { detail: vec![("runtime".to_owned(), br#""0.952""#.to_vec())], notes: vec![] };
    assert_eq!(
        body(Format::JsonDetail, &layout, Options::default(), &[batch], &end),
        concat!(
            r#"{"id":"8a1f","fields":{"measures":[]},"data":["#,
            r#"{"orders.status":{"value":"complete"},"orders.count":{"value":1042,"rendered":"1,042"}},"#,
            r#"{"orders.status":{"value":"R\u0026D, \"x\"","filterable_value":"\"R\u0026D, \\\"x\\\"\""},"#,
            r#""orders.count":{"value":3}},"#,
            r#"{"orders.status":{"value":null,"filterable_value":"EMPTY"},"orders.count":{"value":null}}"#,
            r#"],"status":"complete","runtime":"0.952"}"#
        )
    );
}

#[test]
fn notes_stand_in_errors_without_ending_the_run() {
    let (layout, _) = orders();
    let end = End { detail: vec![], notes: vec![RunError::new("conditional SQL")] };
    assert_eq!(
        body(Format::JsonDetail, &layout, Options::default(), &[], &end),
        concat!(
            r#"{"data":[],"errors":[{"message":"conditional SQL","message_details":null,"params":null,"#,
            r#""error_pos":null,"level":null,"fatal":false,"sql_error_loc":null,"edit_url":null}],"#,
            r#""status":"complete"}"#
        )
    );
}

#[test]
fn a_number_is_rendered_where_its_text_differs() {
    let numbers: ArrayRef = Arc::new(Int64Array::from(vec![962, 1062, -5, -1000]));
    assert_eq!(
        cells(Rendering::Number, Role::Measure, numbers),
        [
            r#"{"value":962}"#,
            r#"{"value":1062,"rendered":"1,062"}"#,
            r#"{"value":-5}"#,
            r#"{"value":-1000,"rendered":"-1,000"}"#
        ]
    );
}

#[test]
fn whole_values_of_a_float_measure_are_filtered_with_a_fraction() {
    let numbers: ArrayRef = Arc::new(Float64Array::from(vec![Some(107.0), Some(0.0), Some(1.5), Some(2000.25), None]));
    assert_eq!(
        cells(Rendering::Number, Role::Measure, numbers),
        [
            r#"{"value":107,"filterable_value":"107.0"}"#,
            r#"{"value":0,"filterable_value":"0.0"}"#,
            r#"{"value":1.5}"#,
            r#"{"value":2000.25,"rendered":"2,000.25"}"#,
            r#"{"value":null}"#
        ]
    );
}

#[test]
fn values_with_a_format_are_rendered_where_the_text_differs() {
    let numbers: ArrayRef = Arc::new(Int64Array::from(vec![5, 5000]));
    let (mut layout, batch) = dimensions(vec![numbers]);
    layout.columns[0].format = Some(ValueFormat::compile("#,##0").expect("the format is supported"));
    layout.columns[0].role = Role::Measure;
    let options = Options { apply_formatting: false, number_format: NumberFormat::SpaceComma };
    let body = body(Format::JsonDetail, &layout, options, &[batch], &End::default());
    assert_eq!(data(&body), r#"{"v.a":{"value":5}},{"v.a":{"value":5000,"rendered":"5 000"}}"#);
}

#[test]
fn a_week_is_filtered_by_its_seven_days() {
    let weeks: ArrayRef = Arc::new(StringArray::from(vec![Some("2022-06-06"), None]));
    assert_eq!(
        cells(Rendering::Week, Role::Dimension, weeks),
        [
            r#"{"value":"2022-06-06","filterable_value":"2022-06-06 for 7 days"}"#,
            r#"{"value":null,"filterable_value":"NULL"}"#
        ]
    );
    let weeks: ArrayRef = Arc::new(Date32Array::from(vec![19_149]));
    assert_eq!(
        cells(Rendering::Week, Role::Dimension, weeks),
        [r#"{"value":"2022-06-06","filterable_value":"2022-06-06 for 7 days"}"#]
    );
}

#[test]
fn quarters_are_shown_and_filtered_by_name() {
    let quarters: ArrayRef = Arc::new(StringArray::from(vec![Some("2024-07"), Some("soon"), None]));
    assert_eq!(
        cells(Rendering::Quarter, Role::Dimension, quarters),
        [
            r#"{"value":"2024-07","rendered":"2024-Q3","filterable_value":"2024-Q3"}"#,
            r#"{"value":"soon"}"#,
            r#"{"value":null,"filterable_value":"NULL"}"#
        ]
    );
    let years: ArrayRef = Arc::new(Int64Array::from(vec![2024]));
    assert_eq!(
        cells(Rendering::FiscalYear, Role::Dimension, years),
        [r#"{"value":2024,"rendered":"FY2024","filterable_value":"FY2024"}"#]
    );
}

#[test]
fn hours_and_minutes_are_filtered_by_their_span() {
    let hours: ArrayRef = Arc::new(StringArray::from(vec!["2024-03-05 14"]));
    assert_eq!(
        cells(Rendering::Hours(1), Role::Dimension, hours),
        [r#"{"value":"2024-03-05 14","filterable_value":"2024/03/05 14:00 for 1 hour"}"#]
    );
    let hours: ArrayRef = Arc::new(TimestampMicrosecondArray::from(vec![1_725_379_200_000_000]));
    assert_eq!(
        cells(Rendering::Hours(4), Role::Dimension, hours),
        [r#"{"value":"2024-09-03 16:00:00","filterable_value":"2024/09/03 16:00 for 4 hours"}"#]
    );
    let minutes: ArrayRef = Arc::new(StringArray::from(vec!["2024-09-03 17:15"]));
    assert_eq!(
        cells(Rendering::Minutes(1), Role::Dimension, minutes),
        [r#"{"value":"2024-09-03 17:15","filterable_value":"2024/09/03 17:15 for 1 minute"}"#]
    );
}

#[test]
fn a_text_that_the_filter_grammar_would_misread_is_quoted() {
    let texts: ArrayRef = Arc::new(StringArray::from(vec!["plain", "a_b", "", "null"]));
    assert_eq!(
        cells(Rendering::Text, Role::Dimension, texts),
        [
            r#"{"value":"plain"}"#,
            r#"{"value":"a_b","filterable_value":"\"a_b\""}"#,
            r#"{"value":"","filterable_value":"EMPTY"}"#,
            r#"{"value":"null","filterable_value":"\"null\""}"#
        ]
    );
    let location: ArrayRef = Arc::new(StringArray::from(vec!["37.77,-122.41"]));
    assert_eq!(cells(Rendering::Literal, Role::Dimension, location), [r#"{"value":"37.77,-122.41"}"#]);
}

#[test]
fn a_tier_tells_the_value_that_it_is_sorted_by() {
    let tier: ArrayRef = Arc::new(StringArray::from(vec![Some("20 to 29"), None]));
    let sort: ArrayRef = Arc::new(StringArray::from(vec![Some("02"), None]));
    let (mut layout, batch) = dimensions(vec![tier, sort]);
    layout.columns.truncate(1);
    layout.columns[0] = Column { sort_source: Some(1), ..Column::new("u.tier", "U Tier", Role::Dimension, 0) };
    let body = plain(Format::JsonDetail, &layout, &[batch]);
    assert_eq!(
        data(&body),
        concat!(
            r#"{"u.tier":{"value":"20 to 29","sort_value":"02"}},"#,
            r#"{"u.tier":{"value":null,"filterable_value":"EMPTY","sort_value":null}}"#
        )
    );
}

#[test]
fn items_of_a_list_are_rendered_with_commas() {
    let lists: ArrayRef = Arc::new(StringArray::from(vec!["a|RECORD|b", "a"]));
    assert_eq!(
        cells(Rendering::List, Role::Measure, lists),
        [r#"{"value":"a|RECORD|b","rendered":"a, b"}"#, r#"{"value":"a"}"#]
    );
}

#[test]
fn json_detail_without_rows_keeps_its_frame() {
    let layout = Layout::default();
    assert_eq!(plain(Format::JsonDetail, &layout, &[]), r#"{"data":[],"status":"complete"}"#);
}
