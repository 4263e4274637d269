//! Lists of neighbouring values.

use super::build::Builder;
use super::column::Column;
use super::{CalculationError, Place, Value};
use crate::looker::statistics::Summary;

/// Lists of neighbours in a column.
pub(super) struct Window<'e> {
    /// The values, kept.
    pub(super) values: Column<'e>,
    pub(super) extent: Extent<'e>,
}

/// Which values are listed.
pub(super) enum Extent<'e> {
    /// So many rows from so many rows below on.
    Rows { start: Column<'e>, count: Column<'e> },
    /// So many pivot columns from so many columns to the right on.
    Pivots { start: Column<'e>, count: Column<'e> },
    /// All pivot columns.
    WholeRow,
}

/// So many places of a line from a place on, which may lie before its begin or behind its end.
struct Stretch {
    start: i64,
    count: usize,
}

impl<'e> Window<'e> {
    /// The values of the list in a place, if there is a list.
    pub(super) fn items(&self, builder: &Builder<'e, '_>, place: Place) -> Option<Vec<Value>> {
        let Stretch { start, count } = self.extent.stretch(builder, place)?;
        if !builder.meter.list(count) {
            return None;
        }
        let length = self.extent.length(builder);
        let item = |step| {
            let there = usize::try_from(start.saturating_add(step)).ok().filter(|there| *there < length);
            there.map_or(Value::Null, |there| self.values.get(builder, self.extent.along(place, there)))
        };
        Some((0..count as i64).map(item).collect())
    }

    /// What sums of lists are taken from: if all values add up exactly, the sum of a list is the difference of two.
    pub(super) fn sums(&self, builder: &Builder<'e, '_>) -> Result<Option<Sums>, CalculationError> {
        let plane = &builder.plane;
        let lines = match self.extent {
            Extent::Rows { .. } => plane.width(self.values.axes),
            Extent::Pivots { .. } | Extent::WholeRow => plane.height(self.values.axes),
        };
        let length = self.extent.length(builder);
        let mut sums = Vec::with_capacity(lines);
        for line in 0..lines {
            let begin = self.extent.begin(line);
            let mut summary = Summary::default();
            let mut so_far = Vec::with_capacity(length + 1);
            so_far.push(summary);
            for at in 0..length {
                builder.meter.step()?;
                summary.add(&self.values.get(builder, self.extent.along(begin, at)));
                so_far.push(summary);
            }
            if !summary.is_exact() {
                return Ok(None);
            }
            sums.push(so_far);
        }
        Ok(Some(Sums(sums)))
    }
}

impl<'e> Extent<'e> {
    /// Which places are listed for a place; none in a row or column of totals, and without a pivot across it.
    fn stretch(&self, builder: &Builder<'e, '_>, place: Place) -> Option<Stretch> {
        let plane = &builder.plane;
        let (here, start, count) = match self {
            Self::Rows { start, count } if !plane.is_total(place) => (place.row, start, count),
            Self::Pivots { start, count } if plane.is_pivoted && !plane.is_row_total(place) => {
                (place.pivot, start, count)
            }
            Self::WholeRow if plane.is_pivoted => return Some(Stretch { start: 0, count: plane.pivots }),
            _ => return None,
        };
        let start = start.integer(builder, place)?.saturating_add(i64::try_from(here).ok()?);
        let count = usize::try_from(count.integer(builder, place)?).ok()?;
        Some(Stretch { start, count })
    }

    /// How many places a line has.
    fn length(&self, builder: &Builder<'e, '_>) -> usize {
        match self {
            Self::Rows { .. } => builder.plane.rows,
            Self::Pivots { .. } | Self::WholeRow => builder.plane.pivots,
        }
    }

    /// Another place of the line that a place is in.
    fn along(&self, place: Place, at: usize) -> Place {
        match self {
            Self::Rows { .. } => Place { row: at, ..place },
            Self::Pivots { .. } | Self::WholeRow => Place { pivot: at, ..place },
        }
    }

    /// The first place of a line.
    fn begin(&self, line: usize) -> Place {
        match self {
            Self::Rows { .. } => Place { row: 0, pivot: line },
            Self::Pivots { .. } | Self::WholeRow => Place { row: line, pivot: 0 },
        }
    }

    /// The line that a place is in.
    fn line(&self, place: Place) -> usize {
        match self {
            Self::Rows { .. } => place.pivot,
            Self::Pivots { .. } | Self::WholeRow => place.row,
        }
    }
}

/// For each line the sums of its first values, from none to all of them.
pub(super) struct Sums(Vec<Vec<Summary>>);

impl Sums {
    /// The sum of the list in a place, if there is a list.
    pub(super) fn of<'e>(&self, extent: &Extent<'e>, builder: &Builder<'e, '_>, place: Place) -> Option<Summary> {
        let line = if self.0.len() == 1 { self.0.first() } else { self.0.get(extent.line(place)) }?;
        let Stretch { start, count } = extent.stretch(builder, place)?;
        let length = i64::try_from(line.len()).ok()? - 1;
        let end = start.saturating_add(i64::try_from(count).ok()?);
        let [start, end] = [start, end].map(|at| at.clamp(0, length) as usize);
        Some(line[end].without(&line[start]))
    }
}
