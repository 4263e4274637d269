//! A tree as text: one line per parameter, element or closing brace.

use belvedere_lookml::syntax::{Document, Element, Items, Scalar, Value};
use std::fmt::Write;

/// Strings in quotes and with escapes as Rust writes them, barewords as they are, bodies behind `;;`.
pub(super) fn dump(document: &Document) -> String {
    let mut out = String::new();
    items(document.items(), 0, &mut out);
    out
}

fn items(items: Items<'_>, depth: usize, out: &mut String) {
    for item in items {
        let _ = write!(out, "{:1$}{2}", "", depth * 2, item.key());
        value(item.value(), depth, out);
    }
}

fn value(value: Value<'_>, depth: usize, out: &mut String) {
    match value {
        Value::Block(block) => {
            let name = block.name().map(|name| format!(" {}", scalar(name))).unwrap_or_default();
            let _ = writeln!(out, "{name} {{");
            items(block.items(), depth + 1, out);
            let _ = writeln!(out, "{:1$}}}", "", depth * 2);
        }
        Value::List(list) => {
            out.push_str(" [\n");
            for element in list.elements() {
                let _ = write!(out, "{:1$}", "", depth * 2 + 2);
                match element {
                    Element::Scalar(text) => {
                        let _ = writeln!(out, "{}", scalar(text));
                    }
                    Element::Pair(key, element) => {
                        let _ = write!(out, "{}:", scalar(key));
                        self::value(element, depth + 1, out);
                    }
                }
            }
            let _ = writeln!(out, "{:1$}]", "", depth * 2);
        }
        Value::Scalar(text) => {
            let _ = writeln!(out, " {}", scalar(text));
        }
        Value::Body(body) => {
            let _ = writeln!(out, " ;; {:?}", body.text());
        }
    }
}

fn scalar(scalar: Scalar<'_>) -> String {
    let text = scalar.text();
    if scalar.quoted() { format!("{text:?}") } else { text.into_owned() }
}
