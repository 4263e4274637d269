//! The rules that passwords must keep.

use crate::audit::{Record, Subject};
use crate::{Service, can, settings, stored};
use belvedere_api::{Cx, Error, Patch, Result, bodies, types};
use belvedere_store::{CredentialsEmail, Reader, credentials_email};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// The rules that passwords must keep.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct PasswordConfig {
    min_length: usize,
    require_numeric: bool,
    require_upperlower: bool,
    require_special: bool,
    expiration_enabled: bool,
    expiration_duration_days: i64,
    /// When expiry was switched on: older passwords count as set then.
    policy_enabled_at: Option<Timestamp>,
}

/// What holds until an administrator decides otherwise.
impl Default for PasswordConfig {
    fn default() -> Self {
        Self {
            min_length: 7,
            require_numeric: true,
            require_upperlower: true,
            require_special: true,
            expiration_enabled: false,
            expiration_duration_days: 90,
            policy_enabled_at: None,
        }
    }
}

const KEY: &str = "password_config";
const LENGTHS: RangeInclusive<i64> = 7..=100;
const EXPIRY_DAYS: RangeInclusive<i64> = 30..=365;

/// The most bytes of a password: it is hashed whole.
pub(crate) const LONGEST_PASSWORD: usize = 1024;

impl PasswordConfig {
    /// The rules in force.
    pub(crate) async fn in_force(db: &mut Reader) -> belvedere_store::Result<Self> {
        settings::get(db, KEY).await
    }

    /// Refuses a password that breaks a rule, with all rules that it breaks.
    ///
    /// # Errors
    /// 422.
    pub(crate) fn check(&self, password: &str, email: &str) -> Result<()> {
        let has = |wanted: fn(char) -> bool| password.chars().any(wanted);
        let is_special = |letter: char| !letter.is_alphanumeric();
        let rules = [
            (password.chars().count() >= self.min_length, format!("at least {} characters", self.min_length)),
            (password.len() <= LONGEST_PASSWORD, format!("at most {LONGEST_PASSWORD} bytes")),
            (!self.require_numeric || has(char::is_numeric), "a digit".to_owned()),
            (
                !self.require_upperlower || (has(char::is_uppercase) && has(char::is_lowercase)),
                "a capital and a small letter".to_owned(),
            ),
            (!self.require_special || has(is_special), "a character that is neither letter nor digit".to_owned()),
            (!password.eq_ignore_ascii_case(email), "another text than the e-mail address".to_owned()),
        ];
        let broken: Vec<String> = rules.into_iter().filter(|(kept, _)| !kept).map(|(_, rule)| rule).collect();
        if broken.is_empty() {
            return Ok(());
        }
        Err(Error::invalid("password", format!("must have {}", broken.join(", "))))
    }

    /// Whether a password is too old to sign in with.
    pub(crate) fn has_expired(&self, credentials: &CredentialsEmail, now: Timestamp) -> bool {
        let counts_from = credentials.password_set_at.max(self.policy_enabled_at);
        let (true, Some(from)) = (self.expiration_enabled, counts_from) else { return false };
        let lifetime = SignedDuration::from_hours(24 * self.expiration_duration_days);
        from.saturating_add(lifetime).is_ok_and(|end| end <= now)
    }

    fn changed(mut self, body: &bodies::WritePasswordConfig, now: Timestamp) -> Result<Self> {
        if let Some(length) = number("min_length", body.min_length, &LENGTHS)? {
            self.min_length = usize::try_from(length).map_err(Error::internal)?;
        }
        if let Some(days) = number("expiration_duration_days", body.expiration_duration_days, &EXPIRY_DAYS)? {
            self.expiration_duration_days = days;
        }
        self.require_numeric = body.require_numeric.unwrap_or(self.require_numeric);
        self.require_upperlower = body.require_upperlower.unwrap_or(self.require_upperlower);
        self.require_special = body.require_special.unwrap_or(self.require_special);
        match body.expiration_enabled {
            Some(true) if !self.expiration_enabled => self.policy_enabled_at = Some(now),
            Some(false) => self.policy_enabled_at = None,
            _ => {}
        }
        self.expiration_enabled = body.expiration_enabled.unwrap_or(self.expiration_enabled);
        Ok(self)
    }

    fn described(&self) -> types::PasswordConfig {
        types::PasswordConfig {
            can: can(&[("show", true), ("update", true)]),
            min_length: Some(self.min_length as i64),
            require_numeric: Some(self.require_numeric),
            require_upperlower: Some(self.require_upperlower),
            require_special: Some(self.require_special),
            expiration_enabled: Some(self.expiration_enabled),
            expiration_duration_days: Some(self.expiration_duration_days),
            policy_enabled_at: self.policy_enabled_at,
        }
    }
}

/// A number of a body that must lie in a range; none when it stays.
pub(super) fn number(field: &str, value: Patch<i64>, range: &RangeInclusive<i64>) -> Result<Option<i64>> {
    match value {
        Patch::Absent => Ok(None),
        Patch::Value(number) if range.contains(&number) => Ok(Some(number)),
        Patch::Null | Patch::Value(_) => {
            Err(Error::invalid(field, format!("must be a number from {} to {}", range.start(), range.end())))
        }
    }
}

impl Service {
    pub(super) async fn password_rules(&self) -> Result<types::PasswordConfig> {
        Ok(stored(self.store.read(async |db| PasswordConfig::in_force(db).await).await)?.described())
    }

    pub(super) async fn change_password_rules(
        &self,
        cx: &Cx,
        body: bodies::WritePasswordConfig,
    ) -> Result<types::PasswordConfig> {
        let changed = self.change(cx, async |tx| {
            let changed = PasswordConfig::in_force(tx).await?.changed(&body, cx.now)?;
            settings::set(tx, KEY, &changed).await?;
            Ok(changed)
        });
        Ok(changed.await?.described())
    }

    pub(super) async fn force_password_reset_of_all(&self, cx: &Cx) -> Result<String> {
        self.change(cx, async |tx| Ok(credentials_email::force_password_reset_of_all(tx).await.map(drop)?)).await?;
        Ok(String::new())
    }
}

impl Subject for PasswordConfig {
    fn tell(&self, record: &mut Record) {
        record.object(self);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(config: &PasswordConfig, password: &str) -> Option<String> {
        config.check(password, "ada@example.com").err().map(|error| error.fields()[0].message.clone())
    }

    #[test]
    fn a_password_must_keep_every_rule_and_is_told_all_it_breaks() {
        let strict = PasswordConfig::default();
        assert_eq!(told(&strict, "Correct-horse-7"), None);
        assert_eq!(told(&strict, "Größe-2!"), None, "letters of every language are letters");
        assert_eq!(
            told(&strict, "short").unwrap(),
            "must have at least 7 characters, a digit, a capital and a small letter, \
             a character that is neither letter nor digit"
        );
        assert_eq!(told(&strict, "correct-horse-7").unwrap(), "must have a capital and a small letter");
        assert!(told(&strict, &"Aa1-".repeat(257)).unwrap().contains("at most 1024 bytes"));
        let lax =
            PasswordConfig { require_numeric: false, require_upperlower: false, require_special: false, ..strict };
        assert_eq!(told(&lax, "abcdefg"), None);
        assert_eq!(told(&lax, "ADA@example.com").unwrap(), "must have another text than the e-mail address");
    }

    #[test]
    fn a_password_is_as_old_as_the_rule_at_most() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let config = PasswordConfig {
            expiration_enabled: true,
            expiration_duration_days: 30,
            policy_enabled_at: Some(at("2026-01-01T00:00:00Z")),
            ..PasswordConfig::default()
        };
        let credentials = |set: &str| CredentialsEmail {
            user_id: belvedere_store::UserId::new(1),
            email: "ada@example.com".to_owned(),
            forced_password_reset_at_next_login: false,
            is_disabled: false,
            created_at: at("2020-01-01T00:00:00Z"),
            logged_in_at: None,
            password_hash: None,
            password_set_at: Some(at(set)),
        };
        let old = credentials("2020-01-01T00:00:00Z");
        assert!(!config.has_expired(&old, at("2026-01-30T23:59:59Z")));
        assert!(config.has_expired(&old, at("2026-01-31T00:00:00Z")));
        assert!(!config.has_expired(&credentials("2026-01-20T00:00:00Z"), at("2026-01-31T00:00:00Z")));
        let off = PasswordConfig { expiration_enabled: false, ..config };
        assert!(!off.has_expired(&old, at("2030-01-01T00:00:00Z")));
    }
}
