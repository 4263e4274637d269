//! The first page of a release: its operations by tag, and its objects.

use super::document::Reference;
use super::layout;
use super::text::{badges, inline, operation_link, prose};
use maud::{Markup, html};

pub(super) fn page(reference: &Reference) -> Markup {
    let (title, description) = reference.head();
    let tags = reference.tags();
    let operations = || tags.iter().flat_map(|(.., operations)| operations);
    let (all, built) = (operations().count(), operations().filter(|operation| operation.is_implemented()).count());
    let content = html! {
        p.eyebrow { "Version " (reference.version.name()) " · release " (reference.release) }
        h1 { (title) }
        (prose(description))
        p {
            (all) " operations and " (reference.schemas().count()) " objects."
            @if built < all {
                " This server has code for " (built) " of the operations; those marked as not built answer 501."
            }
        }
        nav.contents aria-label="Tags" {
            @for (tag, _, operations) in &tags {
                a href=(format!("#{tag}")) { (tag) " " span.quiet { (operations.len()) } }
            }
            a href="#objects" { "Objects" }
        }
        @for (tag, description, operations) in &tags {
            section id=(tag) {
                h2 { (tag) }
                p.quiet { (inline(description)) }
                ul.rows {
                    @for operation in operations {
                        li {
                            (operation_link(reference, *operation))
                            span { (operation.summary()) " " (badges(*operation)) }
                        }
                    }
                }
            }
        }
        section #objects {
            h2 { "Objects" }
            ul.names {
                @for (name, _) in reference.schemas() {
                    li { a href=(format!("{}/schemas/{name}", reference.home())) { (name) } }
                }
            }
        }
    };
    layout::page(reference, title, "", &content)
}
