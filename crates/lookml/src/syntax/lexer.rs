//! Reading tokens off the text, one at a time, as the parser asks for them.
//!
//! What a token is depends on where it stands (a body only begins behind certain keys), so the parser drives. Every
//! search for a closing mark that fails is remembered: the text is never searched twice for the same thing.

use super::document::Kind;
use super::keywords;
use super::token::{Sink, TokenKind};
use crate::diagnostic::Span;
use memchr::{memchr, memchr2, memchr3, memrchr2};

/// What a byte can be part of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Word,
    Blank,
    /// Punctuation, quotes, `#` and `;`.
    Mark,
    Control,
    /// The first byte of U+00A0 and of other characters.
    MaybeBlank,
}

const CLASSES: [Class; 256] = {
    let mut table = [Class::Word; 256];
    let mut byte = 0;
    while byte < 0x20 {
        table[byte] = Class::Control;
        byte += 1;
    }
    table[0x7f] = Class::Control;
    let blanks = b" \t\n\r\x0c";
    let mut index = 0;
    while index < blanks.len() {
        table[blanks[index] as usize] = Class::Blank;
        index += 1;
    }
    let marks = b"{}[]:,;\"#";
    let mut index = 0;
    while index < marks.len() {
        table[marks[index] as usize] = Class::Mark;
        index += 1;
    }
    table[0xc2] = Class::MaybeBlank;
    table
};

const NO_BREAK_SPACE: [u8; 2] = [0xc2, 0xa0];
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// A reference in the wrong place is not searched further than this for its closing brace.
const REFERENCE_LENGTH: usize = 200;

/// A string as it was found.
pub(super) struct StringToken {
    pub span: Span,
    pub kind: Kind,
}

/// A body as it was found: its text, and where its `;;` ends if it has one.
pub(super) struct BodyToken {
    pub text: Span,
    pub terminated: bool,
}

/// The text with the place up to which it has been read.
pub(super) struct Lexer<'t, S> {
    text: &'t str,
    bytes: &'t [u8],
    position: usize,
    /// No string that begins here or later has a closing quote.
    no_quote_from: usize,
    /// No `;;` stands here or later.
    no_terminator_from: usize,
    sink: S,
    #[cfg(test)]
    steps: std::cell::Cell<usize>,
}

impl<'t, S: Sink> Lexer<'t, S> {
    pub fn new(text: &'t str, sink: S) -> Self {
        let bytes = text.as_bytes();
        Self {
            text,
            bytes,
            position: 0,
            no_quote_from: usize::MAX,
            no_terminator_from: usize::MAX,
            sink,
            #[cfg(test)]
            steps: std::cell::Cell::default(),
        }
    }

    pub fn into_sink(self) -> S {
        self.sink
    }

    /// How many bytes were looked at.
    #[cfg(test)]
    pub fn steps(&self) -> usize {
        self.steps.get()
    }

    /// Notes that so many bytes were looked at.
    #[cfg(test)]
    fn count(&self, bytes: usize) {
        self.steps.set(self.steps.get() + bytes + 1);
    }

    /// Only tests count.
    #[cfg(not(test))]
    #[inline]
    #[expect(clippy::unused_self, reason = "the tests' counterpart uses it")]
    fn count(&self, _: usize) {}

    pub fn position(&self) -> u32 {
        self.position as u32
    }

    pub fn slice(&self, span: Span) -> &'t str {
        &self.text[span.range()]
    }

    /// The next byte.
    #[inline]
    pub fn peek(&self) -> Option<u8> {
        self.bytes.get(self.position).copied()
    }

    /// True when a word begins here.
    #[inline]
    pub fn at_word(&self) -> bool {
        self.word_at(self.position)
    }

    #[inline]
    fn word_at(&self, position: usize) -> bool {
        match self.bytes.get(position) {
            Some(&byte) => match CLASSES[usize::from(byte)] {
                Class::Word => true,
                Class::MaybeBlank => self.bytes.get(position + 1) != Some(&NO_BREAK_SPACE[1]),
                Class::Blank | Class::Mark | Class::Control => false,
            },
            None => false,
        }
    }

    pub fn byte_order_mark(&mut self) {
        if self.text.starts_with(BYTE_ORDER_MARK) {
            self.take(TokenKind::ByteOrderMark, BYTE_ORDER_MARK.len());
        }
    }

    /// Passes blanks and comments.
    #[inline]
    pub fn trivia(&mut self) {
        loop {
            self.blanks();
            if self.peek() != Some(b'#') {
                return;
            }
            let end = self.line_end(self.position);
            self.take(TokenKind::Comment, end);
        }
    }

    #[inline]
    fn blanks(&mut self) {
        let end = self.blanks_end(self.position);
        if end > self.position {
            self.take(TokenKind::Whitespace, end);
        }
    }

    #[inline]
    fn blanks_end(&self, from: usize) -> usize {
        let mut end = from;
        while let Some(&byte) = self.bytes.get(end) {
            match CLASSES[usize::from(byte)] {
                Class::Blank => end += 1,
                Class::MaybeBlank if self.bytes.get(end + 1) == Some(&NO_BREAK_SPACE[1]) => end += 2,
                _ => break,
            }
        }
        self.count(end - from);
        end
    }

    /// Takes a word; one must begin here.
    #[inline]
    pub fn word(&mut self) -> Span {
        let start = self.position;
        let end = self.word_end(start);
        self.take(TokenKind::Word, end);
        Span::new(start as u32, end as u32)
    }

    #[inline]
    fn word_end(&self, from: usize) -> usize {
        let mut end = from;
        while let Some(&byte) = self.bytes.get(end) {
            match CLASSES[usize::from(byte)] {
                Class::Word => end += 1,
                Class::MaybeBlank if self.bytes.get(end + 1) != Some(&NO_BREAK_SPACE[1]) => end += 2,
                _ => break,
            }
        }
        self.count(end - from);
        end
    }

    /// Takes the word of a value. A lone `-` takes the word behind it along.
    #[inline]
    pub fn bareword(&mut self) -> (Span, Kind) {
        let first = self.word();
        if first.end - first.start > 1 || self.bytes[first.start as usize] != b'-' {
            return (first, Kind::Bare);
        }
        let next = self.blanks_end(self.position);
        if next == self.position || !self.word_at(next) {
            return (first, Kind::Bare);
        }
        self.blanks();
        let second = self.word();
        (Span::new(first.start, second.end), Kind::Spaced)
    }

    /// After the word `open`, which begins with a single quote: takes the rest up to the quote that would close it, if
    /// that stands on the same line.
    pub fn rest_of_single_quoted(&mut self, open: Span) -> Span {
        let bytes = &self.bytes[open.range()];
        if bytes.len() > 1 && bytes.ends_with(b"'") {
            return open;
        }
        match self.find(self.position, |rest| memchr3(b'\'', b'\n', b'\r', rest)) {
            Some(mark) if self.bytes[mark] == b'\'' => {
                self.take(TokenKind::Unknown, mark + 1);
                Span::new(open.start, mark as u32 + 1)
            }
            _ => open,
        }
    }

    /// After the word `open`: when it is the beginning of `@{name}` or `${name}`, takes the rest of that and what is
    /// written on behind it.
    pub fn rest_of_reference(&mut self, open: Span) -> Option<Span> {
        if self.peek() != Some(b'{') || !matches!(self.bytes[open.end as usize - 1], b'@' | b'$') {
            return None;
        }
        let window = &self.bytes[self.position..self.bytes.len().min(self.position + REFERENCE_LENGTH)];
        let mark = self.position + memchr3(b'}', b'\n', b'\r', window)?;
        if self.bytes[mark] != b'}' {
            return None;
        }
        let end = self.word_end(mark + 1);
        self.take(TokenKind::Unknown, end);
        Some(Span::new(open.start, end as u32))
    }

    /// Takes a string; its quote must stand here. Without a closing quote it ends with its line.
    pub fn string(&mut self) -> StringToken {
        let start = self.position;
        let (end, kind) = match self.closing_quote(start + 1) {
            Some((quote, kind)) if !self.closes_by_accident(start, quote, kind) => (quote + 1, kind),
            _ => (self.line_end(start), Kind::OpenQuoted),
        };
        self.take(TokenKind::String, end);
        StringToken { span: Span::new(start as u32, end as u32), kind }
    }

    fn closing_quote(&mut self, from: usize) -> Option<(usize, Kind)> {
        if from >= self.no_quote_from {
            return None;
        }
        let mut kind = Kind::Quoted;
        let mut at = from;
        while let Some(mark) = self.find(at, |rest| memchr2(b'"', b'\\', rest)) {
            if self.bytes[mark] == b'"' {
                return Some((mark, kind));
            }
            if self.bytes.get(mark + 1) == Some(&b'"') {
                kind = Kind::Escaped;
            }
            at = mark + 2;
        }
        self.no_quote_from = from;
        None
    }

    /// True when the quote at `quote` is rather the opening one of a later line's string, whose key stands before it:
    /// then the closing quote of this string was forgotten. Backslashes are not considered, so that no part of the
    /// text is read more than twice.
    fn closes_by_accident(&self, start: usize, quote: usize, kind: Kind) -> bool {
        if kind != Kind::Quoted || !self.word_at(quote + 1) {
            return false;
        }
        let inside = &self.bytes[start + 1..quote];
        self.count(2 * inside.len());
        let Some(line) = memrchr2(b'\n', b'\r', inside) else { return false };
        if inside.contains(&b'\\') {
            return false;
        }
        let last = &self.text[start + 2 + line..quote];
        last.trim().strip_suffix(':').is_some_and(|key| keywords::is_known(key.trim_end()))
    }

    /// Takes a body, from right behind the colon to its `;;`. Without one it ends before the first line that
    /// looks like a parameter or a closing brace.
    pub fn body(&mut self) -> BodyToken {
        self.blanks();
        let start = self.position;
        let (end, terminated) = match self.terminator(start) {
            Some(end) => (end, true),
            None => (self.end_of_open_body(start), false),
        };
        self.take(TokenKind::Body, end);
        if terminated {
            self.take(TokenKind::DoubleSemicolon, end + 2);
        }
        BodyToken { text: Span::new(start as u32, end as u32), terminated }
    }

    fn terminator(&mut self, from: usize) -> Option<usize> {
        if from >= self.no_terminator_from {
            return None;
        }
        let mut at = from;
        while let Some(mark) = self.find(at, |rest| memchr(b';', rest)) {
            if self.bytes.get(mark + 1) == Some(&b';') {
                return Some(mark);
            }
            at = mark + 1;
        }
        self.no_terminator_from = from;
        None
    }

    fn end_of_open_body(&self, start: usize) -> usize {
        let mut end = start;
        let mut line_start = start;
        while line_start < self.bytes.len() {
            let line = self.text[line_start..].trim_start_matches([' ', '\t']);
            self.count(self.bytes.len() - line.len() - line_start);
            if line.starts_with('}') || keywords::parameter_at_start(line).is_some() {
                return end;
            }
            end = self.line_end(line_start);
            line_start = end + 1;
        }
        end
    }

    fn line_end(&self, from: usize) -> usize {
        self.find(from, |rest| memchr2(b'\n', b'\r', rest)).unwrap_or(self.bytes.len())
    }

    /// Where the search hits first, from `from` on.
    #[inline]
    fn find(&self, from: usize, search: impl Fn(&[u8]) -> Option<usize>) -> Option<usize> {
        let rest = self.bytes.get(from..)?;
        let found = search(rest);
        self.count(found.unwrap_or(rest.len()));
        found.map(|length| from + length)
    }

    /// Takes punctuation of one byte.
    #[inline]
    pub fn mark(&mut self, kind: TokenKind) -> Span {
        let start = self.position;
        self.take(kind, start + 1);
        Span::new(start as u32, start as u32 + 1)
    }

    /// Takes whatever stands here that is neither a blank, a word nor a string: punctuation, or characters that have
    /// no place in the language.
    pub fn anything(&mut self) -> Span {
        let start = self.position;
        let rest = &self.bytes[start..];
        let (kind, length) = match rest[0] {
            b'{' => (TokenKind::OpenBrace, 1),
            b'}' => (TokenKind::CloseBrace, 1),
            b'[' => (TokenKind::OpenBracket, 1),
            b']' => (TokenKind::CloseBracket, 1),
            b':' => (TokenKind::Colon, 1),
            b',' => (TokenKind::Comma, 1),
            b';' if rest.get(1) == Some(&b';') => (TokenKind::DoubleSemicolon, 2),
            b';' => (TokenKind::Unknown, 1),
            _ => {
                let run = rest.iter().take_while(|&&byte| CLASSES[usize::from(byte)] == Class::Control);
                (TokenKind::Unknown, run.count().max(1))
            }
        };
        self.take(kind, start + length);
        Span::new(start as u32, (start + length) as u32)
    }

    /// Takes all that is left as one token.
    pub fn rest(&mut self) {
        self.take(TokenKind::Unknown, self.bytes.len());
    }

    /// True when only blanks stand between the start of the line and `offset`.
    pub fn begins_line(&self, offset: u32) -> bool {
        let before = self.text[..offset as usize].trim_end_matches([' ', '\t', '\u{a0}']);
        self.count(offset as usize - before.len());
        before.is_empty() || before.ends_with(['\n', '\r'])
    }

    /// True when `first` and `second` stand on one line with nothing but blanks between them.
    pub fn same_line(&self, first: u32, second: u32) -> bool {
        self.text[first as usize..second as usize].chars().all(|c| matches!(c, ' ' | '\t' | '\u{a0}'))
    }

    #[inline]
    fn take(&mut self, kind: TokenKind, end: usize) {
        self.sink.token(kind, self.position, end);
        self.position = end;
    }
}
