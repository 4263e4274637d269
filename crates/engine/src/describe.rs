//! Models, explores and fields as the API describes them.
//!
//! What each key derives from is the documented shape of `LookmlModelExplore` and the captures behind it; keys that
//! nothing in LookML feeds stay `null`.

mod explore;
mod field;
mod model;

pub use explore::{ExploreSurroundings, explore};
pub(crate) use field::Fields;
pub use model::model;

/// What a caller may see of the LookML behind a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// SQL and links to the files: `see_lookml`.
    Lookml,
    /// Names, labels and types.
    Fields,
}

/// `/projects/<project>/files/<path>?line=<n>`, the link to a place in a project.
fn lookml_link(project: &str, location: &belvedere_lookml::diagnostic::Location) -> String {
    let mut link = String::with_capacity(project.len() + location.file.len() + 40);
    link.extend(["/projects/", project, "/files/"]);
    for (place, part) in location.file.split('/').enumerate() {
        link.extend([if place == 0 { "" } else { "%2F" }, part]);
    }
    link.push_str("?line=");
    link.push_str(&location.line.to_string());
    link
}
