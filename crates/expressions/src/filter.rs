//! Filter expressions: the text of a filter value, as what it matches.
//!
//! Each type of field has its own grammar. A filter that holds a blank text matches anything, in every grammar. Several
//! terms stand between commas; what they have in common:
//!
//! - terms that include are joined with *or*, terms that exclude with *and*, both groups with *and*;
//! - what excludes a value or a pattern keeps null values, unless null itself is excluded.

pub(crate) mod date;
mod decimal;
mod error;
mod location;
mod number;
mod quote;
mod scan;
mod string;
mod tier;
mod yesno;

pub use date::{Clock, DateCondition, DateFilter, DateRange, DateRanges, DateTerm, Length, Moment, Period, Unit};
pub use decimal::Decimal;
pub use error::FilterError;
pub use location::{Coordinates, DistanceUnit, LocationFilter};
pub use number::{Bound, NumberFilter, NumberMatch};
pub use quote::quote_string;
pub use string::{Pattern, PatternPiece, StringFilter, StringMatch};
pub use tier::TierFilter;
pub use yesno::YesnoFilter;
