//! The typed tree: an expression whose names are resolved and whose types are right.

use std::sync::Arc;

use super::functions::Function;
use super::scope::FieldId;
use super::tree::{Operator, Part};
use super::types::Type;
use super::{Number, Span};
use crate::filter::{DateFilter, LocationFilter, NumberFilter, StringFilter, TierFilter, YesnoFilter};

/// An expression that is right where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// The whole expression.
    pub root: Term,
    /// The fields that it names, each once, in their order.
    pub fields: Vec<FieldId>,
    /// The calculations that it names, each once, in their order, by their index.
    pub calculations: Vec<usize>,
    /// Where its values stand in a result.
    pub placement: Placement,
    /// Whether the row of totals can have a value: whether it names something, and only what has totals.
    pub has_total: bool,
}

/// Where the values of a calculation stand in a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Placement {
    /// One value in each row, beside the dimensions.
    Dimension,
    /// One value in each pivot column of each row.
    Measure,
    /// One value in each row, behind the pivot columns.
    Supermeasure,
}

impl Placement {
    /// The word of `_kind_hint` in `dynamic_fields`.
    pub const fn hint(self) -> &'static str {
        match self {
            Self::Dimension => "dimension",
            Self::Measure => "measure",
            Self::Supermeasure => "supermeasure",
        }
    }
}

/// A part of a checked expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// What it is.
    pub kind: TermKind,
    /// The type of its values.
    pub type_: Type,
    /// Along what its values differ.
    pub axes: Axes,
    /// Where it stands in the text.
    pub span: Span,
}

/// What a term is. Whoever translates to SQL meets neither calculations, lists, nor parts of fields but their values.
#[derive(Clone, Debug, PartialEq)]
pub enum TermKind {
    /// A number, not negative.
    Number(Number),
    /// Text.
    Text(Arc<str>),
    /// `yes`, `no`.
    Yesno(bool),
    /// `null`.
    Null,
    /// A field of the scope.
    Field(FieldId, Part),
    /// Another calculation, by its index.
    Calculation(usize, Part),
    /// The number with the other sign.
    Negative(Box<Term>),
    /// The other answer.
    Not(Box<Term>),
    /// Whether all are yes, at least two.
    All(Vec<Term>),
    /// Whether any is yes, at least two.
    Any(Vec<Term>),
    /// Numbers from left to right, with `+` and `-`, or with `*` and `/` before all but the first.
    Arithmetic(Box<Term>, Vec<(Operator, Term)>),
    /// A comparison. `null` stands on a side only with `=` and `!=`.
    Comparison {
        /// One of the six.
        operator: Operator,
        /// What stands before it.
        left: Box<Term>,
        /// What stands behind it.
        right: Box<Term>,
    },
    /// `if` and `case`: the value of the first branch whose condition is yes.
    Case {
        /// The branches, at least one.
        branches: Vec<Branch>,
        /// The value where no condition is yes; null without one.
        otherwise: Option<Box<Term>>,
    },
    /// Whether a field matches a filter.
    MatchesFilter {
        /// The field.
        field: FieldId,
        /// The filter.
        filter: FieldFilter,
        /// The text of the filter.
        text: String,
    },
    /// Any other function.
    Call {
        /// The function.
        function: &'static Function,
        /// As many as it takes, of the types that it takes.
        arguments: Vec<Term>,
    },
}

/// A branch of [`TermKind::Case`].
#[derive(Clone, Debug, PartialEq)]
pub struct Branch {
    /// When it counts.
    pub condition: Term,
    /// What it gives.
    pub value: Term,
}

/// A filter in the grammar of its field.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum FieldFilter {
    String(StringFilter),
    Number(NumberFilter),
    Date(DateFilter),
    Yesno(YesnoFilter),
    Location(LocationFilter),
    Tier(TierFilter),
}

/// Along what the values of a term differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Axes {
    /// From row to row.
    pub rows: bool,
    /// From pivot column to pivot column.
    pub pivots: bool,
}

impl Axes {
    /// The same everywhere.
    pub const NONE: Self = Self { rows: false, pivots: false };
    /// Other in each row.
    pub const ROWS: Self = Self { rows: true, pivots: false };
    /// Other in each pivot column.
    pub const PIVOTS: Self = Self { rows: false, pivots: true };
    /// Other in each cell.
    pub const CELLS: Self = Self { rows: true, pivots: true };

    /// Along what either differs.
    pub const fn and(self, other: Self) -> Self {
        Self { rows: self.rows || other.rows, pivots: self.pivots || other.pivots }
    }

    /// The same in each row.
    pub const fn without_rows(self) -> Self {
        Self { rows: false, ..self }
    }

    /// The same in each pivot column.
    pub const fn without_pivots(self) -> Self {
        Self { pivots: false, ..self }
    }
}
