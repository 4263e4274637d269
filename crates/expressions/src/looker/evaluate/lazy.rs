//! Columns whose values are computed when they are asked for.

use std::collections::HashMap;

use super::build::Builder;
use super::column::Column;
use super::window::{Extent, Sums};
use super::{Place, Value};
use crate::looker::order::Sorted;
use crate::looker::statistics::Summary;
use crate::looker::value::Key;
use crate::looker::{Number, Operator};

/// Calls of so many arguments need no memory of their own.
const FEW_ARGUMENTS: usize = 6;

/// How a value is computed from others.
pub(super) enum Lazy<'e> {
    Negative(Column<'e>),
    Not(Column<'e>),
    All(Vec<Column<'e>>),
    Any(Vec<Column<'e>>),
    Arithmetic(Column<'e>, Vec<(Operator, Column<'e>)>),
    Comparison(Operator, Column<'e>, Column<'e>),
    Case(Vec<(Column<'e>, Column<'e>)>, Option<Column<'e>>),
    Call(fn(&[Value]) -> Value, Vec<Column<'e>>),
    /// Of the items of a list.
    OfList(fn(&[Vec<Value>], &[Value]) -> Value, Column<'e>, Vec<Column<'e>>),
    /// Of the sum of the items of a list.
    SummaryOfList(fn(&Summary) -> Value, Column<'e>),
    /// Of the sum of neighbours.
    OfSums(fn(&Summary) -> Value, Sums, Extent<'e>),
    /// Of the items of a list in ascending order.
    OfSortedList(fn(&Sorted, &[Value]) -> Value, Column<'e>, Vec<Column<'e>>),
    /// Of columns that are sorted once, one for each pivot column.
    OfSorted(fn(&Sorted, &[Value]) -> Value, PerPivot<Sorted>, Vec<Column<'e>>),
    Rand(u64),
    Row,
    PivotColumn,
    Offset(Column<'e>, Column<'e>),
    Index(Column<'e>, Column<'e>),
    IndexOfList(Column<'e>, Column<'e>),
    /// The place of a value among the rows, and what stands in another column there.
    Lookup(Column<'e>, PerPivot<Places>, Column<'e>),
    Match(Column<'e>, PerPivot<Places>),
    MatchInList(Column<'e>, Column<'e>),
    PivotIndex(Column<'e>, Column<'e>),
    PivotOffset(Column<'e>, Column<'e>),
    PivotWhere(Column<'e>, Column<'e>),
}

/// The first row in which each value stands.
pub(super) type Places = HashMap<Key, usize>;

/// Something for each pivot column, or once for all.
pub(super) struct PerPivot<T>(pub(super) Vec<T>);

impl<T> PerPivot<T> {
    fn of(&self, place: Place) -> Option<&T> {
        if self.0.len() == 1 { self.0.first() } else { self.0.get(place.pivot) }
    }
}

impl<'e> Lazy<'e> {
    pub(super) fn get(&self, builder: &Builder<'e, '_>, place: Place) -> Value {
        match self {
            Self::Negative(operand) => Value::number(operand.get(builder, place).as_number().map(Number::negated)),
            Self::Not(operand) => Value::Yesno(!operand.get(builder, place).is_yes()),
            Self::All(operands) => Value::Yesno(operands.iter().all(|operand| operand.get(builder, place).is_yes())),
            Self::Any(operands) => Value::Yesno(operands.iter().any(|operand| operand.get(builder, place).is_yes())),
            Self::Arithmetic(first, rest) => Value::number(arithmetic(builder, first, rest, place)),
            Self::Comparison(operator, left, right) => {
                Value::Yesno(compare(*operator, &left.get(builder, place), &right.get(builder, place)))
            }
            Self::Case(branches, otherwise) => {
                let branch = branches.iter().find(|(condition, _)| condition.get(builder, place).is_yes());
                let value = branch.map(|(_, value)| value).or(otherwise.as_ref());
                value.map_or(Value::Null, |value| value.get(builder, place))
            }
            Self::Call(function, arguments) => {
                let value = with_values(builder, arguments, place, *function);
                builder.meter.made(&value);
                value
            }
            Self::OfList(function, list, others) => list
                .items(builder, place)
                .map_or(Value::Null, |items| with_values(builder, others, place, |others| function(&[items], others))),
            Self::SummaryOfList(function, list) => {
                list.items(builder, place).map_or(Value::Null, |items| function(&items.iter().collect()))
            }
            Self::OfSums(function, sums, extent) => {
                sums.of(extent, builder, place).map_or(Value::Null, |summary| function(&summary))
            }
            Self::OfSortedList(function, list, others) => list.items(builder, place).map_or(Value::Null, |items| {
                with_values(builder, others, place, |others| function(&Sorted::new(items), others))
            }),
            Self::OfSorted(function, sorted, others) => sorted
                .of(place)
                .map_or(Value::Null, |sorted| with_values(builder, others, place, |others| function(sorted, others))),
            Self::Rand(call) => Value::double(random(builder.environment.seed, *call, place)),
            other => other.positional(builder, place).unwrap_or_default(),
        }
    }

    /// What depends on the place; nothing where there is no such place.
    fn positional(&self, builder: &Builder<'e, '_>, place: Place) -> Option<Value> {
        let plane = &builder.plane;
        Some(match self {
            Self::Row => {
                let is_numbered = !plane.is_total(place);
                Value::Number(is_numbered.then(|| Number::count(place.row + 1))?)
            }
            Self::PivotColumn => {
                let is_numbered = plane.is_pivoted && !plane.is_row_total(place);
                Value::Number(is_numbered.then(|| Number::count(place.pivot + 1))?)
            }
            Self::Offset(values, distance) => {
                values.get(builder, plane.below(place, distance.integer(builder, place)?)?)
            }
            Self::Index(values, number) => {
                let row = from_one(number.integer(builder, place)?).filter(|row| *row < plane.rows)?;
                values.get(builder, Place { row, ..place })
            }
            Self::IndexOfList(list, number) => {
                let items = list.items(builder, place)?;
                items.get(from_one(number.integer(builder, place)?)?)?.clone()
            }
            Self::Lookup(value, places, results) => {
                let row = find(places, &value.get(builder, place), place)?;
                results.get(builder, Place { row, ..place })
            }
            Self::Match(value, places) => {
                Value::Number(Number::count(find(places, &value.get(builder, place), place)? + 1))
            }
            Self::MatchInList(value, list) => {
                let value = Some(value.get(builder, place)).filter(|value| !value.is_null())?;
                let items = list.items(builder, place)?;
                Value::Number(Number::count(items.iter().position(|item| item.is_same(&value))? + 1))
            }
            Self::PivotIndex(values, number) => {
                let pivot = from_one(number.integer(builder, place)?)?;
                let is_there = plane.is_pivoted && pivot < plane.pivots;
                is_there.then(|| values.get(builder, Place { pivot, ..place }))?
            }
            Self::PivotOffset(values, distance) => {
                values.get(builder, plane.right(place, distance.integer(builder, place)?)?)
            }
            Self::PivotWhere(condition, values) => {
                let mut selected = (0..plane.pivots)
                    .filter(|_| plane.is_pivoted)
                    .map(|pivot| Place { pivot, ..place })
                    .filter(|there| condition.get(builder, *there).is_yes());
                let first = selected.next()?;
                selected.next().is_none().then(|| values.get(builder, first))?
            }
            _ => return None,
        })
    }
}

/// A place that is counted from 1, counted from 0.
fn from_one(number: i64) -> Option<usize> {
    usize::try_from(number.checked_sub(1)?).ok()
}

/// Null is nowhere.
fn find(places: &PerPivot<Places>, value: &Value, place: Place) -> Option<usize> {
    if value.is_null() {
        return None;
    }
    places.of(place)?.get(&Key(value.clone())).copied()
}

fn arithmetic<'e>(
    builder: &Builder<'e, '_>,
    first: &Column<'e>,
    rest: &[(Operator, Column<'e>)],
    place: Place,
) -> Option<Number> {
    let mut result = first.get(builder, place).as_number()?;
    for (operator, column) in rest {
        let operand = column.get(builder, place).as_number()?;
        result = match operator {
            Operator::Plus => result.plus(operand),
            Operator::Minus => result.minus(operand),
            Operator::Times => result.times(operand),
            Operator::Over => result.over(operand),
            _ => None,
        }?;
    }
    Some(result)
}

/// Null equals null and nothing else, and has no order.
fn compare(operator: Operator, left: &Value, right: &Value) -> bool {
    let order = || left.compare(right);
    match operator {
        Operator::Equal => left.is_same(right),
        Operator::NotEqual => !left.is_same(right),
        Operator::Greater => order().is_some_and(std::cmp::Ordering::is_gt),
        Operator::Less => order().is_some_and(std::cmp::Ordering::is_lt),
        Operator::GreaterOrEqual => order().is_some_and(std::cmp::Ordering::is_ge),
        Operator::LessOrEqual => order().is_some_and(std::cmp::Ordering::is_le),
        _ => false,
    }
}

/// Calls a function with the values of columns in a place.
fn with_values<'e>(
    builder: &Builder<'e, '_>,
    columns: &[Column<'e>],
    place: Place,
    function: impl FnOnce(&[Value]) -> Value,
) -> Value {
    if columns.len() > FEW_ARGUMENTS {
        let values: Vec<Value> = columns.iter().map(|column| column.get(builder, place)).collect();
        return function(&values);
    }
    let mut values: [Value; FEW_ARGUMENTS] = std::array::from_fn(|_| Value::Null);
    for (value, column) in values.iter_mut().zip(columns) {
        *value = column.get(builder, place);
    }
    function(&values[..columns.len()])
}

/// A number from 0 up to 1 that looks like chance: the same for the same seed, call and row.
fn random(seed: u64, call: u64, place: Place) -> f64 {
    // splitmix64, a step for each of the three.
    let mix = |state: u64| {
        let state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let state = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let state = (state ^ (state >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        state ^ (state >> 31)
    };
    let bits = mix(mix(mix(seed) ^ call) ^ place.row as u64);
    (bits >> 11) as f64 / (1_u64 << 53) as f64
}
