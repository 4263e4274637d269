//! The text of one file as a tree.
//!
//! [`parse`] never fails: whatever the text holds, it gives a [`Document`] and the mistakes it found. After a mistake it
//! goes on at the next parameter or closing brace, so that one slip does not hide the rest of the file. The document
//! keeps the text itself; items, blocks, lists and scalars are views into it, found through one flat array, and
//! [`Document::tokens`] gives every byte back, blanks and comments included.

mod checks;
mod cursor;
mod document;
pub mod keywords;
mod lexer;
pub mod lkml;
mod mistakes;
mod parser;
mod rules;
#[cfg(test)]
mod tests;
mod token;

pub use cursor::{Block, Body, Element, Elements, Item, Items, List, Scalar, Value};
pub use document::Document;
pub use rules::rules;
pub use token::TokenKind;

use crate::diagnostic::{Diagnostic, Severity, Span};
use document::{MAX_BYTES, Nodes};
use mistakes::{Mistake, Mistakes, Rule};
use parser::Reading;
use std::sync::Arc;
use token::NoTokens;

/// What came out of reading one file.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// The tree.
    pub document: Arc<Document>,
    /// What is wrong with the text, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads the text of `file` (its path from the root of the project).
///
/// A mistake that makes the file unusable is [`Severity::Fatal`] and shows in [`Document::has_errors`]; others are
/// errors or warnings about a file that still counts.
pub fn parse(file: &Arc<str>, text: impl Into<Arc<str>>) -> Parsed {
    let text = text.into();
    if text.len() > MAX_BYTES {
        return refused(file, "".into(), Mistake::at(Rule::TOO_LARGE, Span::new(0, 0)));
    }
    let Reading { nodes, mut mistakes, .. } = parser::read(&text, NoTokens);
    checks::check(&text, &nodes, &mut mistakes);
    finish(file, text, nodes, mistakes)
}

/// Reads the bytes of `file`. Bytes that are not UTF-8 are a mistake with its place; the rest is read all the same,
/// with U+FFFD where the bytes were wrong.
pub fn parse_bytes(file: &Arc<str>, bytes: &[u8]) -> Parsed {
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return parse(file, text),
        Err(error) => error,
    };
    if bytes.len() > MAX_BYTES {
        return refused(file, "".into(), Mistake::at(Rule::TOO_LARGE, Span::new(0, 0)));
    }
    let rule =
        if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) { Rule::UTF16 } else { Rule::NOT_UTF8 };
    let start = error.valid_up_to() as u32;
    refused(file, String::from_utf8_lossy(bytes).into(), Mistake::at(rule, Span::new(start, start)))
}

/// A file of which nothing can be used, with the one reason.
fn refused(file: &Arc<str>, text: Arc<str>, mistake: Mistake) -> Parsed {
    let mut mistakes = Mistakes::default();
    mistakes.add(mistake);
    finish(file, text, Nodes::default(), mistakes)
}

fn finish(file: &Arc<str>, text: Arc<str>, nodes: Nodes, mistakes: Mistakes) -> Parsed {
    let unusable = mistakes.any_fatal();
    let document = Arc::new(Document::new(Arc::clone(file), text, nodes, unusable));
    let diagnostics = mistakes.into_diagnostics(&document);
    debug_assert_eq!(unusable, diagnostics.iter().any(|mistake| mistake.severity == Severity::Fatal));
    Parsed { document, diagnostics }
}
