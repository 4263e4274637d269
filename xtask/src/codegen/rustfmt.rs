//! Formats generated Rust as the rest of the tree is.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Context;

use super::Files;

/// Formats every Rust file in place.
pub fn format(files: &mut Files) -> anyhow::Result<()> {
    let folder = Scratch::new()?;
    let mut paths = Vec::new();
    for (path, text) in files.iter() {
        let path = folder.0.join(path);
        std::fs::create_dir_all(path.parent().unwrap_or(&folder.0))?;
        std::fs::write(&path, text)?;
        paths.push(path);
    }
    let done = Command::new("rustfmt")
        .args(["--edition", "2024", "--config-path"])
        .arg(crate::workspace())
        .args(&paths)
        .status()
        .context("cannot start rustfmt")?;
    anyhow::ensure!(done.success(), "rustfmt refused the generated code in {}", folder.keep().display());
    for (path, text) in files.iter_mut() {
        *text = std::fs::read_to_string(folder.0.join(path))?;
    }
    Ok(())
}

/// A folder that goes away with the value.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> anyhow::Result<Self> {
        use std::sync::atomic::{AtomicU32, Ordering};
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("xtask-codegen-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(Self(folder))
    }

    /// Leaves the folder for a person to look into.
    fn keep(self) -> PathBuf {
        let path = self.0.clone();
        std::mem::forget(self);
        path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
