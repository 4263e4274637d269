//! Signing in by a person: what the pages ask.
//!
//! Whoever is refused learns nothing of why: an unknown address, a wrong password and a disabled user are told alike,
//! after the same time.

pub(crate) mod declared;
pub(crate) mod forgotten;
pub(crate) mod lockout;
pub(crate) mod passwords;
pub(crate) mod reset;
mod second_factor;
mod session;
mod totp;

use crate::audit::{Act, Deed, Record, Subject};
use crate::auth::password_config::PasswordConfig;
use crate::change::Undone;
use crate::{Service, stored, text};
use belvedere_api::{Client, Ids, Result};
use belvedere_store::{
    AuthType, CredentialsEmail, PasswordHash, Reader, Tx, UserId, credentials_email, credentials_totp, user,
};
use jiff::Timestamp;
use lockout::{Attempt, Consequence};
use std::time::Duration;
use tokio::time::Instant;

pub use second_factor::{SecondFactor, SetUp};
pub use session::{BrowserSession, OpenedSession};

/// When a refusal is told, counted from the question. It is longer than looking a password up takes, so that the time
/// tells nothing; and it slows down who guesses.
const REFUSED_AFTER: Duration = Duration::from_millis(500);

/// What comes of a sign-in.
#[derive(Debug)]
pub enum SignIn {
    /// The person is signed in.
    Done(OpenedSession),
    /// The password was right, and the person must show a code, which [`Service::show_code`] takes.
    SecondFactor(SecondFactor),
    /// The password was right, and the person must set another one first: with this token, which
    /// [`Service::set_password`] takes.
    NewPassword(String),
    /// Nobody is signed in.
    Refused(SignInRefusal),
}

/// Why nobody is signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInRefusal {
    /// The address or the password is wrong, or the user may not sign in.
    WrongCredentials,
    /// Too many sign-ins with these credentials, or from this network address, have failed. The right password is
    /// refused too.
    LockedOut {
        /// How long that will last.
        remaining: Duration,
    },
    /// The sign-in that a code was shown for has ended: too long ago, or by something that happened meanwhile.
    TooLate,
}

impl Service {
    /// Signs a person in.
    ///
    /// # Errors
    /// 429 when too many people sign in at this moment.
    pub async fn sign_in(&self, email: &str, password: &str, client: &Client, ids: &dyn Ids) -> Result<SignIn> {
        let started = Instant::now();
        let outcome = self.signed_in(email.trim(), password, client, ids).await?;
        if let SignIn::Refused(refusal) = outcome {
            tracing::info!(?refusal, address = ?client.address, "a sign-in was refused");
            tokio::time::sleep_until(started + REFUSED_AFTER).await;
        }
        Ok(outcome)
    }

    async fn signed_in(&self, email: &str, password: &str, client: &Client, ids: &dyn Ids) -> Result<SignIn> {
        let now = self.now();
        let attempt = Attempt::new(AuthType::Email, email, client.address);
        // What is no address is nobody's, and not looked for.
        let email = text::email("email", email).ok();
        let read = self.store.read(async |db| {
            let lockout = attempt.lockout(db, now).await?;
            Ok((lockout, named(db, email.as_deref()).await?))
        });
        let (lockout, known) = stored(read.await)?;
        // A guess at what is locked costs nothing.
        if let Some(lockout) = lockout {
            return Ok(lockout.refusal());
        }
        let hash = known.as_ref().and_then(|credentials| credentials.password_hash.clone());
        let is_right = self.passwords.verify(password, hash.clone()).await?;
        let owner = known.map(|credentials| credentials.user_id);
        let outcome = |sign_in, consequence| Outcome { sign_in, owner, shown: AuthType::Email, consequence };
        let decided = self.change(Act::of_client(Deed::SignIn, client, now), async |tx| {
            // Many guesses at once are checked at once, but told one after the other.
            if let Some(lockout) = attempt.lockout(tx, now).await? {
                return Ok(outcome(lockout.refusal(), Consequence::None));
            }
            let credentials = if is_right { usable(tx, email.as_deref(), hash.as_ref()).await? } else { None };
            let Some(credentials) = credentials else {
                let consequence = attempt.failed(tx, owner, now).await?;
                return Ok(outcome(SignIn::Refused(SignInRefusal::WrongCredentials), consequence));
            };
            attempt.succeeded(tx).await?;
            let admitted = self.admitted(tx, &credentials, client, ids, now).await?;
            Ok(outcome(admitted, Consequence::None))
        });
        Ok(decided.await?.sign_in)
    }

    /// What happens to a person whose password was right. Nobody signs in with less than an administrator asks for.
    async fn admitted(
        &self,
        tx: &mut Tx,
        credentials: &CredentialsEmail,
        client: &Client,
        ids: &dyn Ids,
        now: Timestamp,
    ) -> Result<SignIn, Undone> {
        match credentials_totp::of_user(tx, credentials.user_id).await?.filter(|factor| !factor.is_disabled) {
            Some(factor) => self.ask_for_code(tx, credentials, &factor, ids, now).await,
            None => let_in(tx, credentials, client, ids, now).await,
        }
    }
}

/// What comes of a step of a sign-in, and with whose credentials it was.
struct Outcome {
    sign_in: SignIn,
    owner: Option<UserId>,
    /// What was shown.
    shown: AuthType,
    consequence: Consequence,
}

/// Who is asked for more has not signed in. What was typed is not told: it may be a password in the wrong field.
impl Subject for Outcome {
    fn tell(&self, record: &mut Record) {
        record.user(self.owner);
        record.attribute("credentials_type", self.shown.as_str());
        match &self.sign_in {
            SignIn::Done(_) => {}
            SignIn::NewPassword(_) => record.failed("new_password_due"),
            SignIn::SecondFactor(asked) if asked.was_wrong => record.failed("wrong_code"),
            SignIn::SecondFactor(_) => record.failed("second_factor_due"),
            SignIn::Refused(SignInRefusal::WrongCredentials) => record.failed("wrong_credentials"),
            SignIn::Refused(SignInRefusal::LockedOut { .. } | SignInRefusal::TooLate) => record.nothing(),
        }
        self.consequence.tell(record);
    }
}

/// The credentials with an address.
async fn named(db: &mut Reader, email: Option<&str>) -> belvedere_store::Result<Option<CredentialsEmail>> {
    match email {
        Some(email) => credentials_email::by_email(db, email).await,
        None => Ok(None),
    }
}

/// Credentials whose password was right, unless it has been changed meanwhile or opens nothing.
async fn usable(
    db: &mut Reader,
    email: Option<&str>,
    checked: Option<&PasswordHash>,
) -> belvedere_store::Result<Option<CredentialsEmail>> {
    let Some(credentials) = named(db, email).await? else { return Ok(None) };
    let user = user::get(db, credentials.user_id).await?;
    let opens = user.is_some_and(|user| !user.is_disabled) && !credentials.is_disabled;
    Ok(Some(credentials).filter(|credentials| opens && credentials.password_hash.as_ref() == checked))
}

/// What happens to a person who has shown everything that must be shown.
async fn let_in(
    tx: &mut Tx,
    credentials: &CredentialsEmail,
    client: &Client,
    ids: &dyn Ids,
    now: Timestamp,
) -> Result<SignIn, Undone> {
    let config = PasswordConfig::in_force(tx).await?;
    if credentials.forced_password_reset_at_next_login || config.has_expired(credentials, now) {
        let made = reset::make(tx, credentials.user_id, Some(reset::AT_SIGN_IN), ids, now).await?;
        return Ok(SignIn::NewPassword(made.token));
    }
    credentials_email::set_logged_in(tx, credentials.user_id, now).await?;
    Ok(SignIn::Done(session::open(tx, credentials.user_id, client, ids, now).await?))
}
