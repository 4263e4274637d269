//! The text formats: lines of header, then a line for each row.

pub(crate) mod csv;
pub(crate) mod gsxml;
pub(crate) mod html;
pub(crate) mod md;
pub(crate) mod txt;

use crate::cell::{self, Scratch};
use crate::error::Error;
use crate::failure::RunError;
use crate::header::{self, HeaderCell};
use crate::layout::{End, Layout, Options};
use crate::markup::{Marks, RowKind};
use crate::sink::{Nesting, Sink};
use crate::writer::{Appetite, Ending, Writer};
use arrow_array::RecordBatch;
use std::marker::PhantomData;
use std::sync::Arc;

/// What stands around the cells of a line.
pub(crate) struct Frame {
    open: &'static str,
    between: &'static str,
    close: &'static str,
}

/// How a text format looks.
pub(crate) trait Style: Send {
    /// Stands before the header.
    const BEFORE: &'static str = "";
    /// The line of labels.
    const HEADER: Frame;
    /// Each line of values.
    const ROW: Frame;
    /// Stands after the last line.
    const AFTER: &'static str = "";

    /// Writes a line of the header.
    fn write_header(line: &[HeaderCell<'_>], out: &mut Vec<u8>) {
        write_line(&Self::HEADER, line, out, |cell, out| Self::write_text(cell.text, out));
    }

    /// Whether cells can hold the output of the field's `html`.
    const HOLDS_HTML: bool = false;

    /// Writes the line behind the first line of the header.
    fn write_rule(_columns: usize, _out: &mut Vec<u8>) {}

    /// Writes a text so that it reads as one cell.
    fn write_text(text: &str, out: &mut Vec<u8>);
}

/// Writes a result in a text format. An error after the start can only break the body off.
pub(crate) struct TableWriter<S> {
    layout: Arc<Layout>,
    options: Options,
    scratch: Scratch,
    style: PhantomData<S>,
}

impl<S: Style> TableWriter<S> {
    pub(crate) fn new(layout: Arc<Layout>, options: Options) -> Self {
        Self { layout, options, scratch: Scratch::default(), style: PhantomData }
    }

    fn write(&mut self, batch: &RecordBatch, kind: RowKind, out: &mut Vec<u8>) -> Result<(), Error> {
        let mut columns = cell::open(&self.layout, self.options, batch)?;
        let marked = S::HOLDS_HTML && self.options.apply_formatting;
        let marks = marked.then(|| Marks::open(&self.layout, self.options, batch, kind)).transpose()?.flatten();
        let scratch = &mut self.scratch;
        if let Some(mut marks) = marks {
            for row in 0..batch.num_rows() {
                write_line(&S::ROW, columns.iter_mut().enumerate(), out, |(column, cells), out| {
                    match marks.of(column, row).html {
                        Some(html) => out.extend_from_slice(html.as_bytes()),
                        None => cells.write_formatted(row, scratch, &mut TextSink::<S> { out, style: PhantomData }),
                    }
                });
            }
            return Ok(());
        }
        for row in 0..batch.num_rows() {
            if self.options.apply_formatting {
                write_line(&S::ROW, &mut columns, out, |cells, out| {
                    cells.write_formatted(row, scratch, &mut TextSink::<S> { out, style: PhantomData });
                });
            } else {
                write_line(&S::ROW, &mut columns, out, |cells, out| {
                    cells.write_raw(row, &mut TextSink::<S> { out, style: PhantomData });
                });
            }
        }
        Ok(())
    }
}

impl<S: Style> Writer for TableWriter<S> {
    fn start(&mut self, out: &mut Vec<u8>) {
        out.extend_from_slice(S::BEFORE.as_bytes());
        for (index, line) in header::lines(&self.layout, self.options).iter().enumerate() {
            S::write_header(line, out);
            if index == 0 {
                S::write_rule(self.layout.columns.len(), out);
            }
        }
    }

    fn batch(&mut self, batch: &RecordBatch, out: &mut Vec<u8>) -> Result<Appetite, Error> {
        self.write(batch, RowKind::Data, out).map(|()| Appetite::More)
    }

    /// The totals are the last line, without a label.
    fn totals(&mut self, batch: &RecordBatch, out: &mut Vec<u8>) -> Result<(), Error> {
        self.write(batch, RowKind::Totals, out)
    }

    fn finish(&mut self, _: &End, out: &mut Vec<u8>) -> Result<(), Error> {
        out.extend_from_slice(S::AFTER.as_bytes());
        Ok(())
    }

    fn fail(&mut self, _: &RunError, _: &End, _: &mut Vec<u8>) -> Ending {
        Ending::Abort
    }
}

#[inline]
fn write_line<T>(
    frame: &Frame,
    cells: impl IntoIterator<Item = T>,
    out: &mut Vec<u8>,
    mut write: impl FnMut(T, &mut Vec<u8>),
) {
    out.extend_from_slice(frame.open.as_bytes());
    for (index, cell) in cells.into_iter().enumerate() {
        if index > 0 {
            out.extend_from_slice(frame.between.as_bytes());
        }
        write(cell, out);
    }
    out.extend_from_slice(frame.close.as_bytes());
}

/// A cell of a text format; null is an empty one.
struct TextSink<'a, S> {
    out: &'a mut Vec<u8>,
    style: PhantomData<S>,
}

impl<S: Style> Sink for TextSink<'_, S> {
    #[inline]
    fn null(&mut self) {}

    #[inline]
    fn number(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    #[inline]
    fn word(&mut self, text: &[u8]) {
        self.out.extend_from_slice(text);
    }

    #[inline]
    fn text(&mut self, text: &str) {
        S::write_text(text, self.out);
    }

    fn nested(&mut self, json: &str, _: Nesting) {
        S::write_text(json, self.out);
    }
}

/// Writes `text` with each of `specials` replaced.
#[inline]
fn write_replaced<const N: usize>(
    text: &str,
    specials: [u8; N],
    replacement: impl Fn(u8) -> &'static str,
    out: &mut Vec<u8>,
) {
    let mut rest = text.as_bytes();
    while let Some(at) = belvedere_wire::find_byte(rest, specials) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(replacement(rest[at]).as_bytes());
        rest = &rest[at + 1..];
    }
    out.extend_from_slice(rest);
}

/// Writes `text` in double quotes, those inside doubled.
#[cold]
fn write_quoted(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    write_replaced(text, [b'"'], |_| "\"\"", out);
    out.push(b'"');
}
