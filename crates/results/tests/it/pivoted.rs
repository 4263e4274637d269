//! Pivoted results and totals, in each format that lays them out.

use crate::support::bytes;
use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use belvedere_results::{
    Column, End, Format, Layout, Options, PivotColumn, PivotField, PivotValue, Pivots, ROW_TOTAL, Rendering, Role,
};
use std::sync::Arc;

fn value(text: Option<&str>) -> PivotValue {
    PivotValue { text: text.map(str::to_owned), rendered: text.map(str::to_uppercase) }
}

fn texts(values: &[Option<&str>]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

fn numbers(values: &[Option<i64>]) -> ArrayRef {
    Arc::new(Int64Array::from(values.to_vec()))
}

fn batch(columns: Vec<ArrayRef>) -> RecordBatch {
    let named = columns.into_iter().enumerate().map(|(index, array)| (format!("c{index}"), array, true));
    RecordBatch::try_from_iter_with_nullable(named).expect("the arrays have one length")
}

/// Counts by month, year above status, with row totals; and a row of totals.
fn result() -> (Layout, RecordBatch, RecordBatch) {
    let keys: [(&str, [Option<&str>; 2]); 3] = [
        ("2024|FIELD|a", [Some("2024"), Some("a")]),
        ("2024|FIELD|b", [Some("2024"), Some("b")]),
        ("2025|FIELD|status___null", [Some("2025"), None]),
    ];
    let mut pivots: Vec<PivotColumn> = keys
        .iter()
        .map(|(key, values)| PivotColumn { key: (*key).to_owned(), values: values.map(value).to_vec() })
        .collect();
    pivots.push(PivotColumn { key: ROW_TOTAL.to_owned(), values: Vec::new() });
    let mut columns = vec![Column::new("o.month", "O Month", Role::Dimension, 0)];
    columns.extend((0..4).map(|pivot| Column {
        pivot: Some(pivot),
        rendering: Rendering::Number,
        ..Column::new("o.count", "O Count", Role::Measure, 1 + pivot)
    }));
    let field = |name: &str, label: &str| PivotField { name: name.to_owned(), label: label.to_owned() };
    let fields = vec![field("o.year", "O Year"), field("status", "Status")];
    let layout = Layout { columns, pivots: Pivots { fields, columns: pivots }, ..Layout::default() };
    let rows = batch(vec![
        texts(&[Some("01"), None]),
        numbers(&[Some(1), None]),
        numbers(&[Some(2000), Some(3)]),
        numbers(&[None, Some(4)]),
        numbers(&[Some(2001), Some(7)]),
    ]);
    let totals = batch(vec![
        texts(&[None]),
        numbers(&[Some(1)]),
        numbers(&[Some(2003)]),
        numbers(&[Some(4)]),
        numbers(&[Some(2008)]),
    ]);
    (layout, rows, totals)
}

fn written(format: Format, options: Options) -> String {
    let (layout, rows, totals) = result();
    let body = bytes(format, &layout, options, &rows.schema(), &[rows], Some(&totals), &End::default());
    String::from_utf8(body).expect("bodies are UTF-8")
}

fn plain(format: Format) -> String {
    written(format, Options::default())
}

#[test]
fn json_nests_a_field_and_a_value_for_each_pivot_and_has_no_totals() {
    assert_eq!(
        plain(Format::Json),
        concat!(
            r#"[{"o.month":"01","o.count":{"o.year":{"2024":{"status":{"a":1,"b":2000}},"2025":{"status":{"null":null}},"#,
            r#""$$$_row_total_$$$":2001}}},"#,
            r#"{"o.month":null,"o.count":{"o.year":{"2024":{"status":{"a":null,"b":3}},"2025":{"status":{"null":4}},"#,
            r#""$$$_row_total_$$$":7}}}]"#
        )
    );
    assert!(plain(Format::JsonLabel).starts_with(r#"[{"O Month":"01","O Count":{"O Year":{"2024":{"Status":{"a":1"#));
    assert_eq!(plain(Format::Ndjson).lines().count(), 2);
}

#[test]
fn cells_are_nested_under_the_keys_of_their_pivots() {
    assert_eq!(
        plain(Format::JsonBi),
        concat!(
            r#"{"metadata":{},"rows":[{"o.month":{"value":"01"},"o.count":{"2024|FIELD|a":{"value":1},"#,
            r#""2024|FIELD|b":{"value":2000,"rendered":"2,000"},"2025|FIELD|status___null":{"value":null},"#,
            r#""$$$_row_total_$$$":{"value":2001,"rendered":"2,001"}}},"#,
            r#"{"o.month":{"value":null},"o.count":{"2024|FIELD|a":{"value":null},"2024|FIELD|b":{"value":3},"#,
            r#""2025|FIELD|status___null":{"value":4},"$$$_row_total_$$$":{"value":7}}},"#,
            r#"{"o.month":{"value":null},"o.count":{"2024|FIELD|a":{"value":1},"#,
            r#""2024|FIELD|b":{"value":2003,"rendered":"2,003"},"2025|FIELD|status___null":{"value":4},"#,
            r#""$$$_row_total_$$$":{"value":2008,"rendered":"2,008"}}}]}"#
        )
    );
    let detail = plain(Format::JsonDetail);
    assert!(
        detail.ends_with(concat!(
            r#"],"totals_data":{"o.count":{"2024|FIELD|a":{"value":1},"2024|FIELD|b":{"value":2003,"rendered":"2,003"},"#,
            r#""2025|FIELD|status___null":{"value":4},"$$$_row_total_$$$":{"value":2008,"rendered":"2,008"}}},"#,
            r#""status":"complete"}"#
        )),
        "{detail}"
    );
}

#[test]
fn text_has_a_line_for_each_pivot_field_and_repeats_its_values() {
    assert_eq!(
        plain(Format::Csv),
        "O Year,2024,2024,2025,\n\
         Status,a,b,,\n\
         O Month,O Count,O Count,O Count,O Count\n\
         01,1,2000,,2001\n\
         ,,3,4,7\n\
         ,1,2003,4,2008\n"
    );
    assert_eq!(
        plain(Format::Md).lines().take(3).collect::<Vec<_>>(),
        ["| O Year | 2024 | 2024 | 2025 |  |", "| --- | --- | --- | --- | --- |", "| Status | a | b |  |  |"]
    );
    let formatted = written(Format::Txt, Options { apply_formatting: true, ..Options::default() });
    assert!(formatted.starts_with("O Year\t2024\t2024\t2025\t\nStatus\tA\tB\t\t\n"), "{formatted}");
}

#[test]
fn html_merges_what_stands_under_one_value() {
    let html = plain(Format::Html);
    assert!(
        html.starts_with(
            "<table>\n<tr><th>O Year</th><th colspan=\"2\">2024</th><th>2025</th><th></th></tr>\n\
             <tr><th>Status</th><th>a</th><th>b</th><th></th><th></th></tr>\n"
        ),
        "{html}"
    );
}

#[test]
fn gsxml_tells_every_column_what_it_stands_under() {
    let xml = plain(Format::Gsxml);
    let lines: Vec<&str> = xml.lines().skip(2).take(2).collect();
    assert_eq!(
        lines,
        [
            "<tr><th>O Year</th><th>2024</th><th>2024</th><th>2025</th><th></th></tr>",
            "<tr><th>Status</th><th>a</th><th>b</th><th></th><th></th></tr>",
        ]
    );
}

#[test]
fn a_pivoted_column_of_arrow_is_named_after_its_key_and_measure() {
    let (layout, rows, totals) = result();
    let body = bytes(
        Format::Arrow,
        &layout,
        Options::default(),
        &rows.schema(),
        std::slice::from_ref(&rows),
        Some(&totals),
        &End::default(),
    );
    let mut stream = arrow_ipc::reader::StreamReader::try_new(body.as_slice(), None).expect("a stream");
    let names: Vec<String> = stream.schema().fields().iter().map(|field| field.name().clone()).collect();
    assert_eq!(names[0], "o.month");
    assert_eq!(names[1], "2024|FIELD|a_o.count");
    assert_eq!(names[4], "$$$_row_total_$$$_o.count");
    assert_eq!(stream.next().expect("rows").expect("rows").columns(), rows.columns());
    assert!(stream.next().is_none(), "totals are no rows");
}

#[test]
fn without_rows_the_header_of_a_pivot_stands_all_the_same() {
    let (mut layout, rows, _) = result();
    layout.columns.truncate(1);
    layout.pivots.columns.clear();
    let body = |format| bytes(format, &layout, Options::default(), &rows.schema(), &[], None, &End::default());
    assert_eq!(body(Format::Csv), b"O Year\nStatus\nO Month\n");
    assert_eq!(body(Format::Json), b"[]");
}
