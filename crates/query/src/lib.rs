//! A query on an explore, planned and rendered as SQL.
//!
//! [`plan()`] takes a [`Query`] and the explore it is on, and what else the SQL may depend on (the present moment, time
//! zones, the user's access: [`Context`]). It gives a [`Plan`], plain data, which [`Plan::render`] lays out as SQL. This
//! crate runs nothing and reads no clock.
//!
//! What stands around the rows (pivots, totals, subtotals, fill, table calculations) is told by the plan's [`Shape`].
//!
//! - `planner`: fields, `${}` substitution, filters, joins, fan-out, sorts.
//! - [`dialect`]: what differs between engines.
//! - `liquid`: templates in the model's SQL, and in cells, labels and descriptions.

mod access;
mod context;
pub mod dialect;
mod dynamic;
mod error;
mod expression;
mod liquid;
mod parameter;
mod plan;
mod planner;
mod query;
mod render;
mod sort;

pub use access::{granted, sees_field};
pub use context::{Access, AttributeType, Context, Mode, Reach, UserAttribute};
pub use dynamic::{
    CustomDimension, CustomMeasure, DimensionRule, DynamicFields, Formula, Group, MeasureRule, Presentation,
    TableCalculation,
};
pub use error::Error;
pub use expression::{Expression, Part};
pub use liquid::{Medium, TextLookup, TextTemplate, Variable, html_text, rendered_text};
pub use parameter::{chosen_label, parameter_text};
pub use plan::{
    Aggregate, Along, AppliedFilter, AppliedSort, Before, CalendarSteps, Cell, Column, ColumnField, ColumnSql,
    CommonTable, Compare, DEFAULT_COLUMN_LIMIT, Direction, Earlier, Fill, FillValue, FillValues, Function, Grouping,
    Inner, JoinClause, Level, MOST_PIVOT_COLUMNS, Note, Order, Ordinal, Pick, Pivot, Place, Plan, PlanColumn,
    ROW_TOTALS_LIMIT, Role, RowTotals, SUBTOTALS_LIMIT, Shape, Side, SortOrigin, Source, Span, Statement, Subtotal,
    TableBody, Window,
};
pub use planner::fanout::repeated_views;
pub use planner::formula::expression_type;
pub use planner::plan;
pub use planner::tier::labels as tier_labels;
pub use query::{DEFAULT_LIMIT, Query, UNSORTED};
