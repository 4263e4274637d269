//! A message.

use crate::address::mailbox;
use crate::{MailError, Sender};
use lettre::message::header::ContentType;

/// A message of plain text to one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The address of the person.
    pub to: String,
    /// What it is about, on one line.
    pub subject: String,
    /// What it says.
    pub text: String,
}

impl Message {
    /// The message as it is sent.
    pub(crate) fn from(&self, sender: &Sender) -> Result<lettre::Message, MailError> {
        let message = lettre::Message::builder()
            .from(sender.0.clone())
            .to(mailbox(&self.to).ok_or(MailError::Recipient)?)
            .message_id(None)
            .subject(self.subject.as_str())
            .header(ContentType::TEXT_PLAIN);
        message.body(self.text.clone()).map_err(|_| MailError::Recipient)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(to: &str, subject: &str, text: &str) -> Result<String, MailError> {
        let message = Message { to: to.to_owned(), subject: subject.to_owned(), text: text.to_owned() };
        let sent = message.from(&"Bücher <bi@example.com>".parse().unwrap())?.formatted();
        Ok(String::from_utf8(sent).unwrap())
    }

    /// The names of the headers of a message.
    fn headers(sent: &str) -> Vec<&str> {
        let (headers, _) = sent.split_once("\r\n\r\n").unwrap();
        let lines = headers.split("\r\n").filter(|line| !line.starts_with([' ', '\t']));
        lines.map(|line| line.split(':').next().unwrap()).collect()
    }

    const HEADERS: [&str; 7] =
        ["From", "To", "Message-ID", "Subject", "Content-Type", "Content-Transfer-Encoding", "Date"];

    #[test]
    fn a_message_has_these_headers_and_its_text() {
        let sent = sent("ada@example.com", "Größe", "See\nhttps://bi.example.com/x\n.\nEnd").unwrap();
        let mut found = headers(&sent);
        found.sort_unstable();
        let mut expected = HEADERS;
        expected.sort_unstable();
        assert_eq!(found, expected);
        assert!(sent.contains("\r\nTo: ada@example.com\r\n"), "{sent}");
        assert!(sent.contains("https://bi.example.com/x"), "{sent}");
        assert!(sent.is_ascii(), "{sent}");
    }

    #[test]
    fn nothing_becomes_another_header() {
        let evil = "x\r\nBcc: eve@example.com\r\n\r\nother text";
        for to in ["ada@example.com\r\nBcc: eve@example.com", "ada@example.com, eve@example.com", "", evil] {
            assert!(matches!(sent(to, "a", "b"), Err(MailError::Recipient)), "{to:?}");
        }
        for subject in
            [evil, "x\nBcc: eve@example.com", "x\rBcc: eve@example.com", "x\r\n.\r\nMAIL FROM:<eve@example.com>"]
        {
            let sent = sent("ada@example.com", subject, "b").unwrap();
            assert_eq!(headers(&sent).len(), HEADERS.len(), "{sent}");
            assert!(!headers(&sent).contains(&"Bcc"), "{sent}");
        }
    }
}
