//! The rows: which parameter stands in which parent.

mod dashboard;
mod explore;
mod field;
mod file;
mod manifest;
mod view;

pub use dashboard::{DASHBOARD, DASHBOARD_ELEMENT, DASHBOARD_FILTER};
pub use explore::{EXPLORE, FILTER_BLOCK, JOIN};
pub(super) use field::FIELD;
pub use field::{DIMENSION, DIMENSION_GROUP, FILTER, MEASURE, PARAMETER};
pub use file::{ACCESS_GRANT, FILE, NAMED_VALUE_FORMAT};
pub use manifest::{CONSTANT, MANIFEST};
pub use view::{DERIVED_TABLE, EXPLORE_SOURCE, SET, VIEW};

use super::Parent;

/// Both kinds of files.
pub static FILES: [&Parent; 2] = [&MANIFEST, &FILE];
