//! Reading and printing.

use belvedere_expressions::looker::{MOST_NESTING, MOST_TEXT, NodeKind, Part, parse};

/// The text of the tree of an expression without mistakes.
#[track_caller]
fn printed(text: &str) -> String {
    let parsed = parse(text);
    assert_eq!(parsed.diagnostics, [], "{text}");
    parsed.root.to_string()
}

/// The mistakes of an expression, each as the text that it is about, what is wrong and what would be right.
fn mistakes(text: &str) -> Vec<String> {
    let told = parse(text).diagnostics;
    told.iter().map(|diagnostic| format!("{:?}: {diagnostic}", &text[diagnostic.span.clone()])).collect()
}

#[test]
fn operators_bind_in_the_documented_order() {
    for (text, with_parentheses) in [
        ("1+2*3", "1 + 2 * 3"),
        ("(1+2)*3", "(1 + 2) * 3"),
        ("1-2-3", "1 - 2 - 3"),
        ("1-(2-3)", "1 - (2 - 3)"),
        ("(1-2)-3", "(1 - 2) - 3"),
        ("-1*2", "-1 * 2"),
        ("-(1*2)", "-(1 * 2)"),
        ("--1", "--1"),
        ("yes OR no AND no", "yes OR no AND no"),
        ("(yes OR no) AND no", "(yes OR no) AND no"),
        ("NOT 1 = 2 AND yes", "NOT 1 = 2 AND yes"),
        ("NOT (yes AND no)", "NOT (yes AND no)"),
        ("NOT NOT yes", "NOT NOT yes"),
        ("1 + 2 > 3 * 4", "1 + 2 > 3 * 4"),
        ("(1 > 2) = no", "(1 > 2) = no"),
        ("1 != 2", "1 != 2"),
        ("((1))", "1"),
    ] {
        assert_eq!(printed(text), with_parentheses);
    }
}

#[test]
fn and_binds_tighter_than_or() {
    let NodeKind::Chain { first, rest } = parse("yes OR no AND no").root.kind else { panic!("a chain") };
    assert_eq!((first.to_string(), rest.len(), rest[0].operand.to_string()), ("yes".into(), 1, "no AND no".into()));
}

#[test]
fn literals_are_read() {
    for (text, again) in [
        ("7", "7"),
        ("3.14", "3.14"),
        (".5", "0.5"),
        ("1.50", "1.5"),
        ("\"a b\"", "\"a b\""),
        (r#""say \"so\"""#, r#""say \"so\"""#),
        (r#""a\\b""#, r#""a\\b""#),
        (r#""\d+""#, r#""\\d+""#),
        ("\"# no comment\"", "\"# no comment\""),
        ("\"yes\"", "\"yes\""),
        ("yes", "yes"),
        ("no", "no"),
        ("null", "null"),
        ("pi()", "pi()"),
        ("concat(\"a\",\n\t1)", "concat(\"a\", 1)"),
        ("1 # one\n+ 2 # and two", "1 + 2"),
        ("12345678901234567890.12345", "12345678901234567890.12345"),
        ("matches_filter(${a.b},`7 days,\n-null`)", "matches_filter(${a.b}, `7 days, -null`)"),
    ] {
        assert_eq!(printed(text), again);
    }
}

#[test]
fn fields_have_parts() {
    for (text, name, part) in [
        ("${orders.count}", "orders.count", Part::Value),
        ("${pct}", "pct", Part::Value),
        ("${ orders.count }", "orders.count", Part::Value),
        ("${orders.count:total}", "orders.count", Part::Total),
        ("${orders.count:row_total}", "orders.count", Part::RowTotal),
        ("${orders.count:total:row_total}", "orders.count", Part::GrandTotal),
        ("${orders.count:row_total:total}", "orders.count", Part::GrandTotal),
    ] {
        let NodeKind::Reference(reference) = parse(text).root.kind else { panic!("{text}") };
        assert_eq!((reference.name.as_str(), reference.part), (name, part));
    }
}

#[test]
fn places_are_those_of_the_text() {
    let text = "1 + round(${a.b}, 2)";
    let NodeKind::Chain { rest, .. } = parse(text).root.kind else { panic!("a chain") };
    let call = &rest[0].operand;
    assert_eq!(&text[call.span.clone()], "round(${a.b}, 2)");
    let NodeKind::Call { name, arguments } = &call.kind else { panic!("a call") };
    assert_eq!((&text[name.span.clone()], &text[arguments[0].span.clone()]), ("round", "${a.b}"));
}

#[test]
fn what_is_wrong_is_told_with_its_place_and_what_would_be_right() {
    for (text, expected) in [
        (
            "",
            "\"\": a value is missing before the end; write a number, a text in double quotes, `${view.field}`, or a \
              call such as `round(1.5, 0)`",
        ),
        (
            "1 +",
            "\"\": a value is missing before the end; write a number, a text in double quotes, `${view.field}`, or a \
                 call such as `round(1.5, 0)`",
        ),
        ("1 2", "\"2\": the expression ends before `2`; an operator such as `+` or `AND` stands between two values"),
        ("(1", "\"(\": the parenthesis that begins here does not end; write `)` behind it"),
        ("1)", "\")\": the expression ends before `)`; take the parenthesis away, or open one before it"),
        ("round(1, 2", "\"(\": the call that begins here does not end; write `)` behind it"),
        ("round(1; 2)", "\";\": `;` has no meaning here"),
        ("'a'", "\"'a'\": text does not stand in single quotes; write it in double quotes: `\"text\"`"),
        ("\"abc", "\"\\\"abc\": the text that begins here does not end; write `\"` behind it"),
        ("yes and no", "\"and\": `and` is written otherwise here; write `AND`"),
        ("not(yes)", "\"not\": `not` is written otherwise here; write `NOT`"),
        ("Yes", "\"Yes\": `Yes` is written otherwise here; write `yes`"),
        ("TRUE", "\"TRUE\": `TRUE` is written otherwise here; write `yes`"),
        ("NULL", "\"NULL\": `NULL` is written otherwise here; write `null`"),
        ("1 == 2", "\"==\": there is no operator `==`; write `=`"),
        ("1 <> 2", "\"<>\": there is no operator `<>`; write `!=`"),
        ("5 % 2", "\"%\": `%` has no meaning here; the remainder of a division is `mod(value, divisor)`"),
        (
            "1 < 2 < 3",
            "\"<\": comparisons cannot be chained; write `a < b AND b < c`, or put one of them into \
                       parentheses",
        ),
        ("1 + NOT yes", "\"NOT\": `NOT` cannot stand behind this operator; put it into parentheses: `(NOT ...)`"),
        (
            "count",
            "\"count\": `count` is only a name; text is written `\"count\"`, a field `${count}`, a function \
                   `count(...)`",
        ),
        ("${orders.count", "\"${orders.count\": the field that begins here does not end; write `}` behind its name"),
        ("${}", "\"${}\": the name of the field is missing; write `${view.field}`"),
        ("${a.b:sum}", "\"${a.b:sum}\": `sum` is no part of a field; write `${a.b:total}` or `${a.b:row_total}`"),
        ("`7 days", "\"`7 days\": the filter expression that begins here does not end; write a backtick behind it"),
    ] {
        assert_eq!(mistakes(text).first().map(String::as_str), Some(expected), "{text}");
    }
}

#[test]
fn a_field_without_its_braces_is_told() {
    assert_eq!(
        mistakes("orders.count + 1"),
        [
            "\"orders\": `orders` is only a name; a field is written `${orders...}`",
            "\".\": `.` has no meaning here; a field is written `${view.field}`",
        ]
    );
}

#[test]
fn nesting_has_a_bound_and_chains_have_none() {
    let nested = |levels: usize| format!("{}1{}", "(".repeat(levels), ")".repeat(levels));
    assert_eq!(parse(&nested(MOST_NESTING - 1)).diagnostics, []);
    let told = parse(&nested(MOST_NESTING)).diagnostics;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].message, "the expression nests deeper than 64 levels");
    let chain = format!("1{}", " + 1".repeat(100_000));
    assert_eq!(parse(&chain).diagnostics, []);
    assert_eq!(parse(&"1".repeat(MOST_TEXT + 1)).diagnostics.len(), 1);
}
