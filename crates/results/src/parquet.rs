//! `parquet`: a Parquet file of the raw values.

use crate::arrow::Shown;
use crate::error::Error;
use crate::failure::RunError;
use crate::layout::{End, Layout};
use crate::writer::{Appetite, Ending, Writer};
use arrow_array::RecordBatch;
use arrow_schema::{DataType, IntervalUnit, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

/// Bytes of rows that are encoded together: what is held until they are written.
const ROW_GROUP: usize = 16 * 1024 * 1024;

/// Writes the shown columns as [`Shown`] names them, in row groups of bounded size. A file that breaks off has no
/// footer and so cannot be read.
pub(crate) struct ParquetWriter {
    columns: Shown,
    /// `None` once it is finished.
    file: Option<ArrowWriter<Vec<u8>>>,
}

impl ParquetWriter {
    pub(crate) fn new(layout: &Layout, schema: &Schema) -> Result<Self, Error> {
        let columns = Shown::new(layout, schema);
        if let Some(field) = columns.schema().fields().iter().find(|field| !can_hold(field.data_type())) {
            let (column, data_type) = (field.name().clone(), field.data_type().to_string());
            return Err(Error::NotIn { format: "parquet", column, data_type });
        }
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let file = ArrowWriter::try_new(Vec::new(), columns.schema().clone(), Some(properties));
        Ok(Self { columns, file: Some(file.map_err(|error| encoding(&error))?) })
    }
}

/// Whether the encoder has a place for a type: it has none for intervals that mix months and times.
fn can_hold(data_type: &DataType) -> bool {
    match data_type {
        DataType::Interval(unit) => *unit != IntervalUnit::MonthDayNano,
        DataType::List(item)
        | DataType::LargeList(item)
        | DataType::FixedSizeList(item, _)
        | DataType::Map(item, _) => can_hold(item.data_type()),
        DataType::Struct(members) => !members.is_empty() && members.iter().all(|member| can_hold(member.data_type())),
        _ => true,
    }
}

fn encoding(error: &ParquetError) -> Error {
    Error::Encoding { format: "parquet", message: error.to_string() }
}

/// What has been written since the last time.
fn drain(file: &mut ArrowWriter<Vec<u8>>, out: &mut Vec<u8>) {
    out.append(file.inner_mut());
}

impl Writer for ParquetWriter {
    fn start(&mut self, out: &mut Vec<u8>) {
        if let Some(file) = &mut self.file {
            drain(file, out);
        }
    }

    fn batch(&mut self, batch: &RecordBatch, out: &mut Vec<u8>) -> Result<Appetite, Error> {
        let Some(file) = &mut self.file else { return Ok(Appetite::Full) };
        let batch = self.columns.of(batch).map_err(|error| encoding(&error.into()))?;
        file.write(&batch).map_err(|error| encoding(&error))?;
        if file.in_progress_size() >= ROW_GROUP {
            file.flush().map_err(|error| encoding(&error))?;
        }
        drain(file, out);
        Ok(Appetite::More)
    }

    fn finish(&mut self, _: &End, out: &mut Vec<u8>) -> Result<(), Error> {
        let Some(file) = self.file.take() else { return Ok(()) };
        out.append(&mut file.into_inner().map_err(|error| encoding(&error))?);
        Ok(())
    }

    fn fail(&mut self, _: &RunError, _: &End, _: &mut Vec<u8>) -> Ending {
        Ending::Abort
    }
}
