//! One descriptor per noun, and the filters, sorts and pages that become SQL.
//!
//! A noun's file declares its row with [`table!`]. From that come the columns with their types, and with them every
//! statement: nothing outside of this file and `reader.rs` writes SQL, so another database needs no change in a noun.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use sea_query::{
    Cond, Condition, Expr, ExprTrait as _, Func, LikeExpr, NullOrdering, Order, Query, SelectStatement, UnionType,
};

use crate::cell::{Cell, Cells, Field};
use crate::error::{Error, Result};

/// The row of one noun.
pub trait Table: Sized + Send {
    /// The name of the table.
    const NAME: &'static str;
    /// The column that names a row.
    const KEY: &'static str;
    /// The columns, in the order in which [`Table::read`] takes their cells.
    const COLUMNS: &'static [&'static str];

    /// Reads a row.
    fn read(cells: &mut Cells<'_, Self>) -> Result<Self>;
}

/// Declares the row of a noun: the struct, its `COLUMNS`, and the [`Table`] that ties them to the database.
macro_rules! table {
    (
        $(#[$doc:meta])*
        pub struct $Noun:ident in $table:literal, key $key:ident {
            $($(#[$field_doc:meta])* $field:ident: $Type:ty,)*
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $Noun {
            $($(#[$field_doc])* pub $field: $Type,)*
        }

        #[doc = concat!("The columns of the table `", $table, "`, to filter, sort and set by.")]
        #[derive(Debug)]
        pub struct Columns {
            $($(#[$field_doc])* pub $field: $crate::table::Column<$Noun, $Type>,)*
        }

        #[doc = concat!("The columns of the table `", $table, "`.")]
        pub const COLUMNS: Columns = Columns {
            $($field: $crate::table::Column::new(stringify!($field)),)*
        };

        impl $crate::table::Table for $Noun {
            const NAME: &'static str = $table;
            const KEY: &'static str = stringify!($key);
            const COLUMNS: &'static [&'static str] = &[$(stringify!($field)),*];

            fn read(cells: &mut $crate::cell::Cells<'_, Self>) -> $crate::Result<Self> {
                Ok($Noun { $($field: $crate::cell::Field::read(cells)?,)* })
            }
        }
    };
}

pub(crate) use table;

/// A column of the table of `N` that holds values of type `V`.
pub struct Column<N, V> {
    name: &'static str,
    of: PhantomData<fn() -> (N, V)>,
}

impl<N, V> Clone for Column<N, V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<N, V> Copy for Column<N, V> {}

impl<N, V> fmt::Debug for Column<N, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl<N, V> Column<N, V> {
    pub(crate) const fn new(name: &'static str) -> Self {
        Column { name, of: PhantomData }
    }

    /// The same column without its type, as a sort names it.
    pub const fn any(self) -> AnyColumn<N> {
        AnyColumn { name: self.name, of: PhantomData }
    }

    /// Smallest first, as [`AnyColumn::asc`].
    pub fn asc(self) -> Sort<N> {
        self.any().asc()
    }

    /// Greatest first, as [`AnyColumn::desc`].
    pub fn desc(self) -> Sort<N> {
        self.any().desc()
    }

    /// Rows without a value.
    pub fn is_null(self) -> Filter<N> {
        Filter::of(self.expr().is_null())
    }

    /// Rows with a value.
    pub fn is_not_null(self) -> Filter<N> {
        Filter::of(self.expr().is_not_null())
    }

    /// Sets the column to what the database computes.
    pub(crate) fn set_to(self, value: Expr) -> Set<N> {
        Set { column: self.name, value, of: PhantomData }
    }

    pub(crate) fn expr(self) -> Expr {
        Expr::col(self.name)
    }

    /// The text of the column in lower case, as patterns are compared with it.
    pub(crate) fn folded(self) -> Expr {
        Expr::expr(Func::lower(self.expr()))
    }
}

impl<N, V: Cell> Column<N, V> {
    /// The same column, to be compared with one that may be null.
    pub(crate) const fn optional(self) -> Column<N, Option<V>> {
        Column::new(self.name)
    }
}

impl<N, V: Field> Column<N, V> {
    /// Sets the column to `value`.
    pub fn set(self, value: V) -> Set<N> {
        self.set_to(value.into_value().into())
    }

    /// Rows with exactly this value; a null is found by a null.
    pub fn eq(self, value: V) -> Filter<N> {
        if value.is_null() {
            return self.is_null();
        }
        Filter::of(self.expr().eq(value.into_value()))
    }

    /// Rows with one of these values; no row when there are none.
    pub fn one_of(self, values: impl IntoIterator<Item = V>) -> Filter<N> {
        Filter::of(self.expr().is_in(values.into_iter().map(Field::into_value)))
    }

    /// Rows whose value is that of `column` in a row of the other table that passes `filter`.
    pub fn among<M: Table>(self, column: Column<M, V>, filter: Filter<M>) -> Filter<N> {
        self.in_any(column.values(filter))
    }

    /// Rows whose value is one of these.
    pub(crate) fn in_any(self, values: Values<V>) -> Filter<N> {
        Filter::of(self.expr().in_subquery(values.select))
    }

    /// The values of the rows that pass `filter`.
    pub(crate) fn values(self, filter: Filter<N>) -> Values<V>
    where
        N: Table,
    {
        let mut select = Query::select();
        select.column(self.name).from(N::NAME).cond_where(filter.condition);
        Values { select, of: PhantomData }
    }

    /// Rows whose value is that of `column` in no row of the other table that passes `filter`.
    pub fn not_among<M: Table>(self, column: Column<M, V>, filter: Filter<M>) -> Filter<N> {
        Filter::of(self.expr().not_in_subquery(column.values(filter).select))
    }

    /// Rows with a smaller value.
    pub fn less_than(self, value: V) -> Filter<N> {
        Filter::of(self.expr().lt(value.into_value()))
    }

    /// Rows with this or a smaller value.
    pub fn at_most(self, value: V) -> Filter<N> {
        Filter::of(self.expr().lte(value.into_value()))
    }

    /// Rows with this or a greater value.
    pub fn at_least(self, value: V) -> Filter<N> {
        Filter::of(self.expr().gte(value.into_value()))
    }

    /// Rows with a greater value.
    pub fn more_than(self, value: V) -> Filter<N> {
        Filter::of(self.expr().gt(value.into_value()))
    }
}

/// Values of a column, to be compared with those of another.
pub(crate) struct Values<V> {
    select: SelectStatement,
    of: PhantomData<fn() -> V>,
}

impl<V> Values<V> {
    /// These and those, each once. Databases look up what stands in one list faster than what stands in this or that.
    pub(crate) fn or(mut self, others: Self) -> Self {
        self.select.union(UnionType::Distinct, others.select);
        self
    }
}

/// A column that holds text.
pub trait Text {}

impl Text for String {}
impl Text for Option<String> {}

impl<N, V: Text> Column<N, V> {
    /// Rows whose whole value matches the pattern.
    pub fn matches(self, pattern: &Pattern) -> Filter<N> {
        Filter::matching(self.folded(), pattern)
    }

    /// Rows with this value, letters of ASCII in either case.
    pub fn is_text(self, text: &str) -> Filter<N> {
        Filter::of(self.folded().eq(text.to_ascii_lowercase()))
    }
}

/// A column of the table of `N`, named for a sort.
pub struct AnyColumn<N> {
    name: &'static str,
    of: PhantomData<fn() -> N>,
}

impl<N> Clone for AnyColumn<N> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<N> Copy for AnyColumn<N> {}

impl<N> AnyColumn<N> {
    /// The column's name, which is the name of the field in the API.
    pub const fn name(self) -> &'static str {
        self.name
    }

    /// Smallest first, rows without a value before all others.
    pub fn asc(self) -> Sort<N> {
        Sort { column: self.name, order: Order::Asc, of: PhantomData }
    }

    /// Greatest first, rows without a value after all others.
    pub fn desc(self) -> Sort<N> {
        Sort { column: self.name, order: Order::Desc, of: PhantomData }
    }
}

impl<N> fmt::Debug for AnyColumn<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// A search text with the wildcards of the API: `%` for any text, `_` for one character, `\` before either of them, or
/// before itself, for the character as it is. Letters of ASCII match in either case.
///
/// Inside it is folded to lower case, and every `\` escapes something.
#[derive(Debug, Clone)]
pub struct Pattern(String);

impl Pattern {
    /// The most characters of a pattern: matching costs their number times the length of the value.
    pub const MAX_LENGTH: usize = 1000;

    /// The pattern of this text, or [`Error::PatternTooLong`]. A `\` at the end stands for itself.
    pub fn new(text: &str) -> Result<Self> {
        if text.chars().count() > Self::MAX_LENGTH {
            return Err(Error::PatternTooLong { limit: Self::MAX_LENGTH });
        }
        let mut pattern = String::with_capacity(text.len());
        let mut chars = text.chars();
        while let Some(char) = chars.next() {
            match (char, chars.clone().next()) {
                ('\\', Some(next @ ('%' | '_' | '\\'))) => {
                    chars.next();
                    pattern.extend(['\\', next]);
                }
                ('\\', _) => pattern.push_str("\\\\"),
                _ => pattern.push(char.to_ascii_lowercase()),
            }
        }
        Ok(Pattern(pattern))
    }

    /// The one text that the pattern matches, when it has no wildcard.
    fn literal(&self) -> Option<Cow<'_, str>> {
        if !self.0.contains(['%', '_', '\\']) {
            return Some(Cow::Borrowed(&self.0));
        }
        let mut literal = String::with_capacity(self.0.len());
        let mut chars = self.0.chars();
        while let Some(char) = chars.next() {
            match char {
                '%' | '_' => return None,
                '\\' => literal.extend(chars.next()),
                _ => literal.push(char),
            }
        }
        Some(Cow::Owned(literal))
    }

    /// The text that every match begins with.
    fn start(&self) -> String {
        let mut start = String::new();
        let mut chars = self.0.chars();
        while let Some(char) = chars.next() {
            match char {
                '%' | '_' => break,
                '\\' => start.extend(chars.next()),
                _ => start.push(char),
            }
        }
        start
    }
}

/// The smallest text that is greater than every one that begins with `start`; none when there is no such text. Texts are
/// in the order of their bytes, which is that of their characters.
fn behind(start: &str) -> Option<String> {
    let mut chars: Vec<char> = start.chars().collect();
    while let Some(last) = chars.pop() {
        if let Some(next) = (last..=char::MAX).nth(1) {
            chars.push(next);
            return Some(chars.into_iter().collect());
        }
    }
    None
}

/// A value for a column, in an insert or an update.
pub struct Set<N> {
    pub(crate) column: &'static str,
    pub(crate) value: Expr,
    of: PhantomData<fn() -> N>,
}

impl<N> fmt::Debug for Set<N> {
    /// Names the column alone: the value may be a secret's hash.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Set({})", self.column)
    }
}

/// Which rows of the table of `N`.
pub struct Filter<N> {
    pub(crate) condition: Condition,
    of: PhantomData<fn() -> N>,
}

impl<N> Clone for Filter<N> {
    fn clone(&self) -> Self {
        Filter::of(self.condition.clone())
    }
}

impl<N> fmt::Debug for Filter<N> {
    /// Names no value: it may be a secret's hash.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Filter(..)")
    }
}

impl<N> Filter<N> {
    fn of(condition: impl Into<Condition>) -> Self {
        Filter { condition: condition.into(), of: PhantomData }
    }

    /// Rows in which the text that the database computes, which is in lower case, matches the pattern as a whole.
    pub(crate) fn matching(folded: Expr, pattern: &Pattern) -> Self {
        if let Some(literal) = pattern.literal() {
            return Filter::of(folded.eq(literal.into_owned()));
        }
        let start = pattern.start();
        let mut all = Cond::all();
        // What every match begins with, as a range: that an index knows.
        if let (false, Some(behind)) = (start.is_empty(), behind(&start)) {
            all = all.add(folded.clone().gte(start)).add(folded.clone().lt(behind));
        }
        Filter::of(all.add(folded.like(LikeExpr::new(pattern.0.as_str()).escape('\\'))))
    }

    /// No row.
    pub fn nothing() -> Self {
        // An empty condition would vanish from the statement and let every row pass.
        Filter::of(Expr::val(1).eq(0))
    }

    /// Every row.
    pub fn everything() -> Self {
        Filter::of(Cond::all())
    }

    /// Rows that pass every one of these; every row when there are none.
    pub fn all_of(filters: impl IntoIterator<Item = Filter<N>>) -> Self {
        Filter::of(filters.into_iter().fold(Cond::all(), |all, filter| all.add(filter.condition)))
    }

    /// Rows that pass at least one of these; no row when there are none.
    pub fn any_of(filters: impl IntoIterator<Item = Filter<N>>) -> Self {
        let any = filters.into_iter().fold(Cond::any(), |any, filter| any.add(filter.condition));
        if any.is_empty() {
            return Filter::nothing();
        }
        Filter::of(any)
    }

    /// Rows that pass this and the other.
    pub fn and(self, other: Filter<N>) -> Self {
        Filter::all_of([self, other])
    }
}

/// By which column to order.
#[derive(Debug)]
pub struct Sort<N> {
    pub(crate) column: &'static str,
    pub(crate) order: Order,
    of: PhantomData<fn() -> N>,
}

impl<N> Clone for Sort<N> {
    fn clone(&self) -> Self {
        Sort { column: self.column, order: self.order.clone(), of: PhantomData }
    }
}

impl<N> Sort<N> {
    /// Databases disagree on where nulls go; here they are smaller than every value.
    pub(crate) fn nulls(&self) -> NullOrdering {
        match self.order {
            Order::Desc => NullOrdering::Last,
            _ => NullOrdering::First,
        }
    }
}

/// Which rows to list, in which order, and which page of them.
#[derive(Debug, Clone)]
pub struct Search<N> {
    /// Which rows.
    pub filter: Filter<N>,
    /// The order; rows that these leave equal are ordered by their key, so that pages never overlap.
    pub sorts: Vec<Sort<N>>,
    /// At most this many rows.
    pub limit: Option<u64>,
    /// Without this many first rows.
    pub offset: u64,
}

impl<N> Search<N> {
    /// Every row that passes `filter`, by key.
    pub fn by(filter: Filter<N>) -> Self {
        Search { filter, sorts: Vec::new(), limit: None, offset: 0 }
    }
}

impl<N> Default for Search<N> {
    fn default() -> Self {
        Search::by(Filter::everything())
    }
}

/// One page of a search.
#[derive(Debug, Clone, PartialEq)]
pub struct Found<N> {
    /// The rows of the page.
    pub rows: Vec<N>,
    /// How many rows the search has on all pages.
    pub total: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_without_wildcards_is_a_text() {
        let literal = |text| Pattern::new(text).unwrap().literal().map(Cow::into_owned);
        assert_eq!(literal("dan"), Some("dan".to_owned()));
        assert_eq!(literal(r"100\%"), Some("100%".to_owned()));
        assert_eq!(literal(r"a\b"), Some(r"a\b".to_owned()));
        assert_eq!(literal(r"a\"), Some(r"a\".to_owned()));
        assert_eq!(literal(r"a\\"), Some(r"a\".to_owned()));
        assert_eq!(literal("dan%"), None);
        assert_eq!(literal(r"\\%"), None);
        assert_eq!(literal("d_n"), None);
    }

    #[test]
    fn what_a_pattern_begins_with_is_a_range() {
        for (pattern, start) in [
            ("Dan%", "dan"),
            ("d_n", "d"),
            ("%dan", ""),
            ("", ""),
            (r"100\%_", "100%"),
            (r"a\\%", r"a\"),
            (r"a\b%", r"a\b"),
        ] {
            assert_eq!(Pattern::new(pattern).unwrap().start(), start, "{pattern}");
        }
        assert_eq!(behind("dan").as_deref(), Some("dao"));
        assert_eq!(behind("a\u{d7ff}").as_deref(), Some("a\u{e000}"));
        assert_eq!(behind("a\u{10ffff}").as_deref(), Some("b"));
        assert_eq!((behind("\u{10ffff}"), behind("")), (None, None));
    }

    #[test]
    fn a_pattern_has_a_longest_length() {
        assert!(Pattern::new(&"ä".repeat(Pattern::MAX_LENGTH)).is_ok());
        let error = Pattern::new(&"%".repeat(Pattern::MAX_LENGTH + 1)).unwrap_err();
        assert_eq!(error.to_string(), "a search pattern may have at most 1000 characters");
    }
}
