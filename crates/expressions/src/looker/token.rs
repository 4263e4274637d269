//! Text to tokens.

use super::diagnostic::{Diagnostic, Diagnostics, Span, excerpt};
use super::tree::{Operator, Part, Reference};
use super::{NodeKind, Number};

/// A piece of an expression's text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum TokenKind {
    /// A number, text, filter or reference: a node by itself.
    Leaf(NodeKind),
    /// A word: a function, a constant or a misspelt operator.
    Name,
    Operator(Operator),
    Not,
    Open,
    Close,
    Comma,
    End,
}

/// What other languages write, and what it is called here.
const FOREIGN_OPERATORS: [(&str, Operator); 5] = [
    ("==", Operator::Equal),
    ("<>", Operator::NotEqual),
    ("&&", Operator::And),
    ("||", Operator::Or),
    ("=>", Operator::GreaterOrEqual),
];

/// The longer ones first.
const OPERATORS: [(&str, Operator); 10] = [
    ("!=", Operator::NotEqual),
    (">=", Operator::GreaterOrEqual),
    ("<=", Operator::LessOrEqual),
    ("=", Operator::Equal),
    (">", Operator::Greater),
    ("<", Operator::Less),
    ("+", Operator::Plus),
    ("-", Operator::Minus),
    ("*", Operator::Times),
    ("/", Operator::Over),
];

/// What there is no operator for, and what does it instead.
const MISSING_OPERATORS: [(char, &str); 8] = [
    ('%', "the remainder of a division is `mod(value, divisor)`"),
    ('^', "a power is `power(base, exponent)`"),
    ('&', "texts are joined with `concat(a, b)`, conditions with `AND`"),
    ('|', "texts are joined with `concat(a, b)`, conditions with `OR`"),
    ('!', "the opposite of a condition is `NOT condition`"),
    ('.', "a field is written `${view.field}`"),
    ('$', "a field is written `${view.field}`"),
    ('[', "a list is `list(a, b)`"),
];

/// Cuts a text into tokens, the last of which is [`TokenKind::End`].
pub(super) fn tokens(text: &str, diagnostics: &mut Diagnostics) -> Vec<Token> {
    let mut lexer = Lexer { text, position: 0, diagnostics };
    let mut tokens = Vec::new();
    while let Some(token) = lexer.token() {
        tokens.push(token);
    }
    tokens.push(Token { kind: TokenKind::End, span: text.len()..text.len() });
    tokens
}

struct Lexer<'t, 'd> {
    text: &'t str,
    position: usize,
    diagnostics: &'d mut Diagnostics,
}

impl<'t> Lexer<'t, '_> {
    /// The next token, over what has no meaning.
    fn token(&mut self) -> Option<Token> {
        loop {
            self.skip_blanks_and_comments();
            let start = self.position;
            let first = self.rest().chars().next()?;
            if let Some(kind) = self.kind(first) {
                return Some(Token { kind, span: start..self.position });
            }
        }
    }

    fn rest(&self) -> &'t str {
        &self.text[self.position..]
    }

    fn take(&mut self, bytes: usize) -> &'t str {
        let taken = &self.rest()[..bytes];
        self.position += bytes;
        taken
    }

    fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        self.take(rest.find(|character| !belongs(character)).unwrap_or(rest.len()))
    }

    fn skip_blanks_and_comments(&mut self) {
        loop {
            self.take_while(char::is_whitespace);
            if !self.rest().starts_with('#') {
                return;
            }
            self.take_while(|character| character != '\n');
        }
    }

    fn kind(&mut self, first: char) -> Option<TokenKind> {
        match first {
            '(' => Some(self.symbol(TokenKind::Open)),
            ')' => Some(self.symbol(TokenKind::Close)),
            ',' => Some(self.symbol(TokenKind::Comma)),
            '"' => Some(self.quoted_text('"')),
            '\'' => Some(self.foreign_text()),
            '`' => Some(self.filter()),
            '$' if self.rest().starts_with("${") => Some(self.reference()),
            '0'..='9' | '.' if self.starts_number() => Some(self.number()),
            _ if is_word(first) => Some(self.word()),
            _ => self.operator().or_else(|| self.unknown(first)),
        }
    }

    fn symbol(&mut self, kind: TokenKind) -> TokenKind {
        self.position += 1;
        kind
    }

    fn starts_number(&self) -> bool {
        let after_point = self.rest().strip_prefix('.').unwrap_or(self.rest());
        after_point.starts_with(|character: char| character.is_ascii_digit())
    }

    fn number(&mut self) -> TokenKind {
        let start = self.position;
        let digits = |character: char| character.is_ascii_digit();
        self.take_while(digits);
        let has_fraction =
            self.rest().strip_prefix('.').is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()));
        if has_fraction {
            self.take(1);
            self.take_while(digits);
        }
        let text = &self.text[start..self.position];
        TokenKind::Leaf(Number::parse(text).map_or_else(
            || {
                let message = format!("the number `{}` is out of range", excerpt(text));
                self.report(start, message, "numbers lie between -1.7e308 and 1.7e308");
                NodeKind::Missing
            },
            NodeKind::Number,
        ))
    }

    /// `"..."` with `\"` and `\\`; any other backslash is itself.
    fn quoted_text(&mut self, quote: char) -> TokenKind {
        let start = self.position;
        self.take(1);
        let mut content = String::new();
        loop {
            content.push_str(self.take_while(|character| character != quote && character != '\\'));
            let mut ahead = self.rest().chars();
            match (ahead.next(), ahead.next()) {
                (None, _) => {
                    let message = "the text that begins here does not end";
                    self.report(start, message, format!("write `{quote}` behind it"));
                    break;
                }
                (Some('\\'), Some(escaped)) if escaped == quote || escaped == '\\' => {
                    content.push(escaped);
                    self.take(2);
                }
                (Some('\\'), _) => content.push_str(self.take(1)),
                (Some(_), _) => {
                    self.take(1);
                    break;
                }
            }
        }
        TokenKind::Leaf(NodeKind::Text(content))
    }

    fn foreign_text(&mut self) -> TokenKind {
        let start = self.position;
        let text = self.quoted_text('\'');
        self.report(start, "text does not stand in single quotes", "write it in double quotes: `\"text\"`");
        text
    }

    /// Line breaks and tabs in a filter are blanks.
    fn filter(&mut self) -> TokenKind {
        let start = self.position;
        self.take(1);
        let content = self.take_while(|character| character != '`').replace(['\n', '\r', '\t'], " ");
        if self.rest().is_empty() {
            self.report(start, "the filter expression that begins here does not end", "write a backtick behind it");
        } else {
            self.take(1);
        }
        TokenKind::Leaf(NodeKind::Filter(content))
    }

    fn reference(&mut self) -> TokenKind {
        let start = self.position;
        self.take(2);
        let content = self.take_while(|character| !matches!(character, '}' | '\n' | '"' | '$'));
        if self.rest().starts_with('}') {
            self.take(1);
        } else {
            self.report(start, "the field that begins here does not end", "write `}` behind its name");
        }
        TokenKind::Leaf(self.named_field(start, content))
    }

    fn named_field(&mut self, start: usize, content: &str) -> NodeKind {
        let mut pieces = content.split(':').map(str::trim);
        let name = pieces.next().unwrap_or_default().to_owned();
        let parts: Vec<&str> = pieces.take(3).collect();
        let part = match parts[..] {
            [] => Part::Value,
            ["total"] => Part::Total,
            ["row_total"] => Part::RowTotal,
            ["total", "row_total"] | ["row_total", "total"] => Part::GrandTotal,
            _ => {
                let message = format!("`{}` is no part of a field", excerpt(&parts.join(":")));
                let name = excerpt(&name);
                self.report(start, message, format!("write `${{{name}:total}}` or `${{{name}:row_total}}`"));
                Part::Value
            }
        };
        if name.is_empty() {
            self.report(start, "the name of the field is missing", "write `${view.field}`");
            return NodeKind::Missing;
        }
        NodeKind::Reference(Reference { name, part })
    }

    fn word(&mut self) -> TokenKind {
        let start = self.position;
        let word = self.take_while(|character| is_word(character) || character.is_ascii_digit());
        let followed_by_arguments = self.rest().trim_start().starts_with('(');
        match word {
            "AND" => TokenKind::Operator(Operator::And),
            "OR" => TokenKind::Operator(Operator::Or),
            "NOT" => TokenKind::Not,
            "yes" => TokenKind::Leaf(NodeKind::Yesno(true)),
            "no" => TokenKind::Leaf(NodeKind::Yesno(false)),
            "null" => TokenKind::Leaf(NodeKind::Null),
            _ => self.other_word(start, word, followed_by_arguments),
        }
    }

    /// A word of the language in letters of the wrong case, or the name of a function.
    fn other_word(&mut self, start: usize, word: &str, followed_by_arguments: bool) -> TokenKind {
        let meant = match &*word.to_ascii_lowercase() {
            "and" => (TokenKind::Operator(Operator::And), "AND"),
            "or" => (TokenKind::Operator(Operator::Or), "OR"),
            "not" => (TokenKind::Not, "NOT"),
            "yes" | "true" if !followed_by_arguments => (TokenKind::Leaf(NodeKind::Yesno(true)), "yes"),
            "no" | "false" if !followed_by_arguments => (TokenKind::Leaf(NodeKind::Yesno(false)), "no"),
            "null" if !followed_by_arguments => (TokenKind::Leaf(NodeKind::Null), "null"),
            _ => return TokenKind::Name,
        };
        self.report(start, format!("`{word}` is written otherwise here"), format!("write `{}`", meant.1));
        meant.0
    }

    fn operator(&mut self) -> Option<TokenKind> {
        let start = self.position;
        let foreign = FOREIGN_OPERATORS.iter().find(|(symbol, _)| self.rest().starts_with(symbol));
        if let Some((symbol, operator)) = foreign {
            self.take(symbol.len());
            self.report(start, format!("there is no operator `{symbol}`"), format!("write `{}`", operator.symbol()));
            return Some(TokenKind::Operator(*operator));
        }
        let (symbol, operator) = OPERATORS.iter().find(|(symbol, _)| self.rest().starts_with(symbol))?;
        self.take(symbol.len());
        Some(TokenKind::Operator(*operator))
    }

    /// Steps over a run of one character that has no meaning.
    fn unknown(&mut self, first: char) -> Option<TokenKind> {
        let start = self.position;
        self.take_while(|character| character == first);
        let message = format!("`{first}` has no meaning here");
        let instead = MISSING_OPERATORS.iter().find(|(symbol, _)| *symbol == first);
        let diagnostic = Diagnostic::new(start..self.position, message);
        self.diagnostics.push(match instead {
            Some((_, help)) => diagnostic.help(*help),
            None => diagnostic,
        });
        None
    }

    fn report(&mut self, start: usize, message: impl Into<String>, help: impl Into<String>) {
        self.diagnostics.push(Diagnostic::new(start..self.position, message).help(help));
    }
}

fn is_word(character: char) -> bool {
    character == '_' || character.is_alphabetic()
}
