//! The one writer of JSON text, with the escapes and number forms that the wire wants.
//!
//! Looker escapes `&`, `<` and `>` inside strings so that a body can stand inside an HTML page, writes keys in the
//! order of the document and leaves no blank between tokens. API objects and query results share this writer.

mod number;
mod scan;
mod text;

pub use number::{write_f64, write_i64, write_u64};
pub use scan::find_byte;
pub use text::{write_escaped, write_string};

use serde_json::Value;

/// Writes a JSON tree as compact text, keys in their order.
pub fn write_value(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
        Value::Number(number) => out.extend_from_slice(number.to_string().as_bytes()),
        Value::String(text) => write_string(text, out),
        Value::Array(items) => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                write_value(item, out);
            }
            out.push(b']');
        }
        Value::Object(entries) => {
            let mut object = Object::open(out);
            for (key, entry) in entries {
                write_value(entry, object.key(key));
            }
            object.close();
        }
    }
}

/// A JSON object being written: places the commas.
///
/// ```
/// let mut out = Vec::new();
/// let mut object = belvedere_wire::Object::open(&mut out);
/// belvedere_wire::write_string("a & b", object.key("title"));
/// belvedere_wire::write_i64(7, object.key("rank"));
/// object.close();
/// assert_eq!(out, br#"{"title":"a \u0026 b","rank":7}"#);
/// ```
#[derive(Debug)]
pub struct Object<'a> {
    out: &'a mut Vec<u8>,
    empty: bool,
}

impl<'a> Object<'a> {
    /// Opens the object with its brace.
    pub fn open(out: &'a mut Vec<u8>) -> Self {
        out.push(b'{');
        Self { out, empty: true }
    }

    /// Writes a key and gives the place where its value goes; exactly one value must follow.
    pub fn key(&mut self, key: &str) -> &mut Vec<u8> {
        if !self.empty {
            self.out.push(b',');
        }
        self.empty = false;
        write_string(key, self.out);
        self.out.push(b':');
        self.out
    }

    /// Closes the object with its brace.
    pub fn close(self) {
        self.out.push(b'}');
    }
}
