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

/// Runs every step; stops at the first that fails.
pub fn ci(root: &Path) -> Result<()> {
    for (name, command, environment) in STEPS {
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
