//! The query as its author wrote it.

use indexmap::IndexMap;

/// A query as its author wrote it: the parts of Looker's `Query` that decide its SQL. Plain data, unchecked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Query {
    /// Full names of dimensions and measures (`alias.field`), in the order of the columns.
    pub fields: Vec<String>,
    /// Dimensions that become columns.
    pub pivots: Vec<String>,
    /// Dimensions whose missing values are added.
    pub fill_fields: Vec<String>,
    /// Filter expressions by field, all of which must hold. A blank text is any value.
    pub filters: IndexMap<String, String>,
    /// A condition in the expression language.
    pub filter_expression: Option<String>,
    /// `field [asc|desc] [pivot index]`, or `__UNSORTED__`; empty for the default sort.
    pub sorts: Vec<String>,
    /// Most rows: `None` is 500, -1 no limit; 0 is legal.
    pub limit: Option<i64>,
    /// Most pivot columns.
    pub column_limit: Option<i64>,
    /// Whether column totals are computed.
    pub total: bool,
    /// `right` or `left` for row totals.
    pub row_total: Option<String>,
    /// Dimensions with subtotals.
    pub subtotals: Vec<String>,
    /// Custom fields and table calculations: a JSON array.
    pub dynamic_fields: Option<String>,
    /// The time zone as written; the zone in force is in the [`Context`](crate::Context).
    pub query_timezone: Option<String>,
}

/// Rows of a query that names no limit.
pub const DEFAULT_LIMIT: u64 = 500;

/// The one sort that asks for no order at all.
pub const UNSORTED: &str = "__UNSORTED__";
