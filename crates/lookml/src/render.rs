//! Diagnostics as text for a terminal, and as JSON, SARIF and annotations for other tools.

mod excerpt;
mod github;
mod json;
mod sarif;

pub use github::render_github;
pub use json::render_json;
pub use sarif::render_sarif;

use crate::diagnostic::{Diagnostic, Location, Severity};
use excerpt::{Excerpt, printable};
use std::fmt::Write;
use std::sync::Arc;

/// Where the text of a file is found by its path; `None` when it is not at hand.
pub type Sources<'a> = &'a dyn Fn(&str) -> Option<Arc<str>>;

/// Whether text is coloured with terminal escapes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// Plain text.
    Plain,
    /// ANSI escapes.
    Ansi,
}

/// Shows each diagnostic with its place, the line of source with carets under the part that is meant, other places
/// that explain it, and what would be right:
///
/// ```text
/// error[missing-comma]: Invalid LookML syntax near "id": a comma is missing before it
///  --> views/orders.view.lkml:7:19
///   |
/// 7 |   fields: [status id]
///   |                   ^^
///   = help: write a comma between the elements of a list
/// ```
///
/// Columns count characters; carets stand under the right ones also behind tabs and wide characters. Control
/// characters are replaced, so that a file cannot steer the terminal.
pub fn render_text(diagnostics: &[Diagnostic], sources: Sources<'_>, colour: Colour) -> String {
    let mut out = String::new();
    for (index, diagnostic) in diagnostics.iter().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        Renderer { out: &mut out, sources, colour }.diagnostic(diagnostic);
    }
    out
}

/// How a part of the text looks.
#[derive(Clone, Copy)]
enum Style {
    Error,
    Warning,
    Info,
    Note,
    Gutter,
    Bold,
}

impl Style {
    const fn escape(self) -> &'static str {
        match self {
            Self::Error => "\x1b[1;31m",
            Self::Warning => "\x1b[1;33m",
            Self::Info => "\x1b[1;32m",
            Self::Note => "\x1b[1;36m",
            Self::Gutter => "\x1b[1;34m",
            Self::Bold => "\x1b[1m",
        }
    }
}

const RESET: &str = "\x1b[0m";

/// The word and the look of a severity. That an error is fatal for its file shows in the JSON form.
const fn heading(severity: Severity) -> (&'static str, Style) {
    match severity {
        Severity::Fatal | Severity::Error => ("error", Style::Error),
        Severity::Warning => ("warning", Style::Warning),
        Severity::Info => ("info", Style::Info),
    }
}

struct Renderer<'o, 's> {
    out: &'o mut String,
    sources: Sources<'s>,
    colour: Colour,
}

impl Renderer<'_, '_> {
    fn diagnostic(&mut self, diagnostic: &Diagnostic) {
        let (word, style) = heading(diagnostic.severity);
        self.styled(style, &format!("{word}[{}]", diagnostic.id));
        self.styled(Style::Bold, &format!(": {}", printable(&diagnostic.message)));
        self.out.push('\n');
        let lines = diagnostic.related.iter().map(|(location, _)| location.line).chain([diagnostic.location.line]);
        let gutter = lines.max().unwrap_or(0).to_string().len();
        self.place(&diagnostic.location, style, '^', gutter);
        if let Some(scope) = scope(diagnostic) {
            self.footnote("in", &scope, gutter);
        }
        if let Some(help) = &diagnostic.help {
            self.footnote("help", help, gutter);
        }
        for (location, note) in &diagnostic.related {
            self.styled(Style::Note, "note");
            let _ = writeln!(self.out, ": {}", printable(note));
            self.place(location, Style::Note, '-', gutter);
        }
    }

    fn place(&mut self, location: &Location, style: Style, mark: char, gutter: usize) {
        if location.file.is_empty() {
            return;
        }
        let excerpt = (self.sources)(&location.file).and_then(|text| Excerpt::new(&text, location.span));
        let _ = write!(self.out, "{:gutter$}", "");
        self.styled(Style::Gutter, "-->");
        let _ = write!(self.out, " {}:{}", printable(&location.file), location.line);
        let Some(excerpt) = excerpt else {
            self.out.push('\n');
            return;
        };
        let _ = writeln!(self.out, ":{}", excerpt.column);
        let rows = [
            (String::new(), None),
            (excerpt.text, None),
            (" ".repeat(excerpt.indent), Some(mark.to_string().repeat(excerpt.width))),
        ];
        for (index, (text, marks)) in rows.into_iter().enumerate() {
            let number = if index == 1 { location.line.to_string() } else { String::new() };
            self.styled(Style::Gutter, &format!("{number:>gutter$} |"));
            if !text.is_empty() || marks.is_some() {
                self.out.push(' ');
            }
            self.out.push_str(&text);
            if let Some(marks) = marks {
                self.styled(style, &marks);
            }
            self.out.push('\n');
        }
    }

    fn footnote(&mut self, label: &str, text: &str, gutter: usize) {
        let _ = write!(self.out, "{:gutter$} ", "");
        self.styled(Style::Gutter, "=");
        self.out.push(' ');
        self.styled(Style::Bold, label);
        let _ = writeln!(self.out, ": {}", printable(text));
    }

    fn styled(&mut self, style: Style, text: &str) {
        match self.colour {
            Colour::Plain => self.out.push_str(text),
            Colour::Ansi => {
                let _ = write!(self.out, "{}{text}{RESET}", style.escape());
            }
        }
    }
}

/// The model, explore and field for which a mistake was found.
fn scope(diagnostic: &Diagnostic) -> Option<String> {
    let parts = [
        ("model", diagnostic.model.as_deref()),
        ("explore", diagnostic.explore.as_deref()),
        ("field", diagnostic.field.as_deref()),
    ];
    let parts: Vec<String> =
        parts.into_iter().filter_map(|(kind, name)| name.map(|name| format!("{kind} {name}"))).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

#[cfg(test)]
mod tests;
