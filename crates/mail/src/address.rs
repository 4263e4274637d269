//! Who is spoken to, and in whose name.

use crate::MailError;
use lettre::message::Mailbox;
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// The most characters of a host's name.
const LONGEST_HOST: usize = 253;

/// The name or the address of a machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host(String);

impl Host {
    /// The text of it; an address of version 6 has no brackets.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is this very machine.
    pub fn is_loopback(&self) -> bool {
        self.0.eq_ignore_ascii_case("localhost") || self.0.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }
}

impl FromStr for Host {
    type Err = MailError;

    fn from_str(text: &str) -> Result<Self, MailError> {
        let is_label = |label: &str| {
            !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        };
        let is_name = text.len() <= LONGEST_HOST && text.split('.').all(is_label);
        if is_name || text.parse::<IpAddr>().is_ok() {
            return Ok(Self(text.to_owned()));
        }
        Err(MailError::Host)
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.contains(':') { write!(f, "[{}]", self.0) } else { f.write_str(&self.0) }
    }
}

/// Whom mails come from: `bi@example.com` or `Reports <bi@example.com>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender(pub(crate) Mailbox);

impl FromStr for Sender {
    type Err = MailError;

    fn from_str(text: &str) -> Result<Self, MailError> {
        mailbox(text).map(Self).ok_or(MailError::Sender)
    }
}

impl fmt::Display for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One address on one line, with a name perhaps.
pub(crate) fn mailbox(text: &str) -> Option<Mailbox> {
    let is_line = !text.chars().any(char::is_control);
    text.parse().ok().filter(|mailbox: &Mailbox| is_line && mailbox.email.to_string().is_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_a_name_or_an_address() {
        for right in ["smtp.example.com", "localhost", "192.0.2.7", "::1", "mail_relay-1"] {
            assert_eq!(right.parse::<Host>().unwrap().as_str(), right);
        }
        for wrong in ["", ".", "a..b", "a b", "a\r\nb", "smtp://a", "a:25", "user@a", "ä.example.com", &"a".repeat(254)]
        {
            assert!(wrong.parse::<Host>().is_err(), "{wrong:?}");
        }
        assert_eq!("::1".parse::<Host>().unwrap().to_string(), "[::1]");
    }

    #[test]
    fn this_machine_is_known_by_name_and_address() {
        let is_loopback = |host: &str| host.parse::<Host>().unwrap().is_loopback();
        assert!(["localhost", "LOCALHOST", "127.0.0.1", "127.9.9.9", "::1"].into_iter().all(is_loopback));
        assert!(!["localhost.example.com", "192.0.2.7", "127.0.0.1.example.com"].into_iter().any(is_loopback));
    }

    #[test]
    fn a_sender_is_one_address_on_one_line() {
        for right in ["bi@example.com", "Reports <bi@example.com>", "\"Reports, daily\" <bi@example.com>"] {
            assert!(right.parse::<Sender>().is_ok(), "{right}");
        }
        for wrong in [
            "",
            "bi",
            "bi@example.com, eve@example.com",
            "bi@example.com\r\nBcc: eve@example.com",
            "Reports\r\nBcc: eve@example.com\r\n <bi@example.com>",
            "\"Reports\nBcc: eve@example.com\" <bi@example.com>",
            "bi@example.com\0",
            "bі@example.com",
        ] {
            assert!(wrong.parse::<Sender>().is_err(), "{wrong:?}");
        }
    }
}
