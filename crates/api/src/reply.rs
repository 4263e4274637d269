//! What an operation answers with.

use std::borrow::Cow;
use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use futures_util::Stream;

use crate::error::Error;
use crate::json::WriteJson;
use crate::page::Window;
use crate::shape::Shape;

/// JSON text that is ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Json(pub Vec<u8>);

impl Json {
    /// The text of a value in a shape.
    pub fn of<T: WriteJson + ?Sized>(value: &T, shape: &Shape) -> Self {
        let mut out = Vec::new();
        value.write(&mut out, shape);
        Self(out)
    }
}

impl WriteJson for Json {
    fn write(&self, out: &mut Vec<u8>, _: &Shape) {
        out.extend_from_slice(&self.0);
    }
}

/// A body that is made while it is sent. An error ends the connection, so that the body never looks complete.
pub type BodyStream = Pin<Box<dyn Stream<Item = Result<Bytes, Error>> + Send>>;

/// What an operation answers with when it went well.
pub enum Reply {
    /// A JSON body.
    Json(Json),
    /// A part of a list. The answer tells where the other parts are, if the caller asked for a part.
    Page {
        /// The entries.
        body: Json,
        /// Which part they are.
        window: Window,
        /// How many entries this part has.
        count: u64,
        /// How many entries the whole list has, where that is known.
        total: Option<u64>,
    },
    /// A body of another type that is at hand.
    Text {
        /// The value of the header `Content-Type`.
        content_type: Cow<'static, str>,
        /// The body.
        body: Bytes,
    },
    /// A body that is made while it is sent.
    Stream {
        /// The value of the header `Content-Type`.
        content_type: Cow<'static, str>,
        /// The body.
        body: BodyStream,
    },
    /// The same, for the caller to keep as a file (`Content-Disposition: attachment`).
    Attachment(Box<Self>),
    /// 204: no body.
    Empty,
    /// 202: not ready yet.
    Pending {
        /// When to ask again.
        retry_after: Duration,
    },
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(body) => write!(f, "Json({})", String::from_utf8_lossy(&body.0)),
            Self::Page { body, window, total, .. } => {
                write!(f, "Page({}, {window:?}, {total:?})", String::from_utf8_lossy(&body.0))
            }
            Self::Text { content_type, body } => write!(f, "Text({content_type}, {} bytes)", body.len()),
            Self::Stream { content_type, .. } => write!(f, "Stream({content_type})"),
            Self::Attachment(reply) => write!(f, "Attachment({reply:?})"),
            Self::Empty => f.write_str("Empty"),
            Self::Pending { retry_after } => write!(f, "Pending({retry_after:?})"),
        }
    }
}
