//! A table read into memory, by column.

use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Float64Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, RecordBatch};
use belvedere_demo::{ColumnType, Options, TableSpec, batches, tables};
use jiff::civil::date;

/// The shop that the tests look at: seed 1, anchor 2026-01-15.
pub fn shop(scale: f64) -> Options {
    Options { scale, ..Options::new(date(2026, 1, 15)) }
}

/// The table of this name.
pub fn spec(name: &str) -> &'static TableSpec {
    tables().iter().find(|table| table.name == name).unwrap_or_else(|| panic!("no table {name}"))
}

/// All rows of a table.
pub struct Loaded {
    spec: &'static TableSpec,
    batches: Vec<RecordBatch>,
}

impl Loaded {
    pub fn new(options: &Options, name: &str) -> Self {
        let spec = spec(name);
        Self { spec, batches: batches(options, spec).collect() }
    }

    pub fn rows(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    /// A `BIGINT` column, or the cents of an amount of money, or the microseconds of a `TIMESTAMP`.
    pub fn numbers(&self, column: &str) -> Vec<Option<i64>> {
        self.arrays(column, |array, column_type| match column_type {
            ColumnType::Bigint => array.as_primitive::<Int64Type>().iter().collect(),
            ColumnType::Timestamp => array.as_primitive::<TimestampMicrosecondType>().iter().collect(),
            ColumnType::Money => {
                let cents = |cents| i64::try_from(cents).expect("cents fit");
                array.as_primitive::<Decimal128Type>().iter().map(|value| value.map(cents)).collect()
            }
            ColumnType::Varchar | ColumnType::Double => panic!("{column} holds no whole numbers"),
        })
    }

    /// A column of whole numbers that has no NULL.
    pub fn all_numbers(&self, column: &str) -> Vec<i64> {
        self.numbers(column).into_iter().map(|value| value.expect("no NULL")).collect()
    }

    /// A `VARCHAR` column.
    pub fn texts(&self, column: &str) -> Vec<Option<String>> {
        self.arrays(column, |array, _| array.as_string::<i32>().iter().map(|value| value.map(str::to_owned)).collect())
    }

    /// A `DOUBLE` column.
    pub fn doubles(&self, column: &str) -> Vec<Option<f64>> {
        self.arrays(column, |array, _| array.as_primitive::<Float64Type>().iter().collect())
    }

    /// A number that changes when any cell of the table changes (FNV-1a over the columns).
    pub fn fingerprint(&self) -> u64 {
        let mut hash = 0xCBF2_9CE4_8422_2325;
        for column in self.spec.columns {
            let cells: Vec<Option<Vec<u8>>> = match column.column_type {
                ColumnType::Varchar => bytes(self.texts(column.name), String::into_bytes),
                ColumnType::Double => bytes(self.doubles(column.name), |value| value.to_le_bytes().to_vec()),
                _ => bytes(self.numbers(column.name), |value| value.to_le_bytes().to_vec()),
            };
            for cell in cells {
                let marked = cell.unwrap_or_else(|| vec![0xFF]).into_iter().chain([0xFE]);
                hash = marked.fold(hash, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3));
            }
        }
        hash
    }

    fn arrays<T>(&self, name: &str, read: impl Fn(&dyn Array, ColumnType) -> Vec<T>) -> Vec<T> {
        let index = self.spec.columns.iter().position(|column| column.name == name);
        let index = index.unwrap_or_else(|| panic!("no column {name} in {}", self.spec.name));
        let column_type = self.spec.columns[index].column_type;
        self.batches.iter().flat_map(|batch| read(batch.column(index), column_type)).collect()
    }
}

fn bytes<T>(cells: Vec<Option<T>>, encode: impl Fn(T) -> Vec<u8>) -> Vec<Option<Vec<u8>>> {
    cells.into_iter().map(|cell| cell.map(&encode)).collect()
}
