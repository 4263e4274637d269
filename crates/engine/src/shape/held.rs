//! Results that must be whole before they can be written: values are filled in, table calculations look at other rows.

use super::calculate::{self, Calculating};
use super::fill::Filling;
use super::{Awaited, Batches, Table};
use crate::error::Error;
use arrow_array::RecordBatch;
use arrow_select::concat::concat_batches;
use belvedere_warehouse::Error as WarehouseError;

/// Bytes of rows that are held.
const LIMIT: usize = 256 * 1024 * 1024;

/// What is made of a whole result, in this order.
pub(super) struct Held {
    /// Missing values of row dimensions.
    pub(super) filling: Option<Filling>,
    /// Table calculations.
    pub(super) calculating: Option<Calculating>,
}

impl Held {
    /// Reads a result to its end and makes another of it.
    pub(super) fn apply(self, mut table: Table, awaited: &Awaited) -> Result<Table, Error> {
        let mut rows = whole(&mut table, awaited)?;
        if let Some(filling) = self.filling {
            rows = filling.fill(&rows)?;
        }
        table.canceller = None;
        table.schema = rows.schema();
        if let Some(calculating) = self.calculating {
            return calculate::calculated(&calculating, table, &rows, awaited);
        }
        Ok(Table { batches: Box::new(Once(Some(rows))), ..table })
    }
}

fn whole(table: &mut Table, awaited: &Awaited) -> Result<RecordBatch, Error> {
    let mut batches = Vec::new();
    let mut bytes = 0;
    while let Some(batch) = table.batches.next() {
        awaited.check()?;
        let batch = batch?;
        bytes += batch.get_array_memory_size();
        if bytes > LIMIT {
            let limit = format!("{} MiB", LIMIT >> 20);
            return Err(Error::TooLarge { what: "fill and table calculations over a result", limit });
        }
        batches.push(batch);
    }
    concat_batches(&table.schema, &batches).map_err(|error| WarehouseError::Driver(error.to_string()).into())
}

/// Rows that are there already.
pub(super) struct Once(pub(super) Option<RecordBatch>);

impl Batches for Once {
    fn next(&mut self) -> Option<Result<RecordBatch, WarehouseError>> {
        self.0.take().map(Ok)
    }
}
