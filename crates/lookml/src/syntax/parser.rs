//! The grammar: tokens to the flat array of nodes.
//!
//! Nesting is kept on a stack of our own, so deep input costs no call stack; the tree itself is cut off at
//! [`MAX_DEPTH`], so that whoever walks it may recurse. Each step takes at least one token, which makes the reading
//! linear. After a mistake [`Parser::resync`] goes on at the next `key:` or closing brace.

use super::document::{Kind, Node, Nodes};
use super::keywords;
use super::lexer::{Lexer, StringToken};
use super::mistakes::{Mistake, Mistakes, Rule};
use super::token::{Sink, TokenKind};
use crate::diagnostic::Span;

/// How deep blocks and lists may nest. Real files stay below ten.
pub(super) const MAX_DEPTH: usize = 100;

/// What came out of reading a text.
pub(super) struct Reading<S> {
    pub nodes: Nodes,
    pub mistakes: Mistakes,
    pub tokens: S,
    /// How many bytes were looked at, those that were looked at again included.
    #[cfg(test)]
    pub steps: usize,
}

/// Reads `text`, putting its tokens into `sink`.
pub(super) fn read<S: Sink>(text: &str, sink: S) -> Reading<S> {
    let mut parser = Parser::new(text, sink);
    parser.nodes.reserve(text.len() / BYTES_PER_NODE);
    parser.run();
    Reading {
        nodes: parser.nodes,
        mistakes: parser.mistakes,
        #[cfg(test)]
        steps: parser.lexer.steps(),
        tokens: parser.lexer.into_sink(),
    }
}

/// What a node takes of a typical file: the first guess at how many there will be.
const BYTES_PER_NODE: usize = 24;

/// A block or list that is still open.
struct Frame {
    /// Its node; for [`Shape::Dropped`] the number of nodes before it.
    node: u32,
    /// Offset of what opened it.
    open: u32,
    shape: Shape,
}

enum Shape {
    Block,
    List {
        slot: Slot,
        pairs: bool,
    },
    /// A block in a place where none can be: read for its braces, left out of the tree.
    Dropped,
}

/// Where in a list the reading stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Slot {
    First,
    AfterLeadingComma,
    AfterElement,
    AfterComma,
}

/// A key that was read, with the reading right behind it and the blanks that follow.
type Key = Span;

struct Parser<'t, S> {
    lexer: Lexer<'t, S>,
    nodes: Nodes,
    frames: Vec<Frame>,
    /// How many frames are dropped; mistakes inside them are consequences.
    dropped: usize,
    too_deep: bool,
    /// Where the last value, or what closed it, ended.
    end: u32,
    mistakes: Mistakes,
}

impl<'t, S: Sink> Parser<'t, S> {
    fn new(text: &'t str, sink: S) -> Self {
        Self {
            lexer: Lexer::new(text, sink),
            nodes: Vec::new(),
            frames: Vec::new(),
            dropped: 0,
            too_deep: false,
            end: 0,
            mistakes: Mistakes::default(),
        }
    }

    fn run(&mut self) {
        self.lexer.byte_order_mark();
        self.lexer.trivia();
        let mut key = self.first_key();
        loop {
            if let Some(read) = key {
                key = self.parameter(read);
                continue;
            }
            self.lexer.trivia();
            let Some(byte) = self.lexer.peek() else { break };
            key = match self.frames.last() {
                Some(&Frame { shape: Shape::List { slot, .. }, .. }) => self.element(byte, slot),
                _ => self.statement(byte),
            };
        }
        self.close_all();
    }

    /// The first key, unless the file is YAML, which is reported once and left alone.
    fn first_key(&mut self) -> Option<Key> {
        if !self.lexer.at_word() {
            return None;
        }
        let key = self.word();
        if matches!(self.lexer.slice(key), "-" | "---") {
            self.report(Mistake::at(Rule::YAML, key));
            self.lexer.rest();
            return None;
        }
        Some(key)
    }

    /// Takes a word and the blanks behind it.
    fn word(&mut self) -> Span {
        let word = self.lexer.word();
        self.lexer.trivia();
        word
    }

    /// At the place of a key: takes a parameter, or the end of the block.
    fn statement(&mut self, byte: u8) -> Option<Key> {
        if self.lexer.at_word() {
            let key = self.word();
            return self.parameter(key);
        }
        match byte {
            b'}' => {
                self.closing_brace();
                None
            }
            b'"' => {
                let string = self.string();
                self.lexer.trivia();
                if self.lexer.peek() != Some(b':') {
                    self.report(Mistake::at(Rule::UNEXPECTED, string.span));
                    return self.resync();
                }
                self.report(Mistake::at(Rule::QUOTED_KEY, string.span));
                Some(string.span)
            }
            b'{' => {
                let brace = Span::new(self.lexer.position(), self.lexer.position() + 1);
                self.report(Mistake::at(Rule::UNEXPECTED, brace));
                self.resync()
            }
            _ => {
                let mark = self.lexer.anything();
                self.report(Mistake::at(misplaced(self.lexer.slice(mark)), mark));
                self.resync()
            }
        }
    }

    /// Behind a key and its blanks: takes the colon and the value. Gives the next key if that was read on the way.
    fn parameter(&mut self, key: Key) -> Option<Key> {
        if self.lexer.peek() != Some(b':') {
            return self.without_colon(key);
        }
        self.lexer.mark(TokenKind::Colon);
        if keywords::is_body(self.lexer.slice(key)) {
            if self.lexer.peek() == Some(b':') {
                self.doubled_colon();
            }
            self.body(key);
            return None;
        }
        self.lexer.trivia();
        while self.lexer.peek() == Some(b':') {
            self.doubled_colon();
            self.lexer.trivia();
        }
        self.value(key)
    }

    fn doubled_colon(&mut self) {
        let colon = self.lexer.mark(TokenKind::Colon);
        self.report(Mistake::at(Rule::DOUBLED_COLON, colon));
    }

    fn body(&mut self, key: Key) {
        let body = self.lexer.body();
        let kind = if body.terminated { Kind::Body } else { Kind::OpenBody };
        if !body.terminated {
            self.report(Mistake::at(Rule::UNTERMINATED_BODY, key));
        }
        self.push(kind, key, Span::new(body.text.start, self.lexer.position()));
    }

    /// Behind `key:` and its blanks.
    fn value(&mut self, key: Key) -> Option<Key> {
        if self.lexer.at_word() {
            return self.bareword_value(key);
        }
        match self.lexer.peek() {
            Some(b'"') => {
                let string = self.string();
                self.lexer.trivia();
                if self.lexer.peek() == Some(b'{') {
                    self.report(self.block_behind_string(key, string.span));
                    self.open_block(key, Some((string.kind, string.span)));
                } else {
                    self.push(string.kind, key, string.span);
                }
                None
            }
            Some(b'[') => {
                self.open_list(key);
                None
            }
            Some(b'{') => {
                self.open_block(key, None);
                None
            }
            Some(b'}') | None => {
                self.report(Mistake::at(Rule::MISSING_VALUE, key));
                None
            }
            Some(_) => {
                self.report(Mistake::at(Rule::MISSING_VALUE, key));
                self.resync()
            }
        }
    }

    fn bareword_value(&mut self, key: Key) -> Option<Key> {
        let (word, kind) = self.bareword();
        self.lexer.trivia();
        match self.lexer.peek() {
            Some(b'{') => self.open_block(key, Some((kind, word))),
            Some(b':') => {
                self.report(Mistake::at(Rule::MISSING_VALUE, key));
                return Some(word);
            }
            _ => self.push(kind, key, word),
        }
        None
    }

    /// Takes the word of a value, with all of it when it is written as a value cannot be.
    fn bareword(&mut self) -> (Span, Kind) {
        let (word, kind) = self.lexer.bareword();
        if self.lexer.slice(word).starts_with('\'') {
            let word = self.lexer.rest_of_single_quoted(word);
            self.report(Mistake::at(Rule::SINGLE_QUOTES, word));
            return (word, kind);
        }
        let Some(reference) = self.lexer.rest_of_reference(word) else { return (word, kind) };
        self.report(Mistake::at(Rule::UNQUOTED_REFERENCE, reference));
        (reference, kind)
    }

    fn string(&mut self) -> StringToken {
        let string = self.lexer.string();
        if string.kind == Kind::OpenQuoted {
            self.report(Mistake::at(Rule::UNTERMINATED_STRING, string.span));
        }
        string
    }

    /// A word at the place of a key without a colon behind it: either the colon was forgotten or the word is astray.
    fn without_colon(&mut self, word: Span) -> Option<Key> {
        let text = self.lexer.slice(word);
        match self.lexer.peek() {
            Some(b'{') if self.continues_name(word) => {
                self.name_with_blank(word);
                None
            }
            Some(b'{' | b'[' | b'"') if keywords::is_known(text) && !keywords::is_body(text) => {
                self.report(Mistake::at(Rule::MISSING_COLON, word));
                self.value(word)
            }
            Some(byte) if keywords::is_body(text) && !b"};,]".contains(&byte) => {
                self.report(Mistake::at(Rule::MISSING_COLON, word));
                self.body(word);
                None
            }
            Some(_) if keywords::is_known(text) && self.lexer.at_word() => self.key_or_stray(word),
            _ => {
                let mistake = self.stray(word);
                self.report(mistake);
                self.resync()
            }
        }
    }

    /// What a word breaks that is no key: it may be the comment of another language, or the second word of a text.
    fn stray(&self, word: Span) -> Mistake {
        if ["--", "//", "/*"].iter().any(|begin| self.lexer.slice(word).starts_with(begin)) {
            return Mistake::at(Rule::FOREIGN_COMMENT, word);
        }
        match self.bareword_before(word) {
            Some(scalar) if !keywords::needs_block(self.lexer.slice(scalar.key())) => {
                Mistake::at(Rule::UNQUOTED_TEXT, Span::new(scalar.start, word.end))
            }
            _ => Mistake::at(Rule::UNEXPECTED, word),
        }
    }

    /// Two words without a colon between them, of which the first is a known key.
    fn key_or_stray(&mut self, first: Span) -> Option<Key> {
        let second = self.word();
        if self.lexer.peek() == Some(b':') {
            self.report(Mistake::at(Rule::UNEXPECTED, first));
            return Some(second);
        }
        self.report(Mistake::at(Rule::MISSING_COLON, first));
        if self.lexer.slice(second) == "=" {
            return self.value(first);
        }
        if self.lexer.peek() == Some(b'{') {
            self.open_block(first, Some((Kind::Bare, second)));
        } else {
            self.push(Kind::Bare, first, second);
        }
        None
    }

    /// True when `word` stands behind a bareword value on its line, as in `dimension: order id {`.
    fn continues_name(&self, word: Span) -> bool {
        self.bareword_before(word).is_some_and(|before| {
            keywords::needs_block(self.lexer.slice(before.key())) || !keywords::is_known(self.lexer.slice(word))
        })
    }

    /// The bareword value that stands before `word` on its line.
    fn bareword_before(&self, word: Span) -> Option<Node> {
        let first = self.frames.last().map_or(0, |frame| frame.node as usize + 1);
        let before = *self.nodes.get(first..)?.last()?;
        (before.kind() == Kind::Bare && self.lexer.same_line(before.end, word.start)).then_some(before)
    }

    fn name_with_blank(&mut self, word: Span) {
        let Some(scalar) = self.nodes.pop() else { return };
        self.report(Mistake::at(Rule::NAME_WITH_BLANK, Span::new(scalar.start, word.end)));
        self.open_block(scalar.key(), Some((Kind::Bare, scalar.value())));
    }

    /// What a brace behind a string breaks: where a name belongs it is quoted, elsewhere nothing but a value may stand.
    fn block_behind_string(&self, key: Key, string: Span) -> Mistake {
        if keywords::needs_block(self.lexer.slice(key)) {
            return Mistake::at(Rule::QUOTED_NAME, string);
        }
        let brace = self.lexer.position();
        Mistake::at(Rule::UNEXPECTED, Span::new(brace, brace + 1))
    }

    fn open_block(&mut self, key: Key, name: Option<(Kind, Span)>) {
        let kind = if name.is_some() { Kind::NamedBlock } else { Kind::Block };
        let brace = self.lexer.mark(TokenKind::OpenBrace);
        self.open(kind, key, brace, Shape::Block);
        if let Some((kind, span)) = name {
            self.push(kind, Span::new(span.start, span.start), span);
        }
    }

    fn open_list(&mut self, key: Key) {
        let bracket = self.lexer.mark(TokenKind::OpenBracket);
        self.open(Kind::List, key, bracket, Shape::List { slot: Slot::First, pairs: false });
    }

    fn open(&mut self, kind: Kind, key: Key, opener: Span, shape: Shape) {
        if self.frames.len() == MAX_DEPTH && !self.too_deep {
            self.too_deep = true;
            self.report(Mistake::at(Rule::TOO_DEEP, opener));
        }
        self.frames.push(Frame { node: self.nodes.len() as u32, open: opener.start, shape });
        self.push(kind, key, opener);
    }

    fn push(&mut self, kind: Kind, key: Key, value: Span) {
        self.end = value.end;
        let next = self.nodes.len() as u32 + 1;
        self.nodes.push(Node::new(kind, key, value, next));
    }

    /// Completes the node of a frame that was just taken off the stack.
    fn close(&mut self, frame: &Frame, end: u32) {
        self.end = end;
        let index = frame.node as usize;
        if self.frames.len() >= MAX_DEPTH {
            let name = usize::from(self.nodes[index].kind() == Kind::NamedBlock);
            self.nodes.truncate(index + 1 + name);
        }
        let next = self.nodes.len() as u32;
        let node = &mut self.nodes[index];
        node.end = end;
        node.next = next;
    }

    fn closing_brace(&mut self) {
        let brace = self.lexer.mark(TokenKind::CloseBrace);
        match self.frames.pop() {
            Some(frame) if matches!(frame.shape, Shape::Dropped) => self.leave_dropped(&frame),
            Some(frame) => self.close(&frame, brace.end),
            None => self.report(Mistake::at(Rule::EXTRA_BRACE, brace)),
        }
    }

    fn leave_dropped(&mut self, frame: &Frame) {
        self.nodes.truncate(frame.node as usize);
        self.dropped -= 1;
    }

    /// Inside a list: takes an element, a comma or the end.
    fn element(&mut self, byte: u8, slot: Slot) -> Option<Key> {
        if self.lexer.at_word() {
            return self.word_element(slot);
        }
        match byte {
            b']' => {
                let bracket = self.lexer.mark(TokenKind::CloseBracket);
                if let Some(frame) = self.frames.pop() {
                    self.close(&frame, bracket.end);
                }
                None
            }
            b',' => {
                self.comma(slot);
                None
            }
            b'"' => {
                self.string_element(slot);
                None
            }
            b'{' | b'}' => {
                self.unclosed_lists(self.lexer.position());
                if byte == b'{' { self.resync() } else { None }
            }
            _ => {
                self.unexpected_element(byte);
                None
            }
        }
    }

    /// Passes what no element begins with, of a list within the list all of it.
    fn unexpected_element(&mut self, byte: u8) {
        let mark = self.lexer.anything();
        self.report(Mistake::at(Rule::UNEXPECTED_IN_LIST, mark));
        if byte == b'[' {
            self.skip_list();
            self.set_slot(Slot::AfterElement);
        } else {
            self.set_slot(Slot::AfterComma);
        }
    }

    /// Inside a list that is dropped: passes it with its closing bracket, or up to a brace or the end.
    fn skip_list(&mut self) {
        let mut depth = 1;
        while depth > 0 {
            self.lexer.trivia();
            if self.lexer.at_word() {
                self.lexer.word();
                continue;
            }
            match self.lexer.peek() {
                None | Some(b'{' | b'}') => return,
                Some(b'"') => {
                    self.string();
                }
                Some(byte) => {
                    depth += usize::from(byte == b'[');
                    depth -= usize::from(byte == b']');
                    self.lexer.anything();
                }
            }
        }
    }

    fn comma(&mut self, slot: Slot) {
        let comma = self.lexer.mark(TokenKind::Comma);
        match slot {
            Slot::First => self.set_slot(Slot::AfterLeadingComma),
            Slot::AfterElement => self.set_slot(Slot::AfterComma),
            Slot::AfterLeadingComma | Slot::AfterComma => self.report(Mistake::at(Rule::DOUBLED_COMMA, comma)),
        }
    }

    fn set_slot(&mut self, to: Slot) {
        if let Some(Frame { shape: Shape::List { slot, .. }, .. }) = self.frames.last_mut() {
            *slot = to;
        }
    }

    fn word_element(&mut self, slot: Slot) -> Option<Key> {
        let (word, kind) = self.bareword();
        self.lexer.trivia();
        if self.lexer.peek() != Some(b':') {
            self.begin_element(slot, word);
            self.push(kind, Span::new(word.start, word.start), word);
            return None;
        }
        if self.belongs_behind_list(slot, word) {
            self.unclosed_lists(word.start);
            return Some(word);
        }
        self.begin_element(slot, word);
        self.pair(word);
        None
    }

    fn string_element(&mut self, slot: Slot) {
        let string = self.string();
        self.lexer.trivia();
        self.begin_element(slot, string.span);
        if self.lexer.peek() == Some(b':') && string.kind != Kind::OpenQuoted {
            self.report(Mistake::at(Rule::QUOTED_KEY, string.span));
            self.pair(string.span);
        } else {
            self.push(string.kind, Span::new(string.span.start, string.span.start), string.span);
        }
    }

    fn begin_element(&mut self, slot: Slot, element: Span) {
        if slot == Slot::AfterElement {
            self.report(Mistake::at(Rule::MISSING_COMMA, element));
        }
        self.set_slot(Slot::AfterElement);
    }

    /// True when `word`, which a colon follows, is rather the next parameter behind a list that was not closed.
    fn belongs_behind_list(&self, slot: Slot, word: Span) -> bool {
        let Some(Frame { shape: Shape::List { pairs, .. }, .. }) = self.frames.last() else { return false };
        let could = match slot {
            Slot::First | Slot::AfterLeadingComma => false,
            Slot::AfterElement => true,
            Slot::AfterComma => !pairs,
        };
        could && keywords::is_known(self.lexer.slice(word)) && self.lexer.begins_line(word.start)
    }

    /// Behind the key of a pair: takes the colon and the value.
    fn pair(&mut self, key: Key) {
        if let Some(Frame { shape: Shape::List { pairs, .. }, .. }) = self.frames.last_mut() {
            *pairs = true;
        }
        self.lexer.mark(TokenKind::Colon);
        self.lexer.trivia();
        while self.lexer.peek() == Some(b':') {
            self.doubled_colon();
            self.lexer.trivia();
        }
        if self.lexer.at_word() {
            let (word, kind) = self.bareword();
            self.push(kind, key, word);
            return;
        }
        match self.lexer.peek() {
            Some(b'"') => {
                let string = self.string();
                self.push(string.kind, key, string.span);
            }
            Some(b'[') => self.open_list(key),
            _ => self.report(Mistake::at(Rule::MISSING_VALUE, key)),
        }
    }

    /// Gives up the lists that are still open at `here`; the outermost is reported.
    fn unclosed_lists(&mut self, here: u32) {
        let mut outermost = None;
        while let Some(frame) = self.frames.pop_if(|frame| matches!(frame.shape, Shape::List { .. })) {
            self.close(&frame, self.end);
            let key = self.nodes[frame.node as usize].key();
            outermost = Some(Span::new(key.start, frame.open + 1));
        }
        if let Some(head) = outermost {
            let mistake = Mistake::at(Rule::UNCLOSED_LIST, head);
            self.report(mistake.related(Span::new(here, here), "no bracket closed it up to here"));
        }
    }

    /// Passes what cannot be understood, up to the next `key:` (which it gives), closing brace or end. A block on the
    /// way is dropped.
    fn resync(&mut self) -> Option<Key> {
        loop {
            self.lexer.trivia();
            if self.lexer.at_word() {
                let word = self.word();
                if self.lexer.peek() == Some(b':') {
                    return Some(word);
                }
                continue;
            }
            match self.lexer.peek() {
                None | Some(b'}') => return None,
                Some(b'"') => {
                    self.lexer.string();
                }
                Some(b'{') => {
                    let brace = self.lexer.mark(TokenKind::OpenBrace);
                    let node = self.nodes.len() as u32;
                    self.frames.push(Frame { node, open: brace.start, shape: Shape::Dropped });
                    self.dropped += 1;
                    return None;
                }
                Some(_) => {
                    self.lexer.anything();
                }
            }
        }
    }

    /// At the end of the text: closes what is open.
    fn close_all(&mut self) {
        let end = self.lexer.position();
        self.unclosed_lists(end);
        while let Some(frame) = self.frames.pop() {
            if matches!(frame.shape, Shape::Dropped) {
                self.leave_dropped(&frame);
                continue;
            }
            let key = self.nodes[frame.node as usize].key();
            self.close(&frame, end);
            self.report(Mistake::at(Rule::UNCLOSED_BLOCK, Span::new(key.start, frame.open + 1)));
        }
    }

    fn report(&mut self, mistake: Mistake) {
        if self.dropped == 0 {
            self.mistakes.add(mistake);
        }
    }
}

/// The rule that punctuation breaks at the place of a key.
fn misplaced(text: &str) -> Rule {
    match text {
        ";" => Rule::SINGLE_SEMICOLON,
        ";;" => Rule::STRAY_SEMICOLONS,
        "," => Rule::STRAY_COMMA,
        "]" => Rule::EXTRA_BRACKET,
        _ => Rule::UNEXPECTED,
    }
}
