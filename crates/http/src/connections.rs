//! The connections of a server: how many there may be, and how long each may keep it waiting.

use crate::tls::Certificate;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use axum::serve::Listener;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, Semaphore};
use tokio_io_timeout::TimeoutWriter;
use tokio_util::either::Either;
use tower::{Service, ServiceExt as _};

/// What connections may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConnectionLimits {
    /// Most connections at once. The next ones wait until one ends.
    pub most: usize,
    /// How long a new connection may take to send the head of a request.
    pub first_request: Duration,
    /// How long it may take to send the head of each further one, from the answer before it on. Proxies keep connections
    /// for a minute, and expect to be the first who ends them.
    pub next_request: Duration,
    /// How long it may take nothing of an answer.
    pub taking: Duration,
}

impl Default for ConnectionLimits {
    fn default() -> Self {
        Self {
            most: 800,
            first_request: Duration::from_secs(20),
            next_request: Duration::from_secs(75),
            taking: Duration::from_mins(2),
        }
    }
}

/// Who is at the other end of a connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// What is behind a port.
#[derive(Clone)]
pub(crate) struct Behind<A> {
    /// What answers.
    pub(crate) app: A,
    /// The certificate to show; none for plain HTTP.
    pub(crate) tls: Option<Arc<Certificate>>,
    pub(crate) limits: ConnectionLimits,
}

impl<A> Behind<A>
where
    A: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
    A::Future: Send,
{
    /// Answers who comes to the port until `stop` is done, and then whoever is there already.
    pub(crate) async fn serve(self, mut port: TcpListener, stop: impl Future<Output = ()>) {
        let places = Arc::new(Semaphore::new(self.limits.most.min(Semaphore::MAX_PERMITS)));
        let stopping = GracefulShutdown::new();
        let mut stop = pin!(stop);
        loop {
            let next = async { (Arc::clone(&places).acquire_owned().await, accept(&mut port).await) };
            let (place, (stream, address)) = tokio::select! {
                next = next => next,
                () = &mut stop => break,
            };
            let conversation = self.clone().converse(stream, address, stopping.watcher());
            tokio::spawn(async move {
                let _place = place;
                conversation.await;
            });
        }
        drop(port);
        stopping.shutdown().await;
    }

    async fn converse(self, stream: TcpStream, address: SocketAddr, stopping: Watcher) {
        let stream = match &self.tls {
            None => Either::Left(stream),
            Some(certificate) => match certificate.agree(stream, address).await {
                Some(stream) => Either::Right(stream),
                None => return,
            },
        };
        let mut stream = TimeoutWriter::new(stream);
        stream.set_timeout(Some(self.limits.taking));
        let begun = Arc::new(Notify::new());
        let asked = Arc::clone(&begun);
        let app = self.app.map_request(move |mut request: hyper::Request<Incoming>| {
            asked.notify_one();
            request.extensions_mut().insert(Peer(address.ip()));
            request.map(Body::new)
        });
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(self.limits.next_request);
        let answering = http.serve_connection(TokioIo::new(Box::pin(stream)), TowerToHyperService::new(app));
        let mut answering = pin!(stopping.watch(answering));
        let ended = tokio::select! {
            ended = &mut answering => ended,
            begun = tokio::time::timeout(self.limits.first_request, begun.notified()) => match begun {
                Ok(()) => answering.await,
                Err(_) => return tracing::debug!(%address, "a caller has asked for nothing in time"),
            },
        };
        if let Err(error) = ended {
            tracing::debug!(%address, %error, "a connection broke off");
        }
    }
}

async fn accept(port: &mut TcpListener) -> (TcpStream, SocketAddr) {
    let (stream, address) = Listener::accept(port).await;
    // A small answer must not wait for the acknowledgement of an earlier one.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection keeps small packets back");
    }
    (stream, address)
}
