//! What was done: sign-ins, changes of people, permissions and credentials. Events are added and never change.

use jiff::Timestamp;

use crate::cell::JsonObject;
use crate::error::Result;
use crate::id::{EventId, UserId};
use crate::reader::{Reader, Tx};
use crate::table::{Filter, Search, table};

table! {
    /// Something that was done. It refers to nothing, so that it outlives whom and what it tells of.
    pub struct Event in "event", key id {
        /// Which event.
        id: EventId,
        /// What was done, `create_user`.
        name: String,
        /// What kind of thing it is about, `user`.
        category: String,
        /// When.
        created_at: Timestamp,
        /// As whom; none where nobody is known.
        user_id: Option<UserId>,
        /// Who really did it, in the place of the user.
        sudo_user_id: Option<UserId>,
        /// Whether the user was an administrator.
        is_admin: bool,
        /// Whether it was a call of the API.
        is_api_call: bool,
        /// What else is told: texts, numbers, flags and lists of texts by name.
        attributes: JsonObject,
    }
}

/// Something that was done, to be recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEvent {
    /// As [`Event::name`].
    pub name: String,
    /// As [`Event::category`].
    pub category: String,
    /// As [`Event::user_id`].
    pub user_id: Option<UserId>,
    /// As [`Event::sudo_user_id`].
    pub sudo_user_id: Option<UserId>,
    /// As [`Event::is_admin`].
    pub is_admin: bool,
    /// As [`Event::is_api_call`].
    pub is_api_call: bool,
    /// As [`Event::attributes`].
    pub attributes: JsonObject,
}

/// Which part of the record is wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// From this time on.
    pub since: Option<Timestamp>,
    /// Before this time.
    pub until: Option<Timestamp>,
    /// What this user did, or somebody in the place of this user, or this user in the place of others.
    pub user: Option<UserId>,
    /// Of one of these names; of all when there are none.
    pub names: Vec<String>,
}

/// The newest events that are wanted, the newest first.
pub async fn newest(db: &mut Reader, wanted: &Wanted, limit: u64) -> Result<Vec<Event>> {
    let of_user = |user| Filter::any_of([COLUMNS.user_id.eq(Some(user)), COLUMNS.sudo_user_id.eq(Some(user))]);
    let filters = [
        wanted.since.map(|since| COLUMNS.created_at.at_least(since)),
        wanted.until.map(|until| COLUMNS.created_at.less_than(until)),
        wanted.user.map(of_user),
        Some(&wanted.names).filter(|names| !names.is_empty()).map(|names| COLUMNS.name.one_of(names.iter().cloned())),
    ];
    let filter = Filter::all_of(filters.into_iter().flatten());
    let sorts = vec![COLUMNS.created_at.desc(), COLUMNS.id.desc()];
    db.list(Search { sorts, limit: Some(limit), ..Search::by(filter) }).await
}

/// Records an event.
pub async fn insert(tx: &mut Tx, new: NewEvent, now: Timestamp) -> Result<Event> {
    tx.insert(vec![
        COLUMNS.name.set(new.name),
        COLUMNS.category.set(new.category),
        COLUMNS.created_at.set(now),
        COLUMNS.user_id.set(new.user_id),
        COLUMNS.sudo_user_id.set(new.sudo_user_id),
        COLUMNS.is_admin.set(new.is_admin),
        COLUMNS.is_api_call.set(new.is_api_call),
        COLUMNS.attributes.set(new.attributes),
    ])
    .await
}

/// Forgets events from before a time, at most `most` of them: a change keeps all others waiting. Returns how many.
pub async fn forget_before(tx: &mut Tx, time: Timestamp, most: u64) -> Result<u64> {
    tx.delete_some(COLUMNS.created_at.less_than(time), most).await
}
