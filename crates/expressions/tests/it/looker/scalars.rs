//! Functions and operators on the values of one cell.

use super::{Sheet, check_each, check_near, one};

#[test]
fn operators_on_numbers_are_exact_and_null_spreads() {
    check_each(&[
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("7 - 2 - 3", "2"),
        ("0.1 + 0.2", "0.3"),
        ("1.10 * 1.10", "1.21"),
        ("1 / 4", "0.25"),
        ("1 / 3", "0.3333333333333333"),
        ("12 / 4 / 3", "1"),
        ("-3 + 1", "-2"),
        ("5 / 0", "null"),
        ("0 / 0", "null"),
        ("null + 1", "null"),
        ("-null", "null"),
        ("2 * null / 1", "null"),
    ]);
}

#[test]
fn comparisons_give_yes_or_no() {
    check_each(&[
        ("1 = 1.0", "Yes"),
        ("1 != 1", "No"),
        ("2 > 1", "Yes"),
        ("1 >= 1", "Yes"),
        ("1 < 1", "No"),
        ("1 <= 0.9", "No"),
        ("\"a\" = \"A\"", "No"),
        ("\"a\" < \"b\"", "Yes"),
        ("date(2024, 1, 2) > date(2024, 1, 1)", "Yes"),
        ("date(2024, 1, 1) = date_time(2024, 1, 1, 0, 0, 0)", "Yes"),
        ("yes != no", "Yes"),
        ("null = null", "Yes"),
        ("1 = null", "No"),
        ("1 != null", "Yes"),
        // No order with null: a number that is null, here by division.
        ("1 / 0 > 1", "No"),
        ("1 / 0 <= 1", "No"),
    ]);
}

#[test]
fn null_counts_as_no_in_logic() {
    check_each(&[
        ("yes AND no", "No"),
        ("yes AND yes AND yes", "Yes"),
        ("no OR yes", "Yes"),
        ("no OR no OR no", "No"),
        ("NOT yes", "No"),
        ("yes OR yes AND no", "Yes"),
        ("yes AND null", "No"),
        ("null OR yes", "Yes"),
        ("NOT null", "Yes"),
    ]);
}

#[test]
fn mathematics_of_every_expression() {
    check_each(&[
        ("abs(-5.25)", "5.25"),
        ("abs(5)", "5"),
        ("abs(null)", "null"),
        ("ceiling(4.1)", "5"),
        ("ceiling(-4.9)", "-4"),
        ("floor(4.9)", "4"),
        ("floor(-4.1)", "-5"),
        ("exp(0)", "1"),
        ("ln(1)", "0"),
        ("ln(0)", "null"),
        ("ln(-1)", "null"),
        ("log(1000)", "3"),
        ("log(0)", "null"),
        ("mod(10, 3)", "1"),
        ("mod(-10, 3)", "-1"),
        ("mod(5.5, 2)", "1.5"),
        ("mod(1, 0)", "null"),
        ("power(2, 10)", "1024"),
        ("power(1.1, 2)", "1.21"),
        ("power(2, -1)", "0.5"),
        ("power(0, 0)", "1"),
        ("power(-8, 0.5)", "null"),
        ("power(10, 400)", "null"),
        ("sqrt(9)", "3"),
        ("sqrt(-9)", "null"),
        ("round(2.345, 2)", "2.35"),
        ("round(-2.5, 0)", "-3"),
        ("round(1234, -2)", "1200"),
        ("round(null, 2)", "null"),
        ("round(1.5, null)", "null"),
    ]);
    check_near(&[
        ("exp(1)", std::f64::consts::E),
        ("ln(10)", std::f64::consts::LN_10),
        ("sqrt(2)", std::f64::consts::SQRT_2),
    ]);
}

#[test]
fn mathematics_of_calculations() {
    check_each(&[
        ("acos(1)", "0"),
        ("acos(2)", "null"),
        ("asin(0)", "0"),
        ("atan(0)", "0"),
        ("cos(0)", "1"),
        ("sin(0)", "0"),
        ("tan(0)", "0"),
        ("degrees(pi())", "180"),
        ("fact(0)", "1"),
        ("fact(5)", "120"),
        ("fact(5.9)", "120"),
        ("fact(20)", "2432902008176640000"),
        ("fact(-1)", "null"),
        ("fact(171)", "null"),
        ("combin(8, 2)", "28"),
        ("combin(49, 6)", "13983816"),
        ("combin(3, 5)", "null"),
        ("combin(60, 30)", "118264581564861424"),
        ("multinomial(2, 3, 4)", "1260"),
        ("multinomial(3)", "1"),
        ("multinomial(2, -1)", "null"),
    ]);
    check_near(&[
        ("pi()", std::f64::consts::PI),
        ("radians(180)", std::f64::consts::PI),
        ("acos(0)", std::f64::consts::FRAC_PI_2),
        ("asin(1)", std::f64::consts::FRAC_PI_2),
        ("atan(1)", std::f64::consts::FRAC_PI_4),
        ("sin(pi() / 6)", 0.5),
        ("tan(pi() / 4)", 1.0),
        ("cos(pi() / 3)", 0.5),
        ("combin(1000, 500)", 2.702_882_409_454_366e299),
    ]);
}

#[test]
fn chance_lies_between_zero_and_one_and_differs_from_row_to_row_and_call_to_call() {
    let lines = Sheet::new(100).compute("rand()");
    let numbers: Vec<f64> = lines.iter().map(|line| line.parse().expect("a number")).collect();
    assert!(numbers.iter().all(|number| (0.0..1.0).contains(number)));
    let mean = numbers.iter().sum::<f64>() / 100.0;
    assert!((0.35..0.65).contains(&mean), "{mean}");
    assert_eq!(lines.iter().collect::<std::collections::HashSet<_>>().len(), 100);
    assert_eq!(one("rand() = rand()"), "No");
    assert_eq!(Sheet::new(100).compute("rand()"), lines);
}

#[test]
fn text_functions() {
    check_each(&[
        ("concat(\"a\", \"b\", \"c\")", "abc"),
        ("concat(\"n: \", 1.50, \", \", yes)", "n: 1.5, Yes"),
        ("concat(date(2024, 3, 5), \" \", date_time(2024, 3, 5, 1, 2, 3))", "2024-03-05 2024-03-05 01:02:03"),
        ("concat(\"a\", null)", "a"),
        ("concat(null)", ""),
        ("contains(\"complete\", \"let\")", "Yes"),
        ("contains(\"complete\", \"LET\")", "No"),
        ("contains(null, \"a\")", "null"),
        ("length(\"héllo\")", "5"),
        ("length(\"\")", "0"),
        ("length(null)", "null"),
        ("lower(\"ÄBC\")", "äbc"),
        ("upper(\"äbc\")", "ÄBC"),
        ("position(\"hello\", \"l\")", "3"),
        ("position(\"héllo\", \"l\")", "3"),
        ("position(\"hello\", \"x\")", "0"),
        ("position(\"hello\", \"\")", "1"),
        ("replace(\"a-b-c\", \"-\", \"+\")", "a+b+c"),
        ("replace(\"a-b-c\", \"-\", \"\")", "abc"),
        ("replace(\"abc\", \"\", \"x\")", "abc"),
        ("substring(\"hello\", 1, 2)", "he"),
        ("substring(\"hello\", 4, 10)", "lo"),
        ("substring(\"hello\", 9, 1)", ""),
        ("substring(\"hello\", 0, 2)", "h"),
        ("substring(\"hello\", 2, 0)", ""),
        ("substring(\"hello\", 2, -1)", ""),
        ("substring(\"héllo\", 2, 2)", "él"),
        ("substring(null, 1, 1)", "null"),
        ("split(\"a,b,,c\", \",\")", "[a, b, , c]"),
        ("split(\"abc\", \"\")", "[abc]"),
        ("index(split(\"a b c\", \" \"), 2)", "b"),
        ("to_number(\"12.50\")", "12.5"),
        ("to_number(\" -3 \")", "-3"),
        ("to_number(\"abc\")", "null"),
        ("to_number(\"12abc\")", "null"),
        ("to_number(\"\")", "null"),
        ("to_number(\"NaN\")", "null"),
        ("to_string(12.50)", "12.5"),
        ("to_string(null)", ""),
        ("to_string(no)", "No"),
        ("to_string(date(2024, 3, 5))", "2024-03-05"),
    ]);
}

#[test]
fn texts_cannot_grow_without_bound() {
    let doubled = format!("replace(replace(\"{0}\", \"a\", \"{0}\"), \"a\", \"{0}\")", "a".repeat(200));
    assert_eq!(one(&doubled), "null");
}

#[test]
fn logic() {
    check_each(&[
        ("if(1 > 0, \"a\", \"b\")", "a"),
        ("if(1 < 0, \"a\", \"b\")", "b"),
        ("if(null, 1, 2)", "2"),
        ("if(yes, null, 2)", "null"),
        ("case(when(1 > 2, \"a\"), when(2 > 1, \"b\"), when(yes, \"c\"), \"d\")", "b"),
        ("case(when(no, 1), 2)", "2"),
        ("case(when(no, 1))", "null"),
        ("case(when(yes, 1))", "1"),
        ("case(when(no, 1), when(no, 2))", "null"),
        ("coalesce(null, 3, 4)", "3"),
        ("coalesce(null, null)", "null"),
        ("is_null(null)", "Yes"),
        ("is_null(0)", "No"),
        ("is_null(\"\")", "No"),
        ("is_null(1 / 0)", "Yes"),
    ]);
}

#[test]
fn lists() {
    check_each(&[
        ("list(1, 2, null)", "[1, 2, null]"),
        ("index(list(\"a\", \"b\"), 2)", "b"),
        ("index(list(1, 2), 3)", "null"),
        ("index(list(1, 2), 0)", "null"),
        ("sum(list(1, 2, null, 3))", "6"),
        ("sum(list(null))", "0"),
        ("mean(list(1, 2, null))", "1.5"),
        ("count(list(1, null, 3))", "2"),
        ("count_distinct(list(\"a\", \"b\", \"a\", null))", "2"),
        ("max(list(3, 7, 5))", "7"),
        ("min(list(date(2024, 3, 5), date(2023, 1, 1)))", "2023-01-01"),
        ("product(list(2, 3, null))", "6"),
        ("product(list(null))", "null"),
        ("match(\"b\", list(\"a\", \"b\", \"b\"))", "2"),
        ("match(\"x\", list(\"a\"))", "null"),
        ("rank(5, list(1, 5, 9))", "2"),
        ("large(list(1, 5, 9), 2)", "5"),
    ]);
}
