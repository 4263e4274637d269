//! A mail server, and the way of a message to it.

use crate::error::reason;
use crate::{Host, MailError, Message, Sender};
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use std::fmt;
use std::time::Duration;

/// The port where mails are handed in; the connection becomes encrypted by STARTTLS.
pub const SUBMISSION: u16 = 587;

/// The port where the connection is encrypted from its first byte.
pub const IMPLICIT_TLS: u16 = 465;

/// How long a whole exchange may take.
const PATIENCE: Duration = Duration::from_secs(15);

/// A mail server: where it is, how to speak to it, and whom mails come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailServer {
    /// The machine.
    pub host: Host,
    /// Its port.
    pub port: u16,
    /// How the connection is encrypted. At [`IMPLICIT_TLS`] it is from the start, whatever stands here.
    pub encryption: Encryption,
    /// How to sign in, where that is needed.
    pub login: Option<Login>,
    /// Whom mails come from.
    pub from: Sender,
}

/// How a connection that begins in the clear is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encryption {
    /// By STARTTLS, where the mail server offers it.
    StartTls,
    /// Not at all.
    Never,
}

/// How to sign in to a mail server.
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    /// The name.
    pub user_name: String,
    /// The password.
    pub password: String,
    /// How both are shown.
    pub method: Method,
}

/// How name and password are shown to a mail server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// As the mail server offers it.
    Any,
    /// In one message.
    Plain,
    /// In two messages.
    Login,
}

impl Method {
    fn mechanisms(self) -> &'static [Mechanism] {
        match self {
            Self::Any => &[Mechanism::Plain, Mechanism::Login],
            Self::Plain => &[Mechanism::Plain],
            Self::Login => &[Mechanism::Login],
        }
    }
}

impl fmt::Debug for Login {
    /// Without the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login")
            .field("user_name", &self.user_name)
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for MailServer {
    /// Host and port.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

impl MailServer {
    /// Whether the password, where one is needed, is shown to nobody between: the connection is encrypted, or does not
    /// leave this machine.
    pub fn keeps_its_password(&self) -> bool {
        let stays_clear = self.encryption == Encryption::Never && self.port != IMPLICIT_TLS;
        self.login.is_none() || !stays_clear || self.host.is_loopback()
    }

    /// Sends a message. It has been sent when the mail server has taken it.
    pub async fn send(&self, message: &Message) -> Result<(), MailError> {
        let message = message.from(&self.from)?;
        self.in_time(async {
            let mut connection = self.connect().await?;
            let sent = connection.send(message.envelope(), &message.formatted()).await;
            sent.map_err(|error| MailError::Refused { server: self.to_string(), reason: reason(&error) })?;
            // It has the message, however the two part.
            let _ = connection.quit().await;
            Ok(())
        })
        .await
    }

    /// Finds out whether a message would be taken: connects, encrypts, signs in, and leaves.
    pub async fn check(&self) -> Result<(), MailError> {
        self.in_time(async {
            let _ = self.connect().await?.quit().await;
            Ok(())
        })
        .await
    }

    async fn in_time<T>(&self, exchange: impl Future<Output = Result<T, MailError>>) -> Result<T, MailError> {
        let silent = || MailError::Silent { server: self.to_string(), seconds: PATIENCE.as_secs() };
        tokio::time::timeout(PATIENCE, exchange).await.unwrap_or_else(|_| Err(silent()))
    }

    /// A connection that takes messages.
    async fn connect(&self) -> Result<AsyncSmtpConnection, MailError> {
        let server = self.to_string();
        let tls_error = |error| MailError::Tls { server: server.clone(), reason: reason(&error) };
        let hello = ClientId::default();
        let tls = || TlsParameters::new_rustls(self.host.as_str().to_owned()).map_err(tls_error);
        let from_the_start = if self.port == IMPLICIT_TLS { Some(tls()?) } else { None };
        let place = (self.host.as_str(), self.port);
        let connected = AsyncSmtpConnection::connect_tokio1(place, Some(PATIENCE), &hello, from_the_start, None).await;
        let mut connection = connected.map_err(|error| {
            if error.is_tls() {
                return tls_error(error);
            }
            MailError::Unreachable { server: server.clone(), reason: reason(&error) }
        })?;
        if self.encryption == Encryption::StartTls && connection.can_starttls() {
            connection.starttls(tls()?, &hello).await.map_err(tls_error)?;
        }
        if let Some(login) = &self.login {
            // Whoever sits between could hide that encryption is offered, and would read the password.
            if !connection.is_encrypted() && !self.host.is_loopback() {
                return Err(MailError::Unencrypted { server });
            }
            let credentials = Credentials::new(login.user_name.clone(), login.password.clone());
            connection.auth(login.method.mechanisms(), &credentials).await.map_err(|error| MailError::SignIn {
                server,
                user_name: login.user_name.clone(),
                reason: reason(&error),
            })?;
        }
        Ok(connection)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    async fn closed() -> MailServer {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        MailServer {
            host: "127.0.0.1".parse().unwrap(),
            port: listener.local_addr().unwrap().port(),
            encryption: Encryption::StartTls,
            login: None,
            from: "bi@example.com".parse().unwrap(),
        }
    }

    #[tokio::test]
    async fn a_server_that_is_not_there_is_told_with_its_place() {
        let server = closed().await;
        let error = server.check().await.unwrap_err();
        assert!(matches!(error, MailError::Unreachable { .. }), "{error:?}");
        assert!(error.to_string().starts_with(&format!("the mail server {server} cannot be reached: ")), "{error}");
    }

    #[test]
    fn a_password_goes_nowhere_unencrypted() {
        let login = || Some(Login { user_name: "a".to_owned(), password: "b".to_owned(), method: Method::Any });
        let keeps = |host: &str, port, encryption, login| {
            let from = "bi@example.com".parse().unwrap();
            MailServer { host: host.parse().unwrap(), port, encryption, login, from }.keeps_its_password()
        };
        assert!(!keeps("smtp.example.com", SUBMISSION, Encryption::Never, login()));
        assert!(keeps("smtp.example.com", SUBMISSION, Encryption::Never, None));
        assert!(keeps("smtp.example.com", SUBMISSION, Encryption::StartTls, login()));
        assert!(keeps("smtp.example.com", IMPLICIT_TLS, Encryption::Never, login()));
        assert!(keeps("localhost", SUBMISSION, Encryption::Never, login()));
    }

    #[test]
    fn a_password_is_not_shown() {
        let login = Login { user_name: "ada".to_owned(), password: "s3cret".to_owned(), method: Method::Any };
        assert!(!format!("{login:?}").contains("s3cret"));
    }
}
