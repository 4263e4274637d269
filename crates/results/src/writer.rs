//! What every format's writer does.

use crate::error::Error;
use crate::failure::RunError;
use crate::format::Format;
use crate::json::{Keys, RowsWriter};
use crate::json_bi::BiWriter;
use crate::json_detail::DetailWriter;
use crate::layout::{End, Layout, Options};
use crate::table::{TableWriter, csv::Csv, html::Html, md::Md, txt::Txt};
use arrow_array::RecordBatch;
use std::sync::Arc;

/// Writes one result, batch by batch.
///
/// The calls come in this order: `start`, any number of `batch`, then `finish` or `fail`. Each appends bytes to
/// `out`, which the caller may take away in between. A writer keeps nothing that grows with the rows.
pub trait Writer: Send {
    /// Writes what stands before the first row.
    fn start(&mut self, out: &mut Vec<u8>);

    /// Writes the rows of a batch. On an error nothing has been written of it.
    fn batch(&mut self, batch: &RecordBatch, out: &mut Vec<u8>) -> Result<(), Error>;

    /// Writes what stands after the last row of a complete result.
    fn finish(&mut self, end: &End, out: &mut Vec<u8>);

    /// Ends a result whose rows broke off with an error, and says whether the body is whole.
    fn fail(&mut self, error: &RunError, end: &End, out: &mut Vec<u8>) -> Ending;
}

/// How a body ends that met an error after its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The body tells of the error and is complete.
    Finished,
    /// The format has no way to tell: the connection must break, lest the rows so far pass for all of them.
    Abort,
}

/// The writer of a format.
pub fn writer(format: Format, layout: Arc<Layout>, options: Options) -> Box<dyn Writer> {
    match format {
        Format::Json => Box::new(RowsWriter::new(Keys::Names, layout, options)),
        Format::JsonLabel => Box::new(RowsWriter::new(Keys::Labels, layout, options)),
        Format::JsonDetail => Box::new(DetailWriter::new(layout, options)),
        Format::JsonBi => Box::new(BiWriter::new(layout, options)),
        Format::Csv => Box::new(TableWriter::<Csv>::new(layout, options)),
        Format::Txt => Box::new(TableWriter::<Txt>::new(layout, options)),
        Format::Md => Box::new(TableWriter::<Md>::new(layout, options)),
        Format::Html => Box::new(TableWriter::<Html>::new(layout, options)),
    }
}
