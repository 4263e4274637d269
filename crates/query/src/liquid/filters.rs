//! The filters of LookML, `date` with a clock that is given, and filters that must see the values of texts uncovered.

use super::{ASK_DATE, ASK_QUOTE, ask, cover, quoted};
use liquid_core::model::{Value, ValueView};
use liquid_core::parser::{FilterArguments, FilterReflection, ParameterReflection, ParseFilter};
use liquid_core::{Error, Expression, Filter, Result, Runtime};
use std::fmt;

/// A filter that LookML has and Liquid has not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OwnFilter {
    /// `text | sql_quote`: a string literal.
    SqlQuote,
    /// `truth | sql_boolean`: a boolean literal.
    SqlBoolean,
    /// `time | date: "%Y-%m-%d"`: `now` and `today` are the present of the query.
    Date,
    /// A value of a user, where it is put into SQL: see [`quoted`].
    UserValue,
}

impl FilterReflection for OwnFilter {
    fn name(&self) -> &'static str {
        match self {
            Self::SqlQuote => "sql_quote",
            Self::SqlBoolean => "sql_boolean",
            Self::Date => "date",
            Self::UserValue => quoted::FILTER,
        }
    }

    fn description(&self) -> &'static str {
        ""
    }

    fn positional_parameters(&self) -> &'static [ParameterReflection] {
        &[]
    }

    fn keyword_parameters(&self) -> &'static [ParameterReflection] {
        &[]
    }
}

impl ParseFilter for OwnFilter {
    fn parse(&self, mut arguments: FilterArguments<'_>) -> Result<Box<dyn Filter>> {
        let argument = arguments.positional.next();
        if *self == Self::Date && argument.is_none() {
            return Err(Error::with_msg("`date` needs a format, as in `date: \"%Y-%m-%d\"`"));
        }
        Ok(Box::new(Call { filter: *self, argument }))
    }

    fn reflection(&self) -> &dyn FilterReflection {
        self
    }
}

#[derive(Debug)]
struct Call {
    filter: OwnFilter,
    argument: Option<Expression>,
}

impl fmt::Display for Call {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.filter.name())
    }
}

impl Filter for Call {
    fn evaluate(&self, input: &dyn ValueView, runtime: &dyn Runtime) -> Result<Value> {
        let text = input.to_kstr();
        match self.filter {
            OwnFilter::SqlQuote => ask(runtime, &[ASK_QUOTE, text.as_str()]).map(Value::scalar),
            OwnFilter::UserValue => Ok(Value::scalar(quoted::cover_quotes(text.as_str()))),
            OwnFilter::SqlBoolean => {
                let is_true = ["true", "yes", "1"].iter().any(|word| text.as_str().eq_ignore_ascii_case(word));
                Ok(Value::scalar(if is_true { "TRUE" } else { "FALSE" }))
            }
            OwnFilter::Date => {
                let format = match &self.argument {
                    Some(format) => format.evaluate(runtime)?.to_kstr().to_string(),
                    None => String::new(),
                };
                ask(runtime, &[ASK_DATE, text.as_str(), &format]).map(Value::scalar)
            }
        }
    }
}

/// A filter in texts that writes characters in another way: it takes them as they were before they were covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TextFilter {
    /// `text | url_encode`: a part of an address, as forms write it.
    UrlEncode,
    /// `text | url_decode`: the text again.
    UrlDecode,
    /// `text | encode_uri`: a whole address.
    EncodeUri,
    /// `text | escape`: text as markup.
    Escape,
    /// `text | h`: the same.
    H,
    /// `text | escape_once`: the same, but for entities that are there already.
    EscapeOnce,
}

impl TextFilter {
    /// All of them.
    pub(super) const ALL: [Self; 6] =
        [Self::UrlEncode, Self::UrlDecode, Self::EncodeUri, Self::Escape, Self::H, Self::EscapeOnce];

    fn apply(self, text: &str) -> String {
        match self {
            Self::UrlEncode => encoded(&cover::uncover(text), b"-_.~", "+"),
            // What comes out can still begin markup.
            Self::UrlDecode => cover::cover(&decoded(&cover::uncover(text))),
            Self::EncodeUri => cover::cover(&encoded(&cover::uncover(text), b"-_.~!*'();,/?:@&=+$#", "%20")),
            Self::Escape | Self::H => cover::entities(&cover::cover(&cover::uncover(text))),
            Self::EscapeOnce => cover::entities(&covered_once(text)),
        }
    }
}

/// Percent-encodes all but ASCII letters, digits and `kept`.
fn encoded(text: &str, kept: &[u8], blank: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b' ' => out.push_str(blank),
            byte if byte.is_ascii_alphanumeric() || kept.contains(&byte) => out.push(char::from(byte)),
            byte => {
                let digit = |nibble: u8| char::from(b"0123456789ABCDEF"[usize::from(nibble)]);
                out.extend(['%', digit(byte >> 4), digit(byte & 15)]);
            }
        }
    }
    out
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let digit = |at: usize| after.get(at).and_then(|&byte| char::from(byte).to_digit(16));
        rest = after;
        match (first, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.extend(u8::try_from(high * 16 + low));
                rest = &after[2..];
            }
            (b'+', ..) => bytes.push(b' '),
            (&byte, ..) => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Covers all special characters but the ampersands of entities.
fn covered_once(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        let is_entity = character == '&' && {
            let name = text[at + 1..].bytes().take(32).take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'#');
            let length = name.count();
            length > 0 && text.as_bytes().get(at + 1 + length) == Some(&b';')
        };
        out.push(if is_entity { character } else { cover::covered(character) });
    }
    out
}

impl FilterReflection for TextFilter {
    fn name(&self) -> &'static str {
        match self {
            Self::UrlEncode => "url_encode",
            Self::UrlDecode => "url_decode",
            Self::EncodeUri => "encode_uri",
            Self::Escape => "escape",
            Self::H => "h",
            Self::EscapeOnce => "escape_once",
        }
    }

    fn description(&self) -> &'static str {
        ""
    }

    fn positional_parameters(&self) -> &'static [ParameterReflection] {
        &[]
    }

    fn keyword_parameters(&self) -> &'static [ParameterReflection] {
        &[]
    }
}

impl ParseFilter for TextFilter {
    fn parse(&self, _: FilterArguments<'_>) -> Result<Box<dyn Filter>> {
        Ok(Box::new(*self))
    }

    fn reflection(&self) -> &dyn FilterReflection {
        self
    }
}

impl fmt::Display for TextFilter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl Filter for TextFilter {
    fn evaluate(&self, input: &dyn ValueView, _: &dyn Runtime) -> Result<Value> {
        Ok(Value::scalar(self.apply(input.to_kstr().as_str())))
    }
}
