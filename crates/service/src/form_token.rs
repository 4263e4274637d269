//! What a form of ours shows, so that no other page can send one in the name of a person.

use crate::secret::hash;
use belvedere_store::SecretHash;
use std::fmt;

/// What the forms of one browser show, for as long as the same session lasts.
///
/// It is made of what the cookies hold, which no other page can read: whoever shows it has read a page of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FormToken(SecretHash);

impl FormToken {
    /// That of the browser with this name, with this session if somebody is signed in. Both are letters and digits.
    pub fn of(browser: &str, session: Option<&str>) -> Self {
        Self(hash(&format!("form {browser} {}", session.unwrap_or_default())))
    }

    /// Whether a form shows this one.
    pub fn is(self, shown: &str) -> bool {
        hash(shown) == hash(&self.to_string())
    }
}

impl fmt::Display for FormToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_bytes().iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::FormToken;

    #[test]
    fn a_form_shows_what_its_page_had() {
        let token = FormToken::of("browser", Some("session"));
        assert!(token.is(&token.to_string()));
        for other in [FormToken::of("browser", None), FormToken::of("other", Some("session"))] {
            assert!(!token.is(&other.to_string()));
        }
        assert!(!token.is(""));
        assert!(!token.to_string().contains("session"));
    }
}
