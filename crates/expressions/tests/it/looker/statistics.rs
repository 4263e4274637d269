//! Statistics: values worked by hand, or from the examples with which spreadsheets explain the functions of these names.

use super::{Sheet, check_each, check_near};
use belvedere_expressions::looker::Type;

#[test]
fn spread_of_a_list() {
    // Mean 5; squared distances 9, 1, 1, 1, 0, 0, 4, 16 add up to 32.
    let with = |function: &str| format!("{function}(list(2, 4, 4, 4, 5, 5, 7, 9))");
    check_each(&[
        (&with("mean"), "5"),
        (&with("median"), "4.5"),
        (&with("mode"), "4"),
        (&with("var_pop"), "4"),
        (&with("stddev_pop"), "2"),
        ("var_samp(list(1))", "null"),
        ("var_pop(list(1))", "0"),
        ("median(list(3, 1, 2))", "2"),
        ("median(list(null))", "null"),
        ("mode(list(2, 1, 1, 2))", "2"),
        ("geomean(list(1, -1))", "null"),
        ("skew(list(1, 2))", "null"),
        ("kurtosis(list(1, 2, 3))", "null"),
        ("kurtosis(list(1, 1, 1, 1))", "null"),
    ]);
    check_near(&[
        (&with("var_samp"), 32.0 / 7.0),
        (&with("stddev_samp"), 2.138_089_935),
        // 8 / (7 * 6) * 42 / (32 / 7) ^ 1.5
        (&with("skew"), 0.818_487_553),
        // 8 * 9 / (7 * 6 * 5) * 356 / (32 / 7) ^ 2 - 3 * 49 / (6 * 5)
        (&with("kurtosis"), 0.940_625),
        ("geomean(list(4, 5, 8, 7, 11, 4, 3))", 5.476_986_97),
        ("skew(list(3, 4, 5, 2, 3, 4, 5, 6, 4, 7))", 0.359_543_071),
        ("kurtosis(list(3, 4, 5, 2, 3, 4, 5, 6, 4, 7))", -0.151_799_637),
    ]);
}

#[test]
fn places_in_an_order() {
    let among = "list(13, 12, 11, 8, 4, 3, 2, 1, 1, 1)";
    check_each(&[
        ("large(list(3, 5, 3, 5, 4), 3)", "4"),
        ("small(list(3, 5, 3, 5, 4), 2)", "3"),
        ("large(list(1, 2), 3)", "null"),
        ("small(list(1, 2), 0)", "null"),
        ("small(list(1, null, 2), 2)", "2"),
        ("percentile(list(1, 2, 3, 4), 0.3)", "1.9"),
        ("percentile(list(4, 1, 3, 2), 0)", "1"),
        ("percentile(list(4, 1, 3, 2), 1)", "4"),
        ("percentile(list(1, 2), 1.1)", "null"),
        ("percentile(list(1, 2), -0.1)", "null"),
        ("rank(3, list(5, 3, 3, 1))", "2"),
        ("rank(4, list(5, 3, 3, 1))", "2"),
        ("rank(null, list(1))", "null"),
        ("rank_avg(3, list(5, 3, 3, 1))", "2.5"),
        ("rank_avg(5, list(5, 3, 3, 1))", "1"),
        (&format!("percent_rank({among}, 1)"), "0"),
        (&format!("percent_rank({among}, 13)"), "1"),
        (&format!("percent_rank({among}, 14)"), "null"),
        (&format!("percent_rank({among}, 0)"), "null"),
        ("percent_rank(list(7), 7)", "1"),
    ]);
    check_near(&[
        (&format!("percent_rank({among}, 2)"), 3.0 / 9.0),
        (&format!("percent_rank({among}, 4)"), 5.0 / 9.0),
        (&format!("percent_rank({among}, 8)"), 6.0 / 9.0),
        // A quarter of the way from 4 to 8.
        (&format!("percent_rank({among}, 5)"), 5.25 / 9.0),
    ]);
}

/// A sheet with two columns of numbers.
fn pairs(first: &[&str], second: &[&str]) -> Sheet {
    Sheet::new(first.len()).measure("t.a", Type::Number, first).measure("t.b", Type::Number, second)
}

#[track_caller]
fn near(sheet: &Sheet, expression: &str, expected: f64) {
    for line in sheet.compute(expression) {
        let found: f64 = line.parse().unwrap_or(f64::NAN);
        assert!((found - expected).abs() <= expected.abs() * 1e-6, "{expression}: {found}, not {expected}");
    }
}

#[test]
fn two_columns() {
    let sheet = pairs(&["3", "2", "4", "5", "6", "null"], &["9", "7", "12", "15", "17", "1"]);
    near(&sheet, "correl(${t.a}, ${t.b})", 0.997_054_486);
    near(&sheet, "covar_pop(${t.a}, ${t.b})", 5.2);
    near(&sheet, "covar_samp(${t.a}, ${t.b})", 6.5);
    let sheet = pairs(&["2", "3", "9", "1", "8", "7", "5"], &["6", "5", "11", "7", "5", "4", "4"]);
    near(&sheet, "slope(${t.a}, ${t.b})", 0.305_555_556);
    let sheet = pairs(&["2", "3", "9", "1", "8"], &["6", "5", "11", "7", "5"]);
    near(&sheet, "intercept(${t.a}, ${t.b})", 0.048_387_097);
    assert_eq!(pairs(&["1"], &["2"]).compute("covar_samp(${t.a}, ${t.b})"), ["null"]);
    assert_eq!(pairs(&["1", "1"], &["2", "3"]).compute("correl(${t.a}, ${t.b})"), ["null", "null"]);
}

#[test]
fn tests_of_hypotheses() {
    let sheet =
        pairs(&["3", "4", "5", "8", "9", "1", "2", "4", "5"], &["6", "19", "3", "2", "14", "4", "5", "17", "1"]);
    near(&sheet, "t_test(${t.a}, ${t.b}, 2, 1)", 0.196_015_785);
    near(&sheet, "t_test(${t.a}, ${t.b}, 1, 1)", 0.098_007_893);
    assert_eq!(sheet.compute("t_test(${t.a}, ${t.b}, 3, 1)")[0], "null");
    assert_eq!(sheet.compute("t_test(${t.a}, ${t.b}, 2, 4)")[0], "null");
    // Means 2 and 5, variances 1 and 1: t = -3 / sqrt(2 / 3), four degrees of freedom in both forms.
    let sheet = pairs(&["1", "2", "3"], &["4", "5", "6"]);
    near(&sheet, "t_test(${t.a}, ${t.b}, 2, 2)", 0.021_311_641);
    near(&sheet, "t_test(${t.a}, ${t.b}, 2, 3)", 0.021_311_641);
    let sheet = pairs(&["58", "35", "11", "25", "10", "23"], &["45.35", "47.65", "17.56", "18.44", "16.09", "16.91"]);
    // A single column of six values has five degrees of freedom: 16.16957 is exceeded with probability 0.00638.
    near(&sheet, "chisq_test(${t.a}, ${t.b})", 0.006_376_242);
    let sheet = Sheet::new(3)
        .measure("t.a", Type::Number, &["58", "11", "10"])
        .measure("t.b", Type::Number, &["35", "25", "23"])
        .measure("e.a", Type::Number, &["45.35", "17.56", "16.09"])
        .measure("e.b", Type::Number, &["47.65", "18.44", "16.91"]);
    near(&sheet, "chisq_test(list(${t.a}, ${t.b}), list(${e.a}, ${e.b}))", 0.000_308_192);
    check_near(&[
        ("z_test(list(3, 6, 7, 8, 6, 5, 4, 2, 1, 9), 4, 2.601282)", 0.090_574_219),
        ("confidence_norm(0.05, 2.5, 50)", 0.692_951_912),
        ("confidence_t(0.05, 1, 50)", 0.284_196_855),
    ]);
    check_each(&[("confidence_norm(0, 1, 10)", "null"), ("confidence_t(0.05, 1, 1)", "null")]);
}

#[test]
fn distributions() {
    check_near(&[
        // 17! / (7! 9!) / 2^16
        ("beta_dist(0.5, 8, 10, no)", 2.967_529_296_875),
        ("beta_dist(0.5, 8, 10, yes)", 0.685_470_581),
        ("beta_inv(0.685470581, 8, 10)", 0.5),
        ("binom_dist(6, 10, 0.5, no)", 210.0 / 1024.0),
        ("binom_dist(6, 10, 0.5, yes)", 848.0 / 1024.0),
        // erf(1/2)
        ("chisq_dist(0.5, 1, yes)", 0.520_499_878),
        ("chisq_dist(2, 3, no)", 0.207_553_749),
        ("chisq_inv(0.93, 1)", 3.283_020_287),
        // -2 ln 0.4
        ("chisq_inv(0.6, 2)", 1.832_581_464),
        ("expon_dist(0.2, 10, yes)", 0.864_664_717),
        ("expon_dist(0.2, 10, no)", 1.353_352_832),
        ("f_dist(15.20686486, 6, 4, yes)", 0.99),
        ("f_dist(15.20686486, 6, 4, no)", 0.001_223_799_6),
        ("f_inv(0.01, 6, 4)", 0.109_309_914),
        ("gamma_dist(10.00001131, 9, 2, no)", 0.032_639_130),
        ("gamma_dist(10.00001131, 9, 2, yes)", 0.068_094_004),
        ("gamma_dist(2, 1, 2, yes)", 1.0 - 1.0 / std::f64::consts::E),
        ("gamma_inv(0.068094004, 9, 2)", 10.000_011_3),
        ("hypgeom_dist(1, 4, 8, 20, no)", 1760.0 / 4845.0),
        ("hypgeom_dist(1, 4, 8, 20, yes)", 2255.0 / 4845.0),
        ("hypgeom_dist(3, 4, 8, 20, yes)", 1.0 - 70.0 / 4845.0),
        ("negbinom_dist(10, 5, 0.25, no)", 0.055_048_661),
        ("negbinom_dist(10, 5, 0.25, yes)", 0.313_514_058),
        ("norm_dist(42, 40, 1.5, yes)", 0.908_788_780),
        ("norm_dist(42, 40, 1.5, no)", 0.109_340_050),
        ("norm_inv(0.908788780, 40, 1.5)", 42.0),
        ("norm_s_dist(1.333333, yes)", 0.908_788_726),
        ("norm_s_dist(0, no)", 0.398_942_280),
        ("norm_s_inv(0.975)", 1.959_963_985),
        ("norm_s_inv(0.025)", -1.959_963_985),
        ("poisson_dist(2, 5, no)", 0.084_224_337),
        ("poisson_dist(2, 5, yes)", 0.124_652_019),
        // 1/2 + atan(60) / pi
        ("t_dist(60, 1, yes)", 0.994_695_326),
        ("t_dist(8, 3, no)", 0.000_736_907),
        // sqrt(2/3)
        ("t_inv(0.75, 2)", 0.816_496_581),
        ("t_inv(0.25, 2)", -0.816_496_581),
        ("weibull_dist(105, 20, 100, yes)", 0.929_581_390),
        ("weibull_dist(105, 20, 100, no)", 0.035_588_864),
    ]);
    check_each(&[
        ("binom_inv(6, 0.5, 0.75)", "4"),
        ("binom_inv(2, 0.5, 0.25)", "0"),
        ("binom_inv(10, 0.3, 1)", "10"),
        ("norm_s_dist(0, yes)", "0.5"),
        ("beta_dist(1, 2, 3, yes)", "1"),
        ("poisson_dist(0, 0, no)", "1"),
    ]);
}

#[test]
fn parameters_that_a_distribution_does_not_have_give_null() {
    for expression in [
        "beta_dist(2, 1, 1, yes)",
        "beta_inv(2, 1, 1)",
        "binom_dist(11, 10, 0.5, yes)",
        "binom_inv(-1, 0.5, 0.5)",
        "chisq_dist(-1, 1, yes)",
        "chisq_inv(1, 1)",
        "expon_dist(1, 0, yes)",
        "f_dist(1, 0, 1, yes)",
        "f_inv(1, 1, 1)",
        "gamma_dist(1, 0, 1, yes)",
        "gamma_inv(1, 1, 1)",
        "hypgeom_dist(1, 30, 8, 20, no)",
        "negbinom_dist(1, 0, 0.5, no)",
        "norm_dist(1, 0, 0, yes)",
        "norm_inv(0, 0, 1)",
        "norm_s_inv(1)",
        "poisson_dist(-1, 5, yes)",
        "t_dist(1, 0, yes)",
        "t_inv(1, 1)",
        "weibull_dist(-1, 1, 1, yes)",
        "norm_dist(null, 0, 1, yes)",
        "norm_dist(1, 0, 1, null)",
        "gamma_dist(1000000000000, 1000000000000, 1, yes)",
    ] {
        assert_eq!(super::one(expression), "null", "{expression}");
    }
}
