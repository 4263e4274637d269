//! `xlsx`: a workbook of one sheet, written as a stream.
//!
//! The parts with a known content come first, the sheet last, row by row: nothing is held, and the first byte leaves
//! with the first rows. Libraries for workbooks gather the sheet in a file before they pack it.

mod style;
mod text;
mod zip;

use crate::cell::{self, Cells, Scratch};
use crate::cursor::Moment;
use crate::error::Error;
use crate::failure::RunError;
use crate::header;
use crate::layout::{End, Layout, Options};
use crate::number::Number;
use crate::sink::PlainSink;
use crate::writer::{Appetite, Ending, Writer};
use arrow_array::RecordBatch;
use arrow_schema::Schema;
use std::fmt::Write as _;
use std::sync::Arc;
use style::{Style, Styles};
use zip::Archive;

/// Rows of a sheet. The last one is kept for the totals, or for the notice that there are more.
const ROWS: usize = 1_048_576;
/// Columns of a sheet.
const COLUMNS: usize = 16_384;
/// Digits of a number that a workbook keeps. Longer numbers are text, lest they change.
const DIGITS: i32 = 15;
/// What the last row of a full sheet says.
const NOTICE: &str = "The result has more rows than a sheet holds.";

const TYPES: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
    <Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
    <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
    <Default Extension=\"xml\" ContentType=\"application/xml\"/>\
    <Override PartName=\"/xl/workbook.xml\" \
    ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/>\
    <Override PartName=\"/xl/styles.xml\" \
    ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml\"/>\
    <Override PartName=\"/xl/worksheets/sheet1.xml\" \
    ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/></Types>";

const RELATIONS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
    <Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
    <Relationship Id=\"rId1\" \
    Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" \
    Target=\"xl/workbook.xml\"/></Relationships>";

const WORKBOOK: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
    <workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" \
    xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\">\
    <sheets><sheet name=\"Results\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>";

const WORKBOOK_RELATIONS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
    <Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
    <Relationship Id=\"rId1\" \
    Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" \
    Target=\"worksheets/sheet1.xml\"/>\
    <Relationship Id=\"rId2\" \
    Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles\" \
    Target=\"styles.xml\"/></Relationships>";

const SHEET_START: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
    <worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>";
const SHEET_END: &str = "</sheetData></worksheet>";

/// Writes a workbook: rows of header, then rows of values. Numbers are numbers, days and times dates (unverified),
/// all else text, never a formula.
pub(crate) struct XlsxWriter {
    layout: Arc<Layout>,
    options: Options,
    styles: Styles,
    /// The style of each column's numbers.
    of_columns: Vec<Style>,
    /// `A`, `B`, ... for each column.
    letters: Vec<String>,
    archive: Archive,
    /// Rows so far.
    rows: usize,
    xml: String,
    text: String,
    scratch: Scratch,
}

impl XlsxWriter {
    pub(crate) fn new(layout: Arc<Layout>, options: Options, schema: &Schema) -> Result<Self, Error> {
        let width = layout.columns.len();
        if width > COLUMNS {
            return Err(Error::TooWide { format: "xlsx", width, limit: COLUMNS });
        }
        let (styles, of_columns) = Styles::new(&layout, options, schema);
        Ok(Self {
            styles,
            of_columns,
            letters: (0..width).map(letters).collect(),
            layout,
            options,
            archive: Archive::default(),
            rows: 0,
            xml: String::new(),
            text: String::new(),
            scratch: Scratch::default(),
        })
    }

    fn open_row(&mut self) {
        self.rows += 1;
        // Writing to a string cannot fail.
        let _ = write!(self.xml, "<row r=\"{}\">", self.rows);
    }

    fn write_rows(&mut self, columns: &mut [Cells<'_>], rows: std::ops::Range<usize>) {
        for row in rows {
            self.open_row();
            for (index, cells) in columns.iter_mut().enumerate() {
                self.write_value(cells, row, index);
            }
            self.xml.push_str("</row>");
        }
    }

    fn write_value(&mut self, cells: &mut Cells<'_>, row: usize, column: usize) {
        let formatted = self.options.apply_formatting;
        if let Some((serial, style)) = cells.moment(row).and_then(serial) {
            return self.write_number(column, style, |xml| xml.push_str(zmij::Buffer::new().format_finite(serial)));
        }
        let number = cells.number(row).filter(|number| !(formatted && cells.renders_words()) && keeps_digits(*number));
        if let Some(number) = number {
            return self
                .write_number(column, self.of_columns[column], |xml| number.with_text(|text| xml.push_str(text)));
        }
        self.text.clear();
        if formatted {
            cells.write_formatted(row, &mut self.scratch, &mut PlainSink(&mut self.text));
        } else {
            cells.write_raw(row, &mut PlainSink(&mut self.text));
        }
        if !self.text.is_empty() {
            let text = std::mem::take(&mut self.text);
            self.write_text(column, Style::GENERAL, &text);
            self.text = text;
        }
    }

    fn write_number(&mut self, column: usize, style: Style, digits: impl FnOnce(&mut String)) {
        self.open_cell(column, style);
        self.xml.push_str("><v>");
        digits(&mut self.xml);
        self.xml.push_str("</v></c>");
    }

    fn write_text(&mut self, column: usize, style: Style, text: &str) {
        self.open_cell(column, style);
        self.xml.push_str(" t=\"inlineStr\"><is><t xml:space=\"preserve\">");
        text::write_cell(text, &mut self.xml);
        self.xml.push_str("</t></is></c>");
    }

    fn open_cell(&mut self, column: usize, style: Style) {
        let letters = self.letters.get(column).map_or("A", String::as_str);
        let _ = write!(self.xml, "<c r=\"{letters}{}\"", self.rows);
        style.write(&mut self.xml);
    }

    /// Hands over what has been written of the sheet.
    fn send(&mut self, out: &mut Vec<u8>) {
        self.archive.write(self.xml.as_bytes(), out);
        self.xml.clear();
    }
}

/// Whether a workbook keeps every digit: doubles are what it holds itself.
fn keeps_digits(number: Number) -> bool {
    match number {
        Number::Double(_) | Number::Single(_) => true,
        exact => exact.exact().significant_digits() <= DIGITS,
    }
}

/// The number that stands for a day or time, and how it is shown; `None` for days that a workbook does not know.
fn serial(moment: Moment) -> Option<(f64, Style)> {
    const EPOCH: i64 = 25_569;
    // Workbooks take 1900 for a leap year, so that days before its March are shown wrong.
    const FIRST: i64 = 61;
    const LAST: i64 = 2_958_465;
    const NANOSECONDS: f64 = 86_400e9;
    let day = moment.day.checked_add(EPOCH).filter(|day| (FIRST..=LAST).contains(day))?;
    Some(match moment.nanoseconds {
        None => (day as f64, Style::DAY),
        Some(nanoseconds) => (day as f64 + nanoseconds as f64 / NANOSECONDS, Style::TIME),
    })
}

/// The letters of a column: `A` to `Z`, `AA`, ...
fn letters(column: usize) -> String {
    let mut rest = column + 1;
    let mut letters = Vec::new();
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

impl Writer for XlsxWriter {
    fn start(&mut self, out: &mut Vec<u8>) {
        self.archive.file("[Content_Types].xml", TYPES, out);
        self.archive.file("_rels/.rels", RELATIONS, out);
        self.archive.file("xl/workbook.xml", WORKBOOK, out);
        self.archive.file("xl/_rels/workbook.xml.rels", WORKBOOK_RELATIONS, out);
        self.archive.file("xl/styles.xml", &self.styles.xml(), out);
        self.archive.begin("xl/worksheets/sheet1.xml", out);
        self.xml.push_str(SHEET_START);
        let layout = Arc::clone(&self.layout);
        for line in header::lines(&layout, self.options) {
            self.open_row();
            for (index, cell) in line.iter().enumerate().filter(|(_, cell)| !cell.text.is_empty()) {
                self.write_text(index, Style::HEADER, cell.text);
            }
            self.xml.push_str("</row>");
        }
        self.send(out);
    }

    fn batch(&mut self, batch: &RecordBatch, out: &mut Vec<u8>) -> Result<Appetite, Error> {
        let layout = Arc::clone(&self.layout);
        let mut columns = cell::open(&layout, self.options, batch)?;
        let fits = (ROWS - 1).saturating_sub(self.rows).min(batch.num_rows());
        self.write_rows(&mut columns, 0..fits);
        let appetite = if fits < batch.num_rows() {
            self.open_row();
            self.write_text(0, Style::HEADER, NOTICE);
            self.xml.push_str("</row>");
            Appetite::Full
        } else {
            Appetite::More
        };
        if self.archive.size() + self.xml.len() as u64 > zip::LIMIT {
            return Err(Error::TooLarge { format: "xlsx", limit_gib: 4 });
        }
        self.send(out);
        Ok(appetite)
    }

    fn totals(&mut self, batch: &RecordBatch, out: &mut Vec<u8>) -> Result<(), Error> {
        let layout = Arc::clone(&self.layout);
        let mut columns = cell::open(&layout, self.options, batch)?;
        self.write_rows(&mut columns, 0..batch.num_rows().min(1));
        self.send(out);
        Ok(())
    }

    fn finish(&mut self, _: &End, out: &mut Vec<u8>) -> Result<(), Error> {
        self.xml.push_str(SHEET_END);
        self.send(out);
        self.archive.finish(out);
        Ok(())
    }

    fn fail(&mut self, _: &RunError, _: &End, _: &mut Vec<u8>) -> Ending {
        Ending::Abort
    }
}

#[cfg(test)]
mod tests {
    use super::letters;

    #[test]
    fn columns_are_named_as_in_a_sheet() {
        for (column, expected) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")] {
            assert_eq!(letters(column), expected);
        }
    }
}
