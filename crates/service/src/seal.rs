//! Secrets that must be read again, such as the password of the mail server: sealed before they are kept, with a key
//! that is not in the database. Whoever has the database alone reads none of them and puts none in another's place.

use crate::secret::hex;
use belvedere_api::Ids;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom as _, SystemRandom};
use sha2::{Digest as _, Sha256};
use std::fmt;

/// Bytes of a key.
const KEY_LENGTH: usize = 32;

/// Bytes that name a key.
const ID_LENGTH: usize = 4;

/// What every sealed secret begins with.
const FORM: u8 = 1;

/// Seals secrets, and opens those that it has sealed.
#[derive(Clone)]
pub struct SealingKey {
    id: [u8; ID_LENGTH],
    key: LessSafeKey,
}

/// Why a sealed secret stays shut.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Another key has sealed it.
    #[error("it was sealed with the key {sealed}, and this node has the key {own}: give every node the same one")]
    OtherKey {
        /// Names the key that has.
        sealed: String,
        /// Names this one.
        own: String,
    },
    /// It was sealed for something else, or it was changed.
    #[error("it was not sealed for this place")]
    Broken,
}

impl SealingKey {
    /// The key with these bytes, which nobody can guess.
    pub fn new(bytes: [u8; KEY_LENGTH]) -> Self {
        let digest = Sha256::new().chain_update(b"belvedere sealing key").chain_update(bytes).finalize();
        let mut id = [0; ID_LENGTH];
        id.copy_from_slice(&digest[..ID_LENGTH]);
        let key = UnboundKey::new(&CHACHA20_POLY1305, &bytes).expect("a key of this length is one");
        Self { id, key: LessSafeKey::new(key) }
    }

    /// A key of this process alone, for a state that ends with it.
    pub fn random() -> Self {
        let mut bytes = [0; KEY_LENGTH];
        SystemRandom::new().fill(&mut bytes).expect("the system has random numbers");
        Self::new(bytes)
    }

    /// Seals a secret for one place, which `place` names: nowhere else it can be opened.
    pub(crate) fn seal(&self, place: &str, secret: &[u8], ids: &dyn Ids) -> Vec<u8> {
        let mut nonce = [0; NONCE_LEN];
        fill(&mut nonce, ids);
        let mut text = secret.to_vec();
        let sealed = self.key.seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(place.as_bytes()),
            &mut text,
        );
        sealed.expect("a secret is far shorter than the longest text");
        [&[FORM], &self.id[..], &nonce, &text].concat()
    }

    /// The secret that was sealed for a place.
    pub(crate) fn open(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let (form, rest) = sealed.split_first().ok_or(SealError::Broken)?;
        let (id, rest) = rest.split_first_chunk::<ID_LENGTH>().ok_or(SealError::Broken)?;
        let (nonce, text) = rest.split_first_chunk::<NONCE_LEN>().ok_or(SealError::Broken)?;
        if *form != FORM {
            return Err(SealError::Broken);
        }
        if *id != self.id {
            return Err(SealError::OtherKey { sealed: hex(id), own: hex(&self.id) });
        }
        let mut text = text.to_vec();
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let opened = self.key.open_in_place(nonce, Aad::from(place.as_bytes()), &mut text);
        Ok(opened.map_err(|_| SealError::Broken)?.to_vec())
    }
}

impl fmt::Debug for SealingKey {
    /// Its name alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealingKey({})", hex(&self.id))
    }
}

/// Random bytes, of the source that ids come from.
pub(crate) fn fill(bytes: &mut [u8], ids: &dyn Ids) {
    let digits = ids.hex(bytes.len() * 2);
    let value = |digit: u8| char::from(digit).to_digit(16).unwrap_or_default() as u8;
    for (byte, pair) in bytes.iter_mut().zip(digits.as_bytes().chunks_exact(2)) {
        *byte = value(pair[0]) << 4 | value(pair[1]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU64, Ordering};

    #[derive(Default)]
    struct Counted(AtomicU64);

    impl Ids for Counted {
        fn alphanumeric(&self, length: usize) -> String {
            self.hex(length)
        }

        fn hex(&self, length: usize) -> String {
            format!("{:0>length$x}", self.0.fetch_add(1, Ordering::Relaxed))
        }
    }

    #[test]
    fn a_sealed_secret_is_opened_by_its_key_in_its_place() {
        let (key, ids) = (SealingKey::new([7; 32]), Counted::default());
        let sealed = key.seal("mail", b"s3cret", &ids);
        assert_eq!(key.open("mail", &sealed), Ok(b"s3cret".to_vec()));
        assert!(!sealed.windows(6).any(|window| window == b"s3cret"));
        assert_ne!(key.seal("mail", b"s3cret", &ids), sealed, "the same secret is sealed anew");
        assert_eq!(key.open("totp 1", &sealed), Err(SealError::Broken));
        let other = SealingKey::new([8; 32]);
        let refused = other.open("mail", &sealed).unwrap_err();
        assert!(matches!(refused, SealError::OtherKey { .. }), "{refused}");
    }

    #[test]
    fn what_was_changed_is_not_opened() {
        let key = SealingKey::random();
        let sealed = key.seal("mail", b"s3cret", &Counted::default());
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(key.open("mail", &changed).is_err(), "{at}");
            assert!(key.open("mail", &sealed[..at]).is_err(), "{at}");
        }
    }

    #[test]
    fn a_key_is_not_shown() {
        assert!(!format!("{:?}", SealingKey::new([0xab; 32])).contains("abab"));
    }

    #[test]
    fn random_bytes_are_those_of_the_source() {
        struct Digits;
        impl Ids for Digits {
            fn alphanumeric(&self, _: usize) -> String {
                String::new()
            }
            fn hex(&self, _: usize) -> String {
                "00ff1aa1".to_owned()
            }
        }
        let mut bytes = [9; 4];
        fill(&mut bytes, &Digits);
        assert_eq!(bytes, [0x00, 0xff, 0x1a, 0xa1]);
    }
}
