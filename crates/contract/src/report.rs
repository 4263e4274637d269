//! Comparisons as people and programs read them.

pub mod changelog;
mod json;
mod markdown;
mod text;

use crate::change::{Change, Class, Place};
use crate::compare::Comparison;

pub use json::json;
pub use markdown::markdown;
pub use text::{Colour, text};

/// What each class is called, and what it means for whoever reads the report.
const fn heading(class: Class) -> (&'static str, &'static str) {
    match class {
        Class::Breaking => ("Breaking", "programs that rely on what was promised may fail"),
        Class::Announced => ("Announced", "would break, but was deprecated before"),
        Class::Unpromised => ("Not promised", "would break, but only beta and alpha operations meet it"),
        Class::Additive => ("Additive", "programs go on working"),
    }
}

/// How many there are of each class, `2 breaking, 17 additive`.
pub fn summary(comparison: &Comparison) -> String {
    let counts = Class::ALL.iter().map(|class| (comparison.of(*class).count(), class));
    let told: Vec<String> =
        counts.filter(|(count, _)| *count > 0).map(|(count, class)| format!("{count} {class}")).collect();
    if told.is_empty() { "no difference".to_owned() } else { told.join(", ") }
}

/// A change as an entry of a list in Markdown: where, unless what happened says it, and what.
fn entry(change: &Change) -> String {
    match &change.place {
        Place::Operation(_) | Place::Schema(_) | Place::Document => change.says(),
        Place::Parameter(owner, _) | Place::Property(owner, _) | Place::Body(owner) | Place::Answer(owner, _) => {
            format!("`{owner}`: {}", change.says())
        }
    }
}

/// Operations that are named one by one before the rest is only counted.
const NAMED: usize = 4;

/// The operations whose callers meet a change, `look, all_looks and 7 more`.
pub fn callers(change: &Change) -> Option<String> {
    let names: Vec<&str> = change.callers.iter().map(String::as_str).collect();
    match names.as_slice() {
        [] => None,
        few if few.len() <= NAMED + 1 => Some(joined(few)),
        [first @ .., _] => {
            let named = &first[..NAMED.min(first.len())];
            Some(format!("{} and {} more", named.join(", "), names.len() - named.len()))
        }
    }
}

fn joined(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}
