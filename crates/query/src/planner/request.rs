//! What a query asks for, checked as far as that needs no explore.

use super::formula::Formula;
use crate::dynamic::DynamicFields;
use crate::error::Error;
use crate::plan::{DEFAULT_COLUMN_LIMIT, MOST_PIVOT_COLUMNS};
use crate::query::{DEFAULT_LIMIT, Query};
use crate::sort::{self, Sorts};
use std::borrow::Cow;

/// What one statement is to give: that of a query, of its totals, or of a native derived table.
#[derive(Debug, Clone)]
pub(super) struct Request<'q> {
    /// What is selected.
    pub(super) fields: Vec<Selected<'q>>,
    /// Further fields that the query selects, though this statement does not: their views are in the query.
    pub(super) beside: Vec<Cow<'q, str>>,
    /// Selected dimensions that become columns, outermost first.
    pub(super) pivots: Vec<Cow<'q, str>>,
    /// Names of the table calculations, which rows can be ordered by once they are evaluated.
    pub(super) calculations: Vec<String>,
    /// Selected dimensions whose missing values are wanted.
    pub(super) fills: Vec<Cow<'q, str>>,
    /// Field and filter expression.
    pub(super) filters: Vec<(Cow<'q, str>, Cow<'q, str>)>,
    /// The constant that `filter_expression` is.
    pub(super) constant: Option<bool>,
    /// A condition in the expression language.
    pub(super) custom_filter: Option<Formula>,
    pub(super) sorts: Sorts,
    /// Most rows.
    pub(super) limit: Option<u64>,
    /// Most pivot columns.
    pub(super) column_limit: u64,
    pub(super) groups: Groups,
    pub(super) range: Range<'q>,
    pub(super) origin: Origin,
}

/// Whose periods a statement shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Range<'q> {
    /// Those that are asked for.
    Asked,
    /// The earlier ones as well that others are compared with, by the field whose periods these are. Filters on its
    /// time reach further back.
    Earlier(Cow<'q, str>),
}

/// Whether conditions on groups hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Groups {
    /// They do.
    Conditional,
    /// Totals are of all rows.
    All,
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// A user, whose filters replace those that the explore proposes.
    User,
    /// A native derived table: it has the filters that its author gave it.
    DerivedTable,
}

/// A field and the name of its column.
#[derive(Debug, Clone)]
pub(super) struct Selected<'q> {
    pub(super) column: Cow<'q, str>,
    pub(super) field: Cow<'q, str>,
}

impl<'q> Request<'q> {
    pub(super) fn of_query(query: &'q Query, dynamic: &DynamicFields) -> Result<Self, Error> {
        let not_selected = |pivot: &&String| !query.fields.contains(pivot);
        let fields = query.pivots.iter().filter(not_selected).chain(&query.fields);
        let fields = fields.filter(|field| !dynamic.is_calculation(field));
        Ok(Self {
            fields: fields.map(|field| Selected { column: field.into(), field: field.into() }).collect(),
            beside: Vec::new(),
            pivots: query.pivots.iter().map(Cow::from).collect(),
            calculations: dynamic
                .calculations
                .iter()
                .map(|calculation| calculation.presentation.name.clone())
                .collect(),
            fills: query.fill_fields.iter().map(Cow::from).collect(),
            filters: query.filters.iter().map(|(field, value)| (field.into(), value.into())).collect(),
            constant: constant(query.filter_expression.as_deref()),
            custom_filter: None,
            sorts: sort::parse(&query.sorts)?,
            limit: limit(query.limit, Some(DEFAULT_LIMIT))?,
            column_limit: column_limit(query.column_limit)?,
            groups: Groups::Conditional,
            range: Range::Asked,
            origin: Origin::User,
        })
    }

    /// The same rows with fewer columns: those whose names `keep` takes, in groups without conditions.
    pub(super) fn totals(&self, keep: impl Fn(&str) -> bool, sorts: Sorts, limit: Option<u64>) -> Self {
        let (fields, beside) = self.fields.iter().cloned().partition::<Vec<_>, _>(|field| keep(&field.column));
        Self {
            fields,
            beside: beside.into_iter().map(|selected| selected.field).collect(),
            pivots: Vec::new(),
            fills: Vec::new(),
            sorts,
            limit,
            groups: Groups::All,
            ..self.clone()
        }
    }
}

fn limit(limit: Option<i64>, default: Option<u64>) -> Result<Option<u64>, Error> {
    match limit {
        None => Ok(default),
        Some(-1) => Ok(None),
        Some(limit) => u64::try_from(limit).map(Some).map_err(|_| Error::Limit { limit }),
    }
}

fn column_limit(written: Option<i64>) -> Result<u64, Error> {
    let columns = limit(written, Some(DEFAULT_COLUMN_LIMIT))?;
    Ok(columns.unwrap_or(MOST_PIVOT_COLUMNS).min(MOST_PIVOT_COLUMNS))
}

/// The value of a `filter_expression` that compares two whole numbers, such as `1=2`, or is a boolean word. Validators
/// send these, with a limit of 0, to see the SQL alone.
fn constant(expression: Option<&str>) -> Option<bool> {
    let text = expression?.trim();
    let word = [("yes", true), ("true", true), ("no", false), ("false", false)];
    let found = word.into_iter().find(|(word, _)| text.eq_ignore_ascii_case(word));
    found.map(|(_, value)| value).or_else(|| comparison(text))
}

fn comparison(text: &str) -> Option<bool> {
    let symbol = ["!=", ">=", "<=", "=", ">", "<"].into_iter().find(|symbol| text.contains(symbol))?;
    let (left, right) = text.split_once(symbol)?;
    let order = left.trim().parse::<i64>().ok()?.cmp(&right.trim().parse().ok()?);
    Some(match symbol {
        "!=" => order.is_ne(),
        ">=" => order.is_ge(),
        "<=" => order.is_le(),
        "=" => order.is_eq(),
        ">" => order.is_gt(),
        _ => order.is_lt(),
    })
}

#[cfg(test)]
mod tests {
    use super::{column_limit, constant, limit};

    #[test]
    fn constant_conditions_are_read() {
        for (text, value) in [("1=2", false), (" 1 = 1 ", true), ("2 >= 3", false), ("1 != 2", true), ("No", false)] {
            assert_eq!(constant(Some(text)), Some(value), "{text}");
        }
        assert_eq!(constant(Some(" ")), None);
        assert_eq!(constant(None), None);
        for text in ["${orders.id} = 1", "1=", "a=b", "1=1=1", "contains(1)", "1; DROP TABLE x = 1"] {
            assert_eq!(constant(Some(text)), None, "{text}");
        }
    }

    #[test]
    fn limits_are_rows_or_none() {
        assert_eq!(limit(None, Some(500)), Ok(Some(500)));
        assert_eq!(limit(Some(-1), Some(500)), Ok(None));
        assert_eq!(limit(Some(0), Some(500)), Ok(Some(0)));
        assert!(limit(Some(-2), None).is_err());
    }

    #[test]
    fn pivot_columns_are_limited_always() {
        assert_eq!(column_limit(None), Ok(50));
        assert_eq!(column_limit(Some(7)), Ok(7));
        assert_eq!(column_limit(Some(-1)), Ok(16_384));
        assert_eq!(column_limit(Some(1_000_000)), Ok(16_384));
        assert!(column_limit(Some(-3)).is_err());
    }
}
