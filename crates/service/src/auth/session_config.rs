//! The rules for sessions of browsers.

use super::password_config::number;
use crate::audit::{Record, Subject};
use crate::{Service, can, settings, stored};
use belvedere_api::{Cx, Result, bodies, types};
use belvedere_store::Reader;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// The rules for sessions of browsers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct SessionConfig {
    /// Whether a browser keeps a session when it is closed.
    pub(crate) allow_persistent_sessions: bool,
    session_minutes: i64,
    /// Whether a sign-in leaves the other sessions of the user open.
    pub(crate) unlimited_sessions_per_user: bool,
    /// Whether the end of a session is put off by use.
    pub(crate) use_inactivity_based_logout: bool,
    /// Kept, and of no effect: this server guesses no places.
    track_session_location: bool,
}

/// What holds until an administrator decides otherwise.
impl Default for SessionConfig {
    fn default() -> Self {
        Self {
            allow_persistent_sessions: true,
            session_minutes: 43_200,
            unlimited_sessions_per_user: true,
            use_inactivity_based_logout: false,
            track_session_location: false,
        }
    }
}

const KEY: &str = "session_config";
const MINUTES: RangeInclusive<i64> = 5..=43_200;

impl SessionConfig {
    /// The rules in force.
    pub(crate) async fn in_force(db: &mut Reader) -> belvedere_store::Result<Self> {
        settings::get(db, KEY).await
    }

    /// How long a session lasts: from the sign-in, or with logout by inactivity from its last use.
    pub(crate) fn lifetime(&self) -> SignedDuration {
        SignedDuration::from_mins(self.session_minutes)
    }

    fn changed(mut self, body: &bodies::WriteSessionConfig) -> Result<Self> {
        if let Some(minutes) = number("session_minutes", body.session_minutes, &MINUTES)? {
            self.session_minutes = minutes;
        }
        for (flag, changed) in [
            (&mut self.allow_persistent_sessions, body.allow_persistent_sessions),
            (&mut self.unlimited_sessions_per_user, body.unlimited_sessions_per_user),
            (&mut self.use_inactivity_based_logout, body.use_inactivity_based_logout),
            (&mut self.track_session_location, body.track_session_location),
        ] {
            *flag = changed.unwrap_or(*flag);
        }
        Ok(self)
    }

    fn described(&self) -> types::SessionConfig {
        types::SessionConfig {
            can: can(&[("show", true), ("update", true)]),
            allow_persistent_sessions: Some(self.allow_persistent_sessions),
            session_minutes: Some(self.session_minutes),
            unlimited_sessions_per_user: Some(self.unlimited_sessions_per_user),
            use_inactivity_based_logout: Some(self.use_inactivity_based_logout),
            track_session_location: Some(self.track_session_location),
        }
    }
}

impl Service {
    pub(super) async fn session_rules(&self) -> Result<types::SessionConfig> {
        Ok(stored(self.store.read(async |db| SessionConfig::in_force(db).await).await)?.described())
    }

    pub(super) async fn change_session_rules(
        &self,
        cx: &Cx,
        body: bodies::WriteSessionConfig,
    ) -> Result<types::SessionConfig> {
        let changed = self.change(cx, async |tx| {
            let changed = SessionConfig::in_force(tx).await?.changed(&body)?;
            settings::set(tx, KEY, &changed).await?;
            Ok(changed)
        });
        Ok(changed.await?.described())
    }
}

impl Subject for SessionConfig {
    fn tell(&self, record: &mut Record) {
        record.object(self);
    }
}
