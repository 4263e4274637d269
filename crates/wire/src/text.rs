//! Strings as JSON text.

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
pub fn write_escaped(text: &str, out: &mut Vec<u8>) {
    let bytes = text.as_bytes();
    let mut clean = 0;
    for (index, &byte) in bytes.iter().enumerate() {
        let escape = ESCAPES[usize::from(byte)];
        if escape == 0 {
            continue;
        }
        out.extend_from_slice(&bytes[clean..index]);
        clean = index + 1;
        if escape == b'u' {
            let digits = [HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]];
            out.extend_from_slice(b"\\u00");
            out.extend_from_slice(&digits);
        } else {
            out.extend_from_slice(&[b'\\', escape]);
        }
    }
    out.extend_from_slice(&bytes[clean..]);
}

#[cfg(test)]
mod tests {
    use super::write_string;

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
    fn every_string_reads_back_as_it_was() {
        let text: String = (0..0x3000).filter_map(char::from_u32).collect();
        let back: String = serde_json::from_str(&json(&text)).expect("it is valid JSON");
        assert_eq!(back, text);
    }
}
