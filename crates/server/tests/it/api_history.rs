//! The real history of 4.0, as the documents of its releases tell it.
//!
//! Each release is compared with the one before. The counts were worked out from the documents that the product
//! published, not from ours.

use belvedere_api::{Release, documents};
use belvedere_contract::report::changelog;
use belvedere_contract::{Change, Class, Comparison, Document, Rule, compare};

/// By release: how many operations, parameters of earlier operations, types, properties of earlier types and statuses
/// of earlier operations it brought.
const BROUGHT: [(&str, [usize; 5]); 56] = [
    ("21.0", [1, 1, 1, 3, 0]),
    ("21.3", [6, 0, 1, 2, 0]),
    ("21.4", [0, 0, 0, 3, 0]),
    ("21.6", [4, 2, 5, 2, 0]),
    ("21.10", [1, 0, 1, 5, 0]),
    ("21.14", [9, 8, 8, 6, 5]),
    ("21.16", [2, 1, 1, 11, 2]),
    ("21.18", [0, 0, 1, 6, 0]),
    ("21.20", [3, 0, 2, 0, 0]),
    ("22.0", [8, 2, 6, 3, 0]),
    ("22.2", [6, 0, 3, 3, 0]),
    ("22.4", [0, 7, 1, 9, 0]),
    ("22.6", [1, 0, 1, 2, 0]),
    ("22.8", [5, 4, 2, 2, 0]),
    ("22.10", [2, 0, 1, 1, 0]),
    ("22.14", [0, 1, 0, 1, 0]),
    ("22.16", [3, 0, 4, 0, 256]),
    ("22.18", [0, 0, 0, 3, 15]),
    ("22.20", [8, 0, 4, 5, 0]),
    ("23.0", [0, 0, 0, 40, 0]),
    ("23.2", [1, 0, 1, 3, 0]),
    ("23.6", [0, 1, 0, 2, 0]),
    ("23.8", [0, 0, 0, 3, 3]),
    ("23.10", [0, 1, 0, 19, 0]),
    ("23.12", [0, 1, 0, 2, 0]),
    ("23.14", [0, 0, 2, 4, 0]),
    ("23.17", [3, 1, 2, 0, 0]),
    ("23.18", [1, 0, 1, 0, 0]),
    ("23.21", [0, 0, 5, 2, 0]),
    ("24.0", [0, 1, 1, 3, 0]),
    ("24.2", [0, 0, 0, 1, 0]),
    ("24.4", [0, 0, 1, 2, 0]),
    ("24.8", [0, 0, 1, 3, 0]),
    ("24.10", [0, 0, 0, 2, 0]),
    ("24.12", [0, 0, 1, 1, 0]),
    ("24.14", [1, 0, 0, 15, 0]),
    ("24.16", [1, 0, 1, 0, 0]),
    ("24.18", [1, 0, 0, 6, 0]),
    ("25.0", [0, 5, 0, 3, 0]),
    ("25.2", [0, 0, 0, 1, 0]),
    ("25.4", [1, 2, 1, 14, 0]),
    ("25.6", [2, 0, 7, 2, 0]),
    ("25.8", [0, 1, 19, 12, 0]),
    ("25.10", [0, 0, 0, 2, 0]),
    ("25.14", [1, 2, 0, 6, 0]),
    ("25.16", [0, 0, 2, 2, 0]),
    ("25.18", [4, 2, 2, 13, 0]),
    ("25.20", [0, 1, 2, 12, 0]),
    ("26.0", [2, 1, 1, 18, 1]),
    ("26.2", [4, 1, 0, 14, 0]),
    ("26.4", [18, 4, 56, 31, 2]),
    ("26.6", [1, 0, 3, 11, 0]),
    ("26.8", [0, 0, 3, 18, 0]),
    ("26.10", [8, 2, 6, 8, 0]),
    ("26.12", [6, 1, 2, 12, 2]),
    ("26.22", [23, 5, 15, 61, 0]),
];

/// Releases whose types and properties are not counted: the contract has some types from the release in which something
/// first uses them, where the product published them later or sooner.
const OTHER_TYPES: [&str; 13] =
    ["21.14", "21.18", "21.20", "22.2", "23.17", "23.21", "24.4", "25.4", "25.6", "25.8", "25.16", "25.20", "26.4"];

/// The release, before 4.0 was final, in which stable operations became beta ones: the one promise that was broken.
const WITHDRAWN: (&str, [&str; 3]) = ("21.14", ["all_users", "search_users", "search_users_names"]);

/// The release that ended something, and what.
const ENDED: (&str, [&str; 5]) = (
    "26.22",
    [
        "create_ci_run",
        "create_git_diagnostic_report",
        "get_ci_run",
        "get_git_diagnostic_report",
        "repair_git_diagnostic_report",
    ],
);

/// Every release that brought or ended something, with what it differs in from the one before.
fn history() -> Vec<(String, Comparison)> {
    let history = changelog::history(changelog::documents(&documents::whole(), None)).unwrap();
    history.into_iter().map(|(release, comparison)| (release.to_string(), comparison)).collect()
}

fn count(comparison: &Comparison, rules: &[Rule]) -> usize {
    comparison.changes.iter().filter(|change| rules.contains(&change.rule)).count()
}

#[test]
fn each_release_brought_what_the_published_documents_say() {
    let history = history();
    let mut wrong = Vec::new();
    for (release, comparison) in &history {
        let found = [
            count(comparison, &[Rule::OperationAdded]),
            count(comparison, &[Rule::ParameterAdded]),
            count(comparison, &[Rule::SchemaAdded]),
            count(comparison, &[Rule::PropertyAdded]),
            count(comparison, &[Rule::OperationBecameStable, Rule::OperationDeprecated, Rule::PromiseWithdrawn]),
        ];
        let published = BROUGHT.iter().find(|(name, _)| name == release).map_or([0; 5], |(_, counts)| *counts);
        let [operations, parameters, types, properties, statuses] = published;
        let (types, properties) =
            if OTHER_TYPES.contains(&release.as_str()) { (found[2], found[3]) } else { (types, properties) };
        let expected = [operations, parameters, types, properties, statuses];
        if found != expected {
            wrong.push(format!("{release}: published {expected:?}, found {found:?}"));
        }
        wrong.extend(others(release, comparison));
    }
    let told = |name: &str| history.iter().any(|(release, _)| release == name);
    wrong.extend(BROUGHT.iter().filter(|(name, _)| !told(name)).map(|(name, _)| format!("{name}: brought nothing")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(history.last().unwrap().0, ENDED.0);
}

/// What is no addition and not known otherwise.
fn others(release: &str, comparison: &Comparison) -> Vec<String> {
    let is_known = |change: &Change| match change.rule {
        Rule::OperationRemoved | Rule::SchemaRemoved => release == ENDED.0,
        Rule::PromiseWithdrawn => release == WITHDRAWN.0 && WITHDRAWN.1.contains(&change.place.name()),
        _ => change.class == Class::Additive,
    };
    let others = comparison.changes.iter().filter(|change| !is_known(change));
    others.map(|change| format!("{release}: {} {} {}", change.class, change.rule, change.place)).collect()
}

#[test]
fn what_ended_was_deprecated_or_never_promised() {
    let [old, new] = [Release::new(26, 12), Release::new(26, 22)]
        .map(|release| Document::read(&documents::openapi(release)).unwrap());
    let comparison = compare(&old, &new, &[]);
    let ended = comparison.changes.iter().filter(|change| change.rule == Rule::OperationRemoved);
    let mut ended: Vec<(&str, Class)> = ended.map(|change| (change.place.name(), change.class)).collect();
    ended.sort_unstable();
    let class = |id: &str| if id.ends_with("_ci_run") { Class::Announced } else { Class::Unpromised };
    assert_eq!(ended, ENDED.1.map(|id| (id, class(id))));
    assert_eq!(count(&comparison, &[Rule::SchemaRemoved]), 27);
}
