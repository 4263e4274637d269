//! `json_detail`: rows of cell objects among all that is known of the run.

use crate::cell::{self, Members, Scratch};
use crate::error::Error;
use crate::failure::{RunError, Severity};
use crate::json::{Keys, Rows};
use crate::layout::{End, Layout, Options, Role};
use crate::markup::{Marks, RowKind};
use crate::writer::{Appetite, Ending, Writer};
use arrow_array::RecordBatch;
use std::sync::Arc;

/// Writes the members that are known at the start, then `data`, `totals_data` and `errors` where there are any,
/// `status`, and the members that are known at the end. `data` comes before `errors` and `status` so that a run that
/// breaks off can still tell.
pub(crate) struct DetailWriter {
    layout: Arc<Layout>,
    options: Options,
    rows: Rows,
    scratch: Scratch,
    /// `"totals_data":{...}`, once it is known.
    totals: Vec<u8>,
}

impl DetailWriter {
    pub(crate) fn new(layout: Arc<Layout>, options: Options) -> Self {
        let rows = Rows::new(&layout, Keys::Cells);
        Self { rows, scratch: Scratch::default(), totals: Vec::new(), layout, options }
    }
}

impl Writer for DetailWriter {
    fn start(&mut self, out: &mut Vec<u8>) {
        out.push(b'{');
        for (key, json) in &self.layout.head.detail {
            write_member(key, json, out);
            out.push(b',');
        }
        out.extend_from_slice(b"\"data\":[");
    }

    fn batch(&mut self, batch: &RecordBatch, out: &mut Vec<u8>) -> Result<Appetite, Error> {
        let mut columns = cell::open(&self.layout, self.options, batch)?;
        let mut marks = Marks::open(&self.layout, self.options, batch, RowKind::Data)?;
        let scratch = &mut self.scratch;
        self.rows.write(batch.num_rows(), &mut columns, out, |column, cells, row, out| {
            let mark = marks.as_mut().map(|marks| marks.of(column, row));
            cells.write_object(row, Members::All, mark.as_ref(), scratch, out);
        });
        Ok(Appetite::More)
    }

    fn totals(&mut self, batch: &RecordBatch, _: &mut Vec<u8>) -> Result<(), Error> {
        if batch.num_rows() == 0 {
            return Ok(());
        }
        let mut columns = cell::open(&self.layout, self.options, batch)?;
        let mut marks = Marks::open(&self.layout, self.options, batch, RowKind::Totals)?;
        let mut row = Rows::of(&self.layout, Keys::Cells, |column| column.role != Role::Dimension);
        let scratch = &mut self.scratch;
        self.totals.extend_from_slice(b",\"totals_data\":");
        row.write(1, &mut columns, &mut self.totals, |column, cells, row, out| {
            let mark = marks.as_mut().map(|marks| marks.of(column, row));
            cells.write_object(row, Members::All, mark.as_ref(), scratch, out);
        });
        Ok(())
    }

    fn finish(&mut self, end: &End, out: &mut Vec<u8>) -> Result<(), Error> {
        out.push(b']');
        out.append(&mut self.totals);
        write_errors(end.notes.iter().map(|note| (note, Severity::Note)), out);
        out.extend_from_slice(b",\"status\":\"complete\"");
        write_end(end, out);
        Ok(())
    }

    fn fail(&mut self, error: &RunError, end: &End, out: &mut Vec<u8>) -> Ending {
        out.push(b']');
        let notes = end.notes.iter().map(|note| (note, Severity::Note));
        write_errors(std::iter::once((error, Severity::Fatal)).chain(notes), out);
        out.extend_from_slice(b",\"status\":\"error\"");
        write_end(end, out);
        Ending::Finished
    }
}

/// The rows of subtotals as `json_detail` tells them: an array of rows of cells, each with the dimensions that it is
/// grouped by under `$$$__grouping__$$$`. Deeper dimensions are null in `batch`.
///
/// # Errors
/// The batch has no such column, or its type cannot be shown.
pub fn subtotal_rows(
    layout: &Layout,
    options: Options,
    batch: &RecordBatch,
    grouping: &[String],
) -> Result<Vec<u8>, Error> {
    let mut columns = cell::open(layout, options, batch)?;
    let mut names = vec![b'['];
    for (index, name) in grouping.iter().enumerate() {
        if index > 0 {
            names.push(b',');
        }
        belvedere_wire::write_string(name, &mut names);
    }
    names.push(b']');
    let mut scratch = Scratch::default();
    let mut out = vec![b'['];
    let mut rows = Rows::new(layout, Keys::Cells).with_member("$$$__grouping__$$$", &names);
    rows.write(batch.num_rows(), &mut columns, &mut out, |_, cells, row, out| {
        cells.write_object(row, Members::All, None, &mut scratch, out);
    });
    out.push(b']');
    Ok(out)
}

fn write_errors<'a>(errors: impl Iterator<Item = (&'a RunError, Severity)>, out: &mut Vec<u8>) {
    let mut separator: &[u8] = b",\"errors\":[";
    for (error, severity) in errors {
        out.extend_from_slice(separator);
        separator = b",";
        error.write_entry(severity, out);
    }
    if separator == b"," {
        out.push(b']');
    }
}

fn write_end(end: &End, out: &mut Vec<u8>) {
    for (key, json) in &end.detail {
        out.push(b',');
        write_member(key, json, out);
    }
    out.push(b'}');
}

fn write_member(key: &str, json: &[u8], out: &mut Vec<u8>) {
    belvedere_wire::write_string(key, out);
    out.push(b':');
    out.extend_from_slice(json);
}
