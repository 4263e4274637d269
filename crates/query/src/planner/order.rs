//! The order of rows.

use super::Planner;
use super::condition::Grammar;
use super::dimension::COMPANION_SUFFIX;
use crate::plan::{AppliedSort, Direction, Order, PlanColumn, Role, SortOrigin};
use crate::sort::{Sort, Sorts};
use belvedere_lookml::model::FieldKind;

impl Planner<'_, '_> {
    /// The order, and the sorts behind it as the query named them. Sorts on fields that are not selected have no meaning
    /// for the rows and are left out, as are those on names that the explore does not have: clients send such, and
    /// expect their rows. When none is left the default order holds; in a pivoted query also when all that are left
    /// order the pivot columns.
    pub(super) fn order(&self) -> (Vec<Order>, Vec<AppliedSort>) {
        let mut order = Vec::new();
        let mut applied = Vec::new();
        match &self.request.sorts {
            Sorts::Unsorted => return (order, applied),
            Sorts::Default => {}
            Sorts::By(sorts) => {
                for sort in sorts {
                    self.add_sort(sort, &mut order, &mut applied);
                }
            }
        }
        if order.iter().all(|order| self.orders_pivots(order.column)) {
            let (column, direction) = self.default_order();
            let pivot_column = self.pivot_column(column, None);
            self.add_order(&mut order, Order { column, direction, pivot_column });
            let field = self.columns[column].column.name.clone();
            applied.push(AppliedSort { field, direction, pivot_column, origin: SortOrigin::Default });
        }
        (order, applied)
    }

    fn add_sort(&self, sort: &Sort, order: &mut Vec<Order>, applied: &mut Vec<AppliedSort>) {
        let column = self.sorted_column(sort);
        if column.is_none() && !self.request.calculations.contains(&sort.field) {
            return;
        }
        let direction = sort.direction;
        let pivot_column = column.map_or(sort.pivot_column, |column| self.pivot_column(column, sort.pivot_column));
        if let Some(column) = column {
            self.add_order(order, Order { column, direction, pivot_column });
        }
        applied.push(AppliedSort { field: sort.field.clone(), direction, pivot_column, origin: SortOrigin::Query });
    }

    /// Orders by a column, or by its companion. What the order has already changes nothing.
    fn add_order(&self, order: &mut Vec<Order>, next: Order) {
        let column = self.columns[next.column].column.sorted_by.unwrap_or(next.column);
        let is_there = |earlier: &Order| earlier.column == column && earlier.pivot_column == next.pivot_column;
        if !order.iter().any(is_there) {
            order.push(Order { column, ..next });
        }
    }

    /// The pivot column whose values of a measure count: the first one unless another is asked for.
    fn pivot_column(&self, column: usize, asked: Option<u64>) -> Option<u64> {
        let is_pivoted = !self.request.pivots.is_empty() && self.columns[column].column.role == Role::Measure;
        is_pivoted.then(|| asked.unwrap_or(0))
    }

    /// True for a pivot dimension, and for a companion that orders nothing else.
    fn orders_pivots(&self, column: usize) -> bool {
        let is_pivot = |column: &PlanColumn| {
            column.column.role == Role::Dimension && self.request.pivots.contains(&(&*column.column.name).into())
        };
        match self.columns[column].column.role {
            Role::Dimension => is_pivot(&self.columns[column]),
            Role::SortHelper => {
                let mut served = self.columns.iter().filter(|other| other.column.sorted_by == Some(column));
                served.all(is_pivot)
            }
            Role::Measure => false,
        }
    }

    /// The selected column that a sort names, itself or by its companion.
    fn sorted_column(&self, sort: &Sort) -> Option<usize> {
        let of_name = |name: &str| {
            let selected = |column: &PlanColumn| column.column.role != Role::SortHelper && column.column.name == name;
            self.columns.iter().position(selected)
        };
        let name = sort.field.strip_suffix(COMPANION_SUFFIX).unwrap_or(&sort.field);
        if let Some(column) = of_name(&sort.field).or_else(|| of_name(name)) {
            return Some(column);
        }
        let known = |name: &str| self.field_named(name).filter(|&at| self.may_name(at));
        let at = known(&sort.field).or_else(|| known(name))?;
        let alias = &self.explore.views[at.view].alias;
        let of_field = |column: &PlanColumn| {
            let field = &column.column.field;
            column.column.role != Role::SortHelper
                && field.alias == *alias
                && std::sync::Arc::ptr_eq(&field.field, at.field)
        };
        self.columns.iter().position(of_field)
    }

    /// The first date, latest first; else the first measure, greatest first; else the first dimension. Pivots apart.
    fn default_order(&self) -> (usize, Direction) {
        let position = |wanted: &dyn Fn(&PlanColumn) -> bool| {
            let found = |&index: &usize| !self.orders_pivots(index) && wanted(&self.columns[index]);
            (0..self.columns.len()).find(found)
        };
        let is_dimension = |column: &PlanColumn| column.column.role == Role::Dimension;
        let is_date = |column: &PlanColumn| is_dimension(column) && is_calendar(&column.column.field.field.kind);
        let is_measure = |column: &PlanColumn| column.column.role == Role::Measure;
        if let Some(column) = position(&is_date).or_else(|| position(&is_measure)) {
            return (column, Direction::Descending);
        }
        (position(&is_dimension).unwrap_or(0), Direction::Ascending)
    }
}

/// True for times with a place in the calendar: a month, not the name of one.
fn is_calendar(kind: &FieldKind) -> bool {
    match kind {
        FieldKind::Time(time) => matches!(Grammar::of_timeframe(*time), Grammar::Time(_)),
        _ => false,
    }
}
