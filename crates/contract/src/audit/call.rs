//! Arguments of calls, and objects that are written out.

use super::lexer::Kind as TokenKind;
use super::reader::{Reader, Value};
use super::{Kind, fields};
use crate::document::{Operation, Type};

/// What takes the arguments.
#[derive(Clone, Copy)]
enum Taker<'t> {
    /// An operation: parameters, and the properties of its body.
    Operation(&'t Operation),
    /// An object of a schema: its properties.
    Schema(&'t str),
    /// Nothing that is known.
    Other,
}

/// A part of a list between commas.
#[derive(Clone, Copy)]
struct Part {
    /// The token that names it.
    name: Option<usize>,
    /// Its value, from one token to before another.
    from: usize,
    to: usize,
}

impl<'t> Reader<'t, '_> {
    /// A call on a value; gives what the first argument stands for.
    pub(super) fn call(&mut self, value: Value<'t>, open: usize) -> Value<'t> {
        let taker = match value {
            Value::Class(schema) => Taker::Schema(schema),
            Value::Request(id) => self.table.operation(id).map_or(Taker::Other, Taker::Operation),
            _ => Taker::Other,
        };
        self.arguments(taker, open)
    }

    /// The arguments of an operation.
    pub(super) fn arguments_of(&mut self, operation: &'t Operation, open: usize) {
        self.arguments(Taker::Operation(operation), open);
    }

    /// An object of a type that is written out at a brace.
    pub(super) fn literal_of(&mut self, ty: &'t Type, open: usize) {
        self.written(fields::schema(ty).map_or(Taker::Other, Taker::Schema), open);
    }

    fn arguments(&mut self, taker: Taker<'t>, open: usize) -> Value<'t> {
        self.comprehension(open);
        let mut first = Value::Unknown;
        for (index, part) in self.parts(open).into_iter().enumerate() {
            match part.name {
                Some(name) => self.named(taker, name, part),
                None => self.placed(taker, index, part),
            }
            let value = self.value(taker, part);
            if index == 0 {
                first = value;
            }
        }
        first
    }

    /// An object in braces: each entry has a name.
    fn written(&mut self, taker: Taker<'t>, open: usize) {
        for part in self.parts(open) {
            // `{ space_id }` is short for `{ space_id: space_id }`.
            let name = part.name.or_else(|| (part.to == part.from + 1).then_some(part.from));
            if let Some(name) = name {
                self.named(taker, name, part);
            }
            let inner = name.map_or(Taker::Other, |name| self.inner(taker, name));
            self.value(inner, part);
        }
    }

    /// What takes the object that is the value of an entry.
    fn inner(&self, taker: Taker<'t>, name: usize) -> Taker<'t> {
        let name = self.contract_name(self.word(name));
        let ty = match taker {
            Taker::Schema(schema) => self.table.property(schema, &name),
            Taker::Operation(operation) => match (&operation.body, name.as_str()) {
                (Some(body), "body") => Some(&body.ty),
                (Some(body), name) => fields::schema(&body.ty).and_then(|schema| self.table.property(schema, name)),
                _ => None,
            },
            Taker::Other => None,
        };
        ty.and_then(fields::schema).map_or(Taker::Other, Taker::Schema)
    }

    fn value(&mut self, taker: Taker<'t>, part: Part) -> Value<'t> {
        if self.is_mark(part.from, "{") && self.close(part.from) + 1 == part.to {
            self.written(taker, part.from);
            return Value::Unknown;
        }
        self.walk(part.from, part.to)
    }

    /// The parts of what stands in a bracket.
    fn parts(&self, open: usize) -> Vec<Part> {
        let end = self.close(open);
        let mut parts = Vec::new();
        let mut from = open + 1;
        while from < end {
            let mut to = from;
            while to < end && !self.is_mark(to, ",") {
                to = self.close(to) + 1;
            }
            if to > from {
                parts.push(self.part_of(from, to.min(end)));
            }
            from = to + 1;
        }
        parts
    }

    /// `name = value`, `name: value`, `"name": value`, `:name => value`, or a value alone.
    fn part_of(&self, from: usize, to: usize) -> Part {
        let symbol = usize::from(self.is_mark(from, ":"));
        let name = from + symbol;
        let names = self.is(name, TokenKind::Word) || self.is(name, TokenKind::Text);
        let is_named = names && matches!(self.word(name + 1), "=" | ":" | "=>") && self.is(name + 1, TokenKind::Mark);
        // `x => ...` is a function, except behind a symbol or a string of Ruby.
        let is_function = self.word(name + 1) == "=>" && symbol == 0 && self.is(name, TokenKind::Word);
        if is_named && !is_function && name + 2 <= to {
            Part { name: Some(name), from: name + 2, to }
        } else {
            Part { name: None, from, to }
        }
    }

    /// An argument or an entry with a name.
    fn named(&mut self, taker: Taker<'t>, at: usize, part: Part) {
        let name = self.contract_name(self.word(at));
        match taker {
            Taker::Operation(operation) => {
                if operation.parameter(&name).is_some() {
                    self.parameter(operation, &name, at, part);
                } else if let Some(schema) = operation.body.as_ref().and_then(|body| fields::schema(&body.ty)) {
                    self.entry(schema, &name, at, part);
                }
            }
            Taker::Schema(schema) => self.entry(schema, &name, at, part),
            // A parameter with a type: `(look: ILook) => ...`.
            Taker::Other => {
                if self.is_mark(at + 1, ":") && self.is(at, TokenKind::Word) {
                    self.annotation(self.word(at), at + 2);
                }
            }
        }
    }

    /// An argument without a name: the parameters of the path come first.
    fn placed(&mut self, taker: Taker<'t>, index: usize, part: Part) {
        let Taker::Operation(operation) = taker else { return };
        let in_path = operation.parameters.iter().filter(|parameter| parameter.place == "path");
        if let Some(parameter) = in_path.into_iter().nth(index) {
            let Some(fate) = self.table.parameter_fate(&operation.id, &parameter.name) else { return };
            if let Some(number) = self.number(part).filter(|_| fate.retyped) {
                self.report(number, Kind::Parameter, format!("{}({})", operation.id, parameter.name), fate);
            }
        }
    }

    fn parameter(&mut self, operation: &'t Operation, name: &str, at: usize, part: Part) {
        if let Some(fate) = self.table.parameter_fate(&operation.id, name) {
            let place = format!("{}({name})", operation.id);
            if !fate.retyped {
                self.report(at, Kind::Parameter, place, fate);
            } else if let Some(number) = self.number(part) {
                self.report(number, Kind::Parameter, place, fate);
            }
        }
        let is_text = part.to == part.from + 1 && self.is(part.from, TokenKind::Text);
        if let Some(answer) = operation.answer().filter(|_| name == "fields" && is_text) {
            let (text, offset) = (self.word(part.from), self.tokens[part.from].start);
            fields::check(self.table, answer, text, offset, &mut self.found);
        }
    }

    fn entry(&mut self, schema: &'t str, name: &str, at: usize, part: Part) {
        let Some(fate) = self.table.property_fate(schema, name) else { return };
        let place = format!("{schema}.{name}");
        if !fate.retyped {
            self.report(at, Kind::Property, place, fate);
        } else if let Some(number) = self.number(part) {
            self.report(number, Kind::Property, place, fate);
        }
    }

    /// The number that a value is, or the first one of a list of numbers.
    fn number(&self, part: Part) -> Option<usize> {
        if part.to == part.from + 1 && self.is(part.from, TokenKind::Number) {
            return Some(part.from);
        }
        let is_list = self.is_mark(part.from, "[") && self.close(part.from) + 1 == part.to;
        (is_list && self.is(part.from + 1, TokenKind::Number)).then_some(part.from + 1)
    }
}
