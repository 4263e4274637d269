//! Sessions of browsers: opened by a sign-in, shown by a cookie, ended by a sign-out.

use crate::audit::{Act, By, Deed};
use crate::auth::session_config::SessionConfig;
use crate::secret::hash;
use crate::user::display_name;
use crate::{Service, stored};
use belvedere_api::{Client, Ids, Result, UserId};
use belvedere_store::user_session::{self, NewUserSession};
use belvedere_store::{Tx, UserSession, UserSessionId, user};
use jiff::{SignedDuration, Timestamp};
use std::fmt;

/// Letters and digits of what a browser shows.
const SECRET_LENGTH: usize = 40;

/// The most characters that are kept of what a browser says of itself.
const LONGEST_USER_AGENT: usize = 500;

/// How much of a session must have passed before its end is put off: reading must not be writing each time.
const EXTENDED_AFTER: SignedDuration = SignedDuration::from_mins(1);

/// A session that was opened.
#[derive(Clone)]
pub struct OpenedSession {
    /// As whom.
    pub user: UserId,
    /// What the browser shows from now on, in a cookie.
    pub secret: String,
    /// When it ends, unless it is put off by use.
    pub expires_at: Timestamp,
    /// Whether the browser may keep it when it is closed.
    pub is_persistent: bool,
}

impl fmt::Debug for OpenedSession {
    /// Without the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenedSession")
            .field("user", &self.user)
            .field("expires_at", &self.expires_at)
            .field("is_persistent", &self.is_persistent)
            .finish_non_exhaustive()
    }
}

/// Who is signed in with a browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrowserSession {
    /// Which session.
    pub(crate) id: UserSessionId,
    /// The user.
    pub user: UserId,
    /// The user's name, as far as it is known.
    pub display_name: Option<String>,
    /// The user's address.
    pub email: Option<String>,
    /// When the session ends.
    pub expires_at: Timestamp,
}

/// Opens a session, by the rules in force.
pub(super) async fn open(
    tx: &mut Tx,
    user_id: belvedere_store::UserId,
    client: &Client,
    ids: &dyn Ids,
    now: Timestamp,
) -> belvedere_store::Result<OpenedSession> {
    let config = SessionConfig::in_force(tx).await?;
    user_session::delete_expired(tx, now).await?;
    if !config.unlimited_sessions_per_user {
        user_session::delete_of_user(tx, user_id).await?;
    }
    let secret = ids.alphanumeric(SECRET_LENGTH);
    let expires_at = now.saturating_add(config.lifetime()).unwrap_or(Timestamp::MAX);
    let new = NewUserSession {
        hash: hash(&secret),
        user_id,
        credentials_type: "email".to_owned(),
        ip_address: client.address.map(|address| address.to_string()),
        user_agent: client.user_agent.as_ref().map(|text| text.chars().take(LONGEST_USER_AGENT).collect()),
        expires_at,
    };
    user_session::insert(tx, new, now).await?;
    let (user, is_persistent) = (UserId::new(user_id.get()), config.allow_persistent_sessions);
    Ok(OpenedSession { user, secret, expires_at, is_persistent })
}

impl Service {
    /// Who is signed in with a browser that shows `secret`; none when nobody is any more.
    ///
    /// # Errors
    /// 500 when the store fails.
    pub async fn browser_session(&self, secret: &str) -> Result<Option<BrowserSession>> {
        let (hash, now) = (hash(secret), self.now());
        let read = self.store.read(async |db| {
            let Some(session) = user_session::find_live(db, &hash, now).await? else { return Ok(None) };
            let user = user::get(db, session.user_id).await?.filter(|user| !user.is_disabled);
            let config = SessionConfig::in_force(db).await?;
            Ok(user.map(|user| (session, user, config)))
        });
        let Some((session, user, config)) = stored(read.await)? else { return Ok(None) };
        let expires_at = self.extended(&session, &config, now).await?;
        Ok(Some(BrowserSession {
            id: session.id,
            user: UserId::new(user.id.get()),
            display_name: display_name(&user),
            email: user.email,
            expires_at,
        }))
    }

    /// Ends a session; nothing happens when there is none.
    ///
    /// # Errors
    /// 500 when the store fails.
    pub async fn sign_out(&self, secret: &str, client: &Client) -> Result<()> {
        let (hash, now) = (hash(secret), self.now());
        let ended = self.change(Act::of_client(Deed::SignOut, client, now), async |tx| {
            let session = user_session::find_live(tx, &hash, now).await?;
            user_session::delete(tx, &hash).await?;
            Ok(session.map(|session| By(session.user_id, ())))
        });
        ended.await.map(drop)
    }

    /// Puts the end of a session off where sessions end by inactivity, and gives the end.
    async fn extended(&self, session: &UserSession, config: &SessionConfig, now: Timestamp) -> Result<Timestamp> {
        let end = now.saturating_add(config.lifetime()).unwrap_or(Timestamp::MAX);
        if !config.use_inactivity_based_logout || end.duration_since(session.expires_at) < EXTENDED_AFTER {
            return Ok(session.expires_at);
        }
        stored(self.store.write(async |tx| user_session::extend(tx, session.id, end, now).await).await)?;
        Ok(end)
    }
}
