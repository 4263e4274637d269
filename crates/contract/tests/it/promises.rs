//! The page that lists the rules.

use std::fs;
use std::path::Path;

use belvedere_contract::{Effect, Rule};

const HEAD: &str = "| rule | effect | why | instead |\n|---|---|---|---|\n";

#[test]
fn the_page_lists_every_rule_as_the_table_has_it() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/keeping-promises.md");
    let page = fs::read_to_string(&path).unwrap();
    let prose = page.split_once(HEAD).map_or(page.as_str(), |(prose, _)| prose);
    let rows: String = Rule::ALL.iter().map(|rule| row(*rule)).collect();
    let expected = format!("{prose}{HEAD}{rows}");
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        fs::write(&path, &expected).unwrap();
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), expected);
}

fn row(rule: Rule) -> String {
    let effect = match rule.effect() {
        Effect::Additive => "additive",
        Effect::Breaking => "breaking",
        Effect::Removing => "breaking, unless announced",
    };
    format!("| `{rule}` | {effect} | {} | {} |\n", rule.why(), rule.instead())
}
