//! Comparisons for a terminal.

use std::fmt::Write as _;

use indexmap::IndexMap;

use super::{callers, heading, summary};
use crate::change::{Change, Class, Place};
use crate::compare::Comparison;
use crate::rule::Rule;

/// Whether the terminal shows colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// Escape sequences of ANSI terminals.
    Ansi,
    /// Text alone.
    Plain,
}

const RESET: &str = "\x1b[0m";

const fn paint(class: Class) -> &'static str {
    match class {
        Class::Breaking => "\x1b[1;31m",
        Class::Announced => "\x1b[33m",
        Class::Unpromised => "\x1b[36m",
        Class::Additive => "\x1b[32m",
    }
}

/// The comparison, the worst first and what has one rule together: where, what happened, and who meets it; for what
/// breaks, why it does and what to do in its place. The last line is the summary.
pub fn text(comparison: &Comparison, colour: Colour) -> String {
    let mut out = String::new();
    for class in Class::ALL {
        let mut rules: IndexMap<Rule, Vec<&Change>> = IndexMap::new();
        for change in comparison.of(class) {
            rules.entry(change.rule).or_default().push(change);
        }
        if rules.is_empty() {
            continue;
        }
        let (name, meaning) = heading(class);
        let _ = match colour {
            Colour::Ansi => writeln!(out, "{}{name}{RESET}: {meaning}", paint(class)),
            Colour::Plain => writeln!(out, "{name}: {meaning}"),
        };
        for (rule, changes) in rules {
            group(rule, class, &changes, &mut out);
        }
        out.push('\n');
    }
    let _ = writeln!(out, "{} -> {}: {}", comparison.old, comparison.new, summary(comparison));
    out
}

fn group(rule: Rule, class: Class, changes: &[&Change], out: &mut String) {
    let _ = writeln!(out, "  [{rule}]");
    for change in changes {
        let _ = match &change.place {
            Place::Operation(_) | Place::Schema(_) | Place::Document => write!(out, "    {}", change.says()),
            place => write!(out, "    {place}: {}", change.says()),
        };
        if let Some(callers) = callers(change).filter(|_| class != Class::Additive) {
            let _ = write!(out, "; met by {callers}");
        }
        out.push('\n');
        if let Some(note) = &change.note {
            let _ = writeln!(out, "      note: {note}");
        }
    }
    if class == Class::Breaking {
        let _ = writeln!(out, "    why: {}\n    instead: {}", rule.why(), rule.instead());
    }
}
