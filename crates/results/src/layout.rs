//! What a writer must know of a result besides its rows.

use crate::cursor;
use crate::error::Error;
use crate::failure::RunError;
use crate::markup::Markup;
use crate::number_format::NumberFormat;
use crate::value_format::ValueFormat;
use arrow_schema::Schema;

/// The columns of a result in order, and what stands around its rows.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    /// The columns that are shown, in order. Helper columns of the batches are simply not among them.
    pub columns: Vec<Column>,
    /// What stands above the columns of a pivoted result.
    pub pivots: Pivots,
    /// What `json_detail` and `json_bi` say before the rows.
    pub head: Head,
    /// What stands in cells beside their values, in the formats that show it.
    pub markup: Option<Markup>,
}

impl Layout {
    /// Checks that each column is in `schema` with a type that can be shown: to be asked before the first row, so
    /// that a result that cannot be written fails as a whole.
    pub fn check(&self, schema: &Schema) -> Result<(), Error> {
        let width = schema.fields().len();
        for column in &self.columns {
            for source_index in [Some(column.source), column.sort_source].into_iter().flatten() {
                let missing = || Error::MissingColumn { column: column.name.clone(), source_index, width };
                let field = schema.fields().get(source_index).ok_or_else(missing)?;
                cursor::check(&column.name, field.data_type())?;
            }
        }
        Ok(())
    }
}

/// The pivots of a result; without any there are no fields.
#[derive(Debug, Clone, Default)]
pub struct Pivots {
    /// The fields whose values became columns, outermost first.
    pub fields: Vec<PivotField>,
    /// The values, in the order of the columns; [`Column::pivot`] counts in them.
    pub columns: Vec<PivotColumn>,
}

/// A field whose values became columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PivotField {
    /// Its full name.
    pub name: String,
    /// Its full label.
    pub label: String,
}

/// The key of the columns that hold row totals.
pub const ROW_TOTAL: &str = "$$$_row_total_$$$";

/// One value of each pivot field, above the columns of all measures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PivotColumn {
    /// The key of its cells in `json_detail` and `json_bi`; [`ROW_TOTAL`] for row totals.
    pub key: String,
    /// A value for each pivot field; none for row totals.
    pub values: Vec<PivotValue>,
}

/// A value of a pivot field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PivotValue {
    /// Its plain text; `None` for null.
    pub text: Option<String>,
    /// Its formatted text; `None` for null.
    pub rendered: Option<String>,
}

/// A column that is shown.
#[derive(Debug, Clone)]
pub struct Column {
    /// The field's full name: the key in JSON rows.
    pub name: String,
    /// The full label (`Orders Status`): the header of text formats and the key of `json_label`.
    pub label: String,
    /// Dimension, measure or table calculation.
    pub role: Role,
    /// The field's `value_format`, compiled.
    pub format: Option<ValueFormat>,
    /// How the formatted text and the filter text come from the value.
    pub rendering: Rendering,
    /// Index of the values in each batch.
    pub source: usize,
    /// Index of the `__sort_` companion, for `sort_value`.
    pub sort_source: Option<usize>,
    /// Index of its [`PivotColumn`]; `None` for columns that are not pivoted.
    pub pivot: Option<usize>,
}

impl Column {
    /// A column that is shown as its values are.
    pub fn new(name: impl Into<String>, label: impl Into<String>, role: Role, source: usize) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            role,
            format: None,
            rendering: Rendering::Text,
            source,
            sort_source: None,
            pivot: None,
        }
    }
}

/// What a column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Rows can be filtered by its values, so cells tell the `filterable_value` where it differs.
    Dimension,
    /// A measure.
    Measure,
    /// A table calculation: no filter can name its values.
    Calculation,
}

/// How the formatted text (`rendered`) and the filter text (`filterable_value`) of a cell come from its value.
///
/// The raw value never changes. A value format, where there is one, decides the formatted text of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rendering {
    /// The value itself. Filtered by the grammar of strings: quoted where needed, null and empty as `EMPTY`.
    /// For strings, cases, tiers, yesno.
    Text,
    /// A number, grouped by the user's number format when there is no value format: `1,062`.
    Number,
    /// A number that is not grouped: `year`, `day_of_year` and other numbered timeframes.
    Digits,
    /// The value itself, which is also a filter: dates, times, `month`, locations. Null is `NULL`.
    Literal,
    /// `week`: filtered as `2022-06-06 for 7 days`.
    Week,
    /// `quarter`, whose value is its first month: `2024-07` is shown and filtered as `2024-Q3`.
    Quarter,
    /// `fiscal_quarter`, whose value is its first month: with offset 3, `2024-04` is `FY2024-Q1`.
    FiscalQuarter {
        /// `fiscal_month_offset` of the model.
        offset: i8,
    },
    /// `fiscal_year`: `2024` is shown and filtered as `FY2024`.
    FiscalYear,
    /// `hour` and `hourN` with its N: filtered as `2024/09/03 16:00 for 4 hours`.
    Hours(u16),
    /// `minute` and `minuteN` with its N: filtered as `2024/09/03 17:15 for 1 minute`.
    Minutes(u16),
    /// A `list` measure: items are separated by `|RECORD|` in the value, by `, ` in the formatted text.
    List,
}

/// What stands before the rows, as JSON made by the engine. Each value is one complete JSON text.
#[derive(Debug, Clone, Default)]
pub struct Head {
    /// Members of `json_detail` before `data`, in order: all that is known when the first row is. Not `data`,
    /// `errors` or `status`, which the writer makes.
    pub detail: Vec<(String, Vec<u8>)>,
    /// The object under `metadata` of `json_bi`; nothing stands for `{}`.
    pub bi_metadata: Vec<u8>,
}

/// What is known only after the last row.
#[derive(Debug, Clone, Default)]
pub struct End {
    /// Members of `json_detail` after `status`, in order: `runtime`, `truncated`, totals. Each value is one complete
    /// JSON text.
    pub detail: Vec<(String, Vec<u8>)>,
    /// Notes that go into `errors` of `json_detail` although the run succeeded (`fatal` is false).
    pub notes: Vec<RunError>,
}

/// How the run wants its values.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// `apply_formatting`: json, csv, txt, md and html show the formatted text in place of the raw value.
    /// `json_detail` and `json_bi` always have both.
    pub apply_formatting: bool,
    /// The user's number format.
    pub number_format: NumberFormat,
}
