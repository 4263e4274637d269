//! The one error of operations.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use belvedere_wire::{Object, write_string};

use crate::operation::Method;
use crate::words::words;

/// The result of operations.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a call is refused: a kind, a message for the caller, the fields that are wrong, and a source that is logged
/// with the request and never sent.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: Kind,
    message: Cow<'static, str>,
    fields: Vec<FieldError>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// The kinds of errors; each is a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 400: the request cannot be understood.
    BadRequest,
    /// 401: the token is missing or no longer valid.
    Unauthorized,
    /// 403: the caller may not do this, and may know it.
    Forbidden,
    /// 404: there is no such thing, or the caller may not see it.
    NotFound,
    /// 405: the thing cannot be changed in this way, or the path has no such method.
    MethodNotAllowed,
    /// 409: it exists already.
    Conflict,
    /// 413: the body is too large.
    PayloadTooLarge,
    /// 422: values are missing or wrong.
    Validation,
    /// 429: too many requests, or too many queries under way.
    TooManyRequests {
        /// When to try again.
        retry_after: Duration,
    },
    /// 500: the server failed.
    Internal,
    /// 501: the operation has no code.
    NotImplemented,
    /// 503: the server cannot answer now.
    Unavailable,
}

impl Kind {
    /// The HTTP status.
    pub const fn status(self) -> u16 {
        match self {
            Self::BadRequest => 400,
            Self::Unauthorized => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::Conflict => 409,
            Self::PayloadTooLarge => 413,
            Self::Validation => 422,
            Self::TooManyRequests { .. } => 429,
            Self::Internal => 500,
            Self::NotImplemented => 501,
            Self::Unavailable => 503,
        }
    }
}

/// A field of a request that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The name of the field, with those around it: `source_queries[0].query_id`.
    pub field: String,
    /// What kind of mistake it is.
    pub code: FieldCode,
    /// What is wrong, for a person to read.
    pub message: String,
}

words! {
    /// The kinds of mistakes in fields, as clients know them.
    pub enum FieldCode {
        /// The field must be there.
        MissingField = "missing_field",
        /// The value cannot be used.
        Invalid = "invalid",
        /// Another thing has this value, and only one may.
        AlreadyExists = "already_exists",
        /// What the value names does not exist.
        Missing = "missing",
    }
}

impl Error {
    /// An error of this kind with a message for the caller.
    pub fn new(kind: Kind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner { kind, message: message.into(), fields: Vec::new(), source: None }))
    }

    /// 400 with a message that says what would be right.
    pub fn bad_request(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::BadRequest, message)
    }

    /// 401.
    pub fn unauthorized() -> Self {
        Self::new(Kind::Unauthorized, "Requires authentication.")
    }

    /// 403. Only for what the caller may know of; otherwise [`Error::not_found`].
    pub fn forbidden() -> Self {
        Self::new(Kind::Forbidden, "Permission Denied")
    }

    /// 404.
    pub fn not_found() -> Self {
        Self::new(Kind::NotFound, "Not found")
    }

    /// 405 for a thing that nobody may change, such as a built-in role.
    pub fn read_only() -> Self {
        Self::new(Kind::MethodNotAllowed, "This resource cannot be modified")
    }

    /// 409.
    pub fn already_exists() -> Self {
        Self::new(Kind::Conflict, "The resource already exists.")
    }

    /// 413 for a body of more than `limit` bytes.
    pub fn payload_too_large(limit: usize) -> Self {
        Self::new(Kind::PayloadTooLarge, format!("the body is larger than {limit} bytes"))
    }

    /// 422 with every field that is wrong.
    pub fn validation(fields: Vec<FieldError>) -> Self {
        let mut error = Self::new(Kind::Validation, "Validation Failed");
        error.0.fields = fields;
        error
    }

    /// 422 with one field that is wrong.
    pub fn field(field: impl Into<String>, code: FieldCode, message: impl Into<String>) -> Self {
        Self::validation(vec![FieldError { field: field.into(), code, message: message.into() }])
    }

    /// 422 for a field that must be there.
    pub fn missing_field(field: impl Into<String>) -> Self {
        Self::field(field, FieldCode::MissingField, NOT_PRESENT)
    }

    /// 422 for a field whose value cannot be used.
    pub fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::field(field, FieldCode::Invalid, message)
    }

    /// 422 with a message alone, for a failure that no single field is to blame for.
    pub fn unprocessable(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Validation, message)
    }

    /// 429.
    pub fn too_many_requests(retry_after: Duration) -> Self {
        Self::new(Kind::TooManyRequests { retry_after }, "Too many requests")
    }

    /// 500. The source is for the log; the caller learns only that the server failed.
    pub fn internal(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::new(Kind::Internal, "Internal server error").with_source(source)
    }

    /// 501.
    pub fn not_implemented() -> Self {
        Self::new(Kind::NotImplemented, "This server does not implement the operation yet")
    }

    /// 503.
    pub fn unavailable(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Unavailable, message)
    }

    /// The same error with what caused it, for the log.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// The same error with fields that are wrong.
    #[must_use]
    pub fn with_fields(mut self, fields: Vec<FieldError>) -> Self {
        self.0.fields = fields;
        self
    }

    /// The kind.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.0.kind.status()
    }

    /// What the caller is told.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The fields that are wrong.
    pub fn fields(&self) -> &[FieldError] {
        &self.0.fields
    }

    /// The JSON body: Looker's `Error`, or its `ValidationError` when fields are wrong.
    pub fn body(&self, place: &Place<'_>) -> Vec<u8> {
        let url = place.documentation_url(self.status());
        let mut out = Vec::new();
        let mut object = Object::open(&mut out);
        write_string(self.message(), object.key("message"));
        if !self.fields().is_empty() {
            let list = object.key("errors");
            list.push(b'[');
            for (index, field) in self.fields().iter().enumerate() {
                if index > 0 {
                    list.push(b',');
                }
                field.write(list, &url);
            }
            list.push(b']');
        }
        write_string(&url, object.key("documentation_url"));
        object.close();
        out
    }
}

/// What a field that must be there is told when it is not.
pub(crate) const NOT_PRESENT: &str = "is not present";

impl FieldError {
    fn write(&self, out: &mut Vec<u8>, url: &str) {
        let mut object = Object::open(out);
        write_string(&self.field, object.key("field"));
        write_string(self.code.as_str(), object.key("code"));
        write_string(&self.message, object.key("message"));
        write_string(url, object.key("documentation_url"));
        object.close();
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)?;
        for field in &self.0.fields {
            write!(f, "; {} {}", field.field, field.message)?;
        }
        Ok(())
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

/// Where an error happened: what its `documentation_url` is made of.
///
/// Clients read the status out of the address, so it has the form of the product's own:
/// `{base}/r/err/{version}/{status}/{method}{path}`, the path with `:name` for a parameter.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// Where the documentation is, without a slash at the end.
    pub base: &'a str,
    /// The API version, `4.0`.
    pub version: &'a str,
    /// Method and path template of the operation; none for a path that is no operation's.
    pub route: Option<(Method, &'a str)>,
}

impl Place<'_> {
    fn documentation_url(&self, status: u16) -> String {
        let Self { base, version, route } = self;
        match route {
            Some((method, path)) => {
                let method = method.as_str().to_ascii_lowercase();
                let path = path.replace('{', ":").replace('}', "");
                format!("{base}/r/err/{version}/{status}/{method}{path}")
            }
            None => format!("{base}/"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "https://bi.example.com";

    fn body(error: &Error, route: Option<(Method, &str)>) -> String {
        String::from_utf8(error.body(&Place { base: BASE, version: "4.0", route })).unwrap()
    }

    #[test]
    fn an_error_says_what_is_wrong_and_where_to_read_on() {
        assert_eq!(
            body(&Error::not_found(), Some((Method::Get, "/folders/{folder_id}"))),
            r#"{"message":"Not found","documentation_url":"https://bi.example.com/r/err/4.0/404/get/folders/:folder_id"}"#
        );
    }

    #[test]
    fn a_validation_error_names_every_field() {
        let field = |field: &str| FieldError {
            field: field.to_owned(),
            code: FieldCode::MissingField,
            message: NOT_PRESENT.to_owned(),
        };
        let error = Error::validation(vec![field("model"), field("view")]);
        let url = "https://bi.example.com/r/err/4.0/422/post/queries";
        let entry = |field: &str| {
            format!(
                r#"{{"field":"{field}","code":"missing_field","message":"is not present","documentation_url":"{url}"}}"#
            )
        };
        assert_eq!(
            body(&error, Some((Method::Post, "/queries"))),
            format!(
                r#"{{"message":"Validation Failed","errors":[{},{}],"documentation_url":"{url}"}}"#,
                entry("model"),
                entry("view")
            )
        );
    }

    #[test]
    fn a_failure_without_a_field_has_no_list_of_errors() {
        assert_eq!(
            body(
                &Error::unprocessable("fatal: not a branch"),
                Some((Method::Put, "/projects/{project_id}/git_branch"))
            ),
            concat!(
                r#"{"message":"fatal: not a branch","documentation_url":"#,
                r#""https://bi.example.com/r/err/4.0/422/put/projects/:project_id/git_branch"}"#
            )
        );
    }

    #[test]
    fn a_path_of_no_operation_leads_to_the_documentation_as_a_whole() {
        assert_eq!(
            body(&Error::not_found(), None),
            r#"{"message":"Not found","documentation_url":"https://bi.example.com/"}"#
        );
    }

    #[test]
    fn the_source_is_never_sent() {
        let error = Error::internal("password=hunter2");
        assert!(!body(&error, Some((Method::Get, "/user"))).contains("hunter2"));
        assert!(!error.to_string().contains("hunter2"));
        assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("password=hunter2"));
    }
}
