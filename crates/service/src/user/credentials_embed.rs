//! Sign-in through an application that embeds.

use super::describe::{public_user, user_url};
use crate::audit::{Record, Subject};
use crate::change::Undone;
use crate::{Service, abilities, stored};
use belvedere_api::{Cx, Error, Result, bodies, time, types};
use belvedere_store::user::{self, NewUser};
use belvedere_store::{CredentialsEmbed, User, credentials_embed, token};

/// The names of an embed user before the application tells others.
const FIRST_NAME: &str = "Embed";
const LAST_NAME: &str = "User";

/// The most characters of an application's name for a user.
const LONGEST_EXTERNAL_ID: usize = 255;

impl Service {
    pub(super) async fn list_embed_credentials(&self, cx: &Cx, user: &str) -> Result<Vec<types::CredentialsEmbed>> {
        let user = self.own_or_administered(cx, user).await?;
        let found = stored(self.store.read(async |db| credentials_embed::of_users(db, &[user.id]).await).await)?;
        Ok(found.iter().map(|embed| described(cx, embed)).collect())
    }

    pub(super) async fn one_embed_credentials(&self, cx: &Cx, user: &str, id: &str) -> Result<types::CredentialsEmbed> {
        let user = self.own_or_administered(cx, user).await?;
        let id = id.parse().map_err(|_| Error::not_found())?;
        let found = stored(self.store.read(async |db| credentials_embed::get(db, id).await).await)?;
        let found = found.filter(|embed| embed.user_id == user.id);
        Ok(described(cx, &found.ok_or_else(Error::not_found)?))
    }

    pub(super) async fn remove_embed_credentials(&self, cx: &Cx, user: &str, id: &str) -> Result<()> {
        let user = self.administered(user).await?;
        let id = id.parse().map_err(|_| Error::not_found())?;
        self.change(cx, async |tx| {
            if !credentials_embed::delete(tx, user.id, id).await? {
                return Err(Error::not_found().into());
            }
            token::delete_of_user(tx, user.id).await?;
            Ok(())
        })
        .await
    }

    /// Makes the user whom an application calls so; one that exists is given as it is.
    pub(super) async fn make_embed_user(
        &self,
        cx: &Cx,
        body: bodies::WriteCreateEmbedUserRequest,
    ) -> Result<types::UserPublic> {
        let name = body.external_user_id;
        if name.is_empty() || name.chars().count() > LONGEST_EXTERNAL_ID || name.chars().any(char::is_control) {
            return Err(Error::bad_request(format!(
                "`external_user_id` must have 1 to {LONGEST_EXTERNAL_ID} characters, and no control characters"
            )));
        }
        let made = self.change(cx, async |tx| {
            if let Some(known) = credentials_embed::by_external_user_id(tx, &name).await? {
                let user = user::get(tx, known.user_id).await?.ok_or_else(Error::not_found)?;
                return Ok::<_, Undone>(EmbedUser { user, is_new: false });
            }
            let new = NewUser {
                first_name: Some(FIRST_NAME.to_owned()),
                last_name: Some(LAST_NAME.to_owned()),
                ..NewUser::default()
            };
            let user = user::insert(tx, new, cx.now).await?;
            credentials_embed::insert(tx, user.id, &name, cx.now).await?;
            Ok(EmbedUser { user, is_new: true })
        });
        let user = made.await?.user;
        Ok(types::UserPublic { is_embed_user: Some(true), ..public_user(cx, &user) })
    }
}

/// The user whom an application calls by a name.
struct EmbedUser {
    user: User,
    is_new: bool,
}

impl Subject for EmbedUser {
    fn tell(&self, record: &mut Record) {
        self.user.tell(record);
        if !self.is_new {
            record.nothing();
        }
    }
}

/// Embed credentials as the API shows them.
pub(super) fn described(cx: &Cx, embed: &CredentialsEmbed) -> types::CredentialsEmbed {
    types::CredentialsEmbed {
        can: abilities(&[]),
        created_at: Some(time::text(embed.created_at)),
        external_group_id: embed.external_group_id.clone(),
        external_user_id: Some(embed.external_user_id.clone()),
        id: Some(embed.id.to_string()),
        is_disabled: Some(embed.is_disabled),
        logged_in_at: embed.logged_in_at.map(time::text),
        r#type: Some("embed".to_owned()),
        url: Some(format!("{}/credentials_embed/{}", user_url(cx, embed.user_id), embed.id)),
    }
}
