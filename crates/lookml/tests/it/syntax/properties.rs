//! What holds for any text, however broken.

use belvedere_lookml::diagnostic::Span;
use belvedere_lookml::render::{Colour, render_json, render_text};
use belvedere_lookml::syntax::{Document, Element, Items, Parsed, Value, lkml, parse, parse_bytes};
use proptest::prelude::*;
use std::fmt::Write;
use std::sync::Arc;

/// Pieces that mean something to the reader, to be put together in any order.
const PIECES: [&str; 43] = [
    "view",
    "dimension",
    "sql",
    "html",
    "label",
    "fields",
    "filters",
    "sql_on",
    "x",
    "+y",
    "-",
    "- z",
    ":",
    "::",
    "{",
    "}",
    "[",
    "]",
    ",",
    ";",
    ";;",
    "\"",
    "\\\"",
    "\\",
    "'",
    "\"s\"",
    "\"a\nlabel: \"",
    " ",
    "  ",
    "\n",
    "\r\n",
    "\r",
    "\t",
    "#",
    "# c\n",
    "\u{a0}",
    "\u{feff}",
    "\0",
    "é",
    "東",
    "${TABLE}",
    "@{X}",
    "@",
];

const GOOD: &str = include_str!("../../../test_data/ok/blocks.lkml");

fn read(text: &str) -> Parsed {
    parse(&"a.lkml".into(), text)
}

/// Everything that can be asked about a tree is asked; nothing may panic.
fn check(text: &str) {
    let parsed = read(text);
    let document = &parsed.document;
    assert_eq!(document.tokens().map(|(_, span)| &text[span.range()]).collect::<String>(), text);
    let mut end = 0;
    for (_, span) in document.tokens() {
        assert!(span.start == end && span.end > span.start);
        end = span.end;
    }
    items(document, document.items(), Span::new(0, text.len() as u32));
    let source: Arc<str> = text.into();
    let sources = |_: &str| Some(Arc::clone(&source));
    for mistake in &parsed.diagnostics {
        assert!(text.get(mistake.location.span.range()).is_some(), "{mistake:?}");
        assert_eq!(document.line_column(mistake.location.span.start).0, mistake.location.line);
    }
    let rendered = render_text(&parsed.diagnostics, &sources, Colour::Ansi);
    assert_eq!(rendered.is_empty(), parsed.diagnostics.is_empty());
    serde_json::from_slice::<serde_json::Value>(&render_json(&parsed.diagnostics, &sources)).expect("it is JSON");
    match lkml::to_lkml_json(&parsed) {
        Ok(json) => assert!(serde_json::from_slice::<serde_json::Value>(&json).expect("it is JSON").is_object()),
        Err(_) => assert!(document.has_errors()),
    }
}

/// Children stand inside their parents, one behind the other, and spans cut the text at characters.
fn items(document: &Document, items: Items<'_>, within: Span) {
    let mut behind = within.start;
    for item in items {
        let span = item.span();
        assert!(behind <= span.start && span.end <= within.end, "{item:?}");
        assert!(!item.key().is_empty());
        behind = span.end;
        value(document, item.value(), span);
        let _ = item.location();
    }
}

fn value(document: &Document, value: Value<'_>, within: Span) {
    let span = value.span();
    assert!(within.start <= span.start && span.end <= within.end, "{value:?}");
    match value {
        Value::Block(block) => {
            assert!(block.name().is_none_or(|name| name.quoted() || !name.text().is_empty()));
            items(document, block.items(), span);
        }
        Value::List(list) => {
            for element in list.elements() {
                let inner = element.span();
                assert!(span.start < inner.start && inner.end <= span.end);
                match element {
                    Element::Scalar(scalar) => assert!(scalar.text().len() <= scalar.source().len()),
                    Element::Pair(key, pair) => {
                        assert!(!key.source().is_empty() || key.quoted());
                        self::value(document, pair, inner);
                    }
                }
            }
        }
        Value::Scalar(scalar) => assert!(scalar.text().len() <= scalar.source().len()),
        Value::Body(body) => assert!(!body.text().contains(";;")),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases.max(2_000), ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_and_given_back(text in ".*") {
        check(&text);
    }

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let parsed = parse_bytes(&"a.lkml".into(), &bytes);
        prop_assert_eq!(std::str::from_utf8(&bytes).is_err(), parsed.diagnostics.iter().any(|mistake| mistake.id == "not-utf-8"));
    }

    #[test]
    fn any_order_of_tokens_is_read_and_given_back(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..80)) {
        check(&pieces.concat());
    }

    #[test]
    fn a_good_file_with_pieces_put_in_and_cut_out_is_read_and_given_back(
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0..12_usize, prop::sample::select(&PIECES[..])), 1..6),
    ) {
        let mut text: Vec<char> = GOOD.chars().collect();
        for (place, cut, piece) in edits {
            let start = place.index(text.len() + 1);
            let end = (start + cut).min(text.len());
            text.splice(start..end, piece.chars());
        }
        check(&text.into_iter().collect::<String>());
    }
}

#[test]
fn a_block_of_many_different_keys_becomes_a_dictionary_in_one_pass() {
    let mut text = String::new();
    for number in 0..200_000 {
        let _ = writeln!(text, "key_{number}: {number}");
    }
    let json = lkml::to_lkml_json(&read(&text)).expect("the file counts");
    let json: serde_json::Value = serde_json::from_slice(&json).expect("it is JSON");
    assert_eq!(json.as_object().map(serde_json::Map::len), Some(200_000));
}
