//! When sign-ins are refused because too many have failed. All numbers of the rule stand here, its state in the store.
//!
//! Failures are counted by credentials and network address together: who guesses at a password locks nobody out who
//! signs in from elsewhere. They are counted by the address alone as well, with a far higher limit, for who tries one
//! password with many names. Codes of a second factor are counted by the credentials alone instead: whoever shows one
//! knows the password, and six digits must not be guessed at from many addresses.

use super::{SignIn, SignInRefusal};
use crate::audit::{Record, Subject};
use crate::secret::hex;
use belvedere_api::{Error, ErrorKind};
use belvedere_store::user_login_lockout::{self, Failure};
use belvedere_store::{AuthType, Reader, Result, Tx, UserId};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};
use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

/// How long a lockout lasts, and how long failures count before there is one.
const DURATION: SignedDuration = SignedDuration::from_mins(5);

/// As many failures in a row lock credentials for a network address.
const FAILURES: i64 = 4;

/// As many failures with whatever credentials lock a network address.
const FAILURES_OF_ADDRESS: i64 = 100;

/// As many codes that are wrong lock the second factor of a user for every network address.
const FAILURES_OF_CODES: i64 = 20;

/// A sign-in with certain credentials from a certain network address.
#[derive(Debug)]
pub(crate) struct Attempt {
    auth_type: AuthType,
    /// For these credentials and this address.
    narrow: Counter,
    /// For all credentials, or for all addresses.
    wide: Counter,
}

/// What is counted together.
#[derive(Debug)]
struct Counter {
    key: String,
    /// The network address; empty for all.
    ip: String,
    /// Whether it is of one user's credentials.
    of: Of,
    /// How many lock.
    limit: i64,
}

/// Whose failures are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Of {
    One,
    Everybody,
}

impl Counter {
    fn new(auth_type: AuthType, name: Option<&str>, ip: &str, limit: i64) -> Self {
        let of = if name.is_some() { Of::One } else { Of::Everybody };
        Self { key: key(auth_type, name.unwrap_or_default(), ip), ip: ip.to_owned(), of, limit }
    }
}

/// A lockout in force.
#[derive(Debug)]
pub(crate) struct Lockout {
    remaining: Duration,
}

/// What follows from a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Consequence {
    /// Nothing yet.
    None,
    /// Further sign-ins are refused from now on.
    Lockout,
}

/// Only the beginning of a lockout is recorded, not what it refuses: nobody shall push the record out by guessing.
impl Subject for Consequence {
    fn tell(&self, record: &mut Record) {
        if *self == Self::Lockout {
            record.attribute("locked_out", true);
        }
    }
}

impl Attempt {
    pub(crate) fn new(auth_type: AuthType, name: &str, address: Option<IpAddr>) -> Self {
        let ip = address.map_or_else(String::new, network);
        let name = name.to_ascii_lowercase();
        let wide = match auth_type {
            AuthType::Totp => Counter::new(auth_type, Some(&name), "", FAILURES_OF_CODES),
            _ => Counter::new(auth_type, None, &ip, FAILURES_OF_ADDRESS),
        };
        Self { auth_type, narrow: Counter::new(auth_type, Some(&name), &ip, FAILURES), wide }
    }

    /// The lockout that refuses this.
    pub(crate) async fn lockout(&self, db: &mut Reader, now: Timestamp) -> Result<Option<Lockout>> {
        let keys = [self.narrow.key.clone(), self.wide.key.clone()];
        let locked = user_login_lockout::locked(db, &keys, now).await?;
        Ok(locked.map(|locked| Lockout { remaining: locked.expires_at.duration_since(now).unsigned_abs() }))
    }

    /// Counts a failure, with whose credentials it was if they are anybody's, and tells what follows.
    pub(crate) async fn failed(&self, tx: &mut Tx, owner: Option<UserId>, now: Timestamp) -> Result<Consequence> {
        let mut consequence = Consequence::None;
        user_login_lockout::delete_expired(tx, now).await?;
        let expires_at = now.saturating_add(DURATION).unwrap_or(Timestamp::MAX);
        for Counter { key, ip, of, limit } in [&self.narrow, &self.wide] {
            let user_id = owner.filter(|_| *of == Of::One);
            let failure = Failure { key: key.clone(), auth_type: self.auth_type, ip: ip.clone(), user_id };
            let counted = user_login_lockout::count(tx, failure, expires_at).await?;
            if counted.fail_count >= *limit {
                user_login_lockout::lock(tx, key, expires_at, now).await?;
                consequence = Consequence::Lockout;
            }
        }
        Ok(consequence)
    }

    /// Forgets the failures with these credentials: they were not in a row. The wider count stays, or who has an account
    /// could go on guessing at others.
    pub(crate) async fn succeeded(&self, tx: &mut Tx) -> Result<()> {
        user_login_lockout::delete(tx, &self.narrow.key).await?;
        Ok(())
    }
}

impl Lockout {
    /// What a page is told.
    pub(crate) fn refusal(&self) -> SignIn {
        SignIn::Refused(SignInRefusal::LockedOut { remaining: self.remaining })
    }

    /// What a program is told; clients look for these words.
    pub(crate) fn error(&self) -> Error {
        Error::new(
            ErrorKind::TooManyRequests { retry_after: self.remaining },
            "login attempts exceeded; the credentials are locked for this network address, try again later",
        )
    }
}

/// The network that stands for an address. Who has one address of version 6 has as a rule 2^64 of them.
pub(super) fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) if address.is_loopback() => address.to_string(),
        IpAddr::V6(address) => {
            let [first, second, third, fourth, ..] = address.segments();
            format!("{}/64", Ipv6Addr::new(first, second, third, fourth, 0, 0, 0, 0))
        }
    }
}

/// The name of a lockout, which shows nothing of the credentials: they may be a secret that was typed into a wrong field.
fn key(auth_type: AuthType, credentials: &str, ip: &str) -> String {
    hex(&Sha256::digest(format!("{}\n{ip}\n{credentials}", auth_type.as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt(name: &str, address: &str) -> Attempt {
        Attempt::new(AuthType::Email, name, Some(address.parse().unwrap()))
    }

    #[test]
    fn credentials_are_one_in_every_case_and_from_every_address_of_a_network() {
        let one = attempt("Ada@example.com", "2001:db8:1:2::1");
        assert_eq!(one.narrow.ip, "2001:db8:1:2::/64");
        assert_eq!(one.narrow.key, attempt("ada@EXAMPLE.com", "2001:db8:1:2:ffff::9").narrow.key);
        assert_ne!(one.narrow.key, attempt("ada@example.com", "2001:db8:1:3::1").narrow.key);
        assert_eq!(attempt("a", "::ffff:192.0.2.7").narrow.key, attempt("a", "192.0.2.7").narrow.key);
        assert_ne!(attempt("a", "192.0.2.7").narrow.key, attempt("a", "192.0.2.8").narrow.key);
        let api = Attempt::new(AuthType::Api, "a", Some("192.0.2.7".parse().unwrap()));
        assert_ne!(attempt("a", "192.0.2.7").narrow.key, api.narrow.key);
    }

    #[test]
    fn passwords_are_counted_by_address_too_and_codes_by_user() {
        let password = |name, address| attempt(name, address).wide.key;
        assert_eq!(password("a", "192.0.2.7"), password("b", "192.0.2.7"));
        assert_ne!(password("a", "192.0.2.7"), password("a", "192.0.2.8"));
        let code = |name, address: &str| Attempt::new(AuthType::Totp, name, Some(address.parse().unwrap())).wide.key;
        assert_eq!(code("a", "192.0.2.7"), code("A", "192.0.2.8"));
        assert_ne!(code("a", "192.0.2.7"), code("b", "192.0.2.7"));
    }
}
