//! `json`, `json_label` and `ndjson`: flat row objects.

mod rows;

use crate::cell::{self, Scratch};
use crate::error::Error;
use crate::failure::RunError;
use crate::layout::{End, Layout, Options};
use crate::sink::{JsonSink, Shape};
use crate::writer::{Appetite, Ending, Writer};
use arrow_array::RecordBatch;
pub(crate) use rows::{Keys, Rows};
use std::sync::Arc;

/// Writes `[{"orders.status":"complete","orders.count":1042},...]`, or a row in each line. Totals have no place there.
pub(crate) struct RowsWriter {
    layout: Arc<Layout>,
    options: Options,
    rows: Rows,
    scratch: Scratch,
    frame: Frame,
}

/// What stands around the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Frame {
    /// Brackets.
    Array,
    /// Nothing, but each row is a line.
    Lines,
}

impl RowsWriter {
    /// Writes an array.
    pub(crate) fn array(keys: Keys, layout: Arc<Layout>, options: Options) -> Self {
        Self::new(Rows::new(&layout, keys), Frame::Array, layout, options)
    }

    /// Writes lines.
    pub(crate) fn lines(layout: Arc<Layout>, options: Options) -> Self {
        Self::new(Rows::new(&layout, Keys::Names).in_lines(), Frame::Lines, layout, options)
    }

    fn new(rows: Rows, frame: Frame, layout: Arc<Layout>, options: Options) -> Self {
        Self { rows, scratch: Scratch::default(), layout, options, frame }
    }

    fn close(&self, out: &mut Vec<u8>) {
        match self.frame {
            Frame::Array => out.push(b']'),
            Frame::Lines if self.rows.is_empty() => {}
            Frame::Lines => out.push(b'\n'),
        }
    }
}

impl Writer for RowsWriter {
    fn start(&mut self, out: &mut Vec<u8>) {
        if self.frame == Frame::Array {
            out.push(b'[');
        }
    }

    fn batch(&mut self, batch: &RecordBatch, out: &mut Vec<u8>) -> Result<Appetite, Error> {
        let mut columns = cell::open(&self.layout, self.options, batch)?;
        let scratch = &mut self.scratch;
        if self.options.apply_formatting {
            self.rows.write(batch.num_rows(), &mut columns, out, |_, cells, row, out| {
                cells.write_formatted(row, scratch, &mut JsonSink { out, shape: Shape::Text });
            });
        } else {
            self.rows.write(batch.num_rows(), &mut columns, out, |_, cells, row, out| {
                cells.write_raw(row, &mut JsonSink { out, shape: Shape::Typed });
            });
        }
        Ok(Appetite::More)
    }

    fn finish(&mut self, _: &End, out: &mut Vec<u8>) -> Result<(), Error> {
        self.close(out);
        Ok(())
    }

    fn fail(&mut self, error: &RunError, _: &End, out: &mut Vec<u8>) -> Ending {
        self.rows.write_error(error, out);
        self.close(out);
        Ending::Finished
    }
}
