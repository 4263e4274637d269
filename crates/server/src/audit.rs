//! `belvedere audit`: the record of who did what and asked what.

use crate::admin;
use crate::cli::AuditArguments;
use anyhow::{Context, Result, anyhow};
use belvedere_store::event::{self, Wanted};
use belvedere_store::{Event, History, JsonObject, Store, UserId, credentials_email, history};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::Write as _;

/// The category of runs of queries among events.
const RUN: &str = "query";

/// Prints the record.
pub(crate) fn run(arguments: &AuditArguments) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let entries = runtime.block_on(async {
        let store = admin::open_existing(&arguments.state).await?;
        let entries = entries(&store, arguments, Timestamp::now()).await;
        store.close().await;
        entries
    })?;
    let told = if arguments.json {
        let entries: Value = entries.iter().map(Entry::json).collect();
        format!("{}\n", serde_json::to_string_pretty(&entries)?)
    } else {
        entries.iter().map(Entry::text).collect()
    };
    // Nobody may be listening any more.
    let _ = std::io::stdout().write_all(told.as_bytes());
    Ok(())
}

/// Events and runs that are asked for, oldest first.
async fn entries(store: &Store, asked: &AuditArguments, now: Timestamp) -> Result<Vec<Entry>> {
    let time = |name: &'static str, text: &Option<String>| {
        text.as_deref().map(|text| moment(text, now).context(name)).transpose()
    };
    let user = match &asked.user {
        Some(name) => Some(user(store, name).await?),
        None => None,
    };
    let wanted = Wanted {
        since: time("since", &asked.since)?,
        until: time("until", &asked.until)?,
        user,
        names: asked.name.clone(),
    };
    let read = store.read(async |db| {
        let events = event::newest(db, &wanted, asked.limit).await?;
        Ok((events, history::newest(db, &wanted, asked.limit).await?))
    });
    let (events, runs) = read.await?;
    let events = events.into_iter().rev().map(Entry::from);
    let mut entries: Vec<Entry> = events.chain(runs.into_iter().rev().map(Entry::from)).collect();
    entries.sort_by_key(|entry| entry.created_at);
    let most = usize::try_from(asked.limit).unwrap_or(usize::MAX);
    entries.drain(..entries.len().saturating_sub(most));
    Ok(entries)
}

/// The id of a user, who may be gone by now, or whose address it is.
async fn user(store: &Store, name: &str) -> Result<UserId> {
    if let Ok(id) = name.parse() {
        return Ok(id);
    }
    let known = store.read(async |db| credentials_email::by_email(db, name).await).await?;
    known.map(|credentials| credentials.user_id).ok_or_else(|| anyhow!("no user has the address `{name}`: give an id"))
}

/// A time with its zone, the beginning of a day in UTC, or so long ago.
fn moment(text: &str, now: Timestamp) -> Result<Timestamp> {
    if let Ok(time) = text.parse::<Timestamp>() {
        return Ok(time);
    }
    if let Ok(day) = text.parse::<Date>() {
        return Ok(day.to_zoned(TimeZone::UTC)?.timestamp());
    }
    let days = text.strip_suffix('d').and_then(|days| days.parse::<u32>().ok());
    let ago = match days {
        Some(days) => Some(SignedDuration::from_hours(24 * i64::from(days))),
        None => text.parse::<SignedDuration>().ok(),
    };
    let before = ago.and_then(|ago| now.checked_sub(ago).ok());
    before.with_context(|| {
        format!("`{text}`: expected a time such as 2026-01-15T12:00:00Z, a day, or how long ago, such as 24h or 7d")
    })
}

/// Something that was done, or a run of a query, in one form.
#[derive(Debug)]
struct Entry {
    name: String,
    category: String,
    created_at: Timestamp,
    user_id: Option<UserId>,
    sudo_user_id: Option<UserId>,
    is_admin: Option<bool>,
    is_api_call: bool,
    attributes: JsonObject,
}

impl From<Event> for Entry {
    fn from(event: Event) -> Self {
        Self {
            name: event.name,
            category: event.category,
            created_at: event.created_at,
            user_id: event.user_id,
            sudo_user_id: event.sudo_user_id,
            is_admin: Some(event.is_admin),
            is_api_call: event.is_api_call,
            attributes: event.attributes,
        }
    }
}

impl From<History> for Entry {
    fn from(run: History) -> Self {
        let attributes = [
            ("status", Some(run.status.as_str().into())),
            ("model", run.model.map(Value::from)),
            ("view", run.view.map(Value::from)),
            ("connection_name", run.connection_name.map(Value::from)),
            ("query_id", run.query_id.map(|id| id.to_string().into())),
            ("query_task_id", run.query_task_id.map(|id| id.to_string().into())),
            ("sql_query_slug", run.sql_query_slug.map(|slug| slug.to_string().into())),
            ("source", Some(run.source.into())),
            ("workspace_id", Some(run.workspace_id.as_str().into())),
            ("result_format", Some(run.result_format.into())),
            ("result_source", run.result_source.map(Value::from)),
            ("rows", run.rows.map(Value::from)),
            ("runtime", Some(run.runtime.into())),
            ("ip", run.ip_address.map(Value::from)),
            ("application", run.application.map(Value::from)),
        ];
        Self {
            name: run.operation,
            category: RUN.to_owned(),
            created_at: run.created_at,
            user_id: Some(run.user_id),
            sudo_user_id: run.sudo_user_id,
            is_admin: None,
            is_api_call: true,
            attributes: attributes.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect(),
        }
    }
}

impl Entry {
    /// One line: when, what, who, and the attributes.
    fn text(&self) -> String {
        let mut line = format!("{} {}", self.created_at, self.name);
        match (self.user_id, self.sudo_user_id) {
            (Some(user), Some(admin)) => _ = write!(line, " user={user} sudo_user={admin}"),
            (Some(user), None) => _ = write!(line, " user={user}"),
            (None, _) => {}
        }
        for (name, value) in &self.attributes {
            // As JSON, a text that a caller made up cannot pass for another attribute or another line.
            let _ = match value.as_str() {
                Some(text) if is_plain(text) => write!(line, " {name}={text}"),
                _ => write!(line, " {name}={value}"),
            };
        }
        line.push('\n');
        line
    }

    fn json(&self) -> Value {
        json!({
            "name": self.name,
            "category": self.category,
            "created_at": self.created_at.to_string(),
            "user_id": self.user_id.map(|user| user.to_string()),
            "sudo_user_id": self.sudo_user_id.map(|user| user.to_string()),
            "is_admin": self.is_admin,
            "is_api_call": self.is_api_call,
            "attributes": self.attributes,
        })
    }
}

/// Whether a text needs no quotes.
fn is_plain(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.:/@".contains(&byte);
    !text.is_empty() && text.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    #[test]
    fn a_time_is_told_in_three_ways() {
        let now = at("2026-01-15T12:00:00Z");
        for (text, expected) in [
            ("2026-01-14T08:30:00+02:00", "2026-01-14T06:30:00Z"),
            ("2026-01-14", "2026-01-14T00:00:00Z"),
            ("24h", "2026-01-14T12:00:00Z"),
            ("7d", "2026-01-08T12:00:00Z"),
            ("30m", "2026-01-15T11:30:00Z"),
        ] {
            assert_eq!(moment(text, now).expect("a time"), at(expected), "{text}");
        }
        for text in ["", "yesterday", "7", "99999999999d", "4294967295d"] {
            assert!(moment(text, now).is_err(), "{text}");
        }
    }

    #[test]
    fn what_a_caller_made_up_stays_one_attribute_on_one_line() {
        let attributes = json!({"application": "x\nlogout user=1 \u{1b}[2J", "permissions": ["develop"], "ip": "::1"});
        let entry = Entry {
            name: "login".to_owned(),
            category: "auth".to_owned(),
            created_at: at("2026-01-15T12:00:00Z"),
            user_id: Some(UserId::new(7)),
            sudo_user_id: Some(UserId::new(1)),
            is_admin: Some(false),
            is_api_call: true,
            attributes: attributes.as_object().cloned().unwrap_or_default(),
        };
        assert_eq!(
            entry.text(),
            "2026-01-15T12:00:00Z login user=7 sudo_user=1 application=\"x\\nlogout user=1 \\u001b[2J\" \
             permissions=[\"develop\"] ip=::1\n"
        );
    }
}
