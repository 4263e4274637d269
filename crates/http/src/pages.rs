//! The pages that people open in a browser: where they sign in, the API Explorer, the API reference, and the way to it
//! from errors.
//!
//! The reference is written by the server out of the document of the API; it needs no script. The Explorer is a
//! program of its own (`web/` in the repository), carried in the binary with the feature `web`.

mod auth;
mod errors;
mod explorer;
mod library;
mod page;
mod reference;

use crate::State;
use axum::Router;
use axum::routing::get;
use library::Library;
use std::sync::Arc;

/// All pages.
pub(crate) fn routes(state: &State) -> Router {
    let library = Arc::new(Library::of(state));
    Router::new()
        .route("/", get(async || page::redirect("/api-docs")))
        // Where the product's own interactive page was; what stands behind `#` goes along.
        .route("/api-docs/index.html", get(async || page::redirect("/api-explorer")))
        .merge(explorer::routes())
        .merge(reference::routes())
        .merge(errors::routes())
        .with_state(library)
        .merge(auth::routes(state))
}
