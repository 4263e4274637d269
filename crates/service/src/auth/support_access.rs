//! Support access: whether the staff of whoever supports the server may sign in, until when, and who of them.
//!
//! State and list are kept, told and recorded. They let nobody in: the product's support staff sign in with accounts of its
//! maker, and a server of one's own has no such accounts. Nor do they shut anybody out: who may write the list need not be an
//! administrator, and must not be able to lock one out.

use crate::audit::{Record, Subject, about};
use crate::user::display_name;
use crate::{Service, settings, stored, text};
use belvedere_api::{Cx, Error, Patch, Result, bodies, types};
use belvedere_store::{Reader, credentials_email, user};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

const KEY: &str = "support_access";

/// Seconds that access can be opened for: up to a year (unverified).
const DURATIONS: RangeInclusive<i64> = 1..=365 * 24 * 60 * 60;

/// The most entries of the list.
const MOST_ENTRIES: usize = 1000;

/// The most characters of a reason.
const LONGEST_REASON: usize = 1000;

/// What is decided about support access.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct SupportAccess {
    open_until: Option<Timestamp>,
    allowlist: Vec<Entry>,
    /// The greatest id that was given.
    last_id: u64,
}

/// Somebody who may sign in while access is open.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Entry {
    id: u64,
    email: String,
    reason: Option<String>,
    created_at: Timestamp,
}

impl SupportAccess {
    async fn in_force(db: &mut Reader) -> belvedere_store::Result<Self> {
        settings::get(db, KEY).await
    }

    fn described(&self, now: Timestamp) -> types::SupportAccessStatus {
        let open_until = self.open_until.filter(|end| *end > now);
        types::SupportAccessStatus { open: Some(open_until.is_some()), open_until }
    }

    /// Puts addresses on the list. One that is there already stays as it is.
    fn add(&mut self, emails: &[String], reason: Option<&str>, now: Timestamp) -> Result<()> {
        for email in emails {
            if self.allowlist.iter().any(|entry| entry.email.eq_ignore_ascii_case(email)) {
                continue;
            }
            self.last_id += 1;
            let (id, email, reason) = (self.last_id, email.clone(), reason.map(str::to_owned));
            self.allowlist.push(Entry { id, email, reason, created_at: now });
        }
        if self.allowlist.len() > MOST_ENTRIES { Err(too_many()) } else { Ok(()) }
    }
}

fn too_many() -> Error {
    Error::invalid("emails", format!("the list must have at most {MOST_ENTRIES} entries"))
}

/// Until when access is open.
impl Subject for SupportAccess {
    fn tell(&self, record: &mut Record) {
        record.optional("open_until", self.open_until.map(|end| end.to_string()));
    }
}

impl Service {
    pub(super) async fn support_status(&self, cx: &Cx) -> Result<types::SupportAccessStatus> {
        Ok(stored(self.store.read(async |db| SupportAccess::in_force(db).await).await)?.described(cx.now))
    }

    pub(super) async fn open_to_support(
        &self,
        cx: &Cx,
        body: bodies::WriteSupportAccessEnable,
    ) -> Result<types::SupportAccessStatus> {
        let seconds = body.duration_in_seconds;
        if !DURATIONS.contains(&seconds) {
            let range = format!("must be a number from {} to {}", DURATIONS.start(), DURATIONS.end());
            return Err(Error::invalid("duration_in_seconds", range));
        }
        let end = cx.now.checked_add(SignedDuration::from_secs(seconds)).map_err(Error::internal)?;
        self.set_support_access(cx, Some(end)).await
    }

    pub(super) async fn close_to_support(&self, cx: &Cx) -> Result<types::SupportAccessStatus> {
        self.set_support_access(cx, None).await
    }

    async fn set_support_access(&self, cx: &Cx, open_until: Option<Timestamp>) -> Result<types::SupportAccessStatus> {
        let changed = self.change(cx, async |tx| {
            let changed = SupportAccess { open_until, ..SupportAccess::in_force(tx).await? };
            settings::set(tx, KEY, &changed).await?;
            Ok(changed)
        });
        Ok(changed.await?.described(cx.now))
    }

    pub(super) async fn support_allowlist(&self) -> Result<Vec<types::SupportAccessAllowlistEntry>> {
        let read = self.store.read(async |db| {
            let mut described = Vec::new();
            for entry in SupportAccess::in_force(db).await?.allowlist {
                described.push(self::described(db, entry).await?);
            }
            Ok(described)
        });
        stored(read.await)
    }

    pub(super) async fn add_to_support_allowlist(
        &self,
        cx: &Cx,
        body: bodies::WriteSupportAccessAddEntries,
    ) -> Result<Vec<types::SupportAccessAllowlistEntry>> {
        let emails = body.emails.value().unwrap_or_default();
        if emails.is_empty() {
            return Err(Error::missing_field("emails"));
        }
        if emails.len() > MOST_ENTRIES {
            return Err(too_many());
        }
        let emails = emails.iter().map(|email| text::email("emails", email)).collect::<Result<Vec<String>>>()?;
        let reason = reason(body.reason)?;
        self.change(cx, async |tx| {
            let mut changed = SupportAccess::in_force(tx).await?;
            changed.add(&emails, reason.as_deref(), cx.now)?;
            settings::set(tx, KEY, &changed).await?;
            Ok(about((), [("emails", emails.into())]))
        })
        .await?;
        self.support_allowlist().await
    }

    pub(super) async fn take_off_support_allowlist(&self, cx: &Cx, id: &str) -> Result<()> {
        let taken_off = self.change(cx, async |tx| {
            let mut changed = SupportAccess::in_force(tx).await?;
            let place = changed.allowlist.iter().position(|entry| entry.id.to_string() == id);
            let entry = changed.allowlist.remove(place.ok_or_else(Error::not_found)?);
            settings::set(tx, KEY, &changed).await?;
            Ok(about((), [("email", entry.email.into())]))
        });
        taken_off.await.map(drop)
    }
}

fn reason(reason: Patch<String>) -> Result<Option<String>> {
    let reason = reason.value().filter(|reason| !reason.is_empty());
    match &reason {
        Some(reason) if reason.chars().count() > LONGEST_REASON => {
            Err(Error::invalid("reason", format!("must have at most {LONGEST_REASON} characters")))
        }
        _ => Ok(reason),
    }
}

/// An entry as the API shows it, with the name of the user who has the address, if one has.
async fn described(db: &mut Reader, entry: Entry) -> belvedere_store::Result<types::SupportAccessAllowlistEntry> {
    let owner = match credentials_email::by_email(db, &entry.email).await? {
        Some(credentials) => user::get(db, credentials.user_id).await?,
        None => None,
    };
    Ok(types::SupportAccessAllowlistEntry {
        id: Some(entry.id.to_string()),
        email: Some(entry.email),
        full_name: owner.as_ref().and_then(display_name),
        reason: entry.reason,
        created_date: Some(entry.created_at),
    })
}
