//! The API keys of a user.

use super::describe::user_url;
use crate::secret::hash;
use crate::{Service, abilities, stored, text};
use belvedere_api::{Cx, Error, Result, bodies, time, types};
use belvedere_store::credentials_api3::{self, COLUMNS, NewCredentialsApi3};
use belvedere_store::{CredentialsApi3, Reader, User};

/// Letters and digits of the public half of a key.
const CLIENT_ID_LENGTH: usize = 20;

/// Letters and digits of the secret half.
const SECRET_LENGTH: usize = 24;

impl Service {
    pub(super) async fn list_api_keys(&self, cx: &Cx, user: &str) -> Result<Vec<types::CredentialsApi3>> {
        let user = self.own_or_administered(cx, user).await?;
        let found = self.store.read(async |db| credentials_api3::of_users(db, &[user.id]).await).await;
        Ok(stored(found)?.iter().map(|key| described(cx, key)).collect())
    }

    pub(super) async fn one_api_key(&self, cx: &Cx, user: &str, key: &str) -> Result<types::CredentialsApi3> {
        let user = self.own_or_administered(cx, user).await?;
        let key = stored(self.store.read(async |db| of_user(db, &user, key).await).await)?;
        Ok(described(cx, &key.ok_or_else(Error::not_found)?))
    }

    pub(super) async fn make_api_key(&self, cx: &Cx, user: &str) -> Result<types::CreateCredentialsApi3> {
        let user = self.key_holder(cx, user).await?;
        let client_secret = cx.ids.alphanumeric(SECRET_LENGTH);
        let new = NewCredentialsApi3 {
            user_id: user.id,
            client_id: cx.ids.alphanumeric(CLIENT_ID_LENGTH).parse().map_err(Error::internal)?,
            secret_hash: hash(&client_secret),
            purpose: None,
        };
        let made = self.change(cx, async |tx| Ok(credentials_api3::insert(tx, new, cx.now).await?)).await?;
        let key = described(cx, &made);
        Ok(types::CreateCredentialsApi3 {
            can: key.can,
            id: key.id,
            client_id: key.client_id,
            created_at: key.created_at,
            is_disabled: key.is_disabled,
            r#type: key.r#type,
            purpose: key.purpose,
            client_secret: Some(client_secret),
            url: key.url,
        })
    }

    pub(super) async fn change_api_key(
        &self,
        cx: &Cx,
        user: &str,
        key: &str,
        body: bodies::WriteCredentialsApi3,
    ) -> Result<types::CredentialsApi3> {
        let user = self.key_holder(cx, user).await?;
        let purpose = text::optional_line("purpose", body.purpose)?.change();
        let changed = self.change(cx, async |tx| {
            let key = of_user(tx, &user, key).await?.ok_or_else(Error::not_found)?;
            let sets = purpose.map(|purpose| COLUMNS.purpose.set(purpose)).into_iter().collect();
            Ok(credentials_api3::update(tx, key.id, sets).await?.ok_or_else(Error::not_found)?)
        });
        Ok(described(cx, &changed.await?))
    }

    pub(super) async fn remove_api_key(&self, cx: &Cx, user: &str, key: &str) -> Result<()> {
        let user = self.key_holder(cx, user).await?;
        self.change(cx, async |tx| {
            let key = of_user(tx, &user, key).await?.ok_or_else(Error::not_found)?;
            credentials_api3::delete(tx, key.id).await?;
            Ok(())
        })
        .await
    }

    /// The user whose keys the caller may change: anybody's for an administrator, one's own where that is allowed.
    async fn key_holder(&self, cx: &Cx, user: &str) -> Result<User> {
        let user = self.own_or_administered(cx, user).await?;
        if cx.security()?.is_admin() || user.can_manage_api3_creds { Ok(user) } else { Err(Error::forbidden()) }
    }
}

/// A key of this user: that of another is not found under this one's address.
async fn of_user(db: &mut Reader, user: &User, key: &str) -> belvedere_store::Result<Option<CredentialsApi3>> {
    let Ok(id) = key.parse() else { return Ok(None) };
    Ok(credentials_api3::get(db, id).await?.filter(|key| key.user_id == user.id))
}

/// An API key as the API shows it: without its secret.
pub(super) fn described(cx: &Cx, key: &CredentialsApi3) -> types::CredentialsApi3 {
    types::CredentialsApi3 {
        can: abilities(&[]),
        id: Some(key.id.to_string()),
        client_id: Some(key.client_id.to_string()),
        created_at: Some(time::text(key.created_at)),
        is_disabled: Some(key.is_disabled),
        r#type: Some("api3".to_owned()),
        purpose: key.purpose.clone(),
        url: Some(format!("{}/credentials_api3/{}", user_url(cx, key.user_id), key.id)),
    }
}
