//! LookML of any kind: its tree gives it back, and a project of it resolves, validates and formats.

use super::{fuzz, texts};
use belvedere_lookml::format::format;
use belvedere_lookml::project::Project;
use belvedere_lookml::syntax;
use belvedere_lookml::yaml;

const PIECES: &[&str] = &[
    "view: a {",
    "view: +a {",
    "explore: a {",
    "explore: +a {",
    "join: b {",
    "dimension: x {",
    "dimension_group: t {",
    "measure: m {",
    "filter: f {",
    "parameter: p {",
    "set: s {",
    "derived_table: {",
    "explore_source: a {",
    "test: t {",
    "assert: x { expression: ${a.x} > 0 ;; }",
    "}",
    "}",
    "}",
    "extends: [a, b]",
    "fields: [x, -b.x, s*, ALL_FIELDS*]",
    "sql: ${x} + ${b.x} ;;",
    "sql: {% if a.x._in_query %} 1 {% endif %} ;;",
    "sql_on: ${a.x} = ${b.x} ;;",
    "type: count",
    "type: time",
    "type: tier",
    "type: period_over_period",
    "timeframes: [raw, date, minute15]",
    "tiers: [1, x, -2.5]",
    "filters: [x: \"1\", b.x: \"-NULL\"]",
    "label: \"@{C} é\"",
    "include: \"/**/*.view\"",
    "connection: \"db\"",
    "case: { when: { sql: ${x} ;; label: \"y\" } else: \"z\" }",
    "# comment",
    "drill_fields: [x, s*]",
    "link: { url: \"{{ x }}\" }",
    "access_grant: g { user_attribute: u allowed_values: [\"1\"] }",
    "required_access_grants: [g]",
];

/// A text as the model file of a project, and as a dashboard.
fn try_text(text: &str) {
    let parsed = syntax::parse(&"m.model.lkml".into(), text);
    let document = &parsed.document;
    let again: String = document.tokens().map(|(_, span)| &document.text()[span.range()]).collect();
    assert_eq!(again, text, "the tokens of the tree give the text back");
    for found in &parsed.diagnostics {
        assert!(document.text().get(found.location.span.range()).is_some(), "{found:?} has its place in the text");
    }
    if let Ok(formatted) = format(document) {
        let once_more = format(&syntax::parse(&"m.model.lkml".into(), formatted.as_str()).document);
        assert_eq!(once_more.as_deref(), Ok(formatted.as_str()), "what is formatted stays as it is");
    }
    let _ = yaml::parse(text);
    let files = [("m.model.lkml", text), ("d.dashboard.lookml", text), ("manifest.lkml", text)];
    let files = files.map(|(path, text)| (path.into(), text.into())).to_vec();
    let _ = Project::load("p", files).diagnostics();
}

#[test]
fn lookml_of_any_kind() {
    let corpus = [texts("crates/lookml/test_data", ".lkml"), texts("demo/thelook", ".lkml")].concat();
    fuzz(&corpus, PIECES, try_text);
}
