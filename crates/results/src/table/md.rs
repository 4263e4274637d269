//! `md`: a Markdown table with pipes.

use super::{Frame, Style, write_replaced};

/// Cells cannot leave their place (`|`, line ends) and cannot become HTML (`<`, `&`). The exact markup is unverified.
pub(crate) struct Md;

const LINE: Frame = Frame { open: "| ", between: " | ", close: " |\n" };

impl Style for Md {
    const HEADER: Frame = LINE;
    const ROW: Frame = LINE;

    fn write_rule(columns: usize, out: &mut Vec<u8>) {
        out.push(b'|');
        for _ in 0..columns {
            out.extend_from_slice(b" --- |");
        }
        out.push(b'\n');
    }

    #[inline]
    fn write_text(text: &str, out: &mut Vec<u8>) {
        write_replaced(text, [b'|', b'\\', b'<', b'&', b'\n', b'\r'], replacement, out);
    }
}

fn replacement(byte: u8) -> &'static str {
    match byte {
        b'|' => "\\|",
        b'\\' => "\\\\",
        b'<' => "&lt;",
        b'&' => "&amp;",
        b'\n' => "<br>",
        _ => " ",
    }
}
