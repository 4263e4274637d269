//! Secrets: hashed before they are compared or kept.

use belvedere_store::SecretHash;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// The form in which a secret or token is kept.
pub(crate) fn hash(secret: &str) -> SecretHash {
    SecretHash::new(Sha256::digest(secret.as_bytes()).into())
}

/// Bytes as lower-case hex digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
