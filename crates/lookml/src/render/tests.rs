use super::{Colour, Sources, render_json, render_text};
use crate::diagnostic::{Diagnostic, Location, Severity, Span};
use std::sync::Arc;

const ORDERS: &str = "view: orders {\n  dimension: id {}\n  set: detail {\n    fields: [status id]\n  }\n}\n";

fn sources(file: &str) -> Option<Arc<str>> {
    (file == "orders.view.lkml").then(|| ORDERS.into())
}

fn at(file: &str, part: &str) -> Location {
    let start = ORDERS.find(part).expect("the part stands in the text");
    let line = ORDERS[..start].matches('\n').count() as u32 + 1;
    Location { file: file.into(), span: Span::new(start as u32, (start + part.len()) as u32), line }
}

fn plain(diagnostics: &[Diagnostic]) -> String {
    let sources: Sources<'_> = &sources;
    render_text(diagnostics, sources, Colour::Plain)
}

#[test]
fn a_diagnostic_shows_its_line_with_carets_and_what_would_be_right() {
    let location = at("orders.view.lkml", "id]");
    let mistake = Diagnostic::new("missing-comma", Severity::Fatal, location, "a comma is missing").help("write one");
    assert_eq!(
        plain(&[mistake]),
        "error[missing-comma]: a comma is missing\n \
         --> orders.view.lkml:4:21\n  \
         |\n\
         4 |     fields: [status id]\n  \
         |                     ^^^\n  \
         = help: write one\n"
    );
}

#[test]
fn other_places_and_the_scope_follow() {
    let mut mistake = Diagnostic::new("twice", Severity::Warning, at("orders.view.lkml", "set"), "declared twice")
        .related(at("orders.view.lkml", "dimension: id"), "first here");
    mistake.model = Some("shop".into());
    mistake.field = Some("orders.id".into());
    assert_eq!(
        plain(&[mistake]),
        "warning[twice]: declared twice\n \
         --> orders.view.lkml:3:3\n  \
         |\n\
         3 |   set: detail {\n  \
         |   ^^^\n  \
         = in: model shop, field orders.id\n\
         note: first here\n \
         --> orders.view.lkml:2:3\n  \
         |\n\
         2 |   dimension: id {}\n  \
         |   -------------\n"
    );
}

#[test]
fn without_the_source_the_line_is_still_named() {
    let known = Diagnostic::new("a", Severity::Info, at("other.lkml", "set"), "first");
    let nowhere = Diagnostic::new("b", Severity::Error, Location::default(), "second");
    assert_eq!(plain(&[known, nowhere]), "info[a]: first\n --> other.lkml:3\n\nerror[b]: second\n");
}

#[test]
fn colours_only_add_escapes() {
    let mistake = Diagnostic::new("a", Severity::Error, at("orders.view.lkml", "set"), "x").help("y");
    let coloured = render_text(std::slice::from_ref(&mistake), &sources, Colour::Ansi);
    let mut bare = String::new();
    let mut rest = coloured.as_str();
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        bare.push_str(before);
        rest = after.split_once('m').expect("an escape ends with m").1;
    }
    bare.push_str(rest);
    assert!(coloured.contains("\u{1b}[1;31merror[a]\u{1b}[0m"));
    assert_eq!(bare, plain(&[mistake]));
}

#[test]
fn json_holds_every_part_and_null_for_what_is_unknown() {
    let mistake = Diagnostic::new("twice", Severity::Fatal, at("orders.view.lkml", "set"), "a \"b\"")
        .related(Location::default(), "elsewhere");
    let json: serde_json::Value = serde_json::from_slice(&render_json(&[mistake], &sources)).expect("it is JSON");
    assert_eq!(
        json,
        serde_json::json!([{
            "id": "twice", "severity": "fatal", "message": "a \"b\"",
            "file": "orders.view.lkml", "line": 3, "column": 3, "start": 36, "end": 39,
            "help": null, "model": null, "explore": null, "field": null,
            "related": [{
                "message": "elsewhere", "file": null, "line": null, "column": null, "start": null, "end": null,
            }],
        }])
    );
    assert_eq!(render_json(&[], &sources), b"[]");
}
