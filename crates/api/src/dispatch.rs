//! From an operation and a request to an answer.

use std::future::Future;
use std::pin::Pin;

use crate::arguments::Arguments;
use crate::cx::Cx;
use crate::error::Result;
use crate::generated;
use crate::generated::operations::OperationId;
use crate::generated::tags::Operations;
use crate::json::WriteJson;
use crate::page::Page;
use crate::reply::{Json, Reply};
use crate::request::Request;

/// An answer that is on its way.
pub type Answering<'a> = Pin<Box<dyn Future<Output = Result<Reply>> + Send + 'a>>;

/// An answer that is on its way, unless the request could not be read.
pub(crate) type Started<'a> = Result<Answering<'a>>;

/// Reads the request, calls the method of the service, and writes what it gives in the shape of the context.
///
/// A service calls this in one place only, with its own type: all its operations are compiled there.
pub async fn dispatch<S: Operations>(service: &S, cx: &Cx, operation: OperationId, request: Request) -> Result<Reply> {
    generated::dispatch::start(service, cx, operation, Arguments::new(operation, request))?.await
}

/// Awaits a method and makes a reply of what it gives.
pub(crate) fn answer<'a, T: IntoReply + Send + 'a>(
    cx: &'a Cx,
    method: impl Future<Output = Result<T>> + Send + 'a,
) -> Answering<'a> {
    Box::pin(async move { method.await.map(|value| value.into_reply(cx)) })
}

/// What a method of a service may give.
pub trait IntoReply {
    /// The reply to the call.
    fn into_reply(self, cx: &Cx) -> Reply;
}

impl IntoReply for () {
    fn into_reply(self, _: &Cx) -> Reply {
        Reply::Empty
    }
}

impl IntoReply for Reply {
    fn into_reply(self, _: &Cx) -> Reply {
        self
    }
}

impl<T: WriteJson> IntoReply for T {
    fn into_reply(self, cx: &Cx) -> Reply {
        Reply::Json(Json::of(&self, &cx.shape))
    }
}

impl<T: WriteJson> IntoReply for Page<T> {
    fn into_reply(self, cx: &Cx) -> Reply {
        let count = self.items.len() as u64;
        Reply::Page { body: Json::of(&self.items, &cx.shape), window: self.window, count, total: self.total }
    }
}
