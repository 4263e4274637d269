//! Strings as JSON text.

use crate::scan::find;

/// For each byte: 0 when it stands as it is, `u` when it needs a `\u00XX` escape, otherwise the letter after `\`.
const ESCAPES: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 0x20 {
        table[byte] = b'u';
        byte += 1;
    }
    table[b'\n' as usize] = b'n';
    table[b'\r' as usize] = b'r';
    table[b'\t' as usize] = b't';
    table[0x08] = b'b';
    table[0x0c] = b'f';
    table[b'"' as usize] = b'"';
    table[b'\\' as usize] = b'\\';
    table[b'&' as usize] = b'u';
    table[b'<' as usize] = b'u';
    table[b'>' as usize] = b'u';
    table
};

const HEX: &[u8; 16] = b"0123456789abcdef";

/// Writes `text` as a JSON string with its quotes.
pub fn write_string(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    write_escaped(text, out);
    out.push(b'"');
}

/// Writes the inside of a JSON string: `text` with its escapes, without the quotes.
#[inline]
pub fn write_escaped(text: &str, out: &mut Vec<u8>) {
    let mut rest = text.as_bytes();
    while let Some(at) = find(rest, needs_escape) {
        out.extend_from_slice(&rest[..at]);
        write_escape(rest[at], out);
        rest = &rest[at + 1..];
    }
    out.extend_from_slice(rest);
}

/// Whether [`ESCAPES`] has an entry for `byte`, as arithmetic that vectorizes.
#[inline]
#[expect(clippy::needless_bitwise_bool, reason = "branches would keep it from being vectorized")]
fn needs_escape(byte: u8) -> bool {
    // `<` and `>` differ in one bit.
    (byte < 0x20) | (byte == b'"') | (byte == b'\\') | (byte == b'&') | (byte | 2 == b'>')
}

#[cold]
fn write_escape(byte: u8, out: &mut Vec<u8>) {
    let escape = ESCAPES[usize::from(byte)];
    if escape == b'u' {
        let digits = [HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]];
        out.extend_from_slice(b"\\u00");
        out.extend_from_slice(&digits);
    } else {
        out.extend_from_slice(&[b'\\', escape]);
    }
}

#[cfg(test)]
mod tests {
    use super::{ESCAPES, needs_escape, write_string};

    fn json(text: &str) -> String {
        let mut out = Vec::new();
        write_string(text, &mut out);
        String::from_utf8(out).expect("JSON text is UTF-8")
    }

    #[test]
    fn html_characters_are_escaped_as_looker_does() {
        assert_eq!(json("a<b>&c"), r#""a\u003cb\u003e\u0026c""#);
    }

    #[test]
    fn control_characters_quotes_and_backslashes_are_escaped() {
        assert_eq!(json("\"\\\n\r\t\u{8}\u{c}\u{1}\u{1f}"), r#""\"\\\n\r\t\b\f\u0001\u001f""#);
    }

    #[test]
    fn letters_beyond_ascii_stand_as_they_are() {
        assert_eq!(json("Zürich — 東京"), "\"Zürich — 東京\"");
    }

    #[test]
    fn the_scan_and_the_table_agree_on_what_is_escaped() {
        for byte in 0..=u8::MAX {
            assert_eq!(needs_escape(byte), ESCAPES[usize::from(byte)] != 0, "{byte}");
        }
    }

    #[test]
    fn an_escape_is_found_behind_any_run_of_plain_text() {
        for run in 0..40 {
            let plain = "x".repeat(run);
            let escaped = format!("\"{plain}\\u0026{plain}\\u0026\\u0026\"");
            assert_eq!(json(&format!("{plain}&{plain}&&")), escaped);
        }
    }

    #[test]
    fn every_string_reads_back_as_it_was() {
        let text: String = (0..0x3000).filter_map(char::from_u32).collect();
        let back: String = serde_json::from_str(&json(&text)).expect("it is valid JSON");
        assert_eq!(back, text);
    }
}
