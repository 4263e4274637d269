//! `json_bi`: lean metadata, then rows of cell objects.

use crate::cell::{self, Members, Scratch};
use crate::error::Error;
use crate::failure::RunError;
use crate::json::{Keys, Rows};
use crate::layout::{End, Layout, Options};
use crate::markup::{Marks, RowKind};
use crate::writer::{Appetite, Ending, Writer};
use arrow_array::RecordBatch;
use std::sync::Arc;

/// Writes `{"metadata":{...},"rows":[{"orders.count":{"value":1042,"rendered":"1,042"}},...]}`.
///
/// Cells keep the order of the select list and hold exactly one member named `value`: the JDBC driver counts them.
pub(crate) struct BiWriter {
    layout: Arc<Layout>,
    options: Options,
    rows: Rows,
    scratch: Scratch,
}

impl BiWriter {
    pub(crate) fn new(layout: Arc<Layout>, options: Options) -> Self {
        Self { rows: Rows::new(&layout, Keys::Cells), scratch: Scratch::default(), layout, options }
    }

    fn write(&mut self, batch: &RecordBatch, kind: RowKind, out: &mut Vec<u8>) -> Result<(), Error> {
        let mut columns = cell::open(&self.layout, self.options, batch)?;
        let mut marks = Marks::open(&self.layout, self.options, batch, kind)?;
        let scratch = &mut self.scratch;
        self.rows.write(batch.num_rows(), &mut columns, out, |column, cells, row, out| {
            let mark = marks.as_mut().map(|marks| marks.of(column, row));
            cells.write_object(row, Members::Lean, mark.as_ref(), scratch, out);
        });
        Ok(())
    }
}

impl Writer for BiWriter {
    fn start(&mut self, out: &mut Vec<u8>) {
        let metadata = &self.layout.head.bi_metadata;
        out.extend_from_slice(b"{\"metadata\":");
        out.extend_from_slice(if metadata.is_empty() { b"{}" } else { metadata });
        out.extend_from_slice(b",\"rows\":[");
    }

    fn batch(&mut self, batch: &RecordBatch, out: &mut Vec<u8>) -> Result<Appetite, Error> {
        self.write(batch, RowKind::Data, out).map(|()| Appetite::More)
    }

    /// The totals are the last of the rows (a single source tells so).
    fn totals(&mut self, batch: &RecordBatch, out: &mut Vec<u8>) -> Result<(), Error> {
        self.write(batch, RowKind::Totals, out)
    }

    fn finish(&mut self, _: &End, out: &mut Vec<u8>) -> Result<(), Error> {
        out.extend_from_slice(b"]}");
        Ok(())
    }

    fn fail(&mut self, error: &RunError, _: &End, out: &mut Vec<u8>) -> Ending {
        self.rows.write_error(error, out);
        out.extend_from_slice(b"]}");
        Ending::Finished
    }
}
