//! Walking a document: items, blocks, lists, scalars and bodies as views into its text.

use super::document::{Document, Kind, Node};
use crate::diagnostic::{Location, Span};
use std::borrow::Cow;
use std::iter::FusedIterator;

/// A parameter: a key with its value.
#[derive(Debug, Clone, Copy)]
pub struct Item<'a> {
    document: &'a Document,
    index: u32,
}

impl<'a> Item<'a> {
    /// The key, such as `dimension`.
    pub fn key(&self) -> &'a str {
        self.document.slice(self.key_span())
    }

    /// Where the key stands.
    pub fn key_span(&self) -> Span {
        self.node().key()
    }

    /// From the key to the end of the value, with what closes it.
    pub fn span(&self) -> Span {
        Span::new(self.key_span().start, self.node().end)
    }

    /// From the key to the end of the value, for a block to the end of its name: the part to point at.
    pub fn head_span(&self) -> Span {
        let end = match self.value() {
            Value::Block(block) => block.name().map_or(self.key_span().end, |name| name.span().end),
            Value::List(_) | Value::Scalar(_) | Value::Body(_) => self.node().end,
        };
        Span::new(self.key_span().start, end)
    }

    /// The value.
    pub fn value(&self) -> Value<'a> {
        value(self.document, self.index)
    }

    /// The place of [`Item::head_span`] in the project.
    pub fn location(&self) -> Location {
        self.document.location(self.head_span())
    }

    /// The document it stands in.
    pub fn document(&self) -> &'a Document {
        self.document
    }

    /// The value, when it is a scalar.
    pub fn scalar(&self) -> Option<Scalar<'a>> {
        if let Value::Scalar(scalar) = self.value() { Some(scalar) } else { None }
    }

    /// The value, when it is a block.
    pub fn block(&self) -> Option<Block<'a>> {
        if let Value::Block(block) = self.value() { Some(block) } else { None }
    }

    /// The value, when it is a list.
    pub fn list(&self) -> Option<List<'a>> {
        if let Value::List(list) = self.value() { Some(list) } else { None }
    }

    /// The value, when it is a body.
    pub fn body(&self) -> Option<Body<'a>> {
        if let Value::Body(body) = self.value() { Some(body) } else { None }
    }

    pub(super) fn index(&self) -> u32 {
        self.index
    }

    /// The item at another node of the same document.
    pub(super) fn sibling(&self, index: u32) -> Self {
        Self { index, ..*self }
    }

    fn node(&self) -> Node {
        self.document.node(self.index)
    }
}

/// The parameters of a block or of a file, in order.
#[derive(Debug, Clone)]
pub struct Items<'a> {
    document: &'a Document,
    next: u32,
    end: u32,
}

impl<'a> Items<'a> {
    pub(super) fn new(document: &'a Document, next: u32, end: u32) -> Self {
        Self { document, next, end }
    }
}

impl<'a> Iterator for Items<'a> {
    type Item = Item<'a>;

    fn next(&mut self) -> Option<Item<'a>> {
        if self.next >= self.end {
            return None;
        }
        let index = self.next;
        self.next = self.document.node(index).next;
        Some(Item { document: self.document, index })
    }
}

impl FusedIterator for Items<'_> {}

/// What stands behind a key.
#[derive(Debug, Clone, Copy)]
pub enum Value<'a> {
    /// `{ ... }`, with or without a name before it.
    Block(Block<'a>),
    /// `[ ... ]`
    List(List<'a>),
    /// A string or a bareword.
    Scalar(Scalar<'a>),
    /// Text that ends with `;;`.
    Body(Body<'a>),
}

impl Value<'_> {
    /// Where it stands, with its quotes, brackets or braces; a block from its brace on, a body without its `;;`.
    pub fn span(&self) -> Span {
        match self {
            Self::Block(block) => block.span(),
            Self::List(list) => list.span(),
            Self::Scalar(scalar) => scalar.span(),
            Self::Body(body) => body.span(),
        }
    }
}

fn value(document: &Document, index: u32) -> Value<'_> {
    let node = document.node(index);
    match node.kind() {
        Kind::Block | Kind::NamedBlock => Value::Block(Block { document, index }),
        Kind::List => Value::List(List { document, index }),
        Kind::Body => Value::Body(Body { document, span: Span::new(node.start, node.end - 2) }),
        Kind::OpenBody => Value::Body(Body { document, span: node.value() }),
        kind => Value::Scalar(Scalar { document, span: node.value(), kind }),
    }
}

/// `{ ... }`, with or without a name before it.
#[derive(Debug, Clone, Copy)]
pub struct Block<'a> {
    document: &'a Document,
    index: u32,
}

impl<'a> Block<'a> {
    /// The name before the brace; the `+` of a refinement is part of it.
    pub fn name(&self) -> Option<Scalar<'a>> {
        if self.node().kind() != Kind::NamedBlock {
            return None;
        }
        let name = self.document.node(self.index + 1);
        Some(Scalar { document: self.document, span: name.value(), kind: name.kind() })
    }

    /// The parameters inside.
    pub fn items(&self) -> Items<'a> {
        let node = self.node();
        let first = self.index + 1 + u32::from(node.kind() == Kind::NamedBlock);
        Items::new(self.document, first, node.next)
    }

    /// From brace to brace, without the name.
    pub fn span(&self) -> Span {
        self.node().value()
    }

    fn node(&self) -> Node {
        self.document.node(self.index)
    }
}

/// `[ ... ]`
#[derive(Debug, Clone, Copy)]
pub struct List<'a> {
    document: &'a Document,
    index: u32,
}

impl<'a> List<'a> {
    /// What stands between the brackets, without the commas.
    pub fn elements(&self) -> Elements<'a> {
        let node = self.document.node(self.index);
        Elements { items: Items::new(self.document, self.index + 1, node.next) }
    }

    /// From bracket to bracket.
    pub fn span(&self) -> Span {
        self.document.node(self.index).value()
    }

    /// Where it stands in the project.
    pub fn location(&self) -> Location {
        self.document.location(self.span())
    }
}

/// The elements of a list, in order.
#[derive(Debug, Clone)]
pub struct Elements<'a> {
    items: Items<'a>,
}

impl<'a> Iterator for Elements<'a> {
    type Item = Element<'a>;

    fn next(&mut self) -> Option<Element<'a>> {
        let item = self.items.next()?;
        let node = item.node();
        if node.key().start == node.key().end {
            return Some(Element::Scalar(Scalar { document: item.document, span: node.value(), kind: node.kind() }));
        }
        let span = node.key();
        let quoted = item.document.text().as_bytes()[span.start as usize] == b'"';
        let kind = if quoted { Kind::Escaped } else { Kind::Bare };
        Some(Element::Pair(Scalar { document: item.document, span, kind }, item.value()))
    }
}

impl FusedIterator for Elements<'_> {}

/// One element of a list.
#[derive(Debug, Clone, Copy)]
pub enum Element<'a> {
    /// A string or a bareword.
    Scalar(Scalar<'a>),
    /// `key: value`, where the value is a scalar or a list.
    Pair(Scalar<'a>, Value<'a>),
}

impl Element<'_> {
    /// Where it stands.
    pub fn span(&self) -> Span {
        match self {
            Self::Scalar(scalar) => scalar.span(),
            Self::Pair(key, value) => Span::new(key.span().start, value.span().end),
        }
    }
}

/// A string or a bareword.
#[derive(Debug, Clone, Copy)]
pub struct Scalar<'a> {
    document: &'a Document,
    span: Span,
    kind: Kind,
}

impl<'a> Scalar<'a> {
    /// What it means: `\"` in a string stands for a quote, every other backslash for itself.
    pub fn text(&self) -> Cow<'a, str> {
        let source = self.source();
        match self.kind {
            Kind::Escaped | Kind::OpenQuoted => unescape(source),
            Kind::Spaced => Cow::Owned(source.chars().filter(|&c| !c.is_whitespace()).collect()),
            _ => Cow::Borrowed(source),
        }
    }

    /// What is written: the text between the quotes with its backslashes, or the bareword.
    pub fn source(&self) -> &'a str {
        let Span { start, end } = self.span;
        let inner = match self.kind {
            Kind::Quoted | Kind::Escaped => Span::new(start + 1, end - 1),
            Kind::OpenQuoted => Span::new(start + 1, end),
            _ => self.span,
        };
        self.document.slice(inner)
    }

    /// Whether it stands in double quotes.
    pub fn quoted(&self) -> bool {
        matches!(self.kind, Kind::Quoted | Kind::Escaped | Kind::OpenQuoted)
    }

    /// Where it stands, with its quotes.
    pub fn span(&self) -> Span {
        self.span
    }

    /// Where it stands in the project.
    pub fn location(&self) -> Location {
        self.document.location(self.span)
    }
}

/// Reads left to right, so that the second of two backslashes never escapes the quote behind it.
fn unescape(source: &str) -> Cow<'_, str> {
    let bytes = source.as_bytes();
    let mut text = String::new();
    let mut copied = 0;
    let mut from = 0;
    while let Some(found) = memchr::memchr(b'\\', &bytes[from..]) {
        let backslash = from + found;
        if bytes.get(backslash + 1) == Some(&b'"') {
            text.push_str(&source[copied..backslash]);
            copied = backslash + 1;
        }
        from = (backslash + 2).min(bytes.len());
    }
    if copied == 0 {
        return Cow::Borrowed(source);
    }
    text.push_str(&source[copied..]);
    Cow::Owned(text)
}

/// Text that ends with `;;`: SQL, HTML or an expression.
#[derive(Debug, Clone, Copy)]
pub struct Body<'a> {
    document: &'a Document,
    span: Span,
}

impl<'a> Body<'a> {
    /// The text without the blanks before it; those behind it are kept, as the API shows them.
    pub fn text(&self) -> &'a str {
        self.document.slice(self.span)
    }

    /// Where the text stands, without the `;;`.
    pub fn span(&self) -> Span {
        self.span
    }

    /// Where it stands in the project.
    pub fn location(&self) -> Location {
        self.document.location(self.span)
    }
}
