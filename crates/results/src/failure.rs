//! Runs that fail: what each format says, before the first row and after it.

use crate::format::Format;
use crate::layout::{End, Layout, Options};
use crate::writer::json_writer;
use belvedere_wire::{Object, write_i64, write_string};
use std::sync::Arc;

/// An error of a run, or a note about it, as the user may read it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunError {
    /// What went wrong.
    pub message: String,
    /// The database's own words.
    pub message_details: Option<String>,
    /// The SQL that failed; only for users who may see it.
    pub sql: Option<String>,
    /// Where in the SQL.
    pub location: Option<SqlLocation>,
}

/// A place in a SQL text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SqlLocation {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl RunError {
    /// An error that has a message alone.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), ..Self::default() }
    }

    /// Message and details in one text, as a `looker_error` row carries them.
    pub fn text(&self) -> String {
        match self.message_details.as_deref() {
            None | Some("") => self.message.clone(),
            Some(details) if self.message.ends_with(['.', ':', '!', '?']) => format!("{} {details}", self.message),
            Some(details) => format!("{}: {details}", self.message),
        }
    }

    /// Writes the row that tells of the error in `json` and `json_bi`.
    pub(crate) fn write_row(&self, out: &mut Vec<u8>) {
        let mut row = Object::open(out);
        write_string(&self.text(), row.key("looker_error"));
        row.close();
    }

    /// Writes an entry of `errors` in `json_detail`.
    pub(crate) fn write_entry(&self, severity: Severity, out: &mut Vec<u8>) {
        let mut entry = Object::open(out);
        write_string(&self.message, entry.key("message"));
        write_optional(self.message_details.as_deref(), entry.key("message_details"));
        write_optional(self.sql.as_deref(), entry.key("params"));
        write_optional(None, entry.key("error_pos"));
        write_optional(None, entry.key("level"));
        entry.key("fatal").extend_from_slice(match severity {
            Severity::Fatal => b"true",
            Severity::Note => b"false",
        });
        match self.location {
            Some(location) => location.write(self.sql.as_deref(), entry.key("sql_error_loc")),
            None => write_optional(None, entry.key("sql_error_loc")),
        }
        write_optional(None, entry.key("edit_url"));
        entry.close();
    }
}

impl SqlLocation {
    fn write(self, sql: Option<&str>, out: &mut Vec<u8>) {
        let mut location = Object::open(out);
        write_i64(self.line.into(), location.key("line"));
        write_i64(self.column.into(), location.key("column"));
        if let Some(character) = sql.and_then(|sql| self.character(sql)) {
            write_i64(character, location.key("character"));
        }
        location.close();
    }

    /// The place counted in characters from the start of the text, from 1 (unverified: the base).
    fn character(self, sql: &str) -> Option<i64> {
        let lines_before = self.line.checked_sub(1)? as usize;
        let mut lines = sql.split_inclusive('\n');
        let before: usize = lines.by_ref().take(lines_before).map(|line| line.chars().count()).sum();
        lines.next().map(|_| before as i64 + i64::from(self.column))
    }
}

fn write_optional(text: Option<&str>, out: &mut Vec<u8>) {
    match text {
        Some(text) => write_string(text, out),
        None => out.extend_from_slice(b"null"),
    }
}

/// Whether an entry of `errors` ended the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Severity {
    /// It did.
    Fatal,
    /// It is a note.
    Note,
}

/// The answer to a run that failed before its first row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ErrorBody {
    /// 200 with this body in the format's content type.
    Rows(Vec<u8>),
    /// The format has no place for an error: 400 with this message in an `Error` body (unverified: Looker may answer
    /// 200 with a text).
    BadRequest(String),
}

/// The answer to a run that failed before its first row.
///
/// `layout` is the result's as far as it was planned; without it `json_detail` and `json_bi` have no metadata.
pub fn error_body(format: Format, error: &RunError, layout: Option<&Layout>, end: &End) -> ErrorBody {
    let layout = Arc::new(layout.cloned().unwrap_or_default());
    let Some(mut writer) = json_writer(format, layout, Options::default()) else {
        return ErrorBody::BadRequest(error.text());
    };
    let mut body = Vec::new();
    writer.start(&mut body);
    writer.fail(error, end, &mut body);
    ErrorBody::Rows(body)
}

#[cfg(test)]
mod tests {
    use super::{RunError, SqlLocation};

    #[test]
    fn message_and_details_read_as_one_text() {
        let error = |message: &str, details: Option<&str>| RunError {
            message_details: details.map(str::to_owned),
            ..RunError::new(message)
        };
        assert_eq!(error("SQL Error", Some("no such column")).text(), "SQL Error: no such column");
        assert_eq!(error("The query failed.", Some("no such column")).text(), "The query failed. no such column");
        assert_eq!(error("The query failed.", None).text(), "The query failed.");
    }

    #[test]
    fn a_place_is_counted_in_characters() {
        let at = |line, column| SqlLocation { line, column }.character("SELECT 1,\n  'é' AS é\nFROM x");
        assert_eq!(at(1, 8), Some(8));
        assert_eq!(at(2, 3), Some(13));
        assert_eq!(at(3, 1), Some(22));
        assert_eq!(at(4, 1), None);
        assert_eq!(at(0, 1), None);
    }
}
