//! `json` and `json_label`: an array of flat row objects.

mod rows;

use crate::cell::{self, Scratch};
use crate::error::Error;
use crate::failure::RunError;
use crate::layout::{End, Layout, Options};
use crate::sink::{JsonSink, Shape};
use crate::writer::{Ending, Writer};
use arrow_array::RecordBatch;
pub(crate) use rows::{Keys, Rows};
use std::sync::Arc;

/// Writes `[{"orders.status":"complete","orders.count":1042},...]`.
pub(crate) struct RowsWriter {
    layout: Arc<Layout>,
    options: Options,
    rows: Rows,
    scratch: Scratch,
}

impl RowsWriter {
    pub(crate) fn new(keys: Keys, layout: Arc<Layout>, options: Options) -> Self {
        Self { rows: Rows::new(&layout.columns, keys), scratch: Scratch::default(), layout, options }
    }
}

impl Writer for RowsWriter {
    fn start(&mut self, out: &mut Vec<u8>) {
        out.push(b'[');
    }

    fn batch(&mut self, batch: &RecordBatch, out: &mut Vec<u8>) -> Result<(), Error> {
        let mut columns = cell::open(&self.layout, self.options, batch)?;
        let scratch = &mut self.scratch;
        if self.options.apply_formatting {
            self.rows.write(batch.num_rows(), &mut columns, out, |cells, row, out| {
                cells.write_formatted(row, scratch, &mut JsonSink { out, shape: Shape::Text });
            });
        } else {
            self.rows.write(batch.num_rows(), &mut columns, out, |cells, row, out| {
                cells.write_raw(row, &mut JsonSink { out, shape: Shape::Typed });
            });
        }
        Ok(())
    }

    fn finish(&mut self, _: &End, out: &mut Vec<u8>) {
        out.push(b']');
    }

    fn fail(&mut self, error: &RunError, _: &End, out: &mut Vec<u8>) -> Ending {
        self.rows.write_error(error, out);
        out.push(b']');
        Ending::Finished
    }
}
