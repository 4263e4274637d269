//! Why a program is refused.

use std::borrow::Cow;
use std::fmt;

/// Why a program is refused, in the words of RFC 6749 and with one sentence for its developer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}: {description}")]
pub struct Refusal {
    /// The reason, for programs.
    pub reason: Reason,
    /// What was wrong and what would be right, for people. Only letters that RFC 6749 allows: no quotes, no backslash.
    pub description: Cow<'static, str>,
}

impl Refusal {
    pub(super) fn new(reason: Reason, description: impl Into<Cow<'static, str>>) -> Self {
        Self { reason, description: description.into() }
    }
}

/// The reasons of RFC 6749.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// A parameter is missing, there twice, or malformed.
    InvalidRequest,
    /// There is no such program.
    InvalidClient,
    /// The code or token is not one that this program may use now.
    InvalidGrant,
    /// The program may not do this.
    UnauthorizedClient,
    /// The kind of grant is unknown.
    UnsupportedGrantType,
    /// Something else than a code is asked for.
    UnsupportedResponseType,
    /// There is no such scope.
    InvalidScope,
    /// The user, or the server for the user, said no.
    AccessDenied,
    /// The server failed.
    ServerError,
}

impl Reason {
    /// The word that programs know.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::InvalidScope => "invalid_scope",
            Self::AccessDenied => "access_denied",
            Self::ServerError => "server_error",
        }
    }

    /// The HTTP status, where the program is answered directly.
    pub const fn status(self) -> u16 {
        match self {
            Self::InvalidClient => 401,
            Self::ServerError => 500,
            _ => 400,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
