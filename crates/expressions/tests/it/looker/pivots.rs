//! Pivoted results: two rows, three pivot columns.

use super::Sheet;
use belvedere_expressions::looker::{Context, Placement, Type, compile};

fn orders() -> Sheet {
    Sheet::pivoted(2, 3)
        .dimension("o.city", Type::String, &["Rome", "Oslo"])
        .pivot("o.status", Type::String, "done | open | null")
        .measure("o.n", Type::Number, &["1 | 2 | 4", "10 | null | 30"])
}

#[track_caller]
fn check_each(cases: &[(&str, Placement, [&str; 2])]) {
    for (expression, placement, expected) in cases {
        let checked = compile(expression, &orders(), Context::TableCalculation).expect(expression);
        assert_eq!(checked.placement, *placement, "{expression}");
        assert_eq!(orders().compute(expression), expected, "{expression}");
    }
}

#[test]
fn dimensions_stand_in_rows_measures_in_cells_and_collapsed_pivots_behind_them() {
    use Placement::{Dimension, Measure, Supermeasure};
    check_each(&[
        ("${o.city}", Dimension, ["Rome", "Oslo"]),
        ("row()", Dimension, ["1", "2"]),
        ("1 + 1", Dimension, ["2", "2"]),
        ("${o.n} + 1", Measure, ["2 | 3 | 5", "11 | null | 31"]),
        ("concat(${o.city}, ${o.status})", Measure, ["Romedone | Romeopen | Rome", "Oslodone | Osloopen | Oslo"]),
        ("sum(${o.n})", Measure, ["11 | 2 | 34", "11 | 2 | 34"]),
        ("pivot_index(${o.n}, 1)", Supermeasure, ["1", "10"]),
        ("${o.n} / pivot_index(${o.n}, 1)", Measure, ["1 | 2 | 4", "1 | null | 3"]),
    ]);
}

#[test]
fn columns_are_looked_over_within_their_pivot_column() {
    use Placement::Measure;
    check_each(&[
        ("running_total(${o.n})", Measure, ["1 | 2 | 4", "11 | 2 | 34"]),
        ("offset(${o.n}, 1)", Measure, ["10 | null | 30", "null | null | null"]),
        ("rank(${o.n}, ${o.n})", Measure, ["2 | 1 | 2", "1 | null | 1"]),
        ("lookup(\"Oslo\", ${o.city}, ${o.n})", Measure, ["10 | null | 30", "10 | null | 30"]),
        ("match(10, ${o.n})", Measure, ["2 | null | null", "2 | null | null"]),
        ("index(${o.n}, 1)", Measure, ["1 | 2 | 4", "1 | 2 | 4"]),
        ("mean(offset_list(${o.n}, 0, 2))", Measure, ["5.5 | 2 | 17", "10 | null | 30"]),
    ]);
}

#[test]
fn other_pivot_columns() {
    use Placement::{Measure, Supermeasure};
    check_each(&[
        ("pivot_column()", Measure, ["1 | 2 | 3", "1 | 2 | 3"]),
        ("pivot_index(${o.n}, 3)", Supermeasure, ["4", "30"]),
        ("pivot_index(${o.n}, 4)", Supermeasure, ["null", "null"]),
        ("pivot_index(${o.n}, row())", Supermeasure, ["1", "null"]),
        ("pivot_offset(${o.n}, 1)", Measure, ["2 | 4 | null", "null | 30 | null"]),
        ("pivot_offset(${o.n}, -1)", Measure, ["null | 1 | 2", "null | 10 | null"]),
        ("${o.n} - pivot_offset(${o.n}, -1)", Measure, ["null | 1 | 2", "null | null | null"]),
        (
            "pivot_offset_list(${o.n}, -1, 2)",
            Measure,
            ["[null, 1] | [1, 2] | [2, 4]", "[null, 10] | [10, null] | [null, 30]"],
        ),
        ("sum(pivot_offset_list(${o.n}, 1 - pivot_column(), pivot_column()))", Measure, ["1 | 3 | 7", "10 | 10 | 40"]),
        ("pivot_row(${o.n})", Supermeasure, ["[1, 2, 4]", "[10, null, 30]"]),
        ("sum(pivot_row(${o.n}))", Supermeasure, ["7", "40"]),
        ("max(pivot_row(${o.n}))", Supermeasure, ["4", "30"]),
        ("pivot_where(${o.status} = \"open\", ${o.n})", Supermeasure, ["2", "null"]),
        ("pivot_where(${o.n} > 1, ${o.n})", Supermeasure, ["null", "null"]),
        ("pivot_where(${o.n} > 3 AND ${o.n} < 11, ${o.status})", Supermeasure, ["null", "done"]),
        ("pivot_where(no, ${o.n})", Supermeasure, ["null", "null"]),
    ]);
}

#[test]
fn a_pivot_without_columns_has_no_cells() {
    let empty = Sheet::pivoted(1, 0).measure("o.n", Type::Number, &[""]);
    for (expression, expected) in [
        ("${o.n}", ""),
        ("sum(pivot_row(${o.n}))", "0"),
        ("pivot_index(${o.n}, 1)", "null"),
        ("running_total(${o.n})", ""),
        ("rank(${o.n}, ${o.n})", ""),
    ] {
        assert_eq!(empty.compute(expression), [expected], "{expression}");
    }
}
