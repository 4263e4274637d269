//! Other versions of the API, as lists of changes to the newest.
//!
//! The code of this server speaks the newest version. Another version is a list of [`Change`]s, each a small module
//! that says what is different there: mostly in tables of [`Edit`]s, and where a table cannot say it, in two functions
//! on data, one for requests and one for answers. From the same list follow
//!
//! - the routes of the version and what they mean ([`Version::routes`]),
//! - how its requests are read and its answers written ([`Route`]); what is uniform becomes a part of the
//!   [`Shape`](belvedere_api::Shape), so that nothing is parsed again,
//! - its documents ([`Version::document`]),
//! - what an application must change that goes on to the newer version ([`Version::moves`]).
//!
//! Only callers of such a version pay for it: the newest one has no list, and nothing asks which version is spoken.

mod answer;
mod change;
mod document;
mod documents;
mod edit;
mod endpoint;
mod moves;
mod request;
mod route;
mod text;
mod v3_1;
mod version;

pub use change::{Change, Rewrite};
pub use document::{Edited, Missing};
pub use documents::{MarkedDocuments, Marks, served};
pub use edit::{Edit, Is, Of};
pub use endpoint::Endpoint;
pub use route::Route;
pub use version::{Standing, V3_1, V4_0, Version, Versions};
