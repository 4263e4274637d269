//! `gsxml`: the table that `=IMPORTXML(address, "//tr")` of Google Sheets reads.

use super::html::{Html, replacement};
use super::{Frame, Style, write_replaced};
use std::borrow::Cow;

/// One XML document of rows and cells, each header cell with its own text: a sheet merges nothing. The exact markup is
/// unverified; that it is read by the path `//tr` is what Looker's formula for sheets says.
pub(crate) struct Gsxml;

impl Style for Gsxml {
    const BEFORE: &'static str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<table>\n";
    const HEADER: Frame = Html::HEADER;
    const ROW: Frame = Html::ROW;
    const AFTER: &'static str = Html::AFTER;

    #[inline]
    fn write_text(text: &str, out: &mut Vec<u8>) {
        let legal = if text.contains(is_foreign_to_xml) {
            Cow::Owned(text.replace(is_foreign_to_xml, "\u{fffd}"))
        } else {
            Cow::Borrowed(text)
        };
        // A bare carriage return would read back as a line feed.
        let special = |byte| if byte == b'\r' { "&#13;" } else { replacement(byte) };
        write_replaced(&legal, [b'&', b'<', b'>', b'"', b'\'', b'\r'], special, out);
    }
}

/// Characters that no XML 1.0 document may hold, escaped or not.
fn is_foreign_to_xml(character: char) -> bool {
    matches!(character, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}
