//! From the tree of a file to [`Object`]s, as the table of parameters says.

use super::mistakes::{self, Mistakes};
use super::object::{EXTENDED, Entry, Object, Text};
use crate::diagnostic::{Diagnostic, Location, Span};
use crate::parameters::{FILTER_BLOCK, Merge, Parameter, Parent, Status, Value, Words, parents};
use crate::project::Constants;
use crate::sql::has_liquid;
use crate::syntax::{self, Document, Item, List, Scalar};
use std::sync::Arc;

/// One parameter at the top of a file.
#[derive(Debug)]
pub struct Top {
    pub parameter: &'static Parameter,
    /// True for `+name`.
    pub refinement: bool,
    /// A text, or a block.
    pub entry: Entry,
}

/// What a file says, in order, and what is wrong with it whoever includes it.
#[derive(Debug, Default)]
pub struct FileContent {
    pub tops: Vec<Top>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a file of the kind `parent` with the constants that it sees.
pub fn read(document: &Document, parent: &'static Parent, constants: &Constants) -> FileContent {
    let mut reader = Reader { document, constants, mistakes: Mistakes::default() };
    let mut tops = Vec::new();
    for item in document.items() {
        tops.extend(reader.top(parent, item));
    }
    FileContent { tops, diagnostics: reader.mistakes.into_vec() }
}

struct Reader<'a> {
    document: &'a Document,
    constants: &'a Constants,
    mistakes: Mistakes,
}

impl<'a> Reader<'a> {
    fn top(&mut self, parent: &'static Parent, item: Item<'a>) -> Option<Top> {
        let parameter = self.parameter(parent, item)?;
        let written = item.block().and_then(|block| block.name());
        let refinement = written.is_some_and(|name| name.source().starts_with('+'));
        if refinement && !matches!(parameter.name, "view" | "explore") {
            let at = self.location(written.map_or(item.key_span(), |name| name.span()));
            self.mistakes.add(mistakes::refinement_of_other_kind(at, parameter.name));
            return None;
        }
        let entry = match parameter.value {
            Value::Named(kind) | Value::Block(kind) => Entry::Block(Arc::new(self.block(parameter, kind, item)?)),
            _ => self.entry(parameter, item)?,
        };
        Some(Top { parameter, refinement, entry })
    }

    /// The row of the table for `item`; unknown keys are told.
    fn parameter(&mut self, parent: &'static Parent, item: Item<'a>) -> Option<&'static Parameter> {
        let found = parent.parameter(item.key());
        let at = || self.document.location(item.key_span());
        match found {
            None => {
                let known = parent.parameters().map(|parameter| parameter.name);
                let mistake = mistakes::unknown_parameter(at(), item.key(), parent.name);
                let mistake = Diagnostic { help: homes(item.key()), ..mistake };
                self.mistakes.add_unknown(mistake, item.key(), known);
            }
            Some(parameter) if parameter.status == Status::Legacy => {
                let mistake = mistakes::deprecated_parameter(at(), item.key(), parent.name);
                self.mistakes.add(mistake);
            }
            Some(_) => {}
        }
        found
    }

    fn object(&mut self, object: &mut Object, items: syntax::Items<'a>) {
        for item in items {
            let Some(parameter) = self.parameter(object.parent, item) else { continue };
            match parameter.value {
                Value::Named(kind) if parameter.repeats => self.child(object, parameter, kind, item),
                _ => match self.entry(parameter, item) {
                    Some(entry) => put(object, parameter, entry),
                    None => object.spoiled.push(parameter.name),
                },
            }
        }
    }

    /// A named block that may stand several times under different names.
    fn child(&mut self, object: &mut Object, parameter: &'static Parameter, kind: &'static Parent, item: Item<'a>) {
        let Some(child) = self.block(parameter, kind, item) else { return };
        let key = (Object::namespace(kind), Arc::clone(&child.name));
        if let Some(before) = object.children.get(&key) {
            let (at, first) = (child.location.clone(), &before.location);
            self.mistakes.add(if kind.is_field() {
                mistakes::duplicate_field(at, first, &child.name, (before.parent.name, kind.name))
            } else {
                mistakes::duplicate_in_parent(at, first, kind.name, &child.name, object.parent.name)
            });
        }
        object.children.insert(key, Arc::new(child));
    }

    /// A block with what stands in it.
    fn block(&mut self, parameter: &'static Parameter, kind: &'static Parent, item: Item<'a>) -> Option<Object> {
        let Some(block) = item.block() else {
            self.expected(parameter, item, "a block `{ ... }`");
            return None;
        };
        let written = block.name();
        if written.is_none() && matches!(parameter.value, Value::Named(_)) {
            self.mistakes.add(mistakes::missing_name(self.location(item.key_span()), parameter.name));
            return None;
        }
        let name = written.map(|name| name.text()).unwrap_or_default();
        let at = self.location(written.map_or(item.key_span(), |name| name.span()));
        let mut object = Object::new(kind, name.strip_prefix('+').unwrap_or(&name), at);
        self.object(&mut object, block.items());
        Some(object)
    }

    fn entry(&mut self, parameter: &'static Parameter, item: Item<'a>) -> Option<Entry> {
        match parameter.value {
            Value::Named(kind) | Value::Block(kind) => {
                let block = Arc::new(self.block(parameter, kind, item)?);
                Some(if parameter.repeats { Entry::Blocks(vec![block]) } else { Entry::Block(block) })
            }
            Value::Pairs => self.pairs(parameter, item).map(Entry::Pairs),
            Value::Names(_) | Value::Texts | Value::Fields => self.list(parameter, item).map(Entry::List),
            Value::WordList(words) => {
                let mut list = self.list(parameter, item)?;
                list.retain(|word| self.is_one_of(words, word));
                Some(Entry::List(list))
            }
            Value::Numbers => {
                let mut list = self.list(parameter, item)?;
                list.retain(|number| self.is_number::<f64>(parameter, number, "numbers"));
                Some(Entry::List(list))
            }
            Value::Opaque => None,
            _ => {
                let text = self.text(parameter, item)?;
                Some(if parameter.repeats { Entry::List(vec![text]) } else { Entry::Text(text) })
            }
        }
    }

    fn text(&mut self, parameter: &'static Parameter, item: Item<'a>) -> Option<Text> {
        let text = match item.value() {
            syntax::Value::Body(body) => self.expanded(body.text(), body.text(), body.span(), body.span().start),
            syntax::Value::Scalar(scalar) => self.scalar(scalar),
            syntax::Value::Block(_) | syntax::Value::List(_) => {
                self.expected(parameter, item, expected(&parameter.value));
                return None;
            }
        };
        let good = match parameter.value {
            Value::Word(words) => self.is_one_of(words, &text),
            Value::YesNo => self.is_yes_or_no(parameter, &text),
            Value::Integer => self.is_number::<i64>(parameter, &text, "a whole number"),
            Value::Number => self.is_number::<f64>(parameter, &text, "a number"),
            Value::Duration => self.is_duration(parameter, &text),
            _ => true,
        };
        good.then_some(text)
    }

    /// A list of scalars; a single scalar counts as a list of one.
    fn list(&mut self, parameter: &'static Parameter, item: Item<'a>) -> Option<Vec<Text>> {
        match item.value() {
            syntax::Value::List(list) => Some(self.scalars(parameter, list)),
            syntax::Value::Scalar(scalar) => Some(vec![self.scalar(scalar)]),
            syntax::Value::Block(_) | syntax::Value::Body(_) => {
                self.expected(parameter, item, "a list `[ ... ]`");
                None
            }
        }
    }

    fn scalars(&mut self, parameter: &'static Parameter, list: List<'a>) -> Vec<Text> {
        let mut texts = Vec::new();
        for element in list.elements() {
            match element {
                syntax::Element::Scalar(scalar) => texts.push(self.scalar(scalar)),
                syntax::Element::Pair(..) => {
                    let at = self.location(element.span());
                    self.mistakes.add(mistakes::wrong_value(at, parameter.name, "a list of names or texts, not pairs"));
                }
            }
        }
        texts
    }

    /// `[field: "value"]`, or the old block with `field` and `value`.
    fn pairs(&mut self, parameter: &'static Parameter, item: Item<'a>) -> Option<Vec<(Text, Text)>> {
        match item.value() {
            syntax::Value::List(list) => Some(self.list_of_pairs(parameter, list)),
            syntax::Value::Block(_) => {
                let block = self.block(parameter, &FILTER_BLOCK, item)?;
                let Some(field) = block.text("field").cloned() else {
                    let at = self.location(item.key_span());
                    self.mistakes.add(mistakes::wrong_value(at, parameter.name, "a field with its value"));
                    return None;
                };
                // Without a value the filter is there and lets everything through.
                let value = block.text("value").cloned();
                let value = value.unwrap_or_else(|| Text::made("", field.location.clone()));
                Some(vec![(field, value)])
            }
            syntax::Value::Scalar(_) | syntax::Value::Body(_) => {
                self.expected(parameter, item, "a list of pairs `[field: \"value\"]`");
                None
            }
        }
    }

    fn list_of_pairs(&mut self, parameter: &'static Parameter, list: List<'a>) -> Vec<(Text, Text)> {
        let mut pairs = Vec::new();
        for element in list.elements() {
            match element {
                syntax::Element::Pair(field, syntax::Value::Scalar(value)) => {
                    pairs.push((self.scalar(field), self.scalar(value)));
                }
                syntax::Element::Pair(field, syntax::Value::List(values)) => {
                    let at = self.location(values.span());
                    let texts = self.scalars(parameter, values);
                    let joined = texts.iter().map(|text| &*text.value).collect::<Vec<_>>().join(",");
                    pairs.push((self.scalar(field), Text::made(joined, at)));
                }
                syntax::Element::Pair(..) | syntax::Element::Scalar(_) => {
                    let at = self.location(element.span());
                    self.mistakes.add(mistakes::wrong_value(at, parameter.name, "pairs such as `field: \"value\"`"));
                }
            }
        }
        pairs
    }

    /// A scalar; constants stand only in quotes.
    fn scalar(&mut self, scalar: Scalar<'a>) -> Text {
        let text = scalar.text();
        if !scalar.quoted() {
            return Text::new(&*text, scalar.source(), self.location(scalar.span()));
        }
        self.expanded(&text, scalar.source(), scalar.span(), scalar.span().start + 1)
    }

    /// A text with its constants replaced. `source` is what is written for it from byte `start` on.
    fn expanded(&mut self, text: &str, source: &str, span: Span, start: u32) -> Text {
        if !text.contains("@{") {
            return Text::new(text, source, self.location(span));
        }
        self.constants.expand(source, |name, range| {
            let at = Span::new(start + range.start as u32, start + range.end as u32);
            let mistake = mistakes::unknown_constant(self.document.location(at), name);
            self.mistakes.add_unknown(mistake, name, self.constants.names());
        });
        let expanded = self.constants.expand(text, |_, _| {});
        Text::new(&*expanded, source, self.location(span))
    }

    fn is_one_of(&mut self, words: &'static Words, word: &Text) -> bool {
        let known = words.contains(&word.value) || is_extended(word);
        if !known {
            let mistake = mistakes::invalid_value(word.location.clone(), words.noun, &word.value);
            if let Some(meant) = words.meant_by(&word.value) {
                self.mistakes.add(mistake.help(format!("write `{meant}`")));
                return false;
            }
            let all: Vec<String> = words.all().collect();
            self.mistakes.add_unknown(mistake, &word.value, all.iter().map(String::as_str));
        }
        known
    }

    fn is_yes_or_no(&mut self, parameter: &'static Parameter, word: &Text) -> bool {
        let known = matches!(&*word.value, "yes" | "no");
        if !known {
            self.mistakes.add(mistakes::not_yes_or_no(word.location.clone(), parameter.name, &word.value));
        }
        known
    }

    fn is_number<N: std::str::FromStr>(&mut self, parameter: &'static Parameter, text: &Text, what: &str) -> bool {
        let digits = text.value.strip_prefix('+').unwrap_or(&text.value);
        let plain = digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'-'));
        let good = (plain && digits.parse::<N>().is_ok()) || is_extended(text);
        if !good {
            self.mistakes.add(mistakes::wrong_value(text.location.clone(), parameter.name, what));
        }
        good
    }

    fn is_duration(&mut self, parameter: &'static Parameter, text: &Text) -> bool {
        let open = has_liquid(&text.value) || text.value.contains("@{");
        let good = open || is_duration(&text.value);
        if !good {
            self.mistakes.add(mistakes::invalid_duration(text.location.clone(), parameter.name, &text.value));
        }
        good
    }

    /// Tells that something else should stand here, unless the syntax said so already.
    fn expected(&mut self, parameter: &'static Parameter, item: Item<'a>, what: &str) {
        let told = syntax::keywords::needs_block(item.key()) && item.scalar().is_some_and(|scalar| !scalar.quoted());
        if !told {
            let at = self.location(item.value().span());
            self.mistakes.add(mistakes::wrong_value(at, parameter.name, what));
        }
    }

    fn location(&self, span: Span) -> Location {
        self.document.location(span)
    }
}

/// So many places of a parameter are named; one that stands in more says nothing about where it belongs.
const MOST_HOMES: usize = 3;

/// Where a parameter belongs that stands in the wrong place.
fn homes(name: &str) -> Option<String> {
    let homes: Vec<&str> = parents().filter(|home| home.parameter(name).is_some()).map(|home| home.name).collect();
    let told = (1..=MOST_HOMES).contains(&homes.len());
    told.then(|| format!("`{name}` stands in `{}`", homes.join("` or `")))
}

/// `24 hours`, `1 minute`.
pub fn is_duration(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let (count, unit, rest) = (words.next(), words.next(), words.next());
    let is_count = count.is_some_and(|count| count.bytes().all(|byte| byte.is_ascii_digit()) && count.len() < 10);
    let unit = unit.map(|unit| unit.strip_suffix('s').unwrap_or(unit));
    is_count && rest.is_none() && unit.is_some_and(|unit| ["second", "minute", "hour", "day", "week"].contains(&unit))
}

fn is_extended(text: &Text) -> bool {
    *text.value == *EXTENDED
}

const fn expected(value: &Value) -> &'static str {
    match value {
        Value::YesNo => "yes or no",
        Value::Integer => "a whole number",
        Value::Number => "a number",
        Value::Body => "text that ends with `;;`",
        Value::Name(_) => "a name",
        Value::Word(_) => "a word",
        _ => "a text",
    }
}

/// Adds an entry. What may repeat adds up; of other repeated parameters the last counts, which the syntax told.
fn put(object: &mut Object, parameter: &'static Parameter, entry: Entry) {
    let adds_up = parameter.repeats || (parameter.merge == Merge::Append && matches!(entry, Entry::Pairs(_)));
    match (object.entry_mut(parameter.name), entry) {
        (Some(Entry::Blocks(all)), Entry::Blocks(more)) if adds_up => all.extend(more),
        (Some(Entry::Pairs(all)), Entry::Pairs(more)) if adds_up => all.extend(more),
        (Some(Entry::List(all)), Entry::List(more)) if adds_up => all.extend(more),
        (_, entry) => object.set(parameter, entry),
    }
}
