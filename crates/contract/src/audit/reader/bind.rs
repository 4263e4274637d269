//! What gives a name its value.

use super::{Reader, TokenKind, Value, item, listed};
use crate::audit::language::Language;
use crate::audit::names;

/// Methods that give a list like the one they are called on.
const KEEP: [&str; 10] =
    ["filter", "select", "reject", "sort", "sort_by", "sortedBy", "slice", "take", "reverse", "concat"];
/// Methods that give one item.
const ONE: [&str; 12] =
    ["find", "first", "last", "pop", "shift", "at", "get", "min_by", "max_by", "detect", "firstOrNull", "single"];

impl<'t, 's> Reader<'t, 's> {
    pub(in crate::audit) fn bind(&mut self, name: &'s str, value: Value<'t>) {
        // What is assigned anything else stands for that, whatever its name.
        let value = if value == Value::Unknown { Value::Other } else { value };
        self.values.insert(name, value);
    }

    /// Takes what a name stood for; only usual names stand for something again.
    fn forget(&mut self, name: &'s str) {
        self.values.remove(name);
    }

    /// `name = ...`, `name: Type = ...`, `a, b := ...`; gives where the expression ends.
    pub(in crate::audit) fn assignment(&mut self, at: usize) -> Option<usize> {
        if self.is_mark(at + 1, "=") || self.is_mark(at + 1, ":=") {
            return Some(self.assign(self.word(at), at + 2));
        }
        if self.is_mark(at + 1, ",") && self.is(at + 2, TokenKind::Word) && self.is_mark(at + 3, ":=") {
            return Some(self.assign(self.word(at), at + 4));
        }
        // `self.name = ...`: the name of the attribute stands for it.
        if matches!(self.word(at), "self" | "this") && self.is_mark(at + 1, ".") && self.is_mark(at + 3, "=") {
            return Some(self.assign(self.word(at + 2), at + 4));
        }
        let annotated = matches!(self.language, Language::Python | Language::TypeScript | Language::Kotlin);
        (annotated && self.is_mark(at + 1, ":") && self.is(at + 2, TokenKind::Word))
            .then(|| self.annotation(self.word(at), at + 2))
            .flatten()
    }

    fn assign(&mut self, name: &'s str, from: usize) -> usize {
        if let Some(Value::Object(ty, 0)) = self.values.get(name).copied().filter(|_| self.is_mark(from, "{")) {
            self.literal_of(ty, from);
            return self.close(from) + 1;
        }
        let (value, next) = self.expression(from);
        self.bind(name, value);
        next
    }

    /// `name: Type`; gives where the type ends, or the expression that is assigned. None where it is no type of the SDK.
    pub(in crate::audit) fn annotation(&mut self, name: &'s str, at: usize) -> Option<usize> {
        let (value, next) = self.type_at(at)?;
        self.bind(name, value);
        match value {
            // An object that is written out has the properties of its type.
            Value::Object(ty, 0) if self.is_mark(next, "=") && self.is_mark(next + 1, "{") => {
                self.literal_of(ty, next + 1);
                Some(self.close(next + 1) + 1)
            }
            _ => Some(next),
        }
    }

    /// What a type of the SDK at a token stands for: `models.Look`, `ILook[]`, `List[Look]`, `Partial<IWriteLook>`.
    fn type_at(&mut self, at: usize) -> Option<(Value<'t>, usize)> {
        const WRAPPERS: [&str; 8] =
            ["Partial", "Promise", "Optional", "Readonly", "Required", "Final", "Awaited", "ClassVar"];
        const LISTS: [&str; 8] =
            ["List", "list", "Sequence", "Iterable", "Array", "ReadonlyArray", "MutableList", "Collection"];
        let mut at = at;
        while matches!(self.word(at), "*" | "[" | "]") && self.language == Language::Go {
            at += 1;
        }
        let word = self.word(at);
        if (WRAPPERS.contains(&word) || LISTS.contains(&word)) && matches!(self.word(at + 1), "[" | "<") {
            let (value, next) = self.type_at(at + 2)?;
            let value = if LISTS.contains(&word) { listed(value) } else { value };
            return Some((value, next + 1));
        }
        if names::is_client_type(word) {
            return Some((Value::Client, at + 1));
        }
        let (value, next) = match self.lookup(at) {
            class @ (Value::Class(_) | Value::Package) => self.suffixes(class, at, at + 1),
            _ => return None,
        };
        match value {
            Value::Class(schema) => Some((self.object(schema), next)),
            Value::Object(..) => Some((value, next)),
            Value::Package if names::is_client_type(self.word(next - 1)) => Some((Value::Client, next)),
            _ => None,
        }
    }

    /// `const name = ...` and `const { a, b } = ...`.
    pub(in crate::audit) fn declaration(&mut self, at: usize) -> usize {
        let open = at + 1;
        if self.language == Language::Go && self.is(open, TokenKind::Word) {
            return self.annotation(self.word(open), open + 1).unwrap_or(open);
        }
        let end = self.close(open);
        if !self.is_mark(open, "{") || end == open || !self.is_mark(end + 1, "=") {
            return open;
        }
        let (value, next) = self.expression(end + 2);
        let mut part = open + 1;
        while part < end {
            if self.is(part, TokenKind::Word) {
                if let Value::Object(ty, 0) = value {
                    let taken = self.property(ty, part, end);
                    let name = if self.is_mark(part + 1, ":") { self.word(part + 2) } else { self.word(part) };
                    self.bind(name, taken);
                } else if value == Value::Package {
                    let class = self.class(self.word(part));
                    self.class_used(part, class);
                    self.bind(self.word(part), class);
                }
            }
            while part < end && !self.is_mark(part, ",") {
                part = self.close(part) + 1;
            }
            part += 1;
        }
        next
    }

    /// The parameters of a function: those without a type of the SDK stand for nothing.
    pub(in crate::audit) fn function(&mut self, at: usize) -> usize {
        const NEAR: usize = 4;
        let Some(open) = (at + 1..at + NEAR).find(|at| self.is_mark(*at, "(")) else { return at + 1 };
        // The receiver of a method in Go stands before its name.
        let open = if self.language == Language::Go && open == at + 1 {
            self.parameters(open);
            self.close(open) + 2
        } else {
            open
        };
        if !self.is_mark(open, "(") {
            return at + 1;
        }
        self.parameters(open);
        let mut next = self.close(open) + 1;
        // A result of Go stands before the body and would look like an object that is written out.
        while self.language == Language::Go && !self.is_mark(next, "{") && !self.begins_line(next) {
            next += 1;
        }
        next
    }

    fn parameters(&mut self, open: usize) {
        let end = self.close(open);
        let mut at = open + 1;
        while at < end {
            if self.is(at, TokenKind::Word) {
                let name = self.word(at);
                let ty = if self.language == Language::Go { at + 1 } else { at + 2 };
                let typed = self.language == Language::Go || self.is_mark(at + 1, ":");
                if !(typed && self.annotation(name, ty).is_some()) {
                    self.forget(name);
                }
            }
            while at < end && !self.is_mark(at, ",") {
                at = self.close(at) + 1;
            }
            at += 1;
        }
    }

    /// `a => ...` and `(a, b) => ...`: parameters that were given no value stand for nothing.
    pub(in crate::audit) fn arrow(&mut self, at: usize) {
        let Some(before) = at.checked_sub(1) else { return };
        if self.is(before, TokenKind::Word) && !self.bound.contains(&before) {
            self.forget(self.word(before));
        }
    }

    /// The `for` of a comprehension comes after what uses its names: it is read when its bracket begins.
    pub(in crate::audit) fn comprehension(&mut self, open: usize) {
        let end = self.close(open);
        for at in self.comprehensions.remove(&open).unwrap_or_default() {
            let next = self.each(at, end);
            self.read_before.insert(at, next);
        }
    }

    /// `for name in ...`: the name stands for an item.
    pub(in crate::audit) fn each(&mut self, at: usize, to: usize) -> usize {
        const NEAR: usize = 14;
        let mut names = Vec::new();
        for next in at + 1..(at + NEAR).min(to) {
            match self.word(next) {
                "in" | "of" | "range" => return self.items_of(&names, next + 1),
                ":" if self.language == Language::Java => return self.items_of(&names, next + 1),
                "{" | ";" => break,
                word if self.is(next, TokenKind::Word) && !matches!(word, "const" | "let" | "var" | "val") => {
                    names.push(word);
                }
                _ => {}
            }
        }
        at + 1
    }

    fn items_of(&mut self, names: &[&'s str], from: usize) -> usize {
        let (value, next) = self.expression(from);
        let (last, others) = names.split_last().map_or((None, names), |(last, others)| (Some(*last), others));
        for name in others {
            self.bind(name, Value::Unknown);
        }
        if let Some(last) = last {
            self.bind(last, item(value));
        }
        next
    }

    /// What a method of a list gives. A lambda that is passed to it gets an item.
    pub(in crate::audit) fn of_list(&mut self, list: Value<'t>, at: usize) -> Value<'t> {
        self.lambda(at + 1, item(list));
        let name = self.word(at);
        match name {
            name if KEEP.contains(&name) => list,
            name if ONE.contains(&name) => item(list),
            "value" | "body" => list,
            _ => Value::Unknown,
        }
    }

    /// The parameter of a lambda: `(x =>`, `((x) =>`, `{ |x|`, `do |x|`, `{ x ->`, `it`.
    fn lambda(&mut self, at: usize, value: Value<'t>) {
        let at = if self.is_mark(at, "(") { at + 1 } else { at };
        let parameter = if self.is(at, TokenKind::Word) && self.is_mark(at + 1, "=>") {
            at
        } else if self.is_mark(at, "(") && self.is(at + 1, TokenKind::Word) {
            at + 1
        } else if matches!(self.word(at), "{" | "do") && self.is_mark(at + 1, "|") {
            at + 2
        } else if self.is_mark(at, "{") && self.is_mark(at + 2, "->") {
            at + 1
        } else if self.is_mark(at, "{") && self.language == Language::Kotlin {
            return self.bind("it", value);
        } else if matches!(self.word(at), "async" | "function") {
            match (at + 1..at + 4).find(|at| self.is_mark(*at, "(")) {
                Some(open) => open + 1,
                None => return,
            }
        } else {
            return;
        };
        self.bind(self.word(parameter), value);
        self.bound.insert(parameter);
    }
}
