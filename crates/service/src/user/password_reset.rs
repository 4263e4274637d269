//! Addresses where a user sets a password.

use super::credentials_email::described;
use super::user_id;
use crate::Service;
use crate::audit::about;
use crate::sign_in::reset::{self, Made};
use belvedere_api::{Cx, Error, Result, types};
use belvedere_store::{CredentialsEmail, credentials_email};
use jiff::SignedDuration;

/// Where somebody sets another password. The token follows.
pub const PASSWORD_RESET_PATH: &str = "/password/reset/";

/// Where somebody sets the first password. The token follows.
pub const ACCOUNT_SETUP_PATH: &str = "/account/setup/";

impl Service {
    pub(super) async fn make_password_reset(
        &self,
        cx: &Cx,
        user: &str,
        expires: Option<bool>,
    ) -> Result<types::CredentialsEmail> {
        let lifetime = (expires == Some(true)).then_some(reset::SENT);
        let (credentials, made) = self.made_password_reset(cx, user, lifetime).await?;
        let setup = credentials.password_hash.is_none().then(|| address(cx, ACCOUNT_SETUP_PATH, &made));
        Ok(types::CredentialsEmail {
            password_reset_url: Some(address(cx, PASSWORD_RESET_PATH, &made)),
            account_setup_url: setup,
            ..described(cx, &credentials, Some(&made.kept))
        })
    }

    pub(super) async fn mail_password_reset(&self, cx: &Cx, user: &str) -> Result<types::CredentialsEmail> {
        // Asked first: where nothing can be sent, the way that was given before must not end.
        let postman = self.postman().await?;
        let (credentials, made) = self.made_password_reset(cx, user, Some(reset::SENT)).await?;
        postman.send_reset(&credentials, &made).await?;
        Ok(described(cx, &credentials, Some(&made.kept)))
    }

    async fn made_password_reset(
        &self,
        cx: &Cx,
        user: &str,
        lifetime: Option<SignedDuration>,
    ) -> Result<(CredentialsEmail, Made)> {
        let user = user_id(user)?;
        let made = self.change(cx, async |tx| {
            let credentials = credentials_email::of_user(tx, user).await?.ok_or_else(Error::not_found)?;
            let made = reset::make(tx, user, lifetime, &*cx.ids, cx.now).await?;
            let expires_at = made.kept.expires_at.map(|end| end.to_string());
            Ok(about((credentials, made), [("password_expires_at", expires_at.into())]))
        });
        Ok(made.await?.value)
    }
}

fn address(cx: &Cx, path: &str, made: &Made) -> String {
    cx.url(&format!("{path}{}", made.token))
}
