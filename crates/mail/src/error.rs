//! What can go wrong.

use lettre::transport::smtp::Error as SmtpError;
use std::error::Error;

/// Why a mail is not sent. What a mail server said is told in one short line.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// What was given names no machine.
    #[error("expected the name or the address of a mail server, such as smtp.example.com")]
    Host,
    /// What was given is nobody's address.
    #[error("expected an address to send from, such as bi@example.com or `Reports <bi@example.com>`")]
    Sender,
    /// Nobody can be written to at this address.
    #[error("the address of the recipient is none")]
    Recipient,
    /// A password would be read along by everybody between.
    #[error("the mail server {server} offers no encryption, without which no password is sent")]
    Unencrypted {
        /// The mail server.
        server: String,
    },
    /// There is nobody, or nobody who speaks SMTP.
    #[error("the mail server {server} cannot be reached: {reason}")]
    Unreachable {
        /// The mail server.
        server: String,
        /// What happened.
        reason: String,
    },
    /// It does not show who it is.
    #[error("the connection to the mail server {server} cannot be encrypted: {reason}")]
    Tls {
        /// The mail server.
        server: String,
        /// What happened.
        reason: String,
    },
    /// It does not let this server in.
    #[error("the mail server {server} refuses the sign-in of {user_name}: {reason}")]
    SignIn {
        /// The mail server.
        server: String,
        /// Who wanted in.
        user_name: String,
        /// What it said.
        reason: String,
    },
    /// It does not take the message.
    #[error("the mail server {server} does not take the mail: {reason}")]
    Refused {
        /// The mail server.
        server: String,
        /// What it said.
        reason: String,
    },
    /// It says nothing.
    #[error("the mail server {server} did not answer within {seconds} seconds")]
    Silent {
        /// The mail server.
        server: String,
        /// How long was waited.
        seconds: u64,
    },
}

/// The most characters of what a mail server said.
const LONGEST_REASON: usize = 200;

/// What a failure says, on one line: the answer of the mail server with its number, or the innermost cause.
pub(crate) fn reason(error: &SmtpError) -> String {
    let mut cause: &dyn Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    let told = match error.status() {
        Some(code) => format!("{code} {cause}"),
        None => cause.to_string(),
    };
    let line = told.chars().map(|letter| if letter.is_control() { ' ' } else { letter });
    line.take(LONGEST_REASON).collect::<String>().trim_end().to_owned()
}
