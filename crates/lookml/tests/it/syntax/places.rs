//! Where things stand.

use belvedere_lookml::diagnostic::Span;
use belvedere_lookml::syntax::{Element, Item, TokenKind, Value, parse};

const TEXT: &str =
    "view: +orders {\n  label: \"a \\\"b\\\"\"\n  sql:  x y ;;\n  fields: [a, \"b\", c: \"d\", e: [f]]\n}\n";

fn with_items<T>(test: impl Fn(&[Item<'_>], Item<'_>) -> T) -> T {
    let parsed = parse(&"views/a.view.lkml".into(), TEXT);
    assert_eq!(parsed.diagnostics, []);
    let view = parsed.document.items().next().expect("a view");
    let items: Vec<_> = view.block().expect("a block").items().collect();
    test(&items, view)
}

fn source(span: Span) -> &'static str {
    &TEXT[span.range()]
}

#[test]
fn a_block_spans_its_braces_and_its_item_all_of_it() {
    with_items(|_, view| {
        let block = view.block().expect("a block");
        assert_eq!(source(view.key_span()), "view");
        assert_eq!(source(view.head_span()), "view: +orders");
        assert_eq!(source(view.span()), TEXT.trim_end());
        assert_eq!(source(block.span()), &TEXT["view: +orders ".len()..TEXT.len() - 1]);
        let name = block.name().expect("a name");
        assert_eq!((source(name.span()), &*name.text()), ("+orders", "+orders"));
    });
}

#[test]
fn strings_and_bodies_span_what_is_written() {
    with_items(|items, _| {
        let label = items[0].scalar().expect("a scalar");
        assert_eq!(source(label.span()), "\"a \\\"b\\\"\"");
        assert_eq!((label.source(), &*label.text(), label.quoted()), ("a \\\"b\\\"", "a \"b\"", true));
        assert_eq!(source(items[1].span()), "sql:  x y ;;");
        let body = items[1].body().expect("a body");
        assert_eq!((source(body.span()), body.text()), ("x y ", "x y "));
    });
}

#[test]
fn elements_span_themselves_and_lists_their_brackets() {
    with_items(|items, _| {
        let list = items[2].list().expect("a list");
        assert_eq!(source(list.span()), "[a, \"b\", c: \"d\", e: [f]]");
        let elements: Vec<_> = list.elements().collect();
        let spans: Vec<_> = elements.iter().map(|element| source(element.span())).collect();
        assert_eq!(spans, ["a", "\"b\"", "c: \"d\"", "e: [f]"]);
        let Element::Pair(key, Value::List(inner)) = elements[3] else { panic!("a pair with a list expected") };
        assert_eq!((&*key.text(), key.quoted(), inner.elements().count()), ("e", false, 1));
    });
}

#[test]
fn an_unclosed_list_spans_the_lists_inside_it() {
    let parsed = parse(&"a.lkml".into(), "view: v { fields: [a: [b] }");
    let view = parsed.document.items().next().and_then(|view| view.block()).expect("a view");
    let list = view.items().next().and_then(|item| item.list()).expect("a list");
    assert_eq!(&parsed.document.text()[list.span().range()], "[a: [b]");
}

#[test]
fn a_location_names_the_file_the_line_and_the_head() {
    with_items(|items, view| {
        let location = items[2].location();
        assert_eq!((&*location.file, location.line), ("views/a.view.lkml", 4));
        assert_eq!(location.span, items[2].span());
        assert_eq!(source(view.location().span), "view: +orders");
    });
}

#[test]
fn only_the_asked_kind_of_value_is_given() {
    with_items(|items, view| {
        assert!(view.block().is_some() && view.scalar().is_none() && view.list().is_none() && view.body().is_none());
        assert!(items[0].block().is_none() && items[1].scalar().is_none() && items[2].body().is_none());
    });
}

#[test]
fn tokens_name_every_part() {
    let parsed = parse(&"a.lkml".into(), "a: [b,\"c\"]# d\nsql: e ;;");
    let tokens: Vec<_> =
        parsed.document.tokens().map(|(kind, span)| (kind, &parsed.document.text()[span.range()])).collect();
    assert_eq!(
        tokens,
        [
            (TokenKind::Word, "a"),
            (TokenKind::Colon, ":"),
            (TokenKind::Whitespace, " "),
            (TokenKind::OpenBracket, "["),
            (TokenKind::Word, "b"),
            (TokenKind::Comma, ","),
            (TokenKind::String, "\"c\""),
            (TokenKind::CloseBracket, "]"),
            (TokenKind::Comment, "# d"),
            (TokenKind::Whitespace, "\n"),
            (TokenKind::Word, "sql"),
            (TokenKind::Colon, ":"),
            (TokenKind::Whitespace, " "),
            (TokenKind::Body, "e "),
            (TokenKind::DoubleSemicolon, ";;"),
        ]
    );
}

#[test]
fn a_document_is_shared_between_threads() {
    let parsed = parse(&"a.lkml".into(), "view: v {\n  label: \"x\"\n}");
    let document = std::sync::Arc::clone(&parsed.document);
    let line = std::thread::spawn(move || document.line(14)).join().expect("the thread ends well");
    assert_eq!((line, parsed.document.line(14)), (2, 2));
}
