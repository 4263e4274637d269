//! A planned query: plain data that only has to be laid out as text.

mod earlier;
pub(crate) mod fill;
mod note;
mod shape;

pub use earlier::{Before, CalendarSteps, Compare, Earlier, Ordinal, Span};
pub use note::Note;
pub use shape::{
    Cell, DEFAULT_COLUMN_LIMIT, Fill, FillValue, FillValues, MOST_PIVOT_COLUMNS, Pivot, ROW_TOTALS_LIMIT, RowTotals,
    SUBTOTALS_LIMIT, Shape, Side, Subtotal,
};

use crate::dialect::{Dialect, DimensionSql, NullSort};
use crate::expression::Expression;
use belvedere_lookml::model::{Field, JoinKind};
use indexmap::IndexMap;
use std::sync::Arc;

/// A planned query.
///
/// Rows come from [`source`](Self::source) under [`conditions`](Self::conditions), are grouped by the dimensions among
/// [`columns`](Self::columns), and aggregated. Where a join repeats the rows of a view, its sums wait in a
/// [`Level`] of their own.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The explore.
    pub explore: Arc<str>,
    /// Derived tables, each before those that read it.
    pub tables: Vec<CommonTable>,
    /// The base table and its joins.
    pub source: Source,
    /// Conditions on rows, all of which must hold.
    pub conditions: Vec<String>,
    /// Whether rows are grouped by the dimensions.
    pub grouping: Grouping,
    /// The columns in the order of the result.
    pub columns: Vec<PlanColumn>,
    /// What is aggregated, referred to by index.
    pub aggregates: Vec<Aggregate>,
    /// The levels that aggregates are placed in.
    pub levels: Vec<Level>,
    /// Conditions on groups, all of which must hold.
    pub having: Vec<Expression>,
    /// The order of the rows.
    pub order: Vec<Order>,
    /// Most rows.
    pub limit: Option<u64>,
    /// The sorts in force, default ones included, as the result's metadata tells them.
    pub sorts: Vec<AppliedSort>,
    /// The filters in force, those of the model that a user can change included, by the name the query used.
    pub filters: IndexMap<String, AppliedFilter>,
    /// Statements with earlier values of some measures.
    pub earlier: Vec<Earlier>,
    /// What stands around the rows: pivots, totals, missing values, calculations.
    pub shape: Shape,
    /// What the reader of the result should know.
    pub notes: Vec<Note>,
    /// Where null stands in the order.
    pub null_sort: NullSort,
    /// The SQL it is planned for.
    pub dialect: &'static dyn Dialect,
}

/// A table of the `WITH` clause.
#[derive(Debug, Clone)]
pub struct CommonTable {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub body: TableBody,
}

/// What a [`CommonTable`] holds.
#[derive(Debug, Clone)]
pub enum TableBody {
    /// The author's statement.
    Sql(String),
    /// A query on an explore, with columns computed from its columns.
    Query {
        /// The query.
        plan: Box<Plan>,
        /// Name and SQL of each computed column.
        derived_columns: Vec<(String, String)>,
    },
}

/// Where rows come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The base table as SQL.
    pub table: String,
    /// Its alias as an identifier.
    pub alias: String,
    /// The joins in the order of emission.
    pub joins: Vec<JoinClause>,
}

/// A join.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JoinClause {
    /// A table and the condition it is joined on.
    Table {
        /// How it is joined.
        kind: JoinKind,
        /// The table as SQL.
        table: String,
        /// Its alias as an identifier.
        alias: String,
        /// The condition; `None` only for cross joins.
        on: Option<String>,
    },
    /// The author's whole clause.
    Sql(String),
}

/// Whether rows are grouped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grouping {
    /// By all dimensions.
    Dimensions,
    /// Each row is its own: a primary key is selected.
    Canceled,
}

/// A column and its SQL.
#[derive(Debug, Clone)]
pub struct PlanColumn {
    /// The column as the result has it.
    pub column: Column,
    /// Its SQL.
    pub sql: ColumnSql,
    /// What is made of its values over the rows of the result.
    pub window: Option<Window>,
    /// With which earlier value its values are compared.
    pub compare: Option<Compare>,
}

/// What is made of a measure's values over the rows of the result, in their order and within the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Window {
    /// `running_total`: the sum of the values so far.
    RunningTotal(Along),
    /// `percent_of_total`: the share of the sum, 0 to 100; null in every row when there are more rows than the limit.
    PercentOfTotal(Along),
    /// `percent_of_previous`: by how many percent of it the value differs from the one before.
    PercentOfPrevious(Along),
}

/// Which cells a [`Window`] goes over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Along {
    /// Down the column.
    Column,
    /// Across the pivot columns of a row.
    Row,
}

/// The SQL of a column.
#[derive(Debug, Clone, PartialEq)]
pub enum ColumnSql {
    /// A dimension or the sort companion of one.
    Dimension(DimensionSql),
    /// A measure.
    Measure(Expression),
}

/// A column of a result, in the order of the statement.
///
/// Values arrive as the engine's types. Dates (timeframes `date` and `week`) are dates, times of whole seconds (`time`,
/// `second`, `minuteN`, `hourN`) are times without a zone, both already in the user's time zone: `2024-09-03` and
/// `2024-09-03 17:15:00` is how they are written. Every other timeframe comes as text or number in Looker's shape,
/// `yesno` as the texts `Yes` and `No`.
#[derive(Debug, Clone)]
pub struct Column {
    /// The name the query used, which is also the alias in SQL.
    pub name: String,
    /// What it is for.
    pub role: Role,
    /// The field; for a companion made for one, the field that it orders.
    pub field: ColumnField,
    /// The index of the column that orders this one, for dimensions with a sort companion.
    pub sorted_by: Option<usize>,
}

/// What a [`Column`] is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// A selected dimension.
    Dimension,
    /// A selected measure.
    Measure,
    /// A hidden column that another one is ordered by.
    SortHelper,
}

/// The field behind a column.
#[derive(Debug, Clone)]
pub struct ColumnField {
    /// The alias of its view in the explore; empty for custom fields, which the explore does not have.
    pub alias: Arc<str>,
    /// The field.
    pub field: Arc<Field>,
}

/// An aggregate over rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Aggregate {
    /// The measure's full name.
    pub name: String,
    /// Where it is computed.
    pub place: Place,
}

/// Where an [`Aggregate`] is computed.
#[derive(Debug, Clone, PartialEq)]
pub enum Place {
    /// Over the joined rows as they are.
    Rows {
        /// The aggregate.
        function: Function,
        /// What is aggregated; `None` counts rows.
        argument: Option<String>,
    },
    /// Over the rows of a [`Level`], which has each of the view's rows once.
    Level {
        /// The level's index.
        level: usize,
        /// What is aggregated there; `None` for the key itself.
        inner: Option<Inner>,
        /// The aggregate.
        function: Function,
    },
}

/// What is taken from the joined rows of one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inner {
    /// An expression over the joined rows.
    pub argument: String,
    /// Which of its values.
    pub pick: Pick,
}

/// Which value is taken from the joined rows of one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pick {
    /// The one that there is; several are an error, as the key is then not unique. None for a null key.
    Only,
    /// The least.
    Least,
    /// The greatest.
    Greatest,
}

/// An aggregate function.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Function {
    /// Number of values that are not null.
    Count,
    /// Number of different values.
    CountDistinct,
    /// Sum; 0 over nothing.
    Sum,
    /// Mean.
    Average,
    /// Least value.
    Min,
    /// Greatest value.
    Max,
    /// Median.
    Median,
    /// Percentile, 0 to 100.
    Percentile(f64),
    /// Different values as one text.
    List,
}

/// The rows of one view, each once for every group of the result that it occurs in: the joined rows grouped by the
/// dimensions and a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    /// The name of its table in the statement.
    pub name: String,
    /// The key.
    pub key: String,
}

/// A place in the order of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// The index of the column.
    pub column: usize,
    /// The direction.
    pub direction: Direction,
    /// For a measure of a pivoted query: the pivot column whose values count, from 0 on. One that the result does not
    /// have means the first, or where row totals are asked for, the row total.
    pub pivot_column: Option<u64>,
}

/// A direction of sorting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Lowest first.
    Ascending,
    /// Highest first.
    Descending,
}

/// A sort in force. One whose field is the name of a table calculation is for the evaluator: the statement knows nothing
/// of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliedSort {
    /// The field as the query named it.
    pub field: String,
    /// The direction.
    pub direction: Direction,
    /// The pivot column that the query named, from 0 on.
    pub pivot_column: Option<u64>,
    /// Whether the author asked for it or the default order did.
    pub origin: SortOrigin,
}

/// Where a sort comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SortOrigin {
    /// The query.
    Query,
    /// The default order of a query that asks for none.
    Default,
}

/// A filter in force.
#[derive(Debug, Clone)]
pub struct AppliedFilter {
    /// The filter expression.
    pub value: String,
    /// The field.
    pub field: ColumnField,
}

/// SQL, ready to run.
#[derive(Debug, Clone)]
pub struct Statement {
    /// The text, without a semicolon at its end.
    pub sql: String,
    /// The columns of its result, in order.
    pub columns: Vec<Column>,
}

impl Plan {
    /// Lays the plan out as SQL: the rows alone. What stands around them has statements of its own, see [`Shape`].
    pub fn render(&self) -> Statement {
        Statement {
            sql: crate::render::statement(self),
            columns: self.columns.iter().map(|column| column.column.clone()).collect(),
        }
    }

    /// The text of the format `sql`: the statement, and behind it those of the totals, each under the comment that Looker
    /// gives it.
    pub fn script(&self) -> String {
        let shape = &self.shape;
        let filled = shape.fills.iter().map(|fill| {
            format!(
                "-- raw sql results do not include filled-in values for '{}'\n",
                self.columns[fill.column].column.name
            )
        });
        let mut out: String = filled.collect();
        out.push_str(&self.render().sql);
        let others = [
            ("creating the total and/or determining pivot columns", shape.totals.as_deref()),
            ("creating the pivot row totals", shape.row_totals.as_ref().map(|totals| &*totals.plan)),
            ("creating the grand totals", shape.grand_total.as_deref()),
        ];
        let subtotals = shape.subtotals.iter().map(|subtotal| ("creating the subtotals", Some(&*subtotal.plan)));
        for (purpose, plan) in others.into_iter().chain(subtotals) {
            if let Some(plan) = plan {
                out.push_str("\n\n-- sql for ");
                out.push_str(purpose);
                out.push('\n');
                out.push_str(&plan.render().sql);
            }
        }
        out
    }
}
