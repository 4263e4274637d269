//! The API Explorer: the files that `web/` is built into.

use super::library::Library;
use super::page::{Kept, Policy, file, html};
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use belvedere_service::oauth::EXPLORER_PATH;
use belvedere_wire::{Object, write_string};
use std::sync::Arc;

/// A file of the built pages.
#[derive(Debug)]
pub(super) struct File {
    /// Its path below `/api-explorer/`.
    pub(super) path: &'static str,
    /// Its type.
    pub(super) content_type: &'static str,
    /// What it holds.
    pub(super) bytes: &'static [u8],
}

#[cfg(feature = "web")]
include!(concat!(env!("OUT_DIR"), "/web_files.rs"));

/// Without the feature `web` there are none.
#[cfg(not(feature = "web"))]
pub(super) const FILES: &[File] = &[];

/// What the page of the Explorer is written in.
const INDEX: &str = "index.html";

pub(super) fn routes() -> Router<Arc<Library>> {
    Router::new()
        .route(EXPLORER_PATH, get(async || index()))
        .route("/api-explorer/editions.json", get(async |State(library): State<Arc<Library>>| editions(&library)))
        .route("/api-explorer/{*path}", get(async |Path(path): Path<String>| asset(&path)))
}

fn index() -> Response {
    match FILES.iter().find(|file| file.path == INDEX) {
        Some(page) => file(StatusCode::OK, Policy::Run, page.content_type, Kept::Never, page.bytes),
        None => html(StatusCode::NOT_FOUND, Policy::Read, not_built()),
    }
}

/// The names of all files but that of the page have a hash of their content in them.
fn asset(path: &str) -> Response {
    match FILES.iter().find(|file| file.path == path && file.path != INDEX) {
        Some(asset) => file(StatusCode::OK, Policy::Read, asset.content_type, Kept::Forever, asset.bytes),
        None => super::reference::not_found(),
    }
}

/// The versions and the releases of each, for the choice in the page: `[{"version":"4.0","release":"26.22",...}]`.
fn editions(library: &Library) -> Response {
    let mut out = vec![b'['];
    for (index, edition) in library.listed().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        let mut object = Object::open(&mut out);
        write_string(edition.version.name(), object.key("version"));
        write_string(&edition.served.to_string(), object.key("release"));
        let releases = object.key("releases");
        releases.push(b'[');
        for (index, release) in edition.releases.iter().enumerate() {
            if index > 0 {
                releases.push(b',');
            }
            write_string(&release.to_string(), releases);
        }
        releases.push(b']');
        object.close();
    }
    out.push(b']');
    file(StatusCode::OK, Policy::Read, "application/json", Kept::Never, out)
}

fn not_built() -> maud::Markup {
    super::reference::layout::bare(
        "API Explorer",
        &maud::html! {
            h1 { "This server was built without its pages" }
            p { "The API Explorer is a program of its own, in the folder " code { "web" } " of the repository. To have it:" }
            pre { code { "make build" } }
            p { "or, step by step," }
            pre { code { "make pages\ncargo build --release --package belvedere-server --features web" } }
            p { "The " a href="/api-docs" { "API reference" } " is there without it." }
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn with_the_feature_there_is_a_page_and_all_that_it_names() {
        let page = FILES.iter().find(|file| file.path == INDEX);
        assert_eq!(page.is_some(), cfg!(feature = "web"));
        let Some(page) = page else { return };
        let text = std::str::from_utf8(page.bytes).unwrap();
        let named = text.split('"').filter_map(|part| part.strip_prefix("/api-explorer/"));
        let named: Vec<&str> = named.collect();
        assert!(named.len() >= 2, "{named:?}");
        for path in named {
            assert!(FILES.iter().any(|file| file.path == path), "{path}");
        }
    }
}
