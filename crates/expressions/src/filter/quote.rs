//! Values as filter expressions.

use super::scan::is_blank;
use super::string::is_keyword;

/// Gives a filter on text that matches exactly this value, whatever characters it has.
///
/// Plain values stay as they are; others are written as `"..."`, like Looker's clients do. The result is one term:
/// several may be joined with commas, and a `-` before it excludes the value.
pub fn quote_string(value: &str) -> String {
    if is_plain(value) {
        return value.to_owned();
    }
    // A backslash before the closing quote would take the quote's meaning away, so it stands behind it.
    let quoted = value.trim_end_matches('\\');
    let mut text = String::with_capacity(value.len() + 8);
    text.push('"');
    text.push_str(&quoted.replace('"', "\\\""));
    text.push('"');
    for _ in quoted.len()..value.len() {
        text.push_str("^\\");
    }
    text
}

/// Whether a value means itself when it stands as a term without quotes.
fn is_plain(value: &str) -> bool {
    let bytes = value.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else {
        return false;
    };
    let has_meaning = |byte: &u8| matches!(byte, b'"' | b'\'' | b'%' | b'_' | b',' | b'^' | b'\\');
    !bytes.iter().any(has_meaning) && !is_blank(*first) && !is_blank(*last) && *first != b'-' && !is_keyword(value)
}
