//! Tokens to a tree.

use super::diagnostic::{Diagnostic, Diagnostics, Span, excerpt};
use super::token::{Token, TokenKind, tokens};
use super::tree::{Level, Link, Name, Node, NodeKind, Operator};

/// Calls, parentheses and signs within each other; whoever walks a tree may recurse.
pub const MOST_NESTING: usize = 64;
/// Longer texts are not read, in bytes.
pub const MOST_TEXT: usize = 1 << 20;

/// A tree, whatever the text was, and what is wrong with the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed {
    /// The tree. Parts that could not be read are [`NodeKind::Missing`].
    pub root: Node,
    /// The mistakes in the order of their places; none if the tree says what the text says.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads an expression. This never fails: what is wrong stands in [`Parsed::diagnostics`].
///
/// From the loosest to the tightest: `OR`; `AND`; `NOT`; `= != > < >= <=`; `+ -`; `* /`; the sign `-`; calls and
/// parentheses. `#` begins a comment that ends with the line. Nothing nests deeper than [`MOST_NESTING`], and a
/// comparison of comparisons needs parentheses.
pub fn parse(text: &str) -> Parsed {
    let mut diagnostics = Diagnostics::default();
    if text.len() > MOST_TEXT {
        let message = format!("the expression has {} bytes, {MOST_TEXT} are the most", text.len());
        let root = Node { kind: NodeKind::Missing, span: 0..0 };
        return Parsed { root, diagnostics: vec![Diagnostic::new(0..0, message)] };
    }
    let tokens = tokens(text, &mut diagnostics);
    let mut parser = Parser { text, tokens: &tokens, position: 0, nesting: 0, diagnostics };
    let root = parser.whole();
    Parsed { root, diagnostics: parser.diagnostics.into_sorted() }
}

struct Parser<'t> {
    text: &'t str,
    tokens: &'t [Token],
    position: usize,
    nesting: usize,
    diagnostics: Diagnostics,
}

impl<'t> Parser<'t> {
    fn whole(&mut self) -> Node {
        let root = self.chain(Level::Or);
        // After a mistake the rest of the text tells nothing new.
        if self.peek() != &TokenKind::End && self.diagnostics.is_empty() {
            let found = self.found();
            let span = self.token().span.clone();
            let diagnostic = Diagnostic::new(span, format!("the expression ends before {found}"));
            let help = if self.peek() == &TokenKind::Close {
                "take the parenthesis away, or open one before it"
            } else {
                "an operator such as `+` or `AND` stands between two values"
            };
            self.diagnostics.push(diagnostic.help(help));
        }
        root
    }

    fn token(&self) -> &'t Token {
        // The last token is the end, and nothing steps over it.
        &self.tokens[self.position.min(self.tokens.len() - 1)]
    }

    fn peek(&self) -> &'t TokenKind {
        &self.token().kind
    }

    fn advance(&mut self) -> Span {
        let span = self.token().span.clone();
        self.position = (self.position + 1).min(self.tokens.len() - 1);
        span
    }

    fn eat(&mut self, kind: &TokenKind) -> bool {
        let found = self.peek() == kind;
        if found {
            self.advance();
        }
        found
    }

    /// Operands with operators that bind at least as tightly as `loosest`.
    fn chain(&mut self, loosest: Level) -> Node {
        let mut left = self.operand(loosest);
        while let TokenKind::Operator(operator) = self.peek()
            && operator.level() >= loosest
        {
            left = self.links(left, operator.level());
        }
        left
    }

    /// All that operators of one level join.
    fn links(&mut self, first: Node, level: Level) -> Node {
        let mut rest: Vec<Link> = Vec::new();
        let start = first.span.start;
        while let TokenKind::Operator(operator) = *self.peek()
            && operator.level() == level
        {
            if level == Level::Compare && !rest.is_empty() {
                return self.second_comparison(first, rest);
            }
            self.advance();
            rest.push(Link { operator, operand: self.chain(level.tighter()) });
        }
        let end = rest.last().map_or(first.span.end, |link| link.operand.span.end);
        Node { kind: NodeKind::Chain { first: Box::new(first), rest }, span: start..end }
    }

    /// `a < b < c`: the rest is read, and the first comparison stands.
    fn second_comparison(&mut self, first: Node, rest: Vec<Link>) -> Node {
        let span = self.token().span.clone();
        let help = "write `a < b AND b < c`, or put one of them into parentheses";
        self.diagnostics.push(Diagnostic::new(span, "comparisons cannot be chained").help(help));
        while let TokenKind::Operator(operator) = self.peek()
            && operator.level() == Level::Compare
        {
            self.advance();
            self.chain(Level::Add);
        }
        let span = first.span.start..rest.last().map_or(first.span.end, |link| link.operand.span.end);
        Node { kind: NodeKind::Chain { first: Box::new(first), rest }, span }
    }

    fn operand(&mut self, loosest: Level) -> Node {
        if self.nesting >= MOST_NESTING {
            return self.too_deep();
        }
        self.nesting += 1;
        let operand = match self.peek() {
            TokenKind::Not => self.negation(loosest),
            TokenKind::Operator(Operator::Minus) => self.negative(),
            _ => self.primary(),
        };
        self.nesting -= 1;
        operand
    }

    fn negation(&mut self, loosest: Level) -> Node {
        let span = self.advance();
        if loosest > Level::Not {
            let help = "put it into parentheses: `(NOT ...)`";
            self.diagnostics.push(Diagnostic::new(span.clone(), "`NOT` cannot stand behind this operator").help(help));
        }
        // NOT before NOT is operand of the first one.
        let operand = self.chain(Level::Not);
        let span = span.start..operand.span.end;
        Node { kind: NodeKind::Not(Box::new(operand)), span }
    }

    fn negative(&mut self) -> Node {
        let span = self.advance();
        let operand = self.operand(Level::Negative);
        let span = span.start..operand.span.end;
        Node { kind: NodeKind::Negative(Box::new(operand)), span }
    }

    fn primary(&mut self) -> Node {
        match self.peek() {
            TokenKind::Leaf(kind) => {
                let kind = kind.clone();
                Node { kind, span: self.advance() }
            }
            TokenKind::Name => self.call(),
            TokenKind::Open => self.group(),
            _ => self.missing(),
        }
    }

    fn group(&mut self) -> Node {
        let open = self.advance();
        let inner = self.chain(Level::Or);
        self.close(open, "the parenthesis");
        inner
    }

    fn call(&mut self) -> Node {
        let name_span = self.advance();
        let name = self.text[name_span.clone()].to_owned();
        if self.peek() != &TokenKind::Open {
            return self.bare_name(&name, name_span);
        }
        let open = self.advance();
        let arguments = self.arguments();
        self.close(open, "the call");
        // Everything up to here belongs to the call, its parenthesis included.
        let span = name_span.start..self.tokens[self.position.saturating_sub(1)].span.end.max(name_span.end);
        Node { kind: NodeKind::Call { name: Name { text: name, span: name_span }, arguments }, span }
    }

    fn bare_name(&mut self, name: &str, span: Span) -> Node {
        let shown = excerpt(name);
        let next = match self.peek() {
            // `orders.count` is a field whose `${}` was forgotten.
            _ if self.text[span.end..].starts_with('.') => format!("a field is written `${{{shown}...}}`"),
            _ => format!("text is written `\"{shown}\"`, a field `${{{shown}}}`, a function `{shown}(...)`"),
        };
        self.diagnostics.push(Diagnostic::new(span.clone(), format!("`{shown}` is only a name")).help(next));
        Node { kind: NodeKind::Missing, span }
    }

    fn arguments(&mut self) -> Vec<Node> {
        let mut arguments = Vec::new();
        if self.peek() == &TokenKind::Close {
            return arguments;
        }
        loop {
            arguments.push(self.chain(Level::Or));
            if !self.eat(&TokenKind::Comma) {
                return arguments;
            }
        }
    }

    fn close(&mut self, open: Span, what: &str) {
        if self.eat(&TokenKind::Close) || !self.diagnostics.is_empty() {
            return;
        }
        let found = self.found();
        let (span, message) = if self.peek() == &TokenKind::End {
            (open, format!("{what} that begins here does not end"))
        } else {
            (self.token().span.clone(), format!("expected `)` or an operator, found {found}"))
        };
        self.diagnostics.push(Diagnostic::new(span, message).help("write `)` behind it"));
    }

    /// A value should stand here; the token is left for whom it is meant.
    fn missing(&mut self) -> Node {
        let token = self.token();
        let here = token.span.start..token.span.start;
        if self.diagnostics.is_empty() {
            let found = self.found();
            let message = format!("a value is missing before {found}");
            let help = "write a number, a text in double quotes, `${view.field}`, or a call such as `round(1.5, 0)`";
            self.diagnostics.push(Diagnostic::new(token.span.clone(), message).help(help));
        }
        Node { kind: NodeKind::Missing, span: here }
    }

    fn too_deep(&mut self) -> Node {
        let span = self.token().span.clone();
        let message = format!("the expression nests deeper than {MOST_NESTING} levels");
        let help = "cut it into several calculations, or use one `case` instead of many `if`";
        self.diagnostics.push(Diagnostic::new(span.clone(), message).help(help));
        // Reading on would only say so again.
        self.position = self.tokens.len() - 1;
        Node { kind: NodeKind::Missing, span }
    }

    fn found(&self) -> String {
        match self.peek() {
            TokenKind::End => "the end".to_owned(),
            _ => format!("`{}`", excerpt(&self.text[self.token().span.clone()])),
        }
    }
}
