//! The sessions of a user's browsers.

use super::describe::user_url;
use crate::{Service, abilities, stored};
use belvedere_api::{Cx, Error, Result, time, types};
use belvedere_store::{UserSession, UserSessionId, user_session};

impl Service {
    pub(super) async fn list_sessions(&self, cx: &Cx, user: &str) -> Result<Vec<types::Session>> {
        let user = self.own_or_administered(cx, user).await?;
        let found = self.store.read(async |db| user_session::of_users(db, &[user.id]).await).await;
        Ok(described_live(cx, &stored(found)?))
    }

    pub(super) async fn one_session(&self, cx: &Cx, user: &str, id: &str) -> Result<types::Session> {
        let (user, id) = (self.own_or_administered(cx, user).await?, session_id(id)?);
        let found = self.store.read(async |db| user_session::live_of_user(db, user.id, id, cx.now).await).await;
        Ok(described(cx, &stored(found)?.ok_or_else(Error::not_found)?))
    }

    pub(super) async fn end_session(&self, cx: &Cx, user: &str, id: &str) -> Result<()> {
        let (user, id) = (self.own_or_administered(cx, user).await?, session_id(id)?);
        let ended = self.change(cx, async |tx| Ok(user_session::delete_one_of_user(tx, user.id, id).await?));
        if ended.await? { Ok(()) } else { Err(Error::not_found()) }
    }
}

fn session_id(text: &str) -> Result<UserSessionId> {
    text.parse().map_err(|_| Error::not_found())
}

/// Those of these sessions that have not expired.
pub(super) fn described_live(cx: &Cx, sessions: &[UserSession]) -> Vec<types::Session> {
    sessions.iter().filter(|session| session.expires_at > cx.now).map(|session| described(cx, session)).collect()
}

/// A session as the API shows it. What a browser says of itself is told as it is; places are not guessed.
fn described(cx: &Cx, session: &UserSession) -> types::Session {
    types::Session {
        can: abilities(&[]),
        id: Some(session.id.to_string()),
        ip_address: session.ip_address.clone(),
        browser: session.user_agent.clone(),
        operating_system: None,
        city: None,
        state: None,
        country: None,
        credentials_type: Some(session.credentials_type.clone()),
        extended_at: session.extended_at.map(time::text),
        extended_count: Some(session.extended_count),
        sudo_user_id: None,
        created_at: Some(time::text(session.created_at)),
        expires_at: Some(time::text(session.expires_at)),
        url: Some(format!("{}/sessions/{}", user_url(cx, session.user_id), session.id)),
    }
}
