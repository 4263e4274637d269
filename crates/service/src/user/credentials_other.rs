//! The second factor, the kinds of credentials that nobody has, and the way from credentials to their owner.

use super::describe::user_url;
use crate::change::unless_taken;
use crate::{Service, abilities, stored};
use belvedere_api::{Cx, Error, Result, time, types};
use belvedere_store::{CredentialsTotp, credentials_api3, credentials_email, credentials_embed, credentials_totp};

impl Service {
    /// Nobody has credentials of a kind that this server cannot sign anybody in by.
    pub(super) async fn no_such_credentials<T>(&self, cx: &Cx, user: &str) -> Result<T> {
        self.own_or_administered(cx, user).await?;
        Err(Error::not_found())
    }

    pub(super) async fn second_factor(&self, cx: &Cx, user: &str) -> Result<types::CredentialsTotp> {
        let user = self.own_or_administered(cx, user).await?;
        let found = stored(self.store.read(async |db| credentials_totp::of_user(db, user.id).await).await)?;
        Ok(described(cx, &found.ok_or_else(Error::not_found)?))
    }

    pub(super) async fn make_second_factor(&self, cx: &Cx, user: &str) -> Result<types::CredentialsTotp> {
        let user = self.administered(user).await?;
        let made = self.change(cx, async |tx| {
            unless_taken(credentials_totp::insert(tx, user.id, cx.now).await, Error::already_exists)
        });
        Ok(described(cx, &made.await?))
    }

    pub(super) async fn remove_second_factor(&self, cx: &Cx, user: &str) -> Result<()> {
        let user = self.administered(user).await?;
        let deleted = self.change(cx, async |tx| Ok(credentials_totp::delete(tx, user.id).await?)).await?;
        if deleted { Ok(()) } else { Err(Error::not_found()) }
    }

    /// Whose the named credentials are.
    pub(super) async fn owner_of_credential(&self, cx: &Cx, kind: &str, name: &str) -> Result<types::User> {
        let found = self.store.read(async |db| {
            Ok(match kind {
                "email" => credentials_email::by_email(db, name).await?.map(|email| email.user_id),
                "embed" => credentials_embed::by_external_user_id(db, name).await?.map(|embed| embed.user_id),
                "api3" => match name.parse() {
                    Ok(client_id) => credentials_api3::by_client_id(db, client_id).await?.map(|key| key.user_id),
                    Err(_) => None,
                },
                _ => None,
            })
        });
        let owner = stored(found.await)?.ok_or_else(Error::not_found)?;
        self.one_user(cx, owner).await
    }
}

/// A second factor as the API shows it.
pub(super) fn described(cx: &Cx, factor: &CredentialsTotp) -> types::CredentialsTotp {
    types::CredentialsTotp {
        can: abilities(&[]),
        created_at: Some(time::text(factor.created_at)),
        is_disabled: Some(factor.is_disabled),
        r#type: Some("totp".to_owned()),
        verified: Some(factor.verified),
        url: Some(format!("{}/credentials_totp", user_url(cx, factor.user_id))),
    }
}
