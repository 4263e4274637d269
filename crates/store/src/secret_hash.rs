//! The only form in which the store knows a secret.

use std::fmt;
use std::hash::{Hash, Hasher};

use subtle::ConstantTimeEq as _;

use crate::cell::{self, Cell};

/// The SHA-256 of an API secret or an access token. The caller hashes; the secret itself never comes here.
///
/// Two of them are compared in constant time, and the debug form does not show the hash.
#[derive(Clone, Copy)]
pub struct SecretHash([u8; 32]);

impl SecretHash {
    /// The hash with these bytes.
    pub const fn new(sha256: [u8; 32]) -> Self {
        SecretHash(sha256)
    }

    /// The bytes of the hash.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl PartialEq for SecretHash {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for SecretHash {}

impl Hash for SecretHash {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash(..)")
    }
}

impl Cell for SecretHash {
    type Stored = Vec<u8>;

    fn into_stored(self) -> Vec<u8> {
        self.0.to_vec()
    }

    fn from_stored(stored: Vec<u8>) -> Result<Self, String> {
        cell::sha256(&stored).map(SecretHash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_equals_itself_alone_and_is_not_shown() {
        let hash = SecretHash::new([7; 32]);
        let mut bytes = [7; 32];
        bytes[31] = 8;
        assert_eq!(hash, SecretHash::new([7; 32]));
        assert_ne!(hash, SecretHash::new(bytes));
        assert_eq!(format!("{hash:?}"), "SecretHash(..)");
    }
}
