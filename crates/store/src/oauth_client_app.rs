//! Programs that sign users in by OAuth.

use jiff::Timestamp;

use crate::authorization_code;
use crate::error::Result;
use crate::id::{ClientGuid, GroupId};
use crate::reader::{Reader, Tx};
use crate::table::{Search, Set, table};

table! {
    /// A program that is registered to sign users in.
    pub struct OauthClientApp in "oauth_client_app", key client_guid {
        /// Its name among all programs, the `client_id` of OAuth.
        client_guid: ClientGuid,
        /// Where the browser may go back to; at least one address.
        redirect_uris: Vec<String>,
        /// What users know it as.
        display_name: String,
        /// What it tells users that it is for.
        description: String,
        /// Whether it may sign users in.
        enabled: bool,
        /// The group whose members alone may use it, directly or through other groups. One that is gone has no members.
        group_id: Option<GroupId>,
        /// When everything that it had got was ended for the last time; at first, when it was registered.
        tokens_invalid_before: Timestamp,
    }
}

/// The program with this name.
pub async fn get(db: &mut Reader, client_guid: &ClientGuid) -> Result<Option<OauthClientApp>> {
    db.one(COLUMNS.client_guid.eq(client_guid.clone())).await
}

/// Every program, by name.
pub async fn all(db: &mut Reader) -> Result<Vec<OauthClientApp>> {
    db.list(Search::default()).await
}

/// Registers a program. It is [`Conflict`](crate::Error::Conflict) when the name is taken.
pub async fn insert(tx: &mut Tx, new: OauthClientApp) -> Result<OauthClientApp> {
    tx.insert(vec![
        COLUMNS.client_guid.set(new.client_guid),
        COLUMNS.redirect_uris.set(new.redirect_uris),
        COLUMNS.display_name.set(new.display_name),
        COLUMNS.description.set(new.description),
        COLUMNS.enabled.set(new.enabled),
        COLUMNS.group_id.set(new.group_id),
        COLUMNS.tokens_invalid_before.set(new.tokens_invalid_before),
    ])
    .await
}

/// Changes a program and returns it as it is now. One that is disabled so loses all that it has got.
pub async fn update(
    tx: &mut Tx,
    client_guid: &ClientGuid,
    sets: Vec<Set<OauthClientApp>>,
    now: Timestamp,
) -> Result<Option<OauthClientApp>> {
    tx.change_access();
    if sets.is_empty() {
        return get(tx, client_guid).await;
    }
    let updated = tx.update(COLUMNS.client_guid.eq(client_guid.clone()), sets).await?.pop();
    if updated.as_ref().is_some_and(|app| !app.enabled) {
        return invalidate_tokens(tx, client_guid, now).await;
    }
    Ok(updated)
}

/// Ends the codes and tokens of all users that a program has got; who has consented stays. Returns the program.
pub async fn invalidate_tokens(
    tx: &mut Tx,
    client_guid: &ClientGuid,
    now: Timestamp,
) -> Result<Option<OauthClientApp>> {
    authorization_code::delete_of_app(tx, client_guid).await?;
    let sets = vec![COLUMNS.tokens_invalid_before.set(now)];
    Ok(tx.update(COLUMNS.client_guid.eq(client_guid.clone()), sets).await?.pop())
}

/// Deletes a program with all that it has got. `false` when there was none.
pub async fn delete(tx: &mut Tx, client_guid: &ClientGuid) -> Result<bool> {
    tx.change_access();
    Ok(tx.delete(COLUMNS.client_guid.eq(client_guid.clone())).await? > 0)
}
