//! The tree as the Python package `lkml` (1.3) shows it: nested dictionaries, as JSON.
//!
//! Its rules: keys that repeat are collected in a list under their plural, of the other keys the last value counts, a
//! block's name stands under `name`, pairs are objects of one entry, strings keep their backslashes, bodies lose the
//! blanks around them, and everything is text.

use super::cursor::{Element, Item, Items, List, Scalar, Value};
use super::{Parsed, keywords};
use crate::diagnostic::Severity;
use belvedere_wire::{Object, write_string};
use std::collections::HashMap;

/// A file that was refused: the first mistake that makes it unusable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct Refused {
    /// What is wrong.
    pub message: String,
    /// 1-based line.
    pub line: u32,
}

impl Refused {
    /// The answer in the place of the dictionary: `{"error": "line 3: ..."}`.
    pub fn to_json(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let mut object = Object::open(&mut out);
        write_string(&self.to_string(), object.key("error"));
        object.close();
        out
    }
}

/// The file as one JSON object in the dict shape of the Python package `lkml`.
pub fn to_lkml_json(parsed: &Parsed) -> Result<Vec<u8>, Refused> {
    if let Some(fatal) = parsed.diagnostics.iter().find(|mistake| mistake.severity == Severity::Fatal) {
        return Err(Refused { message: fatal.message.clone(), line: fatal.location.line });
    }
    let document = &parsed.document;
    let mut out = Vec::with_capacity(document.text().len());
    let mut writer = Writer { slots: Vec::new(), next_of_key: vec![NONE; document.nodes().len()] };
    writer.items(document.items(), None, &mut out);
    Ok(out)
}

/// From so many different keys on a block is searched by hash.
const MANY_KEYS: usize = 16;

const NONE: u32 = u32::MAX;

/// All items of one block that go under one key of the output.
#[derive(Clone, Copy)]
struct Slot<'a> {
    key: &'a str,
    first: Item<'a>,
    last: Item<'a>,
    is_list: bool,
}

struct Writer<'a> {
    /// The slots of the blocks that are being written, the innermost block's last.
    slots: Vec<Slot<'a>>,
    /// By node: the next item that goes into the same list.
    next_of_key: Vec<u32>,
}

impl<'a> Writer<'a> {
    /// Nesting is bounded by the parser, so this may recurse.
    fn items(&mut self, items: Items<'a>, name: Option<Scalar<'a>>, out: &mut Vec<u8>) {
        let base = self.slots.len();
        self.group(items, base, name.is_some());
        let mut object = Object::open(out);
        for index in base..self.slots.len() {
            let slot = self.slots[index];
            let out = object.key(slot.key);
            if slot.is_list {
                self.collected(slot.first, out);
            } else {
                self.value(slot.last.value(), out);
            }
        }
        if let Some(name) = name {
            scalar(name, object.key("name"));
        }
        object.close();
        self.slots.truncate(base);
    }

    /// Puts the items of a block into slots, in the order in which their keys first stand. The name of a named block
    /// wins over a parameter `name`.
    fn group(&mut self, items: Items<'a>, base: usize, is_named: bool) {
        let mut by_key = HashMap::new();
        for item in items {
            let plural = keywords::lkml_plural(item.key());
            let key = plural.unwrap_or(item.key());
            if is_named && key == "name" {
                continue;
            }
            let found = if self.slots.len() - base < MANY_KEYS {
                self.slots[base..].iter().position(|slot| slot.key == key).map(|index| base + index)
            } else {
                if by_key.is_empty() {
                    by_key.extend(self.slots.iter().enumerate().skip(base).map(|(index, slot)| (slot.key, index)));
                }
                by_key.get(key).copied()
            };
            let fresh = Slot { key, first: item, last: item, is_list: plural.is_some() };
            match found {
                Some(index) if fresh.is_list && self.slots[index].is_list => {
                    let slot = &mut self.slots[index];
                    self.next_of_key[slot.last.index() as usize] = item.index();
                    slot.last = item;
                }
                Some(index) => self.slots[index] = fresh,
                None => {
                    if !by_key.is_empty() {
                        by_key.insert(key, self.slots.len());
                    }
                    self.slots.push(fresh);
                }
            }
        }
    }

    /// The values of a key that repeats.
    fn collected(&mut self, first: Item<'a>, out: &mut Vec<u8>) {
        out.push(b'[');
        let mut item = first;
        loop {
            self.value(item.value(), out);
            let next = self.next_of_key[item.index() as usize];
            if next == NONE {
                break;
            }
            out.push(b',');
            item = item.sibling(next);
        }
        out.push(b']');
    }

    fn value(&mut self, value: Value<'a>, out: &mut Vec<u8>) {
        match value {
            Value::Block(block) => self.items(block.items(), block.name(), out),
            Value::List(elements) => self.list(elements, out),
            Value::Scalar(text) => scalar(text, out),
            Value::Body(body) => write_string(body.text().trim_matches(is_python_blank), out),
        }
    }

    fn list(&mut self, list: List<'a>, out: &mut Vec<u8>) {
        out.push(b'[');
        for (index, element) in list.elements().enumerate() {
            if index > 0 {
                out.push(b',');
            }
            match element {
                Element::Scalar(text) => scalar(text, out),
                Element::Pair(key, value) => {
                    let mut object = Object::open(out);
                    self.value(value, object.key(key.source()));
                    object.close();
                }
            }
        }
        out.push(b']');
    }
}

/// Strings as they are written, backslashes included.
fn scalar(scalar: Scalar<'_>, out: &mut Vec<u8>) {
    if scalar.quoted() {
        write_string(scalar.source(), out);
    } else {
        write_string(&scalar.text(), out);
    }
}

/// What Python's `str.isspace` holds for a blank.
fn is_python_blank(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\x1c'..='\x1f')
}
