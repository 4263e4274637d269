//! `belvedere lookml parse`

use super::files::lkml_files;
use super::{code, colour};
use anyhow::{Context, Result};
use belvedere_lookml::render::render_text;
use belvedere_lookml::syntax::{self, lkml};
use std::fs;
use std::io::{self, BufWriter, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Parses files and prints what is in them, or what is wrong with their syntax.
pub fn parse(json: bool, stats: bool, paths: &[PathBuf]) -> Result<ExitCode> {
    let mut out = BufWriter::new(io::stdout().lock());
    let mut failed = false;
    let (mut files, mut bytes, mut spent) = (0, 0, Duration::ZERO);
    for path in lkml_files(paths)? {
        let content = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let name: Arc<str> = path.to_string_lossy().into();
        let started = Instant::now();
        let parsed = syntax::parse_bytes(&name, &content);
        spent += started.elapsed();
        files += 1;
        bytes += content.len();
        failed |= parsed.document.has_errors();
        if json {
            let document = lkml::to_lkml_json(&parsed).unwrap_or_else(|refused| refused.to_json());
            out.write_all(&document)?;
            out.write_all(b"\n")?;
        } else if !stats {
            let source = Arc::clone(parsed.document.source());
            out.write_all(render_text(&parsed.diagnostics, &|_| Some(Arc::clone(&source)), colour()).as_bytes())?;
        }
    }
    if stats {
        writeln!(out, "{files} files, {bytes} bytes, {:.6} s", spent.as_secs_f64())?;
    }
    out.flush()?;
    Ok(code(failed))
}
