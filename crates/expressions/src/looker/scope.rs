//! What an expression may name, and where it stands.

use super::types::Type;

/// The fields that an expression can name.
pub trait Scope {
    /// The field of a name such as `orders.count`, or of the bare name of a dynamic field.
    fn field(&self, name: &str) -> Option<Field>;

    /// All names, for suggestions.
    fn names(&self) -> Vec<&str>;

    /// Whether the query has a row of totals, so that `${field:total}` means something.
    fn has_totals(&self) -> bool {
        false
    }

    /// Whether the query has a column of row totals, so that `${field:row_total}` means something.
    fn has_row_totals(&self) -> bool {
        false
    }
}

/// A field that an expression can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Field {
    /// What typed trees and grids call it.
    pub id: FieldId,
    /// The type of its values. Dates of any period are dates; what databases give as text, such as `day_of_week`, tiers
    /// and locations, is text.
    pub type_: Type,
    /// What it is.
    pub role: Role,
    /// The grammar of filters on it.
    pub filter: FilterGrammar,
}

/// A field, by a number that the scope chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FieldId(pub usize);

/// What a field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// A dimension: one value in each row.
    Dimension,
    /// A dimension on which the query is pivoted: one value in each pivot column.
    Pivot,
    /// A measure: a value in each row and pivot column.
    Measure,
}

/// The grammar of filters on a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum FilterGrammar {
    String,
    Number,
    Date,
    Yesno,
    Location,
    Tier,
}

/// Where an expression stands, which decides what it may say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Context {
    /// A table calculation: computed from the rows of a result.
    TableCalculation,
    /// The `expression` of a data test's `assert`: a table calculation that is yes or no.
    DataTest,
    /// A custom dimension: SQL, without measures.
    CustomDimension,
    /// A custom measure: SQL.
    CustomMeasure,
    /// A custom filter (`filter_expression`), also of a custom measure: SQL that is yes or no.
    CustomFilter,
}

impl Context {
    /// Whether expressions are computed from rows here; otherwise they are translated to SQL.
    pub const fn is_calculated(self) -> bool {
        matches!(self, Self::TableCalculation | Self::DataTest)
    }

    pub(crate) const fn needs_yesno(self) -> bool {
        matches!(self, Self::DataTest | Self::CustomFilter)
    }

    /// In the plural, for messages.
    pub(crate) const fn plural(self) -> &'static str {
        match self {
            Self::TableCalculation => "table calculations",
            Self::DataTest => "data tests",
            Self::CustomDimension => "custom dimensions",
            Self::CustomMeasure => "custom measures",
            Self::CustomFilter => "custom filters",
        }
    }
}
