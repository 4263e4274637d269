//! Computes table calculations.
//!
//! A term becomes a column: what gives a value for a place. What needs its own cell only is computed when it is asked
//! for and kept nowhere; what looks at other places keeps the cells that it looks at. So each term is computed once for
//! each of its cells, columns are sorted or put into a table once for each pivot column, and a calculation costs as many
//! steps as it has terms times cells, times the logarithm of the rows where something is sorted. Lists cost their length,
//! except that a sum, count or mean of neighbours costs one step if the values are exact.
//!
//! Memory: 32 bytes for each cell of a result, the same for each column that is looked at from other places (that of
//! `offset`, `lookup`, `rank`, `median` and so on, unless it is a field) or gathered, 48 bytes for each value that sums of
//! neighbours are taken from, and texts besides.

mod build;
mod column;
mod lazy;
mod meter;
mod plane;
mod window;

use jiff::civil::DateTime;

use self::build::Builder;
use self::column::Cells;
use self::meter::Meter;
pub(super) use self::meter::Taken;
use self::plane::{Place, Plane};
use super::diagnostic::Diagnostic;
use super::grid::{Grid, Pivot, Row};
use super::{Axes, Checked, Value};

/// What calculations depend on besides the rows.
#[derive(Clone, Copy)]
pub struct Environment<'e> {
    /// The present, local in the time zone of the query: `now()`.
    pub now: DateTime,
    /// What `rand()` begins with: the same numbers for the same seed.
    pub seed: u64,
    /// Whether nobody waits for the answer any longer; asked from time to time.
    pub is_cancelled: &'e dyn Fn() -> bool,
}

/// Why a calculation has no values.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalculationError {
    /// Its expression is wrong.
    #[error("{}", .0.first().map(ToString::to_string).unwrap_or_default())]
    Wrong(Vec<Diagnostic>),
    /// Its lists and texts are too long together.
    #[error("the lists and texts of the calculation are too long; take fewer rows, or shorter lists")]
    TooLong,
    /// Nobody waits for it.
    #[error("the calculation was cancelled")]
    Cancelled,
}

/// The values of a calculation.
#[derive(Clone, Debug)]
pub struct Computed {
    cells: Cells,
    plane: Plane,
}

impl Computed {
    /// The value in a cell; null outside, and in the row of totals if the calculation has none. What is the same in all
    /// rows, or in all pivot columns, is the same in the row of totals and the column of row totals.
    pub fn value(&self, row: Row, pivot: Pivot) -> &Value {
        static NULL: Value = Value::Null;
        let place = self.plane.place(row, pivot, self.cells.axes);
        place.and_then(|place| self.cells.get(place)).unwrap_or(&NULL)
    }

    /// Along what the values differ.
    pub fn axes(&self) -> Axes {
        self.cells.axes
    }

    pub(super) fn cells(&self) -> &Cells {
        &self.cells
    }
}

/// Computes an expression that names no other calculations, such as that of a data test.
pub fn evaluate(
    checked: &Checked,
    grid: &dyn Grid,
    environment: &Environment<'_>,
) -> Result<Computed, CalculationError> {
    let (computed, _) = evaluate_among(checked, grid, environment, Taken::default(), &|_| None)?;
    Ok(computed)
}

/// Computes an expression that may name other calculations, which are computed already and have taken something.
pub(super) fn evaluate_among<'e>(
    checked: &Checked,
    grid: &'e dyn Grid,
    environment: &Environment<'e>,
    taken: Taken,
    calculation: &dyn Fn(usize) -> Option<&'e Computed>,
) -> Result<(Computed, Taken), CalculationError> {
    let plane = Plane::of(grid, checked.has_total);
    let meter = Meter::new(taken, environment.is_cancelled);
    let builder = Builder::new(grid, plane, &meter, environment, calculation);
    let column = builder.build(&checked.root)?;
    let cells = builder.kept(&column)?;
    Ok((Computed { cells, plane }, meter.taken()))
}
