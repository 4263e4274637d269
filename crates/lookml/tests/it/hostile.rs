//! Projects that nobody would write: they cost no more than their size, and nothing panics.

use belvedere_lookml::format::format;
use belvedere_lookml::project::Project;
use belvedere_lookml::syntax;
use proptest::prelude::*;
use std::fmt::Write;

fn load(text: &str) -> Project {
    let model = format!("connection: \"db\"\n{text}");
    Project::load("p", vec![("m.model.lkml".into(), model.into())])
}

/// Ids of everything that is wrong, each with how often.
fn mistakes(project: &Project) -> Vec<(&'static str, usize)> {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for mistake in project.diagnostics() {
        match counts.iter_mut().find(|(id, _)| *id == mistake.id) {
            Some((_, count)) => *count += 1,
            None => counts.push((mistake.id, 1)),
        }
    }
    counts.sort_unstable();
    counts
}

fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).fold(String::new(), |mut text, number| {
        let _ = writeln!(text, "{}", line(number));
        text
    })
}

#[test]
fn a_long_row_of_extends_ends() {
    let views = lines(5_000, |n| format!("view: v{n} {{ extends: [v{}] dimension: d{n} {{}} }}", n + 1));
    let project = load(&format!("explore: v0 {{}} view: v5000 {{}}\n{views}"));
    assert_eq!(project.model("m").unwrap().explore("v0").unwrap().errors, []);
    assert!(mistakes(&project).iter().all(|(id, _)| *id == "extends-too-deep"));
}

#[test]
fn a_long_row_of_fields_needs_no_deep_stack() {
    let fields = lines(20_000, |n| format!("dimension: d{n} {{ sql: ${{d{}}} ;; }}", (n + 1) % 20_000));
    let project = load(&format!("explore: v {{}} view: v {{\n{fields}}}"));
    assert_eq!(mistakes(&project), [("circular-reference", 1)]);
}

#[test]
fn a_long_row_of_sets_needs_no_deep_stack() {
    let own = lines(3_000, |n| format!("set: s{n} {{ fields: [s{}*] }}", n + 1));
    let crossing = lines(3_000, |n| format!("set: c{n} {{ fields: [w.c{n}*] }}"));
    let back = lines(3_000, |n| format!("set: c{n} {{ fields: [v.c{}*] }}", n + 1));
    let project = load(&format!(
        "explore: v {{ join: w {{ relationship: one_to_one sql_on: 1=1 ;; }} }}\n\
         view: v {{ set: s3000 {{ fields: [d] }} set: c3000 {{ fields: [d] }} dimension: d {{}}\n{own}{crossing}}}\n\
         view: w {{\n{back}}}"
    ));
    assert_eq!(mistakes(&project), []);
    let explore = project.model("m").unwrap().explore("v").unwrap();
    let (_, first) = explore.sets.iter().find(|(name, _)| name == "v.s0").unwrap();
    assert_eq!(first.iter().map(|name| &**name).collect::<Vec<_>>(), ["v.d"]);
}

#[test]
fn many_mistakes_are_all_told() {
    let fields = lines(10_000, |n| format!("dimension: d{n} {{ sql: ${{x{n}}} ;; lable: \"x\" }}"));
    let project = load(&format!("explore: v {{}} view: v {{\n{fields}}}"));
    assert_eq!(mistakes(&project), [("unknown-field", 10_000), ("unknown-parameter", 10_000)]);
}

#[test]
fn files_that_include_each_other_are_read_once() {
    let files = (0..2_000).map(|n| {
        let text = format!("include: \"{}.view\"\ninclude: \"/**/*.view\"\nview: v{n} {{}}\n", (n + 1) % 2_000);
        (format!("{n}.view.lkml").into(), text.into())
    });
    let model = ("m.model.lkml".into(), "connection: \"db\"\ninclude: \"0.view\"\n".into());
    let project = Project::load("p", files.chain([model]).collect());
    assert_eq!(project.model("m").unwrap().view_names().count(), 2_000);
    assert_eq!(mistakes(&project), []);
}

/// Pieces of LookML that mean something together more often than letters do.
const PIECES: &[&str] = &[
    "view: a {",
    "view: +a {",
    "explore: a {",
    "explore: +b {",
    "join: b {",
    "dimension: x {",
    "dimension_group: t {",
    "measure: m {",
    "set: s {",
    "derived_table: {",
    "explore_source: a {",
    "column: x {",
    "parameter: p {",
    "filter: f {",
    "}",
    "}",
    "}",
    "}",
    "extends: [a, b]",
    "extends: b",
    "fields: [x, -b.x, s*, ALL_FIELDS*, EXTENDED*, b.s*]",
    "sql: ${x} + ${b.x} ;;",
    "sql: ${EXTENDED} ;;",
    "sql_on: ${a.x} = ${b.x} ;;",
    "type: count",
    "type: tier",
    "type: yesno",
    "type: duration",
    "type: sum",
    "timeframes: [raw, date, yesno, minute15]",
    "intervals: [day]",
    "tiers: [1, x, -2.5]",
    "filters: [x: \"1\", b.x: \"2\"]",
    "filters: { field: x value: \"1\" }",
    "label: \"@{C} é\"",
    "view_name: b",
    "from: a",
    "relationship: many_to_one",
    "required_joins: [a, b]",
    "primary_key: yes",
    "hidden: yes",
    "final: yes",
    "extension: required",
    "include: \"*\"",
    "include: \"//x/**/[a\"",
    "always_filter: { filters: [x: \"\"] }",
    "access_filter: { field: a.x user_attribute: u }",
    "drill_fields: [s*, m]",
    "value_format_name: usd",
    "label: \"\"",
    "required_access_grants: [g]",
    "access_grant: g { user_attribute: u allowed_values: [\"1\"] }",
    "set: [x]",
    "\"",
    "[",
    ";;",
    "constant: C { value: \"@{C}\" }",
    "case: { when: { sql: ${m} ;; label: \"l\" } else: \"e\" }",
    "alias: [y]",
    "#",
    "\n",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_text_makes_a_project_panic(
        first in prop::collection::vec(prop::sample::select(PIECES), 0..60),
        second in prop::collection::vec(prop::sample::select(PIECES), 0..30),
        manifest in prop::collection::vec(prop::sample::select(PIECES), 0..6),
    ) {
        let files = |first: &[&str]| vec![
            ("m.model.lkml".into(), format!("connection: \"c\" include: \"*.lkml\" {}", first.join(" ")).into()),
            ("v.view.lkml".into(), second.join(" ").into()),
            ("manifest.lkml".into(), manifest.join(" ").into()),
        ];
        let project = Project::load("p", files(&first));
        let found = project.diagnostics();
        prop_assert!(found.is_sorted_by_key(|mistake| mistake.location.file.clone()));
        for explore in project.models().flat_map(|model| model.explores()) {
            prop_assert!(!explore.views.is_empty());
            for (name, view, field) in explore.fields() {
                prop_assert!(explore.field(&name).is_some());
                explore.drill_fields(view, field);
            }
        }
        let updated = project.update(files(&first[first.len() / 2..]));
        let fresh = Project::load("p", files(&first[first.len() / 2..]));
        prop_assert_eq!(updated.diagnostics(), fresh.diagnostics());
    }
}

/// Pieces of templates, to be put together in any order.
const LIQUID: &[&str] = &[
    "{{",
    "}}",
    "{%",
    "%}",
    "{%-",
    "-%}",
    " if ",
    " endif ",
    " for x in y ",
    " endfor ",
    " raw ",
    " endraw ",
    " comment ",
    " endcomment ",
    " assign a = ",
    " condition a.b ",
    " endcondition ",
    " parameter p ",
    " case a ",
    " when 'x' ",
    " else ",
    " elsif ",
    " capture c ",
    "value",
    "a.b._value",
    "'",
    "\"",
    "|",
    " upcase",
    ":",
    "[",
    "]",
    "é",
    "1.5",
    "-",
];

/// Pieces of YAML, to be put together in any order.
const YAML: &[&str] = &[
    "- dashboard: a\n",
    "  elements:\n",
    "  - name: b\n",
    "    fields: [x.y]\n",
    "    listen:\n",
    "      F: x.y\n",
    "- ",
    "  ",
    ": ",
    "\n",
    "[",
    "]",
    "{",
    "}",
    "&a ",
    "*a",
    "<<: *a\n",
    "'",
    "\"",
    "|\n",
    ">\n",
    "#",
    "!tag ",
    "---\n",
    "\t",
    "é",
    "filters:\n",
    "extends: a\n",
    "@{C}",
    "~",
    "?",
    "%",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases.max(1_000), ..ProptestConfig::default() })]

    #[test]
    fn no_template_makes_a_check_panic(pieces in prop::collection::vec(prop::sample::select(LIQUID), 0..40)) {
        let text = pieces.concat();
        let view = format!("view: a {{ dimension: b {{ sql: {text} ;; html: {text} ;; }} }} explore: a {{}}");
        let project = Project::load("p", vec![("m.model.lkml".into(), format!("connection: \"c\" {view}").into())]);
        for found in project.diagnostics() {
            let file = project.file(&found.location.file).unwrap();
            prop_assert!(file.document.text().get(found.location.span.range()).is_some());
        }
    }

    #[test]
    fn no_yaml_makes_a_check_panic(pieces in prop::collection::vec(prop::sample::select(YAML), 0..60)) {
        let files = vec![
            ("m.model.lkml".into(), "connection: \"c\" include: \"*\" explore: x {} view: x { dimension: y {} }".into()),
            ("d.dashboard.lookml".into(), pieces.concat().into()),
        ];
        let project = Project::load("p", files);
        for found in project.diagnostics() {
            let file = project.file(&found.location.file).unwrap();
            prop_assert!(file.document.text().get(found.location.span.range()).is_some());
        }
    }

    #[test]
    fn any_text_that_counts_can_be_formatted_and_then_stays(
        pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40),
        comment in 0..3_usize,
    ) {
        let between = ["\n", " # c\n", "\n\n# c\n"][comment];
        let parsed = syntax::parse(&"a.lkml".into(), pieces.join(between));
        if let Ok(text) = format(&parsed.document) {
            let again = format(&syntax::parse(&"a.lkml".into(), text.as_str()).document);
            prop_assert_eq!(again.as_deref(), Ok(text.as_str()));
        } else {
            prop_assert!(parsed.document.has_errors());
        }
    }
}

#[test]
fn long_templates_and_dashboards_are_checked_in_one_pass() {
    let template = "{% if b._in_query %}{{ b._value | upcase }}".repeat(20_000);
    let view = format!("view: a {{ dimension: b {{ html: {template} ;; }} }}");
    let items = "  - {name: x, explore: a, fields: [a.c, a.d], listen: {G: a.b}}\n".repeat(5_000);
    let files = vec![
        ("m.model.lkml".into(), format!("connection: \"c\" include: \"*.dashboard\" explore: a {{}} {view}").into()),
        ("d.dashboard.lookml".into(), format!("- dashboard: d\n  elements:\n{items}").into()),
    ];
    assert!(Project::load("p", files).diagnostics().len() > 10_000);
}
