//! Which users have consented to which programs.

use jiff::Timestamp;

use crate::authorization_code;
use crate::error::Result;
use crate::id::{ClientGuid, UserId};
use crate::reader::{Reader, Tx};
use crate::table::{Search, table};

table! {
    /// That a user lets a program act as the user.
    pub struct OauthClientAppUser in "oauth_client_app_user", key user_id {
        /// The program.
        client_guid: ClientGuid,
        /// Who has consented.
        user_id: UserId,
        /// When.
        activated_at: Timestamp,
    }
}

/// Who has consented to these programs, by user.
pub async fn of_apps(db: &mut Reader, apps: &[ClientGuid]) -> Result<Vec<OauthClientAppUser>> {
    db.list(Search::by(COLUMNS.client_guid.one_of(apps.iter().cloned()))).await
}

/// Whether a user has consented to a program.
pub async fn contains(db: &mut Reader, app: &ClientGuid, user: UserId) -> Result<bool> {
    Ok(db.one(COLUMNS.client_guid.eq(app.clone()).and(COLUMNS.user_id.eq(user))).await?.is_some())
}

/// Notes that a user consents to a program. `false` when it was noted already. It is [`Reference`](crate::Error::Reference) when
/// there is no such user or program.
pub async fn insert(tx: &mut Tx, app: &ClientGuid, user: UserId, now: Timestamp) -> Result<bool> {
    let noted = tx.insert_unless_taken(vec![
        COLUMNS.client_guid.set(app.clone()),
        COLUMNS.user_id.set(user),
        COLUMNS.activated_at.set(now),
    ]);
    Ok(noted.await?.is_some())
}

/// Takes the consent of a user back, and ends what the program has got of the user. `false` when there was no consent.
pub async fn delete(tx: &mut Tx, app: &ClientGuid, user: UserId) -> Result<bool> {
    authorization_code::delete_of_app_and_user(tx, app, user).await?;
    Ok(tx.delete(COLUMNS.client_guid.eq(app.clone()).and(COLUMNS.user_id.eq(user))).await? > 0)
}
