//! HTTP: routes from the operation table, authentication, limits, streaming, error bodies.
//!
//! This is the only crate that knows of HTTP. It turns a request into a call of [`Service`], and a reply into a
//! response; what an operation does it does not know.

mod answer;
mod call;
mod connections;
mod cors;
mod deprecation;
mod forwarded;
mod limit;
mod pages;
mod paths;
mod request_id;
mod routes;
mod server;
mod tls;
mod token;

pub use connections::ConnectionLimits;
pub use server::{Bound, Options};
pub use tls::{Certificate, CertificateError, Issuer};

use belvedere_api::Ids;
use belvedere_service::Service;
use limit::RateLimit;
use std::fmt;
use std::sync::Arc;

/// What every request needs.
#[derive(Clone)]
pub(crate) struct State {
    pub(crate) service: Arc<Service>,
    pub(crate) ids: Arc<dyn Ids>,
    /// Most bytes of a request's body.
    pub(crate) body_limit: usize,
    /// `http` or `https`, as the server speaks itself.
    pub(crate) scheme: &'static str,
    /// How many calls a user may make in a minute; none for any number.
    pub(crate) rate_limit: Option<Arc<RateLimit>>,
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State").field("body_limit", &self.body_limit).finish_non_exhaustive()
    }
}
