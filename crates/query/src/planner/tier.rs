//! Tiers: numbers in steps, shown as labels.

use super::dimension;
use crate::dialect::Dialect;
use belvedere_lookml::model::{Number, TierStyle};

/// What values outside all tiers (null) are called.
const UNDEFINED: &str = "Undefined";

/// The label of the tier that `x` falls into. `x` is an operand.
pub(super) fn label_case(dialect: &dyn Dialect, x: &str, tiers: &[Number], style: TierStyle) -> String {
    let labels = labels(tiers, style);
    let results: Vec<String> = labels.iter().map(|label| dialect.string(label)).collect();
    case(x, tiers, style, &results)
}

/// A text that orders the labels.
pub(super) fn sort_case(x: &str, tiers: &[Number]) -> String {
    let results: Vec<String> =
        (0..tiers.len() + 2).map(|index| format!("'{}'", code(index, tiers.len() + 2))).collect();
    case(x, tiers, TierStyle::Interval, &results)
}

/// `index` with as many digits as the greatest of `count` codes, at least two.
pub(super) fn code(index: usize, count: usize) -> String {
    let width = count.saturating_sub(1).to_string().len().max(2);
    format!("{index:0width$}")
}

/// `results`: below the first bound, one from each bound on, and for null.
fn case(x: &str, tiers: &[Number], style: TierStyle, results: &[String]) -> String {
    let bounds: Vec<String> = tiers.iter().map(|tier| bound(tier, style)).collect();
    let undefined = &results[results.len() - 1];
    let Some(first) = bounds.first() else { return undefined.clone() };
    let mut branches = vec![(format!("{x} < {first}"), results[0].clone())];
    for (index, lower) in bounds.iter().enumerate() {
        let upper = bounds.get(index + 1).map(|upper| format!(" AND {x} < {upper}")).unwrap_or_default();
        branches.push((format!("{x} >= {lower}{upper}"), results[index + 1].clone()));
    }
    dimension::case(&branches, Some(undefined))
}

/// Labels in the order of the tiers: below the first bound, one from each bound on, and for null.
pub fn labels(tiers: &[Number], style: TierStyle) -> Vec<String> {
    let bounds: Vec<String> = tiers.iter().map(|tier| bound(tier, style)).collect();
    let count = tiers.len() + 1;
    let mut labels = Vec::with_capacity(count + 1);
    for index in 0..count {
        let lower = index.checked_sub(1).map(|index| bounds[index].as_str());
        let upper = bounds.get(index).map(String::as_str);
        let label = match style {
            TierStyle::Classic => format!("T{} {}", code(index, count), interval(lower, upper)),
            TierStyle::Interval => interval(lower, upper),
            TierStyle::Relational => relation(lower, upper),
            TierStyle::Integer => integers(index.checked_sub(1).map(|index| &tiers[index]), tiers.get(index)),
        };
        labels.push(label);
    }
    labels.push(if style == TierStyle::Classic { format!("TXX {UNDEFINED}") } else { UNDEFINED.to_owned() });
    labels
}

fn interval(lower: Option<&str>, upper: Option<&str>) -> String {
    let upper = upper.unwrap_or("inf");
    match lower {
        Some(lower) => format!("[{lower},{upper})"),
        None => format!("(-inf,{upper})"),
    }
}

fn relation(lower: Option<&str>, upper: Option<&str>) -> String {
    match (lower, upper) {
        (Some(lower), Some(upper)) => format!(">= {lower} and < {upper}"),
        (Some(lower), None) => format!(">= {lower}"),
        (None, Some(upper)) => format!("< {upper}"),
        (None, None) => String::new(),
    }
}

fn integers(lower: Option<&Number>, upper: Option<&Number>) -> String {
    match (lower, upper) {
        (None, Some(upper)) => format!("Below {}", shown(upper)),
        (Some(lower), None) => format!("{} or Above", shown(lower)),
        (Some(lower), Some(upper)) if upper.value - lower.value <= 1.0 => shown(lower),
        (Some(lower), Some(upper)) => format!("{} to {}", shown(lower), upper.value - 1.0),
        (None, None) => String::new(),
    }
}

/// A bound as it stands in conditions and labels: whole numbers with one decimal, except in integer tiers.
fn bound(tier: &Number, style: TierStyle) -> String {
    let text = shown(tier);
    let is_whole = !text.contains(['.', 'e', 'E']);
    if is_whole && style != TierStyle::Integer { format!("{text}.0") } else { text }
}

/// The bound's value: what was written may have a sign or zeros that are no part of it.
fn shown(tier: &Number) -> String {
    tier.value.to_string()
}

#[cfg(test)]
mod tests {
    use super::{labels, sort_case};
    use crate::dialect::DuckDb;
    use belvedere_lookml::model::{Number, TierStyle};

    fn tiers(bounds: &[f64]) -> Vec<Number> {
        bounds.iter().map(|&value| Number { text: value.to_string().into(), value }).collect()
    }

    #[test]
    fn each_style_has_its_labels() {
        let tiers = tiers(&[0.0, 10.0, 20.0]);
        for (style, expected) in [
            (
                TierStyle::Classic,
                ["T00 (-inf,0.0)", "T01 [0.0,10.0)", "T02 [10.0,20.0)", "T03 [20.0,inf)", "TXX Undefined"],
            ),
            (TierStyle::Interval, ["(-inf,0.0)", "[0.0,10.0)", "[10.0,20.0)", "[20.0,inf)", "Undefined"]),
            (TierStyle::Integer, ["Below 0", "0 to 9", "10 to 19", "20 or Above", "Undefined"]),
            (TierStyle::Relational, ["< 0.0", ">= 0.0 and < 10.0", ">= 10.0 and < 20.0", ">= 20.0", "Undefined"]),
        ] {
            assert_eq!(labels(&tiers, style), expected);
        }
    }

    #[test]
    fn an_integer_tier_of_one_number_shows_that_number() {
        assert_eq!(
            labels(&tiers(&[-10.0, -9.0]), TierStyle::Integer),
            ["Below -10", "-10", "-9 or Above", "Undefined"]
        );
    }

    #[test]
    fn fractions_keep_their_digits() {
        assert_eq!(labels(&tiers(&[0.5]), TierStyle::Interval), ["(-inf,0.5)", "[0.5,inf)", "Undefined"]);
    }

    #[test]
    fn codes_sort_like_their_tiers() {
        assert_eq!(
            sort_case("t.x", &tiers(&[10.0])),
            "CASE\n        WHEN t.x < 10.0 THEN '00'\n        WHEN t.x >= 10.0 THEN '01'\n        ELSE '02'\n    END"
        );
        let bounds: Vec<f64> = (0..150).map(f64::from).collect();
        assert!(sort_case("t.x", &tiers(&bounds)).contains("THEN '099'"));
    }

    #[test]
    fn no_bounds_leave_everything_undefined() {
        assert_eq!(super::label_case(&DuckDb, "t.x", &[], TierStyle::Integer), "'Undefined'");
    }
}
