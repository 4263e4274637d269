//! `csv`: comma-separated values, each line ended by a line feed.

use super::{Frame, Style, write_quoted};

/// Cells are quoted only when they must be, and never changed: a spreadsheet may take a cell such as `=1+1` for a
/// formula, but the file holds the exact data.
pub(crate) struct Csv;

const LINE: Frame = Frame { open: "", between: ",", close: "\n" };

impl Style for Csv {
    const HEADER: Frame = LINE;
    const ROW: Frame = LINE;

    #[inline]
    fn write_text(text: &str, out: &mut Vec<u8>) {
        match belvedere_wire::find_byte(text.as_bytes(), [b',', b'"', b'\n', b'\r']) {
            None => out.extend_from_slice(text.as_bytes()),
            Some(_) => write_quoted(text, out),
        }
    }
}
