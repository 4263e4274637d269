//! Reads the parameters and the body of a request.

use indexmap::IndexMap;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Map, Value};

use crate::body::{self, Body, Fields, FromJson, Mode, Problems};
use crate::error::{Error, Result};
use crate::generated::operations::OperationId;
use crate::operation::{Operation, ParameterPlace};
use crate::request::{Request, pairs};
use crate::time;

const FORM: &str = "application/x-www-form-urlencoded";

/// A request whose parts are being read. What cannot be read is remembered, so that a caller learns of all of it.
#[derive(Debug)]
pub(crate) struct Arguments {
    operation: &'static Operation,
    request: Request,
    problems: Vec<String>,
    names_nothing: bool,
}

impl Arguments {
    pub fn new(operation: OperationId, request: Request) -> Self {
        Self { operation: Operation::of(operation), request, problems: Vec::new(), names_nothing: false }
    }

    /// The path parameter at this place. A number that is none names nothing, so the call will end as 404.
    pub fn path<T: FromQuery + Default>(&mut self, index: usize) -> T {
        let text = self.request.path.get_mut(index).map(std::mem::take).unwrap_or_default();
        T::from_path(text).unwrap_or_else(|| {
            self.names_nothing = true;
            T::default()
        })
    }

    /// A parameter of the query string that may be left out.
    pub fn optional<T: FromQuery>(&mut self, name: &'static str) -> Option<T> {
        let values = values(&self.request.query, name);
        T::from_query(&values).unwrap_or_else(|NotA(kind)| {
            self.problems.push(format!("`{name}` must be {kind}"));
            None
        })
    }

    /// A parameter of the query string that must be there.
    pub fn required<T: FromQuery + Default>(&mut self, name: &'static str) -> T {
        let before = self.problems.len();
        let value = self.optional(name);
        if value.is_none() && self.problems.len() == before {
            self.problems.push(format!("`{name}` is missing"));
        }
        value.unwrap_or_default()
    }

    /// The query string as it is, for an operation that reads it itself.
    pub fn open_query(&mut self) -> OpenQuery {
        OpenQuery(std::mem::take(&mut self.request.query))
    }

    /// Refuses the call if a parameter could not be read.
    pub fn finish(&mut self) -> Result<()> {
        debug_assert_eq!(self.request.path.len(), self.path_parameters());
        if self.names_nothing {
            return Err(Error::not_found());
        }
        if self.problems.is_empty() {
            return Ok(());
        }
        Err(Error::bad_request(std::mem::take(&mut self.problems).join("; ")))
    }

    fn path_parameters(&self) -> usize {
        self.operation.parameters.iter().filter(|parameter| parameter.place == ParameterPlace::Path).count()
    }

    /// A body that is an object.
    pub fn body<T: Body>(self, mode: Mode) -> Result<T> {
        let object = match self.json()? {
            None | Some(Value::Null) => Map::new(),
            Some(Value::Object(object)) => object,
            Some(_) => return Err(Error::bad_request("the body must be a JSON object")),
        };
        let mut problems = Problems::default();
        let value = T::read(&mut Fields::new(object, mode, &mut problems));
        problems.finish(value)
    }

    /// A body that is a list, or an object with free keys.
    #[allow(dead_code, reason = "which bodies there are is for the contract to say")]
    pub fn value_body<T: FromJson + Default>(self) -> Result<T> {
        let required = self.operation.body_is_required;
        let Some(value) = self.json()? else {
            return if required { Err(Error::bad_request("the body is missing")) } else { Ok(T::default()) };
        };
        let mut problems = Problems::default();
        let value = T::from_json(value, &mut problems).unwrap_or_default();
        problems.finish(value)
    }

    /// A body that is text. Clients send it as it is, or as a JSON string, whatever type they say it has.
    #[allow(dead_code, reason = "which bodies there are is for the contract to say")]
    pub fn text_body(self) -> Result<String> {
        let text = self.text()?;
        match serde_json::from_str::<Value>(text) {
            Ok(Value::String(text)) => Ok(text),
            _ => Ok(text.to_owned()),
        }
    }

    fn text(&self) -> Result<&str> {
        let text = std::str::from_utf8(&self.request.body);
        text.map_err(|_| Error::bad_request("the body is not UTF-8 text"))
    }

    /// The body as JSON, whether it came as JSON or as a form; the text decides, since clients send JSON under the
    /// type of a form and the other way round.
    fn json(&self) -> Result<Option<Value>> {
        let text = self.text()?.trim_start_matches('\u{feff}').trim();
        if text.is_empty() {
            return Ok(None);
        }
        let looks_like_json = text.starts_with(['{', '[', '"']);
        if !looks_like_json && self.is_form() {
            return Ok(Some(Value::Object(form(text))));
        }
        let parsed = serde_json::from_str(text);
        parsed.map(Some).map_err(|error| Error::bad_request(format!("the body is not JSON: {error}")))
    }

    fn is_form(&self) -> bool {
        let sent = self.request.content_type.as_deref().unwrap_or_default();
        let sent = sent.split(';').next().unwrap_or_default().trim();
        sent.eq_ignore_ascii_case(FORM) || (sent.is_empty() && self.operation.body.contains(&FORM))
    }
}

/// A form as a JSON object: `a=1` a text, `a[]=1` and repeated keys a list, `a[b]=1` an object.
fn form(text: &str) -> Map<String, Value> {
    let mut object = Map::new();
    for (key, value) in pairs(text) {
        let value = Value::String(value);
        match key.split_once('[').and_then(|(name, rest)| Some((name, rest.strip_suffix(']')?))) {
            Some((name, "")) => append(object.entry(name).or_insert_with(|| Value::Array(Vec::new())), value),
            Some((name, inner)) => {
                let slot = object.entry(name).or_insert_with(|| Value::Object(Map::new()));
                if let Some(slot) = slot.as_object_mut() {
                    slot.insert(inner.to_owned(), value);
                }
            }
            None => match object.get_mut(&key) {
                Some(known) => append(known, value),
                None => {
                    object.insert(key, value);
                }
            },
        }
    }
    object
}

fn append(slot: &mut Value, value: Value) {
    match slot {
        Value::Array(items) => items.push(value),
        other => *other = Value::Array(vec![other.take(), value]),
    }
}

/// The query string of an operation that reads it itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpenQuery(pub Vec<(String, String)>);

impl OpenQuery {
    /// The value of a parameter, in whichever spelling the caller has for it: `f[a.b]=x` is an entry of the map `f`.
    pub fn optional<T: FromQuery>(&self, name: &str) -> Result<Option<T>> {
        let read = T::from_query(&values(&self.0, name));
        read.map_err(|NotA(kind)| Error::bad_request(format!("`{name}` must be {kind}")))
    }

    /// The value of a key; the last one if there are several.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }
}

/// What a query string says under one name.
#[derive(Debug)]
pub struct Values<'a> {
    /// The values of `name` and `name[]`.
    texts: Vec<&'a str>,
    /// The keys and values of `name[key]`.
    entries: Vec<(&'a str, &'a str)>,
}

fn values<'a>(query: &'a [(String, String)], name: &str) -> Values<'a> {
    let mut values = Values { texts: Vec::new(), entries: Vec::new() };
    for (key, value) in query {
        let Some(rest) = key.strip_prefix(name) else { continue };
        match rest.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            _ if rest.is_empty() => values.texts.push(value),
            Some("") => values.texts.push(value),
            Some(inner) => values.entries.push((inner, value)),
            None => {}
        }
    }
    values
}

impl Values<'_> {
    /// The text, if there is one that says something: clients send nothing, `null` or an empty text for what they
    /// leave out. The last of several counts.
    fn text(&self) -> Option<&str> {
        self.texts.last().copied().filter(|text| !is_nothing(text))
    }

    /// The text, without the quotes that one client puts around everything that is not a plain string.
    fn unquoted(&self) -> Option<String> {
        let text = self.text()?;
        let quoted = text.starts_with('"').then(|| serde_json::from_str::<String>(text).ok()).flatten();
        Some(quoted.unwrap_or_else(|| text.to_owned())).filter(|text| !is_nothing(text))
    }
}

fn is_nothing(text: &str) -> bool {
    matches!(text.trim(), "" | "null")
}

/// A parameter is not of its type; the text says what it must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotA(&'static str);

/// A type of parameters, read leniently: clients spell the same value in many ways.
pub trait FromQuery: Sized {
    /// Reads what the query string says; none when it says nothing.
    fn from_query(values: &Values<'_>) -> Result<Option<Self>, NotA>;

    /// Reads a part of the path.
    fn from_path(text: String) -> Option<Self> {
        Self::from_query(&Values { texts: vec![&text], entries: Vec::new() }).ok().flatten()
    }
}

impl FromQuery for String {
    fn from_query(values: &Values<'_>) -> Result<Option<Self>, NotA> {
        Ok(values.text().map(str::to_owned))
    }

    fn from_path(text: String) -> Option<Self> {
        Some(text)
    }
}

/// Implements the reading of a type that is one word, in quotes or not.
macro_rules! from_word {
    ($($Type:ty, $kind:literal, $read:expr;)+) => {$(
        impl FromQuery for $Type {
            fn from_query(values: &Values<'_>) -> Result<Option<Self>, NotA> {
                let read: fn(&str) -> Option<Self> = $read;
                values.unquoted().map(|text| read(text.trim()).ok_or(NotA($kind))).transpose()
            }
        }
    )+};
}

from_word! {
    i64, "an integer", |text| text.parse().ok();
    f64, "a number", |text| text.parse().ok().filter(|number: &f64| number.is_finite());
    bool, "true or false", body::boolean;
    Timestamp, "a time such as 2026-01-31T08:00:00Z", time::parse;
    Date, "a date such as 2026-01-31", time::date;
}

impl<T: FromJson> FromQuery for Vec<T> {
    fn from_query(values: &Values<'_>) -> Result<Option<Self>, NotA> {
        let mut items = Vec::new();
        let mut said = false;
        for text in values.texts.iter().filter(|text| !is_nothing(text)) {
            said = true;
            items.extend(body::list_items(text));
        }
        let mut problems = Problems::default();
        let items = items.into_iter().filter_map(|item| T::from_json(item, &mut problems)).collect();
        if problems.is_empty() { Ok(said.then_some(items)) } else { Err(NotA("a list, its items separated by commas")) }
    }
}

impl<T: FromJson> FromQuery for IndexMap<String, T> {
    fn from_query(values: &Values<'_>) -> Result<Option<Self>, NotA> {
        let object = NotA("an object as JSON text");
        let mut entries = match values.text().map(serde_json::from_str::<Value>) {
            None => Map::new(),
            Some(Ok(Value::Object(entries))) => entries,
            Some(_) => return Err(object),
        };
        let said = values.text().is_some() || !values.entries.is_empty();
        let more = values.entries.iter().map(|(key, value)| ((*key).to_owned(), Value::from(*value)));
        entries.extend(more);
        let mut problems = Problems::default();
        let map = Self::from_json(Value::Object(entries), &mut problems).unwrap_or_default();
        if problems.is_empty() { Ok(said.then_some(map)) } else { Err(object) }
    }
}

#[cfg(test)]
mod tests;
