//! The table of parameters as a page to read.

use super::{DASHBOARD, DASHBOARD_ELEMENT, DASHBOARD_FILTER, Merge, Parameter, Parent, Status, Value, parents};
use std::fmt::Write;

/// The reference of all parameters in Markdown: `docs/lookml/parameters.md`.
pub fn reference() -> String {
    let mut page = String::from(HEAD);
    for parent in parents() {
        section(&mut page, parent);
    }
    page.push_str(DASHBOARDS);
    for parent in [&DASHBOARD, &DASHBOARD_FILTER, &DASHBOARD_ELEMENT] {
        section(&mut page, parent);
    }
    page
}

const HEAD: &str = "# Parameters of LookML

Every parameter by the place it stands in. This page is written from the table that the parser, the validator and the
merging of objects follow (`crates/lookml/src/parameters`); `UPDATE_EXPECTED=1 cargo test -p belvedere-lookml` writes it
anew.

| value | how it is written |
|---|---|
| text | in double quotes; `\\\"` stands for a quote |
| name | a bare word, or in quotes |
| one of | a bare word of the list |
| yes, no | bare |
| number, whole number | bare |
| duration | `\"24 hours\"`: a whole number and `seconds`, `minutes`, `hours` or `days` |
| body | SQL, HTML or an expression, up to `;;` |
| names, texts, numbers, words | `[a, b]`; a single one needs no brackets |
| fields | `[id, -cost, detail*, users.name, ALL_FIELDS*]` |
| pairs | `[field: \"value\"]`, or blocks with `field` and `value` |
| block | `{ ... }` |
| named block | `name { ... }` |

Marks: **R** must be there; **+** may stand several times; **&** adds to what is inherited instead of replacing it;
**=** blocks merge parameter by parameter; **–** is not inherited; **old** is no longer documented, and still works where
Belvedere can follow it.
";

const DASHBOARDS: &str = "
# LookML dashboards

Keys of the YAML in `.dashboard.lookml` files. Elements hold further keys: the options of their charts.
";

fn section(page: &mut String, parent: &'static Parent) {
    let _ = write!(
        page,
        "\n## {}\n\n| parameter | value | default | marks | meaning |\n|---|---|---|---|---|\n",
        parent.name
    );
    for parameter in parent.parameters() {
        let default = parameter.default.map(code_or_text).unwrap_or_default();
        let _ = writeln!(
            page,
            "| `{}` | {} | {default} | {} | {} |",
            parameter.name,
            kind(&parameter.value),
            marks(parameter),
            parameter.doc
        );
    }
}

/// A default that is one word is a value, others describe it.
fn code_or_text(default: &str) -> String {
    if default.contains(' ') && !default.starts_with('[') { default.to_owned() } else { format!("`{default}`") }
}

fn marks(parameter: &Parameter) -> String {
    let merge = match parameter.merge {
        Merge::Replace => None,
        Merge::Append => Some("&"),
        Merge::ByKey => Some("="),
        Merge::Own => Some("–"),
    };
    let marks = [
        parameter.required.then_some("R"),
        parameter.repeats.then_some("+"),
        merge,
        (parameter.status == Status::Legacy).then_some("old"),
    ];
    marks.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// So many words of a list are written out; longer lists are described by their noun.
const MOST_WORDS: usize = 12;

fn kind(value: &Value) -> String {
    match value {
        Value::Text => "text".to_owned(),
        Value::Name(_) => "name".to_owned(),
        Value::Word(words) | Value::WordList(words) => {
            let all: Vec<String> = words.all().map(|word| format!("`{word}`")).collect();
            let list = matches!(value, Value::WordList(_));
            match (all.len() <= MOST_WORDS, list) {
                (true, false) => format!("one of {}", all.join(", ")),
                (true, true) => format!("words: {}", all.join(", ")),
                (false, false) => format!("{}, one of {}", words.noun, all.len()),
                (false, true) => format!("{}s, of {}", words.noun, all.len()),
            }
        }
        Value::YesNo => "yes, no".to_owned(),
        Value::Duration => "duration".to_owned(),
        Value::Integer => "whole number".to_owned(),
        Value::Number => "number".to_owned(),
        Value::Body => "body".to_owned(),
        Value::Names(_) => "names".to_owned(),
        Value::Texts => "texts".to_owned(),
        Value::Numbers => "numbers".to_owned(),
        Value::Fields => "fields".to_owned(),
        Value::Pairs => "pairs".to_owned(),
        Value::Block(_) => "block".to_owned(),
        Value::Named(_) => "named block".to_owned(),
        Value::Opaque => "free".to_owned(),
    }
}
