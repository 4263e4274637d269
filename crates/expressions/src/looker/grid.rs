//! The rows that calculations are computed from.

use super::{FieldId, Value};

/// A result: a value for each field in each row and, if the query is pivoted, each pivot column.
pub trait Grid {
    /// How many rows it has, the row of totals not counted.
    fn rows(&self) -> usize;

    /// How many pivot columns it has, that of row totals not counted; none if the query is not pivoted.
    fn pivots(&self) -> Option<usize>;

    /// Whether it has a row of totals.
    fn has_totals(&self) -> bool {
        false
    }

    /// Whether it has a column of row totals.
    fn has_row_totals(&self) -> bool {
        false
    }

    /// The value of a field. Dimensions are asked for in the first pivot column, pivot dimensions in the first row;
    /// without a pivot everything is asked for in the first pivot column. Only rows and columns that there are are
    /// asked for, but a pivot dimension is asked for in the first row even of no rows.
    fn value(&self, field: FieldId, row: Row, pivot: Pivot) -> Value;
}

/// A row of a [`Grid`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Row {
    /// A row in its place in the order of the result, from 0.
    At(usize),
    /// The row of totals.
    Total,
}

/// A pivot column of a [`Grid`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pivot {
    /// A column in its place, from 0.
    At(usize),
    /// The column of row totals.
    Total,
}
