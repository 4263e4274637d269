//! What every format's writer does.

use crate::arrow::ArrowWriter;
use crate::error::Error;
use crate::failure::RunError;
use crate::format::Format;
use crate::json::{Keys, RowsWriter};
use crate::json_bi::BiWriter;
use crate::json_detail::DetailWriter;
use crate::layout::{End, Layout, Options};
use crate::parquet::ParquetWriter;
use crate::table::{TableWriter, csv::Csv, gsxml::Gsxml, html::Html, md::Md, txt::Txt};
use crate::xlsx::XlsxWriter;
use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use std::sync::Arc;

/// Writes one result, batch by batch.
///
/// The calls come in this order: `start`, any number of `batch`, at most one `totals`, then `finish` or `fail`. Each
/// appends bytes to `out`, which the caller may take away in between. A writer keeps nothing that grows with the rows.
pub trait Writer: Send {
    /// Writes what stands before the first row.
    fn start(&mut self, out: &mut Vec<u8>);

    /// Writes the rows of a batch. On an error nothing has been written of it.
    fn batch(&mut self, batch: &RecordBatch, out: &mut Vec<u8>) -> Result<Appetite, Error>;

    /// Writes the totals: the one row of `batch`, whose dimensions are null. Formats without a place for totals write
    /// nothing.
    fn totals(&mut self, _batch: &RecordBatch, _out: &mut Vec<u8>) -> Result<(), Error> {
        Ok(())
    }

    /// Writes what stands after the last row of a complete result. On an error the body is not whole.
    fn finish(&mut self, end: &End, out: &mut Vec<u8>) -> Result<(), Error>;

    /// Ends a result whose rows broke off with an error, and says whether the body is whole.
    fn fail(&mut self, error: &RunError, end: &End, out: &mut Vec<u8>) -> Ending;
}

/// Whether a writer takes more rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appetite {
    /// It does.
    More,
    /// The format is full and its body says so: no more rows, no totals, only the end.
    Full,
}

/// How a body ends that met an error after its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The body tells of the error and is complete.
    Finished,
    /// The format has no way to tell: the connection must break, lest the rows so far pass for all of them.
    Abort,
}

/// The writer of a format for batches of `schema`.
///
/// # Errors
/// What the format cannot hold, known before the first row.
pub fn writer(
    format: Format,
    layout: Arc<Layout>,
    options: Options,
    schema: &SchemaRef,
) -> Result<Box<dyn Writer>, Error> {
    layout.check(schema)?;
    Ok(match format {
        Format::Csv => Box::new(TableWriter::<Csv>::new(layout, options)),
        Format::Txt => Box::new(TableWriter::<Txt>::new(layout, options)),
        Format::Md => Box::new(TableWriter::<Md>::new(layout, options)),
        Format::Html => Box::new(TableWriter::<Html>::new(layout, options)),
        Format::Gsxml => Box::new(TableWriter::<Gsxml>::new(layout, options)),
        Format::Xlsx => Box::new(XlsxWriter::new(layout, options, schema)?),
        Format::Arrow => Box::new(ArrowWriter::new(&layout, schema)?),
        Format::Parquet => Box::new(ParquetWriter::new(&layout, schema)?),
        Format::Json | Format::JsonLabel | Format::JsonDetail | Format::JsonFe | Format::JsonBi | Format::Ndjson => {
            match json_writer(format, layout, options) {
                Some(writer) => writer,
                None => unreachable!("each of these is a format of JSON"),
            }
        }
    })
}

/// The writer of a format of JSON, which tells of errors in its body; `None` for other formats.
pub(crate) fn json_writer(format: Format, layout: Arc<Layout>, options: Options) -> Option<Box<dyn Writer>> {
    Some(match format {
        Format::Json => Box::new(RowsWriter::array(Keys::Names, layout, options)),
        Format::JsonLabel => Box::new(RowsWriter::array(Keys::Labels, layout, options)),
        Format::Ndjson => Box::new(RowsWriter::lines(layout, options)),
        Format::JsonDetail | Format::JsonFe => Box::new(DetailWriter::new(layout, options)),
        Format::JsonBi => Box::new(BiWriter::new(layout, options)),
        Format::Csv
        | Format::Txt
        | Format::Md
        | Format::Html
        | Format::Gsxml
        | Format::Xlsx
        | Format::Arrow
        | Format::Parquet => {
            return None;
        }
    })
}
