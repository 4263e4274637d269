//! `@{NAME}`: constants of the manifest, replaced in strings and bodies.

use crate::resolve::Knots;
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

/// A value that would become longer by the constants in it keeps them as they are written: a few lines can name a text
/// of any length.
const LONGEST_VALUE: usize = 1 << 20;

/// The constants that a file sees.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Constants {
    values: HashMap<Arc<str>, Arc<str>>,
}

impl Constants {
    /// Sets `name`; an earlier value is replaced.
    pub fn set(&mut self, name: Arc<str>, value: Arc<str>) {
        self.values.insert(name, value);
    }

    /// The names in use.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(|name| &**name)
    }

    /// Replaces the constants that values hold themselves. Gives the circles that they stand in, whose constants stay as
    /// they are written.
    pub(super) fn resolve(&mut self) -> Vec<Vec<Arc<str>>> {
        let mut names: Vec<Arc<str>> = self.values.keys().cloned().collect();
        names.sort_unstable();
        let index: HashMap<Arc<str>, usize> = names.iter().cloned().zip(0..).collect();
        let used =
            |name: &Arc<str>| uses(&self.values[name]).filter_map(|(_, used)| index.get(used).copied()).collect();
        let edges: Vec<Vec<usize>> = names.iter().map(used).collect();
        let knots = Knots::new(&edges);
        for node in knots.in_order().filter(|&node| !edges[node].is_empty()) {
            let open = |name: &str| index.get(name).is_some_and(|&used| !knots.closes_a_cycle(node, used));
            let value = Arc::clone(&self.values[&names[node]]);
            let length: usize = uses(&value).filter_map(|(_, used)| self.values.get(used)).map(|used| used.len()).sum();
            if length <= LONGEST_VALUE {
                let resolved = self.replaced(&value, |name, _| open(name)).into();
                self.values.insert(Arc::clone(&names[node]), resolved);
            }
        }
        let cycles = knots.cycles(&edges).into_iter();
        cycles.map(|cycle| cycle.into_iter().map(|node| Arc::clone(&names[node])).collect()).collect()
    }

    /// The text with each known constant replaced by its value, once: what a value holds is not looked at again.
    /// Unknown ones stay and are given to `unknown` with their range in `text`.
    pub fn expand<'t>(&self, text: &'t str, mut unknown: impl FnMut(&'t str, Range<usize>)) -> Cow<'t, str> {
        self.replaced(text, |name, range| {
            let known = self.values.contains_key(name);
            if !known {
                unknown(name, range);
            }
            known
        })
    }

    /// The text with the value of each constant that `is_meant`.
    fn replaced<'t>(&self, text: &'t str, mut is_meant: impl FnMut(&'t str, Range<usize>) -> bool) -> Cow<'t, str> {
        let mut expanded = String::new();
        let mut copied = 0;
        for (range, name) in uses(text) {
            if is_meant(name, range.clone())
                && let Some(value) = self.values.get(name)
            {
                expanded.push_str(&text[copied..range.start]);
                expanded.push_str(value);
                copied = range.end;
            }
        }
        if copied == 0 {
            return Cow::Borrowed(text);
        }
        expanded.push_str(&text[copied..]);
        Cow::Owned(expanded)
    }
}

/// Each `@{NAME}` in `text`: its range and the name.
fn uses(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    memchr::memmem::find_iter(text.as_bytes(), b"@{").filter_map(|start| {
        let rest = &text[start + 2..];
        let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_')?;
        let closed = length > 0 && rest[length..].starts_with('}');
        closed.then(|| (start..start + length + 3, &rest[..length]))
    })
}

#[cfg(test)]
mod tests {
    use super::Constants;

    fn expand(text: &str) -> (String, Vec<String>) {
        let mut constants = Constants::default();
        constants.set("SCHEMA".into(), "prod".into());
        let mut unknown = Vec::new();
        let expanded = constants.expand(text, |name, range| unknown.push(format!("{name} {range:?}"))).into_owned();
        (expanded, unknown)
    }

    #[test]
    fn constants_are_replaced_wherever_they_stand() {
        assert_eq!(expand("@{SCHEMA}.orders, @{SCHEMA}").0, "prod.orders, prod");
        assert_eq!(expand("plain").0, "plain");
    }

    #[test]
    fn constants_in_values_are_replaced_too() {
        let mut constants = Constants::default();
        for (name, value) in [("c", "<@{b}@{b}>"), ("b", "@{a}@{nope}"), ("a", "x"), ("d", "@{e}"), ("e", "@{d} @{a}")]
        {
            constants.set(name.into(), value.into());
        }
        assert_eq!(constants.resolve(), [["d".into(), "e".into()]] as [[std::sync::Arc<str>; 2]; 1]);
        assert_eq!(constants.expand("@{c}", |_, _| {}), "<x@{nope}x@{nope}>");
        assert_eq!(constants.expand("@{e}", |_, _| {}), "@{d} x");
    }

    #[test]
    fn values_do_not_grow_without_end() {
        let mut constants = Constants::default();
        constants.set("x0".into(), "0123456789".into());
        for level in 1..40 {
            constants.set(format!("x{level}").into(), format!("@{{x{}}}", level - 1).repeat(10).into());
        }
        assert!(constants.resolve().is_empty());
        assert!(
            (0..40).all(|level| constants.expand(&format!("@{{x{level}}}"), |_, _| {}).len() <= super::LONGEST_VALUE)
        );
    }

    #[test]
    fn unknown_constants_stay_and_are_told() {
        assert_eq!(expand("a @{X} @{SCHEMA}"), ("a @{X} prod".into(), vec!["X 2..6".into()]));
    }

    #[test]
    fn what_is_no_constant_stays_text() {
        for text in ["@{", "@{}", "@{SCHEMA", "@{a b}", "@ {SCHEMA}", "${SCHEMA}"] {
            assert_eq!(expand(text), (text.into(), vec![]), "{text}");
        }
    }
}
