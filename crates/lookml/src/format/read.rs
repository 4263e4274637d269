//! From tokens to what is printed: parameters with the comments that belong to them.

use crate::diagnostic::Span;
use crate::syntax::{Document, TokenKind};

/// The parameters of a file or block, and the comments behind the last one.
#[derive(Debug, Default)]
pub struct Content<'t> {
    pub items: Vec<Item<'t>>,
    pub comments: Vec<Comment<'t>>,
}

/// A comment on a line of its own.
#[derive(Debug)]
pub struct Comment<'t> {
    /// Whether an empty line stands before it.
    pub apart: bool,
    pub text: &'t str,
}

/// A parameter.
#[derive(Debug)]
pub struct Item<'t> {
    /// Comments on lines of their own before it.
    pub comments: Vec<Comment<'t>>,
    /// Whether an empty line stands before it.
    pub apart: bool,
    pub key: &'t str,
    pub value: Value<'t>,
    /// A comment behind it on its line.
    pub trailing: Option<&'t str>,
}

#[derive(Debug)]
pub enum Value<'t> {
    /// A string or bareword as it is written.
    Scalar(String),
    Body(Body<'t>),
    List(List<'t>),
    Block(Block<'t>),
}

/// Text up to `;;`.
#[derive(Debug)]
pub struct Body<'t> {
    /// The blanks before its first line when it begins on a line of its own.
    pub own_line: Option<&'t str>,
    /// Without the blanks around it.
    pub text: &'t str,
    /// Whether `;;` stands on a line of its own.
    pub closed_below: bool,
}

#[derive(Debug)]
pub struct List<'t> {
    pub elements: Vec<ListElement<'t>>,
    /// Comments behind the last element.
    pub comments: Vec<Comment<'t>>,
    /// Whether it was written on several lines.
    pub tall: bool,
}

#[derive(Debug)]
pub struct ListElement<'t> {
    pub comments: Vec<Comment<'t>>,
    pub text: String,
    pub trailing: Option<&'t str>,
}

#[derive(Debug)]
pub struct Block<'t> {
    pub name: Option<String>,
    /// A comment behind the brace on its line.
    pub opening: Option<&'t str>,
    pub content: Content<'t>,
    /// Whether it was written on several lines.
    pub tall: bool,
}

/// Reads a file without syntax errors; `None` when a token has no place.
pub fn read(document: &Document) -> Option<Content<'_>> {
    let tokens: Vec<(TokenKind, Span)> = document.tokens().collect();
    let mut reader = Reader { text: document.text(), tokens, at: 0 };
    let content = reader.content()?;
    (reader.at == reader.tokens.len()).then_some(content)
}

struct Reader<'t> {
    text: &'t str,
    tokens: Vec<(TokenKind, Span)>,
    at: usize,
}

/// What stands between two tokens that mean something.
#[derive(Default)]
struct Between<'t> {
    /// A comment before the first line end.
    trailing: Option<&'t str>,
    comments: Vec<Comment<'t>>,
    /// Whether an empty line stands behind the last comment.
    apart: bool,
}

impl<'t> Reader<'t> {
    fn peek(&self) -> Option<TokenKind> {
        self.tokens.get(self.at).map(|(kind, _)| *kind)
    }

    fn slice(&self, index: usize) -> &'t str {
        &self.text[self.tokens[index].1.range()]
    }

    fn take(&mut self) -> &'t str {
        self.at += 1;
        self.slice(self.at - 1)
    }

    fn between(&mut self) -> Between<'t> {
        let mut between = Between::default();
        let mut lines = 0;
        let first = self.at == 0;
        while let Some(kind) = self.peek() {
            match kind {
                TokenKind::ByteOrderMark => {
                    self.at += 1;
                }
                TokenKind::Whitespace => lines += self.take().bytes().filter(|byte| *byte == b'\n').count(),
                TokenKind::Comment => {
                    let text = self.take().trim_end();
                    if lines == 0 && between.comments.is_empty() && between.trailing.is_none() && !first {
                        between.trailing = Some(text);
                    } else {
                        between.comments.push(Comment { apart: lines > 1, text });
                    }
                    lines = 0;
                }
                _ => break,
            }
        }
        between.apart = lines > 1;
        between
    }

    /// The parameters up to a closing brace or the end.
    fn content(&mut self) -> Option<Content<'t>> {
        let mut content = Content::default();
        let mut between = self.between();
        // A comment behind an opening brace is the block's, and taken before.
        if let Some(text) = between.trailing.take() {
            between.comments.insert(0, Comment { apart: false, text });
        }
        loop {
            if !matches!(self.peek(), Some(TokenKind::Word)) {
                content.comments = between.comments;
                return Some(content);
            }
            let mut item = self.item(between)?;
            between = self.between();
            item.trailing = item.trailing.or(between.trailing.take());
            content.items.push(item);
        }
    }

    fn item(&mut self, before: Between<'t>) -> Option<Item<'t>> {
        let mut comments = before.comments;
        let key = self.take();
        self.inner(&mut comments);
        while self.peek() == Some(TokenKind::Colon) {
            self.at += 1;
            if matches!(self.peek(), Some(TokenKind::Body | TokenKind::DoubleSemicolon)) {
                break;
            }
            if self.begins_body() {
                break;
            }
            self.inner(&mut comments);
        }
        let value = self.value(&mut comments)?;
        Some(Item { comments, apart: before.apart, key, value, trailing: None })
    }

    /// True when nothing but blanks stands before a body or its end.
    fn begins_body(&self) -> bool {
        let next = self.tokens.get(self.at + 1).map(|(kind, _)| *kind);
        self.peek() == Some(TokenKind::Whitespace) && matches!(next, Some(TokenKind::Body | TokenKind::DoubleSemicolon))
    }

    /// Passes blanks; comments inside a parameter are put before it.
    fn inner(&mut self, comments: &mut Vec<Comment<'t>>) {
        let between = self.between();
        comments.extend(between.trailing.map(|text| Comment { apart: false, text }));
        comments.extend(between.comments);
    }

    fn value(&mut self, comments: &mut Vec<Comment<'t>>) -> Option<Value<'t>> {
        match self.peek()? {
            TokenKind::Body | TokenKind::DoubleSemicolon | TokenKind::Whitespace => self.body().map(Value::Body),
            TokenKind::OpenBracket => self.list().map(Value::List),
            TokenKind::OpenBrace => self.block(None).map(Value::Block),
            TokenKind::Word | TokenKind::String => {
                let text = self.scalar();
                let mark = self.at;
                let between = self.between();
                if self.peek() != Some(TokenKind::OpenBrace) {
                    self.at = mark;
                    return Some(Value::Scalar(text));
                }
                comments.extend(between.trailing.map(|text| Comment { apart: false, text }));
                comments.extend(between.comments);
                self.block(Some(text)).map(Value::Block)
            }
            _ => None,
        }
    }

    /// A string or bareword; a `-` that blanks divide from its word is put to it.
    fn scalar(&mut self) -> String {
        let mut text = self.take().to_owned();
        let next = self.tokens.get(self.at + 1).map(|(kind, _)| *kind);
        if text == "-" && self.peek() == Some(TokenKind::Whitespace) && next == Some(TokenKind::Word) {
            self.at += 1;
            text.push_str(self.take());
        }
        text
    }

    fn body(&mut self) -> Option<Body<'t>> {
        let blanks = if self.peek() == Some(TokenKind::Whitespace) { self.take() } else { "" };
        let whole = if self.peek() == Some(TokenKind::Body) { self.take() } else { "" };
        if self.peek() != Some(TokenKind::DoubleSemicolon) {
            return None;
        }
        self.at += 1;
        let text = whole.trim_end();
        Some(Body {
            own_line: blanks.rfind('\n').map(|line| &blanks[line + 1..]),
            text,
            closed_below: whole[text.len()..].contains('\n'),
        })
    }

    fn list(&mut self) -> Option<List<'t>> {
        let open = self.tokens[self.at].1.start;
        self.at += 1;
        let mut list = List { elements: Vec::new(), comments: Vec::new(), tall: false };
        let mut pending: Vec<Comment<'t>> = Vec::new();
        loop {
            let between = self.between();
            match (between.trailing, list.elements.last_mut()) {
                (Some(text), Some(element)) if element.trailing.is_none() && pending.is_empty() => {
                    element.trailing = Some(text);
                }
                (Some(text), _) => pending.push(Comment { apart: false, text }),
                (None, _) => {}
            }
            pending.extend(between.comments);
            match self.peek()? {
                TokenKind::Comma => self.at += 1,
                TokenKind::CloseBracket => {
                    let close = self.tokens[self.at].1.start;
                    self.at += 1;
                    list.comments = pending;
                    list.tall = self.text[open as usize..close as usize].contains('\n');
                    return Some(list);
                }
                TokenKind::Word | TokenKind::String => {
                    let text = self.element(&mut pending)?;
                    list.elements.push(ListElement { comments: std::mem::take(&mut pending), text, trailing: None });
                }
                _ => return None,
            }
        }
    }

    /// An element on one line: a scalar, or a pair.
    fn element(&mut self, comments: &mut Vec<Comment<'t>>) -> Option<String> {
        let mut text = self.scalar();
        let mark = self.at;
        let between = self.between();
        if self.peek() != Some(TokenKind::Colon) {
            self.at = mark;
            return Some(text);
        }
        comments.extend(between.trailing.map(|text| Comment { apart: false, text }));
        comments.extend(between.comments);
        while self.peek() == Some(TokenKind::Colon) {
            self.at += 1;
            self.inner(comments);
        }
        text.push_str(": ");
        match self.peek()? {
            TokenKind::Word | TokenKind::String => text.push_str(&self.scalar()),
            TokenKind::OpenBracket => {
                let inner = self.list()?;
                for element in &inner.elements {
                    comments.extend(element.trailing.map(|text| Comment { apart: false, text }));
                }
                let texts: Vec<&str> = inner.elements.iter().map(|element| element.text.as_str()).collect();
                text.push('[');
                text.push_str(&texts.join(", "));
                text.push(']');
                comments.extend(inner.elements.into_iter().flat_map(|element| element.comments));
                comments.extend(inner.comments);
            }
            _ => return None,
        }
        Some(text)
    }

    fn block(&mut self, name: Option<String>) -> Option<Block<'t>> {
        let open = self.tokens[self.at].1.start;
        self.at += 1;
        let opening = self.opening_comment();
        let content = self.content()?;
        if self.peek() != Some(TokenKind::CloseBrace) {
            return None;
        }
        let close = self.tokens[self.at].1.start;
        self.at += 1;
        let tall = self.text[open as usize..close as usize].contains('\n');
        Some(Block { name, opening, content, tall })
    }

    /// A comment behind an opening brace on its line.
    fn opening_comment(&mut self) -> Option<&'t str> {
        let blank = self.peek() == Some(TokenKind::Whitespace) && !self.slice(self.at).contains('\n');
        let at = self.at + usize::from(blank);
        if self.tokens.get(at).map(|(kind, _)| *kind) != Some(TokenKind::Comment) {
            return None;
        }
        self.at = at;
        Some(self.take().trim_end())
    }
}
