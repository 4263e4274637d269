//! Who calls: from a token to the user and what it may do.

use crate::secret::hash;
use crate::{Service, stored};
use belvedere_api::{Caller, Error, Grant, Result, SecurityContext, TokenHash, UserId, Workspace};
use belvedere_store::session::{self, WorkspaceId};
use belvedere_store::{token, user};
use jiff::Timestamp;
use moka::sync::Cache;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// Bearers of tokens that were looked up before, valid as long as nothing about access has changed since.
pub(crate) struct Identities(Cache<[u8; 32], Arc<Known>>);

struct Known {
    caller: Caller,
    expires_at: Timestamp,
    /// The store's generation at which this was read.
    generation: u64,
}

impl Default for Identities {
    fn default() -> Self {
        Self(Cache::new(10_000))
    }
}

impl fmt::Debug for Identities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Identities").field(&self.0.entry_count()).finish()
    }
}

impl Service {
    /// The bearer of a token.
    ///
    /// # Errors
    /// 401 when the token is unknown, expired or its user may not sign in any more, or when who acts as the user is no
    /// longer an administrator.
    pub async fn authenticate(&self, token: &str, now: Timestamp) -> Result<Option<Caller>> {
        let hash = hash(token);
        let generation = self.store.generation();
        let known = self.identities.0.get(hash.as_bytes());
        if let Some(known) = known.filter(|known| known.generation == generation && known.expires_at > now) {
            return Ok(Some(known.caller.clone()));
        }
        let found = self.store.read(async |db| {
            let Some(token) = token::find_live(db, &hash, now).await? else { return Ok(None) };
            let Some(user) = user::get(db, token.user_id).await?.filter(|user| !user.is_disabled) else {
                return Ok(None);
            };
            if let Some(admin) = token.sudo_user_id {
                let admin = user::get(db, admin).await?.filter(|admin| admin.is_admin && !admin.is_disabled);
                if admin.is_none() {
                    return Ok(None);
                }
            }
            let Some(session) = session::get(db, &hash).await? else { return Ok(None) };
            Ok(Some((token, user, session)))
        });
        let (token, user, session) = stored(found.await)?.ok_or_else(Error::unauthorized)?;
        let caller = Caller {
            user: UserId::new(user.id.get()),
            token: TokenHash(*hash.as_bytes()),
            workspace: match session.workspace_id {
                WorkspaceId::Production => Workspace::Production,
                WorkspaceId::Dev => Workspace::Dev,
            },
            sudo_user: token.sudo_user_id.map(|user| UserId::new(user.get())),
            security: Arc::new(security(&user)),
        };
        let known = Known { caller: caller.clone(), expires_at: token.expires_at, generation };
        self.identities.0.insert(*hash.as_bytes(), Arc::new(known));
        Ok(Some(caller))
    }
}

/// What a user may see and do. Until there are roles, administrators may do everything and others nothing.
fn security(user: &belvedere_store::User) -> SecurityContext {
    let grants = if user.is_admin { vec![Grant::admin()] } else { Vec::new() };
    let locale = user.locale.clone().unwrap_or_else(|| "en".to_owned());
    SecurityContext::new(UserId::new(user.id.get()), grants, BTreeMap::new(), locale, None)
}
