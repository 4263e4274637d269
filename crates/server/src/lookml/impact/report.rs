//! An impact as text, JSON, and a comment for a pull request.

use super::compare::{Change, ExploreImpact, FieldImpact, Impact};
use belvedere_lookml::diagnostic::Location;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Fields of a view that are told one by one; of more only the number and some names.
const NAMED: usize = 6;

/// Explores that a comment tells; a code host takes only so much text.
const COMMENTED: usize = 100;

/// What two fields have in common that are told together: view, how they differ, and where that comes from.
type Alike<'i> = (&'i str, &'static str, Option<&'i str>);

/// The fields of an explore, those of one view that differ alike together.
fn together(explore: &ExploreImpact) -> Vec<(Alike<'_>, Vec<&FieldImpact>)> {
    let mut groups: BTreeMap<Alike<'_>, Vec<&FieldImpact>> = BTreeMap::new();
    for field in &explore.fields {
        let view = field.name.split_once('.').map_or("", |(view, _)| view);
        let file = field.cause.as_ref().map(|cause| &*cause.location.file);
        groups.entry((view, field.change.as_str(), file)).or_default().push(field);
    }
    groups.into_iter().collect()
}

fn place(location: &Location) -> String {
    format!("{}:{}", location.file, location.line)
}

/// Where a group of fields comes from: a line where it is one, else the file.
fn origin(fields: &[&FieldImpact]) -> Option<String> {
    let cause = fields.first()?.cause.as_ref()?;
    let same = fields.iter().all(|field| field.cause.as_ref() == Some(cause));
    Some(if same { place(&cause.location) } else { cause.location.file.to_string() })
}

fn names(fields: &[&FieldImpact]) -> String {
    let mut names: Vec<&str> = fields.iter().take(NAMED).map(|field| field.name.as_str()).collect();
    let more = match fields.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    names.dedup();
    format!("{}{more}", names.join(", "))
}

/// Lines for people.
pub fn text(impact: &Impact) -> String {
    let mut out = String::new();
    for explore in &impact.explores {
        let _ = writeln!(
            out,
            "{}/{}: {}  --> {}",
            explore.model,
            explore.name,
            explore.change.as_str(),
            place(&explore.location)
        );
        for ((_, change, _), fields) in together(explore) {
            let origin = origin(&fields).map(|origin| format!("  --> {origin}")).unwrap_or_default();
            let _ = writeln!(out, "  {change:7} {}{origin}", names(&fields));
            for field in fields.iter().take(NAMED) {
                if let Change::Broken(why) = &field.change {
                    let _ = writeln!(out, "          {}: {why}", field.name);
                }
            }
        }
    }
    let _ = writeln!(out, "{}", summary(impact));
    out
}

/// How much differs, in one line.
fn summary(impact: &Impact) -> String {
    let (differ, total) = (impact.explores.len(), impact.total);
    if differ == 0 {
        return format!("the SQL of {total} explores is the same");
    }
    let list = |counts: BTreeMap<&str, usize>| {
        counts.into_iter().map(|(word, count)| format!("{count} {word}")).collect::<Vec<_>>().join(", ")
    };
    let explores = list(counts(impact.explores.iter().map(|explore| &explore.change)));
    let fields = list(counts(impact.explores.iter().flat_map(|explore| &explore.fields).map(|field| &field.change)));
    let fields = if fields.is_empty() { String::new() } else { format!("; fields: {fields}") };
    format!("explores: {explores}, of {total}{fields}")
}

fn counts<'i>(changes: impl Iterator<Item = &'i Change>) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for change in changes {
        *counts.entry(change.as_str()).or_default() += 1;
    }
    counts
}

/// One JSON object: every explore and field that differs.
pub fn json(impact: &Impact) -> String {
    let field = |field: &FieldImpact| {
        let cause = field.cause.as_ref();
        let error = match &field.change {
            Change::Broken(why) => Some(why),
            _ => None,
        };
        json!({
            "field": field.name, "change": field.change.as_str(), "error": error,
            "cause": cause.map(|cause| cause.what), "file": cause.map(|cause| &*cause.location.file),
            "line": cause.map(|cause| cause.location.line),
        })
    };
    let explore = |explore: &ExploreImpact| {
        json!({
            "model": &*explore.model, "explore": &*explore.name, "change": explore.change.as_str(),
            "file": &*explore.location.file, "line": explore.location.line,
            "fields": explore.fields.iter().map(field).collect::<Vec<Value>>(),
        })
    };
    let explores: Vec<Value> = impact.explores.iter().map(explore).collect();
    format!("{}\n", json!({"explores_total": impact.total, "explores": explores}))
}

/// A comment for a pull request.
pub fn markdown(impact: &Impact) -> String {
    let mut out = String::from("### LookML impact\n\n");
    let _ = writeln!(out, "{}", summary(impact));
    if impact.explores.is_empty() {
        return out;
    }
    out.push_str("\n| explore | | fields | because of |\n|---|---|---|---|\n");
    for explore in impact.explores.iter().take(COMMENTED) {
        let name = cell(&format!("{}/{}", explore.model, explore.name));
        if explore.fields.is_empty() {
            let _ = writeln!(out, "| {name} | {} | | {} |", explore.change.as_str(), cell(&place(&explore.location)));
        }
        for ((_, change, _), fields) in together(explore) {
            let origin = origin(&fields).map(|origin| cell(&origin)).unwrap_or_default();
            let _ = writeln!(out, "| {name} | {change} | {} | {origin} |", cell(&names(&fields)));
        }
    }
    if let Some(more) = impact.explores.len().checked_sub(COMMENTED).filter(|more| *more > 0) {
        let _ = writeln!(out, "\n{more} more explores differ.");
    }
    let broken = impact.explores.iter().flat_map(|explore| explore.fields.iter().map(move |field| (explore, field)));
    for (explore, field) in broken {
        if let Change::Broken(why) = &field.change {
            let _ = writeln!(out, "\n- {} in {}: {}", cell(&field.name), cell(&explore.name), why.replace('\n', " "));
        }
    }
    out
}

/// Text as code in a cell of a table.
fn cell(text: &str) -> String {
    format!("`{}`", text.replace('`', "'").replace('|', "\\|").replace('\n', " "))
}
