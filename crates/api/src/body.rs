//! Reads the bodies of requests: leniently in form, strictly in meaning.
//!
//! Clients send numbers as text and text as numbers, lists as one text, and whole objects back with all that is
//! read-only in them. What can mean only one thing is taken; unknown and read-only keys are passed over; what is
//! wrong or missing is reported, all of it at once.

use indexmap::IndexMap;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Map, Value};

use crate::error::{Error, FieldCode, FieldError, NOT_PRESENT, Result};
use crate::time;

/// So many problems are reported, no more: a list of a million wrong values has one cause.
const MOST_PROBLEMS: usize = 100;

/// What a body is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Something is made, or said as a whole: required fields must be there.
    Create,
    /// A part of something is changed: what is left out stays.
    Update,
}

/// An object that callers send.
pub trait Body: Sized {
    /// Takes the fields; what is wrong is reported to their owner.
    fn read(from: &mut Fields<'_>) -> Self;
}

/// A value that callers send.
pub trait FromJson: Sized {
    /// Reads the value, or reports why that cannot be done.
    fn from_json(value: Value, problems: &mut Problems) -> Option<Self>;
}

/// The problems of a body, and the place that is being read.
#[derive(Debug, Default)]
pub struct Problems {
    found: Vec<FieldError>,
    place: Vec<Step>,
}

#[derive(Debug)]
enum Step {
    Key(String),
    Index(usize),
}

impl Problems {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Reports a problem with the value at hand.
    pub fn add(&mut self, code: FieldCode, message: impl Into<String>) {
        if self.found.len() < MOST_PROBLEMS {
            self.found.push(FieldError { field: self.field(), code, message: message.into() });
        }
    }

    /// Reports that the value at hand is of a wrong type.
    fn not_a<T>(&mut self, kind: &str) -> Option<T> {
        self.add(FieldCode::Invalid, format!("must be {kind}"));
        None
    }

    fn inside<T>(&mut self, step: Step, read: impl FnOnce(&mut Self) -> T) -> T {
        self.place.push(step);
        let value = read(self);
        self.place.pop();
        value
    }

    /// The place as a field is named: `source_queries[0].query_id`.
    fn field(&self) -> String {
        let mut name = String::new();
        for step in &self.place {
            match step {
                Step::Key(key) if name.is_empty() => name.push_str(key),
                Step::Key(key) => name.extend([".", key]),
                Step::Index(index) => name.extend(["[", &index.to_string(), "]"]),
            }
        }
        if name.is_empty() { "body".to_owned() } else { name }
    }

    /// The value if nothing was wrong with it.
    pub(crate) fn finish<T>(self, value: T) -> Result<T> {
        if self.found.is_empty() { Ok(value) } else { Err(Error::validation(self.found)) }
    }
}

/// The fields of an object that a caller sent.
#[derive(Debug)]
pub struct Fields<'a> {
    object: Map<String, Value>,
    mode: Mode,
    problems: &'a mut Problems,
}

impl<'a> Fields<'a> {
    /// The fields of `object`; problems go to `problems`.
    pub fn new(object: Map<String, Value>, mode: Mode, problems: &'a mut Problems) -> Self {
        Self { object, mode, problems }
    }

    /// A field that must be there; null counts as missing.
    pub fn required<T: FromJson + Default>(&mut self, name: &str) -> T {
        self.present(name, true).unwrap_or_default()
    }

    /// A field that must be there when a thing is made, and may be left out when it is changed.
    pub fn expected<T: FromJson>(&mut self, name: &str) -> Option<T> {
        self.present(name, self.mode == Mode::Create)
    }

    /// A field that may be left out; null counts as left out.
    pub fn optional<T: FromJson>(&mut self, name: &str) -> Option<T> {
        self.present(name, false)
    }

    /// A field that may be left out, or null.
    pub fn patch<T: FromJson>(&mut self, name: &str) -> crate::Patch<T> {
        match self.object.swap_remove(name) {
            None => crate::Patch::Absent,
            Some(Value::Null) => crate::Patch::Null,
            Some(value) => self.value(name, value).map_or(crate::Patch::Absent, crate::Patch::Value),
        }
    }

    fn present<T: FromJson>(&mut self, name: &str, required: bool) -> Option<T> {
        if let Some(value) = self.object.swap_remove(name).filter(|value| !value.is_null()) {
            return self.value(name, value);
        }
        if required {
            let report = |problems: &mut Problems| problems.add(FieldCode::MissingField, NOT_PRESENT);
            self.problems.inside(Step::Key(name.to_owned()), report);
        }
        None
    }

    fn value<T: FromJson>(&mut self, name: &str, value: Value) -> Option<T> {
        self.problems.inside(Step::Key(name.to_owned()), |problems| T::from_json(value, problems))
    }
}

impl<T: Body> Body for Box<T> {
    fn read(from: &mut Fields<'_>) -> Self {
        Box::new(T::read(from))
    }
}

impl<T: Body> FromJson for T {
    fn from_json(value: Value, problems: &mut Problems) -> Option<Self> {
        let object = object(value, problems)?;
        Some(T::read(&mut Fields::new(object, Mode::Create, problems)))
    }
}

/// An object, or the JSON text of one.
fn object(value: Value, problems: &mut Problems) -> Option<Map<String, Value>> {
    match value {
        Value::Object(object) => Some(object),
        Value::String(text) => match serde_json::from_str(&text) {
            Ok(Value::Object(object)) => Some(object),
            _ => problems.not_a("an object"),
        },
        _ => problems.not_a("an object"),
    }
}

impl FromJson for String {
    fn from_json(value: Value, problems: &mut Problems) -> Option<Self> {
        match value {
            Value::String(text) => Some(text),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(boolean) => Some(boolean.to_string()),
            _ => problems.not_a("a text"),
        }
    }
}

impl FromJson for i64 {
    fn from_json(value: Value, problems: &mut Problems) -> Option<Self> {
        let number = match &value {
            Value::Number(number) => number.as_i64().or_else(|| whole(number.as_f64()?)),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        number.or_else(|| problems.not_a("an integer"))
    }
}

/// A double that is an integer, and small enough that it can be no other one.
fn whole(number: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    (number.fract() == 0.0 && number.abs() <= EXACT).then_some(number as i64)
}

impl FromJson for f64 {
    fn from_json(value: Value, problems: &mut Problems) -> Option<Self> {
        let number = match &value {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
            _ => None,
        };
        number.or_else(|| problems.not_a("a number"))
    }
}

impl FromJson for bool {
    fn from_json(value: Value, problems: &mut Problems) -> Option<Self> {
        let read = match &value {
            Value::Bool(boolean) => Some(*boolean),
            Value::String(text) => boolean(text.trim()),
            Value::Number(number) => boolean(&number.to_string()),
            _ => None,
        };
        read.or_else(|| problems.not_a("true or false"))
    }
}

/// The words for true and false, in any case.
pub(crate) fn boolean(text: &str) -> Option<bool> {
    const WORDS: [(&str, bool); 12] = [
        ("true", true),
        ("false", false),
        ("1", true),
        ("0", false),
        ("yes", true),
        ("no", false),
        ("t", true),
        ("f", false),
        ("y", true),
        ("n", false),
        ("on", true),
        ("off", false),
    ];
    WORDS.iter().find(|(word, _)| text.eq_ignore_ascii_case(word)).map(|(_, boolean)| *boolean)
}

impl FromJson for Timestamp {
    fn from_json(value: Value, problems: &mut Problems) -> Option<Self> {
        let read = value.as_str().and_then(time::parse);
        read.or_else(|| problems.not_a("a time such as 2026-01-31T08:00:00Z"))
    }
}

impl FromJson for Date {
    fn from_json(value: Value, problems: &mut Problems) -> Option<Self> {
        value.as_str().and_then(time::date).or_else(|| problems.not_a("a date such as 2026-01-31"))
    }
}

impl FromJson for Value {
    fn from_json(value: Value, _: &mut Problems) -> Option<Self> {
        Some(value)
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    /// A list; a text is the JSON text of a list, or its items separated by commas; another value is a list of one.
    fn from_json(value: Value, problems: &mut Problems) -> Option<Self> {
        let items = match value {
            Value::Array(items) => items,
            Value::String(text) => list_items(&text),
            Value::Null => return problems.not_a("a list"),
            value => vec![value],
        };
        let read = |(index, item)| problems.inside(Step::Index(index), |problems| T::from_json(item, problems));
        Some(items.into_iter().enumerate().filter_map(read).collect())
    }
}

/// The items of a list that came as text: JSON, a JSON text of items separated by commas, or those items themselves.
pub(crate) fn list_items(text: &str) -> Vec<Value> {
    let text = text.trim();
    if text.starts_with(['[', '"']) {
        match serde_json::from_str(text) {
            Ok(Value::Array(items)) => return items,
            Ok(Value::String(inner)) => return separated(&inner),
            _ => {}
        }
    }
    separated(text)
}

fn separated(text: &str) -> Vec<Value> {
    text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(Value::from).collect()
}

impl<T: FromJson> FromJson for IndexMap<String, T> {
    /// An object with free keys, their order kept. A null entry says nothing, unless any value is allowed.
    fn from_json(value: Value, problems: &mut Problems) -> Option<Self> {
        let entries = object(value, problems)?.into_iter();
        let read = |(key, value): (String, Value)| {
            let value = match value {
                Value::Null => T::from_json(Value::Null, &mut Problems::default()),
                value => problems.inside(Step::Key(key.clone()), |problems| T::from_json(value, problems)),
            };
            value.map(|value| (key, value))
        };
        Some(entries.filter_map(read).collect())
    }
}

/// Reads a word of an enumeration.
pub(crate) fn word<T: Copy>(
    value: &Value,
    all: &[T],
    as_str: impl Fn(T) -> &'static str,
    problems: &mut Problems,
) -> Option<T> {
    let word = value.as_str().unwrap_or_default();
    all.iter().copied().find(|known| as_str(*known) == word).or_else(|| {
        let words: Vec<&str> = all.iter().map(|known| as_str(*known)).collect();
        problems.not_a(&format!("one of {}", words.join(", ")))
    })
}

#[cfg(test)]
mod tests;
