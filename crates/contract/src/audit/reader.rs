//! Reads a program from front to back and knows what its names stand for: clients of the SDK, what their calls
//! answered, types of the SDK.
//!
//! It follows assignments, loops, comprehensions, lambdas over lists and annotations, in the order of the text. A name
//! that is assigned anything else, or is a parameter of a function, stands for nothing from there on: what is not known
//! is not reported.

mod bind;
mod import;

use rustc_hash::{FxHashMap, FxHashSet};

use super::address::{self, Piece};
use super::language::Language;
use super::lexer::{Kind as TokenKind, Token};
use super::table::{Fate, Table};
use super::{Found, Kind, fields, names};
use crate::document::Type;

/// How deep brackets may stand in brackets; what is deeper is not read.
const MOST_DEPTH: usize = 48;

/// What a name or an expression stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Value<'t> {
    /// Nothing that is known.
    Unknown,
    /// Something that has nothing to do with the API.
    Other,
    /// The package of the SDK, or a part of it.
    Package,
    /// A client of the SDK.
    Client,
    /// A type of the SDK.
    Class(&'t str),
    /// A type of the SDK that holds the parameters of an operation.
    Request(&'t str),
    /// An object of this type, in so many lists.
    Object(&'t Type, usize),
}

pub(super) struct Reader<'t, 's> {
    pub(super) table: &'t Table,
    pub(super) language: Language,
    text: &'s str,
    pub(super) tokens: &'s [Token],
    values: FxHashMap<&'s str, Value<'t>>,
    /// Whether the program names the SDK.
    uses_sdk: bool,
    /// Whether every type of the SDK goes by its name alone.
    has_all_types: bool,
    /// The `for` words of comprehensions by the bracket that holds them.
    comprehensions: FxHashMap<usize, Vec<usize>>,
    /// Where reading goes on behind a `for` that was read when its bracket began.
    read_before: FxHashMap<usize, usize>,
    /// Parameters of lambdas that were given a value where the lambda was passed.
    bound: FxHashSet<usize>,
    depth: usize,
    pub(super) found: Vec<Found>,
}

/// Everything that a program uses of what changed.
pub(super) fn read(table: &Table, language: Language, text: &str, tokens: &[Token]) -> Vec<Found> {
    let mut reader = Reader {
        table,
        language,
        text,
        tokens,
        values: FxHashMap::default(),
        uses_sdk: false,
        has_all_types: false,
        comprehensions: FxHashMap::default(),
        read_before: FxHashMap::default(),
        bound: FxHashSet::default(),
        depth: 0,
        found: Vec::new(),
    };
    reader.uses_sdk = reader.names_the_sdk();
    reader.comprehensions = reader.find_comprehensions();
    reader.entry_points();
    reader.walk(0, tokens.len());
    let mut found = reader.found;
    let reader = Reader { found: Vec::new(), ..reader };
    found.extend(address::search(table, &reader.strings()));
    found
}

/// Words behind which an expression goes on as if they were not there.
const TRANSPARENT: [&str; 9] = ["await", "new", "return", "yield", "not", "in", "else", "throw", "try"];

/// Functions that give what they are given.
const SAME: [&str; 14] = [
    "ok",
    "list",
    "sorted",
    "iter",
    "reversed",
    "tuple",
    "set",
    "enumerate",
    "cast",
    "filter",
    "all",
    "unwrap",
    "freeze",
    "dup",
];

impl<'t, 's> Reader<'t, 's> {
    pub(super) fn word(&self, at: usize) -> &'s str {
        self.tokens.get(at).map_or("", |token| &self.text[token.start..token.end])
    }

    pub(super) fn is(&self, at: usize, kind: TokenKind) -> bool {
        self.tokens.get(at).is_some_and(|token| token.kind == kind)
    }

    pub(super) fn is_mark(&self, at: usize, mark: &str) -> bool {
        self.is(at, TokenKind::Mark) && self.word(at) == mark
    }

    /// Whether a token is the first of its line, or there is none.
    pub(super) fn begins_line(&self, at: usize) -> bool {
        self.tokens.get(at).is_none_or(|token| token.begins_line)
    }

    /// The bracket that closes the one at an index; the index itself where none does.
    pub(super) fn close(&self, at: usize) -> usize {
        self.tokens.get(at).map_or(at, |token| token.partner.max(at))
    }

    pub(super) fn report(&mut self, at: usize, kind: Kind, place: String, fate: &Fate) {
        let Some(token) = self.tokens.get(at) else { return };
        let (what, instead) = (fate.what.clone(), fate.instead.clone());
        self.found.push(Found { at: token.start, length: token.end - token.start, kind, place, what, instead });
    }

    fn names_the_sdk(&self) -> bool {
        self.tokens.iter().any(|token| {
            let text = &self.text[token.start..token.end];
            match token.kind {
                TokenKind::Word => matches!(text, "looker_sdk" | "LookerSDK" | "LookerNodeSDK" | "LookerBrowserSDK"),
                TokenKind::Text => is_sdk_module(text),
                _ => false,
            }
        }) || self.text.contains("com.looker.sdk")
    }

    fn find_comprehensions(&self) -> FxHashMap<usize, Vec<usize>> {
        let mut found: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
        if self.language != Language::Python {
            return found;
        }
        let mut open = Vec::new();
        for (at, token) in self.tokens.iter().enumerate() {
            match (token.kind, &self.text[token.start..token.end]) {
                (TokenKind::Mark, "(" | "[" | "{") | (TokenKind::CodeBegin, _) if token.partner > at => open.push(at),
                (TokenKind::Mark, ")" | "]" | "}") | (TokenKind::CodeEnd, _) if token.partner < at => {
                    open.pop();
                }
                (TokenKind::Word, "for") => {
                    if let Some(bracket) = open.last() {
                        found.entry(*bracket).or_default().push(at);
                    }
                }
                _ => {}
            }
        }
        found
    }

    /// Names of the SDK that hold the version.
    fn entry_points(&mut self) {
        for at in 0..self.tokens.len() {
            if !self.is(at, TokenKind::Word) || !self.uses_sdk {
                continue;
            }
            if let Some(now) = self.table.entry_point(self.word(at)) {
                let what = format!("this part of the SDK is for {}", self.table.from);
                let fate = Fate { retyped: false, what, instead: format!("`{now}`") };
                self.report(at, Kind::Version, self.word(at).to_owned(), &fate);
            }
        }
    }

    /// The strings of the program, those that only comment aside.
    fn strings(&self) -> Vec<Piece<'s>> {
        let texts =
            self.tokens.iter().enumerate().filter(|(at, token)| token.kind == TokenKind::Text && !self.is_remark(*at));
        texts
            .map(|(at, token)| Piece {
                text: &self.text[token.start..token.end],
                offset: token.start,
                method: self.method_before(at),
            })
            .collect()
    }

    /// A string that stands alone as a statement.
    fn is_remark(&self, at: usize) -> bool {
        let follows = self.tokens.get(at + 1).is_none_or(|next| next.begins_line);
        let begins = self.tokens[at].begins_line;
        let inside = at > 0 && self.is(at - 1, TokenKind::Mark) && !matches!(self.word(at - 1), ":" | ")" | "]" | "}");
        self.language == Language::Python && begins && follows && !inside
    }

    /// The method in `requests.post("...")` and the like.
    fn method_before(&self, at: usize) -> Option<&'static str> {
        let name =
            at.checked_sub(2).filter(|_| self.is_mark(at - 1, "(")).map(|at| self.word(at).to_ascii_lowercase())?;
        [("get", "GET"), ("post", "POST"), ("put", "PUT"), ("patch", "PATCH"), ("delete", "DELETE")]
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, method)| *method)
    }

    /// Reads from one token to another; gives what the last expression stands for.
    pub(super) fn walk(&mut self, from: usize, to: usize) -> Value<'t> {
        if self.depth >= MOST_DEPTH {
            return Value::Unknown;
        }
        self.depth += 1;
        let (mut at, mut last) = (from, Value::Unknown);
        while at < to {
            let (value, next) = self.step(at, to);
            (at, last) = (next.max(at + 1), value);
        }
        self.depth -= 1;
        last
    }

    fn step(&mut self, at: usize, to: usize) -> (Value<'t>, usize) {
        match self.tokens[at].kind {
            TokenKind::Word => self.statement(at, to),
            TokenKind::Mark if self.is_mark(at, "=>") => {
                self.arrow(at);
                (Value::Unknown, at + 1)
            }
            TokenKind::Mark | TokenKind::CodeBegin => self.expression(at),
            _ => (Value::Unknown, at + 1),
        }
    }

    fn statement(&mut self, at: usize, to: usize) -> (Value<'t>, usize) {
        if let Some(next) = self.read_before.get(&at) {
            return (Value::Unknown, *next);
        }
        match self.word(at) {
            "import" | "from" => (Value::Unknown, self.import(at)),
            "def" | "function" | "fun" | "func" => (Value::Unknown, self.function(at)),
            "for" => (Value::Unknown, self.each(at, to)),
            "const" | "let" | "var" | "val" => (Value::Unknown, self.declaration(at)),
            word if TRANSPARENT.contains(&word) => (Value::Unknown, at + 1),
            _ => match self.assignment(at) {
                Some(next) => (Value::Unknown, next),
                None => self.expression(at),
            },
        }
    }

    /// What an expression stands for, and where it ends.
    pub(super) fn expression(&mut self, at: usize) -> (Value<'t>, usize) {
        let mut at = at;
        while self.is(at, TokenKind::Word) && TRANSPARENT.contains(&self.word(at))
            || self.is_mark(at, "*")
            || self.is_mark(at, "&")
        {
            at += 1;
        }
        let Some(token) = self.tokens.get(at) else { return (Value::Unknown, at) };
        match token.kind {
            TokenKind::Word => {
                let value = self.lookup(at);
                self.suffixes(value, at, at + 1)
            }
            TokenKind::Mark if matches!(self.word(at), "(" | "[" | "{") && token.partner > at => {
                let end = token.partner;
                self.comprehension(at);
                let inside = self.walk(at + 1, end);
                let value = if self.is_mark(at, "(") { inside } else { Value::Unknown };
                self.suffixes(value, at, end + 1)
            }
            TokenKind::CodeBegin if token.partner > at => {
                let end = token.partner;
                self.comprehension(at);
                self.walk(at + 1, end);
                (Value::Unknown, end + 1)
            }
            _ => (Value::Unknown, at + 1),
        }
    }

    /// What a name stands for.
    fn lookup(&mut self, at: usize) -> Value<'t> {
        let name = self.word(at);
        if let Some(value) = self.values.get(name).copied() {
            self.class_used(at, value);
            return value;
        }
        if name == "looker_sdk" || matches!(name, "LookerSDK" | "LookerNodeSDK" | "LookerBrowserSDK") {
            return Value::Package;
        }
        if let Some((schema, _)) = self.table.schema(name).filter(|_| self.has_all_types) {
            self.class_used(at, Value::Class(schema));
            return Value::Class(schema);
        }
        let is_usual = names::is_client(name) || (self.uses_sdk && matches!(name, "client" | "api"));
        if is_usual { Value::Client } else { Value::Unknown }
    }

    /// Reports a type that is gone or has another name.
    pub(super) fn class_used(&mut self, at: usize, value: Value<'t>) {
        let Value::Class(schema) = value else { return };
        if let Some(fate) = self.table.schema_fate(schema) {
            self.report(at, Kind::Type, schema.to_owned(), fate);
        }
    }

    /// What stands behind a value: members, calls, indices. `name` is the token that the value was named by.
    fn suffixes(&mut self, value: Value<'t>, name: usize, at: usize) -> (Value<'t>, usize) {
        let (mut value, mut name, mut at) = (value, name, at);
        loop {
            // A statement of its own does not go on with a bracket.
            let begins_line = self.begins_line(at);
            match self.word(at) {
                "." | "?." | "&." | "::" if self.is(at + 1, TokenKind::Word) => {
                    let member = at + 1;
                    (value, at) = self.member(value, name, member);
                    name = member;
                }
                "!" | "!!" if self.is_mark(at + 1, ".") => at += 1,
                "<" => match self.opening(at) {
                    Some(open) => at = open,
                    None => return (value, at),
                },
                "(" if self.is_mark(at, "(") && !begins_line => {
                    let end = self.close(at);
                    let first = self.call(value, at);
                    value = match value {
                        Value::Class(schema) => self.object(schema),
                        _ if SAME.contains(&self.word(name)) => first,
                        _ => Value::Unknown,
                    };
                    at = end + 1;
                }
                "[" if self.is_mark(at, "[") && !begins_line => {
                    let end = self.close(at);
                    value = self.index(value, at, end);
                    at = end + 1;
                }
                "{" if self.language == Language::Go && matches!(value, Value::Class(_) | Value::Request(_)) => {
                    let end = self.close(at);
                    self.call(value, at);
                    if let Value::Class(schema) = value {
                        value = self.object(schema);
                    }
                    at = end + 1;
                }
                _ => return (value, at),
            }
        }
    }

    /// The bracket of a call, behind type arguments if there are any.
    fn opening(&mut self, at: usize) -> Option<usize> {
        let open = if self.is_mark(at, "(") { Some(at) } else { self.generics(at) }?;
        for argument in at..open {
            if self.is(argument, TokenKind::Word) {
                self.lookup(argument);
            }
        }
        Some(open)
    }

    /// The call that follows type arguments in angle brackets.
    fn generics(&self, at: usize) -> Option<usize> {
        const MOST: usize = 24;
        if !self.is_mark(at, "<") {
            return None;
        }
        let mut depth = 0_usize;
        for next in at..(at + MOST).min(self.tokens.len()) {
            match self.word(next) {
                "<" => depth += 1,
                ">" if depth <= 1 => return self.is_mark(next + 1, "(").then_some(next + 1),
                ">" => depth -= 1,
                "," | "." | "[" | "]" | "|" | "?" => {}
                _ if self.is(next, TokenKind::Word) => {}
                _ => return None,
            }
        }
        None
    }

    /// The objects of a schema.
    pub(super) fn object(&self, schema: &str) -> Value<'t> {
        self.table.schema(schema).map_or(Value::Unknown, |(_, ty)| Value::Object(ty, 0))
    }

    /// `value[...]`: an item of a list, or a property by its name.
    fn index(&mut self, value: Value<'t>, open: usize, end: usize) -> Value<'t> {
        self.comprehension(open);
        let is_name = end == open + 2 && self.is(open + 1, TokenKind::Text);
        if let Value::Object(ty, 0) = value
            && is_name
        {
            return self.property(ty, open + 1, end);
        }
        if end == open + 1 {
            return match value {
                Value::Class(schema) => listed(self.object(schema)),
                other => other,
            };
        }
        let inside = self.walk(open + 1, end);
        match value {
            Value::Object(..) => item(value),
            // `List[Look]`, `Optional[Look]`
            _ => match inside {
                Value::Class(schema) => listed(self.object(schema)),
                _ => Value::Unknown,
            },
        }
    }

    /// `value.member`; gives what it stands for and where it ends.
    fn member(&mut self, value: Value<'t>, holder: usize, at: usize) -> (Value<'t>, usize) {
        let name = self.word(at);
        let is_call = self.is_mark(at + 1, "(") || self.generics(at + 1).is_some();
        let value = match value {
            Value::Unknown if !is_call && names::is_client(name) => Value::Client,
            Value::Unknown if is_call && self.is_moved(name) && self.uses_sdk => Value::Client,
            other => other,
        };
        match value {
            Value::Package => match self.part(at, is_call) {
                Value::Client if is_call => {
                    self.call(Value::Client, at + 1);
                    (Value::Client, self.close(at + 1) + 1)
                }
                part => (part, at + 1),
            },
            Value::Client if SAME.contains(&name) => (Value::Unknown, at + 1),
            Value::Client => self.operation(at, is_call),
            Value::Class(schema) if name == "new" || name == "builder" => (Value::Class(schema), at + 1),
            Value::Object(ty, lists) if lists > 0 || matches!(ty, Type::List(_)) => (self.of_list(value, at), at + 1),
            Value::Object(ty, 0) if is_call && name == "get" && self.is(at + 2, TokenKind::Text) => {
                (self.property(ty, at + 2, at + 3), self.close(at + 1) + 1)
            }
            Value::Object(..) if is_call && matches!(name, "ok" | "unwrap" | "get" | "copy") => {
                (value, self.close(at + 1) + 1)
            }
            Value::Object(ty, 0) => (self.property(ty, at, at + 1), at + 1),
            Value::Unknown if !is_call && self.word(holder) == "self" => {
                (self.values.get(name).copied().unwrap_or(Value::Unknown), at + 1)
            }
            Value::Other => (Value::Other, at + 1),
            _ => (Value::Unknown, at + 1),
        }
    }

    /// An operation that changed and whose name can hardly be anything else.
    fn is_moved(&self, name: &str) -> bool {
        let name = self.contract_name(name);
        name.contains('_') && self.table.operation_fate(&name).is_some()
    }

    /// A part of the SDK's package.
    fn part(&mut self, at: usize, is_call: bool) -> Value<'t> {
        let name = self.word(at);
        if is_call && (name.starts_with("init") || names::is_client_type(name) || name.starts_with("NewLookerSDK")) {
            return Value::Client;
        }
        if self.language == Language::Ruby && name == "new" {
            return Value::Client;
        }
        let class = self.class(name);
        self.class_used(at, class);
        if class == Value::Unknown { Value::Package } else { class }
    }

    /// The type of the SDK that has this name.
    pub(super) fn class(&self, name: &str) -> Value<'t> {
        if let Some((schema, _)) = self.table.schema(name) {
            return Value::Class(schema);
        }
        let request = names::request(name).and_then(|id| self.table.operation(&id));
        request.map_or(Value::Unknown, |operation| Value::Request(&operation.id))
    }

    /// The name that the contract has for a name of the program.
    pub(super) fn contract_name(&self, name: &str) -> String {
        match self.language {
            Language::Go | Language::Java | Language::Kotlin => names::snake(name),
            _ => name.to_owned(),
        }
    }

    /// `client.operation(...)`.
    fn operation(&mut self, at: usize, is_call: bool) -> (Value<'t>, usize) {
        let id = self.contract_name(self.word(at));
        let table = self.table;
        let Some(operation) = table.operation(&id).filter(|_| is_call || self.language == Language::Ruby) else {
            return (Value::Unknown, at + 1);
        };
        if let Some(fate) = table.operation_fate(&id) {
            self.report(at, Kind::Operation, id, fate);
        }
        let mut next = at + 1;
        if let Some(open) = self.opening(at + 1) {
            self.arguments_of(operation, open);
            next = self.close(open) + 1;
        }
        (operation.answer().map_or(Value::Unknown, |ty| Value::Object(ty, 0)), next)
    }

    /// A property of an object, named by a token. Behind it stands what the value is used for.
    fn property(&mut self, ty: &'t Type, at: usize, behind: usize) -> Value<'t> {
        let Some(schema) = fields::schema(ty).filter(|_| matches!(ty, Type::Named(_))) else { return Value::Unknown };
        let name = self.contract_name(self.word(at));
        let table = self.table;
        if let Some(fate) = table.property_fate(schema, &name) {
            let place = format!("{schema}.{name}");
            if !fate.retyped {
                self.report(at, Kind::Property, place, fate);
            } else if self.is_against_number(behind) {
                self.report(behind + 1, Kind::Property, place, fate);
            }
        }
        match table.property(schema, &name) {
            Some(ty) => Value::Object(ty, 0),
            // Wrappers of answers in some SDKs.
            None if matches!(name.as_str(), "value" | "body" | "data") => Value::Object(ty, 0),
            None => Value::Unknown,
        }
    }

    /// Whether a number is compared with or assigned to what stands before.
    fn is_against_number(&self, at: usize) -> bool {
        matches!(self.word(at), "==" | "===" | "!=" | "!==" | "<" | ">" | "<=" | ">=" | "=")
            && self.is(at, TokenKind::Mark)
            && self.is(at + 1, TokenKind::Number)
    }
}

/// A list of what a value is.
pub(super) fn listed(value: Value<'_>) -> Value<'_> {
    match value {
        Value::Object(ty, lists) => Value::Object(ty, lists + 1),
        other => other,
    }
}

/// An item of what is in lists.
pub(super) fn item(value: Value<'_>) -> Value<'_> {
    match value {
        Value::Object(Type::List(inner) | Type::Map(inner), 0) => Value::Object(inner, 0),
        Value::Object(_, 0) => Value::Unknown,
        Value::Object(ty, lists) => Value::Object(ty, lists - 1),
        _ => Value::Unknown,
    }
}

/// Whether a string names the SDK's package.
pub(super) fn is_sdk_module(text: &str) -> bool {
    text.starts_with("@looker/sdk") || text == "looker-sdk" || text.contains("looker-open-source/sdk-codegen")
}
