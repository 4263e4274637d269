//! The places of a result: rows, the row of totals behind them, pivot columns, the column of row totals behind them.

use super::{Axes, Grid, Pivot, Row};

/// How many places there are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plane {
    /// Rows without that of totals.
    pub(super) rows: usize,
    has_total: bool,
    /// Pivot columns without that of row totals; 1 without a pivot.
    pub(super) pivots: usize,
    has_row_total: bool,
    /// Whether the query is pivoted.
    pub(super) is_pivoted: bool,
}

/// A cell. The row of totals has the number behind the last row, the column of row totals that behind the last column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) row: usize,
    pub(super) pivot: usize,
}

impl Plane {
    pub(super) fn of(grid: &dyn Grid, has_total: bool) -> Self {
        let pivots = grid.pivots();
        Self {
            rows: grid.rows(),
            has_total: has_total && grid.has_totals(),
            pivots: pivots.unwrap_or(1),
            has_row_total: pivots.is_some() && grid.has_row_totals(),
            is_pivoted: pivots.is_some(),
        }
    }

    pub(super) fn height(&self, axes: Axes) -> usize {
        if axes.rows { self.rows + usize::from(self.has_total) } else { 1 }
    }

    pub(super) fn width(&self, axes: Axes) -> usize {
        if axes.pivots { self.pivots + usize::from(self.has_row_total) } else { 1 }
    }

    /// The places along some axes, row by row; the first place along the others.
    pub(super) fn places(&self, axes: Axes) -> impl Iterator<Item = Place> + use<> {
        let width = self.width(axes);
        (0..self.height(axes)).flat_map(move |row| (0..width).map(move |pivot| Place { row, pivot }))
    }

    /// The rows of one pivot column, without totals.
    pub(super) fn rows_of(&self, pivot: usize) -> impl Iterator<Item = Place> + use<> {
        (0..self.rows).map(move |row| Place { row, pivot })
    }

    pub(super) fn is_total(&self, place: Place) -> bool {
        place.row >= self.rows
    }

    pub(super) fn is_row_total(&self, place: Place) -> bool {
        place.pivot >= self.pivots
    }

    /// The row so far below, if there is one; there is none from the row of totals.
    pub(super) fn below(&self, place: Place, distance: i64) -> Option<Place> {
        let row = moved(place.row, distance, self.rows)?;
        Some(Place { row, ..place })
    }

    /// The pivot column so far to the right, if there is one; there is none from that of row totals, nor without a
    /// pivot.
    pub(super) fn right(&self, place: Place, distance: i64) -> Option<Place> {
        let pivot = moved(place.pivot, distance, self.pivots).filter(|_| self.is_pivoted)?;
        Some(Place { pivot, ..place })
    }

    /// The place of a cell along some axes, if there is such a cell.
    pub(super) fn place(&self, row: Row, pivot: Pivot, axes: Axes) -> Option<Place> {
        let row = match row {
            Row::At(row) => Some(row).filter(|row| *row < self.rows),
            Row::Total => Some(self.rows).filter(|_| self.has_total),
        };
        let pivot = match pivot {
            Pivot::At(pivot) => Some(pivot).filter(|pivot| *pivot < self.pivots),
            Pivot::Total => Some(self.pivots).filter(|_| self.has_row_total),
        };
        let place = Place { row: if axes.rows { row? } else { 0 }, pivot: if axes.pivots { pivot? } else { 0 } };
        Some(place)
    }

    pub(super) fn row(&self, place: Place) -> Row {
        if self.is_total(place) { Row::Total } else { Row::At(place.row) }
    }

    pub(super) fn pivot(&self, place: Place) -> Pivot {
        if self.is_row_total(place) { Pivot::Total } else { Pivot::At(place.pivot) }
    }
}

/// A place that counts and the distance from it, within a count.
fn moved(from: usize, distance: i64, count: usize) -> Option<usize> {
    let from = i64::try_from(from).ok().filter(|_| from < count)?;
    usize::try_from(from.checked_add(distance)?).ok().filter(|to| *to < count)
}
