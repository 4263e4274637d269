//! Who has forgotten the password gets a mail with the way to a new one.
//!
//! Whoever asks learns nothing of whose address it is: the answer has gone before anybody is looked for. So that nobody
//! is flooded with mails, only so many go to one address, and only so many are asked for from one network; each node
//! counts for itself.

use super::lockout::network;
use super::reset;
use crate::audit::{Act, By, Deed, about};
use crate::mail::Postman;
use crate::{Service, text};
use belvedere_api::{Client, Error, ErrorKind, Ids, Result};
use belvedere_store::{credentials_email, user};
use moka::sync::Cache;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::sync::Semaphore;

/// How long it is counted.
const WHILE: Duration = Duration::from_hours(1);

/// The most mails to an address in that time.
const MAILS: u32 = 5;

/// The most mails that are asked for from a network in that time.
const REQUESTS: u32 = 50;

/// The most addresses and networks that are counted.
const MOST_COUNTS: u64 = 100_000;

/// The most mails that are under way.
const UNDER_WAY: usize = 32;

/// What has been asked for.
pub(crate) struct Forgotten {
    emails: Counts,
    networks: Counts,
    places: Arc<Semaphore>,
}

impl Default for Forgotten {
    fn default() -> Self {
        Self { emails: Counts::new(), networks: Counts::new(), places: Arc::new(Semaphore::new(UNDER_WAY)) }
    }
}

impl fmt::Debug for Forgotten {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Forgotten").finish_non_exhaustive()
    }
}

/// How often something came, by its name.
struct Counts(Cache<String, Arc<AtomicU32>>);

impl Counts {
    fn new() -> Self {
        Self(Cache::builder().max_capacity(MOST_COUNTS).time_to_live(WHILE).build())
    }

    /// Counts, unless it has come `most` times.
    fn count(&self, name: String, most: u32) -> bool {
        let count = self.0.get_with(name, Arc::default);
        count.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |count| (count < most).then(|| count + 1)).is_ok()
    }
}

impl Service {
    /// Sends a mail with the way to a new password to whoever has this address and may sign in. The answer tells nobody
    /// whether there is such a person.
    ///
    /// # Errors
    /// 400 when this server sends no mail, 429 when too much is asked for from one network.
    pub async fn forgot_password(self: &Arc<Self>, email: &str, client: &Client, ids: &Arc<dyn Ids>) -> Result<()> {
        let postman = self.postman().await?;
        let network = client.address.map_or_else(String::new, network);
        if !self.forgotten.networks.count(network, REQUESTS) {
            let message = "too many mails were asked for from this network; try again later";
            return Err(Error::new(ErrorKind::TooManyRequests { retry_after: WHILE }, message));
        }
        // What is no address is nobody's.
        let Ok(email) = text::email("email", email) else { return Ok(()) };
        if !self.forgotten.emails.count(email.to_ascii_lowercase(), MAILS) {
            tracing::info!("no further mail was sent to an address for which many were asked");
            return Ok(());
        }
        let Ok(place) = Arc::clone(&self.forgotten.places).try_acquire_owned() else {
            tracing::warn!("a mail was not sent: too many are under way");
            return Ok(());
        };
        let (service, ids, client) = (Arc::clone(self), Arc::clone(ids), client.clone());
        tokio::spawn(async move {
            let _place = place;
            if let Err(error) = service.mail_to_whoever_has(&email, &postman, &client, &*ids).await {
                tracing::warn!(%error, "a mail with the way to a new password was not sent");
            }
        });
        Ok(())
    }

    async fn mail_to_whoever_has(&self, email: &str, postman: &Postman, client: &Client, ids: &dyn Ids) -> Result<()> {
        let now = self.now();
        let made = self.change(Act::of_client(Deed::ForgotPassword, client, now), async |tx| {
            let Some(credentials) = credentials_email::by_email(tx, email).await? else { return Ok(None) };
            let user = user::get(tx, credentials.user_id).await?;
            if credentials.is_disabled || user.is_none_or(|user| user.is_disabled) {
                return Ok(None);
            }
            let made = reset::make(tx, credentials.user_id, Some(reset::SENT), ids, now).await?;
            Ok(Some(By(credentials.user_id, about((credentials, made), []))))
        });
        match made.await? {
            Some(By(_, about)) => {
                let (credentials, made) = about.value;
                postman.send_reset(&credentials, &made).await
            }
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_so_many_are_counted_of_each() {
        let counts = Counts::new();
        assert!((0..3).all(|_| counts.count("ada".to_owned(), 3)));
        assert!(!counts.count("ada".to_owned(), 3));
        assert!(counts.count("grace".to_owned(), 3));
    }
}
