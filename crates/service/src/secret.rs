//! Secrets: hashed before they are compared or kept.

use belvedere_store::SecretHash;
use sha2::{Digest as _, Sha256};

/// The form in which a secret or token is kept.
pub(crate) fn hash(secret: &str) -> SecretHash {
    SecretHash::new(Sha256::digest(secret.as_bytes()).into())
}
