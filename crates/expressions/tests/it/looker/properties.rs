//! What holds for any text at all.

mod right;

use super::{Sheet, environment};
use belvedere_expressions::looker::{
    CalculationError, Context, Link, MOST_NESTING, Name, Node, NodeKind, Number, Operator, Part, Reference, Type,
    compile, evaluate, functions, parse,
};
use proptest::prelude::*;

fn sheet() -> Sheet {
    Sheet::pivoted(3, 2)
        .with_totals()
        .with_row_totals()
        .dimension("t.s", Type::String, &["a", "null", "b c", "null"])
        .dimension("t.d", Type::Date, &["2024-02-29", "null", "9999-12-31", "null"])
        .dimension("t.y", Type::Yesno, &["yes", "no", "null", "null"])
        .pivot("t.p", Type::String, "x | y | null")
        .measure(
            "t.n",
            Type::Number,
            &["1 | null | 0", "-2.5 | 1e300 | 3", "99999999999999999999999999999999999999 | 0 | 7", "4 | 5 | 9"],
        )
}

/// Reads, checks and computes a text in each way.
fn take_through_everything(text: &str) -> Result<(), TestCaseError> {
    let parsed = parse(text);
    for diagnostic in &parsed.diagnostics {
        prop_assert!(text.get(diagnostic.span.clone()).is_some(), "{diagnostic:?} lies in {text:?}");
        prop_assert!(diagnostic.to_string().len() < 500, "{diagnostic:?} is short");
    }
    let printed = parsed.root.to_string();
    if parsed.diagnostics.is_empty() {
        prop_assert_eq!(&parse(&printed).root, &parsed.root, "{}", printed);
    }
    let sheet = sheet();
    for context in [Context::TableCalculation, Context::CustomDimension, Context::CustomMeasure, Context::CustomFilter]
    {
        match compile(text, &sheet, context) {
            Ok(checked) if context == Context::TableCalculation => match evaluate(&checked, &sheet, &environment()) {
                Ok(computed) => prop_assert_eq!(sheet.lines(&computed, true).len(), 4),
                Err(error) => prop_assert_eq!(error, CalculationError::TooLong),
            },
            Ok(_) => {}
            Err(diagnostics) => {
                prop_assert!(!diagnostics.is_empty());
                for diagnostic in diagnostics {
                    prop_assert!(text.get(diagnostic.span.clone()).is_some(), "{diagnostic:?} lies in {text:?}");
                }
            }
        }
    }
    Ok(())
}

/// Texts made of words of the language, so that most get further than their first character.
fn words() -> impl Strategy<Value = String> {
    let names: Vec<String> = functions().map(|function| format!("{}(", function.name)).collect();
    let word = prop_oneof![
        prop::sample::select(names),
        prop::sample::select(vec![
            "${t.n}",
            "${t.s}",
            "${t.d}",
            "${t.y}",
            "${t.p}",
            "${t.n:total}",
            "${t.n:row_total}",
            "${",
            "}",
            "(",
            ")",
            ")",
            ")",
            ",",
            ",",
            ",",
            "+",
            "-",
            "*",
            "/",
            "=",
            "!=",
            "<",
            ">=",
            "AND",
            "OR",
            "NOT",
            "and",
            "yes",
            "no",
            "null",
            "\"",
            "\"a\"",
            "\\",
            "`",
            "`7 days`",
            "#",
            "\n",
            "'",
            "%",
            "==",
            "0",
            "1",
            "2.5",
            ".5",
            "é",
        ])
        .prop_map(str::to_owned),
        "[0-9]{1,45}(\\.[0-9]{1,45})?",
    ];
    prop::collection::vec((word, prop::sample::select(vec!["", " "])), 0..16)
        .prop_map(|words| words.into_iter().map(|(word, gap)| word + gap).collect())
}

/// Trees as the reader makes them: chains of one precedence, numbers without a sign.
fn trees() -> impl Strategy<Value = Node> {
    let leaf = prop_oneof![
        (0_u32..1_000_000, 0_i8..4)
            .prop_map(|(digits, scale)| NodeKind::Number(Number::decimal(i128::from(digits), scale))),
        "[a-z\"\\\\ #]{0,4}".prop_map(NodeKind::Text),
        "[a-z, ]{0,4}".prop_map(NodeKind::Filter),
        any::<bool>().prop_map(NodeKind::Yesno),
        Just(NodeKind::Null),
        (
            "[a-z]{1,3}\\.[a-z]{1,3}",
            prop::sample::select(vec![Part::Value, Part::Total, Part::RowTotal, Part::GrandTotal])
        )
            .prop_map(|(name, part)| NodeKind::Reference(Reference { name, part })),
    ];
    let levels = vec![
        vec![Operator::Or],
        vec![Operator::And],
        vec![Operator::Plus, Operator::Minus],
        vec![Operator::Times, Operator::Over],
    ];
    let comparisons = vec![Operator::Equal, Operator::NotEqual, Operator::Less, Operator::GreaterOrEqual];
    leaf.prop_map(Node::made).prop_recursive(6, 48, 4, move |inner| {
        let level = prop::sample::select(levels.clone());
        let operands = prop::collection::vec((any::<prop::sample::Index>(), inner.clone()), 1..4);
        prop_oneof![
            inner.clone().prop_map(|node| NodeKind::Negative(Box::new(node))),
            inner.clone().prop_map(|node| NodeKind::Not(Box::new(node))),
            ("[a-z]{2}_[a-z]{1,3}", prop::collection::vec(inner.clone(), 0..4))
                .prop_map(|(text, arguments)| { NodeKind::Call { name: Name { text, span: 0..0 }, arguments } }),
            (inner.clone(), level, operands).prop_map(|(first, operators, operands)| {
                let link = |(at, operand): (prop::sample::Index, Node)| Link { operator: *at.get(&operators), operand };
                NodeKind::Chain { first: Box::new(first), rest: operands.into_iter().map(link).collect() }
            }),
            (inner.clone(), prop::sample::select(comparisons.clone()), inner).prop_map(|(left, operator, right)| {
                NodeKind::Chain { first: Box::new(left), rest: vec![Link { operator, operand: right }] }
            }),
        ]
        .prop_map(Node::made)
    })
}

proptest! {
    #[test]
    fn any_text_is_an_expression_or_has_mistakes_with_a_place_in_it(text in any::<String>()) {
        take_through_everything(&text)?;
    }

    #[test]
    fn any_words_of_the_language_are_an_expression_or_have_mistakes(text in words()) {
        take_through_everything(&text)?;
    }

    #[test]
    fn any_right_expression_is_computed(dice in prop::collection::vec(any::<u16>(), 1..80)) {
        let text = right::expression(dice);
        let checked = compile(&text, &sheet(), Context::TableCalculation);
        prop_assert_eq!(checked.err(), None, "{}", text);
        take_through_everything(&text)?;
    }

    #[test]
    fn a_printed_tree_reads_as_the_same_tree(tree in trees()) {
        let text = tree.to_string();
        let again = parse(&text);
        prop_assert_eq!(again.diagnostics, vec![], "{}", text);
        prop_assert_eq!(again.root, tree, "{}", text);
    }
}

/// A quadratic reader would take minutes for these, and one that recurses without bound would fall.
#[test]
fn a_long_text_of_anything_is_read_in_one_pass() {
    let sheet = sheet();
    let pieces = [
        "(",
        ")",
        "-",
        "NOT ",
        "abs(",
        "if(",
        "case(when(",
        "list(",
        "1,",
        "1+",
        "1 OR ",
        "\"",
        "\"a\" ",
        "\\",
        "\"\\\"",
        "`",
        "${",
        "${t.n}",
        "${t.n}+",
        "${t.n:",
        "${:::::",
        "#",
        "#\n",
        "a",
        "a ",
        "é",
        "'",
        "=",
        "==",
        "1=",
        "1<",
        "%",
        ".",
        "..",
        "1.",
        "9",
        "concat(\"a\",",
        "yes AND ",
        "frobnicate(",
        "${no.such}+",
        " ",
    ];
    for piece in pieces {
        let text = piece.repeat(30_000 / piece.len());
        let _ = compile(&text, &sheet, Context::TableCalculation);
        let _ = compile(&format!("concat({text}1)"), &sheet, Context::CustomFilter);
        let _ = parse(&text).root.to_string();
    }
}

#[test]
fn the_deepest_trees_fit_into_a_small_stack() {
    let levels = MOST_NESTING / 5;
    // Each level takes all precedences, so that the tree is as deep as it can be.
    let deep = format!("{}1{}", "if(no OR yes AND NOT 1 = 0 + 2 * -(".repeat(levels), "), 1, 2)".repeat(levels));
    let thread = std::thread::Builder::new().stack_size(1 << 20).spawn(move || {
        let sheet = sheet();
        let parsed = parse(&deep);
        let printed = parsed.root.to_string();
        let checked = compile(&deep, &sheet, Context::TableCalculation);
        let computed = checked.as_ref().map(|checked| evaluate(checked, &sheet, &environment()).is_ok());
        (parsed.diagnostics.len(), printed.len() > 100, computed.map_err(Vec::len))
    });
    assert_eq!(thread.expect("a thread").join().expect("it fits"), (0, true, Ok(true)));
}
