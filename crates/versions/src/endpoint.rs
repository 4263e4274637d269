//! Where a call arrives.

use std::borrow::Cow;

use belvedere_api::{Error, Method, Operation, Reply, Result, Shape, documents};
use bytes::Bytes;

use crate::route::Route;

/// Where a call arrives: an operation of the newest version, or a route of another one. Who serves calls is written
/// once for both; that nothing is translated for the newest version is known when it is compiled.
pub trait Endpoint: Copy + Send + Sync + 'static {
    /// The name of the version, `4.0`.
    fn version(self) -> &'static str;

    /// The operationId in the version.
    fn name(self) -> &'static str;

    /// The method.
    fn method(self) -> Method;

    /// The path template below the base path of the version.
    fn path(self) -> &'static str;

    /// The operation that answers; none when nobody does.
    fn operation(self) -> Option<&'static Operation>;

    /// What the answer shall hold, for the query string of a call.
    fn shape(self, operation: &'static Operation, query: &[(String, String)]) -> Shape;

    /// The query string as the newest version takes it.
    fn upgrade_query(self, query: Vec<(String, String)>) -> Vec<(String, String)>;

    /// The body as the newest version takes it.
    fn upgrade_body(self, body: Bytes) -> Result<Bytes>;

    /// The reply as the version gives it.
    fn downgrade(self, reply: Reply) -> Result<Reply>;

    /// The error as the version tells it.
    fn told(self, error: Error) -> Error;
}

impl Endpoint for &'static Operation {
    fn version(self) -> &'static str {
        documents::VERSION
    }

    fn name(self) -> &'static str {
        Operation::name(self)
    }

    fn method(self) -> Method {
        self.method
    }

    fn path(self) -> &'static str {
        self.path
    }

    fn operation(self) -> Option<&'static Operation> {
        Some(self)
    }

    fn shape(self, operation: &'static Operation, query: &[(String, String)]) -> Shape {
        operation.shape(operation.fields(query).as_deref())
    }

    fn upgrade_query(self, query: Vec<(String, String)>) -> Vec<(String, String)> {
        query
    }

    fn upgrade_body(self, body: Bytes) -> Result<Bytes> {
        Ok(body)
    }

    fn downgrade(self, reply: Reply) -> Result<Reply> {
        Ok(reply)
    }

    fn told(self, error: Error) -> Error {
        error
    }
}

impl Endpoint for &'static Route {
    fn version(self) -> &'static str {
        self.version().name()
    }

    fn name(self) -> &'static str {
        self.name
    }

    fn method(self) -> Method {
        self.method
    }

    fn path(self) -> &'static str {
        self.path
    }

    fn operation(self) -> Option<&'static Operation> {
        self.operation
    }

    fn shape(self, operation: &'static Operation, query: &[(String, String)]) -> Shape {
        let fields: Option<Cow<'_, str>> = operation.fields(query);
        self.layout().map_or_else(Shape::whole, |layout| layout.shape(fields.as_deref()))
    }

    fn upgrade_query(self, query: Vec<(String, String)>) -> Vec<(String, String)> {
        self.upgraded_query(query)
    }

    fn upgrade_body(self, body: Bytes) -> Result<Bytes> {
        self.upgraded_body(body)
    }

    fn downgrade(self, reply: Reply) -> Result<Reply> {
        self.downgraded(reply)
    }

    fn told(self, error: Error) -> Error {
        self.renamed(error)
    }
}
