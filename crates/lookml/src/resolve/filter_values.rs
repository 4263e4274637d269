//! The values of filters: expressions in the grammar of the field that they filter.

use super::mistakes::{self, Mistakes};
use super::object::Text;
use crate::diagnostic::Location;
use crate::model::{Field, FieldKind, MeasureKind, Timeframe, TimeframeValues};
use crate::sql::has_liquid;
use belvedere_expressions::filter::{DateFilter, FilterError, LocationFilter, NumberFilter, StringFilter, YesnoFilter};

/// Tells when `value` is no filter expression for `field`.
pub fn check(field: &Field, value: &Text, mistakes: &mut Mistakes) {
    if let Some(error) = problem(field, &value.value) {
        let part = value.value.get(error.span.clone()).unwrap_or_default();
        let at = if part.is_empty() { value.location.clone() } else { value.place_of(part, error.span.start) };
        mistakes.add(mistakes::invalid_filter(at, &field.name, &error.message));
    }
}

/// The same for a value that stands at `at`, outside of LookML.
pub fn check_text(field: &Field, value: &str, at: Location, mistakes: &mut Mistakes) {
    if let Some(error) = problem(field, value) {
        mistakes.add(mistakes::invalid_filter(at, &field.name, &error.message));
    }
}

/// Why `value` is no filter expression for `field`. What Liquid and constants make of a text is not known here.
fn problem(field: &Field, value: &str) -> Option<FilterError> {
    if has_liquid(value) || value.contains("@{") {
        return None;
    }
    let parsed = match &field.kind {
        FieldKind::Number | FieldKind::Duration { .. } | FieldKind::Distance { .. } => number(value),
        FieldKind::Yesno | FieldKind::Measure(MeasureKind::Yesno) => yesno(value),
        FieldKind::Location { .. } => LocationFilter::parse(value).map(drop),
        FieldKind::Time(time) => of_timeframe(time.timeframe, value),
        FieldKind::Measure(MeasureKind::Date(timeframe)) => of_timeframe(*timeframe, value),
        FieldKind::Measure(MeasureKind::String | MeasureKind::List) => text(value),
        FieldKind::Measure(_) => number(value),
        FieldKind::String
        | FieldKind::Zipcode
        | FieldKind::Unquoted
        | FieldKind::Case { .. }
        | FieldKind::Tier { .. } => text(value),
    };
    parsed.err()
}

fn of_timeframe(timeframe: Timeframe, value: &str) -> Result<(), FilterError> {
    match timeframe.values() {
        TimeframeValues::Yesno => yesno(value),
        TimeframeValues::Number => number(value),
        TimeframeValues::Text => text(value),
        TimeframeValues::Day | TimeframeValues::Moment => DateFilter::parse(value).map(drop),
    }
}

fn number(value: &str) -> Result<(), FilterError> {
    NumberFilter::parse(value).map(drop)
}

fn text(value: &str) -> Result<(), FilterError> {
    StringFilter::parse(value).map(drop)
}

fn yesno(value: &str) -> Result<(), FilterError> {
    YesnoFilter::parse(value).map(drop)
}
