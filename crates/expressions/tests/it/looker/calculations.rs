//! Calculations that refer to each other.

use super::{Sheet, environment};
use belvedere_expressions::looker::{CalculationError, Calculations, Definition, Environment, Placement, Type};

fn orders() -> Sheet {
    Sheet::new(3).measure("o.n", Type::Number, &["10", "20", "30"])
}

#[track_caller]
fn told(definitions: &[(&str, &str)]) -> Vec<Option<String>> {
    let results = orders().compute_all(definitions);
    results.into_iter().map(|result| result.err().map(|error| error.to_string())).collect()
}

#[test]
fn each_is_computed_behind_those_that_it_names() {
    let results = orders().compute_all(&[
        ("share", "${total} / ${whole}"),
        ("whole", "max(${total})"),
        ("total", "running_total(${o.n})"),
    ]);
    let lines: Vec<Vec<String>> = results.into_iter().map(|result| result.expect("it is right")).collect();
    assert_eq!(lines, [["0.16666666666666666", "0.5", "1"], ["60", "60", "60"], ["10", "30", "60"]]);
}

#[test]
fn a_circle_is_told_with_its_members() {
    let circle = |path: &str| {
        Some(format!("calculations refer to each other in a circle: {path}; let one of them use fields only"))
    };
    assert_eq!(
        told(&[("a", "${b} + 1"), ("b", "${c}"), ("c", "${a}"), ("d", "${a}"), ("e", "${o.n}"), ("f", "${f}")]),
        [
            circle("`a` → `b` → `c` → `a`"),
            circle("`b` → `c` → `a` → `b`"),
            circle("`c` → `a` → `b` → `c`"),
            circle("`d` → `a` → `b` → `c` → `a` → `b` → `c` → `a`"),
            None,
            circle("`f` → `f`"),
        ]
    );
}

#[test]
fn a_wrong_one_is_no_harm_to_others() {
    assert_eq!(
        told(&[("a", "1 +"), ("b", "${a}"), ("c", "${o.n}"), ("c", "1"), ("d", "${e}")]),
        [
            Some(
                "a value is missing before the end; write a number, a text in double quotes, `${view.field}`, or a call such \
                 as `round(1.5, 0)`"
                    .to_owned()
            ),
            Some("the calculation `a` is wrong itself; mend that one first".to_owned()),
            None,
            Some("there are two calculations with the name `c`; give one of them another name".to_owned()),
            Some("there is no field `e` here; add the field to the query, or name one of its columns".to_owned()),
        ]
    );
}

#[test]
fn placement_and_type_pass_from_one_to_the_other() {
    let sheet = Sheet::pivoted(1, 2).measure("o.n", Type::Number, &["1 | 2"]);
    let definitions = [
        Definition { name: "first", expression: "pivot_index(${o.n}, 1)" },
        Definition { name: "next", expression: "${first} + 1" },
        Definition { name: "text", expression: "concat(${next})" },
    ];
    let calculations = Calculations::check(&definitions, &sheet);
    let outcomes: Vec<(Placement, Type)> = calculations
        .outcomes()
        .map(|outcome| outcome.map(|checked| (checked.placement, checked.root.type_)).expect("it is right"))
        .collect();
    let behind = Placement::Supermeasure;
    assert_eq!(outcomes, [(behind, Type::Number), (behind, Type::Number), (behind, Type::String)]);
}

#[test]
fn thousands_that_follow_each_other_are_put_into_order() {
    let names: Vec<String> = (0..5000).map(|at| format!("c{at}")).collect();
    let texts: Vec<String> = (0..5000).map(|at| format!("${{c{}}}", at + 1)).collect();
    let mut definitions: Vec<(&str, &str)> =
        names.iter().zip(&texts).map(|(name, text)| (name.as_str(), text.as_str())).collect();
    definitions[4999].1 = "${o.n}";
    assert_eq!(orders().compute_all(&definitions)[0], Ok(["10", "20", "30"].map(str::to_owned).to_vec()));
    let last = format!("${{{}}}", names[0]);
    definitions[4999].1 = &last;
    assert!(told(&definitions).iter().all(Option::is_some));
}

#[test]
fn nobody_waits_for_a_cancelled_one() {
    let sheet = Sheet::new(5000).measure("o.n", Type::Number, &vec!["1"; 5000]);
    let definitions = [Definition { name: "a", expression: "running_total(${o.n})" }];
    let cancelled = Environment { is_cancelled: &|| true, ..environment() };
    let results = Calculations::check(&definitions, &sheet).evaluate(&sheet, &cancelled);
    assert_eq!(results[0].as_ref().err(), Some(&CalculationError::Cancelled));
}

#[test]
fn texts_that_double_from_one_to_the_next_do_not_fill_the_memory() {
    let names: Vec<String> = (0..60).map(|at| format!("c{at}")).collect();
    let texts: Vec<String> = (0..60).map(|at| format!("concat(${{c{0}}}, ${{c{0}}})", at - 1)).collect();
    let mut definitions: Vec<(&str, &str)> =
        names.iter().zip(&texts).map(|(name, text)| (name.as_str(), text.as_str())).collect();
    definitions[0].1 = "\"0123456789\"";
    let results = orders().compute_all(&definitions);
    assert_eq!(results[16].as_ref().expect("short enough")[0].len(), 655_360);
    // Null beyond the bound, and an empty text of nulls behind that.
    assert_eq!(results[17].as_ref().expect("too long for a text")[0], "null");
}
