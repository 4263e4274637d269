//! Mail by SMTP: a mail server, a message, and what can go wrong between them.
//!
//! A connection is made for each message and closed behind it. What a message holds becomes headers and text by the
//! library that writes it; nothing of it can become another header, another recipient or another command.
//!
//! ```
//! use belvedere_mail::{Encryption, MailServer, Sender, Host};
//!
//! let server = MailServer {
//!     host: "smtp.example.com".parse::<Host>()?,
//!     port: belvedere_mail::SUBMISSION,
//!     encryption: Encryption::StartTls,
//!     login: None,
//!     from: "Reports <bi@example.com>".parse::<Sender>()?,
//! };
//! assert_eq!(server.to_string(), "smtp.example.com:587");
//! # Ok::<(), belvedere_mail::MailError>(())
//! ```

mod address;
mod error;
mod message;
mod server;

pub use address::{Host, Sender};
pub use error::MailError;
pub use message::Message;
pub use server::{Encryption, IMPLICIT_TLS, Login, MailServer, Method, SUBMISSION};
