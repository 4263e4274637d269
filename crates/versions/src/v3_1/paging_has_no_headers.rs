//! Parts of lists do not lead to each other.

use belvedere_api::{Operation, Reply};

use crate::change::Change;

/// The change.
pub(super) const CHANGE: Change = Change {
    reply: Some(without_window),
    ..Change::new("paging_has_no_headers", "A part of a list comes without the headers `Link` and `X-Total-Count`.")
};

fn without_window(_: &Operation, reply: Reply) -> Reply {
    match reply {
        Reply::Page { body, .. } => Reply::Json(body),
        reply => reply,
    }
}
