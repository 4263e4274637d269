//! Diagnostics as the workflow commands that GitHub shows beside the lines of a change.

use super::Sources;
use super::excerpt::Excerpt;
use crate::diagnostic::{Diagnostic, Severity};
use std::fmt::Write;

/// One line for each diagnostic: `::error file=...,line=...,col=...,title=rule::message`. Files are named below
/// `folder`, their path from the root of the repository.
pub fn render_github(diagnostics: &[Diagnostic], sources: Sources<'_>, folder: &str) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics {
        let command = match diagnostic.severity {
            Severity::Fatal | Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "notice",
        };
        let mut properties = Vec::new();
        let location = &diagnostic.location;
        if !location.file.is_empty() {
            let folder = folder.trim_end_matches('/');
            let file =
                if folder.is_empty() { location.file.to_string() } else { format!("{folder}/{}", location.file) };
            properties.push(format!("file={}", property(&file)));
            properties.push(format!("line={}", location.line));
            let excerpt = sources(&location.file).and_then(|text| Excerpt::new(&text, location.span));
            properties.extend(excerpt.map(|excerpt| format!("col={}", excerpt.column)));
        }
        properties.push(format!("title={}", property(diagnostic.id)));
        let help = diagnostic.help.as_ref().map(|help| format!("\n{help}")).unwrap_or_default();
        let message = data(&format!("{}{help}", diagnostic.message));
        let _ = writeln!(out, "::{command} {}::{message}", properties.join(","));
    }
    out
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
