//! Passwords: hashed with argon2id, which takes memory and time on purpose. So few are hashed at a time, on threads of
//! their own, and few wait.

use crate::auth::password_config::LONGEST_PASSWORD;
use argon2::password_hash::phc::PasswordHash as Phc;
use argon2::{Argon2, PasswordHasher as _, PasswordVerifier as _};
use belvedere_api::{Error, Ids, Result};
use belvedere_store::PasswordHash;
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::Duration;
use tokio::sync::Semaphore;

/// The most passwords that wait to be hashed. A second's work: whoever comes then is told to come again.
const WAITING: usize = 50;

/// Letters and digits of a salt: 95 random bits.
const SALT_LENGTH: usize = 16;

/// The salt of what is hashed only to take its time.
const NO_SALT: &[u8] = b"nobody's password";

/// Hashes passwords.
#[derive(Debug)]
pub(crate) struct Passwords {
    /// Places in the queue.
    places: Semaphore,
    /// Threads that hash.
    threads: Arc<Semaphore>,
}

impl Default for Passwords {
    fn default() -> Self {
        let threads = available_parallelism().map_or(2, usize::from);
        Self { places: Semaphore::new(threads + WAITING), threads: Arc::new(Semaphore::new(threads)) }
    }
}

impl Passwords {
    /// The hash of a password.
    ///
    /// # Errors
    /// 429 when too many wait.
    pub(crate) async fn hash(&self, password: &str, ids: &dyn Ids) -> Result<PasswordHash> {
        let (password, salt) = (password.to_owned(), ids.alphanumeric(SALT_LENGTH));
        self.on_a_thread(move || {
            let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), salt.as_bytes());
            Ok(PasswordHash::new(hash.map_err(Error::internal)?.to_string()))
        })
        .await
    }

    /// Whether a password is that of the hash. Without a hash it is not, which takes as long.
    ///
    /// # Errors
    /// 429 when too many wait.
    pub(crate) async fn verify(&self, password: &str, hash: Option<PasswordHash>) -> Result<bool> {
        // No password is longer.
        let hash = hash.filter(|_| password.len() <= LONGEST_PASSWORD);
        let password = password.get(..LONGEST_PASSWORD).unwrap_or(password).to_owned();
        self.on_a_thread(move || {
            let Some(hash) = hash else {
                let _ = Argon2::default().hash_password_with_salt(password.as_bytes(), NO_SALT);
                return Ok(false);
            };
            let hash = Phc::new(hash.as_phc()).map_err(Error::internal)?;
            Ok(Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
        })
        .await
    }

    async fn on_a_thread<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let busy = |_| Error::too_many_requests(Duration::from_secs(1));
        let _place = self.places.try_acquire().map_err(busy)?;
        let thread = Arc::clone(&self.threads).acquire_owned().await.map_err(Error::internal)?;
        let worked = tokio::task::spawn_blocking(move || {
            // Held until the work is done, even when nobody waits for it any more.
            let _thread = thread;
            work()
        });
        worked.await.map_err(Error::internal)?
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Makes every salt of the same letters.
    pub(in crate::sign_in) struct Salt;

    impl Ids for Salt {
        fn alphanumeric(&self, length: usize) -> String {
            "s".repeat(length)
        }

        fn hex(&self, length: usize) -> String {
            "0".repeat(length)
        }
    }

    #[tokio::test]
    async fn a_password_is_that_of_its_hash_alone() {
        let passwords = Passwords::default();
        let hash = passwords.hash("Grün-7-Äpfel", &Salt).await.unwrap();
        // The cost that OWASP asks for: 19 MiB, two passes, one lane.
        assert!(hash.as_phc().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", hash.as_phc());
        assert!(passwords.verify("Grün-7-Äpfel", Some(hash.clone())).await.unwrap());
        for wrong in ["", "Grün-7-äpfel", "Grün-7-Äpfel ", &"Grün-7-Äpfel".repeat(1000)] {
            assert!(!passwords.verify(wrong, Some(hash.clone())).await.unwrap(), "{wrong}");
        }
        assert!(!passwords.verify("Grün-7-Äpfel", None).await.unwrap());
    }

    #[tokio::test]
    async fn who_finds_too_many_waiting_is_told_to_come_again() {
        let passwords = Passwords { places: Semaphore::new(0), threads: Arc::new(Semaphore::new(1)) };
        assert_eq!(passwords.verify("x", None).await.unwrap_err().status(), 429);
    }
}
