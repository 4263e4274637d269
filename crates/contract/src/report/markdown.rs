//! Comparisons for a pull request or a page.

use std::fmt::Write as _;

use super::{callers, heading, summary};
use crate::change::{Change, Class};
use crate::compare::Comparison;

/// The comparison as Markdown: a heading for each class, a list entry for each change.
pub fn markdown(comparison: &Comparison) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "# {} to {}\n\n{}.", comparison.old, comparison.new, capital(&summary(comparison)));
    for class in Class::ALL {
        let changes: Vec<&Change> = comparison.of(class).collect();
        if changes.is_empty() {
            continue;
        }
        let (name, meaning) = heading(class);
        let _ = writeln!(out, "\n## {name}\n\n{}.\n", capital(meaning));
        for change in changes {
            item(change, &mut out);
        }
    }
    out
}

fn item(change: &Change, out: &mut String) {
    let _ = write!(out, "- {}", super::entry(change));
    if change.class == Class::Additive {
        out.push('\n');
        return;
    }
    if let Some(callers) = callers(change) {
        let _ = write!(out, "; met by {callers}");
    }
    let _ = write!(out, " (`{}`).", change.rule);
    if change.class == Class::Breaking {
        let _ = write!(out, " {} Instead: {}.", change.rule.why(), change.rule.instead());
    }
    if let Some(note) = &change.note {
        let _ = write!(out, " {note}");
    }
    out.push('\n');
}

pub(super) fn capital(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map(|first| first.to_uppercase().chain(rest).collect()).unwrap_or_default()
}
