//! Version 3.1 and a version made for these tests, as data: documents, routes, requests, answers, moves.

mod answer;
mod document;
mod moves;
mod newer;
mod request;
mod route;

use belvedere_versions::{Route, Version};

/// The route of an operation, by its name in the version.
fn route(version: &'static Version, name: &str) -> &'static Route {
    version.routes().iter().find(|route| route.name == name).unwrap_or_else(|| panic!("there is no {name}"))
}
