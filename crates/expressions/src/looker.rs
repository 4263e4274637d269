//! Looker expressions: the language of table calculations, custom fields, custom filters and data tests.
//!
//! - [`parse()`] makes a tree of any text, with the mistakes beside it; printing a tree gives text again.
//! - [`check()`] resolves names and types: a [`Term`] is what the evaluator computes and what is translated to SQL. What
//!   may be said where is in [`Context`], all functions are in one table, [`FAMILIES`].
//! - [`evaluate()`] computes one from a [`Grid`] of rows, [`Calculations`] several that refer to each other, and
//!   [`shortcut()`] gives the expression of those that are told by a `calculation_type`.

mod calculations;
mod check;
mod date;
mod diagnostic;
mod distribution;
mod evaluate;
mod functions;
mod grid;
mod inference;
mod mathematics;
mod number;
mod order;
mod parse;
mod print;
mod scope;
mod shortcut;
mod statistics;
mod term;
mod text;
mod token;
mod tree;
mod types;
mod value;

pub use calculations::{Calculations, Definition};
pub use check::{check, compile};
pub use diagnostic::{Diagnostic, Span};
pub use evaluate::{CalculationError, Computed, Environment, evaluate};
pub use functions::{
    Availability, FAMILIES, Family, Function, Gives, Kind, Parameter, Reach, Takes, function, functions,
};
pub use grid::{Grid, Pivot, Row};
pub use number::Number;
pub use parse::{MOST_NESTING, MOST_TEXT, Parsed, parse};
pub use scope::{Context, Field, FieldId, FilterGrammar, Role, Scope};
pub use shortcut::shortcut;
pub use term::{Axes, Branch, Checked, FieldFilter, Placement, Term, TermKind};
pub use tree::{Link, Name, Node, NodeKind, Operator, Part, Reference};
pub use types::Type;
pub use value::Value;
