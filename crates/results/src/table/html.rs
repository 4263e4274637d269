//! `html`: a bare table.

use super::{Frame, Style, write_replaced};
use crate::header::HeaderCell;

/// One table with rows of header cells. The exact markup is unverified.
pub(crate) struct Html;

impl Style for Html {
    const BEFORE: &'static str = "<table>\n";
    const HEADER: Frame = Frame { open: "<tr><th>", between: "</th><th>", close: "</th></tr>\n" };
    const ROW: Frame = Frame { open: "<tr><td>", between: "</td><td>", close: "</td></tr>\n" };
    const AFTER: &'static str = "</table>\n";
    const HOLDS_HTML: bool = true;

    /// Cells under the same pivot values are merged.
    fn write_header(line: &[HeaderCell<'_>], out: &mut Vec<u8>) {
        out.extend_from_slice(b"<tr>");
        for cells in line.chunk_by(|one, next| one.group.is_some() && one.group == next.group) {
            match cells.len() {
                1 => out.extend_from_slice(b"<th>"),
                width => {
                    out.extend_from_slice(b"<th colspan=\"");
                    belvedere_wire::write_u64(width as u64, out);
                    out.extend_from_slice(b"\">");
                }
            }
            Self::write_text(cells[0].text, out);
            out.extend_from_slice(b"</th>");
        }
        out.extend_from_slice(b"</tr>\n");
    }

    #[inline]
    fn write_text(text: &str, out: &mut Vec<u8>) {
        write_replaced(text, [b'&', b'<', b'>', b'"', b'\''], replacement, out);
    }
}

/// What stands for a character that markup would take for its own.
pub(super) fn replacement(byte: u8) -> &'static str {
    match byte {
        b'&' => "&amp;",
        b'<' => "&lt;",
        b'>' => "&gt;",
        b'"' => "&quot;",
        _ => "&#39;",
    }
}
