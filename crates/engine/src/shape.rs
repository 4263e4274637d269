//! What a result looks like: its columns, and where their rows come from.
//!
//! A plain result streams from its statement. A pivoted one is read to its end first, for only then all pivot columns
//! are known; its rows wait among the kept results, not in memory. Fill and table calculations hold the whole result.

mod calculate;
mod fill;
mod held;
mod pivot;
mod subtotals;
mod totals;
mod vis;

use crate::Engine;
use crate::error::Error;
use crate::fetch::Origin;
use crate::prepare::{Part, Prepared};
use crate::rows::{Provenance, Rows};
use crate::running::{Guard, Killed, RunningQuery};
use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use arrow_select::concat::concat_batches;
use belvedere_query::Role;
use belvedere_results::{Column, Layout, RunError};
use belvedere_warehouse::{Canceller, Error as WarehouseError};
use std::sync::{Arc, Weak};

use calculate::Calculating;
use fill::{Filled, Filling};
use held::Held;

pub(crate) use calculate::Calculated;
pub(crate) use pivot::PivotKey;
pub(crate) use subtotals::SubtotalRows;
pub use vis::Vis;

/// Rows, batch by batch, on a thread that may wait.
pub trait Batches: Send {
    /// The next rows.
    fn next(&mut self) -> Option<Result<RecordBatch, WarehouseError>>;
}

impl Batches for Rows {
    fn next(&mut self) -> Option<Result<RecordBatch, WarehouseError>> {
        self.blocking_next()
    }
}

/// A result that is ready to be written.
pub struct Table {
    /// Its columns; without what stands around the rows.
    pub(crate) layout: Layout,
    /// The columns of its batches.
    pub(crate) schema: SchemaRef,
    /// Its rows.
    pub(crate) batches: Box<dyn Batches>,
    /// The columns that can be read from its batches, shown or not: what its chart hides is among them.
    pub(crate) readable: Vec<Column>,
    /// The row of totals.
    pub(crate) totals: Option<RecordBatch>,
    /// Where the rows come from.
    pub(crate) provenance: Provenance,
    /// The pivot columns, row totals left out.
    pub(crate) pivots: Vec<PivotKey>,
    /// Whether there are more pivot columns than are shown.
    pub(crate) columns_truncated: bool,
    /// The subtotals, by rising depth.
    pub(crate) subtotals: Vec<SubtotalRows>,
    /// The table calculations among its columns.
    pub(crate) calculations: Vec<Calculated>,
    /// What its reader should know.
    pub(crate) notes: Vec<RunError>,
    /// What stops the statement that the rows come from.
    pub(crate) canceller: Option<Canceller>,
}

impl std::fmt::Debug for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Table")
            .field("schema", &self.schema)
            .field("provenance", &self.provenance)
            .finish_non_exhaustive()
    }
}

/// The rows of one of the statements around the rows.
pub(crate) struct Beside {
    pub(crate) part: Part,
    /// The names of its columns.
    pub(crate) names: Vec<String>,
    pub(crate) rows: RecordBatch,
}

impl Beside {
    /// The column with this name.
    pub(crate) fn column(&self, name: &str) -> Option<&arrow_array::ArrayRef> {
        let index = self.names.iter().position(|known| known == name)?;
        self.rows.columns().get(index)
    }
}

impl Table {
    /// The columns of its rows.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Its next rows, on a thread that may wait.
    pub fn blocking_next(&mut self) -> Option<Result<RecordBatch, WarehouseError>> {
        self.batches.next()
    }
}

/// The one that gives `part`.
pub(crate) fn part(besides: &[Beside], part: Part) -> Option<&Beside> {
    besides.iter().find(|beside| beside.part == part)
}

impl Engine {
    /// Opens the result of a prepared query: waits for its first rows, and for all that must be known before them. It is
    /// listed among the running ones as long as the guard lives.
    ///
    /// # Errors
    /// Whatever fails before the first row.
    pub async fn open(
        &self,
        prepared: &Prepared,
        origin: &Origin,
        entry: RunningQuery,
    ) -> Result<(Table, Guard), Error> {
        let (user, run) = (entry.user_id.clone(), entry.task_id.clone());
        let mut guard = self.running().enter(entry);
        // Dropping what waits for the first rows stops the statement.
        let table = tokio::select! {
            biased;
            () = guard.killed() => return Err(WarehouseError::Cancelled.into()),
            table = self.laid_out(prepared, origin, &user, &run) => table?,
        };
        if let Some(canceller) = &table.canceller {
            guard.began(canceller);
        }
        let batches = Box::new(Killable { batches: table.batches, killed: guard.sign() });
        Ok((Table { batches, ..table }, guard))
    }

    async fn laid_out(&self, prepared: &Prepared, origin: &Origin, user: &str, run: &str) -> Result<Table, Error> {
        let mut besides = Vec::with_capacity(prepared.others.len());
        for other in &prepared.others {
            let fetched = self.fetch(prepared, &other.sql, origin, user).await?;
            let rows = whole(self.recorded(fetched)).await?;
            let names = other.columns.iter().map(|column| column.name.clone()).collect();
            besides.push(Beside { part: other.part, names, rows });
        }
        let fetched = self.fetch(prepared, prepared.rows_sql(), origin, user).await?;
        prepared.layout.check(&fetched.rows.schema())?;
        let provenance = fetched.rows.provenance();
        let table = if let Some(pivot) = &prepared.plan.shape.pivot {
            let kept = self.drained(fetched).await?;
            let job = pivot::Job::new(prepared, pivot, besides, prepared.number_format);
            aside(move |awaited| job.lay_out(&kept, awaited)).await?
        } else {
            let rows = self.recorded(fetched);
            let (schema, canceller) = (rows.schema(), rows.canceller());
            let totals = part(&besides, Part::Totals);
            let totals = totals.map(|totals| totals::plain(&prepared.layout, &schema, totals)).transpose()?;
            let subtotals = besides.iter().filter_map(|beside| match beside.part {
                Part::Subtotal(index) => Some((prepared.plan.shape.subtotals.get(index)?, beside)),
                _ => None,
            });
            let subtotals =
                subtotals.map(|(subtotal, rows)| subtotals::plain(&prepared.layout, &schema, subtotal, rows));
            Table {
                subtotals: subtotals.collect::<Result<_, _>>()?,
                layout: prepared.layout.clone(),
                readable: Vec::new(),
                schema,
                batches: Box::new(rows),
                totals,
                provenance,
                pivots: Vec::new(),
                columns_truncated: false,
                calculations: Vec::new(),
                notes: Vec::new(),
                canceller,
            }
        };
        let mut table = Table { provenance, ..table };
        if let Some(held) = held(prepared, seed(run)) {
            let stop = crate::fetch::StopOnDrop(table.canceller.clone());
            table = aside(move |awaited| held.apply(table, awaited)).await?;
            drop(stop);
        }
        table.readable.clone_from(&table.layout.columns);
        if let Some(vis) = &prepared.vis {
            vis.apply(&mut table.layout, prepared);
        }
        Ok(table)
    }
}

/// Does work that takes its time on a thread of its own. It is told when nobody waits for it any more.
async fn aside<T: Send + 'static>(
    work: impl FnOnce(&Awaited) -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let waiting = Arc::new(());
    let awaited = Awaited(Arc::downgrade(&waiting));
    let done = tokio::task::spawn_blocking(move || work(&awaited)).await;
    drop(waiting);
    done.map_err(|error| WarehouseError::Driver(error.to_string()))?
}

/// Whether anybody waits for a piece of work: those who do hold what this points to.
#[derive(Debug, Clone)]
struct Awaited(Weak<()>);

impl Awaited {
    fn is_over(&self) -> bool {
        self.0.strong_count() == 0
    }

    /// Fails when nobody waits.
    fn check(&self) -> Result<(), Error> {
        if self.is_over() { Err(WarehouseError::Cancelled.into()) } else { Ok(()) }
    }
}

/// Rows that end when somebody kills their run, wherever they come from.
struct Killable {
    batches: Box<dyn Batches>,
    killed: Killed,
}

impl Batches for Killable {
    fn next(&mut self) -> Option<Result<RecordBatch, WarehouseError>> {
        if self.killed.is_so() { Some(Err(WarehouseError::Cancelled)) } else { self.batches.next() }
    }
}

/// What the chance of a run begins with: the digits of its id. A task has one id, and so the same numbers whenever its
/// result is asked for.
fn seed(run: &str) -> u64 {
    run.get(..16).and_then(|digits| u64::from_str_radix(digits, 16).ok()).unwrap_or_default()
}

/// What must be made of the whole result; `None` when its rows can stream.
fn held(prepared: &Prepared, seed: u64) -> Option<Held> {
    let shape = &prepared.plan.shape;
    let filling = filling(prepared);
    let calculating = (!shape.calculations.is_empty()).then(|| Calculating {
        calculations: shape.calculations.clone(),
        formats: prepared.calculation_formats.clone(),
        fields: fields(prepared),
        sorts: prepared.plan.sorts.clone(),
        has_totals: shape.totals.is_some(),
        has_row_totals: shape.row_totals.is_some(),
        now: prepared.now.datetime(),
        seed,
    });
    (filling.is_some() || calculating.is_some()).then_some(Held { filling, calculating })
}

/// The fields of the result, as calculations know them.
fn fields(prepared: &Prepared) -> Vec<(String, belvedere_expressions::looker::Field)> {
    let is_pivot =
        |index: &usize| prepared.plan.shape.pivot.as_ref().is_some_and(|pivot| pivot.columns.contains(index));
    let shown = prepared.columns.iter().enumerate().filter(|(_, column)| column.role != Role::SortHelper);
    shown.map(|(index, column)| (column.name.clone(), calculate::field(index, column, is_pivot(&index)))).collect()
}

/// The row dimensions to be filled; pivots are filled where they are found.
fn filling(prepared: &Prepared) -> Option<Filling> {
    let plan = &prepared.plan;
    // Pivoted rows begin with the row dimensions, in the order of the plan.
    let source = |index: usize| match &plan.shape.pivot {
        None => Some(index),
        Some(pivot) => pivot.rows.iter().position(|row| *row == index),
    };
    let companion = |index: usize| source(prepared.columns.get(index)?.sorted_by?);
    let filled = plan.shape.fills.iter().filter_map(|fill| {
        Some(Filled { source: source(fill.column)?, companion: companion(fill.column), values: fill.values.clone() })
    });
    let dimensions: Vec<Filled> = filled.collect();
    if dimensions.is_empty() {
        return None;
    }
    let is_filled =
        |source: &usize| dimensions.iter().any(|filled| filled.source == *source || filled.companion == Some(*source));
    let is_dimension = |index: &usize| prepared.columns[*index].role != Role::Measure;
    let others = (0..prepared.columns.len()).filter(is_dimension).filter_map(source);
    let others = others.filter(|source| !is_filled(source)).collect();
    let order = plan.order.iter().map_while(|order| {
        let is_dimension = is_dimension(&order.column);
        is_dimension.then(|| source(order.column)).flatten().map(|source| (source, order.direction))
    });
    Some(Filling { others, order: order.collect(), dimensions })
}

/// All rows in one batch: those of a statement that has few.
async fn whole(mut rows: Rows) -> Result<RecordBatch, Error> {
    let stop = crate::fetch::StopOnDrop(rows.canceller());
    let schema = rows.schema();
    let reading = aside(move |_| {
        let mut batches = Vec::new();
        while let Some(batch) = rows.blocking_next() {
            batches.push(batch?);
        }
        Ok(batches)
    });
    let batches = reading.await?;
    drop(stop);
    concat_batches(&schema, &batches).map_err(|error| WarehouseError::Driver(error.to_string()).into())
}

#[cfg(test)]
mod tests {
    use super::{Awaited, aside, seed};
    use crate::error::Error;
    use belvedere_warehouse::Error as WarehouseError;
    use tokio::sync::oneshot;

    #[tokio::test]
    async fn work_ends_when_nobody_waits_for_it() {
        let (begun, has_begun) = oneshot::channel();
        let (ended, has_ended) = oneshot::channel();
        let waiting = tokio::spawn(aside(move |awaited| {
            let _ = begun.send(());
            while !awaited.is_over() {
                std::thread::yield_now();
            }
            let _ = ended.send(awaited.check().map_err(|error| error.to_string()));
            Ok(())
        }));
        has_begun.await.expect("it begins");
        waiting.abort();
        let expected = Error::from(WarehouseError::Cancelled).to_string();
        assert_eq!(has_ended.await.expect("it ends"), Err(expected));
    }

    #[tokio::test]
    async fn work_that_is_waited_for_goes_on() {
        assert!(aside(Awaited::check).await.is_ok());
    }

    #[test]
    fn chance_begins_with_the_id_of_the_run() {
        assert_eq!(seed("00000000000000ff0000000000000000"), 255);
        assert_eq!(seed("no id"), 0);
    }
}
