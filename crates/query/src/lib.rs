//! A query on an explore, planned and rendered as SQL.
//!
//! [`plan()`] takes a [`Query`] and the explore it is on, and what else the SQL may depend on (the present moment, time
//! zones, the user's access: [`Context`]). It gives a [`Plan`], plain data, which [`Plan::render`] lays out as SQL. This
//! crate runs nothing and reads no clock.
//!
//! - `planner`: fields, `${}` substitution, filters, joins, fan-out, sorts.
//! - [`dialect`]: what differs between engines.
//! - `liquid`: templates in the model's SQL.

mod access;
mod context;
pub mod dialect;
mod error;
mod expression;
mod liquid;
mod plan;
mod planner;
mod query;
mod render;
mod sort;

pub use access::{granted, sees_field};
pub use context::{Access, AttributeType, Context, Reach, UserAttribute};
pub use error::Error;
pub use expression::{Expression, Part};
pub use plan::{
    Aggregate, AppliedFilter, AppliedSort, Column, ColumnField, ColumnSql, CommonTable, Direction, Function, Grouping,
    Inner, JoinClause, Level, Order, Pick, Place, Plan, PlanColumn, Role, SortOrigin, Source, Statement, TableBody,
};
pub use planner::fanout::repeated_views;
pub use planner::plan;
pub use planner::tier::labels as tier_labels;
pub use query::{DEFAULT_LIMIT, Query, UNSORTED};
