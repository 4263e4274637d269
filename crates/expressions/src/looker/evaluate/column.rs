//! Columns: what gives a value for each place.

use super::build::Builder;
use super::lazy::Lazy;
use super::window::Window;
use super::{Axes, Pivot, Place, Row, Value};
use crate::looker::{FieldId, Part};

/// Values of a term, along its axes.
pub(super) struct Column<'e> {
    pub(super) axes: Axes,
    pub(super) source: Source<'e>,
}

/// Where the values of a column come from.
pub(super) enum Source<'e> {
    /// One value everywhere.
    Same(Value),
    /// The grid. A dimension has no total.
    Field { field: FieldId, part: Part, is_dimension: bool },
    /// A calculation that was computed before.
    Calculation(&'e super::Computed, Part),
    /// Values that were computed and kept.
    Cells(Cells),
    /// Values that are computed when they are asked for.
    Lazy(Box<Lazy<'e>>),
    /// Lists of values of another column.
    Window(Box<Window<'e>>),
}

/// Values that are kept.
#[derive(Clone, Debug)]
pub(in crate::looker) struct Cells {
    pub(super) axes: Axes,
    width: usize,
    values: Vec<Value>,
}

impl Cells {
    pub(super) fn new(axes: Axes, width: usize, values: Vec<Value>) -> Self {
        Self { axes, width, values }
    }

    #[inline]
    pub(super) fn get(&self, place: Place) -> Option<&Value> {
        let row = if self.axes.rows { place.row } else { 0 };
        let pivot = if self.axes.pivots { place.pivot } else { 0 };
        self.values.get(row * self.width + pivot)
    }
}

impl<'e> Column<'e> {
    pub(super) fn same(value: Value) -> Self {
        Self { axes: Axes::NONE, source: Source::Same(value) }
    }

    pub(super) fn lazy(axes: Axes, lazy: Lazy<'e>) -> Self {
        Self { axes, source: Source::Lazy(Box::new(lazy)) }
    }

    /// Whether asking for a value twice costs no more than a look.
    pub(super) fn is_kept(&self) -> bool {
        !matches!(self.source, Source::Lazy(_) | Source::Window(_))
    }

    /// The value in a place.
    #[inline]
    pub(super) fn get(&self, builder: &Builder<'e, '_>, place: Place) -> Value {
        match &self.source {
            Source::Same(value) => value.clone(),
            Source::Field { field, part, is_dimension } => {
                field_value(builder, *field, *part, *is_dimension, self.axes, place)
            }
            Source::Calculation(computed, part) => calculated(builder, computed, *part, place),
            Source::Cells(cells) => cells.get(place).cloned().unwrap_or_default(),
            Source::Lazy(lazy) => lazy.get(builder, place),
            Source::Window(window) => {
                window.items(builder, place).map_or(Value::Null, |items| Value::List(items.into()))
            }
        }
    }

    /// The number in a place, cut to its whole part.
    pub(super) fn integer(&self, builder: &Builder<'e, '_>, place: Place) -> Option<i64> {
        self.get(builder, place).as_number()?.to_integer()
    }

    /// The items of the list in a place; none for a null.
    pub(super) fn items(&self, builder: &Builder<'e, '_>, place: Place) -> Option<Vec<Value>> {
        if let Source::Window(window) = &self.source {
            return window.items(builder, place);
        }
        let Value::List(list) = self.get(builder, place) else { return None };
        builder.meter.list(list.len()).then(|| list.to_vec())
    }
}

#[inline]
fn field_value(
    builder: &Builder<'_, '_>,
    field: FieldId,
    part: Part,
    is_dimension: bool,
    axes: Axes,
    place: Place,
) -> Value {
    let plane = &builder.plane;
    if is_dimension && plane.is_total(place) && axes.rows {
        return Value::Null;
    }
    let row = if axes.rows { plane.row(place) } else { Row::At(0) };
    let pivot = if axes.pivots { plane.pivot(place) } else { Pivot::At(0) };
    let (row, pivot) = match part {
        Part::Value => (row, pivot),
        Part::Total => (Row::Total, pivot),
        Part::RowTotal => (row, Pivot::Total),
        Part::GrandTotal => (Row::Total, Pivot::Total),
    };
    builder.grid.value(field, row, pivot)
}

fn calculated(builder: &Builder<'_, '_>, computed: &super::Computed, part: Part, place: Place) -> Value {
    let (row, pivot) = (builder.plane.row(place), builder.plane.pivot(place));
    match part {
        Part::Value => computed.cells().get(place).cloned().unwrap_or_default(),
        Part::Total => computed.value(Row::Total, pivot).clone(),
        Part::RowTotal => computed.value(row, Pivot::Total).clone(),
        Part::GrandTotal => computed.value(Row::Total, Pivot::Total).clone(),
    }
}
