//! Each rule by pairs of documents: `tests/rules/*.md`.
//!
//! A file begins with a `document` block, the older document of all its cases. A case is a heading that says the
//! behaviour, a `diff` block that makes the newer document (`@@` between its places), and an `expect` block with the differences, one a line:
//! class, rule, place. A `back` block has those of the way back, from the newer document to the older.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use belvedere_contract::{Class, Document, Effect, Rule, compare};

static CASES: LazyLock<Vec<Case>> = LazyLock::new(cases);

struct Case {
    name: String,
    old: Document,
    new: Document,
    expect: Vec<String>,
    back: Option<Vec<String>>,
}

#[test]
fn each_case_gives_the_differences_it_says() {
    let mut wrong = Vec::new();
    for case in CASES.iter() {
        let forth = differences(&case.old, &case.new);
        if forth != case.expect {
            wrong.push(format!("{}: expected {:#?}, found {forth:#?}", case.name, case.expect));
        }
        let back = differences(&case.new, &case.old);
        if case.back.as_ref().is_some_and(|expected| *expected != back) {
            wrong.push(format!("{}, back: expected {:#?}, found {back:#?}", case.name, case.back));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_rule_has_a_case() {
    let mut shown: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for case in CASES.iter() {
        for line in case.expect.iter().chain(case.back.iter().flatten()) {
            let mut words = line.split(' ').map(str::to_owned);
            let (class, rule) = (words.next().unwrap(), words.next().unwrap());
            shown.entry(rule).or_default().push(class);
        }
    }
    for rule in Rule::ALL {
        let class = match rule.effect() {
            Effect::Additive => Class::Additive,
            Effect::Breaking | Effect::Removing => Class::Breaking,
        };
        let classes = shown.get(rule.id()).unwrap_or_else(|| panic!("no case shows {rule}"));
        assert!(classes.contains(&class.to_string()), "no case shows {rule} as {class}");
    }
}

#[test]
fn a_document_does_not_differ_from_itself() {
    for case in CASES.iter() {
        assert_eq!(differences(&case.old, &case.old), Vec::<String>::new(), "{}", case.name);
    }
}

fn differences(old: &Document, new: &Document) -> Vec<String> {
    let changes = compare(old, new, &[]).changes;
    changes.iter().map(|change| format!("{} {} {}", change.class, change.rule, change.place)).collect()
}

fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().flat_map(|file| read(&fs::read_to_string(file).unwrap())).collect()
}

fn read(text: &str) -> Vec<Case> {
    let (head, cases) = text.split_once("\n## ").expect("a file has cases");
    let document = block(head, "document").expect("a file has a document");
    let cases = cases.split("\n## ");
    cases
        .map(|case| {
            let name = case.lines().next().unwrap().to_owned();
            let diff = block(case, "diff").unwrap_or_else(|| panic!("{name}: no diff"));
            Case {
                old: parse(&name, document),
                new: parse(&name, &apply(&name, document, diff)),
                expect: lines(block(case, "expect").unwrap_or_else(|| panic!("{name}: no expect"))),
                back: block(case, "back").map(lines),
                name,
            }
        })
        .collect()
}

fn block<'a>(text: &'a str, kind: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(&format!("```{kind}\n"))?;
    rest.split_once("```").map(|(block, _)| block)
}

fn lines(block: &str) -> Vec<String> {
    block.lines().map(str::to_owned).collect()
}

/// The document with the lines of a diff taken out and put in; `@@` goes on elsewhere.
fn apply(name: &str, document: &str, diff: &str) -> String {
    diff.split("@@\n").fold(document.to_owned(), |document, hunk| {
        let side = |sign: char| -> String {
            let lines = hunk.lines().filter(|line| line.starts_with(' ') || line.starts_with(sign));
            lines.flat_map(|line| [&line[1..], "\n"]).collect()
        };
        let (before, after) = (side('-'), side('+'));
        assert_eq!(document.matches(&before).count(), 1, "{name}: the diff must fit once:\n{before}");
        document.replacen(&before, &after, 1)
    })
}

fn parse(name: &str, text: &str) -> Document {
    let value: serde_json::Value = serde_saphyr::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"));
    Document::read(&value).unwrap_or_else(|error| panic!("{name}: {error}"))
}
