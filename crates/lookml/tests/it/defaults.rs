//! The defaults in the table of parameters are what the model does: who writes a default out changes nothing.

use belvedere_lookml::parameters::{self, Parameter, Parent, Value};
use belvedere_lookml::project::Project;
use belvedere_lookml::rules;

/// A project with `<parent>` wherever a parameter of that parent can be written. `<parent parameter>` is a place for
/// that parameter alone, where the others have theirs elsewhere.
const PROJECT: [(&str, &str); 3] = [
    ("manifest.lkml", include_str!("defaults/manifest.lkml")),
    ("en.strings.json", include_str!("defaults/en.strings.json")),
    ("shop.model.lkml", include_str!("defaults/shop.model.lkml")),
];

/// Members that hold what was written, because the API tells it. What it means stands beside them in the model.
const HOLD_WHAT_IS_WRITTEN: [&str; 12] = [
    "case_sensitive",
    "convert_tz",
    "datatype",
    "declared_kind",
    "declared_relationship",
    "distribution_style",
    "fields",
    "limit",
    "outer_only",
    "persistence",
    "suggest_persist_for",
    "suggestable",
];

/// What only other programs read: no model holds it.
const NOT_IN_A_MODEL: [&str; 3] = ["agent", "entitlements", "mount_points"];

/// What has a default and should be written all the same.
const TOLD_WHEN_LEFT_OUT: [(&str, &str); 1] = [("join", "relationship")];

#[test]
fn a_default_that_is_written_changes_nothing() {
    let mut tried = 0;
    for parent in parameters::parents().filter(|parent| !NOT_IN_A_MODEL.contains(&parent.name)) {
        for parameter in parent.parameters() {
            let Some(written) = written(parameter) else { continue };
            if TOLD_WHEN_LEFT_OUT.contains(&(parent.name, parameter.name)) {
                continue;
            }
            let place = place(parent, parameter);
            let (with, without) = (meaning(&place, &written), meaning(&place, &" ".repeat(written.len())));
            assert!(with == without, "`{written}` at {place} {}", difference(&with, &without));
            tried += 1;
        }
    }
    assert!(tried > 70, "only {tried} defaults were tried");
}

/// `parameter: default`, for defaults that are values rather than descriptions.
fn written(parameter: &Parameter) -> Option<String> {
    let (name, default) = (parameter.name, parameter.default?);
    let is_value = match parameter.value {
        Value::Word(words) => words.contains(default),
        Value::YesNo => matches!(default, "yes" | "no"),
        Value::Integer | Value::Number => default.parse::<f64>().is_ok(),
        Value::Duration => default.starts_with(|first: char| first.is_ascii_digit()),
        Value::Fields => default.starts_with('['),
        _ => false,
    };
    let quote = if matches!(parameter.value, Value::Duration) { "\"" } else { "" };
    is_value.then(|| format!("{name}: {quote}{default}{quote}"))
}

/// The mark at which a parameter can be written.
fn place(parent: &Parent, parameter: &Parameter) -> String {
    let own = format!("<{} {}>", parent.name, parameter.name);
    let is_there = |mark: &String| PROJECT.iter().any(|(_, text)| text.contains(mark.as_str()));
    if is_there(&own) {
        return own;
    }
    let shared = format!("<{}>", parent.name);
    assert!(is_there(&shared), "the project has no place for {} of {}", parameter.name, parent.name);
    shared
}

/// All that the project means with `written` at each `place`.
fn meaning(place: &str, written: &str) -> String {
    let file = |(path, text): (&str, &str)| (path.into(), without_marks(&text.replace(place, written)).into());
    let project = Project::load("shop", PROJECT.into_iter().map(file).collect());
    let mut diagnostics = project.diagnostics();
    diagnostics.retain(|diagnostic| diagnostic.id != rules::DEPRECATED_PARAMETER.id);
    assert!(diagnostics.is_empty(), "`{written}` at {place}: {diagnostics:#?}");
    let model = project.model("shop").expect("it is there");
    let explores: Vec<_> = model.explores().collect();
    let all = format!("{:?}{model:?}{explores:?}", project.manifest());
    HOLD_WHAT_IS_WRITTEN.iter().fold(all, |all, member| as_if_unwritten(&all, member))
}

/// The text with blanks in the place of marks.
fn without_marks(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('<') {
        let (mark, behind) = behind.split_once('>').expect("a mark ends");
        out.push_str(before);
        out.extend(std::iter::repeat_n(' ', mark.len() + 2));
        rest = behind;
    }
    out + rest
}

/// The text with `None` in the place of each `Some(...)` of `member`.
fn as_if_unwritten(text: &str, member: &str) -> String {
    let begin = format!(" {member}: Some(");
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once(&begin) {
        let mut open = 1;
        let end = behind.find(|character| {
            open += match character {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            open == 0
        });
        out.extend([before, " ", member, ": None"]);
        rest = &behind[end.expect("it is closed") + 1..];
    }
    out + rest
}

/// Where two texts begin to differ.
fn difference(a: &str, b: &str) -> String {
    let at = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count().saturating_sub(150);
    let cut = |text: &str| text.chars().skip(at).take(300).collect::<String>();
    format!("changes\n{}\nto\n{}", cut(b), cut(a))
}
