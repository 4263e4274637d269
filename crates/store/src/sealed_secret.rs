//! The only form in which the store knows a secret that is read again.

use std::fmt;

use crate::cell::Cell;

/// A secret that the caller has sealed, with a key that never comes here. The debug form does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedSecret(Vec<u8>);

impl SealedSecret {
    /// What was sealed.
    pub fn new(sealed: impl Into<Vec<u8>>) -> Self {
        SealedSecret(sealed.into())
    }

    /// The bytes, for who has the key.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for SealedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealedSecret(..)")
    }
}

impl Cell for SealedSecret {
    type Stored = Vec<u8>;

    fn into_stored(self) -> Vec<u8> {
        self.0
    }

    fn from_stored(stored: Vec<u8>) -> Result<Self, String> {
        Ok(SealedSecret(stored))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_is_not_shown() {
        assert_eq!(format!("{:?}", SealedSecret::new(*b"abc")), "SealedSecret(..)");
    }
}
