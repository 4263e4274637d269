//! Searches application code for what changed between two versions.
//!
//! A file is cut into tokens by the rules of its language, comments aside, and read once from front to back. What is
//! found is found by meaning, not by word: an operation is a call on a client of the SDK, a property is read from what
//! such a call answered, a parameter is an argument of it, a type comes from the SDK's models. A `space` that has
//! nothing to do with the API is left alone. Addresses (`/api/3.1/...`) are looked for in the strings of programs and
//! in any other text.
//!
//! Types that changed are reported where the code shows that it counts: a number where text is expected now.

mod address;
mod call;
mod fields;
mod language;
mod lexer;
mod names;
mod reader;
mod table;

use std::fmt;

use crate::document::Document;
use crate::moves::Move;

pub use language::Language;
use table::Table;

/// What is looked for, prepared once for any number of files.
#[derive(Debug)]
pub struct Audit {
    table: Table,
}

/// A place in a file that the newer version breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
    /// What stands there.
    pub text: String,
    /// What changed.
    pub kind: Kind,
    /// The thing of the contract, `Look.space_id`.
    pub place: String,
    /// What happened to it, a fragment.
    pub what: String,
    /// What to use, a fragment.
    pub instead: String,
}

/// The kinds of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The version itself: an address with it, an entry point of the SDK.
    Version,
    /// An operation.
    Operation,
    /// A parameter of an operation.
    Parameter,
    /// A type.
    Type,
    /// A property of a type.
    Property,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Version => "version",
            Kind::Operation => "operation",
            Kind::Parameter => "parameter",
            Kind::Type => "type",
            Kind::Property => "property",
        })
    }
}

/// How much of a file is looked at for bytes that no text has.
const PROBE: usize = 8192;

impl Audit {
    /// What changed from one version to another. The versions are named as addresses have them, `3.1`.
    pub fn new(from: (&str, &Document), to: (&str, &Document), moves: &[Move]) -> Self {
        Self { table: Table::new(from, to, moves) }
    }

    /// Searches one file; the path tells its language. What is no text has no findings.
    pub fn file(&self, path: &str, content: &[u8]) -> Vec<Finding> {
        if memchr::memchr(0, &content[..content.len().min(PROBE)]).is_some() {
            return Vec::new();
        }
        let text = String::from_utf8_lossy(content);
        let language = Language::of(path, &text);
        let mut found = match language.lexis() {
            Some(lexis) => {
                let tokens = lexer::tokens(&text, lexis);
                reader::read(&self.table, language, &text, &tokens)
            }
            None => address::text(&self.table, language, &text),
        };
        found.sort_by_key(|found| (found.at, found.kind));
        found.dedup();
        place(&text, found)
    }
}

/// A finding by its offset.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Found {
    at: usize,
    length: usize,
    kind: Kind,
    place: String,
    what: String,
    instead: String,
}

/// Turns offsets into lines and columns, in one walk.
fn place(text: &str, found: Vec<Found>) -> Vec<Finding> {
    let (mut line, mut start, mut next) = (1, 0, 0);
    let mut placed = Vec::with_capacity(found.len());
    for found in found {
        let before = &text.as_bytes()[next..found.at.max(next)];
        for newline in memchr::memchr_iter(b'\n', before) {
            line += 1;
            start = next + newline + 1;
        }
        next = found.at.max(next);
        let (place, what, instead, kind) = (found.place, found.what, found.instead, found.kind);
        let column = text.get(start..found.at).map_or(1, |before| before.chars().count() + 1);
        let text = text.get(found.at..found.at + found.length).unwrap_or_default().to_owned();
        placed.push(Finding { line, column, text, kind, place, what, instead });
    }
    placed
}
