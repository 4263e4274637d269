//! Values of any engine type in a form in which two results can be compared.

use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Float64Type, Int64Type};
use arrow_array::{Array, RecordBatch};
use arrow_cast::cast;
use arrow_schema::DataType;
use std::cmp::Ordering;

/// How far two doubles may be apart, relative to their size.
const TOLERANCE: f64 = 1e-9;

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// NULL
    Null,
    /// An integer or decimal: digits and how many of them are decimals, no trailing zeros among these.
    Exact(i128, u32),
    /// A double.
    Double(f64),
    /// Everything else as its text.
    Text(String),
}

impl Cell {
    /// An exact number without trailing zeros.
    pub fn exact(mut digits: i128, mut scale: u32) -> Self {
        while scale > 0 && digits % 10 == 0 {
            digits /= 10;
            scale -= 1;
        }
        Self::Exact(digits, scale)
    }

    fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Exact(digits, scale) => Some(*digits as f64 / 10f64.powi(*scale as i32)),
            Self::Double(double) => Some(*double),
            Self::Null | Self::Text(_) => None,
        }
    }

    /// Exact numbers are equal to the last digit, doubles nearly.
    pub fn agrees(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Double(_), _) | (_, Self::Double(_)) => match (self.as_f64(), other.as_f64()) {
                (Some(a), Some(b)) => (a - b).abs() <= TOLERANCE * a.abs().max(b.abs()).max(1.0),
                _ => false,
            },
            _ => self == other,
        }
    }

    /// Some order, the same for both results.
    pub fn order(&self, other: &Self) -> Ordering {
        match (self.as_f64(), other.as_f64()) {
            (Some(a), Some(b)) => a.total_cmp(&b),
            _ => format!("{self:?}").cmp(&format!("{other:?}")),
        }
    }
}

/// The rows of a batch.
pub fn rows(batch: &RecordBatch, columns: &[usize]) -> Vec<Vec<Cell>> {
    let columns: Vec<Vec<Cell>> = columns.iter().map(|index| cells(batch.column(*index))).collect();
    (0..batch.num_rows()).map(|row| columns.iter().map(|column| column[row].clone()).collect()).collect()
}

fn cells(array: &dyn Array) -> Vec<Cell> {
    let converted = |kind: &DataType| cast(array, kind).expect("the type converts");
    match array.data_type() {
        DataType::Decimal128(_, scale) => {
            let scale = u32::from(scale.unsigned_abs());
            array
                .as_primitive::<Decimal128Type>()
                .iter()
                .map(|value| value.map_or(Cell::Null, |digits| Cell::exact(digits, scale)))
                .collect()
        }
        kind if kind.is_integer() && *kind != DataType::UInt64 => {
            let numbers = converted(&DataType::Int64);
            numbers
                .as_primitive::<Int64Type>()
                .iter()
                .map(|value| value.map_or(Cell::Null, |number| Cell::exact(number.into(), 0)))
                .collect()
        }
        DataType::Float32 | DataType::Float64 => {
            let numbers = converted(&DataType::Float64);
            numbers.as_primitive::<Float64Type>().iter().map(|value| value.map_or(Cell::Null, Cell::Double)).collect()
        }
        kind => {
            let is_time = matches!(kind, DataType::Timestamp(..));
            let texts = converted(&DataType::Utf8);
            let text = |text: &str| if is_time { text.replacen('T', " ", 1) } else { text.to_owned() };
            texts
                .as_string::<i32>()
                .iter()
                .map(|value| value.map_or(Cell::Null, |value| Cell::Text(text(value))))
                .collect()
        }
    }
}
