//! The only form in which the store knows a password.

use std::fmt;

use crate::cell::Cell;

/// The PHC string of a password: algorithm, its cost, salt and hash. The caller hashes; the password itself never comes
/// here. The debug form does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// The hash that this PHC string says.
    pub fn new(phc: impl Into<String>) -> Self {
        PasswordHash(phc.into())
    }

    /// The PHC string.
    pub fn as_phc(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(..)")
    }
}

impl Cell for PasswordHash {
    type Stored = String;

    fn into_stored(self) -> String {
        self.0
    }

    fn from_stored(stored: String) -> Result<Self, String> {
        Ok(PasswordHash(stored))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_of_a_password_is_not_shown() {
        assert_eq!(format!("{:?}", PasswordHash::new("$argon2id$secret")), "PasswordHash(..)");
    }
}
