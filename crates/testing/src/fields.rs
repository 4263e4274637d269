//! The parameter `fields`, read apart from the server's own reader: what judges must not share code with what is judged.

use std::iter::Peekable;
use std::str::Chars;

/// Names, each with what is asked within it.
#[derive(Debug, PartialEq)]
pub(crate) struct Fields(Vec<(String, Option<Fields>)>);

impl Fields {
    /// Reads `id,folder(id, name)`; none when the text asks for nothing in particular.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        // Clients write `null` for a parameter that they leave out.
        let says_something = text != "null" && text.contains(|letter: char| letter != ',' && !letter.is_whitespace());
        says_something.then(|| Self::level(&mut text.chars().peekable()))
    }

    /// What is asked within `name`, if `name` is asked for: none within means the whole of it.
    #[allow(clippy::option_option, reason = "asked for or not, and then in part or whole")]
    pub(crate) fn get(&self, name: &str) -> Option<Option<&Fields>> {
        self.0.iter().find(|(field, _)| field == name).map(|(_, within)| within.as_ref())
    }

    fn level(letters: &mut Peekable<Chars<'_>>) -> Self {
        let mut fields = Vec::new();
        let mut name = String::new();
        let mut within = None;
        loop {
            match letters.next() {
                Some('(') => within = Some(Self::level(letters)),
                Some(letter) if !matches!(letter, ',' | ')') => name.push(letter),
                end => {
                    fields.push((std::mem::take(&mut name).trim().to_owned(), within.take()));
                    if end != Some(',') {
                        return Self(fields);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Fields;

    #[test]
    fn names_are_read_with_what_is_within_them() {
        let fields = Fields::parse("id, query ( id,model ) ,status").expect("fields");
        assert_eq!(fields.get("id"), Some(None));
        assert_eq!(fields.get("status"), Some(None));
        let query = fields.get("query").flatten().expect("within");
        assert!(query.get("model").is_some() && query.get("slug").is_none());
        assert_eq!(fields.get("slug"), None);
    }

    #[test]
    fn a_text_that_asks_for_nothing_is_none() {
        for text in ["", " ", ",", " , ", "null"] {
            assert_eq!(Fields::parse(text), None, "{text:?}");
        }
    }
}
