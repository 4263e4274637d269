//! Calls of the API.

use crate::answer::Answer;
use crate::document::Exchange;
use crate::server::TestServer;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::Value;
use std::future::IntoFuture;
use std::panic::Location;
use std::pin::Pin;

/// The newest version, which is spoken unless a test says otherwise.
const NEWEST: &str = "4.0";

/// Somebody who calls: with a token, or without.
#[derive(Debug, Clone)]
pub struct Caller<'a> {
    server: &'a TestServer,
    token: Option<String>,
    version: &'static str,
}

impl<'a> Caller<'a> {
    pub(crate) fn new(server: &'a TestServer, token: Option<String>) -> Self {
        Self { server, token, version: NEWEST }
    }

    /// The same caller, who speaks this version of the API.
    #[must_use]
    pub fn speaking(mut self, version: &'static str) -> Self {
        self.version = version;
        self
    }

    /// A call of `method` and `path`, which is below the base path and may have a query string.
    pub fn call(&self, method: &str, path: &str) -> Call<'a> {
        self.host_call(method, &format!("/api/{}{path}", self.version))
    }

    /// A call of a path of the host.
    pub fn host_call(&self, method: &str, path: &str) -> Call<'a> {
        let method: Method = method.parse().expect("a method");
        let mut request = self.server.request(method, path);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        Call { server: self.server, request, operation: None }
    }

    /// `GET` of a path below the base path.
    pub fn get(&self, path: &str) -> Call<'a> {
        self.call("GET", path)
    }

    /// `POST` of a path below the base path.
    pub fn post(&self, path: &str) -> Call<'a> {
        self.call("POST", path)
    }

    /// `PATCH` of a path below the base path.
    pub fn patch(&self, path: &str) -> Call<'a> {
        self.call("PATCH", path)
    }

    /// `PUT` of a path below the base path.
    pub fn put(&self, path: &str) -> Call<'a> {
        self.call("PUT", path)
    }

    /// `DELETE` of a path below the base path.
    pub fn delete(&self, path: &str) -> Call<'a> {
        self.call("DELETE", path)
    }

    /// Runs a query in a format; `how` is the query string of the call.
    pub fn run(&self, query: &Value, format: &str, how: &str) -> Call<'a> {
        self.post(&format!("/queries/run/{format}?{how}")).json(query)
    }
}

/// A call that is not made yet. Awaiting it makes it, reads the answer and validates it against the document.
#[must_use = "a call is made when it is awaited"]
#[derive(Debug)]
pub struct Call<'a> {
    server: &'a TestServer,
    request: RequestBuilder,
    /// The operation's path, where the path of the call is another.
    operation: Option<String>,
}

impl Call<'_> {
    /// With a header, in the place of one that the call has already.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name = HeaderName::try_from(name).expect("a name of a header");
        let value = HeaderValue::from_str(value).expect("a value of a header");
        self.request = self.request.headers(HeaderMap::from_iter([(name, value)]));
        self
    }

    /// With a parameter in the query string.
    pub fn query(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.query(&[(name, value)]);
        self
    }

    /// With a JSON body.
    pub fn json(mut self, body: &Value) -> Self {
        self.request = self.request.json(body);
        self
    }

    /// With a form.
    pub fn form(mut self, pairs: &[(&str, &str)]) -> Self {
        self.request = self.request.form(pairs);
        self
    }

    /// With a body of this type.
    pub fn body(mut self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.request = self.request.header(CONTENT_TYPE, content_type).body(body.into());
        self
    }

    /// For a call under another path: it is the operation at `path` that is meant and whose promises count.
    pub fn meaning(mut self, path: &str) -> Self {
        self.operation = Some(path.to_owned());
        self
    }

    /// Makes the call and gives the answer as it begins: unread, and not validated.
    pub async fn begin(self) -> Response {
        self.request.send().await.expect("an answer")
    }

    async fn make(self, place: &'static Location<'static>) -> Answer {
        let Self { server, request, operation } = self;
        let request = request.build().expect("a request");
        let (method, url) = (request.method().clone(), request.url().clone());
        let response = server.client().execute(request).await.expect("an answer");
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let answer = Answer { status, headers, body: response.bytes().await.expect("a whole body").to_vec() };
        let (version, path) = match (operation, below_a_version(url.path())) {
            (Some(path), _) => (NEWEST.to_owned(), path),
            (None, Some(called)) => called,
            (None, None) => return answer,
        };
        let Some(document) = server.document_of(&version).await else { return answer };
        let fields = url.query_pairs().find(|(name, _)| name == "fields").map(|(_, fields)| fields.into_owned());
        let problems = document.problems(&Exchange {
            method: method.as_str(),
            path: &path,
            fields: fields.as_deref(),
            status,
            content_type: answer.header("content-type"),
            body: &answer.body,
        });
        assert!(problems.is_empty(), "{place}: {method} {url} breaks the document: {problems:#?}\n{answer:?}");
        answer
    }
}

/// The version that a path names, and what stands below its base path.
fn below_a_version(path: &str) -> Option<(String, String)> {
    let (version, rest) = path.strip_prefix("/api/")?.split_once('/')?;
    let is_version = version.starts_with(|letter: char| letter.is_ascii_digit());
    is_version.then(|| (version.to_owned(), format!("/{rest}")))
}

impl<'a> IntoFuture for Call<'a> {
    type Output = Answer;
    type IntoFuture = Pin<Box<dyn Future<Output = Answer> + Send + 'a>>;

    #[track_caller]
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.make(Location::caller()))
    }
}
