//! Functions of columns and of other rows, in a result without a pivot.

use super::Sheet;
use belvedere_expressions::looker::Type;

/// Orders by city: a null among the numbers, and a city that stands there twice.
fn orders() -> Sheet {
    Sheet::new(5)
        .dimension("o.city", Type::String, &["Rome", "Oslo", "null", "Rome", "Bern"])
        .dimension("o.day", Type::Date, &["2024-03-05", "2024-03-04", "2024-03-03", "null", "2024-03-01"])
        .dimension("o.open", Type::Yesno, &["yes", "no", "null", "yes", "no"])
        .measure("o.n", Type::Number, &["10", "20", "null", "40", "30"])
}

#[track_caller]
fn check_each(cases: &[(&str, [&str; 5])]) {
    for (expression, expected) in cases {
        assert_eq!(orders().compute(expression), expected, "{expression}");
    }
}

#[test]
fn cells_of_a_row() {
    check_each(&[
        ("${o.n}", ["10", "20", "null", "40", "30"]),
        ("${o.n} * 2 + 1", ["21", "41", "null", "81", "61"]),
        ("concat(${o.city}, \" \", ${o.n})", ["Rome 10", "Oslo 20", " ", "Rome 40", "Bern 30"]),
        ("${o.city} = \"Rome\"", ["Yes", "No", "No", "Yes", "No"]),
        ("${o.city} = null", ["No", "No", "Yes", "No", "No"]),
        ("${o.open}", ["Yes", "No", "null", "Yes", "No"]),
        ("NOT ${o.open}", ["No", "Yes", "Yes", "No", "Yes"]),
        ("${o.open} OR ${o.n} > 25", ["Yes", "No", "No", "Yes", "Yes"]),
        ("if(${o.n} > 15, ${o.city}, \"few\")", ["few", "Oslo", "few", "Rome", "Bern"]),
        ("coalesce(${o.n}, 0)", ["10", "20", "0", "40", "30"]),
        ("diff_days(${o.day}, date(2024, 3, 6))", ["1", "2", "3", "null", "5"]),
        ("1", ["1", "1", "1", "1", "1"]),
    ]);
}

#[test]
fn whole_columns() {
    check_each(&[
        ("sum(${o.n})", ["100"; 5]),
        ("${o.n} / sum(${o.n})", ["0.1", "0.2", "null", "0.4", "0.3"]),
        ("mean(${o.n})", ["25"; 5]),
        ("median(${o.n})", ["25"; 5]),
        ("product(${o.n})", ["240000"; 5]),
        ("min(${o.n})", ["10"; 5]),
        ("max(${o.day})", ["2024-03-05"; 5]),
        ("count(${o.n})", ["4"; 5]),
        ("count(${o.city})", ["4"; 5]),
        ("count_distinct(${o.city})", ["3"; 5]),
        ("mode(${o.city})", ["Rome"; 5]),
        ("var_pop(${o.n})", ["125"; 5]),
        ("large(${o.n}, 2)", ["30"; 5]),
        ("small(${o.n}, row())", ["10", "20", "30", "40", "null"]),
        ("percentile(${o.n}, 0.5)", ["25"; 5]),
        ("sum(if(${o.city} = \"Rome\", ${o.n}, 0))", ["50"; 5]),
        ("sum(sum(${o.n}))", ["500"; 5]),
        ("sum(1)", ["5"; 5]),
    ]);
}

#[test]
fn places_of_values_in_columns() {
    check_each(&[
        ("rank(${o.n}, ${o.n})", ["4", "3", "null", "1", "2"]),
        ("rank_avg(${o.n}, ${o.n})", ["4", "3", "null", "1", "2"]),
        ("percent_rank(${o.n}, ${o.n})", ["0", "0.3333333333333333", "null", "1", "0.6666666666666666"]),
        ("match(\"Rome\", ${o.city})", ["1"; 5]),
        ("match(${o.city}, ${o.city})", ["1", "2", "null", "1", "5"]),
        ("lookup(\"Bern\", ${o.city}, ${o.n})", ["30"; 5]),
        ("lookup(${o.city}, ${o.city}, ${o.n})", ["10", "20", "null", "10", "30"]),
        ("lookup(\"Paris\", ${o.city}, ${o.n})", ["null"; 5]),
        ("lookup(20.0, ${o.n}, ${o.city})", ["Oslo"; 5]),
        ("index(${o.n}, 2)", ["20"; 5]),
        ("index(${o.n}, 6)", ["null"; 5]),
        ("index(${o.city}, row())", ["Rome", "Oslo", "null", "Rome", "Bern"]),
    ]);
}

#[test]
fn other_rows() {
    check_each(&[
        ("row()", ["1", "2", "3", "4", "5"]),
        ("offset(${o.n}, 1)", ["20", "null", "40", "30", "null"]),
        ("offset(${o.n}, -1)", ["null", "10", "20", "null", "40"]),
        ("offset(${o.n}, 0)", ["10", "20", "null", "40", "30"]),
        ("offset(${o.n}, row() - 1)", ["10", "null", "30", "null", "null"]),
        ("offset(${o.n}, null)", ["null"; 5]),
        ("offset(${o.n} * 2, 1)", ["40", "null", "80", "60", "null"]),
        (
            "offset_list(${o.n}, -1, 3)",
            ["[null, 10, 20]", "[10, 20, null]", "[20, null, 40]", "[null, 40, 30]", "[40, 30, null]"],
        ),
        ("offset_list(${o.n}, 0, 0)", ["[]"; 5]),
        ("offset_list(${o.n}, 0, -1)", ["null"; 5]),
        ("mean(offset_list(${o.n}, -1, 3))", ["15", "15", "30", "35", "35"]),
        ("count(offset_list(${o.city}, 1 - row(), row()))", ["1", "2", "2", "3", "4"]),
        ("index(offset_list(${o.n}, 1, 2), 1)", ["20", "null", "40", "30", "null"]),
        ("running_total(${o.n})", ["10", "30", "30", "70", "100"]),
        ("running_product(${o.n})", ["10", "200", "200", "8000", "240000"]),
        ("running_total(${o.n}) / sum(${o.n})", ["0.1", "0.3", "0.3", "0.7", "1"]),
        ("sum(offset_list(${o.n}, 1 - row(), row()))", ["10", "30", "30", "70", "100"]),
        ("sum(offset_list(${o.n}, 0, 999999999999))", ["100", "90", "70", "70", "30"]),
        ("sum(offset_list(${o.n}, -9, 3))", ["0"; 5]),
        ("sum(offset_list(${o.n}, 0, -1))", ["null"; 5]),
        ("sum(offset_list(sqrt(${o.n} * ${o.n}), 0, 2))", ["30", "20", "40", "70", "30"]),
        ("mean(offset_list(${o.n} + 0.5, 0, 2))", ["15.5", "20.5", "40.5", "35.5", "30.5"]),
        ("offset(running_total(${o.n}), -1)", ["null", "10", "30", "30", "70"]),
        ("running_total(offset(${o.n}, 1))", ["20", "20", "60", "90", "90"]),
        ("running_total(1)", ["1", "2", "3", "4", "5"]),
    ]);
}

#[test]
fn pivot_functions_are_null_without_a_pivot() {
    check_each(&[
        ("pivot_column()", ["null"; 5]),
        ("pivot_index(${o.n}, 1)", ["null"; 5]),
        ("pivot_offset(${o.n}, 0)", ["null"; 5]),
        ("pivot_offset_list(${o.n}, 0, 1)", ["null"; 5]),
        ("pivot_row(${o.n})", ["null"; 5]),
        ("pivot_where(yes, ${o.n})", ["null"; 5]),
        ("sum(pivot_row(${o.n}))", ["null"; 5]),
    ]);
}

#[test]
fn no_rows_have_no_values() {
    let empty = Sheet::new(0).measure("o.n", Type::Number, &[]);
    for expression in ["sum(${o.n})", "${o.n}", "running_total(${o.n})", "rank(${o.n}, ${o.n})", "index(${o.n}, 1)"] {
        assert_eq!(empty.compute(expression), Vec::<String>::new(), "{expression}");
    }
}

#[test]
fn lists_that_are_too_long_together_are_refused() {
    let sheet = orders();
    let results = sheet.compute_all(&[
        ("endless", "max(offset_list(${o.n}, 0, 999999999999))"),
        ("fine", "${o.n}"),
        ("on_top", "${endless} + 1"),
    ]);
    let told = results[0].as_ref().expect_err("too long").to_string();
    assert_eq!(told, "the lists and texts of the calculation are too long; take fewer rows, or shorter lists");
    let kept = sheet.compute_all(&[("a", "offset_list(${o.n}, 0, 1000000)"), ("b", "offset_list(${o.n}, 0, 1000000)")]);
    assert!(kept[0].is_ok() && kept[1].is_err(), "ten million values are too many to keep");
    assert_eq!(results[1].as_ref().expect("fine")[0], "10");
    assert_eq!(results[2].as_ref().expect_err("it needs the first").to_string(), told);
}
