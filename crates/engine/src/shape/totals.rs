//! The row of totals.

use super::Beside;
use crate::error::Error;
use arrow_array::{ArrayRef, RecordBatch, RecordBatchOptions, new_null_array};
use arrow_schema::{ArrowError, DataType, Schema, SchemaRef};
use belvedere_results::{Layout, Role};
use belvedere_warehouse::Error as WarehouseError;
use std::sync::Arc;

/// The totals of a result that is not pivoted: measures where the statement gives them, null everywhere else.
pub(super) fn plain(layout: &Layout, schema: &SchemaRef, totals: &Beside) -> Result<RecordBatch, Error> {
    let mut columns: Vec<ArrayRef> = nulls(schema);
    for column in layout.columns.iter().filter(|column| column.role == Role::Measure) {
        if let Some(total) = totals.column(&column.name) {
            columns[column.source] = first(total, 0, schema.field(column.source).data_type())?;
        }
    }
    row(schema, columns)
}

/// A row in which everything is null.
pub(super) fn nulls(schema: &Schema) -> Vec<ArrayRef> {
    schema.fields().iter().map(|field| new_null_array(field.data_type(), 1)).collect()
}

/// The value of a row as an array of one, in the type of the column that it is the total of.
pub(super) fn first(values: &ArrayRef, row: usize, data_type: &DataType) -> Result<ArrayRef, Error> {
    if values.len() <= row {
        return Ok(new_null_array(data_type, 1));
    }
    let value = values.slice(row, 1);
    if value.data_type() == data_type {
        Ok(value)
    } else {
        arrow_cast::cast(&value, data_type).map_err(|error| told(&error))
    }
}

/// A batch of one row, of columns that may be null whatever the statement says.
pub(super) fn row(schema: &Schema, columns: Vec<ArrayRef>) -> Result<RecordBatch, Error> {
    let fields: Vec<_> = schema.fields().iter().map(|field| field.as_ref().clone().with_nullable(true)).collect();
    let options = RecordBatchOptions::new().with_row_count(Some(1));
    RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), columns, &options).map_err(|error| told(&error))
}

pub(super) fn told(error: &ArrowError) -> Error {
    WarehouseError::Driver(format!("the result cannot be laid out: {error}")).into()
}
