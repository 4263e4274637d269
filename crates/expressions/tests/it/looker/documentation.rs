//! The table of functions in `docs/expressions.md` is the table of the code.

use belvedere_expressions::looker::{
    Availability, FAMILIES, Function, Gives, Kind, Parameter, Reach, Takes, functions,
};
use std::fmt::Write as _;
use std::{env, fs};

const BEGIN: &str = "<!-- functions: written by the test `the_table_of_functions_is_that_of_the_code` -->\n";
const END: &str = "<!-- end of functions -->\n";

/// The tests with values worked by hand.
const CASES: [&str; 7] = [
    include_str!("scalars.rs"),
    include_str!("dates.rs"),
    include_str!("statistics.rs"),
    include_str!("rows.rs"),
    include_str!("pivots.rs"),
    include_str!("totals.rs"),
    include_str!("check.rs"),
];

#[test]
fn each_function_has_a_case() {
    for function in functions() {
        let call = format!("{}(", function.name);
        let by_name = format!("with(\"{}\")", function.name);
        let has_case = |text: &&str| text.contains(&call) || text.contains(&by_name);
        assert!(CASES.iter().any(has_case), "{}", function.name);
    }
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Number => "number",
        Kind::String => "text",
        Kind::Date => "date",
        Kind::Yesno => "yesno",
        Kind::Ordered => "number or date",
        Kind::Any => "any",
        Kind::Alike => "of one type",
    }
}

fn takes(parameter: &Parameter) -> String {
    let name = parameter.name;
    let repeated = if parameter.repeats { ", any number of them" } else { "" };
    let what = match parameter.takes {
        Takes::One(kind_) => kind(kind_).to_owned(),
        Takes::Constant(kind_) => format!("{}, the same in all rows", kind(kind_)),
        Takes::Column(kind_) => format!("column: {}", kind(kind_)),
        Takes::Series(kind_) => format!("column or list: {}", kind(kind_)),
        Takes::Table => "column of numbers or of lists".to_owned(),
        Takes::When => "`when`".to_owned(),
        Takes::Field => "field".to_owned(),
        Takes::Filter => "filter expression".to_owned(),
    };
    if parameter.takes == Takes::When {
        format!("{what}{repeated}")
    } else {
        format!("`{}`: {what}{repeated}", name.trim_matches('`'))
    }
}

fn gives(function: &Function) -> String {
    let name = |at: usize| function.parameters[at].name;
    match function.gives {
        Gives::Number => "number".to_owned(),
        Gives::String => "text".to_owned(),
        Gives::Yesno => "yesno".to_owned(),
        Gives::Date => "date".to_owned(),
        Gives::DateTime => "date and time".to_owned(),
        Gives::Texts => "list of texts".to_owned(),
        Gives::Alike => "that type".to_owned(),
        Gives::ListAlike => "list of that type".to_owned(),
        Gives::Like(at) => format!("like `{}`", name(at)),
        Gives::ListLike(at) => format!("list of values like `{}`", name(at)),
    }
}

fn place(function: &Function) -> &'static str {
    match (function.availability, function.reach()) {
        (Availability::Everywhere, _) => "everywhere",
        (Availability::Translated, _) => "custom fields and filters",
        (Availability::Calculations, Reach::Pivots) => "calculations of pivoted queries",
        (Availability::Calculations, _) => "calculations",
    }
}

fn table() -> String {
    let mut text = BEGIN.to_owned();
    for family in &FAMILIES {
        write!(text, "\n### {}\n\n", family.title).expect("a text takes text");
        text.push_str("| function | takes | gives | meaning | where |\n|---|---|---|---|---|\n");
        for function in family.functions {
            let parameters: Vec<String> = function.parameters.iter().map(takes).collect();
            let row = [
                format!("`{}`", function.name),
                parameters.join("; "),
                gives(function),
                function.meaning.to_owned(),
                place(function).to_owned(),
            ];
            writeln!(text, "| {} |", row.join(" | ").replace("|  |", "| |")).expect("a text takes text");
        }
    }
    text + "\n" + END
}

#[test]
fn the_table_of_functions_is_that_of_the_code() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/expressions.md");
    let page = fs::read_to_string(path).expect("the page is there");
    let (before, rest) = page.split_once(BEGIN).expect("the page has a place for the table");
    let (_, after) = rest.split_once(END).expect("the table ends");
    let fresh = format!("{before}{}{after}", table());
    if env::var_os("UPDATE_EXPECTED").is_some() {
        fs::write(path, &fresh).expect("the page can be written");
        return;
    }
    assert!(
        page == fresh,
        "docs/expressions.md is stale: run the tests with UPDATE_EXPECTED=1 and read the difference"
    );
}
