//! Reads a filter text from left to right: what the number, date and location grammars share.

use std::ops::Range;

use super::FilterError;

/// So many characters of a user's text are repeated in a message.
const EXCERPT_CHARACTERS: usize = 24;

/// Those around terms have no meaning.
pub(super) const BLANKS: [char; 4] = [' ', '\t', '\r', '\n'];

/// Whether a byte is one of the [`BLANKS`].
pub(super) fn is_blank(byte: u8) -> bool {
    BLANKS.contains(&char::from(byte))
}

/// A place in a text. Every `eat` steps over what it recognises and says so, or stays where it is.
pub(super) struct Scanner<'t> {
    text: &'t str,
    position: usize,
}

impl<'t> Scanner<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, position: 0 }
    }

    pub(super) fn position(&self) -> usize {
        self.position
    }

    /// Goes back to an earlier [`position`](Self::position).
    pub(super) fn return_to(&mut self, position: usize) {
        self.position = position;
    }

    pub(super) fn skip_blanks(&mut self) {
        while self.peek().is_some_and(is_blank) {
            self.position += 1;
        }
    }

    /// The next byte, blanks included.
    pub(super) fn peek(&self) -> Option<u8> {
        self.peek_at(0)
    }

    /// The byte that stands `distance` bytes further on.
    pub(super) fn peek_at(&self, distance: usize) -> Option<u8> {
        self.text.as_bytes().get(self.position + distance).copied()
    }

    /// Skips blanks and tells whether the text is used up.
    pub(super) fn at_end(&mut self) -> bool {
        self.skip_blanks();
        self.position == self.text.len()
    }

    /// Steps over one ASCII character that stands right here.
    pub(super) fn eat_here(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.position += usize::from(found);
        found
    }

    /// Steps over blanks and a symbol.
    pub(super) fn eat(&mut self, symbol: &str) -> bool {
        self.skip_blanks();
        let found = self.text.as_bytes()[self.position..].starts_with(symbol.as_bytes());
        self.position += if found { symbol.len() } else { 0 };
        found
    }

    /// Steps over blanks and a word in any case that no letter follows. `word` is in lower case.
    pub(super) fn eat_word(&mut self, word: &str) -> bool {
        self.skip_blanks();
        let rest = &self.text.as_bytes()[self.position..];
        let found = rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()))
            && !rest.get(word.len()).is_some_and(u8::is_ascii_alphabetic);
        self.position += if found { word.len() } else { 0 };
        found
    }

    /// Steps over several words, or none of them.
    pub(super) fn eat_words(&mut self, words: &[&str]) -> bool {
        self.skip_blanks();
        let start = self.position;
        let found = words.iter().all(|word| self.eat_word(word));
        if !found {
            self.position = start;
        }
        found
    }

    /// Steps over blanks and gives the letters that follow.
    pub(super) fn letters(&mut self) -> &'t str {
        self.skip_blanks();
        self.take_while(u8::is_ascii_alphabetic)
    }

    /// Gives the decimal digits that stand right here.
    pub(super) fn digits(&mut self) -> &'t str {
        self.take_while(u8::is_ascii_digit)
    }

    /// The text from an earlier position up to here.
    pub(super) fn since(&self, start: usize) -> &'t str {
        &self.text[start..self.position]
    }

    /// The place from an earlier position up to here, without the blanks before here.
    pub(super) fn span_since(&self, start: usize) -> Range<usize> {
        start..start + self.since(start).trim_end_matches(|character| BLANKS.contains(&character)).len()
    }

    /// That something else was expected here.
    pub(super) fn expected(&mut self, what: &str) -> FilterError {
        if self.at_end() {
            return FilterError::new(self.position..self.position, format!("expected {what}, but the text ends"));
        }
        let found = self.next_piece();
        FilterError::new(
            self.position..self.position + found.len(),
            format!("expected {what}, found `{}`", excerpt(found)),
        )
    }

    fn take_while(&mut self, belongs: impl Fn(&u8) -> bool) -> &'t str {
        let start = self.position;
        while self.peek().as_ref().is_some_and(&belongs) {
            self.position += 1;
        }
        self.since(start)
    }

    /// The rest of the text up to a blank or a comma, or the comma that stands here.
    fn next_piece(&self) -> &'t str {
        let rest = &self.text[self.position..];
        if rest.starts_with(',') {
            return &rest[..1];
        }
        rest.split([',', ' ', '\t', '\r', '\n']).next().unwrap_or(rest)
    }
}

/// The beginning of a user's text, short enough for a message.
pub(super) fn excerpt(text: &str) -> String {
    match text.char_indices().nth(EXCERPT_CHARACTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
