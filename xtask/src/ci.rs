//! What a merge must pass, in the order of what fails fastest.

use anyhow::{Result, ensure};
use std::path::Path;
use std::process::Command;

/// Each step: what it holds, the command, and variables of its environment.
type Step = (&'static str, &'static [&'static str], &'static [(&'static str, &'static str)]);

const STEPS: [Step; 6] = [
    ("format", &["cargo", "fmt", "--all", "--check"], &[]),
    ("invariants", &["cargo", "xtask", "tidy"], &[]),
    ("contract", &["cargo", "xtask", "contract", "check"], &[]),
    ("lints", &["cargo", "clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"], &[]),
    (
        "documentation",
        &["cargo", "doc", "--workspace", "--no-deps", "--document-private-items", "--quiet"],
        &[("RUSTDOCFLAGS", "-D warnings")],
    ),
    ("tests", &["make", "test"], &[]),
];

/// Where listings of the product's own documents are kept, beside the checkout of those who have them.
const LISTINGS: &str = "../shared/reference";

/// Compares our documents with the listings; nothing needs it where there are none.
const FACTS: Step = ("facts", &["cargo", "xtask", "contract", "facts", LISTINGS], &[]);

/// Runs every step; stops at the first that fails.
pub fn ci(root: &Path) -> Result<()> {
    let facts = Some(FACTS).filter(|_| root.join(LISTINGS).is_dir());
    for (name, command, environment) in STEPS.into_iter().chain(facts) {
        println!("== {name}: {}", command.join(" "));
        let status = Command::new(command[0])
            .args(&command[1..])
            .envs(environment.iter().copied())
            .current_dir(root)
            .status()?;
        ensure!(status.success(), "{name} failed");
    }
    Ok(())
}
