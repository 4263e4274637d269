//! `belvedere lookml fmt`

use super::code;
use super::files::lkml_files;
use anyhow::{Context, Result};
use belvedere_lookml::format::format;
use belvedere_lookml::project::FileKind;
use belvedere_lookml::syntax;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

/// Writes files anew in one form, or only tells which ones are not in it. Files that cannot be formatted are told and
/// left alone.
pub fn fmt(check: bool, paths: &[PathBuf]) -> Result<ExitCode> {
    let mut out = io::stdout().lock();
    let (mut files, mut changed, mut failed) = (0, 0, 0);
    for path in lkml_files(paths)? {
        let name: Arc<str> = path.to_string_lossy().into();
        if FileKind::of(&name) == FileKind::Dashboard {
            continue;
        }
        let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        files += 1;
        match format(&syntax::parse_bytes(&name, &bytes).document) {
            Ok(text) if text.as_bytes() == bytes => {}
            Ok(text) => {
                changed += 1;
                writeln!(out, "{}", path.display())?;
                if !check {
                    replace(&path, &text)?;
                }
            }
            Err(error) => {
                failed += 1;
                writeln!(io::stderr(), "{}: {error}", path.display())?;
            }
        }
    }
    let done = if check { "to be formatted" } else { "formatted" };
    writeln!(io::stderr(), "{files} files, {changed} {done}, {failed} left alone")?;
    Ok(code(failed > 0 || (check && changed > 0)))
}

/// Writes beside the file and renames, so that a file is never half written.
fn replace(path: &Path, text: &str) -> Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".belvedere-new");
    let beside = PathBuf::from(beside);
    let written = fs::write(&beside, text)
        .and_then(|()| fs::set_permissions(&beside, fs::metadata(path)?.permissions()))
        .and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written.with_context(|| format!("cannot write {}", path.display()))
}
