//! xlsx, arrow and parquet, read back by other readers.

use crate::support::{FORMATTED, bytes, dimensions, orders};
use arrow_array::{
    Array as _, ArrayRef, Date32Array, Decimal128Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use arrow_ipc::reader::StreamReader;
use arrow_schema::{DataType, Field, IntervalUnit, Schema};
use belvedere_results::{Appetite, Column, End, Error, Format, Layout, Options, Rendering, Role, ValueFormat, writer};
use calamine::{Data, Reader as _, Xlsx};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::io::Cursor;
use std::sync::Arc;

fn body(format: Format, layout: &Layout, options: Options, batches: &[RecordBatch]) -> Vec<u8> {
    let schema = batches.first().map_or_else(|| orders().1.schema(), RecordBatch::schema);
    bytes(format, layout, options, &schema, batches, None, &End::default())
}

/// The cells of a workbook's sheet.
fn sheet(body: Vec<u8>) -> Vec<Vec<Data>> {
    let mut book = Xlsx::new(Cursor::new(body)).expect("a workbook");
    assert_eq!(book.sheet_names(), ["Results"]);
    let range = book.worksheet_range("Results").expect("the sheet");
    range.rows().map(<[Data]>::to_vec).collect()
}

fn text(text: &str) -> Data {
    Data::String(text.to_owned())
}

#[test]
fn a_workbook_has_a_header_and_typed_cells() {
    let (layout, batch) = orders();
    let rows = sheet(body(Format::Xlsx, &layout, Options::default(), &[batch]));
    assert_eq!(
        rows,
        [
            ["Orders Status", "Orders Count", "Orders Revenue", "Share, of <all>"].map(text).to_vec(),
            vec![text("complete"), Data::Float(1042.0), Data::Float(1234.5), Data::Float(0.31)],
            vec![text("R&D, \"x\""), Data::Float(3.0), Data::Float(12.0), Data::Float(107.0)],
        ]
    );
}

#[test]
fn a_workbook_without_rows_is_its_header() {
    let (layout, batch) = orders();
    for batches in [vec![], vec![batch.slice(0, 0)]] {
        assert_eq!(sheet(body(Format::Xlsx, &layout, Options::default(), &batches)).len(), 1);
    }
}

#[test]
fn days_and_times_are_dates() {
    let days: ArrayRef = Arc::new(Date32Array::from(vec![Some(19_969), Some(-30_000), None]));
    let second = 1_725_383_700_000_000;
    let times: ArrayRef = Arc::new(TimestampMicrosecondArray::from(vec![Some(second), Some(i64::MAX), None]));
    let (layout, batch) = dimensions(vec![days, times]);
    let rows = sheet(body(Format::Xlsx, &layout, Options::default(), &[batch]));
    let Data::DateTime(day) = rows[1][0] else { panic!("{:?}", rows[1][0]) };
    let Data::DateTime(time) = rows[1][1] else { panic!("{:?}", rows[1][1]) };
    // 2024-09-03 is day 45538 of a workbook.
    assert!((day.as_f64() - 45_538.0).abs() < 1e-9, "{day}");
    assert!((time.as_f64() - (45_538.0 + (17.0 * 60.0 + 15.0) / 1440.0)).abs() < 1e-9, "{time}");
    assert_eq!(rows[2], [text("1887-11-12"), text("infinity")], "days that no workbook knows are text");
}

#[test]
fn numbers_that_a_workbook_would_change_are_text() {
    let long: ArrayRef =
        Arc::new(Int64Array::from(vec![999_999_999_999_999, 1_234_567_890_123_456, 1_000_000_000_000_000_000]));
    let decimals = Decimal128Array::from(vec![1, 12_345_678_901_234_567, 100]).with_precision_and_scale(38, 2);
    let (layout, batch) = dimensions(vec![long, Arc::new(decimals.expect("in range"))]);
    let rows = sheet(body(Format::Xlsx, &layout, Options::default(), &[batch]));
    assert_eq!(rows[1], [Data::Float(999_999_999_999_999.0), Data::Float(0.01)]);
    assert_eq!(rows[2], [text("1234567890123456"), text("123456789012345.67")]);
    assert_eq!(rows[3], [Data::Float(1e18), Data::Float(1.0)]);
}

#[test]
fn a_cell_is_never_a_formula() {
    let texts: ArrayRef =
        Arc::new(StringArray::from(vec!["=1+1", "</t></is>&\"", " spaces ", "bell\u{7}", "_x0041_", "two\nlines"]));
    let (layout, batch) = dimensions(vec![texts]);
    let rows = sheet(body(Format::Xlsx, &layout, Options::default(), &[batch]));
    let read: Vec<String> = rows[1..].iter().map(|row| row[0].to_string()).collect();
    assert_eq!(read, ["=1+1", "</t></is>&\"", " spaces ", "bell\u{7}", "_x0041_", "two\nlines"]);
}

#[test]
fn formats_go_into_the_workbook_and_values_stay_numbers() {
    let (mut layout, batch) = orders();
    layout.columns[1].format = Some(ValueFormat::compile(r#"[>=1000]0.0,"K";0 "pieces""#).expect("a format"));
    let file = body(Format::Xlsx, &layout, FORMATTED, &[batch]);
    let mut book = Xlsx::new(Cursor::new(file.clone())).expect("a workbook");
    assert!(book.worksheet_range("Results").is_ok());
    let rows = sheet(file.clone());
    assert_eq!(rows[1][1..], [Data::Float(1042.0), Data::Float(1234.5), Data::Float(0.31)]);
    let styles = part(&file, "xl/styles.xml");
    for code in ["[&gt;=1000]0.0,&quot;K&quot;;0&quot; pieces&quot;", "&quot;$&quot;#,##0.00", "0.0%"] {
        assert!(styles.contains(&format!("formatCode=\"{code}\"")), "{code} in {styles}");
    }
}

/// A file of a workbook: found by its name, unpacked.
fn part(file: &[u8], name: &str) -> String {
    let at = file.windows(name.len()).position(|window| window == name.as_bytes()).expect("the file");
    let packed = &file[at + name.len()..];
    let mut inflated = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::DeflateDecoder::new(packed), &mut inflated).expect("deflated");
    String::from_utf8(inflated).expect("XML is text")
}

#[test]
fn formatted_words_are_text_in_a_workbook() {
    let quarter: ArrayRef = Arc::new(StringArray::from(vec!["2024-07"]));
    let (mut layout, batch) = dimensions(vec![quarter]);
    layout.columns[0].rendering = Rendering::Quarter;
    assert_eq!(sheet(body(Format::Xlsx, &layout, FORMATTED, &[batch]))[1], [text("2024-Q3")]);
}

#[test]
fn totals_are_the_last_row_of_a_sheet() {
    let (layout, batch) = orders();
    let totals = batch.slice(0, 1);
    let file = bytes(
        Format::Xlsx,
        &layout,
        Options::default(),
        &batch.schema(),
        &[batch.slice(0, 2)],
        Some(&totals),
        &End::default(),
    );
    let rows = sheet(file);
    assert_eq!((rows.len(), rows[3][1].clone()), (4, Data::Float(1042.0)));
}

#[test]
fn a_full_sheet_says_so_and_takes_no_more() {
    let many: ArrayRef = Arc::new(Int64Array::from_iter_values(0..500_000));
    let (layout, batch) = dimensions(vec![many]);
    let mut writer =
        writer(Format::Xlsx, Arc::new(layout), Options::default(), &batch.schema()).expect("it can be shown");
    let mut file = Vec::new();
    writer.start(&mut file);
    assert_eq!(writer.batch(&batch, &mut file), Ok(Appetite::More));
    assert_eq!(writer.batch(&batch, &mut file), Ok(Appetite::More));
    assert_eq!(writer.batch(&batch, &mut file), Ok(Appetite::Full));
    writer.finish(&End::default(), &mut file).expect("it ends");
    let sheet = part(&file, "xl/worksheets/sheet1.xml");
    assert_eq!(sheet.matches("<row ").count(), 1_048_576);
    assert!(sheet.contains("<row r=\"1048575\"><c r=\"A1048575\"><v>48573</v></c></row>"));
    let last = sheet.rsplit("<row ").next().expect("a row");
    assert!(last.starts_with("r=\"1048576\"") && last.contains("more rows than a sheet holds"), "{last}");
}

#[test]
fn a_workbook_of_too_many_columns_is_refused() {
    let column = |index| Column::new(format!("c{index}"), "C", Role::Measure, 0);
    let layout = Layout { columns: (0..16_385).map(column).collect(), ..Layout::default() };
    let schema = Arc::new(Schema::new(vec![Field::new("c", DataType::Int64, true)]));
    let told = writer(Format::Xlsx, Arc::new(layout), Options::default(), &schema).map(|_| ());
    assert_eq!(told, Err(Error::TooWide { format: "xlsx", width: 16_385, limit: 16_384 }));
}

#[test]
fn arrow_holds_the_shown_columns_under_their_names() {
    let (layout, batch) = orders();
    let parts = [batch.slice(0, 1), batch.slice(1, 2)];
    let stream =
        StreamReader::try_new(Cursor::new(body(Format::Arrow, &layout, FORMATTED, &parts)), None).expect("a stream");
    let schema = stream.schema();
    let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
    assert_eq!(names, ["orders.status", "orders.count", "orders.revenue", "share"]);
    assert_eq!(schema.field(0).metadata()["label"], "Orders Status");
    assert_eq!(schema.field(2).data_type(), &DataType::Decimal128(38, 2), "values are raw, whatever is asked for");
    let rows: Vec<RecordBatch> = stream.map(|batch| batch.expect("rows")).collect();
    assert_eq!(rows.iter().map(RecordBatch::num_rows).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(rows[1].column(1), &batch.column(2).slice(1, 2));
}

#[test]
fn parquet_reads_back_what_was_written() {
    let (layout, batch) = orders();
    let parts = [batch.slice(0, 1), batch.slice(1, 2)];
    let file = bytes::Bytes::from(body(Format::Parquet, &layout, Options::default(), &parts));
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).expect("a file").build().expect("a reader");
    let rows: Vec<RecordBatch> = reader.map(|batch| batch.expect("rows")).collect();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].schema().field(3).name(), "share");
    for (column, source) in rows[0].columns().iter().zip([1, 2, 3, 4]) {
        assert_eq!(column.as_ref(), batch.column(source).as_ref());
    }
}

#[test]
fn arrow_and_parquet_without_rows_have_their_schema() {
    let (layout, _) = orders();
    let stream = StreamReader::try_new(Cursor::new(body(Format::Arrow, &layout, Options::default(), &[])), None);
    let mut stream = stream.expect("a stream");
    assert_eq!((stream.schema().fields().len(), stream.next().is_none()), (4, true));
    let file = bytes::Bytes::from(body(Format::Parquet, &layout, Options::default(), &[]));
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).expect("a file");
    assert_eq!((reader.schema().fields().len(), reader.metadata().file_metadata().num_rows()), (4, 0));
}

#[test]
fn what_parquet_cannot_hold_is_told_before_the_first_row() {
    let (layout, _) = dimensions(vec![Arc::new(Int64Array::from(vec![1]))]);
    let schema = Arc::new(Schema::new(vec![Field::new("a", DataType::Interval(IntervalUnit::MonthDayNano), true)]));
    let told = writer(Format::Parquet, Arc::new(layout), Options::default(), &schema).map(|_| ());
    assert!(matches!(&told, Err(Error::NotIn { format: "parquet", column, .. }) if column == "v.a"), "{told:?}");
}
