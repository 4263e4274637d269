//! Subtotals: for each depth the rows of the outer dimensions, the deeper ones null.

use super::Beside;
use super::pivot::Job;
use super::totals::told;
use crate::error::Error;
use arrow_array::{ArrayRef, RecordBatch, RecordBatchOptions, UInt32Array, new_null_array};
use arrow_cast::cast;
use arrow_schema::{Schema, SchemaRef};
use arrow_select::take::take;
use belvedere_query::Subtotal;
use belvedere_results::{Layout, Options, Role, subtotal_rows};
use std::collections::HashMap;
use std::sync::Arc;

/// The subtotals of one depth, as `json_detail` tells them.
#[derive(Debug, Clone)]
pub(crate) struct SubtotalRows {
    /// How many dimensions are kept.
    pub(crate) depth: usize,
    /// Their names.
    pub(crate) dimensions: Vec<String>,
    /// The rows: a JSON array.
    pub(crate) rows: Vec<u8>,
}

/// The subtotals of a result that is not pivoted.
pub(super) fn plain(
    layout: &Layout,
    schema: &SchemaRef,
    subtotal: &Subtotal,
    rows: &Beside,
) -> Result<SubtotalRows, Error> {
    let count = rows.rows.num_rows();
    let mut columns = nulls(schema, count);
    for column in &layout.columns {
        let is_deeper = column.role == Role::Dimension && !subtotal.dimensions.contains(&column.name);
        if let Some(values) = rows.column(&column.name).filter(|_| !is_deeper) {
            columns[column.source] =
                cast(values, schema.field(column.source).data_type()).map_err(|error| told(&error))?;
        }
    }
    finished(layout, schema, columns, count, subtotal)
}

/// The subtotals of a pivoted result: a row for each combination of the kept dimensions, its cells under their pivots.
pub(super) fn pivoted(
    job: &Job,
    layout: &Layout,
    schema: &SchemaRef,
    pivots: &HashMap<&str, usize>,
    subtotal: &Subtotal,
    rows: &Beside,
) -> Result<SubtotalRows, Error> {
    let cells = job.cells_of(rows, &subtotal.dimensions, pivots)?;
    let count = cells.firsts.len();
    let mut columns = nulls(schema, count);
    let firsts = UInt32Array::from_iter_values(cells.firsts.iter().copied());
    for column in &layout.columns {
        let Some(values) = rows.column(&column.name) else { continue };
        let indices = match column.pivot {
            None if subtotal.dimensions.contains(&column.name) => firsts.clone(),
            None => continue,
            Some(pivot) => (0..count as u32).map(|row| cells.at.get(&(row, pivot)).copied()).collect(),
        };
        let values = take(values, &indices, None).map_err(|error| told(&error))?;
        columns[column.source] =
            cast(&values, schema.field(column.source).data_type()).map_err(|error| told(&error))?;
    }
    finished(layout, schema, columns, count, subtotal)
}

fn nulls(schema: &Schema, rows: usize) -> Vec<ArrayRef> {
    schema.fields().iter().map(|field| new_null_array(field.data_type(), rows)).collect()
}

fn finished(
    layout: &Layout,
    schema: &Schema,
    columns: Vec<ArrayRef>,
    count: usize,
    subtotal: &Subtotal,
) -> Result<SubtotalRows, Error> {
    let fields: Vec<_> = schema.fields().iter().map(|field| field.as_ref().clone().with_nullable(true)).collect();
    let options = RecordBatchOptions::new().with_row_count(Some(count));
    let batch = RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), columns, &options);
    let batch = batch.map_err(|error| told(&error))?;
    let rows = subtotal_rows(layout, Options::default(), &batch, &subtotal.dimensions)?;
    Ok(SubtotalRows { depth: subtotal.depth, dimensions: subtotal.dimensions.clone(), rows })
}
