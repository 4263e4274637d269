//! Devices that users have registered for messages of the mobile application.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;

use crate::cell::{Cell, cell_of_word};
use crate::error::Result;
use crate::id::{InvalidId, MobileTokenId, UserId};
use crate::reader::{Reader, Tx};
use crate::table::{Filter, Search, table};

table! {
    /// That a user wants messages on a device.
    pub struct MobileToken in "mobile_token", key id {
        /// Which registration.
        id: MobileTokenId,
        /// Whose device.
        user_id: UserId,
        /// Where messages reach the device; unique among those of the user.
        device_token: DeviceToken,
        /// The system of the device.
        device_type: DeviceType,
        /// When it was registered.
        created_at: Timestamp,
        /// When the device last said that it is there.
        renewed_at: Timestamp,
    }
}

/// The most devices of one user. One more takes the place of that which was silent for longest: a device that is set up
/// anew has another token, and nobody takes the old one back.
pub const MOST_DEVICES: u64 = 100;

/// What the service that carries messages to a device calls it: visible characters of ASCII.
///
/// Whoever has it knows the device again. It is therefore not shown in the debug form.
#[derive(Clone, PartialEq, Eq)]
pub struct DeviceToken(String);

impl DeviceToken {
    /// The most characters of a token. PostgreSQL has no room for much more in an index.
    pub const MAX_LENGTH: usize = 2048;

    /// The token.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for DeviceToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeviceToken(..)")
    }
}

impl FromStr for DeviceToken {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let fits = (1..=Self::MAX_LENGTH).contains(&text.len());
        let valid = fits && text.bytes().all(|byte| byte.is_ascii_graphic());
        valid.then(|| DeviceToken(text.to_owned())).ok_or(InvalidId)
    }
}

impl Cell for DeviceToken {
    type Stored = String;

    fn into_stored(self) -> String {
        self.0
    }

    fn from_stored(stored: String) -> Result<Self, String> {
        stored.parse().map_err(|_| "not the token of a device".to_owned())
    }
}

/// The system of a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeviceType {
    /// A device with Android.
    Android,
    /// A device with iOS.
    Ios,
}

impl DeviceType {
    /// Every system.
    pub const ALL: [DeviceType; 2] = [DeviceType::Android, DeviceType::Ios];

    /// The word in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            DeviceType::Android => "android",
            DeviceType::Ios => "ios",
        }
    }
}

cell_of_word!(DeviceType, "system of a device");

/// A device to be registered.
#[derive(Debug, Clone, PartialEq)]
pub struct NewMobileToken {
    /// As [`MobileToken::user_id`].
    pub user_id: UserId,
    /// As [`MobileToken::device_token`].
    pub device_token: DeviceToken,
    /// As [`MobileToken::device_type`].
    pub device_type: DeviceType,
}

/// What a user has registered under this token.
pub async fn by_device_token(db: &mut Reader, user: UserId, token: &DeviceToken) -> Result<Option<MobileToken>> {
    db.one(COLUMNS.user_id.eq(user).and(COLUMNS.device_token.eq(token.clone()))).await
}

/// The devices of these users, by id.
pub async fn of_users(db: &mut Reader, users: &[UserId]) -> Result<Vec<MobileToken>> {
    db.of_any(COLUMNS.user_id, users).await
}

/// Registers a device, for which another makes room when there are [`MOST_DEVICES`]. It is
/// [`Conflict`](crate::Error::Conflict) when the user has registered the token, and
/// [`Reference`](crate::Error::Reference) when there is no such user.
pub async fn insert(tx: &mut Tx, new: NewMobileToken, now: Timestamp) -> Result<MobileToken> {
    make_room(tx, new.user_id).await?;
    tx.insert(vec![
        COLUMNS.user_id.set(new.user_id),
        COLUMNS.device_token.set(new.device_token),
        COLUMNS.device_type.set(new.device_type),
        COLUMNS.created_at.set(now),
        COLUMNS.renewed_at.set(now),
    ])
    .await
}

async fn make_room(tx: &mut Tx, user: UserId) -> Result<()> {
    let sorts = vec![COLUMNS.renewed_at.desc(), COLUMNS.id.desc()];
    let beyond = Search { sorts, offset: MOST_DEVICES - 1, ..Search::by(COLUMNS.user_id.eq(user)) };
    let silent = tx.list(beyond).await?;
    if !silent.is_empty() {
        tx.delete(COLUMNS.id.one_of(silent.into_iter().map(|device| device.id))).await?;
    }
    Ok(())
}

/// Notes that a device of a user is there, and gives its registration. None when the user has none with this id.
pub async fn renew(tx: &mut Tx, user: UserId, id: MobileTokenId, now: Timestamp) -> Result<Option<MobileToken>> {
    Ok(tx.update(of_user(user, id), vec![COLUMNS.renewed_at.set(now)]).await?.pop())
}

/// Removes a device of a user. `false` when the user has none with this id.
pub async fn delete(tx: &mut Tx, user: UserId, id: MobileTokenId) -> Result<bool> {
    Ok(tx.delete(of_user(user, id)).await? > 0)
}

fn of_user(user: UserId, id: MobileTokenId) -> Filter<MobileToken> {
    COLUMNS.id.eq(id).and(COLUMNS.user_id.eq(user))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_of_a_device_is_visible_ascii_and_is_not_shown() {
        let longest = "a".repeat(DeviceToken::MAX_LENGTH);
        for text in ["a", "dQw4w9:APA91b-_x", longest.as_str()] {
            assert_eq!(text.parse::<DeviceToken>().unwrap().as_str(), text);
        }
        for text in ["", " ", "a b", "a\n", "a\0", "ä", &"a".repeat(DeviceToken::MAX_LENGTH + 1)] {
            assert_eq!(text.parse::<DeviceToken>(), Err(InvalidId), "{text:?}");
        }
        assert_eq!(format!("{:?}", "secret".parse::<DeviceToken>().unwrap()), "DeviceToken(..)");
    }
}
