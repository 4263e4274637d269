//! Where the text of a value goes: each format quotes and escapes in its own way.

/// Whether a nested value holds a struct or a map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nesting {
    /// Lists alone.
    Lists,
    /// Objects somewhere.
    Objects,
}

/// The receiver of one value.
pub(crate) trait Sink {
    /// No value.
    fn null(&mut self);
    /// A JSON number.
    fn number(&mut self, text: &str);
    /// ASCII letters, digits, blanks, `-`, `:` and `.`: what no format needs to escape.
    fn word(&mut self, text: &[u8]);
    /// Any text.
    fn text(&mut self, text: &str);
    /// A list, struct or map, as JSON.
    fn nested(&mut self, json: &str, nesting: Nesting);
}

/// What becomes of numbers and nested values in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// As they are.
    Typed,
    /// As they are, but objects as strings: a reader that counts `value` members would trip over theirs.
    WithoutObjects,
    /// As strings: the value is a formatted text.
    Text,
}

/// A value of a JSON body.
pub(crate) struct JsonSink<'a> {
    pub(crate) out: &'a mut Vec<u8>,
    pub(crate) shape: Shape,
}

impl Sink for JsonSink<'_> {
    #[inline]
    fn null(&mut self) {
        self.out.extend_from_slice(b"null");
    }

    #[inline]
    fn number(&mut self, text: &str) {
        match self.shape {
            Shape::Typed | Shape::WithoutObjects => self.out.extend_from_slice(text.as_bytes()),
            Shape::Text => self.word(text.as_bytes()),
        }
    }

    #[inline]
    fn word(&mut self, text: &[u8]) {
        self.out.push(b'"');
        self.out.extend_from_slice(text);
        self.out.push(b'"');
    }

    #[inline]
    fn text(&mut self, text: &str) {
        belvedere_wire::write_string(text, self.out);
    }

    fn nested(&mut self, json: &str, nesting: Nesting) {
        match (self.shape, nesting) {
            (Shape::Typed, _) | (Shape::WithoutObjects, Nesting::Lists) => self.out.extend_from_slice(json.as_bytes()),
            (Shape::WithoutObjects, Nesting::Objects) | (Shape::Text, _) => self.text(json),
        }
    }
}

/// The plain text of a value: nothing for null.
pub(crate) struct PlainSink<'a>(pub(crate) &'a mut String);

impl Sink for PlainSink<'_> {
    fn null(&mut self) {}

    fn number(&mut self, text: &str) {
        self.0.push_str(text);
    }

    fn word(&mut self, text: &[u8]) {
        self.0.extend(text.iter().map(|&byte| char::from(byte)));
    }

    fn text(&mut self, text: &str) {
        self.0.push_str(text);
    }

    fn nested(&mut self, json: &str, _: Nesting) {
        self.0.push_str(json);
    }
}
