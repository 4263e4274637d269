//! Diagnostics as SARIF 2.1.0, which code hosts and editors read.

use super::Sources;
use super::excerpt::Excerpt;
use crate::diagnostic::{Diagnostic, Location, Severity};
use crate::rules;
use serde_json::{Value, json};

/// One SARIF document with every rule of the catalogue and a result for each diagnostic. Files are named below
/// `folder`, their path from the root of the repository; columns count UTF-16 units as the format demands.
pub fn render_sarif(diagnostics: &[Diagnostic], sources: Sources<'_>, folder: &str) -> String {
    let rules: Vec<Value> = rules::catalogue()
        .map(|rule| {
            json!({
                "id": rule.id,
                "shortDescription": { "text": rule.text },
                "defaultConfiguration": { "level": level(rule.severity) },
            })
        })
        .collect();
    let results: Vec<Value> = diagnostics.iter().map(|diagnostic| result(diagnostic, sources, folder)).collect();
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "belvedere", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "columnKind": "utf16CodeUnits",
            "results": results,
        }],
    });
    format!("{document:#}\n")
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Fatal | Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn result(diagnostic: &Diagnostic, sources: Sources<'_>, folder: &str) -> Value {
    let text = match &diagnostic.help {
        Some(help) => format!("{}\n{help}", diagnostic.message),
        None => diagnostic.message.clone(),
    };
    let mut result = json!({
        "ruleId": diagnostic.id,
        "level": level(diagnostic.severity),
        "message": { "text": text },
    });
    if !diagnostic.location.file.is_empty() {
        result["locations"] = json!([place(&diagnostic.location, sources, folder, None)]);
    }
    let related: Vec<Value> =
        diagnostic.related.iter().map(|(at, note)| place(at, sources, folder, Some(note))).collect();
    if !related.is_empty() {
        result["relatedLocations"] = related.into();
    }
    result
}

fn place(location: &Location, sources: Sources<'_>, folder: &str, note: Option<&str>) -> Value {
    let folder = folder.trim_end_matches('/');
    let uri = if folder.is_empty() { location.file.to_string() } else { format!("{folder}/{}", location.file) };
    let mut region = json!({ "startLine": location.line });
    if let Some(text) = sources(&location.file)
        && Excerpt::new(&text, location.span).is_some()
    {
        let start = location.span.start as usize;
        let line = text[..start].rfind(['\n', '\r']).map_or(0, |end| end + 1);
        let marked = &text[location.span.range()];
        region["startColumn"] = (text[line..start].encode_utf16().count() + 1).into();
        if !marked.contains(['\n', '\r']) {
            region["endColumn"] = (text[line..location.span.end as usize].encode_utf16().count() + 1).into();
        }
    }
    let mut place = json!({
        "physicalLocation": { "artifactLocation": { "uri": escaped(&uri) }, "region": region },
    });
    if let Some(note) = note {
        place["message"] = json!({ "text": note });
    }
    place
}

/// A path as a relative URI.
fn escaped(path: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/+@".contains(&byte);
    path.bytes().map(|byte| if keep(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
