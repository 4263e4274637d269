//! Shortcut calculations, on a result that is sorted from the newest: the previous value is the row below.

use super::Sheet;
use belvedere_expressions::looker::{Type, shortcut};

fn sales() -> Sheet {
    Sheet::new(4).measure("o.n", Type::Number, &["30", "20", "null", "50"])
}

fn pivoted() -> Sheet {
    Sheet::pivoted(2, 3).measure("o.n", Type::Number, &["1 | 2 | 5", "4 | null | 12"])
}

#[track_caller]
fn compute(sheet: &Sheet, calculation_type: &str, arguments: &[&str]) -> Vec<String> {
    sheet.compute(&shortcut(calculation_type, arguments).expect(calculation_type))
}

#[test]
fn down_the_rows() {
    for (calculation_type, expected) in [
        ("percent_of_column_sum", ["0.3", "0.2", "null", "0.5"]),
        ("percent_of_previous", ["1.5", "null", "null", "null"]),
        ("percent_change_from_previous", ["0.5", "null", "null", "null"]),
        ("running_total", ["30", "50", "50", "100"]),
        ("rank_of_column", ["2", "3", "null", "1"]),
    ] {
        assert_eq!(compute(&sales(), calculation_type, &["o.n"]), expected, "{calculation_type}");
    }
}

#[test]
fn over_a_window_of_rows() {
    for (arguments, expected) in [
        (&["o.n"][..], ["30", "20", "null", "50"]),
        (&["o.n", "1"], ["30", "25", "20", "50"]),
        (&["o.n", "1", "1"], ["25", "25", "35", "50"]),
        (&["o.n", "", "1"], ["25", "20", "50", "50"]),
    ] {
        assert_eq!(compute(&sales(), "moving_average", arguments), expected, "{arguments:?}");
    }
}

#[test]
fn across_the_pivot() {
    for (calculation_type, expected) in [
        ("percent_of_previous_column", ["null | 2 | 2.5", "null | null | null"]),
        ("percent_change_from_previous_column", ["null | 1 | 1.5", "null | null | null"]),
        ("running_row_total", ["1 | 3 | 8", "4 | 4 | 16"]),
        ("percent_of_row", ["0.125 | 0.25 | 0.625", "0.25 | null | 0.75"]),
    ] {
        assert_eq!(compute(&pivoted(), calculation_type, &["o.n"]), expected, "{calculation_type}");
    }
}

#[test]
fn what_there_is_no_shortcut_for_is_told() {
    let told = |calculation_type: &str, arguments: &[&str]| {
        shortcut(calculation_type, arguments).expect_err(calculation_type).to_string()
    };
    assert_eq!(
        told("runing_total", &["o.n"]),
        "there is no `calculation_type` `runing_total`; did you mean `running_total`?"
    );
    assert!(
        told("bin", &["o.n"]).starts_with("there is no `calculation_type` `bin`; they are `percent_of_column_sum`")
    );
    assert_eq!(
        told("running_total", &[]),
        "`running_total` takes a field as its first argument; write `args: [\"view.field\"]`"
    );
    assert!(shortcut("running_total", &["o.n} + ${x"]).is_err());
    assert_eq!(told("moving_average", &["o.n", "-1"]), "`-1` is no number of rows; write a number from 0 to 10000");
    assert_eq!(
        shortcut("moving_average", &["o.COUNT", "2", "1"]).as_deref(),
        Ok("mean(offset_list(${o.COUNT}, -2, 4))")
    );
}
