//! What was promised is kept: blessed documents against the contract as it stands.

use belvedere_contract::release::{at_release, releases};
use belvedere_contract::{Change, Class, Comparison, Document, Move, Release, compare};
use serde_json::{Value, json};

use super::blessed::Blessed;
use super::fragments::strip_own_keys;
use super::model::Api;
use super::problem::Problems;

/// Nothing moves inside a version.
const NO_MOVES: &[Move] = &[];

/// The document that the contract gives, with all releases in it.
pub fn whole(api: &Api) -> Value {
    let mut document = api.document.clone();
    strip_own_keys(&mut document);
    if let Some(entries) = document.as_object_mut() {
        entries.insert("servers".to_owned(), json!([{"url": format!("/api/{}", api.version)}]));
    }
    document
}

/// The document of one release.
pub fn at(whole: &Value, version: &str, release: Release) -> Value {
    let mut document = whole.clone();
    at_release(&mut document, release);
    if let Some(info) = document.get_mut("info").and_then(Value::as_object_mut) {
        info.insert("version".to_owned(), Value::from(format!("{version}.{release}")));
    }
    document
}

/// The newest release that a document names.
pub fn newest(whole: &Value) -> Option<Release> {
    releases(whole).last().copied()
}

/// Compares every blessed document of the version with the contract: the document of its own release must not break
/// what it was, and nothing since the newest of them may. Gives what the newest one and the contract differ in.
pub fn check(api: &Api, blessed: &[Blessed], problems: &mut Problems) -> Option<Comparison> {
    let whole = whole(api);
    let of_version = || blessed.iter().filter(|document| document.version == api.version);
    for document in of_version() {
        let then = Document::read(&at(&whole, &api.version, document.release)).ok()?;
        let itself = format!("changes the document of {}, which is blessed and never changes", document.release);
        report(&compare(&document.content, &then, NO_MOVES), &itself, problems);
    }
    let last = of_version().max_by_key(|document| document.release)?;
    let now = Document::read(&at(&whole, &api.version, newest(&whole)?.max(last.release))).ok()?;
    let comparison = compare(&last.content, &now, NO_MOVES);
    report(&comparison, &format!("breaks what blessed/{}-{}.json promises", api.version, last.release), problems);
    Some(comparison)
}

/// Adds what breaks, once for each place and rule.
fn report(comparison: &Comparison, against: &str, problems: &mut Problems) {
    for change in comparison.of(Class::Breaking) {
        let (place, rule) = (change.place.to_string(), format!("[{}]", change.rule));
        if !problems.0.iter().any(|known| known.place == place && known.message.starts_with(&rule)) {
            problems.add(place, format!("{rule} {}", explained(change, against)));
        }
    }
}

fn explained(change: &Change, against: &str) -> String {
    let met = belvedere_contract::report::callers(change).map(|names| format!("; met by {names}")).unwrap_or_default();
    let (says, why, instead) = (change.says(), change.rule.why(), change.rule.instead());
    format!("{says}{met}\n      {against}\n      why: {why}\n      instead: {instead}")
}
