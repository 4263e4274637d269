//! Filters on text.

use super::FilterError;
use super::scan::{BLANKS, is_blank};

/// A filter on a text field, such as `FOO%,-FOOD`.
///
/// Matches where any of `include` matches, or none is given, and none of `exclude` matches. Excluding a value or a
/// pattern keeps nulls; excluding [`StringMatch::Null`] or [`StringMatch::Empty`] does not. Both lists empty match
/// anything. Whether case counts is the model's to say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct StringFilter {
    /// Any of these.
    pub include: Vec<StringMatch>,
    /// None of these.
    pub exclude: Vec<StringMatch>,
}

/// What one term of a [`StringFilter`] matches.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum StringMatch {
    /// This very text.
    Equals(String),
    /// A text of this shape.
    Pattern(Pattern),
    /// Null, or a text of no characters.
    Empty,
    /// Null.
    Null,
}

/// The shape of a text: its pieces one after the other, from its first to its last character.
///
/// At least one piece is no literal, no two literals and no two [`PatternPiece::AnyRun`] are neighbours, and no literal
/// is empty.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pattern(pub Vec<PatternPiece>);

/// A piece of a [`Pattern`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PatternPiece {
    /// These characters.
    Literal(String),
    /// Any characters, or none: `%`.
    AnyRun,
    /// Any one character: `_`.
    AnyOne,
}

/// Terms that are words of the language when they stand without quotes or escapes. Letters of mixed case are none:
/// `Null` is a value.
const KEYWORDS: [(&str, Keyword); 6] = [
    ("EMPTY", Keyword::Empty),
    ("empty", Keyword::Empty),
    ("NULL", Keyword::Null),
    ("null", Keyword::Null),
    // Not in the language of text, but models write it on text ids and mean `-NULL`; no value is called that.
    ("NOT NULL", Keyword::NotNull),
    ("not null", Keyword::NotNull),
];

#[derive(Clone, Copy)]
enum Keyword {
    Empty,
    Null,
    NotNull,
}

impl StringFilter {
    /// Reads a filter on text. Blank text matches anything; almost every other text has a meaning too.
    ///
    /// - Terms stand between commas, a leading `-` excludes. Blanks around a term do not count; a term of nothing is
    ///   passed over.
    /// - `%` is any run of characters and `_` any one, `EMPTY` and `NULL` (or in lower case) are words.
    /// - `"..."` is meant literally, with `\"` for a quote in it.
    /// - `^` before one of `" % _ , ^ - \` or a blank takes its meaning away, as does `\` before `" % _ , ^ -`.
    ///   As the last blank of a term is written twice, so `^ ^ ` at its end is one blank.
    ///
    /// Fails when commas stand there and nothing between them: a slip must not turn a filter off.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        let mut filter = Self::default();
        let mut reader = TermReader { text, position: 0 };
        let mut terms = 0;
        loop {
            let (term, more) = reader.term();
            if let Some((sign, found)) = term {
                terms += 1;
                filter.add(sign, found);
            }
            if !more {
                break;
            }
        }
        if terms == 0 && !text.bytes().all(is_blank) {
            return Err(FilterError::new(
                0..text.len(),
                "expected a value between the commas; an empty filter matches anything, `\",\"` matches a comma",
            ));
        }
        Ok(filter)
    }

    /// Whether the filter matches anything, null included.
    pub fn is_any(&self) -> bool {
        self.include.is_empty() && self.exclude.is_empty()
    }

    fn add(&mut self, sign: Sign, found: StringMatch) {
        match sign {
            Sign::Include => self.include.push(found),
            Sign::Exclude => self.exclude.push(found),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    Include,
    Exclude,
}

/// Reads terms from left to right, each character once.
struct TermReader<'t> {
    text: &'t str,
    position: usize,
}

impl TermReader<'_> {
    /// Reads up to and over the next comma, or to the end. Gives the term if there is one, and whether more may follow.
    fn term(&mut self) -> (Option<(Sign, StringMatch)>, bool) {
        self.skip_blanks();
        let mut sign = Sign::Include;
        // A lone `-` is a value: it stands for "nothing" in many tables.
        if self.peek() == Some('-') && !self.is_lone_dash() {
            self.position += 1;
            sign = Sign::Exclude;
            self.skip_blanks();
        }
        let mut pieces = Pieces::default();
        if let Some(quoted) = self.quoted() {
            pieces.push_quoted(&quoted);
        }
        self.raw(&mut pieces);
        let more = self.peek().is_some();
        self.position += usize::from(more);
        (pieces.finish(sign), more)
    }

    /// Whether nothing but blanks stands between the `-` here and the end of the term.
    fn is_lone_dash(&self) -> bool {
        let after = self.text.as_bytes()[self.position + 1..].iter().find(|byte| !is_blank(**byte));
        matches!(after, None | Some(b','))
    }

    fn peek(&self) -> Option<char> {
        self.text[self.position..].chars().next()
    }

    fn skip_blanks(&mut self) {
        while self.text.as_bytes().get(self.position).copied().is_some_and(is_blank) {
            self.position += 1;
        }
    }

    /// Steps over `"..."` and gives what stands in it. A quote that is never closed is a plain character.
    fn quoted(&mut self) -> Option<String> {
        let inside = self.text[self.position..].strip_prefix('"')?;
        let mut content = String::new();
        let mut kept = 0;
        for (at, _) in inside.match_indices('"') {
            if !inside[..at].ends_with('\\') {
                content.push_str(&inside[kept..at]);
                self.position += at + 2;
                return Some(content);
            }
            content.push_str(&inside[kept..at - 1]);
            content.push('"');
            kept = at + 1;
        }
        None
    }

    /// Reads the unquoted part of a term, up to its comma.
    fn raw(&mut self, pieces: &mut Pieces) {
        while let Some(character) = self.peek() {
            let next = self.text.as_bytes().get(self.position + character.len_utf8()).copied();
            match (character, next) {
                (',', _) => break,
                ('^', Some(escaped @ (b'"' | b'%' | b'_' | b',' | b'^' | b'-' | b'\\' | b' ')))
                | ('\\', Some(escaped @ (b'"' | b'%' | b'_' | b',' | b'^' | b'-'))) => {
                    pieces.push_escaped(char::from(escaped));
                    self.position += 2;
                    continue;
                }
                ('%', _) => pieces.push_wildcard(PatternPiece::AnyRun),
                ('_', _) => pieces.push_wildcard(PatternPiece::AnyOne),
                _ => pieces.push_plain(character),
            }
            self.position += character.len_utf8();
        }
    }
}

/// The pieces of a term while it is read.
#[derive(Default)]
struct Pieces {
    done: Vec<PatternPiece>,
    literal: String,
    /// Blanks that count only if something follows them in the term.
    blanks: String,
    /// Escaped blanks since the last character that is not one.
    escaped_blanks: usize,
    /// Whether the text is more than the characters that stand there.
    is_quoted: bool,
}

impl Pieces {
    fn push_plain(&mut self, character: char) {
        if BLANKS.contains(&character) {
            self.blanks.push(character);
            return;
        }
        self.keep_blanks();
        self.literal.push(character);
    }

    fn push_escaped(&mut self, character: char) {
        self.is_quoted = true;
        if character == ' ' {
            self.literal.push_str(&self.blanks);
            self.blanks.clear();
            self.escaped_blanks += 1;
        } else {
            self.keep_blanks();
        }
        self.literal.push(character);
    }

    fn push_quoted(&mut self, content: &str) {
        self.is_quoted = true;
        self.literal.push_str(content);
    }

    fn push_wildcard(&mut self, piece: PatternPiece) {
        self.keep_blanks();
        self.end_literal();
        let repeats = piece == PatternPiece::AnyRun && self.done.last() == Some(&PatternPiece::AnyRun);
        if !repeats {
            self.done.push(piece);
        }
    }

    fn keep_blanks(&mut self) {
        self.literal.push_str(&self.blanks);
        self.blanks.clear();
        self.escaped_blanks = 0;
    }

    fn end_literal(&mut self) {
        if !self.literal.is_empty() {
            self.done.push(PatternPiece::Literal(std::mem::take(&mut self.literal)));
        }
    }

    /// The term as a whole, if anything stands there.
    fn finish(mut self, sign: Sign) -> Option<(Sign, StringMatch)> {
        // Writers of filters double the last escaped blank of a term.
        if self.escaped_blanks > 1 {
            self.literal.pop();
        }
        if !self.done.is_empty() {
            self.end_literal();
            return Some((sign, StringMatch::Pattern(Pattern(self.done))));
        }
        if self.is_quoted {
            return Some((sign, StringMatch::Equals(self.literal)));
        }
        if self.literal.is_empty() {
            return None;
        }
        Some(match (keyword(&self.literal), sign) {
            (Some(Keyword::Empty), _) => (sign, StringMatch::Empty),
            (Some(Keyword::Null), _) => (sign, StringMatch::Null),
            (Some(Keyword::NotNull), Sign::Include) => (Sign::Exclude, StringMatch::Null),
            (Some(Keyword::NotNull), Sign::Exclude) | (None, _) => (sign, StringMatch::Equals(self.literal)),
        })
    }
}

fn keyword(term: &str) -> Option<Keyword> {
    KEYWORDS.iter().find(|(word, _)| *word == term).map(|(_, keyword)| *keyword)
}

/// Whether a text is a word of the language rather than a value.
pub(super) fn is_keyword(text: &str) -> bool {
    keyword(text).is_some()
}
