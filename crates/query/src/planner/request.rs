//! What a query asks for, checked as far as that needs no explore.

use crate::error::Error;
use crate::query::{DEFAULT_LIMIT, Query};
use crate::sort::{self, Sorts};
use std::borrow::Cow;

/// A query, or the query of a native derived table.
#[derive(Debug)]
pub(super) struct Request<'q> {
    pub(super) fields: Vec<Selected<'q>>,
    /// Field and filter expression.
    pub(super) filters: Vec<(Cow<'q, str>, Cow<'q, str>)>,
    /// The constant that `filter_expression` is.
    pub(super) constant: Option<bool>,
    pub(super) sorts: Sorts,
    /// Most rows.
    pub(super) limit: Option<u64>,
    pub(super) origin: Origin,
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
#[derive(Debug)]
pub(super) struct Selected<'q> {
    pub(super) column: Cow<'q, str>,
    pub(super) field: Cow<'q, str>,
}

impl<'q> Request<'q> {
    pub(super) fn of_query(query: &'q Query) -> Result<Self, Error> {
        refuse_unsupported(query)?;
        let fields = query.fields.iter().map(|field| Selected { column: field.into(), field: field.into() });
        Ok(Self {
            fields: fields.collect(),
            filters: query.filters.iter().map(|(field, value)| (field.into(), value.into())).collect(),
            constant: constant(query.filter_expression.as_deref())?,
            sorts: sort::parse(&query.sorts)?,
            limit: limit(query.limit)?,
            origin: Origin::User,
        })
    }
}

fn refuse_unsupported(query: &Query) -> Result<(), Error> {
    let written = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.trim().is_empty());
    let dynamic = query.dynamic_fields.as_ref().map(|text| text.trim());
    let asked = [
        (!query.pivots.is_empty(), "a pivot (`pivots`)"),
        (!query.fill_fields.is_empty(), "dimension fill (`fill_fields`)"),
        (query.total, "column totals (`total`)"),
        (written(&query.row_total), "row totals (`row_total`)"),
        (!query.subtotals.is_empty(), "subtotals (`subtotals`)"),
        (
            dynamic.is_some_and(|text| !matches!(text, "" | "[]" | "null")),
            "a custom field or table calculation (`dynamic_fields`)",
        ),
    ];
    match asked.into_iter().find(|(is_asked, _)| *is_asked) {
        Some((_, feature)) => Err(Error::unsupported(feature)),
        None => Ok(()),
    }
}

fn limit(limit: Option<i64>) -> Result<Option<u64>, Error> {
    match limit {
        None => Ok(Some(DEFAULT_LIMIT)),
        Some(-1) => Ok(None),
        Some(limit) => u64::try_from(limit).map(Some).map_err(|_| Error::Limit { limit }),
    }
}

/// The value of a `filter_expression` that compares two whole numbers, such as `1=2`, or is a boolean word. Validators
/// send these, with a limit of 0, to see the SQL alone.
fn constant(expression: Option<&str>) -> Result<Option<bool>, Error> {
    let Some(text) = expression.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    let word = [("yes", true), ("true", true), ("no", false), ("false", false)];
    if let Some((_, value)) = word.into_iter().find(|(word, _)| text.eq_ignore_ascii_case(word)) {
        return Ok(Some(value));
    }
    comparison(text).map(Some).ok_or_else(|| Error::unsupported("a custom filter (`filter_expression`)"))
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
    use super::{constant, limit};

    #[test]
    fn constant_conditions_are_read() {
        for (text, value) in [("1=2", false), (" 1 = 1 ", true), ("2 >= 3", false), ("1 != 2", true), ("No", false)] {
            assert_eq!(constant(Some(text)), Ok(Some(value)), "{text}");
        }
        assert_eq!(constant(Some(" ")), Ok(None));
        assert_eq!(constant(None), Ok(None));
        for text in ["${orders.id} = 1", "1=", "a=b", "1=1=1", "contains(1)", "1; DROP TABLE x = 1"] {
            assert!(constant(Some(text)).is_err(), "{text}");
        }
    }

    #[test]
    fn limits_are_rows_or_none() {
        assert_eq!(limit(None), Ok(Some(500)));
        assert_eq!(limit(Some(-1)), Ok(None));
        assert_eq!(limit(Some(0)), Ok(Some(0)));
        assert!(limit(Some(-2)).is_err());
    }
}
