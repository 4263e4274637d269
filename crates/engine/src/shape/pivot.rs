//! From the long form, a row for each cell, to rows with a column for each pivot value.
//!
//! The statement numbers rows and pivot columns. A first pass over its kept rows finds the pivot columns, a second one
//! gathers cells into rows, a limited number at a time: nothing grows with the rows.

use super::fill::Domain;
use super::totals::{first, nulls, row, told};
use super::{Awaited, Batches, Beside, Table, part, subtotals};
use crate::error::Error;
use crate::kept::{Kept, KeptRows};
use crate::prepare::{Part, Prepared};
use crate::rows::Provenance;
use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{ArrayRef, RecordBatch, UInt32Array};
use arrow_cast::cast;
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use arrow_select::concat::concat_batches;
use arrow_select::take::take;
use belvedere_query::{Direction, FillValues, Pivot, Side, Subtotal};
use belvedere_results::{
    CellText, Column, Layout, NumberFormat, PivotColumn, PivotField, PivotValue, Pivots, ROW_TOTAL, Role, row_keys,
};
use belvedere_warehouse::Error as WarehouseError;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// What separates the values of several pivot fields in a key.
const FIELD_SEPARATOR: &str = "|FIELD|";

/// A pivot column: a value of each pivot field.
#[derive(Debug, Clone)]
pub(crate) struct PivotKey {
    /// The key of its cells.
    pub(crate) key: String,
    /// The value of each pivot field.
    pub(crate) values: Vec<CellText>,
    /// For each pivot field what it is ordered by, as JSON: its companion's value, else its own.
    pub(crate) sort_values: Vec<Vec<u8>>,
}

/// The pivot fields, each with its companion.
struct Fields {
    columns: Vec<(Column, Option<Column>)>,
    numbers: NumberFormat,
}

impl Fields {
    /// The key of the pivot column that a cell belongs to.
    fn key(&self, batch: &RecordBatch, row: usize) -> Result<PivotKey, Error> {
        let mut parts = Vec::new();
        let mut values = Vec::with_capacity(self.columns.len());
        let mut sort_values = Vec::with_capacity(self.columns.len());
        for (field, companion) in &self.columns {
            let value = CellText::of(field, self.numbers, batch, row)?;
            parts.push(value.text.clone().unwrap_or_else(|| format!("{}___null", field.name)));
            let order =
                companion.as_ref().map(|companion| CellText::of(companion, self.numbers, batch, row)).transpose()?;
            if let Some(text) = order.as_ref().and_then(|order| order.text.clone()) {
                parts.push(text);
            }
            sort_values.push(order.map_or_else(|| value.json.clone(), |order| order.json));
            values.push(value);
        }
        Ok(PivotKey { key: parts.join(FIELD_SEPARATOR), values, sort_values })
    }

    /// The same fields in the result of another statement, by the names of its columns.
    fn among(&self, names: &[String]) -> Result<Self, Error> {
        let find = |column: &Column| {
            let source = names.iter().position(|name| *name == column.name);
            source.map(|source| Column { source, ..column.clone() })
        };
        let missing =
            |column: &Column| WarehouseError::Driver(format!("the totals have no column \"{}\"", column.name));
        let columns = self.columns.iter().map(|(field, companion)| {
            let field = find(field).ok_or_else(|| missing(field))?;
            Ok((field, companion.as_ref().and_then(find)))
        });
        Ok(Self { columns: columns.collect::<Result<_, Error>>()?, numbers: self.numbers })
    }
}

/// All that the layout of a pivoted result needs, apart from its rows.
pub(super) struct Job {
    pivot: Pivot,
    side: Option<Side>,
    limit: Option<u64>,
    besides: Vec<Beside>,
    fields: Fields,
    /// The row dimensions that are shown.
    dimensions: Vec<Column>,
    measures: Vec<Column>,
    subtotals: Vec<Subtotal>,
    /// The values that the one pivot field has, where missing ones are added.
    fill: Option<FillValues>,
}

/// Where the cells of a statement in the long form go.
pub(super) struct CellsOf {
    /// The first row of each group of rows that become one.
    pub(super) firsts: Vec<u32>,
    /// The row of each cell, by group and pivot column.
    pub(super) at: HashMap<(u32, usize), u32>,
}

impl Job {
    pub(super) fn new(prepared: &Prepared, pivot: &Pivot, besides: Vec<Beside>, numbers: NumberFormat) -> Self {
        let shown = |index: usize| prepared.layout.columns.iter().find(|column| column.source == index).cloned();
        let companion = |index: usize| {
            let sorted_by = prepared.columns.get(index)?.sorted_by?;
            let name = prepared.columns.get(sorted_by)?.name.clone();
            Some(Column::new(name, String::new(), Role::Dimension, sorted_by))
        };
        let fields = pivot.columns.iter().filter_map(|&index| Some((shown(index)?, companion(index)))).collect();
        Self {
            fields: Fields { columns: fields, numbers },
            dimensions: pivot.rows.iter().filter_map(|&index| shown(index)).collect(),
            measures: prepared.layout.columns.iter().filter(|column| column.role == Role::Measure).cloned().collect(),
            side: prepared.plan.shape.row_totals.as_ref().map(|totals| totals.side),
            limit: prepared.plan.limit,
            subtotals: prepared.plan.shape.subtotals.clone(),
            fill: match &pivot.columns[..] {
                // Of several pivots it is open which combinations are missing (unverified).
                [only] => {
                    prepared.plan.shape.fills.iter().find(|fill| fill.column == *only).map(|fill| fill.values.clone())
                }
                _ => None,
            },
            pivot: pivot.clone(),
            besides,
        }
    }

    /// The pivot columns with those that were missing, in their places; null stays last.
    fn filled(&self, found: Found, long: &Schema) -> Result<Found, Error> {
        let (Some(fill), [(field, companion)]) = (&self.fill, &self.fields.columns[..]) else { return Ok(found) };
        let data_type = |column: &Column| long.field(column.source).data_type();
        let text = |key: &PivotKey| key.values.first().and_then(|value| value.text.clone());
        let there: Vec<Option<String>> = found.keys.iter().map(text).collect();
        let known = there.iter().flatten().map(String::as_str);
        let domain = Domain::new(fill, known, data_type(field), companion.as_ref().map(data_type))?;
        let mut columns = vec![("value", Arc::clone(&domain.values), true)];
        columns.extend(domain.orders.iter().map(|orders| ("order", Arc::clone(orders), true)));
        let values = RecordBatch::try_from_iter_with_nullable(columns).map_err(|error| told(&error))?;
        let of_values = Fields {
            columns: vec![(
                Column { source: 0, sort_source: None, ..field.clone() },
                companion.as_ref().map(|companion| Column { source: 1, ..companion.clone() }),
            )],
            numbers: self.fields.numbers,
        };
        let place: HashMap<&str, usize> =
            domain.texts.iter().enumerate().map(|(index, text)| (text.as_str(), index)).collect();
        // Each column with its place in order, and where it was before.
        let mut all: Vec<(i64, Option<usize>, PivotKey)> = Vec::new();
        let is_descending = self.pivot.directions.first() == Some(&Direction::Descending);
        let ordered = |index: usize| if is_descending { -(index as i64) } else { index as i64 };
        for (before, (key, text)) in found.keys.into_iter().zip(&there).enumerate() {
            let at = text.as_deref().and_then(|text| place.get(text)).map_or(i64::MAX, |index| ordered(*index));
            all.push((at, Some(before), key));
        }
        let known: HashSet<&str> = there.iter().flatten().map(String::as_str).collect();
        for index in 0..domain.texts.len() {
            if !known.contains(domain.texts[index].as_str()) {
                all.push((ordered(index), None, of_values.key(&values, index)?));
            }
        }
        if all.len() as u64 > self.pivot.column_limit {
            return Err(Error::TooManyFillRows);
        }
        all.sort_by_key(|(at, ..)| *at);
        let after: HashMap<usize, usize> =
            all.iter().enumerate().filter_map(|(after, (_, before, _))| Some(((*before)?, after))).collect();
        let places = found.places.into_iter().map(|place| after.get(&place?).copied()).collect();
        Ok(Found { keys: all.into_iter().map(|(.., key)| key).collect(), places, truncated: found.truncated })
    }

    /// Groups the rows of a statement by some dimensions, and finds the pivot column of each.
    pub(super) fn cells_of(
        &self,
        rows: &Beside,
        dimensions: &[String],
        pivots: &HashMap<&str, usize>,
    ) -> Result<CellsOf, Error> {
        let find = |name: &String| {
            let column = self.dimensions.iter().find(|column| column.name == *name)?;
            let source = rows.names.iter().position(|known| known == name)?;
            Some(Column { source, ..column.clone() })
        };
        let dimensions: Vec<Column> = dimensions.iter().filter_map(find).collect();
        let mut groups: HashMap<Vec<u8>, u32> = HashMap::new();
        let mut cells = CellsOf { firsts: Vec::new(), at: HashMap::new() };
        let mut of_rows = Vec::with_capacity(rows.rows.num_rows());
        row_keys(&dimensions, &rows.rows, |row, key| {
            let group = *groups.entry(key.to_vec()).or_insert_with(|| {
                cells.firsts.push(row as u32);
                cells.firsts.len() as u32 - 1
            });
            of_rows.push(group);
        })?;
        let fields = self.fields.among(&rows.names)?;
        for (row, group) in of_rows.into_iter().enumerate() {
            if let Some(&pivot) = pivots.get(fields.key(&rows.rows, row)?.key.as_str()) {
                cells.at.insert((group, pivot), row as u32);
            }
        }
        Ok(cells)
    }

    /// Finds the pivot columns of a result and lays it out.
    pub(super) fn lay_out(self, kept: &Arc<Kept>, awaited: &Awaited) -> Result<Table, Error> {
        let long = kept.schema();
        let found = self.filled(self.scan(kept, awaited)?, long)?;
        let wide = self.wide_schema(long, found.keys.len());
        let schema = Arc::new(wide);
        let layout = self.layout(&found.keys);
        let totals = self.totals(&schema, long, &found.keys)?;
        let row_totals = self.row_totals(long)?;
        let pivots: HashMap<&str, usize> =
            found.keys.iter().enumerate().map(|(index, key)| (key.key.as_str(), index)).collect();
        let subtotals = self.besides.iter().filter_map(|beside| match beside.part {
            Part::Subtotal(index) => Some((self.subtotals.get(index)?, beside)),
            _ => None,
        });
        let subtotals = subtotals
            .map(|(subtotal, rows)| subtotals::pivoted(&self, &layout, &schema, &pivots, subtotal, rows))
            .collect::<Result<_, _>>()?;
        let batches = Wide {
            schema: Arc::clone(&schema),
            rows: kept.rows()?,
            pending: None,
            is_last: false,
            row_rank: self.pivot.row_rank,
            column_rank: self.pivot.column_rank,
            limit: self.limit,
            places: found.places,
            width: found.keys.len(),
            dimensions: self.pivot.rows.clone(),
            shown: self.dimensions.clone(),
            measures: self.measures.iter().map(|measure| measure.source).collect(),
            row_totals,
        };
        Ok(Table {
            layout,
            readable: Vec::new(),
            schema,
            batches: Box::new(batches),
            totals,
            provenance: Provenance::Query,
            pivots: found.keys,
            columns_truncated: found.truncated,
            calculations: Vec::new(),
            subtotals,
            notes: Vec::new(),
            canceller: None,
        })
    }

    fn scan(&self, kept: &Arc<Kept>, awaited: &Awaited) -> Result<Found, Error> {
        let mut by_rank: Vec<Option<PivotKey>> = Vec::new();
        let mut truncated = false;
        for batch in kept.rows()? {
            awaited.check()?;
            let batch = batch?;
            let ranks = ranks(&batch, self.pivot.column_rank)?;
            for (row, &rank) in ranks.as_primitive::<Int64Type>().values().iter().enumerate() {
                let Some(index) = place(rank).filter(|index| (*index as u64) < self.pivot.column_limit) else {
                    truncated = true;
                    continue;
                };
                if by_rank.len() <= index {
                    by_rank.resize(index + 1, None);
                }
                if by_rank[index].is_none() {
                    by_rank[index] = Some(self.fields.key(&batch, row)?);
                }
            }
        }
        let mut places = Vec::with_capacity(by_rank.len());
        let mut keys = Vec::with_capacity(by_rank.len());
        for key in by_rank {
            places.push(key.is_some().then_some(keys.len()));
            keys.extend(key);
        }
        Ok(Found { keys, places, truncated })
    }

    /// The columns of wide batches: the row dimensions with their companions, the measures of each pivot column in
    /// turn, the row totals.
    fn wide_schema(&self, long: &Schema, width: usize) -> Schema {
        let field = |index: usize| Field::new(long.field(index).name(), long.field(index).data_type().clone(), true);
        let dimensions = self.pivot.rows.iter().map(|&index| field(index));
        let measures = || self.measures.iter().map(|measure| field(measure.source));
        let cells = (0..width).flat_map(|_| measures());
        let totals = self.side.into_iter().flat_map(|_| measures());
        Schema::new(dimensions.chain(cells).chain(totals).collect::<Vec<_>>())
    }

    fn layout(&self, keys: &[PivotKey]) -> Layout {
        let mut columns = Vec::new();
        for (at, &index) in self.pivot.rows.iter().enumerate() {
            let Some(shown) = self.dimensions.iter().find(|column| column.source == index) else { continue };
            let companion = shown.sort_source.and_then(|sort| self.pivot.rows.iter().position(|&row| row == sort));
            columns.push(Column { source: at, sort_source: companion, ..shown.clone() });
        }
        let first_cell = self.pivot.rows.len();
        let under = |pivot: usize| {
            self.measures.iter().enumerate().map(move |(measure, column)| Column {
                source: first_cell + pivot * self.measures.len() + measure,
                sort_source: None,
                pivot: Some(pivot),
                ..column.clone()
            })
        };
        // The pivot columns of the layout are the keys, and behind them the one of row totals.
        if self.side == Some(Side::Left) {
            columns.extend(under(keys.len()));
        }
        columns.extend((0..keys.len()).flat_map(under));
        if self.side == Some(Side::Right) {
            columns.extend(under(keys.len()));
        }
        let value = |value: &CellText| PivotValue { text: value.text.clone(), rendered: value.rendered.clone() };
        let pivot =
            |key: &PivotKey| PivotColumn { key: key.key.clone(), values: key.values.iter().map(value).collect() };
        let total = self.side.map(|_| PivotColumn { key: ROW_TOTAL.to_owned(), values: Vec::new() });
        let field =
            |(field, _): &(Column, Option<Column>)| PivotField { name: field.name.clone(), label: field.label.clone() };
        Layout {
            columns,
            pivots: Pivots {
                fields: self.fields.columns.iter().map(field).collect(),
                columns: keys.iter().map(pivot).chain(total).collect(),
            },
            ..Layout::default()
        }
    }

    /// The row of totals: under each pivot column its own, under the row totals the grand total.
    fn totals(&self, wide: &SchemaRef, long: &Schema, keys: &[PivotKey]) -> Result<Option<RecordBatch>, Error> {
        let Some(totals) = part(&self.besides, Part::Totals) else { return Ok(None) };
        let mut columns = nulls(wide);
        let first_cell = self.pivot.rows.len();
        let rows = self.rows_of_keys(totals)?;
        let width = self.measures.len();
        for (at, key) in keys.iter().enumerate() {
            let Some(&row) = rows.get(&key.key) else { continue };
            self.put_measures(&mut columns[first_cell + at * width..][..width], totals, row, long)?;
        }
        if let Some(grand) = part(&self.besides, Part::GrandTotal).filter(|_| self.side.is_some()) {
            self.put_measures(&mut columns[first_cell + keys.len() * width..][..width], grand, 0, long)?;
        }
        row(wide, columns).map(Some)
    }

    fn put_measures(&self, into: &mut [ArrayRef], from: &Beside, row: usize, long: &Schema) -> Result<(), Error> {
        for (measure, cell) in self.measures.iter().zip(into) {
            if let Some(values) = from.column(&measure.name) {
                *cell = first(values, row, long.field(measure.source).data_type())?;
            }
        }
        Ok(())
    }

    /// The row of each pivot column in the statement of the totals.
    fn rows_of_keys(&self, totals: &Beside) -> Result<HashMap<String, usize>, Error> {
        let fields = self.fields.among(&totals.names)?;
        (0..totals.rows.num_rows()).map(|row| Ok((fields.key(&totals.rows, row)?.key, row))).collect()
    }

    /// The totals of rows by the values of their dimensions.
    fn row_totals(&self, long: &Schema) -> Result<Option<RowTotals>, Error> {
        let Some(totals) = part(&self.besides, Part::RowTotals) else { return Ok(None) };
        let find = |column: &Column| {
            let source = totals.names.iter().position(|name| *name == column.name)?;
            Some(Column { source, ..column.clone() })
        };
        let dimensions: Option<Vec<Column>> = self.dimensions.iter().map(find).collect();
        let dimensions = dimensions.ok_or_else(|| WarehouseError::Driver("row totals lack a dimension".to_owned()))?;
        let mut by_key = HashMap::with_capacity(totals.rows.num_rows());
        row_keys(&dimensions, &totals.rows, |row, key| {
            by_key.insert(key.to_vec(), row as u32);
        })?;
        let measure = |column: &Column| {
            let data_type = long.field(column.source).data_type();
            match totals.column(&column.name) {
                Some(values) => cast(values, data_type).map_err(|error| told(&error)),
                None => Ok(arrow_array::new_null_array(data_type, totals.rows.num_rows())),
            }
        };
        let measures = self.measures.iter().map(measure).collect::<Result<_, _>>()?;
        Ok(Some(RowTotals { by_key, measures }))
    }
}

/// The pivot columns of a result.
struct Found {
    keys: Vec<PivotKey>,
    /// For each rank, from 1, the column that has it.
    places: Vec<Option<usize>>,
    /// Whether there are more.
    truncated: bool,
}

struct RowTotals {
    by_key: HashMap<Vec<u8>, u32>,
    measures: Vec<ArrayRef>,
}

/// A rank as an index from 0.
fn place(rank: i64) -> Option<usize> {
    usize::try_from(rank.checked_sub(1)?).ok()
}

fn ranks(batch: &RecordBatch, column: usize) -> Result<ArrayRef, Error> {
    let missing = || WarehouseError::Driver("the statement gives no ranks".to_owned());
    let ranks = batch.columns().get(column).ok_or_else(missing)?;
    cast(ranks, &DataType::Int64).map_err(|error| told(&error))
}

/// Cells of wide batches that are made at once.
const MOST_CELLS: usize = 1 << 18;

/// Gathers cells into rows.
struct Wide {
    schema: SchemaRef,
    rows: KeptRows,
    /// Cells that were read and do not stand in a row yet.
    pending: Option<RecordBatch>,
    /// Whether all cells were read.
    is_last: bool,
    row_rank: usize,
    column_rank: usize,
    limit: Option<u64>,
    places: Vec<Option<usize>>,
    /// Pivot columns.
    width: usize,
    /// The row dimensions and companions, by their index in the long form.
    dimensions: Vec<usize>,
    /// The row dimensions that are shown, as columns of the long form.
    shown: Vec<Column>,
    measures: Vec<usize>,
    row_totals: Option<RowTotals>,
}

impl Batches for Wide {
    fn next(&mut self) -> Option<Result<RecordBatch, WarehouseError>> {
        loop {
            match self.step() {
                Ok(Step::Rows(batch)) if batch.num_rows() == 0 => {}
                Ok(Step::Rows(batch)) => return Some(Ok(batch)),
                Ok(Step::Done) => return None,
                Err(Error::Database(error)) => return Some(Err(error)),
                Err(error) => return Some(Err(WarehouseError::Driver(error.to_string()))),
            }
        }
    }
}

enum Step {
    Rows(RecordBatch),
    Done,
}

impl Wide {
    fn step(&mut self) -> Result<Step, Error> {
        let most_rows = (MOST_CELLS / (self.width * self.measures.len()).max(1)).max(1);
        loop {
            let cells = match self.pending.take() {
                Some(cells) => cells,
                None if self.is_last => return Ok(Step::Done),
                None => RecordBatch::new_empty(Arc::clone(self.rows.kept().schema())),
            };
            let row_ranks = ranks(&cells, self.row_rank)?;
            let row_ranks = row_ranks.as_primitive::<Int64Type>().values();
            let starts = starts(row_ranks);
            // The last row may go on in the next batch.
            let complete = if self.is_last { starts.len() } else { starts.len().saturating_sub(1) };
            if complete == 0 && !self.is_last {
                self.read_on(cells)?;
                continue;
            }
            let taken = complete.min(most_rows);
            let end = starts.get(taken).copied().unwrap_or(cells.num_rows());
            self.pending = Some(cells.slice(end, cells.num_rows() - end)).filter(|rest| rest.num_rows() > 0);
            let is_within = |start: usize| {
                self.limit.is_none_or(|limit| place(row_ranks[start]).is_some_and(|row| (row as u64) < limit))
            };
            let shown = starts[..taken].iter().take_while(|start| is_within(**start)).count();
            let end = starts.get(shown).copied().unwrap_or(cells.num_rows());
            return self.wide(&cells.slice(0, end), &starts[..shown]).map(Step::Rows);
        }
    }

    /// Adds the next batch to the cells that wait.
    fn read_on(&mut self, cells: RecordBatch) -> Result<(), Error> {
        self.pending = Some(cells);
        match self.rows.next().transpose()? {
            None => self.is_last = true,
            Some(batch) => {
                let cells = self.pending.take().into_iter().chain([batch]).collect::<Vec<_>>();
                let schema = self.rows.kept().schema();
                self.pending = Some(concat_batches(schema, &cells).map_err(|error| told(&error))?);
            }
        }
        self.pending = self.pending.take().filter(|cells| cells.num_rows() > 0);
        Ok(())
    }

    /// The wide rows of cells; `starts` has the first cell of each row.
    fn wide(&self, cells: &RecordBatch, starts: &[usize]) -> Result<RecordBatch, Error> {
        let rows = starts.len();
        let firsts = UInt32Array::from_iter_values(starts.iter().map(|&start| start as u32));
        let mut columns = Vec::with_capacity(self.schema.fields().len());
        for &dimension in &self.dimensions {
            columns.push(take(cells.column(dimension), &firsts, None).map_err(|error| told(&error))?);
        }
        let column_ranks = ranks(cells, self.column_rank)?;
        let column_ranks = column_ranks.as_primitive::<Int64Type>().values();
        let mut at: Vec<Option<u32>> = vec![None; rows * self.width];
        for (row, &start) in starts.iter().enumerate() {
            let end = starts.get(row + 1).copied().unwrap_or(cells.num_rows());
            for cell in start..end {
                let pivot = place(column_ranks[cell]).and_then(|rank| *self.places.get(rank)?);
                if let Some(pivot) = pivot {
                    at[pivot * rows + row] = Some(cell as u32);
                }
            }
        }
        for pivot in 0..self.width {
            let indices: UInt32Array = at[pivot * rows..][..rows].iter().copied().collect();
            for &measure in &self.measures {
                columns.push(take(cells.column(measure), &indices, None).map_err(|error| told(&error))?);
            }
        }
        if let Some(totals) = &self.row_totals {
            columns.extend(self.totals_of(totals, cells, starts)?);
        }
        let options = arrow_array::RecordBatchOptions::new().with_row_count(Some(rows));
        RecordBatch::try_new_with_options(Arc::clone(&self.schema), columns, &options).map_err(|error| told(&error))
    }

    fn totals_of(&self, totals: &RowTotals, cells: &RecordBatch, starts: &[usize]) -> Result<Vec<ArrayRef>, Error> {
        let firsts = UInt32Array::from_iter_values(starts.iter().map(|&start| start as u32));
        let columns = cells.columns().iter().map(|column| take(column, &firsts, None));
        let columns = columns.collect::<Result<Vec<_>, ArrowError>>().map_err(|error| told(&error))?;
        let rows = RecordBatch::try_new(cells.schema(), columns).map_err(|error| told(&error))?;
        let mut indices: Vec<Option<u32>> = Vec::with_capacity(starts.len());
        row_keys(&self.shown, &rows, |_, key| indices.push(totals.by_key.get(key).copied()))?;
        let indices = UInt32Array::from(indices);
        let of = |values: &ArrayRef| take(values, &indices, None).map_err(|error| told(&error));
        totals.measures.iter().map(of).collect()
    }
}

/// The index of the first cell of each row.
fn starts(row_ranks: &[i64]) -> Vec<usize> {
    let begins = |index: &usize| *index == 0 || row_ranks[*index] != row_ranks[*index - 1];
    (0..row_ranks.len()).filter(begins).collect()
}
