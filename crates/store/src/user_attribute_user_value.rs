//! Values that users have for attributes themselves.

use crate::error::Result;
use crate::id::{UserAttributeId, UserAttributeUserValueId, UserId};
use crate::reader::{Reader, Tx};
use crate::table::{Search, table};

table! {
    /// The value that a user has for an attribute.
    pub struct UserAttributeUserValue in "user_attribute_user_value", key id {
        /// Which value.
        id: UserAttributeUserValueId,
        /// The attribute.
        user_attribute_id: UserAttributeId,
        /// The user.
        user_id: UserId,
        /// The value as text.
        value: String,
    }
}

/// The values of a user.
pub async fn of_user(db: &mut Reader, user: UserId) -> Result<Vec<UserAttributeUserValue>> {
    db.list(Search::by(COLUMNS.user_id.eq(user))).await
}

/// Sets the value of a user, whatever it was before. It is [`Reference`](crate::Error::Reference) when there is no such
/// user or attribute.
pub async fn set(tx: &mut Tx, attribute: UserAttributeId, user: UserId, value: &str) -> Result<UserAttributeUserValue> {
    tx.change_access();
    let filter = COLUMNS.user_attribute_id.eq(attribute).and(COLUMNS.user_id.eq(user));
    let changed = tx.update(filter, vec![COLUMNS.value.set(value.to_owned())]).await?.pop();
    if let Some(changed) = changed {
        return Ok(changed);
    }
    tx.insert(vec![
        COLUMNS.user_attribute_id.set(attribute),
        COLUMNS.user_id.set(user),
        COLUMNS.value.set(value.to_owned()),
    ])
    .await
}

/// Takes the value of a user away. `false` when there was none.
pub async fn delete(tx: &mut Tx, attribute: UserAttributeId, user: UserId) -> Result<bool> {
    tx.change_access();
    Ok(tx.delete(COLUMNS.user_attribute_id.eq(attribute).and(COLUMNS.user_id.eq(user))).await? > 0)
}
