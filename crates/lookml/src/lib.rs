//! LookML: text to syntax tree to project to model, with diagnostics.
//!
//! [`syntax`] turns the text of one file into a lossless tree; it never fails. [`project`] puts files together:
//! manifest, includes, constants, refinements and `extends`. [`model`] is what comes out, ready for planning a query:
//! explores with their joins, views and fields. Mistakes on the way are [`diagnostic::Diagnostic`]s.

pub mod diagnostic;
pub mod format;
pub mod graph;
pub mod label;
pub mod liquid;
pub mod model;
pub mod parameters;
pub mod project;
pub mod render;
mod resolve;
pub mod rules;
pub mod sql;
pub mod syntax;
pub mod words;
pub mod yaml;

pub use belvedere_expressions::suggest;
