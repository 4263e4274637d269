//! Cuts a program into tokens.

use super::language::{Code, Lexis, Quote};

/// A piece of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: Kind,
    /// Where it begins, in bytes; a string without its marks.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// Whether it is the first one on its line.
    pub begins_line: bool,
    /// For a bracket the index of the one that it belongs to; its own where there is none.
    pub partner: usize,
}

/// The kinds of tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    Number,
    /// A string.
    Text,
    /// One character, or several that mean one thing.
    Mark,
    /// Begins code inside a string.
    CodeBegin,
    /// Ends it.
    CodeEnd,
}

/// Marks of several characters that must not be taken for two of one.
const MARKS: [&str; 16] =
    ["===", "!==", "=>", "==", "!=", "<=", ">=", ":=", "->", "?.", "&.", "!!", "::", "&&", "||", "**"];

/// How deep code may stand in strings in code.
const MOST_DEPTH: usize = 8;

/// The tokens of a program in their order, without comments.
pub(super) fn tokens(text: &str, lexis: &Lexis) -> Vec<Token> {
    let mut lexer = Lexer { text, lexis, tokens: Vec::new(), begins_line: true, no_expression: 0 };
    lexer.range(0, text.len(), 0);
    pair(text, &mut lexer.tokens);
    lexer.tokens
}

struct Lexer<'a> {
    text: &'a str,
    lexis: &'a Lexis,
    tokens: Vec<Token>,
    begins_line: bool,
    /// Up to here no slash begins a regular expression.
    no_expression: usize,
}

impl Lexer<'_> {
    fn range(&mut self, start: usize, end: usize, depth: usize) {
        let mut at = start;
        while at < end {
            at = self.next(at, end, depth);
        }
    }

    /// Takes what begins at an offset; gives where it ends.
    fn next(&mut self, at: usize, end: usize, depth: usize) -> usize {
        let rest = &self.text[at..end];
        if let Some(after) = self.comment(rest) {
            return at + after;
        }
        let quote = self.lexis.strings.iter().find(|quote| rest.starts_with(quote.mark));
        if let Some(after) = quote.and_then(|quote| self.string(at, end, quote, depth)) {
            return after;
        }
        let Some(first) = rest.chars().next() else { return end };
        if first == '\n' {
            self.begins_line = true;
            return at + 1;
        }
        if first.is_whitespace() {
            return at + first.len_utf8();
        }
        if first == '_' || first == '$' || first == '@' || first.is_alphabetic() {
            let length = rest.find(|c: char| !(c == '_' || c == '$' || c == '@' || c.is_alphanumeric()));
            return self.push(Kind::Word, at, at + length.unwrap_or(rest.len()));
        }
        if first.is_ascii_digit() {
            let length = rest.find(|c: char| !(c == '_' || c.is_ascii_alphanumeric())).unwrap_or(rest.len());
            return self.push(Kind::Number, at, at + length);
        }
        if first == '/' && self.lexis.regular_expressions && at >= self.no_expression && self.takes_expression() {
            match regular_expression(rest) {
                Ok(length) => return at + length,
                // No other slash of the line begins one that ends.
                Err(length) => self.no_expression = at + length,
            }
        }
        let length = MARKS.iter().find(|mark| rest.starts_with(**mark)).map_or(first.len_utf8(), |mark| mark.len());
        self.push(Kind::Mark, at, at + length)
    }

    /// The length of a comment.
    fn comment(&mut self, rest: &str) -> Option<usize> {
        if self.lexis.line_comments.iter().any(|mark| rest.starts_with(mark)) {
            return Some(memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len()));
        }
        let (mark, end) = self.lexis.block_comments.iter().find(|(mark, _)| rest.starts_with(mark))?;
        let inside = &rest[mark.len()..];
        Some(mark.len() + inside.find(end).map_or(inside.len(), |at| at + end.len()))
    }

    /// A string with the code inside it; none where the mark begins no string.
    fn string(&mut self, at: usize, end: usize, quote: &Quote, depth: usize) -> Option<usize> {
        let start = at + quote.mark.len();
        let close = closing(&self.text[start..end], quote)?;
        let (content, after) = (start + close, (start + close + quote.mark.len()).min(end));
        let prefix = self.tokens.last().filter(|token| token.kind == Kind::Word && token.end == at).copied();
        let letters = prefix.map(|token| &self.text[token.start..token.end]);
        let is_prefix = quote.code == Code::Prefixed && letters.is_some_and(|letters| letters.len() <= 2);
        if is_prefix {
            self.begins_line = prefix.is_some_and(|token| token.begins_line);
            self.tokens.pop();
        }
        self.push(Kind::Text, start, content);
        if depth < MOST_DEPTH {
            match quote.code {
                Code::After(mark) => self.code(start, content, mark, depth),
                Code::Prefixed if is_prefix && letters.is_some_and(|letters| letters.contains(['f', 'F'])) => {
                    self.code(start, content, "{", depth);
                }
                _ => {}
            }
        }
        Some(after)
    }

    /// The code inside a string.
    fn code(&mut self, start: usize, end: usize, mark: &str, depth: usize) {
        let mut at = start;
        while let Some(found) = self.text[at..end].find(mark) {
            let begin = at + found + mark.len();
            // A doubled brace stands for itself.
            if mark == "{" && self.text[begin..end].starts_with('{') {
                at = begin + 1;
                continue;
            }
            let close = matching_brace(&self.text[begin..end]).map_or(end, |length| begin + length);
            self.push(Kind::CodeBegin, begin, begin);
            self.range(begin, close, depth + 1);
            self.push(Kind::CodeEnd, close, close);
            at = close;
        }
    }

    fn push(&mut self, kind: Kind, start: usize, end: usize) -> usize {
        let begins_line = std::mem::take(&mut self.begins_line);
        self.tokens.push(Token { kind, start, end, begins_line, partner: self.tokens.len() });
        end
    }

    /// Whether a value may begin after the last token, so that a slash begins a regular expression.
    fn takes_expression(&self) -> bool {
        let Some(last) = self.tokens.last() else { return true };
        let text = &self.text[last.start..last.end];
        match last.kind {
            Kind::Mark => !matches!(text, ")" | "]" | "}"),
            Kind::Word => matches!(text, "return" | "if" | "unless" | "when" | "and" | "or" | "not" | "case"),
            _ => false,
        }
    }
}

/// Where the mark that ends a string stands in what follows its beginning.
fn closing(rest: &str, quote: &Quote) -> Option<usize> {
    let bytes = rest.as_bytes();
    let mark = quote.mark.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if quote.escapes && bytes[at] == b'\\' {
            at += 2;
            continue;
        }
        if bytes[at..].starts_with(mark) {
            return Some(at);
        }
        if bytes[at] == b'\n' && !quote.lines {
            return None;
        }
        at += 1;
    }
    // A string that never ends takes the rest, so that nothing is read twice.
    quote.lines.then_some(rest.len())
}

/// Where the brace that closes the code stands.
fn matching_brace(rest: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in rest.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 0 => return Some(at),
            b'}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The length of a regular expression with its slashes and letters; else that of the line on which it does not end.
fn regular_expression(rest: &str) -> Result<usize, usize> {
    let bytes = rest.as_bytes();
    let (mut at, mut in_class) = (1, false);
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'\n' => return Err(at),
            b'[' => in_class = true,
            b']' => in_class = false,
            b'/' if !in_class => {
                let letters = bytes[at + 1..].iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
                return Ok(at + 1 + letters);
            }
            _ => {}
        }
        at += 1;
    }
    Err(rest.len())
}

/// Tells each bracket which one it belongs to.
fn pair(text: &str, tokens: &mut [Token]) {
    let mut open: Vec<(usize, &str)> = Vec::new();
    for index in 0..tokens.len() {
        let token = tokens[index];
        let mark = &text[token.start..token.end];
        let closes = match (token.kind, mark) {
            (Kind::Mark, "(" | "[" | "{") => {
                open.push((index, mark));
                continue;
            }
            (Kind::CodeBegin, _) => {
                open.push((index, ""));
                continue;
            }
            (Kind::Mark, ")") => "(",
            (Kind::Mark, "]") => "[",
            (Kind::Mark, "}") => "{",
            (Kind::CodeEnd, _) => "",
            _ => continue,
        };
        // What does not fit is left alone: it closes nothing.
        if let Some((begin, _)) = open.pop_if(|(_, mark)| *mark == closes) {
            tokens[begin].partner = index;
            tokens[index].partner = begin;
        }
    }
}
