//! Tables: their columns, the statement that makes them, and their rows as record batches.

use crate::options::Options;
use arrow_array::builder::{
    Decimal128Builder, Float64Builder, Int64Builder, StringBuilder, TimestampMicrosecondBuilder,
};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};
use std::fmt::{self, Write};
use std::sync::Arc;

/// The most rows that a batch has.
const BATCH: usize = 16_384;
const MONEY_PRECISION: u8 = 10;
const MONEY_SCALE: i8 = 2;

/// A table of the demonstration.
#[derive(Clone, Copy)]
pub struct TableSpec {
    /// Its name.
    pub name: &'static str,
    /// Its columns, in order.
    pub columns: &'static [Column],
    pub(crate) rows: fn(&Options) -> Rows,
}

/// Where the rows of a table come from.
pub(crate) type Rows = Box<dyn RowSource + Send>;

/// Gives the rows of a table one after the other.
pub(crate) trait RowSource {
    /// Writes the next row, a value for each column in order; `false` when there is none.
    fn write(&mut self, row: &mut Row<'_>) -> bool;
}

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub column_type: ColumnType,
    /// Whether it may be NULL.
    pub nullable: bool,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    /// `BIGINT`
    Bigint,
    /// `VARCHAR`
    Varchar,
    /// `TIMESTAMP`, without a zone, meant as UTC.
    Timestamp,
    /// `DECIMAL(10,2)`: an amount of money.
    Money,
    /// `DOUBLE`
    Double,
}

impl ColumnType {
    fn data_type(self) -> DataType {
        match self {
            Self::Bigint => DataType::Int64,
            Self::Varchar => DataType::Utf8,
            Self::Timestamp => DataType::Timestamp(TimeUnit::Microsecond, None),
            Self::Money => DataType::Decimal128(MONEY_PRECISION, MONEY_SCALE),
            Self::Double => DataType::Float64,
        }
    }
}

impl fmt::Display for ColumnType {
    /// The type's name in SQL.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bigint => "BIGINT",
            Self::Varchar => "VARCHAR",
            Self::Timestamp => "TIMESTAMP",
            Self::Money => "DECIMAL(10,2)",
            Self::Double => "DOUBLE",
        })
    }
}

impl Column {
    /// A column that always has a value.
    pub(crate) const fn required(name: &'static str, column_type: ColumnType) -> Self {
        Self { name, column_type, nullable: false }
    }

    /// A column that may be NULL.
    pub(crate) const fn nullable(name: &'static str, column_type: ColumnType) -> Self {
        Self { name, column_type, nullable: true }
    }
}

impl TableSpec {
    /// The `CREATE TABLE` statement for DuckDB. It declares no key: the rows keep theirs by construction, and an index
    /// would cost more time than all the rest of the load.
    pub fn ddl(&self) -> String {
        let mut ddl = format!("CREATE TABLE {} (", self.name);
        for (index, column) in self.columns.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            let null = if column.nullable { "" } else { " NOT NULL" };
            write!(ddl, "{comma}\n  {} {}{null}", column.name, column.column_type).expect("writing to memory");
        }
        ddl + "\n)"
    }

    /// The schema of the table's batches.
    pub fn schema(&self) -> SchemaRef {
        let field = |column: &Column| Field::new(column.name, column.column_type.data_type(), column.nullable);
        Arc::new(Schema::new(self.columns.iter().map(field).collect::<Vec<_>>()))
    }
}

impl fmt::Debug for TableSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TableSpec").field("name", &self.name).field("columns", &self.columns).finish_non_exhaustive()
    }
}

/// The rows of a table in batches, made while they are asked for.
pub struct Batches {
    schema: SchemaRef,
    rows: Rows,
    cells: Vec<Cells>,
}

impl Batches {
    pub(crate) fn new(options: &Options, table: &TableSpec) -> Self {
        let cells = table.columns.iter().map(Cells::new).collect();
        Self { schema: table.schema(), rows: (table.rows)(options), cells }
    }
}

impl Iterator for Batches {
    type Item = RecordBatch;

    fn next(&mut self) -> Option<RecordBatch> {
        let mut count = 0;
        while count < BATCH && self.rows.write(&mut Row { cells: self.cells.iter_mut() }) {
            count += 1;
        }
        if count == 0 {
            return None;
        }
        let columns = self.cells.iter_mut().map(Cells::finish).collect();
        Some(RecordBatch::try_new(self.schema.clone(), columns).expect("a row has a value for each column"))
    }
}

impl fmt::Debug for Batches {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batches").field("schema", &self.schema).finish_non_exhaustive()
    }
}

/// The cells of one column in the batch that is being filled.
enum Cells {
    Bigint(Int64Builder),
    Varchar(StringBuilder),
    Timestamp(TimestampMicrosecondBuilder),
    Money(Decimal128Builder),
    Double(Float64Builder),
}

impl Cells {
    fn new(column: &Column) -> Self {
        match column.column_type {
            ColumnType::Bigint => Self::Bigint(Int64Builder::new()),
            ColumnType::Varchar => Self::Varchar(StringBuilder::new()),
            ColumnType::Timestamp => Self::Timestamp(TimestampMicrosecondBuilder::new()),
            ColumnType::Money => Self::Money(Decimal128Builder::new().with_data_type(ColumnType::Money.data_type())),
            ColumnType::Double => Self::Double(Float64Builder::new()),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Bigint(cells) => Arc::new(cells.finish()),
            Self::Varchar(cells) => Arc::new(cells.finish()),
            Self::Timestamp(cells) => Arc::new(cells.finish()),
            Self::Money(cells) => Arc::new(cells.finish()),
            Self::Double(cells) => Arc::new(cells.finish()),
        }
    }
}

/// The row that is being written: each call gives the value of the next column.
///
/// A value that the column does not hold is a mistake in the table's definition, and panics.
pub(crate) struct Row<'a> {
    cells: std::slice::IterMut<'a, Cells>,
}

impl Row<'_> {
    /// A `BIGINT`.
    pub(crate) fn int(&mut self, value: impl Into<Option<i64>>) -> &mut Self {
        let Some(Cells::Bigint(cells)) = self.cells.next() else { panic!("the next column is no BIGINT") };
        cells.append_option(value.into());
        self
    }

    /// A key: things are counted from 0, keys from 1.
    pub(crate) fn key(&mut self, number: impl Into<Option<u64>>) -> &mut Self {
        self.int(number.into().map(|number| number as i64 + 1))
    }

    /// A `VARCHAR`.
    pub(crate) fn text<'t>(&mut self, value: impl Into<Option<&'t str>>) -> &mut Self {
        let Some(Cells::Varchar(cells)) = self.cells.next() else { panic!("the next column is no VARCHAR") };
        cells.append_option(value.into());
        self
    }

    /// A `TIMESTAMP`, from seconds since 1970.
    pub(crate) fn time(&mut self, seconds: impl Into<Option<i64>>) -> &mut Self {
        let Some(Cells::Timestamp(cells)) = self.cells.next() else { panic!("the next column is no TIMESTAMP") };
        cells.append_option(seconds.into().map(|seconds| seconds * 1_000_000));
        self
    }

    /// A `DECIMAL(10,2)`, from cents.
    pub(crate) fn money(&mut self, cents: i64) -> &mut Self {
        let Some(Cells::Money(cells)) = self.cells.next() else { panic!("the next column is no amount of money") };
        cells.append_value(i128::from(cents));
        self
    }

    /// A `DOUBLE`.
    pub(crate) fn double(&mut self, value: f64) -> &mut Self {
        let Some(Cells::Double(cells)) = self.cells.next() else { panic!("the next column is no DOUBLE") };
        cells.append_value(value);
        self
    }
}
