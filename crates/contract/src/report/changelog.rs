//! What each release of a version brought.

use std::fmt::Write as _;

use indexmap::IndexMap;
use serde_json::Value;

use crate::change::{Change, Class, Place};
use crate::compare::{Comparison, compare};
use crate::document::Document;
use crate::error::Error;
use crate::release::{Release, at_release, leave_out_prose, releases};
use crate::rule::Rule;

/// Before every release: what stands since the first documents.
const BEGINNING: Release = Release::new(0, 0);

/// The documents of the releases that a document names after one, in order, behind the document of that one; of all
/// releases, behind what stands since before the first, where none is given.
pub fn documents(whole: &Value, since: Option<Release>) -> Vec<(Release, Value)> {
    let mut whole = whole.clone();
    leave_out_prose(&mut whole);
    let since = since.unwrap_or(BEGINNING);
    let later = releases(&whole).into_iter().filter(|release| *release > since);
    let releases: Vec<Release> = std::iter::once(since).chain(later).collect();
    let at = |release: Release| {
        let mut document = whole.clone();
        at_release(&mut document, release);
        (release, document)
    };
    releases.into_iter().map(at).collect()
}

/// Each release after the first, with what its document differs in from the one before.
pub fn history(documents: impl IntoIterator<Item = (Release, Value)>) -> Result<Vec<(Release, Comparison)>, Error> {
    let mut history = Vec::new();
    let mut before: Option<Document> = None;
    for (release, document) in documents {
        let now = Document::read(&document)?;
        history.extend(before.map(|before| (release, compare(&before, &now, &[]))));
        before = Some(now);
    }
    Ok(history)
}

const HEAD: &str = "\
What each release brought, the newest first: its document compared with that of the release before, by the rules of
[keeping promises](../keeping-promises.md). Releases that brought nothing are left out.
";

/// The changelog of a version as Markdown, the newest release first.
pub fn changelog(version: &str, history: &[(Release, Comparison)]) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "# Changes of API {version} by release\n");
    out.push_str(HEAD);
    for (release, comparison) in history.iter().rev().filter(|(_, comparison)| !comparison.changes.is_empty()) {
        let _ = writeln!(out, "\n## {release}");
        section(comparison, &mut out);
    }
    out
}

/// Sections in which what is new is listed by name.
const NEW: [(Rule, &str); 4] = [
    (Rule::OperationAdded, "New operations"),
    (Rule::ParameterAdded, "New parameters"),
    (Rule::PropertyAdded, "New properties"),
    (Rule::SchemaAdded, "New types"),
];

/// Sections in which operations are named in one line.
const STATUSES: [(Rule, &str); 3] = [
    (Rule::OperationBecameStable, "Stable from here on"),
    (Rule::OperationDeprecated, "Deprecated from here on"),
    (Rule::OperationUndeprecated, "No longer deprecated"),
];

fn section(comparison: &Comparison, out: &mut String) {
    for class in [Class::Breaking, Class::Announced, Class::Unpromised] {
        let (name, meaning) = super::heading(class);
        let is_type = |change: &&Change| change.rule == Rule::SchemaRemoved;
        let (types, others): (Vec<&Change>, Vec<&Change>) = comparison.of(class).partition(is_type);
        if types.is_empty() && others.is_empty() {
            continue;
        }
        let _ = writeln!(out, "\n### {name}: {meaning}\n");
        for change in others {
            let _ = writeln!(out, "- {}", super::entry(change));
        }
        if !types.is_empty() {
            let names: Vec<String> = types.iter().map(|change| format!("`{}`", change.place)).collect();
            let _ = writeln!(out, "- types that are gone: {}", names.join(", "));
        }
    }
    let of = |rule: Rule| comparison.changes.iter().filter(|change| change.rule == rule).collect::<Vec<_>>();
    for (rule, title) in NEW {
        titled(title, &of(rule), out, new);
    }
    for (rule, title) in STATUSES {
        titled(title, &of(rule), out, |changes, out| {
            let names: Vec<String> = changes.iter().map(|change| format!("`{}`", change.place)).collect();
            let _ = writeln!(out, "{}", names.join(", "));
        });
    }
    let told: Vec<Rule> = NEW.iter().chain(&STATUSES).map(|(rule, _)| *rule).collect();
    let others: Vec<&Change> = comparison.of(Class::Additive).filter(|change| !told.contains(&change.rule)).collect();
    titled("Other", &others, out, |changes, out| {
        for change in changes {
            let _ = writeln!(out, "- {}", super::entry(change));
        }
    });
}

fn titled(title: &str, changes: &[&Change], out: &mut String, write: impl Fn(&[&Change], &mut String)) {
    if !changes.is_empty() {
        let _ = writeln!(out, "\n### {title}\n");
        write(changes, out);
    }
}

/// New things: operations with their addresses, parameters and properties under what has them, types in one line.
fn new(changes: &[&Change], out: &mut String) {
    let mut owned: IndexMap<&str, Vec<String>> = IndexMap::new();
    let mut types = Vec::new();
    for change in changes {
        match &change.place {
            Place::Operation(id) => {
                let _ = writeln!(out, "- `{id}`: {}", change.after.as_deref().unwrap_or_default());
            }
            Place::Parameter(owner, name) | Place::Property(owner, name) => {
                owned.entry(owner).or_default().push(format!("`{name}`"));
            }
            place => types.push(format!("`{place}`")),
        }
    }
    for (owner, names) in owned {
        let _ = writeln!(out, "- `{owner}`: {}", names.join(", "));
    }
    if !types.is_empty() {
        let _ = writeln!(out, "{}", types.join(", "));
    }
}
