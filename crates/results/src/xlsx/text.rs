//! Text in the XML of a workbook.

/// Most UTF-16 units that a cell holds.
const LONGEST: usize = 32_767;

/// Writes the text of a cell: escaped, control characters as `_x0007_`, and what is longer than a cell holds cut, with
/// a `…` at its end.
pub(super) fn write_cell(text: &str, out: &mut String) {
    let (text, cut) = fitting(text);
    let mut rest = text;
    while let Some(at) = rest.find(|character: char| replacement(character).is_some() || character == '_') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let Some(character) = from.chars().next() else { break };
        match replacement(character) {
            Some(replacement) => replacement.write(character, out),
            // What reads like one of the escapes must not be taken for one.
            None if is_escape(from) => out.push_str("_x005F_"),
            None => out.push('_'),
        }
        rest = &from[character.len_utf8()..];
    }
    out.push_str(rest);
    if cut {
        out.push('…');
    }
}

/// Writes the text of an attribute.
pub(super) fn write_attribute(text: &str, out: &mut String) {
    for character in text.chars() {
        match replacement(character) {
            Some(Replacement::Entity(entity)) => out.push_str(entity),
            Some(Replacement::Code) => {}
            None => out.push(character),
        }
    }
}

/// The part of a text that fits into a cell, and whether more follows.
fn fitting(text: &str) -> (&str, bool) {
    if text.len() <= LONGEST {
        return (text, false);
    }
    let mut units = 0;
    let mut end = 0;
    for (at, character) in text.char_indices() {
        units += character.len_utf16();
        if units > LONGEST {
            return (&text[..end], true);
        }
        if units < LONGEST {
            end = at + character.len_utf8();
        }
    }
    (text, false)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Replacement {
    Entity(&'static str),
    /// XML has no place for the character.
    Code,
}

impl Replacement {
    fn write(self, character: char, out: &mut String) {
        match self {
            Self::Entity(entity) => out.push_str(entity),
            Self::Code => {
                use std::fmt::Write as _;
                // Writing to a string cannot fail.
                let _ = write!(out, "_x{:04X}_", u32::from(character));
            }
        }
    }
}

fn replacement(character: char) -> Option<Replacement> {
    match character {
        '&' => Some(Replacement::Entity("&amp;")),
        '<' => Some(Replacement::Entity("&lt;")),
        '>' => Some(Replacement::Entity("&gt;")),
        '"' => Some(Replacement::Entity("&quot;")),
        '\t' | '\n' => None,
        // A bare carriage return would read back as a line feed.
        '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => Some(Replacement::Code),
        _ => None,
    }
}

/// `_x` with four hexadecimal digits and `_`.
fn is_escape(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 7
        && bytes[0] == b'_'
        && bytes[1] == b'x'
        && bytes[2..6].iter().all(u8::is_ascii_hexdigit)
        && bytes[6] == b'_'
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, write_cell};

    fn written(text: &str) -> String {
        let mut out = String::new();
        write_cell(text, &mut out);
        out
    }

    #[test]
    fn what_xml_cannot_hold_is_escaped() {
        for (text, expected) in [
            ("a<b>&\"c\"", "a&lt;b&gt;&amp;&quot;c&quot;"),
            ("bell\u{7}\r\n", "bell_x0007__x000D_\n"),
            ("_x0041_", "_x005F_x0041_"),
            ("a_x_b_", "a_x_b_"),
            ("日本_", "日本_"),
            ("\u{ffff}", "_xFFFF_"),
        ] {
            assert_eq!(written(text), expected);
        }
    }

    #[test]
    fn a_text_that_is_too_long_is_cut_and_says_so() {
        let whole = "é".repeat(LONGEST);
        assert_eq!(written(&whole), whole);
        let cut = written(&format!("{whole}x"));
        assert_eq!(cut.chars().count(), LONGEST);
        assert!(cut.ends_with("é…"));
        let pairs = written(&"🦀".repeat(20_000));
        assert!(pairs.encode_utf16().count() <= LONGEST && pairs.ends_with('…'));
    }
}
