//! Mails to users: which mail server they go out by, and what they say.

mod settings;
mod status;

use crate::sign_in::reset::Made;
use crate::user::{ACCOUNT_SETUP_PATH, PASSWORD_RESET_PATH};
use crate::{Service, stored};
use belvedere_api::{Error, Result};
use belvedere_mail::{MailServer, Message};
use belvedere_store::CredentialsEmail;
use std::sync::Arc;

const NO_MAIL_SERVER: &str =
    "no mail server is set: an administrator sets one with set_smtp_settings, an operator with --smtp-address";

const NO_HOST_URL: &str =
    "the server does not know the address that users reach it at, which mails lead to: start it with --host-url";

/// What it takes to write to a user.
#[derive(Debug)]
pub(crate) struct Postman {
    server: MailServer,
    /// Where links lead: an address that the operator gave, since that of a request could be made up by whoever asks.
    host_url: Arc<str>,
}

impl Postman {
    /// Sends a user the way to a password.
    pub(crate) async fn send_reset(&self, credentials: &CredentialsEmail, made: &Made) -> Result<()> {
        let message = reset(&self.host_url, credentials, &made.token);
        self.server.send(&message).await.map_err(|error| Error::bad_request(error.to_string()))
    }
}

/// The way to a password, as a mail.
fn reset(host_url: &str, credentials: &CredentialsEmail, token: &str) -> Message {
    let is_first = credentials.password_hash.is_none();
    let (subject, path) =
        if is_first { ("Set your password", ACCOUNT_SETUP_PATH) } else { ("Set a new password", PASSWORD_RESET_PATH) };
    let consequence = if is_first { "nothing happens" } else { "your password stays as it is" };
    let text = format!(
        "{subject} for {host_url}, where you sign in as {email}:\n\n{host_url}{path}{token}\n\n\
         The address works once, within an hour. If you do not use it, {consequence}.\n",
        email = credentials.email
    );
    Message { to: credentials.email.clone(), subject: subject.to_owned(), text }
}

impl Service {
    /// Whether mails can be sent to users.
    ///
    /// # Errors
    /// 500 when the store fails.
    pub async fn sends_mail(&self) -> Result<bool> {
        Ok(self.settings.host_url.is_some() && self.mail_server().await?.is_some())
    }

    /// What it takes to write to a user.
    ///
    /// # Errors
    /// 400 when it is not there.
    pub(crate) async fn postman(&self) -> Result<Postman> {
        let server = self.mail_server().await?.ok_or_else(|| Error::bad_request(NO_MAIL_SERVER))?;
        let host_url = self.settings.host_url.clone().ok_or_else(|| Error::bad_request(NO_HOST_URL))?;
        Ok(Postman { server, host_url })
    }

    /// The mail server in force: an administrator's, else the operator's.
    async fn mail_server(&self) -> Result<Option<MailServer>> {
        let set = stored(self.store.read(async |db| settings::in_force(db).await).await)?;
        match set {
            Some(set) => set.server(&self.settings.sealing_key).map(Some),
            None => Ok(self.settings.mail_server.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use belvedere_store::{PasswordHash, UserId};

    fn credentials(password_hash: Option<PasswordHash>) -> CredentialsEmail {
        CredentialsEmail {
            user_id: UserId::new(1),
            email: "ada@example.com".to_owned(),
            forced_password_reset_at_next_login: false,
            is_disabled: false,
            created_at: jiff::Timestamp::UNIX_EPOCH,
            logged_in_at: None,
            password_hash,
            password_set_at: None,
        }
    }

    #[test]
    fn a_reset_says_where_to_go_and_for_how_long() {
        let mail = reset("https://bi.example.com", &credentials(Some(PasswordHash::new("$"))), "abc");
        assert_eq!((mail.to.as_str(), mail.subject.as_str()), ("ada@example.com", "Set a new password"));
        assert_eq!(
            mail.text,
            "Set a new password for https://bi.example.com, where you sign in as ada@example.com:\n\n\
             https://bi.example.com/password/reset/abc\n\n\
             The address works once, within an hour. If you do not use it, your password stays as it is.\n"
        );
        let first = reset("https://bi.example.com", &credentials(None), "abc");
        assert!(first.text.contains("\nhttps://bi.example.com/account/setup/abc\n"), "{}", first.text);
    }
}
