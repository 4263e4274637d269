//! From the files of a project to models: includes, refinements, `extends`, defaults, labels, field lists, and all that
//! can be wrong on the way.
//!
//! The stages, each in its own file: a file's tree becomes [`object::Object`]s (`read`); a model gathers those of the
//! files that it reaches and merges them (`assemble`, `merge`); views and explores are made of the merged objects when
//! somebody asks for them (`scope`, `view`, `explore`). Cycles are found and cut before anything is followed, so that no stage
//! needs more than bounded recursion.

mod assemble;
mod calendar;
mod content;
mod cycle;
mod dashboard;
mod dashboard_checks;
mod derived;
mod explore;
mod explore_checks;
mod field;
mod field_checks;
mod filter_values;
mod filters;
mod formats;
mod group;
mod join;
mod kind;
mod liquid_checks;
mod lists;
mod localize;
mod measure;
mod merge;
pub(crate) mod mistakes;
mod names;
mod near;
mod object;
mod read;
mod references;
mod scope;
mod settings;
mod table;
mod view;

pub(crate) use assemble::assemble;
pub(crate) use cycle::{Knots, path as circle_path};
pub(crate) use dashboard_checks::check as check_dashboards;
pub(crate) use formats::built_in as built_in_format;
pub use lists::Drills;
pub(crate) use mistakes::Mistakes;
pub(crate) use names::check_required;
pub(crate) use object::{Entry as TopEntry, Object, Text};
pub(crate) use read::{FileContent, read};
pub(crate) use scope::Scope;

use crate::diagnostic::Span;

/// The beginning of a file: where mistakes about the whole of it are shown.
pub(crate) const START: Span = Span::new(0, 0);
