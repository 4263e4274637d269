//! One mistake must not hide the rest of a file.

use super::dump::dump;
use belvedere_lookml::syntax::{Parsed, parse};

fn read(text: &str) -> Parsed {
    parse(&"a.lkml".into(), text)
}

fn ids(parsed: &Parsed) -> Vec<&'static str> {
    parsed.diagnostics.iter().map(|mistake| mistake.id).collect()
}

/// Each of these, put between two good dimensions, is reported and leaves both in the tree.
#[test]
fn what_stands_before_and_behind_a_mistake_is_kept() {
    let mistakes = [
        "$",
        "word",
        "two words",
        "\"string\"",
        "a: b c",
        "type: string;",
        "hidden: yes ;;",
        "a: [b c]",
        "a: [b,, c]",
        "a: [b: ]",
        "a: [b",
        "a: ]",
        "a: ,",
        "label: \"open",
        "label: 'single'",
        "label 'single'",
        "dimension x { type: string }",
        "dimension: x y { type: string }",
        "dimension: \"x\" { type: string }",
        "{ a: b }",
        "a: { $ { b } }",
        "\u{0}",
        "label:",
    ];
    for mistake in mistakes {
        let text = format!(
            "view: v {{\n  dimension: before {{}}\n  {mistake}\n  dimension: after {{}}\n}}\nexplore: e {{}}\n"
        );
        let parsed = read(&text);
        assert!(parsed.document.has_errors(), "{mistake}");
        let tree = dump(&parsed.document);
        for kept in ["  dimension before {\n  }\n", "  dimension after {\n  }\n}\n", "explore e {\n}\n"] {
            assert!(tree.contains(kept), "{mistake}: {kept:?} is lost in\n{tree}");
        }
        assert!(parsed.diagnostics.len() <= 2, "{mistake}: {:?}", ids(&parsed));
    }
}

#[test]
fn blocks_nest_so_deep_and_no_deeper() {
    let nest = |depth: usize| format!("{}{}", "a: b { ".repeat(depth), "}".repeat(depth));
    let allowed = read(&nest(100));
    assert_eq!(ids(&allowed), [""; 0]);
    let refused = read(&format!("{} last: one", nest(101)));
    assert_eq!(ids(&refused), ["nested-too-deeply"]);
    assert_eq!(dump(&refused.document).matches('{').count(), 101);
    assert!(dump(&refused.document).ends_with("last one\n"));
}

#[test]
fn lists_nest_so_deep_and_no_deeper() {
    let nest = |depth: usize| format!("a: {}{}", "[b: ".repeat(depth), "]".repeat(depth));
    assert_eq!(ids(&read(&nest(101)))[..1], ["nested-too-deeply"]);
    assert!(dump(&read(&nest(100_000)).document).len() < 100_000);
}

#[test]
fn a_file_full_of_mistakes_tells_the_first_hundred() {
    let parsed = read(&"}".repeat(100_000));
    assert_eq!(parsed.diagnostics.len(), 101);
    assert_eq!(parsed.diagnostics.last().map(|mistake| mistake.id), Some("more-mistakes"));
    assert!(parsed.document.has_errors());
}

#[test]
fn warnings_do_not_crowd_out_the_mistake_that_counts() {
    let parsed = read(&format!("{} $", "a: b ".repeat(1_000)));
    assert!(parsed.document.has_errors());
    assert!(ids(&parsed).contains(&"unexpected-text"));
}
