//! What stands around the rows of a plan: pivots, totals, missing values, calculations.
//!
//! Each auxiliary statement is a [`Plan`] of its own, with the same tables, joins and conditions on rows as the main one
//! but fewer dimensions and no conditions on groups. Its columns carry the names of the main plan's; a measure that has
//! no total (`running_total` and its like) is not among them.

use super::{Direction, Plan};
use crate::dialect::Calendar;
use crate::dynamic::TableCalculation;
use belvedere_lookml::model::Timeframe;
use jiff::civil::DateTime;

/// What stands around the rows of a plan. The default: nothing.
#[derive(Debug, Clone, Default)]
pub struct Shape {
    /// How rows become columns; `None` without pivots.
    pub pivot: Option<Pivot>,
    /// The column totals (`total`), over all rows that the conditions let through, whatever the limit: one row. Pivoted:
    /// a row for each pivot column, in their order, with the pivot dimensions and their companions as columns.
    pub totals: Option<Box<Plan>>,
    /// The row totals (`row_total`): a row for each combination of the row dimensions. Only with pivots, and not beside a
    /// filter on a measure. The totals of more than [`ROW_TOTALS_LIMIT`] rows are not read.
    pub row_totals: Option<RowTotals>,
    /// The total of row totals and column totals: one row. Present where both are.
    pub grand_total: Option<Box<Plan>>,
    /// The subtotals, by rising depth.
    pub subtotals: Vec<Subtotal>,
    /// Dimensions whose missing values are to be added, row dimensions and pivots, in the order of `fill_fields`.
    pub fills: Vec<Fill>,
    /// Table calculations that are not disabled, in the order of `dynamic_fields`. They are evaluated over the result.
    pub calculations: Vec<TableCalculation>,
}

/// Most rows whose row totals are read.
pub const ROW_TOTALS_LIMIT: u64 = 30_000;
/// Most rows of subtotals at one depth.
pub const SUBTOTALS_LIMIT: u64 = 30_000;
/// Pivot columns of a query that names no `column_limit`.
pub const DEFAULT_COLUMN_LIMIT: u64 = 50;
/// Most pivot columns that a statement ranks.
pub const MOST_PIVOT_COLUMNS: u64 = 16_384;

/// How rows become columns.
///
/// The statement gives the long form: one row for each cell that has data, with the row dimensions, the pivot dimensions
/// and the measures as columns, and behind the plan's columns two ranks that count from 1: that of the row
/// ([`row_rank`](Self::row_rank)) and that of the pivot column ([`column_rank`](Self::column_rank)). Cells come in the
/// order of rows, then of columns; null pivot values stand last in either direction.
///
/// Beyond the cells of the result there are two kinds that only tell of something:
/// - a cell whose row rank is above the plan's limit is the first one of its pivot column: it shows that the column
///   exists, though no row within the limit has a value there;
/// - a cell whose column rank is above [`column_limit`](Self::column_limit) is the first one of its row: it shows that
///   the row exists, though with no value in the columns within the limit, and that columns were cut off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pivot {
    /// The pivot dimensions, outermost first, as indices of the plan's columns.
    pub columns: Vec<usize>,
    /// The direction of each.
    pub directions: Vec<Direction>,
    /// The row dimensions and the companions that order them, as indices of the plan's columns.
    pub rows: Vec<usize>,
    /// Most pivot columns.
    pub column_limit: u64,
    /// Of how many columns beyond the limit the statement gives all cells. They are no part of the result: windows and
    /// sorts do not see them.
    pub columns_beyond: u64,
    /// Where the statement's result has the row's rank.
    pub row_rank: usize,
    /// Where the statement's result has the pivot column's rank.
    pub column_rank: usize,
}

/// The row totals of a pivoted query.
#[derive(Debug, Clone)]
pub struct RowTotals {
    /// Where they stand.
    pub side: Side,
    /// The statement: row dimensions and measures, in the order of the row dimensions.
    pub plan: Box<Plan>,
}

/// A side of the pivot columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// Before them.
    Left,
    /// Behind them.
    Right,
}

/// The subtotals at one depth.
#[derive(Debug, Clone)]
pub struct Subtotal {
    /// How many row dimensions are kept, from the first on: at least 1, and fewer than there are.
    pub depth: usize,
    /// Their names.
    pub dimensions: Vec<String>,
    /// The statement: these dimensions, the pivot dimensions, the measures; ordered by the row dimensions.
    pub plan: Box<Plan>,
}

/// A dimension whose missing values are to be added.
#[derive(Debug, Clone, PartialEq)]
pub struct Fill {
    /// The dimension, as an index of the plan's columns.
    pub column: usize,
    /// Which values it has.
    pub values: FillValues,
}

/// The values that a filled dimension has.
#[derive(Debug, Clone, PartialEq)]
pub enum FillValues {
    /// Periods of the calendar: from the first to the last one of the result, and as far as the bounds of a filter.
    Periods {
        /// The periods.
        timeframe: Timeframe,
        /// Where weeks and fiscal years start.
        calendar: Calendar,
        /// The start of the first period that the filters let through.
        from: Option<DateTime>,
        /// The end of the last one: periods that start here or later are out.
        to: Option<DateTime>,
    },
    /// A list, in its order. The values of a companion go with them.
    List(Vec<FillValue>),
}

/// A value of a list, with that of the companion that orders it where the dimension has one.
#[derive(Debug, Clone, PartialEq)]
pub struct FillValue {
    /// The value as the statement gives it.
    pub value: Cell,
    /// The value of the companion.
    pub order: Option<Cell>,
}

/// A value of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// A text.
    Text(String),
    /// A whole number.
    Number(i64),
}
