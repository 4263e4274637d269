//! Dimension fill: rows and pivot columns for values that no row of the result has.

use super::totals::told;
use crate::error::Error;
use arrow_array::{ArrayRef, RecordBatch, StringArray, UInt32Array, new_null_array};
use arrow_cast::cast;
use arrow_schema::{ArrowError, DataType, Schema};
use arrow_select::concat::concat_batches;
use arrow_select::take::take;
use belvedere_expressions::looker::Value;
use belvedere_lookml::model::Timeframe;
use belvedere_query::{Cell, Direction, FillValues};
use belvedere_results::{CellText, Column, NumberFormat, Rendering, Role, row_keys};
use jiff::civil::DateTime;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Rows that a result may have once it is filled (unverified: Looker refuses too, at a number that it does not tell).
const ROWS_LIMIT: usize = 30_000;

/// The rows to be filled in.
#[derive(Debug, Clone)]
pub(super) struct Filling {
    pub(super) dimensions: Vec<Filled>,
    /// The other row dimensions and companions, by their index in the rows.
    pub(super) others: Vec<usize>,
    /// By what rows are ordered, most important first: index of a dimension or companion, and the direction.
    pub(super) order: Vec<(usize, Direction)>,
}

/// A row dimension whose missing values are added.
#[derive(Debug, Clone)]
pub(super) struct Filled {
    /// Its index in the rows.
    pub(super) source: usize,
    /// The index of its companion.
    pub(super) companion: Option<usize>,
    pub(super) values: FillValues,
}

/// All values that a filled dimension has, ascending.
pub(super) struct Domain {
    pub(super) values: ArrayRef,
    pub(super) orders: Option<ArrayRef>,
    /// The plain text of each value.
    pub(super) texts: Vec<String>,
}

impl Domain {
    /// The values of `fill` beside those that are there, in their type and in that of the companion.
    pub(super) fn new<'a>(
        fill: &FillValues,
        there: impl Iterator<Item = &'a str>,
        data_type: &DataType,
        order_type: Option<&DataType>,
    ) -> Result<Self, Error> {
        let (values, orders) = match fill {
            FillValues::List(list) => {
                let orders: Vec<Option<String>> = list.iter().map(|value| value.order.as_ref().map(text)).collect();
                (list.iter().map(|value| text(&value.value)).collect(), orders)
            }
            FillValues::Periods { timeframe, .. } => {
                let times = there.filter_map(|text| Value::date_from_text(text).as_time());
                let (first, last) = times.fold((None, None), |(first, last): (Option<DateTime>, _), time| {
                    (Some(first.map_or(time, |first| first.min(time))), last.max(Some(time)))
                });
                let starts = fill.starts(first, last, ROWS_LIMIT).ok_or(Error::TooManyFillRows)?;
                let values: Vec<String> = starts.iter().map(|start| period(*start, *timeframe, data_type)).collect();
                let none = vec![None; values.len()];
                (values, none)
            }
        };
        let values: ArrayRef = Arc::new(StringArray::from(values));
        let values = cast(&values, data_type).map_err(|error| told(&error))?;
        let orders = order_type.map(|order_type| {
            let orders: ArrayRef = Arc::new(StringArray::from(orders));
            cast(&orders, order_type).map_err(|error| told(&error))
        });
        let texts = texts(&values)?.into_iter().map(Option::unwrap_or_default).collect();
        Ok(Self { values, orders: orders.transpose()?, texts })
    }
}

fn text(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.clone(),
        Cell::Number(number) => number.to_string(),
    }
}

/// The start of a period as the statement would tell it.
fn period(start: DateTime, timeframe: Timeframe, data_type: &DataType) -> String {
    let form = match (data_type, timeframe) {
        (number, _) if number.is_numeric() => "%Y",
        (DataType::Date32 | DataType::Date64, _) => "%Y-%m-%d",
        (DataType::Timestamp(..), _) => "%Y-%m-%d %H:%M:%S",
        (_, Timeframe::Month | Timeframe::Quarter | Timeframe::FiscalQuarter) => "%Y-%m",
        (_, Timeframe::Hour(_)) => "%Y-%m-%d %H",
        (_, Timeframe::Minute(_)) => "%Y-%m-%d %H:%M",
        (_, Timeframe::Second) => "%Y-%m-%d %H:%M:%S",
        (_, Timeframe::Year | Timeframe::FiscalYear) => "%Y",
        _ => "%Y-%m-%d",
    };
    start.strftime(form).to_string()
}

/// The plain text of each value of an array.
fn texts(values: &ArrayRef) -> Result<Vec<Option<String>>, Error> {
    let batch = RecordBatch::try_from_iter([("x", Arc::clone(values))]).map_err(|error| told(&error))?;
    let column = Column { rendering: Rendering::Literal, ..Column::new("x", "", Role::Dimension, 0) };
    let text = |row| CellText::of(&column, NumberFormat::default(), &batch, row).map(|cell| cell.text);
    Ok((0..values.len()).map(text).collect::<Result<_, _>>()?)
}

impl Filling {
    /// The rows with those that were missing, in their places: where the order of the result begins with a filled
    /// dimension they stand in it, else behind all others.
    pub(super) fn fill(&self, rows: &RecordBatch) -> Result<RecordBatch, Error> {
        let schema = rows.schema();
        let data_type = |index: usize| schema.field(index).data_type();
        let mut domains = Vec::with_capacity(self.dimensions.len());
        // For each filled dimension the place of each row's value among all values.
        let mut places: Vec<Vec<Option<usize>>> = Vec::with_capacity(self.dimensions.len());
        for dimension in &self.dimensions {
            let there = texts(rows.column(dimension.source))?;
            let order_type = dimension.companion.map(data_type);
            let known = there.iter().flatten().map(String::as_str);
            let domain = Domain::new(&dimension.values, known, data_type(dimension.source), order_type)?;
            let index: HashMap<&str, usize> =
                domain.texts.iter().enumerate().map(|(index, text)| (text.as_str(), index)).collect();
            places.push(there.iter().map(|text| index.get(text.as_deref()?).copied()).collect());
            domains.push(domain);
        }
        let (groups, first_rows) = self.groups(rows)?;
        let sizes: Vec<usize> = domains.iter().map(|domain| domain.texts.len()).collect();
        let product = sizes.iter().try_fold(1_usize, |product, size| product.checked_mul(*size));
        let all = product.and_then(|product| product.checked_mul(first_rows.len()));
        let product = match (all, product) {
            (Some(all), Some(product)) if all <= ROWS_LIMIT => product,
            _ => return Err(Error::TooManyFillRows),
        };
        let there: HashSet<(usize, Vec<Option<usize>>)> =
            (0..rows.num_rows()).map(|row| (groups[row], places.iter().map(|of| of[row]).collect())).collect();
        let mut missing: Vec<(usize, Vec<usize>)> = Vec::new();
        for group in 0..first_rows.len() {
            for number in 0..product {
                let values = digits(number, &sizes);
                if !there.contains(&(group, values.iter().copied().map(Some).collect())) {
                    missing.push((group, values));
                }
            }
        }
        let added = self.rows_of(&missing, &first_rows, rows, &domains)?;
        let joined =
            concat_batches(&schema_of(&schema), [rows, &added].map(nullable).iter()).map_err(|error| told(&error))?;
        let Some(keys) = self.keys(rows, &groups, &places, &missing)? else { return Ok(joined) };
        let mut order: Vec<u32> = (0..joined.num_rows() as u32).collect();
        order.sort_by(|a, b| keys[*a as usize].cmp(&keys[*b as usize]));
        let order = UInt32Array::from(order);
        let columns = joined.columns().iter().map(|column| take(column, &order, None));
        let columns = columns.collect::<Result<Vec<_>, ArrowError>>().map_err(|error| told(&error))?;
        RecordBatch::try_new(joined.schema(), columns).map_err(|error| told(&error))
    }

    /// Rows with the same values of the other dimensions: the group of each row, and the first row of each group. No
    /// other dimensions make one group, even of no rows.
    fn groups(&self, rows: &RecordBatch) -> Result<(Vec<usize>, Vec<Option<u32>>), Error> {
        if self.others.is_empty() {
            return Ok((vec![0; rows.num_rows()], vec![None]));
        }
        let columns: Vec<Column> =
            self.others.iter().map(|&source| Column::new("x", "", Role::Dimension, source)).collect();
        let mut by_key: HashMap<Vec<u8>, usize> = HashMap::new();
        let mut groups = Vec::with_capacity(rows.num_rows());
        let mut firsts = Vec::new();
        row_keys(&columns, rows, |row, key| {
            let group = *by_key.entry(key.to_vec()).or_insert_with(|| {
                firsts.push(Some(row as u32));
                firsts.len() - 1
            });
            groups.push(group);
        })?;
        Ok((groups, firsts))
    }

    fn rows_of(
        &self,
        missing: &[(usize, Vec<usize>)],
        first_rows: &[Option<u32>],
        rows: &RecordBatch,
        domains: &[Domain],
    ) -> Result<RecordBatch, Error> {
        let schema = rows.schema();
        let mut columns: Vec<ArrayRef> =
            schema.fields().iter().map(|field| new_null_array(field.data_type(), missing.len())).collect();
        let firsts: UInt32Array = missing.iter().map(|(group, _)| first_rows[*group]).collect();
        for &other in &self.others {
            columns[other] = take(rows.column(other), &firsts, None).map_err(|error| told(&error))?;
        }
        for (at, (dimension, domain)) in self.dimensions.iter().zip(domains).enumerate() {
            let indices = UInt32Array::from_iter_values(missing.iter().map(|(_, values)| values[at] as u32));
            columns[dimension.source] = take(&domain.values, &indices, None).map_err(|error| told(&error))?;
            if let Some((companion, orders)) = dimension.companion.zip(domain.orders.as_ref()) {
                columns[companion] = take(orders, &indices, None).map_err(|error| told(&error))?;
            }
        }
        let options = arrow_array::RecordBatchOptions::new().with_row_count(Some(missing.len()));
        RecordBatch::try_new_with_options(schema_of(&schema), columns, &options).map_err(|error| told(&error))
    }

    /// What the rows are ordered by, first those that were there; `None` when missing rows come last.
    fn keys(
        &self,
        rows: &RecordBatch,
        groups: &[usize],
        places: &[Vec<Option<usize>>],
        missing: &[(usize, Vec<usize>)],
    ) -> Result<Option<Vec<Vec<i64>>>, Error> {
        let filled = |source: usize| {
            let is = |dimension: &Filled| dimension.source == source || dimension.companion == Some(source);
            self.dimensions.iter().position(is)
        };
        if self.order.first().and_then(|(source, _)| filled(*source)).is_none() {
            return Ok(None);
        }
        let mut keys: Vec<Vec<i64>> = vec![Vec::new(); rows.num_rows() + missing.len()];
        for &(source, direction) in &self.order {
            let sign = if direction == Direction::Descending { -1 } else { 1 };
            if let Some(at) = filled(source) {
                let there = places[at].iter().map(|place| place.map_or(i64::MAX, |place| sign * place as i64));
                let added = missing.iter().map(|(_, values)| sign * values[at] as i64);
                for (key, place) in keys.iter_mut().zip(there.chain(added)) {
                    key.push(place);
                }
            } else if self.others.contains(&source) {
                // The rows are in order, so a value's first row tells its place.
                let seen = ranks(rows.column(source))?;
                let first_of: HashMap<usize, usize> =
                    groups.iter().enumerate().rev().map(|(row, group)| (*group, row)).collect();
                let added = missing.iter().map(|(group, _)| first_of.get(group).map_or(i64::MAX, |row| seen[*row]));
                for (key, rank) in keys.iter_mut().zip(seen.iter().copied().chain(added)) {
                    key.push(rank);
                }
            } else {
                // A measure: missing rows have none.
                break;
            }
        }
        Ok(Some(keys))
    }
}

/// For each row the number of its value in the order in which values appear.
fn ranks(values: &ArrayRef) -> Result<Vec<i64>, Error> {
    let mut known: HashMap<Option<String>, i64> = HashMap::new();
    let texts = texts(values)?.into_iter();
    Ok(texts
        .map(|text| {
            let next = known.len() as i64;
            *known.entry(text).or_insert(next)
        })
        .collect())
}

/// The digits of a number whose places have these sizes, the last one turning fastest.
fn digits(mut number: usize, sizes: &[usize]) -> Vec<usize> {
    let mut digits = vec![0; sizes.len()];
    for (digit, size) in digits.iter_mut().zip(sizes).rev() {
        *digit = number % size;
        number /= size;
    }
    digits
}

/// The schema with columns that may all be null.
fn schema_of(schema: &Schema) -> Arc<Schema> {
    let fields: Vec<_> = schema.fields().iter().map(|field| field.as_ref().clone().with_nullable(true)).collect();
    Arc::new(Schema::new(fields))
}

fn nullable(rows: &RecordBatch) -> RecordBatch {
    rows.clone().with_schema(schema_of(&rows.schema())).unwrap_or_else(|_| rows.clone())
}
