//! Values as JSON text.

use belvedere_wire::{Object, write_f64, write_i64, write_string, write_value};
use indexmap::IndexMap;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

use crate::shape::Shape;
use crate::time;

/// A value that is part of an answer.
pub trait WriteJson {
    /// Writes the value; the shape says which properties its objects have.
    fn write(&self, out: &mut Vec<u8>, shape: &Shape);

    /// The whole value as JSON text.
    fn to_json(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.write(&mut out, &Shape::whole());
        out
    }
}

impl WriteJson for String {
    fn write(&self, out: &mut Vec<u8>, _: &Shape) {
        write_string(self, out);
    }
}

impl WriteJson for bool {
    fn write(&self, out: &mut Vec<u8>, _: &Shape) {
        out.extend_from_slice(if *self { b"true" } else { b"false" });
    }
}

impl WriteJson for i64 {
    fn write(&self, out: &mut Vec<u8>, _: &Shape) {
        write_i64(*self, out);
    }
}

impl WriteJson for f64 {
    fn write(&self, out: &mut Vec<u8>, _: &Shape) {
        write_f64(*self, out);
    }
}

impl WriteJson for Value {
    fn write(&self, out: &mut Vec<u8>, _: &Shape) {
        write_value(self, out);
    }
}

impl WriteJson for Timestamp {
    fn write(&self, out: &mut Vec<u8>, _: &Shape) {
        write_string(&time::text(*self), out);
    }
}

impl WriteJson for Date {
    fn write(&self, out: &mut Vec<u8>, _: &Shape) {
        write_string(&self.to_string(), out);
    }
}

impl<T: WriteJson> WriteJson for Option<T> {
    fn write(&self, out: &mut Vec<u8>, shape: &Shape) {
        match self {
            Some(value) => value.write(out, shape),
            None => out.extend_from_slice(b"null"),
        }
    }
}

impl<T: WriteJson> WriteJson for Vec<T> {
    fn write(&self, out: &mut Vec<u8>, shape: &Shape) {
        out.push(b'[');
        for (index, item) in self.iter().enumerate() {
            if index > 0 {
                out.push(b',');
            }
            item.write(out, shape);
        }
        out.push(b']');
    }
}

impl<T: WriteJson> WriteJson for IndexMap<String, T> {
    fn write(&self, out: &mut Vec<u8>, shape: &Shape) {
        let mut object = Object::open(out);
        for (key, value) in self {
            value.write(object.key(key), shape);
        }
        object.close();
    }
}
