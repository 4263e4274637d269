//! `html`: a bare table.

use super::{Frame, Style, write_replaced};

/// One table with a row of header cells. The exact markup is unverified.
pub(crate) struct Html;

impl Style for Html {
    const BEFORE: &'static str = "<table>\n";
    const HEADER: Frame = Frame { open: "<tr><th>", between: "</th><th>", close: "</th></tr>\n" };
    const ROW: Frame = Frame { open: "<tr><td>", between: "</td><td>", close: "</td></tr>\n" };
    const AFTER: &'static str = "</table>\n";

    #[inline]
    fn write_text(text: &str, out: &mut Vec<u8>) {
        write_replaced(text, [b'&', b'<', b'>', b'"', b'\''], replacement, out);
    }
}

fn replacement(byte: u8) -> &'static str {
    match byte {
        b'&' => "&amp;",
        b'<' => "&lt;",
        b'>' => "&gt;",
        b'"' => "&quot;",
        _ => "&#39;",
    }
}
