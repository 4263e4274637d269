//! Characters, line ends and encodings.

use super::dump::dump;
use belvedere_lookml::diagnostic::Severity;
use belvedere_lookml::syntax::{Document, Parsed, TokenKind, parse, parse_bytes};
use std::sync::Arc;

fn read(text: &str) -> Arc<Document> {
    let parsed = parse(&"a.lkml".into(), text);
    assert_eq!(parsed.diagnostics, [], "{text:?}");
    parsed.document
}

fn read_bytes(bytes: &[u8]) -> Parsed {
    parse_bytes(&"a.lkml".into(), bytes)
}

#[test]
fn a_byte_order_mark_belongs_to_no_key() {
    let document = read("\u{feff}label: \"x\"");
    assert_eq!(dump(&document), "label \"x\"\n");
    assert_eq!(document.tokens().next().map(|(kind, _)| kind), Some(TokenKind::ByteOrderMark));
}

#[test]
fn every_line_end_is_a_blank_and_ends_a_comment() {
    for end in ["\n", "\r\n", "\r"] {
        let text = ["# c", "view: v { # c", "hidden: yes", "sql: a", "b ;;", "}", ""].join(end);
        let document = read(&text);
        let body = format!("a{end}b ");
        assert_eq!(dump(&document), format!("view v {{\n  hidden yes\n  sql ;; {body:?}\n}}\n"));
        let hidden = text.find("hidden").expect("it is there") as u32;
        assert_eq!(document.line_column(hidden), (3, 1), "{end:?}");
    }
}

#[test]
fn form_feeds_and_no_break_spaces_are_blanks() {
    let document = read("a:\u{a0}b\u{a0}\u{c}c\u{a0}:\u{c}[d,\u{a0}e]\u{a0}sql:\u{a0}f ;;");
    assert_eq!(dump(&document), "a b\nc [\n  d\n  e\n]\nsql ;; \"f \"\n");
}

#[test]
fn letters_that_begin_like_a_no_break_space_are_letters() {
    assert_eq!(dump(&read("a: ¡¿x§")), "a ¡¿x§\n");
}

#[test]
fn columns_count_characters() {
    let document = read("label: \"東京\" hidden: yes");
    let text = document.text();
    assert_eq!(document.line_column(text.find("hidden").expect("it is there") as u32), (1, 13));
    assert_eq!(document.line_column(0), (1, 1));
    assert_eq!(document.line_column(u32::MAX), (1, 24));
    let inside = text.find('京').expect("it is there") as u32 + 1;
    assert_eq!(document.line_column(inside), (1, 10), "an offset inside a character is that character");
}

#[test]
fn bytes_that_are_not_utf_8_are_reported_where_they_stand() {
    let parsed = read_bytes(b"label: \"x\"\nview: v { label: \"caf\xe9\" }\n");
    assert!(parsed.document.has_errors());
    let [mistake] = &*parsed.diagnostics else { panic!("one mistake expected: {:?}", parsed.diagnostics) };
    assert_eq!((mistake.id, mistake.severity, mistake.location.line), ("not-utf-8", Severity::Fatal, 2));
    assert_eq!(parsed.document.line_column(mistake.location.span.start), (2, 21 + 1));
    assert_eq!(parsed.document.items().count(), 0);
}

#[test]
fn utf_16_is_named() {
    let parsed = read_bytes(b"\xff\xfel\0a\0");
    assert_eq!(parsed.diagnostics[0].message, "the file is UTF-16, not UTF-8");
    assert!(parsed.document.has_errors());
}

#[test]
fn bytes_that_are_utf_8_are_read_as_text() {
    let parsed = read_bytes("label: \"é\"".as_bytes());
    assert_eq!((parsed.diagnostics.len(), dump(&parsed.document).as_str()), (0, "label \"é\"\n"));
}
