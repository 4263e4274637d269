//! `<locale>.strings.json`: labels and descriptions in other languages.

use super::LocalizationSettings;
use crate::diagnostic::Span;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Texts by their keys.
pub type Strings = HashMap<String, String>;

/// The languages of a project.
#[derive(Debug, Clone, Default)]
pub struct Localization {
    default_locale: String,
    strict: bool,
    locales: BTreeMap<String, Arc<Strings>>,
}

impl Localization {
    pub(super) fn new(settings: &LocalizationSettings, locales: BTreeMap<String, Arc<Strings>>) -> Self {
        Self { default_locale: settings.default_locale.clone(), strict: settings.strict, locales }
    }

    /// The locale whose strings file lists every key.
    pub fn default_locale(&self) -> &str {
        &self.default_locale
    }

    /// Whether a text without a key is a mistake.
    pub fn is_strict(&self) -> bool {
        self.strict
    }

    /// The locales that have a strings file, by name.
    pub fn locales(&self) -> impl Iterator<Item = &str> {
        self.locales.keys().map(String::as_str)
    }

    /// What labels are looked up in for `locale`.
    pub fn in_locale(self: &Arc<Self>, locale: &str) -> Translation {
        let default = self.locales.get(&self.default_locale).cloned().unwrap_or_default();
        let own = self.locales.get(locale).cloned();
        Translation { default, own, localization: Some(Arc::clone(self)) }
    }
}

/// The texts of one locale. A key that the default locale's file lacks is never translated; of the others, the
/// locale's own text counts, else the default one.
#[derive(Debug, Clone, Default)]
pub struct Translation {
    default: Arc<Strings>,
    own: Option<Arc<Strings>>,
    localization: Option<Arc<Localization>>,
}

impl Translation {
    /// What stands for `text`, as it is written in the LookML.
    pub fn text(&self, text: String) -> String {
        let Some(default) = self.default.get(&text) else { return text };
        self.own.as_ref().and_then(|own| own.get(&text)).unwrap_or(default).clone()
    }

    /// True when every text should have a key and `text` has none.
    pub(crate) fn lacks(&self, text: &str) -> bool {
        self.is_strict() && !self.default.contains_key(text)
    }

    /// True when every text should have a key.
    pub(crate) fn is_strict(&self) -> bool {
        self.localization.as_ref().is_some_and(|localization| localization.strict)
    }

    /// The locale whose strings file lists every key; empty without localization.
    pub(crate) fn default_locale(&self) -> &str {
        self.localization.as_ref().map_or("", |localization| localization.default_locale())
    }

    /// True when both give the same texts.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.default == other.default && self.own == other.own && self.is_strict() == other.is_strict()
    }
}

/// The locale that the strings file at `path` is for.
pub(super) fn locale_of(path: &str) -> Option<&str> {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.strip_suffix(".strings.json").filter(|locale| !locale.is_empty())
}

/// Reads a strings file. Of a broken one, where it breaks and why.
pub(super) fn read(text: &str) -> Result<Strings, (Span, String)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    serde_json::from_str::<Strings>(text).map_err(|error| {
        let line_start: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
        let mut at = (line_start + error.column().saturating_sub(1)).min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let message = error.to_string();
        let message = message.split(" at line").next().unwrap_or_default().to_owned();
        (Span::new(at as u32, at as u32), message)
    })
}

#[cfg(test)]
mod tests {
    use super::{Localization, locale_of, read};
    use crate::diagnostic::Location;
    use crate::project::LocalizationSettings;
    use std::sync::Arc;

    #[test]
    fn a_key_that_the_default_locale_lacks_is_never_translated() {
        let file = |text: &str| Arc::new(read(text).expect("it is an object of texts"));
        let settings =
            LocalizationSettings { default_locale: "en".into(), strict: false, location: Location::default() };
        let locales = [
            ("en".to_owned(), file(r#"{"orders": "Orders", "users": "Users"}"#)),
            ("de".to_owned(), file(r#"{"orders": "Bestellungen", "other": "Anderes"}"#)),
        ];
        let german = Arc::new(Localization::new(&settings, locales.into())).in_locale("de");
        for (key, text) in [("orders", "Bestellungen"), ("users", "Users"), ("other", "other"), ("x", "x")] {
            assert_eq!(german.text(key.to_owned()), text);
        }
    }

    #[test]
    fn the_locale_is_in_the_name_of_the_file() {
        assert_eq!(locale_of("locales/fr_FR.strings.json"), Some("fr_FR"));
        assert_eq!(locale_of("strings.json"), None);
    }

    #[test]
    fn a_broken_file_has_a_place() {
        let (span, message) = read("{\n  \"a\": 1\n}").expect_err("1 is no text");
        assert_eq!(span.start, 9);
        assert!(message.contains("string"), "{message}");
    }
}
