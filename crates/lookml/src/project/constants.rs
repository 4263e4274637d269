//! `@{NAME}`: constants of the manifest, replaced in strings and bodies.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

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

    /// The text with each known constant replaced by its value, once: what a value holds is not looked at again.
    /// Unknown ones stay and are given to `unknown` with their range in `text`.
    pub fn expand<'t>(&self, text: &'t str, mut unknown: impl FnMut(&'t str, Range<usize>)) -> Cow<'t, str> {
        let mut expanded = String::new();
        let mut copied = 0;
        for (range, name) in uses(text) {
            match self.values.get(name) {
                Some(value) => {
                    expanded.push_str(&text[copied..range.start]);
                    expanded.push_str(value);
                    copied = range.end;
                }
                None => unknown(name, range),
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
        constants.set("nested".into(), "@{SCHEMA}".into());
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
    fn a_value_is_not_looked_into() {
        assert_eq!(expand("@{nested}").0, "@{SCHEMA}");
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
