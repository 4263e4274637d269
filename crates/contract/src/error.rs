//! What can go wrong.

/// Why something could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A text that is not JSON.
    #[error("not JSON: {0}")]
    NotJson(String),
    /// JSON that is no document of an API.
    #[error("neither an OpenAPI 3 nor a Swagger 2.0 document: it has {0}")]
    NotADocument(&'static str),
    /// A text that is not a release.
    #[error("`{0}` is not a release: a release is a year and a number, such as 26.12")]
    NotARelease(String),
}
