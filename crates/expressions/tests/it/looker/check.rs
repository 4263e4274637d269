//! Checking: types, places where functions may stand, and the typed tree.

use super::Sheet;
use belvedere_expressions::looker::{
    Availability, Axes, Context, FieldFilter, Part, Placement, Reach, TermKind, Type, compile, functions,
};

fn orders() -> Sheet {
    Sheet::new(1)
        .dimension("orders.status", Type::String, &["done"])
        .dimension("orders.created_date", Type::Date, &["2024-03-05"])
        .dimension("orders.created_time", Type::DateTime, &["2024-03-05 14:30:15"])
        .dimension("orders.is_open", Type::Yesno, &["no"])
        .measure("orders.count", Type::Number, &["7"])
}

/// What is wrong, each as the text that it is about, what is wrong and what would be right.
fn mistakes(text: &str, context: Context) -> Vec<String> {
    let told = compile(text, &orders(), context).err().unwrap_or_default();
    told.iter().map(|diagnostic| format!("{:?}: {diagnostic}", &text[diagnostic.span.clone()])).collect()
}

#[track_caller]
fn check_mistakes(context: Context, cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(mistakes(text, context), [*expected], "{text}");
    }
}

#[track_caller]
fn type_of(text: &str) -> Type {
    compile(text, &orders(), Context::TableCalculation).expect(text).root.type_
}

#[test]
fn results_have_types() {
    for (text, expected) in [
        ("1 + ${orders.count}", Type::Number),
        ("concat(1, 2)", Type::String),
        ("1 = 2", Type::Yesno),
        ("null", Type::Null),
        ("${orders.created_date}", Type::Date),
        ("${orders.created_time}", Type::DateTime),
        ("now()", Type::DateTime),
        ("add_days(1, ${orders.created_date})", Type::Date),
        ("add_days(1, ${orders.created_time})", Type::DateTime),
        ("add_hours(1, ${orders.created_date})", Type::DateTime),
        ("trunc_months(${orders.created_time})", Type::Date),
        ("if(yes, null, \"a\")", Type::String),
        ("if(yes, ${orders.created_date}, now())", Type::DateTime),
        ("coalesce(null, 1)", Type::Number),
        ("case(when(yes, null), when(no, 2), null)", Type::Number),
        ("max(${orders.created_date})", Type::Date),
        ("offset(${orders.status}, 1)", Type::String),
        ("offset_list(${orders.count}, 0, 2)", Type::List(&Type::Number)),
        ("split(\"a\", \",\")", Type::List(&Type::String)),
        ("index(split(\"a\", \",\"), 1)", Type::String),
        ("lookup(1, ${orders.count}, ${orders.created_date})", Type::Date),
        ("mode(list(yes, null))", Type::Yesno),
    ] {
        assert_eq!(type_of(text), expected, "{text}");
    }
}

#[test]
fn types_are_strict() {
    check_mistakes(
        Context::TableCalculation,
        &[
            ("1 + \"a\"", "\"\\\"a\\\"\": `+` takes a number, and this is a text; join texts with `concat(a, b)`"),
            (
                "\"1\" * 2",
                "\"\\\"1\\\"\": `*` takes a number, and this is a text; make a number of it with `to_number(text)`",
            ),
            (
                "now() - 1",
                "\"now()\": `-` takes a number, and this is a date and time; move dates with `add_days(number, date)`, \
                 subtract them with `diff_days(start, end)`",
            ),
            ("-yes", "\"yes\": `-` takes a number, and this is a yesno; write `if(condition, 1, 0)`"),
            (
                "1 AND yes",
                "\"1\": `AND` takes a yesno, and this is a number; compare it with something, as in `value = 1`",
            ),
            (
                "if(1, 2, 3)",
                "\"1\": `if` takes a yesno, and this is a number; compare it with something, as in `value = 1`",
            ),
            (
                "1 = \"1\"",
                "\"1 = \\\"1\\\"\": `=` compares a number with a text; make a number of it with `to_number(text)`",
            ),
            (
                "${orders.is_open} = \"Yes\"",
                "\"${orders.is_open} = \\\"Yes\\\"\": `=` compares a yesno with a text; `yes` and `no` are written without \
                 quotes",
            ),
            ("yes > no", "\"yes > no\": `>` does not compare yes with no; use `=` or `!=`"),
            ("${orders.count} > null", "\"${orders.count} > null\": nothing is `>` null; use `is_null(value)`"),
            (
                "list(1) = list(1)",
                "\"list(1) = list(1)\": lists cannot be compared; take one of its values with `index(list, n)`",
            ),
            (
                "round(\"a\", 1)",
                "\"\\\"a\\\"\": `round` takes a number as `value`, and this is a text; make a number of it with \
                 `to_number(text)`",
            ),
            (
                "extract_years(\"2024\")",
                "\"\\\"2024\\\"\": `extract_years` takes a date as `date`, and this is a text; make a date of it with \
                 `to_date(text)`",
            ),
            (
                "add_days(${orders.created_date}, ${orders.created_date})",
                "\"${orders.created_date}\": `add_days` takes a number as `number`, and this is a date; write a number here",
            ),
            (
                "coalesce(1, \"a\")",
                "\"\\\"a\\\"\": `coalesce` takes values of one type: this is a text, and another is a number; make a number of \
                 it with `to_number(text)`",
            ),
            (
                "if(yes, 1, \"a\")",
                "\"\\\"a\\\"\": `if` takes values of one type: this is a text, and another is a number; make a number of it \
                 with `to_number(text)`",
            ),
            (
                "abs(list(1))",
                "\"list(1)\": `abs` takes no list as `value`; take one of its values with `index(list, n)`, or all with a \
                 function such as `sum(list)`",
            ),
            (
                "list(list(1))",
                "\"list(1)\": `list` takes no list as `value`; take one of its values with `index(list, n)`, \
                               or all with a function such as `sum(list)`",
            ),
            (
                "t_test(${orders.count}, ${orders.count}, row(), 1)",
                "\"row()\": `tails` of `t_test` has to be the same in all rows; write a number",
            ),
        ][..],
    );
}

#[test]
fn names_are_known_or_nearly_known() {
    check_mistakes(
        Context::TableCalculation,
        &[
            ("avg(${orders.count})", "\"avg\": there is no function `avg`; did you mean `mean(column)`?"),
            ("Round(1, 2)", "\"Round\": there is no function `Round`; did you mean `round(value, num_decimals)`?"),
            ("ruond(1, 2)", "\"ruond\": there is no function `ruond`; did you mean `round(value, num_decimals)`?"),
            (
                "frobnicate(1)",
                "\"frobnicate\": there is no function `frobnicate`; functions cannot be defined; the names of all are in \
                 lower case",
            ),
            (
                "${orders.cuont}",
                "\"${orders.cuont}\": there is no field `orders.cuont` here; did you mean `${orders.count}`?",
            ),
            (
                "${users.name}",
                "\"${users.name}\": there is no field `users.name` here; add the field to the query, or name one of its columns",
            ),
            (
                "round(1)",
                "\"round(1)\": `round` takes 2 arguments, and 1 stand here; write `round(value, num_decimals)`",
            ),
            ("abs(1, 2)", "\"abs(1, 2)\": `abs` takes 1 argument, and 2 stand here; write `abs(value)`"),
            ("row(1)", "\"row(1)\": `row` takes no arguments, and 1 stand here; write `row()`"),
            (
                "concat()",
                "\"concat()\": `concat` takes at least 1 argument, and 0 stand here; write `concat(value, ...)`",
            ),
            (
                "case(1)",
                "\"case(1)\": `case` takes at least one `when`; write `case(when(condition, value), ..., else)`",
            ),
            (
                "case(1, when(yes, 2))",
                "\"1\": `case` takes `when` before its last argument; write `when(condition, value)`; only the last argument is \
                 a value by itself",
            ),
            ("when(yes, 1)", "\"when\": `when` stands in `case` only; write `case(when(condition, value), else)`"),
            (
                "`a`",
                "\"`a`\": a filter expression has no value; text stands in double quotes; backticks are for the filter of \
                 `matches_filter`",
            ),
        ],
    );
}

#[test]
fn totals_need_totals() {
    check_mistakes(
        Context::TableCalculation,
        &[
            (
                "${orders.count:total}",
                "\"${orders.count:total}\": the query has no totals; switch its totals on: `total: true`",
            ),
            (
                "${orders.count:row_total}",
                "\"${orders.count:row_total}\": the query has no row totals; switch them on: `row_total: \"right\"`, with a \
                 pivot",
            ),
        ],
    );
    check_mistakes(
        Context::CustomFilter,
        &[(
            "${orders.count:total} > 1",
            "\"${orders.count:total}\": custom filters have no totals; leave `:total` out",
        )],
    );
}

#[test]
fn custom_fields_and_filters_are_no_calculations() {
    check_mistakes(
        Context::CustomDimension,
        &[
            (
                "to_string(1)",
                "\"to_string\": `to_string` cannot be used in custom dimensions; it works on the rows of a result: use it in a \
                 table calculation",
            ),
            (
                "${orders.count} + 1",
                "\"${orders.count}\": custom dimensions cannot use the measure `orders.count`; use a dimension, or make it a \
                 custom measure or a table calculation",
            ),
            (
                "${orders.stat}",
                "\"${orders.stat}\": there is no field `orders.stat` here; did you mean `${orders.status}`?",
            ),
        ],
    );
    check_mistakes(
        Context::CustomFilter,
        &[(
            "${orders.count} + 1",
            "\"${orders.count} + 1\": custom filters are yes or no, and this is a number; compare it with something, as in \
             `${orders.count} > 0`",
        )],
    );
    check_mistakes(
        Context::TableCalculation,
        &[(
            "matches_filter(${orders.status}, `done`)",
            "\"matches_filter\": `matches_filter` cannot be used in table calculations; filter in the query, or compare the \
             values themselves",
        )],
    );
}

#[test]
fn each_function_can_be_called_where_its_table_says_and_nowhere_else() {
    let refused = |name: &str, context: Context| {
        mistakes(&format!("{name}()"), context).iter().any(|told| told.contains("cannot be used in"))
    };
    for function in functions() {
        let calculated = [Context::TableCalculation, Context::DataTest];
        let translated = [Context::CustomDimension, Context::CustomMeasure, Context::CustomFilter];
        for context in calculated {
            let expected = function.availability == Availability::Translated;
            assert_eq!(refused(function.name, context), expected, "{} {context:?}", function.name);
        }
        for context in translated {
            assert_eq!(refused(function.name, context), !function.is_translated(), "{} {context:?}", function.name);
        }
        if function.is_translated() {
            assert_eq!(function.reach(), Reach::Cell, "{} is computed in each row", function.name);
        }
    }
}

#[test]
fn what_may_be_translated_is_what_the_language_says() {
    let mut names: Vec<&str> =
        functions().filter(|function| function.is_translated()).map(|function| function.name).collect();
    names.sort_unstable();
    let mut expected: Vec<&str> = "abs ceiling floor exp ln log mod power sqrt rand round \
        concat contains length lower upper position replace substring \
        add_seconds add_minutes add_hours add_days add_months add_years \
        diff_seconds diff_minutes diff_hours diff_days diff_months diff_years \
        extract_seconds extract_minutes extract_hours extract_days extract_months extract_years \
        trunc_minutes trunc_hours trunc_days trunc_months trunc_years date date_time now \
        if case when coalesce is_null matches_filter"
        .split_whitespace()
        .collect();
    expected.sort_unstable();
    assert_eq!(names, expected);
}

#[test]
fn filters_are_read_in_the_grammar_of_their_field() {
    let filter = |text: &str| match compile(text, &orders(), Context::CustomFilter).expect(text).root.kind {
        TermKind::MatchesFilter { filter, text, .. } => (filter, text),
        other => panic!("{other:?}"),
    };
    let (status, text) = filter("matches_filter(${orders.status}, `done,-open`)");
    assert!(matches!(status, FieldFilter::String(filter) if filter.exclude.len() == 1));
    assert_eq!(text, "done,-open");
    assert!(matches!(filter("matches_filter(${orders.created_date}, `7 days`)").0, FieldFilter::Date(_)));
    assert!(matches!(filter("matches_filter(${orders.count}, `>7`)").0, FieldFilter::Number(_)));
    assert!(matches!(filter("matches_filter(${orders.is_open}, `yes`)").0, FieldFilter::Yesno(_)));
    check_mistakes(
        Context::CustomFilter,
        &[
            (
                "matches_filter(${orders.count}, `1, x`)",
                "\"x\": the filter on `orders.count` cannot be read: expected a number such as `5`, a range such as `>=1 AND \
                 <7`, `1 to 7` or `[1,7)`, or `NULL`, found `x`",
            ),
            (
                "matches_filter(${orders.status}, \"done\")",
                "\"matches_filter(${orders.status}, \\\"done\\\")\": `matches_filter` takes a field and a filter expression; \
                 write `matches_filter(${view.field}, `filter expression`)`, with the filter in backticks",
            ),
        ],
    );
}

#[test]
fn the_typed_tree_is_what_translators_walk() {
    let checked = compile("${orders.count} > 10 AND ${orders.status} != null", &orders(), Context::CustomFilter);
    let checked = checked.expect("it is right");
    assert_eq!(checked.fields.len(), 2);
    assert_eq!(checked.placement, Placement::Measure);
    let TermKind::All(conditions) = checked.root.kind else { panic!("two conditions") };
    let TermKind::Comparison { left, right, .. } = &conditions[0].kind else { panic!("a comparison") };
    assert!(matches!(left.kind, TermKind::Field(_, Part::Value)));
    assert_eq!((left.axes, right.axes, conditions[1].axes), (Axes::CELLS, Axes::NONE, Axes::ROWS));
    let case = compile("if(yes, 1, 2)", &orders(), Context::CustomDimension).expect("it is right").root;
    assert!(matches!(case.kind, TermKind::Case { branches, otherwise: Some(_) } if branches.len() == 1));
    assert!(compile("1 = 2", &orders(), Context::CustomFilter).is_ok());
}

#[test]
fn data_tests_are_calculations_that_are_yes_or_no() {
    assert!(compile("${orders.count} = 26", &orders(), Context::DataTest).is_ok());
    assert!(compile("sum(${orders.count}) > row()", &orders(), Context::DataTest).is_ok());
    assert_eq!(mistakes("${orders.count}", Context::DataTest).len(), 1);
}

#[test]
fn no_more_mistakes_are_told_than_one_reads() {
    let text = vec!["${orders.no_such_field}"; 1000].join(" + ");
    assert_eq!(mistakes(&text, Context::TableCalculation).len(), 20);
}
