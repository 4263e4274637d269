//! Why a query has no plan.

use belvedere_expressions::filter::FilterError;

/// Why a query has no plan. Each message says what was wrong and, where it can, what would be right.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Error {
    /// Nothing is selected.
    #[error("must query at least one dimension or measure")]
    NoFields,
    /// A field that the explore does not have, or that the user may not see.
    #[error("unknown field `{name}` in explore `{explore}`{}", did_you_mean(suggestion.as_deref()))]
    UnknownField {
        /// As the query names it.
        name: String,
        /// The explore.
        explore: String,
        /// A field whose name is near.
        suggestion: Option<String>,
    },
    /// The user may not see the explore.
    #[error("unknown explore `{name}`")]
    UnknownExplore {
        /// Its name.
        name: String,
    },
    /// A filter-only field or a parameter among the selected fields.
    #[error("`{name}` is a {category} and cannot be selected, only dimensions and measures can")]
    NotSelectable {
        /// The field.
        name: String,
        /// `filter` or `parameter`.
        category: &'static str,
    },
    /// A filter value that is no filter expression of its field's type.
    #[error("filter on `{field}`: {source}")]
    Filter {
        /// The field.
        field: String,
        /// What is wrong with the value, and where.
        source: FilterError,
    },
    /// A value that a parameter does not allow.
    #[error("parameter `{field}`: expected {expected}")]
    Parameter {
        /// The parameter.
        field: String,
        /// What would be right.
        expected: String,
    },
    /// A field that takes no filter.
    #[error("`{field}` cannot be filtered on, it is a measure of type `{kind}`")]
    NotFilterable {
        /// The field.
        field: String,
        /// Its type.
        kind: &'static str,
    },
    /// A sort that cannot be read.
    #[error("sort `{sort}`: expected a field, then `asc` or `desc`, then a pivot column's number")]
    Sort {
        /// As the query has it.
        sort: String,
    },
    /// `dynamic_fields` that cannot be read.
    #[error("dynamic_fields: {message}")]
    DynamicFields {
        /// What is wrong, and with which field.
        message: String,
    },
    /// An expression that is wrong, or names what is not there.
    #[error("{place}: {message}")]
    Expression {
        /// The custom field, or the parameter that holds the expression.
        place: String,
        /// What is wrong, and what would be right.
        message: String,
    },
    /// A pivot or subtotal on something that is no dimension.
    #[error("`{name}` cannot be {usage}, only dimensions can")]
    NotDimension {
        /// The field.
        name: String,
        /// What it was named for.
        usage: &'static str,
    },
    /// A side that row totals cannot stand on.
    #[error("row_total `{side}`: expected `right`, `left` or nothing")]
    RowTotal {
        /// As the query has it.
        side: String,
    },
    /// A limit below -1.
    #[error("limit {limit}: expected a number of rows, or -1 for no limit")]
    Limit {
        /// As the query has it.
        limit: i64,
    },
    /// Something that is not built yet.
    #[error("not supported: {feature}")]
    Unsupported {
        /// What was asked for.
        feature: String,
    },
    /// A measure whose rows a join repeats, on a view without a key to count each once.
    #[error(
        "measure `{measure}` is fanned out by a join, and view `{view}` has no dimension with `primary_key: yes` to count \
         each of its rows once"
    )]
    MissingPrimaryKey {
        /// The measure.
        measure: String,
        /// Its view.
        view: String,
    },
    /// A measure whose rows a join repeats, in an explore that forbids counting each once.
    #[error("measure `{measure}` is fanned out by a join, and explore `{explore}` says `symmetric_aggregates: no`")]
    NoSymmetricAggregates {
        /// The measure.
        measure: String,
        /// The explore.
        explore: String,
    },
    /// A mistake in the model.
    #[error("{place}: {message}")]
    Model {
        /// The field, join or view.
        place: String,
        /// What is wrong.
        message: String,
    },
    /// The SQL of a model's fields grows beyond all bounds.
    #[error("the SQL is longer than {limit} bytes; a field that several others refer to is written out in each")]
    TooLarge {
        /// The most bytes.
        limit: usize,
    },
    /// A NUL character in a value or in the model's SQL.
    #[error("{place}: a NUL character cannot stand in SQL")]
    Nul {
        /// Where.
        place: String,
    },
    /// A time zone without a name.
    #[error("time zone `{zone}` has no name in the time-zone database, times cannot be converted to it")]
    TimeZone {
        /// What is known of it.
        zone: String,
    },
}

impl Error {
    pub(crate) fn model(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Model { place: place.into(), message: message.into() }
    }

    pub(crate) fn unsupported(feature: impl Into<String>) -> Self {
        Self::Unsupported { feature: feature.into() }
    }
}

fn did_you_mean(suggestion: Option<&str>) -> String {
    suggestion.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default()
}
