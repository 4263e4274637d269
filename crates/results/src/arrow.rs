//! `arrow`: an Arrow IPC stream of the raw values.

use crate::error::Error;
use crate::failure::RunError;
use crate::layout::{Column, End, Layout};
use crate::writer::{Appetite, Ending, Writer};
use arrow_array::RecordBatch;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{ArrowError, Field, Schema, SchemaRef};
use std::sync::Arc;

/// Writes the shown columns under their names, in the types of the database. A stream that breaks off has no end
/// mark, which readers notice.
pub(crate) struct ArrowWriter {
    columns: Shown,
    stream: StreamWriter<Vec<u8>>,
}

/// The shown columns of batches, with names and labels for readers that know no layout.
pub(crate) struct Shown {
    sources: Vec<usize>,
    schema: SchemaRef,
}

impl Shown {
    /// The columns of `layout` in batches of `schema`.
    ///
    /// The label stands in the metadata of a field. A pivoted column is named `<key of the pivot>_<measure>`.
    pub(crate) fn new(layout: &Layout, schema: &Schema) -> Self {
        let field = |column: &Column| {
            let key = column.pivot.and_then(|pivot| layout.pivots.columns.get(pivot)).map(|pivot| &pivot.key);
            let name = key.map_or_else(|| column.name.clone(), |key| format!("{key}_{}", column.name));
            let data_type = schema.field(column.source).data_type().clone();
            let metadata = [("label".to_owned(), column.label.clone())];
            Field::new(name, data_type, true).with_metadata(metadata.into())
        };
        let fields: Vec<Field> = layout.columns.iter().map(field).collect();
        let sources = layout.columns.iter().map(|column| column.source).collect();
        Self { sources, schema: Arc::new(Schema::new(fields)) }
    }

    pub(crate) fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// The shown columns of a batch.
    pub(crate) fn of(&self, batch: &RecordBatch) -> Result<RecordBatch, ArrowError> {
        let columns = batch.project(&self.sources)?.columns().to_vec();
        let options = arrow_array::RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
        RecordBatch::try_new_with_options(Arc::clone(&self.schema), columns, &options)
    }
}

impl ArrowWriter {
    pub(crate) fn new(layout: &Layout, schema: &Schema) -> Result<Self, Error> {
        let columns = Shown::new(layout, schema);
        let stream = StreamWriter::try_new(Vec::new(), columns.schema()).map_err(|error| encoding(&error))?;
        Ok(Self { columns, stream })
    }

    /// Gives what was written to `out`, without a copy where that is empty.
    fn hand_over(&mut self, out: &mut Vec<u8>) {
        let written = self.stream.get_mut();
        if out.is_empty() { std::mem::swap(out, written) } else { out.append(written) }
    }
}

fn encoding(error: &ArrowError) -> Error {
    Error::Encoding { format: "arrow", message: error.to_string() }
}

impl Writer for ArrowWriter {
    fn start(&mut self, out: &mut Vec<u8>) {
        self.hand_over(out);
    }

    fn batch(&mut self, batch: &RecordBatch, out: &mut Vec<u8>) -> Result<Appetite, Error> {
        let written = self.columns.of(batch).and_then(|batch| self.stream.write(&batch));
        written.map_err(|error| encoding(&error))?;
        self.hand_over(out);
        Ok(Appetite::More)
    }

    fn finish(&mut self, _: &End, out: &mut Vec<u8>) -> Result<(), Error> {
        self.stream.finish().map_err(|error| encoding(&error))?;
        self.hand_over(out);
        Ok(())
    }

    fn fail(&mut self, _: &RunError, _: &End, _: &mut Vec<u8>) -> Ending {
        Ending::Abort
    }
}
