//! Who calls: from a token to the user and what it may do.

use crate::oauth::still_admits;
use crate::permission::{Permission, Scope};
use crate::remembered::Remembered;
use crate::secret::hash;
use crate::user_attribute::value;
use crate::{Service, stored};
use belvedere_api::{Caller, Error, Grant, Names, Result, SecurityContext, TokenHash, UserId, Workspace};
use belvedere_store::access::{self, Access, HeldRole};
use belvedere_store::session::{self, WorkspaceId};
use belvedere_store::{Reader, role, token, user};
use jiff::Timestamp;
use std::sync::Arc;

/// Bearers of tokens, by the token's hash, in a generation of the store.
pub(crate) type Identities = Remembered<[u8; 32], u64, Known>;

/// How many of them are remembered.
pub(crate) const MOST_IDENTITIES: u64 = 10_000;

pub(crate) struct Known {
    caller: Caller,
    expires_at: Timestamp,
}

impl Service {
    /// The bearer of a token.
    ///
    /// # Errors
    /// 401 when the token is unknown, expired or its user may not sign in any more, when who acts as the user is no
    /// longer an administrator, or when the program that has the token may no longer act as the user.
    pub async fn authenticate(&self, token: &str, now: Timestamp) -> Result<Option<Caller>> {
        let hash = hash(token);
        let generation = self.store.generation();
        let known = self.identities.get(hash.as_bytes(), &generation);
        if let Some(known) = known.filter(|known| known.expires_at > now) {
            return Ok(Some(known.caller.clone()));
        }
        let found = self.store.read(async |db| {
            let Some(token) = token::find_live(db, &hash, now).await? else { return Ok(None) };
            let Some(security) = security(db, token.user_id).await? else { return Ok(None) };
            if let Some(admin) = token.sudo_user_id {
                let is_enabled = user::get(db, admin).await?.is_some_and(|admin| !admin.is_disabled);
                if !is_enabled || !access::is_admin(db, admin).await? {
                    return Ok(None);
                }
            }
            if let Some(code) = token.authorization_code_hash
                && !still_admits(db, &code).await?
            {
                return Ok(None);
            }
            let Some(session) = session::get(db, &hash).await? else { return Ok(None) };
            Ok(Some((token, security, session)))
        });
        let (token, security, session) = stored(found.await)?.ok_or_else(Error::unauthorized)?;
        let caller = Caller {
            user: UserId::new(token.user_id.get()),
            token: TokenHash(*hash.as_bytes()),
            workspace: match session.workspace_id {
                WorkspaceId::Production => Workspace::Production,
                WorkspaceId::Dev => Workspace::Dev,
            },
            sudo_user: token.sudo_user_id.map(|user| UserId::new(user.get())),
            security: Arc::new(security),
        };
        let known = Known { caller: caller.clone(), expires_at: token.expires_at };
        self.identities.insert(*hash.as_bytes(), generation, known);
        Ok(Some(caller))
    }
}

/// What a user may see and do; none when there is no such user, or one who may not sign in.
async fn security(db: &mut Reader, id: belvedere_store::UserId) -> belvedere_store::Result<Option<SecurityContext>> {
    let Some(user) = user::get(db, id).await?.filter(|user| !user.is_disabled) else { return Ok(None) };
    let access = access::of_user(db, id).await?;
    let attributes = value::effective(db, &user, &access.groups).await?;
    let locale = attributes.get("locale").map_or_else(|| "en".to_owned(), |locale| locale.value.clone());
    let time_zone = attributes.get("timezone").map(|zone| zone.value.clone());
    Ok(Some(SecurityContext::new(UserId::new(id.get()), grants(&access), attributes, locale, time_zone)))
}

/// What roles give: permissions on models with the models of their role, permissions on the instance everywhere.
fn grants(access: &Access) -> Vec<Grant> {
    access.roles.iter().flat_map(grants_of_role).collect()
}

fn grants_of_role(held: &HeldRole) -> Vec<Grant> {
    if held.role.id == role::ADMIN {
        return vec![Grant::admin()];
    }
    let given: Vec<Permission> = if held.permission_set.all_access {
        Permission::ALL.to_vec()
    } else {
        let named = held.permission_set.permissions.iter().filter_map(|word| Permission::parse(word));
        named.flat_map(|permission| std::iter::once(permission).chain(permission.implied().iter().copied())).collect()
    };
    let of_scope = |scope| {
        let words = given.iter().filter(|permission| permission.scope() == scope);
        Names::Only(words.map(|permission| permission.as_str().to_owned()).collect())
    };
    let models = if held.model_set.all_access {
        Names::All
    } else {
        Names::Only(held.model_set.models.iter().cloned().collect())
    };
    vec![
        Grant { permissions: of_scope(Scope::Model), models },
        Grant { permissions: of_scope(Scope::Instance), models: Names::All },
    ]
}
