//! What an operation knows beside its parameters.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use jiff::Timestamp;

use crate::error::{Error, Result};
use crate::generated::operations::OperationId;
use crate::security::SecurityContext;
use crate::shape::Shape;
use crate::words::words;

/// What an operation knows beside its parameters: who calls, when, in which words the answer shall be.
#[derive(Clone)]
pub struct Cx {
    /// The operation that is called.
    pub operation: OperationId,
    /// Who calls; none for an operation that needs no token and got none.
    pub caller: Option<Caller>,
    /// The time of the call: everything in it happens at this instant.
    pub now: Timestamp,
    /// The id of the request in the log.
    pub request_id: Arc<str>,
    /// The source of random ids.
    pub ids: Arc<dyn Ids>,
    /// Scheme, host and port that the caller reached the API at, `https://bi.example.com:19999`.
    pub origin: Arc<str>,
    /// The program that calls.
    pub client: Client,
    /// Which properties the answer shall have.
    pub shape: Shape,
    /// The values of the path's parameters, in their order.
    pub path: Vec<String>,
}

impl Cx {
    /// Who calls, or 401.
    pub fn caller(&self) -> Result<&Caller> {
        self.caller.as_ref().ok_or_else(Error::unauthorized)
    }

    /// What the caller may see and do, or 401.
    pub fn security(&self) -> Result<&Arc<SecurityContext>> {
        self.caller().map(|caller| &caller.security)
    }

    /// The absolute address of a path of the server, `/api/4.0/users/1`.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }
}

impl fmt::Debug for Cx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cx")
            .field("operation", &self.operation)
            .field("caller", &self.caller)
            .field("now", &self.now)
            .field("request_id", &self.request_id)
            .field("origin", &self.origin)
            .field("client", &self.client)
            .field("shape", &self.shape)
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

/// The bearer of a token.
#[derive(Debug, Clone)]
pub struct Caller {
    /// As whom the calls are made.
    pub user: UserId,
    /// The token.
    pub token: TokenHash,
    /// The workspace of the token's session.
    pub workspace: Workspace,
    /// The administrator who acts as the user, if one does.
    pub sudo_user: Option<UserId>,
    /// What the user may see and do.
    pub security: Arc<SecurityContext>,
}

/// Which user: a number, served as its decimal text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserId(i64);

impl UserId {
    /// The id with this number.
    pub const fn new(number: i64) -> Self {
        Self(number)
    }

    /// The number.
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The SHA-256 of a token: it names the token and its session without being of use to a thief.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenHash(pub [u8; 32]);

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, second, third, fourth, ..] = self.0;
        write!(f, "TokenHash({first:02x}{second:02x}{third:02x}{fourth:02x}…)")
    }
}

words! {
    /// Whose files of the projects are read.
    pub enum Workspace {
        /// The deployed ones.
        Production = "production",
        /// The user's own copy.
        Dev = "dev",
    }
}

/// The program that calls: where it is, and what it says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Client {
    /// The network address that the call comes from, as far as it is known.
    pub address: Option<IpAddr>,
    /// The header `User-Agent`.
    pub user_agent: Option<String>,
    /// The header `x-looker-appid`.
    pub application: Option<String>,
}

/// A source of ids that nobody can guess; seeded only in tests.
pub trait Ids: Send + Sync {
    /// A text of so many letters and digits.
    fn alphanumeric(&self, length: usize) -> String;

    /// A text of so many lower-case hex digits.
    fn hex(&self, length: usize) -> String;
}
