//! Diagnostics as JSON.

use super::Sources;
use super::excerpt::Excerpt;
use crate::diagnostic::{Diagnostic, Location};
use belvedere_wire::{Object, write_string, write_u64};

/// All diagnostics as one JSON array of objects: `id`, `severity` (`fatal`, `error`, `warning`, `info`), `message`,
/// `file`, `line`, `column`, `start`, `end` (bytes), `help`, `model`, `explore`, `field`, and `related`, an array of
/// objects with `message` and a place of its own. What is unknown is null; `column` counts characters and needs the
/// source, a mistake without a file has no place.
pub fn render_json(diagnostics: &[Diagnostic], sources: Sources<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    array(diagnostics, &mut out, |diagnostic, out| write_diagnostic(diagnostic, sources, out));
    out
}

fn write_diagnostic(diagnostic: &Diagnostic, sources: Sources<'_>, out: &mut Vec<u8>) {
    let mut object = Object::open(out);
    write_string(diagnostic.id, object.key("id"));
    write_string(diagnostic.severity.as_str(), object.key("severity"));
    write_string(&diagnostic.message, object.key("message"));
    write_place(&diagnostic.location, sources, &mut object);
    write_optional(diagnostic.help.as_deref(), object.key("help"));
    write_optional(diagnostic.model.as_deref(), object.key("model"));
    write_optional(diagnostic.explore.as_deref(), object.key("explore"));
    write_optional(diagnostic.field.as_deref(), object.key("field"));
    array(&diagnostic.related, object.key("related"), |(location, note), out| {
        let mut object = Object::open(out);
        write_string(note, object.key("message"));
        write_place(location, sources, &mut object);
        object.close();
    });
    object.close();
}

fn write_place(location: &Location, sources: Sources<'_>, object: &mut Object<'_>) {
    let known = !location.file.is_empty();
    let source = if known { sources(&location.file) } else { None };
    let column = source.and_then(|text| Excerpt::new(&text, location.span)).map(|excerpt| excerpt.column as u64);
    let number = |value: u32| known.then_some(u64::from(value));
    write_optional(known.then_some(&*location.file), object.key("file"));
    write_number(number(location.line), object.key("line"));
    write_number(column, object.key("column"));
    write_number(number(location.span.start), object.key("start"));
    write_number(number(location.span.end), object.key("end"));
}

fn write_optional(text: Option<&str>, out: &mut Vec<u8>) {
    match text {
        Some(text) => write_string(text, out),
        None => out.extend_from_slice(b"null"),
    }
}

fn write_number(number: Option<u64>, out: &mut Vec<u8>) {
    match number {
        Some(number) => write_u64(number, out),
        None => out.extend_from_slice(b"null"),
    }
}

fn array<T>(items: &[T], out: &mut Vec<u8>, write: impl Fn(&T, &mut Vec<u8>)) {
    out.push(b'[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write(item, out);
    }
    out.push(b']');
}
