//! What stands in cells beside their values: `html` and `links`.
//!
//! Templates and the explore make it, of which this crate knows nothing: a [`Marker`] makes it, and sees the row.

use crate::cell::{CellValue, Cells, Scratch};
use crate::error::Error;
use crate::layout::{Column, Layout, Options};
use arrow_array::RecordBatch;
use std::fmt::Debug;
use std::sync::Arc;

/// Makes what stands in cells beside their values.
pub trait Marker: Debug + Send + Sync {
    /// The marks of the cell in the shown column with this index.
    fn mark(&self, column: usize, row: &mut MarkedRow<'_, '_>) -> Mark;
}

/// What stands in a cell beside its value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mark {
    /// `html`: the output of the field's `html` parameter.
    pub html: Option<String>,
    /// `links`: one complete JSON array.
    pub links: Option<Vec<u8>>,
}

/// Who makes the marks of a result, and what it reads for them.
#[derive(Debug, Clone)]
pub struct Markup {
    /// The columns that a [`MarkedRow`] has, shown or not.
    pub columns: Vec<Column>,
    /// Makes the marks.
    pub marker: Arc<dyn Marker>,
}

/// Whether a row is one of the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    /// It is.
    Data,
    /// It holds totals: its dimensions have no value.
    Totals,
}

/// A row as a [`Marker`] sees it: the columns of its [`Markup`].
pub struct MarkedRow<'m, 'b> {
    cells: &'m mut [Cells<'b>],
    scratch: &'m mut Scratch,
    row: usize,
    kind: RowKind,
}

impl Debug for MarkedRow<'_, '_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MarkedRow").field("row", &self.row).field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl MarkedRow<'_, '_> {
    /// Whether it is one of the data.
    pub fn kind(&self) -> RowKind {
        self.kind
    }

    /// The value of a column.
    pub fn value(&mut self, column: usize) -> CellValue {
        self.cells.get_mut(column).map_or(CellValue::Null, |cells| cells.value(self.row))
    }

    /// The formatted text of a column; `None` for null.
    pub fn rendered(&mut self, column: usize) -> Option<String> {
        self.cells.get_mut(column)?.rendered(self.row, self.scratch)
    }

    /// The filter expression that a column's value is told by; `None` where there is none.
    pub fn filter(&mut self, column: usize) -> Option<String> {
        self.cells.get_mut(column)?.filter(self.row, self.scratch)
    }
}

/// The marks of one batch.
pub(crate) struct Marks<'a> {
    marker: &'a dyn Marker,
    cells: Vec<Cells<'a>>,
    scratch: Scratch,
    kind: RowKind,
}

impl<'a> Marks<'a> {
    /// Opens the columns that the layout's markup reads; `None` when it has none.
    pub(crate) fn open(
        layout: &'a Layout,
        options: Options,
        batch: &'a RecordBatch,
        kind: RowKind,
    ) -> Result<Option<Self>, Error> {
        let Some(markup) = &layout.markup else { return Ok(None) };
        let cells = markup.columns.iter().map(|column| Cells::open(column, options, batch));
        let cells = cells.collect::<Result<_, _>>()?;
        Ok(Some(Self { marker: &*markup.marker, cells, scratch: Scratch::default(), kind }))
    }

    /// The marks of a cell.
    pub(crate) fn of(&mut self, column: usize, row: usize) -> Mark {
        let mut row = MarkedRow { cells: &mut self.cells, scratch: &mut self.scratch, row, kind: self.kind };
        self.marker.mark(column, &mut row)
    }
}
