//! Where the `documentation_url` of an error leads: the page of the operation, at the status.
//!
//! The address has the form of the product's own, since clients read the status out of it:
//! `/r/err/{version}/{status}/{method}{path}`, the path with `:name` for a parameter.

use super::library::Library;
use super::page::redirect;
use super::reference::not_found;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use std::sync::Arc;

pub(super) fn routes() -> Router<Arc<Library>> {
    Router::new().route("/r/err/{version}/{status}/{method}/{*path}", get(look_up))
}

async fn look_up(
    State(library): State<Arc<Library>>,
    Path((version, status, method, path)): Path<(String, String, String, String)>,
) -> Response {
    let found = move || {
        let edition = library.named(&version)?;
        let reference = library.reference(edition.version, edition.served);
        let home = edition.home();
        Some(match reference.operation_at(&method, &format!("/{path}")) {
            Some(operation) => format!("{home}/operations/{}{}", operation.name(), fragment(&status)),
            None => home,
        })
    };
    // Reading a document takes a while when it is the first time.
    let found = tokio::task::spawn_blocking(found).await;
    found.ok().flatten().map_or_else(not_found, |to| redirect(&to))
}

/// Where a page speaks of a status.
fn fragment(status: &str) -> String {
    let is_status = status.len() == 3 && status.bytes().all(|byte| byte.is_ascii_digit());
    if is_status { format!("#status-{status}") } else { String::new() }
}
