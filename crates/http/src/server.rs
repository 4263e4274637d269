//! The listening server.

use crate::State;
use crate::connections::{Behind, ConnectionLimits};
use crate::cors::cors;
use crate::limit::RateLimit;
use crate::paths::normalize;
use crate::request_id::identify;
use crate::routes::router;
use crate::tls::{Certificate, Issuer};
use axum::http::HeaderValue;
use axum::http::header::STRICT_TRANSPORT_SECURITY;
use axum::response::Response;
use belvedere_api::Ids;
use belvedere_service::Service;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tower::Layer as _;
use tower::util::MapRequestLayer;
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

/// For a year browsers use nothing but TLS for this host.
const STRICT: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// What a server is made of.
pub struct Options {
    /// What answers.
    pub service: Arc<Service>,
    /// Random ids.
    pub ids: Arc<dyn Ids>,
    /// Most bytes of a request's body.
    pub body_limit: usize,
    /// Most calls of a user in a minute; none for any number.
    pub rate_limit: Option<NonZeroU32>,
    /// What connections may do.
    pub connections: ConnectionLimits,
    /// The certificate to show; none for plain HTTP.
    pub tls: Option<Arc<Certificate>>,
    /// How long answers that are under way may take once the server is told to stop.
    pub grace: Duration,
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("body_limit", &self.body_limit)
            .field("connections", &self.connections)
            .field("grace", &self.grace)
            .finish_non_exhaustive()
    }
}

/// A server that has its port but does not answer yet.
#[derive(Debug)]
pub struct Bound {
    listener: TcpListener,
}

impl Bound {
    /// Takes the port.
    pub async fn bind(addresses: &[SocketAddr]) -> io::Result<Self> {
        Ok(Self { listener: TcpListener::bind(addresses).await? })
    }

    /// The address that it has, the port included where a free one was asked for.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Answers until `stop` is done and the answers under way are too, or their grace is over.
    pub async fn serve(self, options: Options, stop: impl Future<Output = ()>) {
        let Options { service, ids, body_limit, rate_limit, connections, tls, grace } = options;
        let rate_limit = rate_limit.map(|calls| Arc::new(RateLimit::per_minute(calls)));
        let scheme = if tls.is_some() { "https" } else { "http" };
        let is_trusted = tls.as_ref().is_some_and(|certificate| certificate.issuer() == Issuer::Authority);
        let state = State { service, ids, body_limit, scheme, rate_limit };
        let compression = CompressionLayer::new().gzip(true).quality(CompressionLevel::Fastest);
        let identified = axum::middleware::from_fn_with_state(state.clone(), identify);
        let from_pages = axum::middleware::from_fn_with_state(state.clone(), cors);
        let routes = router(&state).layer(CatchPanicLayer::custom(panicked)).layer(compression);
        let routes = routes.layer(from_pages).layer(identified);
        let routes = routes.layer(axum::middleware::map_response(move |mut response: Response| async move {
            if is_trusted {
                response.headers_mut().insert(STRICT_TRANSPORT_SECURITY, STRICT);
            }
            response
        }));
        let app = MapRequestLayer::new(normalize).layer(routes);
        let (stopping, stopped) = tokio::sync::oneshot::channel::<()>();
        let serving = Behind { app, tls, limits: connections }.serve(self.listener, async move {
            stop.await;
            let _ = stopping.send(());
        });
        let out_of_grace = async move {
            let _ = stopped.await;
            tokio::time::sleep(grace).await;
        };
        tokio::select! {
            () = serving => {}
            () = out_of_grace => {}
        }
    }
}

/// A panic is a bug; its request gets an answer like any failure, and the others do not notice.
fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    crate::answer::refusal(&belvedere_api::Error::internal("a handler panicked"), "", None)
}
