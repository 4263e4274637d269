//! The API reference: a page for each operation and each object of each edition, with an address that stays.
//!
//! | address | page |
//! |---|---|
//! | `/api-docs/4.0/26.22` | the operations by tag, and the objects |
//! | `/api-docs/4.0/26.22/operations/run_query` | an operation |
//! | `/api-docs/4.0/26.22/schemas/Query` | an object |

mod document;
mod index;
pub(super) mod layout;
mod operation;
mod schema;
mod text;

pub(super) use document::Reference;

use super::explorer::FILES;
use super::library::{Library, home};
use super::page::{Kept, Policy, file, html, redirect};
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use belvedere_api::Release;
use maud::Markup;
use std::fmt::Write as _;
use std::sync::Arc;

const STYLE: [&str; 2] = [include_str!("style/base.css"), include_str!("style/reference.css")];

const ICON: &str = include_str!("style/icon.svg");

/// The faces that the Explorer brings along, by the beginning of their file's name.
const FACES: [(&str, &str); 2] =
    [("assets/inter-latin", "Inter Variable"), ("assets/jetbrains-mono-latin", "JetBrains Mono Variable")];

type Shared = State<Arc<Library>>;

pub(super) fn routes() -> Router<Arc<Library>> {
    Router::new()
        .route("/api-docs", get(async |State(library): Shared| redirect(&library.home())))
        .route("/api-docs/style.css", get(async || style()))
        .route("/api-docs/icon.svg", get(async || icon()))
        .route(
            "/api-docs/{version}",
            get(async |State(library): Shared, Path(version): Path<String>| {
                library.named(&version).map_or_else(not_found, |edition| redirect(&edition.home()))
            }),
        )
        .route(
            "/api-docs/{version}/{release}",
            get(async |State(library): Shared, Path((version, release)): Path<(String, String)>| {
                show(library, &version, &release, "", |reference| Some(index::page(reference))).await
            }),
        )
        .route(
            "/api-docs/{version}/{release}/operations/{name}",
            get(async |State(library): Shared, Path((version, release, name)): Path<(String, String, String)>| {
                let below = format!("/operations/{name}");
                show(library, &version, &release, &below, move |reference| operation::page(reference, &name)).await
            }),
        )
        .route(
            "/api-docs/{version}/{release}/schemas/{name}",
            get(async |State(library): Shared, Path((version, release, name)): Path<(String, String, String)>| {
                let below = format!("/schemas/{name}");
                show(library, &version, &release, &below, move |reference| schema::page(reference, &name)).await
            }),
        )
}

/// A page of a release; `below` is its path there. A release that has no document leads to the nearest that has one.
async fn show(
    library: Arc<Library>,
    version: &str,
    release: &str,
    below: &str,
    write: impl FnOnce(&Reference) -> Option<Markup> + Send + 'static,
) -> Response {
    let Some(edition) = library.named(version) else { return not_found() };
    let Ok(asked) = release.parse::<Release>() else { return not_found() };
    let (version, known) = (edition.version, edition.nearest(asked));
    if known.to_string() != release {
        return redirect(&format!("{}{}", home(version, known), encoded(below)));
    }
    // Reading a document takes a while when it is the first time.
    let page = tokio::task::spawn_blocking(move || write(&library.reference(version, known))).await;
    match page {
        Ok(Some(page)) => html(StatusCode::OK, Policy::Read, page),
        _ => not_found(),
    }
}

/// A path as it stands in a header. Names of the API are plain; anything else is nobody's name.
fn encoded(path: &str) -> String {
    path.chars().filter(|character| character.is_ascii_alphanumeric() || "/_-.".contains(*character)).collect()
}

/// The page for what is not there.
pub(super) fn not_found() -> Response {
    let content = maud::html! {
        h1 { "There is no such page" }
        p { "It may be part of another version or release. " a href="/api-docs" { "The API reference" } " has them all." }
    };
    html(StatusCode::NOT_FOUND, Policy::Read, layout::bare("Not found", &content))
}

fn icon() -> Response {
    file(StatusCode::OK, Policy::Read, "image/svg+xml", Kept::Never, ICON)
}

fn style() -> Response {
    let mut text = String::new();
    for (prefix, family) in FACES {
        if let Some(face) = FILES.iter().find(|file| file.path.starts_with(prefix)) {
            let _ = writeln!(
                text,
                "@font-face {{ font-display: swap; font-family: '{family}'; font-weight: 100 900; \
                 src: url('/api-explorer/{}') format('woff2-variations'); }}",
                face.path
            );
        }
    }
    for part in STYLE {
        text.push_str(part);
    }
    file(StatusCode::OK, Policy::Read, "text/css; charset=utf-8", Kept::Never, text)
}
