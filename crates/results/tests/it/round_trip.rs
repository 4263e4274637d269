//! What is written reads back as it was.

use crate::support::{dimensions, plain};
use arrow_array::{Array, ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use belvedere_results::{Format, Layout};
use proptest::prelude::*;
use std::sync::Arc;

/// Reads separated values as RFC 4180 has them, with line feeds; a fault is a panic.
fn read(body: &str, separator: char) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut row = Vec::new();
    let mut characters = body.chars().peekable();
    while characters.peek().is_some() {
        row.push(read_cell(&mut characters, separator));
        match characters.next() {
            Some('\n') => rows.push(std::mem::take(&mut row)),
            Some(other) => assert_eq!(other, separator, "only a separator or a line end follows a cell"),
            None => panic!("the last line has no end"),
        }
    }
    assert!(row.is_empty(), "the last line has no end");
    rows
}

fn read_cell(characters: &mut std::iter::Peekable<std::str::Chars<'_>>, separator: char) -> String {
    let mut cell = String::new();
    if characters.next_if_eq(&'"').is_none() {
        while let Some(character) = characters.next_if(|&next| next != separator && next != '\n') {
            assert!(character != '"' && character != '\r', "this character must be quoted");
            cell.push(character);
        }
        return cell;
    }
    loop {
        match characters.next().expect("a quote is closed") {
            '"' if characters.next_if_eq(&'"').is_none() => return cell,
            other => cell.push(other),
        }
    }
}

type Row = (Option<String>, Option<i64>, Option<f64>);

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let text = prop_oneof![".{0,40}", "[,\"\n\r\t|<>&'\\\\ x]{0,40}"];
    let number = prop_oneof![any::<f64>(), (-1e6..1e6), (-1000_i32..1000).prop_map(f64::from)];
    let row = (proptest::option::of(text), any::<Option<i64>>(), proptest::option::of(number));
    proptest::collection::vec(row, 0..40)
}

fn table(rows: &[Row]) -> (Layout, RecordBatch) {
    let texts: ArrayRef = Arc::new(rows.iter().map(|row| row.0.as_deref()).collect::<StringArray>());
    let integers: ArrayRef = Arc::new(rows.iter().map(|row| row.1).collect::<Int64Array>());
    let doubles: ArrayRef = Arc::new(rows.iter().map(|row| row.2).collect::<Float64Array>());
    assert_eq!(texts.len(), doubles.len());
    dimensions(vec![texts, integers, doubles])
}

/// The bits of a double that is shown; infinities and NaN are not.
fn shown(number: Option<f64>) -> Option<u64> {
    number.filter(|number| number.is_finite()).map(f64::to_bits)
}

proptest! {
    #[test]
    fn separated_values_read_back(rows in rows()) {
        let (layout, batch) = table(&rows);
        for (format, separator) in [(Format::Csv, ','), (Format::Txt, '\t')] {
            let body = plain(format, &layout, std::slice::from_ref(&batch));
            let read = read(&body, separator);
            prop_assert_eq!(&read[0], &["V A", "V B", "V C"]);
            prop_assert_eq!(read.len(), rows.len() + 1);
            for (cells, (text, integer, double)) in read[1..].iter().zip(&rows) {
                prop_assert_eq!(cells[0].as_str(), text.as_deref().unwrap_or(""));
                prop_assert_eq!(cells[1].parse().ok(), *integer);
                prop_assert_eq!(shown(cells[2].parse().ok()), shown(*double));
            }
        }
    }

    #[test]
    fn json_reads_back(rows in rows()) {
        let (layout, batch) = table(&rows);
        let body = plain(Format::Json, &layout, std::slice::from_ref(&batch));
        prop_assert!(!body.contains(['<', '>', '&']));
        let read: Vec<serde_json::Value> = serde_json::from_str(&body).expect("it is JSON");
        prop_assert_eq!(read.len(), rows.len());
        for (cells, (text, integer, double)) in read.iter().zip(&rows) {
            prop_assert_eq!(cells["v.a"].as_str(), text.as_deref());
            prop_assert_eq!(cells["v.b"].as_i64(), *integer);
            prop_assert_eq!(cells["v.c"].is_null(), shown(*double).is_none());
        }
        for format in [Format::JsonDetail, Format::JsonBi, Format::JsonLabel] {
            let body = plain(format, &layout, std::slice::from_ref(&batch));
            prop_assert!(serde_json::from_str::<serde_json::Value>(&body).is_ok());
        }
    }

    #[test]
    fn doubles_read_back_bit_for_bit(numbers in proptest::collection::vec(any::<f64>(), 1..50)) {
        let (layout, batch) = dimensions(vec![Arc::new(Float64Array::from(numbers.clone()))]);
        let body = plain(Format::Json, &layout, &[batch]);
        let cells = body[1..body.len() - 1].split("},").map(|cell| cell.trim_matches(['{', '}']));
        let read = cells.map(|cell| cell["\"v.a\":".len()..].parse().ok());
        for (read, number) in read.zip(numbers) {
            prop_assert_eq!(shown(read), shown(Some(number)));
        }
    }

    #[test]
    fn html_and_md_keep_every_cell_in_its_line(rows in rows()) {
        let (layout, batch) = table(&rows);
        let html = plain(Format::Html, &layout, std::slice::from_ref(&batch));
        prop_assert_eq!(html.matches("</td>").count(), rows.len() * 3);
        prop_assert_eq!(html.matches('<').count(), 2 + 8 + rows.len() * 8);
        let md = plain(Format::Md, &layout, &[batch]);
        prop_assert_eq!(md.split('\n').count(), rows.len() + 3);
        for line in md.lines() {
            prop_assert_eq!(line.replace("\\\\", "").replace("\\|", "").matches('|').count(), 4);
        }
    }
}
