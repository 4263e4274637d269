//! No text makes the reading slower than its length allows. Steps are counted, not seconds.

use super::checks;
use super::parser::{self, Reading};
use super::token::NoTokens;
use super::{lkml, parse};
use crate::render::{Colour, render_text};
use std::sync::Arc;

/// Each, repeated, makes a reader search ahead in vain, go back, or nest.
const CASES: [&str; 45] = [
    "sql: a\n",
    "sql:",
    "a: @{",
    "a: [@{ ",
    "sql: sql: ",
    "sql: a\n\n",
    "sql:\n \n",
    "'",
    "a: ['b ",
    "a: \"x\n\\n label: \"y",
    "\"\\\"\n",
    "\\\"",
    "a: \"x\\\"\n",
    "a: \"x\nlabel: \"y",
    "a: \"\\\"\nlabel: \"y\n",
    "a: 'b ",
    "a: [",
    "a: [b: ",
    "[",
    "a: {",
    "a: b {",
    "{",
    "}",
    "a: {}",
    "a: {} ",
    "a ",
    "a b: ",
    "dimension a {",
    ": ",
    "- ",
    "a: - ",
    "a: -\n",
    "# c\n",
    "# c",
    " ",
    ";",
    ";;",
    "sql: ;;",
    "sql: a\n label: b\n",
    "x: y\n",
    "a: \"",
    "a: [\nlabel: ",
    "\u{0}",
    "\u{a0}",
    "é",
];

const LENGTH: usize = 60_000;

fn steps(text: &str) -> usize {
    let Reading { nodes, mut mistakes, steps, .. } = parser::read(text, NoTokens);
    checks::check(text, &nodes, &mut mistakes);
    steps
}

#[test]
fn twice_the_text_takes_twice_the_steps() {
    for case in CASES {
        let once = steps(&case.repeat(LENGTH / case.len()));
        let twice = steps(&case.repeat(2 * LENGTH / case.len()));
        assert!(!(100..LENGTH / 2).contains(&once), "{case:?}: {once} steps are too few to be all");
        assert!(twice <= 2 * once + 100, "{case:?}: {once} steps became {twice}");
        assert!(once <= 8 * LENGTH, "{case:?}: {once} steps");
    }
}

#[test]
fn what_is_made_of_the_tree_stays_within_bounds() {
    for case in CASES {
        let text: Arc<str> = case.repeat(2 * LENGTH / case.len()).into();
        let parsed = parse(&"a.lkml".into(), Arc::clone(&text));
        assert!(parsed.diagnostics.len() <= 202, "{case:?}");
        let rendered = render_text(&parsed.diagnostics, &|_| Some(Arc::clone(&text)), Colour::Plain);
        assert!(rendered.len() < 500_000, "{case:?}: {} bytes", rendered.len());
        if let Ok(json) = lkml::to_lkml_json(&parsed) {
            assert!(json.len() <= 8 * text.len(), "{case:?}");
        }
    }
}
