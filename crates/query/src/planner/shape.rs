//! What stands around the rows of a query: each total is a statement of its own.

use super::Scene;
use super::request::Request;
use crate::dynamic::DynamicFields;
use crate::error::Error;
use crate::plan::{Column, Direction, Pivot, Plan, PlanColumn, ROW_TOTALS_LIMIT, Role, RowTotals};
use crate::plan::{SUBTOTALS_LIMIT, Shape, Side, Subtotal};
use crate::query::Query;
use crate::sort::{Sort, Sorts};

impl Scene<'_> {
    /// The shape of a planned query. `views` are those that its statement has joined: totals are of the same rows.
    pub(super) fn shape(
        &self,
        query: &Query,
        request: &Request<'_>,
        plan: &Plan,
        views: &[bool],
        dynamic: &DynamicFields,
    ) -> Result<Shape, Error> {
        let parts = Parts::of(plan);
        let total = |dimensions: &[&PlanColumn], limit: Option<u64>| -> Result<Option<Box<Plan>>, Error> {
            if parts.measures.is_empty() {
                return Ok(None);
            }
            let keep = |name: &str| dimensions.iter().chain(&parts.measures).any(|column| column.column.name == name);
            let sorts = sorts(plan, dimensions);
            let request = request.totals(keep, sorts, limit);
            Ok(Some(Box::new(self.statement(&request, Some(views))?.plan)))
        };
        let side = side(query)?;
        let is_pivoted = plan.shape.pivot.is_some();
        let mut shape = Shape {
            pivot: plan.shape.pivot.clone(),
            fills: plan.shape.fills.clone(),
            calculations: dynamic.calculations.clone(),
            ..Shape::default()
        };
        if query.total {
            // Conditions on groups can leave other pivot columns among the rows than there are without.
            let limit = if is_pivoted { plan.having.is_empty().then_some(request.column_limit) } else { Some(1) };
            shape.totals = total(&parts.pivots, limit)?;
        }
        if let (Some(side), true, false) = (side, is_pivoted, filters_measures(plan)) {
            let plan = total(&parts.rows, Some(ROW_TOTALS_LIMIT))?;
            shape.row_totals = plan.map(|plan| RowTotals { side, plan });
            if query.total {
                shape.grand_total = total(&[], Some(1))?;
            }
        }
        for depth in 1..parts.rows.len() {
            let last = &parts.rows[depth - 1].column.name;
            if !query.subtotals.contains(last) {
                continue;
            }
            let kept: Vec<&PlanColumn> = parts.rows[..depth].iter().chain(&parts.pivots).copied().collect();
            if let Some(plan) = total(&kept, Some(SUBTOTALS_LIMIT))? {
                let dimensions = parts.rows[..depth].iter().map(|column| column.column.name.clone()).collect();
                shape.subtotals.push(Subtotal { depth, dimensions, plan });
            }
        }
        check_subtotals(query, plan)?;
        Ok(shape)
    }
}

fn side(query: &Query) -> Result<Option<Side>, Error> {
    match query.row_total.as_deref().map(str::trim) {
        None | Some("") => Ok(None),
        Some("right") => Ok(Some(Side::Right)),
        Some("left") => Ok(Some(Side::Left)),
        Some(other) => Err(Error::RowTotal { side: other.to_owned() }),
    }
}

fn filters_measures(plan: &Plan) -> bool {
    let measured = |filter: &crate::plan::AppliedFilter| {
        filter.field.field.category == belvedere_lookml::model::Category::Measure && !filter.value.trim().is_empty()
    };
    plan.filters.values().any(measured)
}

/// Subtotals on what is no dimension are mistakes; one on a dimension that is not selected, on the last one or on a
/// pivot has nothing to sum up and is passed over.
fn check_subtotals(query: &Query, plan: &Plan) -> Result<(), Error> {
    let is_measure = |name: &String| {
        plan.columns.iter().any(|column| column.column.role == Role::Measure && column.column.name == *name)
    };
    match query.subtotals.iter().find(|name| is_measure(name)) {
        Some(name) => Err(Error::NotDimension { name: name.clone(), usage: "subtotaled" }),
        None => Ok(()),
    }
}

/// The columns of a plan by what they are for.
struct Parts<'p> {
    pivots: Vec<&'p PlanColumn>,
    rows: Vec<&'p PlanColumn>,
    /// Those that have totals.
    measures: Vec<&'p PlanColumn>,
}

impl<'p> Parts<'p> {
    fn of(plan: &'p Plan) -> Self {
        let is_pivot = |index: usize| plan.shape.pivot.as_ref().is_some_and(|pivot| pivot.columns.contains(&index));
        let of = |wanted: &dyn Fn(usize, &PlanColumn) -> bool| {
            let columns = plan.columns.iter().enumerate().filter(|(index, column)| wanted(*index, column));
            columns.map(|(_, column)| column).collect::<Vec<_>>()
        };
        let is_dimension = |column: &PlanColumn| column.column.role == Role::Dimension;
        Self {
            pivots: of(&|index, column| is_dimension(column) && is_pivot(index)),
            rows: of(&|index, column| is_dimension(column) && !is_pivot(index)),
            measures: of(&|_, column| {
                column.column.role == Role::Measure && column.window.is_none() && column.compare.is_none()
            }),
        }
    }
}

/// The order of the main plan as far as it is that of `dimensions`, then by these themselves.
fn sorts(plan: &Plan, dimensions: &[&PlanColumn]) -> Sorts {
    if dimensions.is_empty() {
        return Sorts::Unsorted;
    }
    let by = dimensions.iter().map(|column| {
        let direction = direction_of(plan, &column.column);
        Sort { field: column.column.name.clone(), direction, pivot_column: None }
    });
    Sorts::By(by.collect())
}

/// The direction in which the plan orders by a dimension.
pub(super) fn direction_of(plan: &Plan, column: &Column) -> Direction {
    let is_it = |index: usize| {
        let ordered = &plan.columns[index].column;
        ordered.name == column.name || column.sorted_by == Some(index)
    };
    let order = plan.order.iter().find(|order| is_it(order.column));
    order.map_or(Direction::Ascending, |order| order.direction)
}

/// The pivot of a statement with these columns. `pivots` are the names of its dimensions, outermost first.
pub(super) fn pivot(plan: &Plan, pivots: &[&str], column_limit: u64) -> Option<Pivot> {
    let position = |name: &&str| {
        plan.columns.iter().position(|column| column.column.role == Role::Dimension && column.column.name == **name)
    };
    let columns: Vec<usize> = pivots.iter().filter_map(position).collect();
    if columns.is_empty() {
        return None;
    }
    let directions = columns.iter().map(|&column| direction_of(plan, &plan.columns[column].column)).collect();
    let orders_row = |helper: usize| {
        let served = plan.columns.iter().enumerate().filter(|(_, column)| column.column.sorted_by == Some(helper));
        served.into_iter().any(|(index, _)| !columns.contains(&index))
    };
    let is_row = |index: &usize| match plan.columns[*index].column.role {
        Role::Dimension => !columns.contains(index),
        Role::SortHelper => orders_row(*index),
        Role::Measure => false,
    };
    let rows = (0..plan.columns.len()).filter(is_row).collect();
    let row_rank = plan.columns.len();
    Some(Pivot { columns, directions, rows, column_limit, columns_beyond: 0, row_rank, column_rank: row_rank + 1 })
}
