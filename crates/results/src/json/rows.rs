//! Row objects in a JSON array, with their keys written once and for all.

use crate::cell::Cells;
use crate::failure::RunError;
use crate::layout::Column;

/// What the members of a row are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keys {
    /// Field names.
    Names,
    /// Labels.
    Labels,
}

/// The rows of an array: places the commas.
pub(crate) struct Rows {
    /// For each column what stands before its value: brace or comma, key, colon.
    openings: Vec<Vec<u8>>,
    empty: bool,
}

impl Rows {
    pub(crate) fn new(columns: &[Column], keys: Keys) -> Self {
        let opening = |(index, column): (usize, &Column)| {
            let mut opening = vec![if index == 0 { b'{' } else { b',' }];
            let key = match keys {
                Keys::Names => &column.name,
                Keys::Labels => &column.label,
            };
            belvedere_wire::write_string(key, &mut opening);
            opening.push(b':');
            opening
        };
        Self { openings: columns.iter().enumerate().map(opening).collect(), empty: true }
    }

    /// Writes `count` rows; `write` is called for each cell in turn.
    #[inline]
    pub(crate) fn write(
        &mut self,
        count: usize,
        columns: &mut [Cells<'_>],
        out: &mut Vec<u8>,
        mut write: impl FnMut(&mut Cells<'_>, usize, &mut Vec<u8>),
    ) {
        for row in 0..count {
            self.separate(out);
            for (opening, cells) in self.openings.iter().zip(&mut *columns) {
                out.extend_from_slice(opening);
                write(cells, row, out);
            }
            out.extend_from_slice(if self.openings.is_empty() { b"{}" } else { b"}" });
        }
    }

    /// Writes the row that tells of an error.
    pub(crate) fn write_error(&mut self, error: &RunError, out: &mut Vec<u8>) {
        self.separate(out);
        error.write_row(out);
    }

    fn separate(&mut self, out: &mut Vec<u8>) {
        if !self.empty {
            out.push(b',');
        }
        self.empty = false;
    }
}
