//! Liquid of any kind: it is judged where it stands, a query with it has SQL or a reason why not, and a cell or a label
//! has a text or none.

use super::{fuzz, texts};
use crate::support::{Setting, plan_on, project};
use belvedere_lookml::liquid::{Place, read};
use belvedere_query::{Medium, Query, TextLookup, TextTemplate, Variable, rendered_text};
use jiff::{Timestamp, Zoned};

const PIECES: &[&str] = &[
    "{% if v.x._in_query %}",
    "{% if v.x._is_filtered or true %}",
    "{% elsif v.p._parameter_value == 'a' %}",
    "{% else %}",
    "{% endif %}",
    "{% unless false %}",
    "{% endunless %}",
    "{% case v.p._parameter_value %}",
    "{% when 'a' %}",
    "{% endcase %}",
    "{% for i in (1..9) %}",
    "{% endfor %}",
    "{% for i in (1..99999999) %}",
    "{% break %}",
    "{% assign y = 'a' | append: 'b' %}",
    "{% capture z %}",
    "{% endcapture %}",
    "{% comment %}",
    "{% endcomment %}",
    "{% raw %}",
    "{% endraw %}",
    "{% condition v.f %} x {% endcondition %}",
    "{% parameter v.p %}",
    "{% date_start v.d %}",
    "{% date_end v.d %}",
    "{{ v.p._parameter_value }}",
    "{{ _filters['v.x'] | sql_quote }}",
    "{{ _user_attributes['u'] }}",
    "{{ _model._name }}",
    "{{ _query._query_timezone }}",
    "{{ y | upcase | split: ',' | join: '-' }}",
    "{{ 1 | divided_by: 0 }}",
    "{{ 'now' | date: '%Y-%m-%d' }}",
    "{{ z | times: 9999999999 | plus: y }}",
    "{{-",
    "-}}",
    "{%-",
    "-%}",
    "${x}",
    "${TABLE}",
    "{% increment i %}",
    "{% cycle 'a', 'b' %}",
    "{% include 'x' %}",
    "{% liquid assign a = 1 %}",
    "{{ y | slice: -9, 99 }}",
    "{{ a.b.c[0]['d'] }}",
    "{% assign y = y | append: y %}",
    "1",
    "'x'",
    "NULL",
];

/// A text as the SQL of a dimension, and in the other places of templates.
fn try_text(text: &str) {
    for place in [Place::Sql, Place::Html, Place::Link, Place::Action, Place::Label, Place::Description] {
        for found in read(text, place) {
            assert!(text.get(found.range.clone()).is_some(), "{found:?} has its place in the text");
        }
    }
    let _ = rendered_text(text, &Row);
    for medium in [Medium::Html, Medium::Text] {
        let _ = TextTemplate::parse(text, medium).map(|template| template.render(&Row));
    }
    // What would end the body belongs to the syntax, which has a test of its own.
    let body = text.replace(";;", "; ;");
    let lookml = format!(
        "explore: v {{}} view: v {{ sql_table_name: t ;; dimension: x {{ sql: {body} ;; }} dimension: y {{}} \
         filter: f {{ type: string }} filter: d {{ type: date }} \
         parameter: p {{ type: unquoted allowed_value: {{ value: \"a\" }} default_value: \"a\" }} }}"
    );
    let project = project(&lookml);
    if project.model("test").is_none_or(|model| model.explore("v").is_none()) {
        return;
    }
    let fields = vec!["v.x".to_owned(), "v.y".to_owned()];
    let filters = [("v.f", "a, -b"), ("v.d", "7 days"), ("v.y", "%x%")];
    let filters = filters.map(|(field, value)| (field.to_owned(), value.to_owned())).into_iter().collect();
    let _ = plan_on(&project, "v", &Query { fields, filters, ..Query::default() }, &Setting::default());
}

/// A row in which every field has a value.
struct Row;

impl TextLookup for Row {
    fn variable(&self, path: &[&str]) -> Option<Variable> {
        let last = path.last()?;
        Some(if last.len() % 2 == 0 { Variable::Text(format!("<{last}> & 'x'")) } else { Variable::Double(1e300) })
    }

    fn parameter(&self, name: &str) -> Option<String> {
        name.starts_with('v').then(|| name.to_owned())
    }

    fn now(&self) -> Zoned {
        Timestamp::UNIX_EPOCH.in_tz("Asia/Kathmandu").expect("a zone")
    }
}

#[test]
fn liquid_of_any_kind() {
    let templates = texts("crates/query/tests/cases", ".md").into_iter().chain(texts("tests/queries", ".md"));
    let templates = templates.filter(|text| text.contains("{%") || text.contains("{{"));
    fuzz(&templates.collect::<Vec<_>>(), PIECES, try_text);
}
