//! Runs that fail before and after their first row, and columns that cannot be shown.

use crate::support::{dimensions, orders};
use arrow_array::{ArrayRef, Int64Array};
use arrow_ipc::reader::StreamReader;
use arrow_schema::{DataType, Field, Schema, UnionFields, UnionMode};
use belvedere_results::{
    End, Ending, Error, ErrorBody, Format, Head, Layout, Options, RunError, SqlLocation, error_body, writer,
};
use calamine::{Reader as _, Xlsx};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::sync::Arc;

fn error() -> RunError {
    RunError {
        message: "SQL Error".to_owned(),
        message_details: Some("no column \"x\"".to_owned()),
        sql: Some("SELECT\n  x".to_owned()),
        location: Some(SqlLocation { line: 2, column: 3 }),
    }
}

/// `errors` of `json_detail` for that error.
const ERRORS: &str = concat!(
    r#""errors":[{"message":"SQL Error","message_details":"no column \"x\"","params":"SELECT\n  x","#,
    r#""error_pos":null,"level":null,"fatal":true,"#,
    r#""sql_error_loc":{"line":2,"column":3,"character":10},"edit_url":null}]"#
);

/// The body of a run that fails after its first row.
fn late(format: Format) -> (Vec<u8>, Ending) {
    let (mut layout, batch) = orders();
    layout.columns.truncate(2);
    let mut writer =
        writer(format, Arc::new(layout), Options::default(), &batch.schema()).expect("every column can be shown");
    let mut body = Vec::new();
    writer.start(&mut body);
    writer.batch(&batch.slice(0, 1), &mut body).expect("every column can be shown");
    let end = End { detail: vec![("runtime".to_owned(), b"\"1.5\"".to_vec())], notes: vec![] };
    let ending = writer.fail(&error(), &end, &mut body);
    (body, ending)
}

/// As [`late`], for formats of text.
fn late_text(format: Format) -> (String, Ending) {
    let (body, ending) = late(format);
    (String::from_utf8(body).expect("bodies are UTF-8"), ending)
}

fn early(format: Format, layout: Option<&Layout>) -> ErrorBody {
    error_body(format, &error(), layout, &End::default())
}

fn rows(text: &str) -> ErrorBody {
    ErrorBody::Rows(text.as_bytes().to_vec())
}

#[test]
fn an_early_error_is_the_only_row_of_json() {
    let expected = rows(r#"[{"looker_error":"SQL Error: no column \"x\""}]"#);
    assert_eq!(early(Format::Json, None), expected);
    assert_eq!(early(Format::JsonLabel, Some(&orders().0)), expected);
}

#[test]
fn an_early_error_of_json_detail_leaves_data_empty() {
    let (mut layout, _) = orders();
    layout.head.detail = vec![("id".to_owned(), b"\"8a1f\"".to_vec())];
    assert_eq!(
        early(Format::JsonDetail, Some(&layout)),
        rows(&format!(r#"{{"id":"8a1f","data":[],{ERRORS},"status":"error"}}"#))
    );
    assert_eq!(early(Format::JsonDetail, None), rows(&format!(r#"{{"data":[],{ERRORS},"status":"error"}}"#)));
}

#[test]
fn an_early_error_of_json_bi_keeps_the_metadata() {
    let layout =
        Layout { head: Head { bi_metadata: b"{\"sql\":null}".to_vec(), ..Head::default() }, ..Layout::default() };
    assert_eq!(
        early(Format::JsonBi, Some(&layout)),
        rows(r#"{"metadata":{"sql":null},"rows":[{"looker_error":"SQL Error: no column \"x\""}]}"#)
    );
}

#[test]
fn an_early_error_is_a_bad_request_where_the_format_has_no_place_for_it() {
    for format in [
        Format::Csv,
        Format::Txt,
        Format::Md,
        Format::Html,
        Format::Gsxml,
        Format::Xlsx,
        Format::Arrow,
        Format::Parquet,
    ] {
        assert_eq!(early(format, None), ErrorBody::BadRequest("SQL Error: no column \"x\"".to_owned()));
    }
}

#[test]
fn a_late_error_is_the_last_row_of_json() {
    assert_eq!(
        late_text(Format::Json),
        (
            concat!(
                r#"[{"orders.status":"complete","orders.count":1042},"#,
                r#"{"looker_error":"SQL Error: no column \"x\""}]"#
            )
            .to_owned(),
            Ending::Finished
        )
    );
}

#[test]
fn a_late_error_is_the_last_row_of_json_bi() {
    let (body, ending) = late_text(Format::JsonBi);
    assert_eq!(ending, Ending::Finished);
    assert!(body.ends_with(r#""rendered":"1,042"}},{"looker_error":"SQL Error: no column \"x\""}]}"#), "{body}");
}

#[test]
fn a_late_error_follows_the_data_of_json_detail() {
    let (body, ending) = late_text(Format::JsonDetail);
    assert_eq!(ending, Ending::Finished);
    assert!(body.starts_with(r#"{"data":[{"orders.status":{"value":"complete"}"#), "{body}");
    assert!(body.ends_with(&format!(r#"}}}}],{ERRORS},"status":"error","runtime":"1.5"}}"#)), "{body}");
}

#[test]
fn a_late_error_breaks_the_text_formats_off() {
    for format in [Format::Csv, Format::Txt, Format::Md, Format::Html, Format::Gsxml] {
        let (body, ending) = late_text(format);
        assert_eq!(ending, Ending::Abort);
        assert!(body.contains("1042") && !body.contains("SQL Error") && !body.contains("</table>"), "{body}");
    }
}

#[test]
fn a_late_error_breaks_the_binary_formats_off() {
    for format in [Format::Xlsx, Format::Arrow, Format::Parquet] {
        assert_eq!(late(format).1, Ending::Abort, "{}", format.as_str());
    }
    let stream = StreamReader::try_new(std::io::Cursor::new(late(Format::Arrow).0), None).expect("it has a schema");
    let rows: usize = stream.map_while(Result::ok).map(|batch| batch.num_rows()).sum();
    assert_eq!(rows, 1);
    assert!(ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::from(late(Format::Parquet).0)).is_err());
    assert!(Xlsx::new(std::io::Cursor::new(late(Format::Xlsx).0)).is_err());
}

#[test]
fn a_late_error_is_the_last_line_of_ndjson() {
    let (body, ending) = late_text(Format::Ndjson);
    assert_eq!(ending, Ending::Finished);
    assert_eq!(
        body,
        concat!(
            r#"{"orders.status":"complete","orders.count":1042}"#,
            "\n",
            r#"{"looker_error":"SQL Error: no column \"x\""}"#,
            "\n"
        )
    );
}

#[test]
fn a_type_that_no_format_can_show_is_told_before_the_first_row() {
    let halves = Arc::new(Field::new("item", DataType::Float16, true));
    for data_type in [DataType::Decimal256(40, 2), DataType::Float16, DataType::List(halves)] {
        let (layout, _) = dimensions(vec![Arc::new(Int64Array::from(vec![1]))]);
        let schema = Schema::new(vec![Field::new("a", data_type.clone(), true)]);
        let told = layout.check(&schema);
        assert!(matches!(&told, Err(Error::UnsupportedType { column, .. }) if column == "v.a"), "{told:?}");
        let told = writer(Format::Csv, Arc::new(layout), Options::default(), &Arc::new(schema)).map(|_| ());
        assert!(matches!(told, Err(Error::UnsupportedType { .. })), "{told:?}");
    }
    let (layout, _) = dimensions(vec![Arc::new(Int64Array::from(vec![1]))]);
    let union = DataType::Union(UnionFields::empty(), UnionMode::Dense);
    let told = layout.check(&Schema::new(vec![Field::new("a", union, true)]));
    assert!(matches!(told, Err(Error::UnsupportedType { .. })), "{told:?}");
}

#[test]
fn a_column_that_is_not_in_the_batch_is_told() {
    let (mut layout, batch) = orders();
    layout.columns[0].sort_source = Some(9);
    let expected = Error::MissingColumn { column: "orders.status".to_owned(), source_index: 9, width: 5 };
    assert_eq!(layout.check(&batch.schema()), Err(expected.clone()));
    let told = writer(Format::JsonDetail, Arc::new(layout), Options::default(), &batch.schema()).map(|_| ());
    assert_eq!(told, Err(expected));
}

#[test]
fn lists_in_lists_have_a_limit() {
    let nested = |depth: usize| {
        (0..depth).fold(DataType::Int64, |item, _| DataType::List(Arc::new(Field::new("item", item, true))))
    };
    let (layout, _) = dimensions(vec![Arc::new(Int64Array::from(vec![1])) as ArrayRef]);
    let check = |depth| layout.check(&Schema::new(vec![Field::new("a", nested(depth), true)]));
    assert_eq!(check(32), Ok(()));
    assert_eq!(check(33), Err(Error::TooDeep { column: "v.a".to_owned(), limit: 32 }));
}
