use belvedere_expressions::filter::{Bound, NumberFilter, NumberMatch};

/// A filter as text: what is included, then what is excluded behind `not`, ranges as intervals.
fn show(filter: &NumberFilter) -> String {
    let list = |matches: &[NumberMatch]| matches.iter().map(show_match).collect::<Vec<_>>().join(" | ");
    match (filter.include.is_empty(), filter.exclude.is_empty()) {
        (true, true) => "any".to_owned(),
        (false, true) => list(&filter.include),
        (true, false) => format!("not {}", list(&filter.exclude)),
        (false, false) => format!("{} not {}", list(&filter.include), list(&filter.exclude)),
    }
}

fn show_match(found: &NumberMatch) -> String {
    let value = |bound: &Option<Bound>| bound.as_ref().map(|bound| bound.value.to_string()).unwrap_or_default();
    let closed = |bound: &Option<Bound>| bound.as_ref().is_some_and(|bound| bound.inclusive);
    match found {
        NumberMatch::Value(value) => value.to_string(),
        NumberMatch::Null => "null".to_owned(),
        NumberMatch::Range { lower, upper } => {
            let open = if closed(lower) { '[' } else { '(' };
            let close = if closed(upper) { ']' } else { ')' };
            format!("{open}{},{}{close}", value(lower), value(upper))
        }
    }
}

fn check(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        let filter = NumberFilter::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(show(&filter), *expected, "{text}");
    }
}

#[test]
fn each_row_of_the_table_of_number_filters_means_what_it_says() {
    check(&[
        ("5", "5"),
        ("NOT 5", "not 5"),
        ("<>5", "not 5"),
        ("!=5", "not 5"),
        ("=5", "5"),
        ("= 1, =0", "1 | 0"),
        ("NOT =5", "not 5"),
        ("1, 3, 5, 7", "1 | 3 | 5 | 7"),
        ("NOT 66, 99, 4", "not 66 | 99 | 4"),
        ("5, NOT 6, NOT 7", "5 not 6 | 7"),
        ("NOT 5, >10", "not 5 | (10,)"),
        ("23, not 42, 43", "not 23 | 42 | 43"),
        (">5", "(5,)"),
        (">=5", "[5,)"),
        ("<5", "(,5)"),
        ("<=5", "(,5]"),
        ("5.5 to 10", "[5.5,10]"),
        (">=5.5 AND <=10", "[5.5,10]"),
        ("1 to", "[1,)"),
        ("to 10", "(,10]"),
        ("NOT 3 to 80.44", "not [3,80.44]"),
        ("<3 OR >80.44", "(,3) | (80.44,)"),
        (">10 AND <=20 OR 90", "(10,20] | 90"),
        (">=50 AND <=100 OR >=500 AND <=1000", "[50,100] | [500,1000]"),
        (">1 AND <100, NOT 2", "(1,100) not 2"),
        ("NOT >1, 2, <100", "not (1,) | 2 | (,100)"),
        ("(1, 7)", "(1,7)"),
        ("[5, 90)", "[5,90)"),
        ("(12, 20]", "(12,20]"),
        ("[1,100]", "[1,100]"),
        ("(500, inf)", "(500,)"),
        ("(500,)", "(500,)"),
        ("(-inf, 10]", "(,10]"),
        ("(,10]", "(,10]"),
        ("[,10]", "(,10]"),
        ("[0,9],[20,29]", "[0,9] | [20,29]"),
        ("[0,10],20", "[0,10] | 20"),
        ("NOT (3,12)", "not (3,12)"),
        ("NOT 10,[1,5)", "[1,5) not 10"),
        ("NULL", "null"),
        ("NOT NULL", "not null"),
        ("NOT NULL, 5", "5 not null"),
        ("5, NOT NULL", "5 not null"),
        ("", "any"),
        ("   ", "any"),
    ]);
}

#[test]
fn a_range_may_be_written_from_either_end() {
    check(&[
        ("<=80.44 AND >.1", "(0.1,80.44]"),
        ("> 1 and < 7", "(1,7)"),
        (">80.44 OR <3", "(80.44,) | (,3)"),
        (">=80.44 OR <=3", "[80.44,) | (,3]"),
        ("<3 OR >80.44 AND <90", "(,3) | (80.44,90)"),
        (">100 OR <50 AND >20 OR 7", "(100,) | (20,50) | 7"),
        ("1 TO 5", "[1,5]"),
        ("1to5", "[1,5]"),
        ("-5 to -1", "[-5,-1]"),
        ("( -1.5 , INF )", "(-1.5,)"),
        ("[10,1]", "[10,1]"),
    ]);
}

#[test]
fn one_not_reaches_further_than_its_term_and_two_do_not() {
    check(&[
        ("NOT 1, 2 OR 3", "not 1 | 2 | 3"),
        ("1, 2, NOT 3", "not 1 | 2 | 3"),
        ("NOT 1, NOT 2, 3", "3 not 1 | 2"),
        ("23,not 42,not 42", "23 not 42"),
        ("not 42,not 42", "not 42"),
        ("23,NOT [30,40]", "23 not [30,40]"),
        ("23,not [30,40],not [30,40]", "23 not [30,40]"),
        ("23,NOT NULL,NOT NULL", "23 not null"),
        (">10, not 5, 7", "(10,) not 5 | 7"),
        ("5, >10, NOT 7", "5 | (10,) not 7"),
        ("NOT 5, NULL", "not 5 | null"),
        ("NOT NULL, NOT 5, 6", "6 not null | 5"),
        ("NOT 10, 3 to 5", "not 10 | [3,5]"),
        ("!= 5, <> 6", "not 5 | 6"),
        ("NOT(3,12)", "not (3,12)"),
        ("NOT to 10", "not (,10]"),
        ("NOT >5 AND <=9", "not (5,9]"),
    ]);
}

#[test]
fn a_not_before_two_outer_ranges_negates_both() {
    check(&[
        ("NOT <3 OR >80", "not (,3) | (80,)"),
        ("NOT 1, NOT <3 OR >80", "not 1 | (,3) | (80,)"),
        ("NOT 1, NOT <3 OR >80 AND <90", "(80,90) not 1 | (,3)"),
        ("NOT 1, NOT <3 OR 5", "5 not 1 | (,3)"),
    ]);
}

#[test]
fn a_minus_before_null_negates_it_as_it_does_in_text() {
    check(&[("-NULL", "not null"), ("-null", "not null"), ("5,-NULL", "5 not null")]);
}

#[test]
fn exclusions_that_leave_no_number_are_a_contradiction() {
    let contradictions = [
        "NOT >1, 2, <100",
        "NOT >=5, <5",
        "NOT <5, NOT 5, NOT >5",
        "NOT <=5, NOT (5,6), NOT 6, NOT >6e0",
        "NOT >0, NOT <10, NOT [100,1]",
        "not (-inf,1e1], not [10,inf)",
        "NOT <3 OR >=3",
    ];
    for text in contradictions {
        assert!(NumberFilter::parse(text).is_ok_and(|filter| filter.contradiction), "{text}");
    }
    let others = [
        "",
        "5",
        "NOT 5",
        "NOT >5, <5",
        "NOT <5, NOT (5,6), NOT >=6",
        "NOT >1, 2, <100, NULL",
        "NOT >1, NOT <100, 5",
        "NOT >1, NOT <100, NOT NULL",
        "NOT [1,1], NOT (1,1)",
        "<0, >=0, NULL",
    ];
    for text in others {
        assert!(NumberFilter::parse(text).is_ok_and(|filter| !filter.contradiction), "{text}");
    }
}

#[test]
fn anything_else_is_refused_with_its_place() {
    let cases = [
        (
            "abc",
            0..3,
            "expected a number such as `5`, a range such as `>=1 AND <7`, `1 to 7` or `[1,7)`, or `NULL`, found `abc`",
        ),
        (
            "1,,2",
            2..3,
            "expected a number such as `5`, a range such as `>=1 AND <7`, `1 to 7` or `[1,7)`, or `NULL`, found `,`",
        ),
        (
            "1,",
            2..2,
            "expected a number such as `5`, a range such as `>=1 AND <7`, `1 to 7` or `[1,7)`, or `NULL`, but the text ends",
        ),
        ("5 6", 2..3, "expected `,`, `OR` or the end, found `6`"),
        ("5; DROP TABLE x", 1..2, "expected `,`, `OR` or the end, found `;`"),
        ("> abc", 2..5, "expected a number after `>`, found `abc`"),
        (">1 AND >5", 6..9, "expected `<` or `<=`, as `AND` joins the two ends of a range"),
        (">1 AND 5", 7..8, "expected `>`, `>=`, `<` or `<=`, found `5`"),
        ("(5)", 2..3, "expected a number, then `,` and the end of the interval, as in `[1,7)`, found `)`"),
        ("(5,6", 4..4, "expected a number, then `)` or `]`, but the text ends"),
        ("(,)", 0..3, "an interval needs a bound, as in `[1,)`; every number is `NOT NULL`"),
        ("to", 2..2, "expected a number after `to`, but the text ends"),
        ("1e999", 0..5, "the number is out of range, it must lie between -1.7e308 and 1.7e308"),
    ];
    for (text, span, message) in cases {
        let error = NumberFilter::parse(text).expect_err(text);
        assert_eq!((error.span, error.message.as_str()), (span, message), "{text}");
    }
    for text in
        ["NOT", "NOT NOT 5", ",", "OR 5", "nullable", "1 too 2", "(inf,1)", "(1,-inf)", "1,000.5.5", "=", "=x", "５"]
    {
        assert!(NumberFilter::parse(text).is_err(), "{text}");
    }
}

#[test]
fn a_message_repeats_only_the_beginning_of_a_long_text() {
    let error = NumberFilter::parse(&"x".repeat(100_000)).expect_err("no number");
    assert!(error.message.len() < 200, "{}", error.message);
}
