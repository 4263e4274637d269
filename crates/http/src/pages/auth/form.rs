//! Forms that come back, if they are ours.

use super::cookie::Cookies;
use crate::call;
use axum::extract::Request;
use axum::http::HeaderName;
use belvedere_api::{Error, pairs};

/// The field that shows that a form is ours.
pub(super) const TOKEN: &str = "form_token";

static FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// A form that a page of ours has sent.
pub(super) struct Form(Vec<(String, String)>);

/// Why there is no form.
#[derive(Debug)]
pub(super) enum FormError {
    /// It is too large, or did not arrive.
    Unreadable(Error),
    /// Another page has sent it, or ours has been open for too long.
    Foreign,
}

impl Form {
    /// Reads the form of a request whose browser has these cookies.
    pub(super) async fn read(request: Request, cookies: &Cookies) -> Result<Self, FormError> {
        // Browsers say so themselves, where the page is one that they trust.
        let site = request.headers().get(&FETCH_SITE);
        if site.is_some_and(|site| site != "same-origin") {
            return Err(FormError::Foreign);
        }
        let body = call::body(request.into_body(), call::LARGEST_OF_ANYBODY).await.map_err(FormError::Unreadable)?;
        let form = Self(std::str::from_utf8(&body).map(pairs).unwrap_or_default());
        if cookies.form_token().is(form.field(TOKEN)) { Ok(form) } else { Err(FormError::Foreign) }
    }

    /// The value of a field; empty when there is none.
    pub(super) fn field(&self, name: &str) -> &str {
        let field = self.0.iter().find(|(known, _)| known == name);
        field.map_or("", |(_, value)| value.as_str())
    }
}
