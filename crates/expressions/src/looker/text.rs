//! Functions of text. Null gives null, except where the function says otherwise.

use super::value::push_text;
use super::{Number, Value};

/// A text that would be longer is null, in bytes: texts that double from call to call must not fill the memory.
const MOST_BYTES: usize = 1 << 20;

fn texts<const N: usize>(arguments: &[Value]) -> Option<[&str; N]> {
    let mut texts = [""; N];
    for (text, argument) in texts.iter_mut().zip(arguments) {
        *text = argument.as_text()?;
    }
    (arguments.len() >= N).then_some(texts)
}

fn with_texts<const N: usize>(arguments: &[Value], of: impl Fn([&str; N]) -> Value) -> Value {
    texts(arguments).map_or(Value::Null, of)
}

/// Null counts as an empty text.
pub(super) fn concat(arguments: &[Value]) -> Value {
    let mut joined = String::new();
    for argument in arguments {
        push_text(argument, &mut joined);
        if joined.len() > MOST_BYTES {
            return Value::Null;
        }
    }
    Value::text(joined)
}

pub(super) fn contains(arguments: &[Value]) -> Value {
    with_texts(arguments, |[text, search]| Value::Yesno(text.contains(search)))
}

pub(super) fn length(arguments: &[Value]) -> Value {
    with_texts(arguments, |[text]| Value::Number(Number::count(text.chars().count())))
}

pub(super) fn lower(arguments: &[Value]) -> Value {
    with_texts(arguments, |[text]| Value::text(text.to_lowercase()))
}

pub(super) fn upper(arguments: &[Value]) -> Value {
    with_texts(arguments, |[text]| Value::text(text.to_uppercase()))
}

/// Counted in characters from 1; 0 when it is not there.
pub(super) fn position(arguments: &[Value]) -> Value {
    with_texts(arguments, |[text, search]| {
        let place = text.find(search).map_or(0, |at| text[..at].chars().count() + 1);
        Value::Number(Number::count(place))
    })
}

/// There is nothing to replace where the old text is empty.
pub(super) fn replace(arguments: &[Value]) -> Value {
    with_texts(arguments, |[text, old, new]| {
        if old.is_empty() {
            return Value::text(text);
        }
        let grows = new.len().saturating_sub(old.len());
        if grows > 0 && text.len().saturating_add(text.matches(old).count().saturating_mul(grows)) > MOST_BYTES {
            return Value::Null;
        }
        Value::text(text.replace(old, new))
    })
}

/// What stands before the first character counts against the length, as in SQL.
pub(super) fn substring(arguments: &[Value]) -> Value {
    let piece = || {
        let text = arguments.first()?.as_text()?;
        let [start, length] = super::mathematics::numbers(&arguments[1..])?;
        let (start, length) = (start.to_integer()?, length.to_integer()?.max(0));
        let first = start.max(1);
        let end = start.saturating_add(length);
        let skipped = usize::try_from(first - 1).ok()?;
        let taken = usize::try_from(end.saturating_sub(first).max(0)).ok()?;
        Some(text.chars().skip(skipped).take(taken).collect::<String>())
    };
    piece().map_or(Value::Null, Value::text)
}

/// An empty delimiter cuts nothing.
pub(super) fn split(arguments: &[Value]) -> Value {
    with_texts(arguments, |[text, delimiter]| {
        if delimiter.is_empty() {
            return Value::List([Value::text(text)].into());
        }
        Value::List(text.split(delimiter).map(Value::text).collect())
    })
}

/// Blanks around the number do not count.
pub(super) fn to_number(arguments: &[Value]) -> Value {
    with_texts(arguments, |[text]| Value::number(Number::parse(text.trim())))
}

pub(super) fn to_string(arguments: &[Value]) -> Value {
    concat(arguments)
}
