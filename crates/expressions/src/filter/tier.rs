//! Filters on tiers.

use super::StringFilter;

/// A filter on a `tier` or `bin` field: labels of tiers, such as `"[10.0,20.0)",-Undefined` or `-%inf)`.
///
/// It is the language of text: labels are matched as text against the label that the field shows, those with commas in
/// them have to be quoted, and wildcards work.
pub type TierFilter = StringFilter;
