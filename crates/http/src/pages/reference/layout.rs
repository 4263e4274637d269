//! The frame of the pages.

use super::document::Reference;
use crate::pages::library::home;
use maud::{DOCTYPE, Markup, html};

/// A page of a release. `below` is its path there: the same page of the others is linked at the top.
pub(super) fn page(reference: &Reference, title: &str, below: &str, content: &Markup) -> Markup {
    let (version, release) = (reference.version.name(), reference.release);
    let explorer = format!("/api-explorer#/{}{below}", reference.edition());
    let tools = html! {
        details.editions {
            summary { "Version " (version) " · release " (release) }
            div {
                @for edition in reference.editions.iter().filter(|edition| edition.listed) {
                    p {
                        "Version " (edition.version.name()) ": "
                        @for release in &edition.releases {
                            a href=(format!("{}{below}", home(edition.version, *release))) { (release) } " "
                        }
                    }
                }
            }
        }
        a href=(explorer) { "API Explorer" }
    };
    frame(title, &reference.home(), &tools, content)
}

/// A page of no release.
pub(in crate::pages) fn bare(title: &str, content: &Markup) -> Markup {
    frame(title, "/api-docs", &html! { a href="/api-explorer" { "API Explorer" } }, content)
}

fn frame(title: &str, start: &str, tools: &Markup, content: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · Belvedere API reference" }
                link rel="icon" type="image/svg+xml" href="/api-docs/icon.svg";
                link rel="stylesheet" href="/api-docs/style.css";
            }
            body {
                a.skip href="#content" { "Skip to the content" }
                header.top {
                    a.brand href=(start) { "Belvedere " span { "API reference" } }
                    div.tools { (tools) }
                }
                main #content { (content) }
            }
        }
    }
}
