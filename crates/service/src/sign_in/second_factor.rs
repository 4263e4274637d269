//! The second factor of a sign-in: a code that changes with time, behind the password.
//!
//! Who has shown the password gets a token for ten minutes, and shows it with a code. What codes are made of is given
//! out at the first sign-in, anew each time until a code of it was shown: nobody who knows the password alone has seen
//! what the user's codes are made of in the end.

use super::lockout::{Attempt, Consequence};
use super::totp::TotpSecret;
use super::{Outcome, REFUSED_AFTER, SignIn, SignInRefusal, let_in};
use crate::Service;
use crate::audit::{Act, Deed};
use crate::change::Undone;
use crate::seal::SealingKey;
use crate::secret::hash;
use belvedere_api::{Client, Error, Ids, Result};
use belvedere_store::totp_sign_in::{self, NewTotpSignIn};
use belvedere_store::{
    AuthType, CredentialsEmail, CredentialsTotp, Reader, SealedSecret, SecretHash, TotpSignIn, Tx, UserId,
    credentials_email, credentials_totp, user,
};
use jiff::{SignedDuration, Timestamp};
use std::fmt;
use tokio::time::Instant;

/// How long somebody has between password and code.
const BETWEEN: SignedDuration = SignedDuration::from_mins(10);

/// Letters and digits of a token.
const TOKEN_LENGTH: usize = 40;

/// What somebody must show who has shown the password.
#[derive(Clone, PartialEq, Eq)]
pub struct SecondFactor {
    /// Names the sign-in; [`Service::show_code`] takes it with a code.
    pub token: String,
    /// What the person keeps first, where nothing makes codes yet.
    pub set_up: Option<SetUp>,
    /// Whether this is asked again, because a code was not right.
    pub was_wrong: bool,
}

/// What codes are made of, as it is given to the person who will make them.
#[derive(Clone, PartialEq, Eq)]
pub struct SetUp {
    /// As a person types it: 32 letters and digits.
    pub secret: String,
    /// As an application reads it: `otpauth://totp/...`.
    pub uri: String,
}

impl fmt::Debug for SecondFactor {
    /// Without what opens anything.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecondFactor")
            .field("is_set_up", &self.set_up.is_none())
            .field("was_wrong", &self.was_wrong)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for SetUp {
    /// Without the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SetUp(..)")
    }
}

/// Somebody who has shown the password.
struct Between {
    sign_in: TotpSignIn,
    factor: CredentialsTotp,
    credentials: CredentialsEmail,
}

impl Between {
    /// Whoever has this token, while it works.
    async fn find(db: &mut Reader, token: &SecretHash, now: Timestamp) -> belvedere_store::Result<Option<Self>> {
        let Some(sign_in) = totp_sign_in::find_live(db, token, now).await? else { return Ok(None) };
        let user = user::get(db, sign_in.user_id).await?.filter(|user| !user.is_disabled);
        let credentials = credentials_email::of_user(db, sign_in.user_id).await?;
        let factor = credentials_totp::of_user(db, sign_in.user_id).await?;
        let (Some(_), Some(factor), Some(credentials)) = (user, factor, credentials) else { return Ok(None) };
        // Of two set-ups at once the first that is completed counts.
        let is_overtaken = sign_in.secret.is_some() && factor.verified;
        Ok((!credentials.is_disabled && !is_overtaken).then_some(Self { sign_in, factor, credentials }))
    }

    /// What the codes are made of.
    fn secret(&self, key: &SealingKey) -> Result<TotpSecret> {
        let sealed = self.sign_in.secret.as_ref().or(self.factor.secret.as_ref());
        let sealed = sealed.ok_or_else(|| Error::internal("a second factor is verified and has no secret"))?;
        let opened = key.open(&place(self.factor.user_id), sealed.as_bytes()).map_err(|error| {
            let message = "The second factor can not be read with the key of this server; ask an administrator";
            Error::unavailable(message).with_source(error)
        })?;
        TotpSecret::from_bytes(&opened).ok_or_else(|| Error::internal("a second factor has a secret of another length"))
    }

    fn asked_again(&self, token: &str, secret: &TotpSecret) -> SecondFactor {
        let set_up = self.sign_in.secret.is_some().then(|| set_up(secret, &self.credentials));
        SecondFactor { token: token.to_owned(), set_up, was_wrong: true }
    }
}

/// What a secret is sealed for.
fn place(user: UserId) -> String {
    format!("credentials_totp {user}")
}

fn set_up(secret: &TotpSecret, credentials: &CredentialsEmail) -> SetUp {
    SetUp { secret: secret.text(), uri: secret.uri(&credentials.email) }
}

impl Service {
    /// Asks somebody who has shown the password for a code.
    pub(super) async fn ask_for_code(
        &self,
        tx: &mut Tx,
        credentials: &CredentialsEmail,
        factor: &CredentialsTotp,
        ids: &dyn Ids,
        now: Timestamp,
    ) -> Result<SignIn, Undone> {
        let token = ids.alphanumeric(TOKEN_LENGTH);
        let secret = (!factor.verified).then(|| TotpSecret::random(ids));
        let sealed = secret.as_ref().map(|secret| {
            SealedSecret::new(self.settings.sealing_key.seal(&place(factor.user_id), secret.as_bytes(), ids))
        });
        let expires_at = now.saturating_add(BETWEEN).unwrap_or(Timestamp::MAX);
        let new = NewTotpSignIn { hash: hash(&token), user_id: factor.user_id, secret: sealed, expires_at };
        totp_sign_in::insert(tx, new, now).await?;
        let set_up = secret.map(|secret| set_up(&secret, credentials));
        Ok(SignIn::SecondFactor(SecondFactor { token, set_up, was_wrong: false }))
    }

    /// Signs a person in who shows a code, with the token of [`SignIn::SecondFactor`].
    ///
    /// # Errors
    /// 503 when another key has sealed what the codes are made of.
    pub async fn show_code(&self, token: &str, code: &str, client: &Client, ids: &dyn Ids) -> Result<SignIn> {
        let started = Instant::now();
        let act = Act::of_client(Deed::ShowCode, client, self.now());
        let shown = self.change(act, async |tx| self.code_shown(tx, token, code, client, ids).await);
        let outcome = shown.await?.sign_in;
        if matches!(outcome, SignIn::Refused(_) | SignIn::SecondFactor(_)) {
            tracing::info!(?outcome, address = ?client.address, "a code was refused");
            tokio::time::sleep_until(started + REFUSED_AFTER).await;
        }
        Ok(outcome)
    }

    async fn code_shown(
        &self,
        tx: &mut Tx,
        token: &str,
        code: &str,
        client: &Client,
        ids: &dyn Ids,
    ) -> Result<Outcome, Undone> {
        let now = self.now();
        let outcome = |owner, sign_in, consequence| Outcome { sign_in, owner, shown: AuthType::Totp, consequence };
        let Some(between) = Between::find(tx, &hash(token), now).await? else {
            return Ok(outcome(None, SignIn::Refused(SignInRefusal::TooLate), Consequence::None));
        };
        let user = between.factor.user_id;
        let attempt = Attempt::new(AuthType::Totp, &between.credentials.email, client.address);
        if let Some(lockout) = attempt.lockout(tx, now).await? {
            return Ok(outcome(Some(user), lockout.refusal(), Consequence::None));
        }
        let secret = between.secret(&self.settings.sealing_key)?;
        let Some(step) = secret.step_of(code, now, between.factor.last_step) else {
            let consequence = attempt.failed(tx, Some(user), now).await?;
            let asked_again = SignIn::SecondFactor(between.asked_again(token, &secret));
            return Ok(outcome(Some(user), asked_again, consequence));
        };
        attempt.succeeded(tx).await?;
        match between.sign_in.secret {
            Some(sealed) => credentials_totp::verify(tx, user, sealed, step).await?,
            None => credentials_totp::use_step(tx, user, step).await?,
        }
        totp_sign_in::delete(tx, &between.sign_in.hash).await?;
        let let_in = let_in(tx, &between.credentials, client, ids, now).await?;
        Ok(outcome(Some(user), let_in, Consequence::None))
    }
}
