//! One file's text with the flat array that makes it a tree.

use super::cursor::Items;
use super::parser;
use super::token::TokenKind;
use crate::diagnostic::{Location, Span};
use std::fmt;
use std::sync::{Arc, OnceLock};

/// Files beyond this size are refused: offsets stay within 32 bits and key lengths within 28.
pub(super) const MAX_BYTES: usize = (1 << 28) - 1;

/// How a node's value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Kind {
    /// A bareword.
    Bare,
    /// A `-` that blanks divide from its bareword.
    Spaced,
    /// A string without `\"`.
    Quoted,
    /// A string with `\"` inside.
    Escaped,
    /// A string without its closing quote.
    OpenQuoted,
    /// Text up to and with its `;;`.
    Body,
    /// Text without its `;;`.
    OpenBody,
    /// `[ ... ]`; the elements follow.
    List,
    /// `{ ... }`; the items follow.
    Block,
    /// `name { ... }`; the name follows as the first node, then the items.
    NamedBlock,
}

const KINDS: [Kind; 10] = [
    Kind::Bare,
    Kind::Spaced,
    Kind::Quoted,
    Kind::Escaped,
    Kind::OpenQuoted,
    Kind::Body,
    Kind::OpenBody,
    Kind::List,
    Kind::Block,
    Kind::NamedBlock,
];

const KEY_BITS: u32 = 28;

/// An item, a list element or the name of a block: its key if any, and its value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node {
    /// The kind in the upper four bits, the length of the key in the lower ones.
    head: u32,
    /// Where the key begins.
    key: u32,
    /// Where the value begins: its quote, bracket or brace, or the first byte of its text.
    pub start: u32,
    /// Behind the value, with what closes it.
    pub end: u32,
    /// Index of the node behind this one and its children.
    pub next: u32,
}

impl Node {
    pub fn new(kind: Kind, key: Span, value: Span, next: u32) -> Self {
        Self {
            head: ((kind as u32) << KEY_BITS) | (key.end - key.start),
            key: key.start,
            start: value.start,
            end: value.end,
            next,
        }
    }

    pub fn kind(self) -> Kind {
        KINDS[(self.head >> KEY_BITS) as usize]
    }

    fn key_len(self) -> u32 {
        self.head & ((1 << KEY_BITS) - 1)
    }

    /// The key; empty for a list's scalars and for names.
    pub fn key(self) -> Span {
        Span::new(self.key, self.key + self.key_len())
    }

    pub fn value(self) -> Span {
        Span::new(self.start, self.end)
    }
}

/// The tree in order of the text: each node is followed by its children.
pub(super) type Nodes = Vec<Node>;

/// The tree of one file.
///
/// It owns the text and is cheap to share: strings are never copied, a node takes 20 bytes.
pub struct Document {
    file: Arc<str>,
    text: Arc<str>,
    nodes: Nodes,
    has_errors: bool,
    /// Offsets at which lines begin; found when first asked for.
    lines: OnceLock<Vec<u32>>,
}

impl Document {
    pub(super) fn new(file: Arc<str>, text: Arc<str>, nodes: Nodes, has_errors: bool) -> Self {
        Self { file, text, nodes, has_errors, lines: OnceLock::new() }
    }

    /// A text in another language than LookML: it has places but no tree.
    pub(crate) fn plain(file: Arc<str>, text: Arc<str>, has_errors: bool) -> Self {
        Self::new(file, text, Nodes::new(), has_errors)
    }

    /// The text as it was given.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text, to be kept apart from the tree.
    pub fn source(&self) -> &Arc<str> {
        &self.text
    }

    /// The path of the file from the root of the project.
    pub fn file(&self) -> &Arc<str> {
        &self.file
    }

    /// True when the syntax is so broken that the file contributes nothing to any model.
    pub fn has_errors(&self) -> bool {
        self.has_errors
    }

    /// The parameters at the top of the file.
    pub fn items(&self) -> Items<'_> {
        Items::new(self, 0, self.nodes.len() as u32)
    }

    /// Every token in order, blanks and comments included: their texts put together are the text of the file.
    ///
    /// The text is read again for this; keep the result rather than asking twice.
    pub fn tokens(&self) -> impl Iterator<Item = (TokenKind, Span)> {
        parser::read(&self.text, Vec::new()).tokens.into_iter()
    }

    /// A range of this file as a place in the project.
    pub fn location(&self, span: Span) -> Location {
        Location { file: Arc::clone(&self.file), span, line: self.line(span.start) }
    }

    /// The 1-based line and column of a byte; the column counts characters. An offset behind the text means its end.
    pub fn line_column(&self, offset: u32) -> (u32, u32) {
        let line = self.line(offset);
        let start = self.lines()[line as usize - 1] as usize;
        let end = (offset as usize).min(self.text.len());
        let column = self.text.as_bytes()[start..end].iter().filter(|&&byte| !is_continuation(byte)).count();
        let inside = self.text.as_bytes().get(end).is_some_and(|&byte| is_continuation(byte));
        (line, column as u32 + u32::from(!inside))
    }

    /// The 1-based line of a byte.
    pub fn line(&self, offset: u32) -> u32 {
        self.lines().partition_point(|&start| start <= offset) as u32
    }

    fn lines(&self) -> &[u32] {
        self.lines.get_or_init(|| line_starts(self.text.as_bytes()))
    }

    pub(super) fn node(&self, index: u32) -> Node {
        self.nodes[index as usize]
    }

    pub(super) fn slice(&self, span: Span) -> &str {
        &self.text[span.range()]
    }

    pub(super) fn nodes(&self) -> &[Node] {
        &self.nodes
    }
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document")
            .field("file", &self.file)
            .field("bytes", &self.text.len())
            .field("nodes", &self.nodes.len())
            .field("has_errors", &self.has_errors)
            .finish_non_exhaustive()
    }
}

fn is_continuation(byte: u8) -> bool {
    byte & 0xc0 == 0x80
}

/// Lines end at LF, CRLF or a lone CR.
fn line_starts(bytes: &[u8]) -> Vec<u32> {
    let mut starts = vec![0];
    for index in memchr::memchr2_iter(b'\n', b'\r', bytes) {
        if bytes[index] == b'\n' || bytes.get(index + 1) != Some(&b'\n') {
            starts.push(index as u32 + 1);
        }
    }
    starts
}
