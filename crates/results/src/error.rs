//! What can be wrong with a result or a format before anything is written.

/// Why rows cannot be written or a value format cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The engine gave a type that no format can show.
    #[error("column \"{column}\" has the type {data_type}, which results cannot show; cast it to text in its sql")]
    UnsupportedType {
        /// Name of the column.
        column: String,
        /// Arrow's name of the type.
        data_type: String,
    },
    /// Lists, structs and maps are nested too deep.
    #[error("column \"{column}\" is nested deeper than {limit} levels")]
    TooDeep {
        /// Name of the column.
        column: String,
        /// Levels that are written.
        limit: usize,
    },
    /// The layout names a column that the batch does not have.
    #[error("column \"{column}\" is number {source_index} of a batch with {width} columns")]
    MissingColumn {
        /// Name of the column.
        column: String,
        /// Index that the layout names, from 0.
        source_index: usize,
        /// Columns of the batch.
        width: usize,
    },
    /// A format cannot hold a column of this type.
    #[error("column \"{column}\" has the type {data_type}, which {format} cannot hold; cast it to text in its sql")]
    NotIn {
        /// The format.
        format: &'static str,
        /// Name of the column.
        column: String,
        /// Arrow's name of the type.
        data_type: String,
    },
    /// A format cannot hold that many columns.
    #[error("the result has {width} columns, and {format} holds {limit}")]
    TooWide {
        /// The format.
        format: &'static str,
        /// Columns of the result.
        width: usize,
        /// Columns that the format holds.
        limit: usize,
    },
    /// A format cannot hold that many bytes.
    #[error("the result is larger than the {limit_gib} GiB that {format} holds; ask for csv, or for fewer rows")]
    TooLarge {
        /// The format.
        format: &'static str,
        /// What it holds.
        limit_gib: u64,
    },
    /// The rows do not fit what was told of them before.
    #[error("the rows cannot be written as {format}: {message}")]
    Encoding {
        /// The format.
        format: &'static str,
        /// What the encoder said.
        message: String,
    },
    /// A value format is outside of the subset that is supported.
    #[error("value format `{format}`: {problem} at character {position}")]
    ValueFormat {
        /// The format as written, cut after the longest text allowed.
        format: String,
        /// What is wrong, and what would be right.
        problem: &'static str,
        /// Where, in characters from 1.
        position: usize,
    },
}
