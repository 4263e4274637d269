//! `coverage.txt`: the operations that have no code yet.

use std::collections::BTreeSet;
use std::path::Path;

use super::model::Api;
use super::problem::Problems;

/// The name of the file in the contract's folder.
pub const FILE: &str = "coverage.txt";

/// Reads the ids; a contract without the file has code for everything.
pub fn read(contract: &Path, problems: &mut Problems) -> BTreeSet<String> {
    let text = std::fs::read_to_string(contract.join(FILE)).unwrap_or_default();
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect();
    for pair in lines.windows(2) {
        if pair[0] >= pair[1] {
            problems.add(FILE, format!("`{}` must stand before `{}`, once", pair[1], pair[0]));
        }
    }
    lines.into_iter().map(str::to_owned).collect()
}

/// Every id must be one of the contract.
pub fn check(uncovered: &BTreeSet<String>, api: &Api, problems: &mut Problems) {
    for id in uncovered {
        if !api.operations.iter().any(|operation| operation.id == *id) {
            problems.add(FILE, format!("there is no operation `{id}`"));
        }
    }
}
