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
    /// expect their rows. When none is left the default order holds.
    pub(super) fn order(&self) -> (Vec<Order>, Vec<AppliedSort>) {
        let mut order = Vec::new();
        let mut applied = Vec::new();
        match &self.request.sorts {
            Sorts::Unsorted => return (order, applied),
            Sorts::Default => {}
            Sorts::By(sorts) => {
                for sort in sorts {
                    if let Some(column) = self.sorted_column(sort) {
                        self.add_order(&mut order, column, sort.direction);
                        applied.push(AppliedSort {
                            field: sort.field.clone(),
                            direction: sort.direction,
                            origin: SortOrigin::Query,
                        });
                    }
                }
            }
        }
        if order.is_empty() {
            let (column, direction) = self.default_order();
            self.add_order(&mut order, column, direction);
            let field = self.columns[column].column.name.clone();
            applied.push(AppliedSort { field, direction, origin: SortOrigin::Default });
        }
        (order, applied)
    }

    /// Orders by a column, or by its companion. A column that the order has already changes nothing.
    fn add_order(&self, order: &mut Vec<Order>, column: usize, direction: Direction) {
        let column = self.columns[column].column.sorted_by.unwrap_or(column);
        if order.iter().all(|earlier| earlier.column != column) {
            order.push(Order { column, direction });
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

    /// The first date, latest first; else the first measure, greatest first; else the first dimension.
    fn default_order(&self) -> (usize, Direction) {
        let position = |wanted: &dyn Fn(&PlanColumn) -> bool| self.columns.iter().position(wanted);
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
