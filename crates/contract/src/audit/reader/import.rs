//! What a program takes from elsewhere.

use super::{Reader, TokenKind, Value, is_sdk_module};
use crate::audit::language::Language;
use crate::audit::names;

impl<'s> Reader<'_, 's> {
    /// An import, from its first word; gives where it ends.
    pub(in crate::audit) fn import(&mut self, at: usize) -> usize {
        match self.language {
            Language::Python => self.python(at),
            Language::TypeScript => self.typescript(at),
            Language::Go => self.go(at),
            Language::Kotlin | Language::Java => self.java(at),
            _ => at + 1,
        }
    }

    /// `import looker_sdk as sdk`, `from looker_sdk.sdk.api31 import models, methods as m`.
    fn python(&mut self, at: usize) -> usize {
        let is_sdk = self.word(at + 1) == "looker_sdk";
        let mut next = at + 1;
        while self.is(next, TokenKind::Word) && !matches!(self.word(next), "import" | "as") || self.is_mark(next, ".") {
            if next > at + 1 && self.tokens[next].begins_line {
                return next;
            }
            next += 1;
        }
        if self.word(next) == "as" {
            if is_sdk {
                self.bind(self.word(next + 1), Value::Package);
            }
            return next + 2;
        }
        if self.word(at) == "import" || self.word(next) != "import" {
            return next;
        }
        let end = if self.is_mark(next + 1, "(") { self.close(next + 1) } else { self.end_of_line(next + 1) };
        self.names(next + 1, end, is_sdk);
        end
    }

    /// `import { ISpace, Looker40SDK as SDK } from '@looker/sdk'`, `import * as looker from '@looker/sdk'`.
    fn typescript(&mut self, at: usize) -> usize {
        const MOST: usize = 512;
        let most = (at + MOST).min(self.tokens.len());
        let Some(from) = (at + 1..most).find(|at| self.is(*at, TokenKind::Text) || self.is_mark(*at, ";")) else {
            return at + 1;
        };
        if self.word(from - 1) != "from" {
            return at + 1;
        }
        let is_sdk = is_sdk_module(self.word(from));
        if self.is_mark(at + 1, "*") {
            if is_sdk {
                self.bind(self.word(at + 3), Value::Package);
            }
            return from + 1;
        }
        self.names(at + 1, from - 1, is_sdk);
        from + 1
    }

    /// `v4 "github.com/looker-open-source/sdk-codegen/go/sdk/v4"`, alone or in brackets.
    fn go(&mut self, at: usize) -> usize {
        let end = if self.is_mark(at + 1, "(") { self.close(at + 1) } else { self.end_of_line(at + 1) };
        for path in (at + 1..end).filter(|at| self.is(*at, TokenKind::Text)).collect::<Vec<_>>() {
            if is_sdk_module(self.word(path)) {
                let named = self.is(path - 1, TokenKind::Word) && path - 1 > at;
                let last = self.word(path).rsplit('/').next().unwrap_or_default();
                self.bind(if named { self.word(path - 1) } else { last }, Value::Package);
            }
        }
        end
    }

    /// `import com.looker.sdk.Space`, `import com.looker.sdk.*`.
    fn java(&mut self, at: usize) -> usize {
        let end = self.end_of_line(at + 1);
        let path: String = (at + 1..end).map(|at| self.word(at)).filter(|word| *word != ";").collect();
        let Some(name) = path.strip_prefix("com.looker.sdk.") else { return end };
        if name == "*" {
            self.has_all_types = true;
        } else if let Some(last) = (at + 1..end).rev().find(|at| self.is(*at, TokenKind::Word)) {
            let class = self.class(self.word(last));
            self.class_used(last, class);
            self.bind(self.word(last), class);
        }
        end
    }

    /// Names between two tokens, each perhaps with another name behind `as`.
    fn names(&mut self, from: usize, to: usize, is_sdk: bool) {
        let mut at = from;
        while at < to {
            let is_name = self.is(at, TokenKind::Word) && !matches!(self.word(at), "type" | "as" | "typeof");
            if is_name {
                let name = self.word(at);
                let alias = if self.word(at + 1) == "as" { self.word(at + 2) } else { name };
                self.imported(at, name, alias, is_sdk);
                at += if alias == name { 1 } else { 3 };
            } else {
                at += 1;
            }
        }
    }

    fn imported(&mut self, at: usize, name: &'s str, alias: &'s str, is_sdk: bool) {
        if !is_sdk {
            // A client that is made elsewhere is still one.
            if !names::is_client(alias) {
                self.bind(alias, Value::Other);
            }
            return;
        }
        let class = self.class(name);
        self.class_used(at, class);
        let value = if class == Value::Unknown { Value::Package } else { class };
        self.bind(alias, value);
    }

    fn end_of_line(&self, at: usize) -> usize {
        (at..self.tokens.len()).find(|at| self.tokens[*at].begins_line).unwrap_or(self.tokens.len())
    }
}
