//! The columns of a statement as the result writers want them.

use crate::wording::Wording;
use belvedere_lookml::model::{Field, FieldKind, MeasureKind, Timeframe};
use belvedere_query as query;
use belvedere_results::{Column, Layout, Localization, Rendering, Role, ValueFormat};

/// The shown columns of a statement, without what stands around the rows.
pub(crate) fn layout(wording: Wording<'_>, columns: &[query::Column]) -> Layout {
    let fiscal_offset = wording.explore.fiscal_month_offset.unwrap_or(0);
    let shown = columns.iter().enumerate().filter_map(|(source, column)| {
        let role = match column.role {
            query::Role::Dimension => Role::Dimension,
            query::Role::Measure => Role::Measure,
            query::Role::SortHelper => return None,
        };
        let field = &*column.field.field;
        Some(Column {
            name: column.name.clone(),
            label: full_label(wording, &column.field),
            role,
            format: value_format(field),
            rendering: rendering(field, fiscal_offset),
            source,
            sort_source: column.sorted_by,
            pivot: None,
        })
    });
    Layout { columns: shown.collect(), ..Layout::default() }
}

/// View label and field label, the header of text formats. A custom field is in no view.
fn full_label(wording: Wording<'_>, column: &query::ColumnField) -> String {
    let words = wording.of_column(column);
    let label = if column.alias.is_empty() { words.label().into_owned() } else { words.full_label() };
    label.trim().to_owned()
}

/// The field's format, when it is one; a mistake in it is the validator's to tell and leaves values as they are.
fn value_format(field: &Field) -> Option<ValueFormat> {
    compiled(field.value_format.as_deref(), field.strict_value_format)
}

/// A format that is written in LookML or in a query, when it is one.
pub(crate) fn compiled(format: Option<&str>, strict: bool) -> Option<ValueFormat> {
    let format = ValueFormat::compile(format?).ok()?;
    Some(format.localized(if strict { Localization::Strict } else { Localization::User }))
}

fn rendering(field: &Field, fiscal_offset: i8) -> Rendering {
    match &field.kind {
        FieldKind::Number | FieldKind::Distance { .. } | FieldKind::Duration { .. } => Rendering::Number,
        FieldKind::Location { .. } => Rendering::Literal,
        FieldKind::Time(time) => rendering_of_time(time.timeframe, fiscal_offset),
        FieldKind::Measure(kind) => match kind {
            MeasureKind::String | MeasureKind::Yesno => Rendering::Text,
            MeasureKind::List => Rendering::List,
            MeasureKind::Date(timeframe) => rendering_of_time(*timeframe, fiscal_offset),
            _ => Rendering::Number,
        },
        FieldKind::String
        | FieldKind::Yesno
        | FieldKind::Zipcode
        | FieldKind::Unquoted
        | FieldKind::Tier { .. }
        | FieldKind::Case { .. } => Rendering::Text,
    }
}

fn rendering_of_time(timeframe: Timeframe, fiscal_offset: i8) -> Rendering {
    match timeframe {
        Timeframe::Yesno
        | Timeframe::DayOfWeek
        | Timeframe::MonthName
        | Timeframe::QuarterOfYear
        | Timeframe::FiscalQuarterOfYear
        | Timeframe::TimeOfDay => Rendering::Text,
        Timeframe::Week => Rendering::Week,
        Timeframe::Quarter => Rendering::Quarter,
        Timeframe::FiscalQuarter => Rendering::FiscalQuarter { offset: fiscal_offset },
        Timeframe::FiscalYear => Rendering::FiscalYear,
        Timeframe::Hour(count) => Rendering::Hours(count),
        Timeframe::Minute(count) => Rendering::Minutes(count),
        Timeframe::HourOfDay
        | Timeframe::DayOfWeekIndex
        | Timeframe::DayOfMonth
        | Timeframe::DayOfYear
        | Timeframe::WeekOfYear
        | Timeframe::MonthNum
        | Timeframe::FiscalMonthNum
        | Timeframe::Year => Rendering::Digits,
        Timeframe::Raw
        | Timeframe::Time
        | Timeframe::Microsecond
        | Timeframe::Millisecond(_)
        | Timeframe::Second
        | Timeframe::Date
        | Timeframe::Month => Rendering::Literal,
    }
}
