//! Measures.

use super::field::{Expanded, Surroundings, common, measure_filters, place, sql_or_column, suffix_yesno, written_sql};
use super::mistakes::{self, Mistakes};
use super::object::Object;
use crate::model::{Category, FieldKind, MeasureKind, Timeframe};
use crate::sql::Sql;

/// The half of a distribution that `percentile` means when it does not say.
const MEDIAN: f64 = 50.0;

/// A `measure`.
pub fn measure(object: &Object, around: &Surroundings<'_>, mistakes: &mut Mistakes) -> Expanded {
    let mut field = common(object, Category::Measure, around, mistakes);
    let kind = kind(object, mistakes);
    field.kind = FieldKind::Measure(kind);
    field.sql = sql(object, kind, mistakes);
    let filters = measure_filters(object);
    if takes_filters(kind) {
        field.filters = filters;
    } else if let Some(first) = filters.first() {
        mistakes.add(mistakes::filters_on_non_aggregate(first.location.clone(), &kind.type_word()));
    }
    suffix_yesno(object, &mut field);
    Expanded::one(field)
}

/// `filters` wrap what is aggregated: lists and comparisons of periods have nothing to wrap.
const fn takes_filters(kind: MeasureKind) -> bool {
    kind.is_aggregate() && !matches!(kind, MeasureKind::List | MeasureKind::PeriodOverPeriod)
}

/// True for the types whose SQL is aggregated and so holds no aggregate itself.
pub const fn aggregates_its_sql(kind: MeasureKind) -> bool {
    kind.is_aggregate() && !matches!(kind, MeasureKind::PeriodOverPeriod)
}

fn kind(object: &Object, mistakes: &mut Mistakes) -> MeasureKind {
    let word = object.text("type").map_or("string", |word| &word.value);
    match word {
        "count" => MeasureKind::Count,
        "count_distinct" => MeasureKind::CountDistinct,
        "sum" => MeasureKind::Sum,
        "average" => MeasureKind::Average,
        "min" => MeasureKind::Min,
        "max" => MeasureKind::Max,
        "median" => MeasureKind::Median,
        "percentile" => MeasureKind::Percentile(percentile(object, word, mistakes)),
        "sum_distinct" => MeasureKind::SumDistinct,
        "average_distinct" => MeasureKind::AverageDistinct,
        "median_distinct" => MeasureKind::MedianDistinct,
        "percentile_distinct" => MeasureKind::PercentileDistinct(percentile(object, word, mistakes)),
        "list" => MeasureKind::List,
        "number" | "int" => MeasureKind::Number,
        "yesno" => MeasureKind::Yesno,
        "running_total" => MeasureKind::RunningTotal,
        "percent_of_total" => MeasureKind::PercentOfTotal,
        "percent_of_previous" => MeasureKind::PercentOfPrevious,
        "period_over_period" => MeasureKind::PeriodOverPeriod,
        _ => Timeframe::of_type(word).map_or(MeasureKind::String, MeasureKind::Date),
    }
}

fn percentile(object: &Object, word: &str, mistakes: &mut Mistakes) -> f64 {
    match object.number::<f64>("percentile") {
        Some(percentile) if (0.0..=100.0).contains(&percentile) => percentile,
        Some(_) => {
            let at = place(object, "percentile");
            mistakes.add(mistakes::wrong_value(at, "percentile", "a number from 0 to 100"));
            MEDIAN
        }
        None => {
            let of = format!("measures of type {word}");
            mistakes.add(mistakes::missing_parameter(place(object, "type"), "percentile", &of));
            MEDIAN
        }
    }
}

fn sql(object: &Object, kind: MeasureKind, mistakes: &mut Mistakes) -> Option<Sql> {
    let written = written_sql(object, "sql");
    match kind {
        MeasureKind::Count => {
            if let Some(sql) = written {
                mistakes.add(mistakes::count_with_sql(sql.location));
            }
            None
        }
        MeasureKind::List => {
            let Some(list_field) = object.text("list_field") else {
                mistakes.add(mistakes::missing_list_field(place(object, "type")));
                return written;
            };
            Some(Sql::new(format!("${{{}}}", list_field.value), list_field.location.clone()))
        }
        MeasureKind::PeriodOverPeriod => written,
        _ => {
            if written.is_none() {
                let of = format!("measures of type {}", kind.type_word());
                mistakes.add(mistakes::missing_sql(object.location.clone(), &of));
            }
            Some(sql_or_column(object))
        }
    }
}
