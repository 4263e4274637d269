//! The tokens of a file.

use crate::diagnostic::Span;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// U+FEFF at the start of the file.
    ByteOrderMark,
    /// Blanks and line ends.
    Whitespace,
    /// `#` up to the end of its line.
    Comment,
    /// A key, a name or a bareword.
    Word,
    /// A string with its quotes.
    String,
    /// The text between a key and its `;;`, without the blanks before it.
    Body,
    /// `:`
    Colon,
    /// `,`
    Comma,
    /// `{`
    OpenBrace,
    /// `}`
    CloseBrace,
    /// `[`
    OpenBracket,
    /// `]`
    CloseBracket,
    /// `;;`
    DoubleSemicolon,
    /// Text that has no place in the language.
    Unknown,
}

/// Where the parser puts its tokens: nowhere when only the tree is wanted.
pub(super) trait Sink {
    /// Takes the next token; empty ones are dropped.
    fn token(&mut self, kind: TokenKind, start: usize, end: usize);
}

/// Takes no tokens.
pub(super) struct NoTokens;

impl Sink for NoTokens {
    #[inline]
    fn token(&mut self, _: TokenKind, _: usize, _: usize) {}
}

impl Sink for Vec<(TokenKind, Span)> {
    fn token(&mut self, kind: TokenKind, start: usize, end: usize) {
        if start < end {
            self.push((kind, Span::new(start as u32, end as u32)));
        }
    }
}
