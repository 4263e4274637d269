//! A request as an operation sees it.

use bytes::Bytes;
use percent_encoding::percent_decode_str;

/// A request as an operation sees it: decoded, not yet understood.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Request {
    /// The values of the path parameters in the order of the template, each decoded.
    pub path: Vec<String>,
    /// The query string, decoded ([`pairs`]).
    pub query: Vec<(String, String)>,
    /// The header `Content-Type`.
    pub content_type: Option<String>,
    /// The body.
    pub body: Bytes,
}

/// Decodes a query string or a form: `+` is a blank, `%41` is `A`. What is no UTF-8 becomes the replacement letter.
pub fn pairs(encoded: &str) -> Vec<(String, String)> {
    let pairs = encoded.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(key), decode(value))
        })
        .collect()
}

fn decode(text: &str) -> String {
    let blanks = text.replace('+', " ");
    percent_decode_str(&blanks).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::pairs;

    #[test]
    fn a_query_string_is_decoded() {
        let decoded = pairs("a=1+2&b=%7B%22x%22%3A1%7D&&c&=d&e==&f=%zz&g=%ff");
        let expected =
            [("a", "1 2"), ("b", r#"{"x":1}"#), ("c", ""), ("", "d"), ("e", "="), ("f", "%zz"), ("g", "\u{fffd}")];
        assert_eq!(decoded, expected.map(|(key, value)| (key.to_owned(), value.to_owned())));
    }
}
