//! `txt`: values separated by tabs, each line ended by a line feed.

use super::{Frame, Style, write_quoted};

/// Cells with a tab, a quote or a line end are quoted as in csv.
pub(crate) struct Txt;

const LINE: Frame = Frame { open: "", between: "\t", close: "\n" };

impl Style for Txt {
    const HEADER: Frame = LINE;
    const ROW: Frame = LINE;

    #[inline]
    fn write_text(text: &str, out: &mut Vec<u8>) {
        match belvedere_wire::find_byte(text.as_bytes(), [b'\t', b'"', b'\n', b'\r']) {
            None => out.extend_from_slice(text.as_bytes()),
            Some(_) => write_quoted(text, out),
        }
    }
}
