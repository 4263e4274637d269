//! Totals: two rows, two pivot columns, the row total behind them and the total below.

use super::Sheet;
use belvedere_expressions::looker::Type;

/// The total of `users` is no sum: somebody bought twice.
fn orders() -> Sheet {
    Sheet::pivoted(2, 2)
        .with_totals()
        .with_row_totals()
        .dimension("o.city", Type::String, &["Rome", "Oslo", "null"])
        .measure("o.n", Type::Number, &["1 | 3 | 4", "4 | 2 | 6", "5 | 5 | 10"])
        .measure("o.users", Type::Number, &["1 | 2 | 3", "2 | 2 | 3", "4 | 4 | 5"])
}

#[track_caller]
fn check_each(cases: &[(&str, [&str; 3])]) {
    for (expression, expected) in cases {
        assert_eq!(orders().compute(expression), expected, "{expression}");
    }
}

#[test]
fn calculations_of_measures_have_totals_computed_from_totals() {
    check_each(&[
        ("${o.n} / ${o.users}", ["1 | 1.5 | 1.3333333333333333", "2 | 1 | 2", "1.25 | 1.25 | 2"]),
        ("${o.n} / sum(${o.n})", ["0.2 | 0.6 | 0.4", "0.8 | 0.4 | 0.6", "1 | 1 | 1"]),
        (
            "${o.n} / sum(pivot_row(${o.n}))",
            ["0.25 | 0.75 | 1", "0.6666666666666666 | 0.3333333333333333 | 1", "0.5 | 0.5 | 1"],
        ),
        ("sum(pivot_row(${o.n}))", ["4", "6", "10"]),
    ]);
}

#[test]
fn what_names_a_dimension_has_no_total() {
    check_each(&[
        ("concat(${o.city}, ${o.n})", ["Rome1 | Rome3 | Rome4", "Oslo4 | Oslo2 | Oslo6", "null | null | null"]),
        ("${o.city}", ["Rome", "Oslo", "null"]),
    ]);
}

#[test]
fn totals_have_no_place_in_the_order_of_rows_and_columns() {
    check_each(&[
        ("${o.n} + row()", ["2 | 4 | 5", "6 | 4 | 8", "null | null | null"]),
        ("running_total(${o.n})", ["1 | 3 | 4", "5 | 5 | 10", "null | null | null"]),
        ("offset(${o.n}, -1)", ["null | null | null", "1 | 3 | 4", "null | null | null"]),
        ("sum(offset_list(${o.n}, 0, 2))", ["5 | 5 | 10", "4 | 2 | 6", "null | null | null"]),
        ("pivot_offset(${o.n}, -1)", ["null | 1 | null", "null | 4 | null", "null | 5 | null"]),
        ("pivot_offset_list(${o.n}, 0, 1)", ["[1] | [3] | null", "[4] | [2] | null", "[5] | [5] | null"]),
        ("${o.n} * pivot_column()", ["1 | 6 | null", "4 | 4 | null", "5 | 10 | null"]),
    ]);
}

#[test]
fn totals_can_be_named() {
    check_each(&[
        ("${o.n} / ${o.n:total}", ["0.2 | 0.6 | 0.4", "0.8 | 0.4 | 0.6", "1 | 1 | 1"]),
        (
            "${o.n} / ${o.n:row_total}",
            ["0.25 | 0.75 | 1", "0.6666666666666666 | 0.3333333333333333 | 1", "0.5 | 0.5 | 1"],
        ),
        ("${o.n:row_total}", ["4", "6", "10"]),
        ("${o.n} / ${o.n:total:row_total}", ["0.1 | 0.3 | 0.4", "0.4 | 0.2 | 0.6", "0.5 | 0.5 | 1"]),
        ("${o.n:total}", ["5 | 5 | 10", "5 | 5 | 10", "5 | 5 | 10"]),
    ]);
}

#[test]
fn totals_of_calculations_can_be_named() {
    let results = orders().compute_all(&[
        ("share", "${ratio} / ${ratio:total}"),
        ("ratio", "${o.n} / ${o.users}"),
        ("across", "${ratio:row_total}"),
        ("city", "${o.city}"),
        ("city_total", "${city:total}"),
    ]);
    let lines = |at: usize| results[at].as_ref().expect("it is right").clone();
    assert_eq!(lines(0)[0], "0.8 | 1.2 | 0.6666666666666666");
    assert_eq!(lines(2), ["1.3333333333333333", "2", "2"]);
    assert_eq!(lines(4), ["null", "null", "null"]);
}
