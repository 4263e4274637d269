//! Columns of a batch with all that their cells show: raw value, formatted text, filter text, sort value.

mod filter;
mod render;

use crate::cursor::{Cursor, Held, Moment};
use crate::error::Error;
use crate::layout::{Column, Layout, Options, Role};
use crate::markup::Mark;
use crate::number::Number;
use crate::number_format::NumberFormat;
use crate::sink::{JsonSink, PlainSink, Shape, Sink};
use arrow_array::{Array, ArrayRef, RecordBatch};
use filter::Filtering;
use render::Render;

/// A column of one batch.
pub(crate) struct Cells<'a> {
    cursor: Cursor<'a>,
    sort: Option<Cursor<'a>>,
    render: Render<'a>,
    filtering: Filtering,
}

/// Buffers that cells are made in, kept from cell to cell.
#[derive(Default)]
pub(crate) struct Scratch {
    rendered: String,
    other: String,
    digits: Vec<u8>,
}

/// What of a cell goes into its object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Members {
    /// `value`, `rendered` and `links`: `json_bi`.
    Lean,
    /// All of them: `json_detail`.
    All,
}

/// Opens the columns of `layout` in a batch, in their order.
pub(crate) fn open<'a>(layout: &'a Layout, options: Options, batch: &'a RecordBatch) -> Result<Vec<Cells<'a>>, Error> {
    layout.columns.iter().map(|column| Cells::open(column, options, batch)).collect()
}

fn array<'a>(column: &Column, source_index: usize, batch: &'a RecordBatch) -> Result<&'a ArrayRef, Error> {
    let missing = || Error::MissingColumn { column: column.name.clone(), source_index, width: batch.num_columns() };
    batch.columns().get(source_index).ok_or_else(missing)
}

/// What a single cell shows, for whoever lays cells out otherwise than in rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellText {
    /// The raw value as JSON.
    pub json: Vec<u8>,
    /// The plain text; `None` for null.
    pub text: Option<String>,
    /// The formatted text; `None` for null.
    pub rendered: Option<String>,
    /// The filter expression that it is told by; `None` where there is none.
    pub filter: Option<String>,
}

/// The value of a cell, as templates compare it.
#[derive(Debug, Clone, PartialEq)]
pub enum CellValue {
    /// No value.
    Null,
    /// A whole number.
    Integer(i64),
    /// Any other number whose digits a double holds.
    Double(f64),
    /// Everything else, and numbers that a double would cut, as plain text.
    Text(String),
}

/// Digits of a number that a double holds for certain.
const DIGITS_OF_DOUBLE: usize = 15;

impl CellText {
    /// The cell of `column` in `row` of a batch.
    ///
    /// # Errors
    /// The batch has no such column, or its type cannot be shown.
    pub fn of(column: &Column, number_format: NumberFormat, batch: &RecordBatch, row: usize) -> Result<Self, Error> {
        let mut cells = Cells::open(column, Options { apply_formatting: true, number_format }, batch)?;
        let mut json = Vec::new();
        let held = cells.cursor.write(row, &mut JsonSink { out: &mut json, shape: Shape::Typed });
        let mut scratch = Scratch::default();
        let text = (held != Held::Null).then(|| cells.plain(row, &mut scratch).clone());
        let rendered = cells.rendered(row, &mut scratch);
        Ok(Self { json, text, rendered, filter: cells.filter(row, &mut scratch) })
    }
}

/// Writes the raw values of some columns as JSON, one after the other, for each row in turn: equal texts are equal
/// rows.
///
/// # Errors
/// The batch has no such column, or its type cannot be shown.
pub fn row_keys(columns: &[Column], batch: &RecordBatch, mut each: impl FnMut(usize, &[u8])) -> Result<(), Error> {
    let open = |column| Cells::open(column, Options::default(), batch);
    let mut cells = columns.iter().map(open).collect::<Result<Vec<_>, _>>()?;
    let mut key = Vec::new();
    for row in 0..batch.num_rows() {
        key.clear();
        for cells in &mut cells {
            cells.cursor.write(row, &mut JsonSink { out: &mut key, shape: Shape::Typed });
            key.push(b',');
        }
        each(row, &key);
    }
    Ok(())
}

impl<'a> Cells<'a> {
    pub(crate) fn open(column: &'a Column, options: Options, batch: &'a RecordBatch) -> Result<Self, Error> {
        let values = array(column, column.source, batch)?;
        let sort = column.sort_source.map(|source| Cursor::open(&column.name, array(column, source, batch)?));
        Ok(Self {
            cursor: Cursor::open(&column.name, values)?,
            sort: sort.transpose()?,
            render: Render::new(column, values.data_type(), options.number_format),
            filtering: match column.role {
                Role::Dimension => Filtering::Dimension(column.rendering),
                Role::Measure => Filtering::Measure,
                Role::Calculation => Filtering::None,
            },
        })
    }

    /// The number of `row`, where it is one.
    pub(crate) fn number(&self, row: usize) -> Option<Number> {
        self.cursor.number(row)
    }

    /// The day or time of `row`, where it is one.
    pub(crate) fn moment(&self, row: usize) -> Option<Moment> {
        self.cursor.moment(row)
    }

    /// The value of `row`.
    pub(crate) fn value(&mut self, row: usize) -> CellValue {
        match self.cursor.number(row) {
            Some(Number::Integer(number)) => return CellValue::Integer(number),
            Some(number) => {
                return number.with_text(|text| match text.parse() {
                    Ok(double) if text.len() <= DIGITS_OF_DOUBLE => CellValue::Double(double),
                    _ => CellValue::Text(text.to_owned()),
                });
            }
            None => {}
        }
        let mut text = String::new();
        match self.cursor.write(row, &mut PlainSink(&mut text)) {
            Held::Null => CellValue::Null,
            Held::Value => CellValue::Text(text),
        }
    }

    /// The formatted text of `row`; `None` for null.
    pub(crate) fn rendered(&mut self, row: usize, scratch: &mut Scratch) -> Option<String> {
        let mut text = String::new();
        let held = self.cursor.write(row, &mut PlainSink(&mut text));
        (held != Held::Null).then(|| if self.render(row, scratch) { scratch.rendered.clone() } else { text })
    }

    /// Whether the formatted text of a number is more than digits in a pattern: `FY2024`.
    pub(crate) fn renders_words(&self) -> bool {
        matches!(self.render, Render::Words(_))
    }

    /// Writes the raw value.
    #[inline]
    pub(crate) fn write_raw(&mut self, row: usize, sink: &mut impl Sink) {
        self.cursor.write(row, sink);
    }

    /// Writes the formatted text, or the value itself where its plain text is the formatted one.
    #[inline]
    pub(crate) fn write_formatted(&mut self, row: usize, scratch: &mut Scratch, sink: &mut impl Sink) {
        if self.render(row, scratch) {
            sink.text(&scratch.rendered);
        } else {
            self.cursor.write(row, sink);
        }
    }

    /// Writes the object of a cell.
    ///
    /// Its members in order: `value`, `rendered`, `html`, `links`, `filterable_value`, `sort_value`. A lean one has no
    /// `html`.
    pub(crate) fn write_object(
        &mut self,
        row: usize,
        members: Members,
        mark: Option<&Mark>,
        scratch: &mut Scratch,
        out: &mut Vec<u8>,
    ) {
        out.extend_from_slice(b"{\"value\":");
        let start = out.len();
        let shape = match members {
            Members::Lean => Shape::WithoutObjects,
            Members::All => Shape::Typed,
        };
        let held = self.cursor.write(row, &mut JsonSink { out, shape });
        let rendered = held == Held::Value && self.render(row, scratch);
        if rendered && scratch.rendered.as_bytes() != &out[start..] {
            out.extend_from_slice(b",\"rendered\":");
            belvedere_wire::write_string(&scratch.rendered, out);
        }
        if let Some(html) = mark.and_then(|mark| mark.html.as_deref()).filter(|_| members == Members::All) {
            out.extend_from_slice(b",\"html\":");
            belvedere_wire::write_string(html, out);
        }
        if let Some(links) = mark.and_then(|mark| mark.links.as_deref()) {
            out.extend_from_slice(b",\"links\":");
            out.extend_from_slice(links);
        }
        if members == Members::All {
            self.write_filterable(row, held, rendered, scratch, out);
            if let Some(sort) = &mut self.sort {
                out.extend_from_slice(b",\"sort_value\":");
                sort.write(row, &mut JsonSink { out, shape: Shape::Typed });
            }
        }
        out.push(b'}');
    }
}
