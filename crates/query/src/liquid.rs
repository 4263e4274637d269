//! Templates in the model's SQL, and in the texts that people read: Liquid, with the tags and objects of LookML.
//!
//! What a template asks for comes through [`Lookup`]; unknown names render nothing. What users write reaches SQL only as
//! literals or after a check of its characters; values of their attributes keep to the quotes around them ([`quoted`]).

/// Says of a block how it begins and ends: the library asks each for that.
macro_rules! block {
    ($block:ty, $tag:literal) => {
        impl liquid_core::BlockReflection for $block {
            fn start_tag(&self) -> &'static str {
                $tag
            }

            fn end_tag(&self) -> &'static str {
                concat!("end", $tag)
            }

            fn description(&self) -> &'static str {
                ""
            }
        }
    };
}

mod caught;
mod comment;
mod cover;
mod filters;
mod loops;
mod missing;
mod pieces;
mod quoted;
mod text;

pub use text::{Medium, TextLookup, TextTemplate, html_text, rendered_text};

use crate::error::Error;
use caught::caught;
use filters::{OwnFilter, TextFilter};
use jiff::Zoned;
use jiff::civil::DateTime;
use jiff::fmt::strtime;
use liquid_core::model::{KString, KStringCow, KStringRef, ScalarCow, Value, ValueCow, ValueView};
use liquid_core::parser::{BlockReflection, FilterReflection as _, ParseFilter, TagReflection};
use liquid_core::runtime::{PartialStore, Registers};
use liquid_core::{Language, ParseBlock, ParseTag, Renderable, Runtime, TagBlock, TagTokenIter, Template};
use liquid_lib::stdlib;
use missing::Missing;
use pieces::{Piece, Pieces};
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::io::Write;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// What a template asks of the query.
pub(crate) trait Lookup {
    /// The value of a variable by its path, such as `orders`, `_in_query`. `None` for names that mean nothing.
    fn variable(&self, path: &[String]) -> Result<Option<Variable>, Error>;
    /// `{% parameter name %}`
    fn parameter(&mut self, name: &str) -> Result<String, Error>;
    /// `{% condition field %} sql {% endcondition %}`; without a field it is that of the filter whose SQL this is.
    fn condition(&mut self, field: Option<&str>, sql: &str) -> Result<String, Error>;
    /// `{% date_start field %}`, `{% date_end field %}`
    fn date_bound(&mut self, field: &str, bound: DateBound) -> Result<String, Error>;
    /// A time, or `now`, by a pattern such as `%Y-%m-%d`. A text that is no time comes back as it is.
    fn date(&self, text: &str, format: &str) -> Result<String, Error>;
    /// A text as a literal.
    fn quote(&self, text: &str) -> Result<String, Error>;
    /// That a template is wrong.
    fn mistake(&self, message: String) -> Error;
}

/// The value of a variable.
#[derive(Debug, Clone, PartialEq)]
pub enum Variable {
    /// A text.
    Text(String),
    /// Yes or no.
    Truth(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Double(f64),
    /// Markup of our own making, which stays markup in `html`.
    Markup(String),
}

/// Where a template stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Surroundings {
    /// In SQL.
    Sql,
    /// In what people read: cells, labels, descriptions.
    Text,
}

/// An end of the range of a date filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DateBound {
    Start,
    End,
}

/// Longest text that one body renders to, in bytes.
const LONGEST_OUTPUT: usize = 1 << 20;
/// Longest text that a template can assign to a name.
const LONGEST_VALUE: usize = 1 << 16;
/// Deepest blocks within each other; each `elsif` counts as one.
const DEEPEST: usize = 200;
/// Templates kept parsed.
const MOST_CACHED: usize = 4096;
/// More digits than a whole number of the language can have.
const TOO_MANY_DIGITS: usize = 18;

/// A time, or `now`, by a pattern such as `%Y-%m-%d`; times without a zone are in that of `now`. A text that is no time
/// comes back as it is.
pub(crate) fn formatted_date(text: &str, format: &str, now: &Zoned) -> Result<String, String> {
    let time = match text.trim() {
        "now" | "today" => Some(now.clone()),
        written => {
            let time = written.parse::<DateTime>().or_else(|_| written.replace('/', "-").parse());
            time.ok().and_then(|time| time.to_zoned(now.time_zone().clone()).ok())
        }
    };
    let Some(time) = time else { return Ok(text.to_owned()) };
    strtime::format(format, &time).map_err(|error| format!("Liquid: the format `{format}` of `date`: {error}"))
}

/// Renders a body.
pub(crate) fn render(text: &str, lookup: &mut dyn Lookup) -> Result<String, Error> {
    match parsed(text, Surroundings::Sql) {
        Ok(template) => {
            let sql = run(&template, lookup, LONGEST_OUTPUT)?;
            Ok(if quoted::has_values(text) { quoted::settled(sql) } else { sql })
        }
        Err(message) => Err(lookup.mistake(message)),
    }
}

/// Renders a template to a text of at most `longest` bytes.
fn run(template: &Template, lookup: &mut dyn Lookup, longest: usize) -> Result<String, Error> {
    let session = Session {
        lookup: RefCell::new(lookup),
        names: RefCell::default(),
        counters: RefCell::default(),
        failure: RefCell::default(),
        registers: Registers::default(),
    };
    let mut out = Capped { bytes: Vec::new(), longest };
    // The library promises no freedom from panics; nothing of the session is used after one.
    let result = caught(|| template.render_to(&mut out, &session));
    if let Some(error) = session.failure.take() {
        return Err(error);
    }
    let lookup = session.lookup.into_inner();
    match result {
        Some(Ok(())) => Ok(String::from_utf8(out.bytes).unwrap_or_default()),
        Some(Err(error)) => Err(lookup.mistake(said(&error.to_string()))),
        None => Err(lookup.mistake("the template cannot be rendered".to_owned())),
    }
}

/// Parsed templates by their text.
type Parsed = LazyLock<Mutex<HashMap<Box<str>, Arc<Template>>>>;

/// The parsed template, kept for the next query.
fn parsed(text: &str, surroundings: Surroundings) -> Result<Arc<Template>, String> {
    static OF_SQL: Parsed = LazyLock::new(Mutex::default);
    static OF_TEXTS: Parsed = LazyLock::new(Mutex::default);
    let kept = match surroundings {
        Surroundings::Sql => &OF_SQL,
        Surroundings::Text => &OF_TEXTS,
    };
    let lock = || kept.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(template) = lock().get(text) {
        return Ok(template.clone());
    }
    let template = Arc::new(parse(text, surroundings)?);
    let mut cache = lock();
    if cache.len() >= MOST_CACHED {
        cache.clear();
    }
    cache.insert(text.into(), template.clone());
    Ok(template)
}

fn parse(text: &str, surroundings: Surroundings) -> Result<Template, String> {
    check(text, surroundings)?;
    let language = match surroundings {
        Surroundings::Sql => &IN_SQL,
        Surroundings::Text => &IN_TEXTS,
    };
    let text = match surroundings {
        Surroundings::Sql => quoted::marked(text),
        Surroundings::Text => Cow::Borrowed(text),
    };
    match caught(|| liquid_core::parser::parse(&text, language)) {
        Some(Ok(elements)) => Ok(Template::new(elements)),
        Some(Err(error)) => Err(said(&error.to_string())),
        // Some malformed tags make the library's parser panic rather than say so.
        None => Err("the template has a malformed tag".to_owned()),
    }
}

fn said(message: &str) -> String {
    let mut lines = message.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default();
    // The parser draws the place and says below it what it expected.
    let text = lines.find_map(|line| line.strip_prefix("= ")).unwrap_or(first);
    format!("Liquid: {}", text.strip_prefix("liquid: ").unwrap_or(text).trim_end_matches('.'))
}

/// Refuses what the library cannot take: blocks and brackets too deep for its recursion, numbers too long for it, and
/// user's filter texts put into SQL as they are.
fn check(text: &str, surroundings: Surroundings) -> Result<(), String> {
    let mut depths: Vec<usize> = Vec::new();
    let mut pieces = Pieces::of(text);
    for piece in pieces.by_ref() {
        check_inside(piece.inside)?;
        if surroundings == Surroundings::Sql {
            check_filters(piece)?;
        }
        if !piece.is_tag {
            continue;
        }
        let word = piece.words().next().unwrap_or_default();
        if BLOCKS.contains(&word) {
            depths.push(1);
        } else if word == "elsif" {
            if let Some(depth) = depths.last_mut() {
                *depth += 1;
            }
        } else if word.starts_with("end") {
            depths.pop();
        } else if UNSUPPORTED.contains(&word) {
            return Err(format!("Liquid: the tag `{word}` is not supported"));
        }
        if depths.iter().sum::<usize>() > DEEPEST {
            return Err(format!("Liquid: more than {DEEPEST} blocks within each other"));
        }
    }
    pieces.missing().map_or(Ok(()), |closing| Err(format!("Liquid: `{closing}` is missing")))
}

const BLOCKS: [&str; 9] =
    ["if", "unless", "case", "for", "capture", "comment", "raw", "condition", "incrementcondition"];
const UNSUPPORTED: [&str; 5] = ["tablerow", "include", "render", "ifchanged", "link"];

fn check_inside(inside: &str) -> Result<(), String> {
    let digits = inside.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or(0);
    if digits > TOO_MANY_DIGITS {
        return Err("Liquid: a number is too long".to_owned());
    }
    if inside.matches('[').count() > DEEPEST {
        return Err("Liquid: too many brackets".to_owned());
    }
    Ok(())
}

fn check_filters(piece: Piece<'_>) -> Result<(), String> {
    // The last filter decides: what it gives is a literal, whatever was put together before.
    let is_value = !piece.is_tag || piece.words().next() == Some("assign");
    let is_quoted = is_value && piece.inside.rsplit_once('|').is_some_and(|(_, filter)| filter.trim() == "sql_quote");
    if !piece.compares() && !is_quoted && piece.words().any(|word| word == "_filters") {
        return Err("Liquid: `_filters` can stand in SQL only as `{{ _filters['view.field'] | sql_quote }}`, or in a \
                    comparison; `{% condition view.field %}` applies a filter"
            .to_owned());
    }
    Ok(())
}

/// The tags, blocks and filters of templates in SQL.
static IN_SQL: LazyLock<Language> = LazyLock::new(language);

/// Those of templates in texts, whose values may be covered: see [`cover`].
static IN_TEXTS: LazyLock<Language> = LazyLock::new(|| {
    let mut language = language();
    for filter in TextFilter::ALL {
        language.filters.register(filter.name().to_owned(), Box::new(filter));
    }
    language
});

fn language() -> Language {
    let mut language = Language::empty();
    let blocks: [(&str, Box<dyn ParseBlock>); 9] = [
        ("if", stdlib::IfBlock.into()),
        ("unless", stdlib::UnlessBlock.into()),
        ("case", stdlib::CaseBlock.into()),
        ("capture", stdlib::CaptureBlock.into()),
        ("comment", comment::CommentBlock.into()),
        ("raw", stdlib::RawBlock.into()),
        ("condition", ConditionBlock.into()),
        ("for", loops::ForBlock.into()),
        ("incrementcondition", loops::IncrementConditionBlock.into()),
    ];
    for (name, block) in blocks {
        language.blocks.register(name.to_owned(), block);
    }
    let tags: [(&str, Box<dyn ParseTag>); 9] = [
        ("assign", stdlib::AssignTag.into()),
        ("cycle", stdlib::CycleTag.into()),
        ("increment", stdlib::IncrementTag.into()),
        ("decrement", stdlib::DecrementTag.into()),
        ("break", stdlib::BreakTag.into()),
        ("continue", stdlib::ContinueTag.into()),
        ("parameter", FieldTag::Parameter.into()),
        ("date_start", FieldTag::DateStart.into()),
        ("date_end", FieldTag::DateEnd.into()),
    ];
    for (name, tag) in tags {
        language.tags.register(name.to_owned(), tag);
    }
    register_filters(&mut language);
    language
}

fn register_filters(language: &mut Language) {
    let filters: [Box<dyn ParseFilter>; 51] = [
        Box::new(OwnFilter::UserValue),
        Box::new(OwnFilter::SqlQuote),
        Box::new(OwnFilter::SqlBoolean),
        Box::new(OwnFilter::Date),
        Box::new(stdlib::Escape),
        Box::new(stdlib::EscapeOnce),
        Box::new(stdlib::Map),
        Box::new(stdlib::NewlineToBr),
        Box::new(stdlib::SortNatural),
        Box::new(stdlib::StripHtml),
        Box::new(stdlib::TruncateWords),
        Box::new(stdlib::Uniq),
        Box::new(stdlib::UrlDecode),
        Box::new(stdlib::UrlEncode),
        Box::new(stdlib::Where),
        Box::new(stdlib::Abs),
        Box::new(stdlib::Append),
        Box::new(stdlib::AtLeast),
        Box::new(stdlib::AtMost),
        Box::new(stdlib::Capitalize),
        Box::new(stdlib::Ceil),
        Box::new(stdlib::Compact),
        Box::new(stdlib::Concat),
        Box::new(stdlib::Default),
        Box::new(stdlib::DividedBy),
        Box::new(stdlib::Downcase),
        Box::new(stdlib::First),
        Box::new(stdlib::Floor),
        Box::new(stdlib::Join),
        Box::new(stdlib::Last),
        Box::new(stdlib::Lstrip),
        Box::new(stdlib::Minus),
        Box::new(stdlib::Modulo),
        Box::new(stdlib::Plus),
        Box::new(stdlib::Prepend),
        Box::new(stdlib::Remove),
        Box::new(stdlib::RemoveFirst),
        Box::new(stdlib::Replace),
        Box::new(stdlib::ReplaceFirst),
        Box::new(stdlib::Reverse),
        Box::new(stdlib::Round),
        Box::new(stdlib::Rstrip),
        Box::new(stdlib::Size),
        Box::new(stdlib::Slice),
        Box::new(stdlib::Sort),
        Box::new(stdlib::Split),
        Box::new(stdlib::Strip),
        Box::new(stdlib::StripNewlines),
        Box::new(stdlib::Times),
        Box::new(stdlib::Truncate),
        Box::new(stdlib::Upcase),
    ];
    for filter in filters {
        let name = filter.reflection().name().to_owned();
        language.filters.register(name, filter);
    }
}

/// One rendering: the library's runtime over a [`Lookup`].
struct Session<'l> {
    lookup: RefCell<&'l mut dyn Lookup>,
    /// What the template assigned.
    names: RefCell<HashMap<String, Value>>,
    /// What `increment` and `decrement` count.
    counters: RefCell<HashMap<String, Value>>,
    /// The error behind the library's own.
    failure: RefCell<Option<Error>>,
    registers: Registers,
}

/// Names under which tags and filters ask the runtime; no template can write them.
const ASK_PARAMETER: &str = "\u{1}parameter";
const ASK_CONDITION: &str = "\u{1}condition";
const ASK_DATE_START: &str = "\u{1}date_start";
const ASK_DATE_END: &str = "\u{1}date_end";
const ASK_QUOTE: &str = "\u{1}quote";
const ASK_DATE: &str = "\u{1}date";

impl Session<'_> {
    fn answer(&self, path: &[String]) -> Result<Value, Error> {
        let mut lookup = self.lookup.borrow_mut();
        let argument = |index: usize| path.get(index).map(String::as_str).unwrap_or_default();
        let text = match argument(0) {
            ASK_PARAMETER => lookup.parameter(argument(1)),
            ASK_CONDITION => lookup.condition(Some(argument(1)).filter(|field| !field.is_empty()), argument(2)),
            ASK_DATE_START => lookup.date_bound(argument(1), DateBound::Start),
            ASK_DATE_END => lookup.date_bound(argument(1), DateBound::End),
            ASK_QUOTE => lookup.quote(argument(1)),
            ASK_DATE => lookup.date(argument(1), argument(2)),
            _ => {
                return Ok(match lookup.variable(path)? {
                    Some(Variable::Text(text) | Variable::Markup(text)) => Value::scalar(text),
                    Some(Variable::Truth(truth)) => Value::scalar(truth),
                    Some(Variable::Integer(number)) => Value::scalar(number),
                    Some(Variable::Double(number)) => Value::scalar(number),
                    None => Value::Nil,
                });
            }
        };
        text.map(Value::scalar)
    }

    fn assigned(&self, path: &[ScalarCow<'_>]) -> Option<Value> {
        let names = self.names.borrow();
        let value = names.get(path.first()?.to_kstr().as_str())?;
        if path.len() == 1 {
            return Some(value.clone());
        }
        Some(liquid_core::model::try_find(value, &path[1..]).map_or(Value::Nil, ValueCow::into_owned))
    }
}

impl Runtime for Session<'_> {
    fn partials(&self) -> &dyn PartialStore {
        &NoPartials
    }

    fn name(&self) -> Option<KStringRef<'_>> {
        None
    }

    fn roots(&self) -> BTreeSet<KStringCow<'_>> {
        BTreeSet::new()
    }

    fn try_get(&self, path: &[ScalarCow<'_>]) -> Option<ValueCow<'_>> {
        self.get(path).ok().filter(|value| !value.is_nil())
    }

    fn get(&self, path: &[ScalarCow<'_>]) -> liquid_core::Result<ValueCow<'_>> {
        let path_of = || -> Vec<String> { path.iter().map(|name| name.to_kstr().to_string()).collect() };
        match self.assigned(path).map_or_else(|| self.answer(&path_of()), Ok) {
            Ok(Value::Nil) => Ok(ValueCow::Borrowed(&Missing)),
            Ok(value) => Ok(ValueCow::Owned(value)),
            Err(error) => {
                let message = error.to_string();
                self.failure.borrow_mut().get_or_insert(error);
                Err(liquid_core::Error::with_msg(message))
            }
        }
    }

    fn set_global(&self, name: KString, value: Value) -> Option<Value> {
        let is_long = value.as_scalar().is_some_and(|text| text.to_kstr().len() > LONGEST_VALUE);
        if is_long {
            let error = self.lookup.borrow().mistake(format!("Liquid: the value of `{name}` is too long"));
            self.failure.borrow_mut().get_or_insert(error);
            return None;
        }
        self.names.borrow_mut().insert(name.to_string(), value)
    }

    fn set_index(&self, name: KString, value: Value) -> Option<Value> {
        self.counters.borrow_mut().insert(name.to_string(), value)
    }

    fn get_index<'v>(&'v self, name: &str) -> Option<ValueCow<'v>> {
        self.counters.borrow().get(name).cloned().map(ValueCow::Owned)
    }

    fn registers(&self) -> &Registers {
        &self.registers
    }
}

#[derive(Debug)]
struct NoPartials;

impl PartialStore for NoPartials {
    fn contains(&self, _name: &str) -> bool {
        false
    }

    fn names(&self) -> Vec<&str> {
        Vec::new()
    }

    fn try_get(&self, _name: &str) -> Option<Arc<dyn Renderable>> {
        None
    }

    fn get(&self, _name: &str) -> liquid_core::Result<Arc<dyn Renderable>> {
        Err(liquid_core::Error::with_msg("templates in SQL include no others"))
    }
}

/// Text up to a limit.
struct Capped {
    bytes: Vec<u8>,
    longest: usize,
}

impl Write for Capped {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.bytes.len() + bytes.len() > self.longest {
            return Err(std::io::Error::other("the text is too long"));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn ask(runtime: &dyn Runtime, path: &[&str]) -> liquid_core::Result<String> {
    let path: Vec<ScalarCow<'_>> = path.iter().map(|&name| ScalarCow::new(name.to_owned())).collect();
    Ok(runtime.get(&path)?.to_kstr().to_string())
}

fn write(out: &mut dyn Write, text: &str) -> liquid_core::Result<()> {
    out.write_all(text.as_bytes()).map_err(|error| liquid_core::Error::with_msg(error.to_string()))
}

/// The field that a tag names.
fn field_argument(arguments: TagTokenIter<'_>) -> liquid_core::Result<String> {
    let missing = || liquid_core::Error::with_msg("a field is expected, as in `view.field`");
    optional_field(arguments)?.ok_or_else(missing)
}

/// The field that a tag names, if it names any.
fn optional_field(mut arguments: TagTokenIter<'_>) -> liquid_core::Result<Option<String>> {
    let Some(field) = arguments.next() else { return Ok(None) };
    let field = field.as_str().trim().to_owned();
    arguments.expect_nothing()?;
    Ok(Some(field))
}

/// `{% parameter name %}`, `{% date_start field %}`, `{% date_end field %}`
#[derive(Debug, Clone, Copy)]
enum FieldTag {
    Parameter,
    DateStart,
    DateEnd,
}

impl TagReflection for FieldTag {
    fn tag(&self) -> &'static str {
        match self {
            Self::Parameter => "parameter",
            Self::DateStart => "date_start",
            Self::DateEnd => "date_end",
        }
    }

    fn description(&self) -> &'static str {
        ""
    }
}

impl ParseTag for FieldTag {
    fn parse(&self, arguments: TagTokenIter<'_>, _options: &Language) -> liquid_core::Result<Box<dyn Renderable>> {
        let question = match self {
            Self::Parameter => ASK_PARAMETER,
            Self::DateStart => ASK_DATE_START,
            Self::DateEnd => ASK_DATE_END,
        };
        Ok(Box::new(FieldValue { question, field: field_argument(arguments)? }))
    }

    fn reflection(&self) -> &dyn TagReflection {
        self
    }
}

#[derive(Debug)]
struct FieldValue {
    question: &'static str,
    field: String,
}

impl Renderable for FieldValue {
    fn render_to(&self, out: &mut dyn Write, runtime: &dyn Runtime) -> liquid_core::Result<()> {
        write(out, &ask(runtime, &[self.question, &self.field])?)
    }
}

/// `{% condition field %} sql {% endcondition %}`
#[derive(Debug, Clone, Copy)]
struct ConditionBlock;

block!(ConditionBlock, "condition");

impl ParseBlock for ConditionBlock {
    fn parse(
        &self,
        arguments: TagTokenIter<'_>,
        mut block: TagBlock<'_, '_>,
        options: &Language,
    ) -> liquid_core::Result<Box<dyn Renderable>> {
        let field = optional_field(arguments)?;
        let sql = Template::new(block.parse_all(options)?);
        Ok(Box::new(Condition { field, sql }))
    }

    fn reflection(&self) -> &dyn BlockReflection {
        self
    }
}

#[derive(Debug)]
struct Condition {
    field: Option<String>,
    sql: Template,
}

impl Renderable for Condition {
    fn render_to(&self, out: &mut dyn Write, runtime: &dyn Runtime) -> liquid_core::Result<()> {
        let mut sql = Capped { bytes: Vec::new(), longest: LONGEST_OUTPUT };
        self.sql.render_to(&mut sql, runtime)?;
        let sql = String::from_utf8(sql.bytes).unwrap_or_default();
        write(out, &ask(runtime, &[ASK_CONDITION, self.field.as_deref().unwrap_or_default(), sql.trim()])?)
    }
}

#[cfg(test)]
mod tests {
    use super::{DateBound, Lookup, Variable, render};
    use crate::error::Error;

    struct Fixed;

    impl Lookup for Fixed {
        fn variable(&self, path: &[String]) -> Result<Option<Variable>, Error> {
            Ok(match path.join(".").as_str() {
                "orders._in_query" => Some(Variable::Truth(true)),
                "users._in_query" => Some(Variable::Truth(false)),
                "grain._parameter_value" => Some(Variable::Text("'day'".into())),
                "_user_attributes.region" => Some(Variable::Text("O'Neil".into())),
                _ => None,
            })
        }

        fn parameter(&mut self, name: &str) -> Result<String, Error> {
            if name == "grain" { Ok("'day'".into()) } else { Err(Error::model(name, "is no parameter")) }
        }

        fn condition(&mut self, field: Option<&str>, sql: &str) -> Result<String, Error> {
            Ok(format!("({sql} = <{}>)", field.unwrap_or("itself")))
        }

        fn date_bound(&mut self, field: &str, bound: DateBound) -> Result<String, Error> {
            Ok(format!("{bound:?}({field})"))
        }

        fn date(&self, text: &str, format: &str) -> Result<String, Error> {
            Ok(format!("<{text} by {format}>"))
        }

        fn quote(&self, text: &str) -> Result<String, Error> {
            Ok(format!("'{}'", text.replace('\'', "''")))
        }

        fn mistake(&self, message: String) -> Error {
            Error::model("x", message)
        }
    }

    fn text(template: &str) -> String {
        render(template, &mut Fixed).unwrap_or_else(|error| panic!("{template}: {error}"))
    }

    #[test]
    fn tags_ask_the_query() {
        assert_eq!(text("a {% parameter grain %} b"), "a 'day' b");
        assert_eq!(text("{% condition v.f %} x.y {% endcondition %} AND 1"), "(x.y = <v.f>) AND 1");
        assert_eq!(text("{% condition %} x.y {% endcondition %}"), "(x.y = <itself>)");
        assert_eq!(text("{% date_start v.f %}..{%- date_end v.f -%} "), "Start(v.f)..End(v.f)");
    }

    #[test]
    fn objects_are_compared() {
        assert_eq!(text("{% if orders._in_query %}a{% else %}b{% endif %}"), "a");
        assert_eq!(text("{% if users._in_query %}a{% elsif orders._in_query %}c{% endif %}"), "c");
        assert_eq!(text("{% if grain._parameter_value == \"'day'\" %}d{% endif %}"), "d");
        assert_eq!(text("{% unless nothing._is_known %}n{% endunless %}[{{ nothing }}]"), "n[]");
        assert_eq!(text("{% case grain._parameter_value %}{% when \"'day'\" %}d{% else %}e{% endcase %}"), "d");
    }

    #[test]
    fn what_has_no_value_contains_nothing() {
        assert_eq!(text("{% if nothing contains 'x' %}a{% else %}b{% endif %}"), "b");
        assert_eq!(text("{% unless nothing contains '' %}a{% endunless %}"), "a");
        assert_eq!(text("{% assign a = nothing %}{% if a contains 'x' %}a{% endif %}[{{ a }}]"), "[]");
        assert_eq!(text("{% if nothing %}a{% elsif nothing == nil and nothing == blank %}b{% endif %}"), "b");
        assert_eq!(text("{% if nothing == '' or nothing != nil or nothing > 1 %}a{% endif %}"), "");
        assert_eq!(text("{{ nothing | default: 'd' }}{{ nothing | append: 'x' }}{{ nothing | size }}"), "dx0");
        assert_eq!(text("{% for x in nothing %}a{% else %}b{% endfor %}"), "b");
        assert_eq!(text("{% case nothing %}{% when 'a' %}a{% else %}b{% endcase %}"), "b");
    }

    #[test]
    fn values_are_assigned_and_filtered() {
        assert_eq!(text("{% assign a = 'x' %}{{ a | upcase | append: 'y' }}"), "Xy");
        assert_eq!(text("{{ _user_attributes['region'] | sql_quote }}"), "'O''Neil'");
    }

    #[test]
    fn loops_go_over_lists_and_ranges() {
        assert_eq!(
            text("{% for i in (1..3) %}c{{ i }}{% unless forloop.last %}, {% endunless %}{% endfor %}"),
            "c1, c2, c3"
        );
        assert_eq!(text("{% assign l = 'a,b,c' | split: ',' %}{% for x in l reversed %}{{ x }}{% endfor %}"), "cba");
        assert_eq!(text("{% for x in (1..9) offset:2 limit:2 %}{{ x }}{% endfor %}"), "34");
        assert_eq!(text("{% for x in nothing %}a{% else %}none{% endfor %}"), "none");
        assert_eq!(text("{% for x in (1..9) %}{% if x == 3 %}{% break %}{% endif %}{{ x }}{% endfor %}"), "12");
        assert_eq!(text("{% for x in (1..3) %}{% if x == 2 %}{% continue %}{% endif %}{{ x }}{% endfor %}"), "13");
        assert_eq!(text("{% for x in (1..3) %}{% cycle 'a', 'b' %}{% endfor %}"), "aba");
        assert_eq!(text("{% increment n %}{% increment n %}{% decrement m %}"), "01-1");
    }

    #[test]
    fn comments_say_nothing_and_hold_anything() {
        assert_eq!(text("a{% comment %}{% nope %}{{ x | nope }}{% if %}{% endcomment %}b"), "ab");
        assert_eq!(text("a{% comment %}{% comment %}x{% endcomment %}y{%- endcomment -%} b"), "ab");
        assert!(render("{% comment %}{% comment %}x{% endcomment %}", &mut Fixed).is_err());
    }

    #[test]
    fn loops_end() {
        for template in [
            "{% for x in (1..100000000) %}{% endfor %}",
            "{% for x in (1..1000) %}{% for y in (1..1000) %}{% endfor %}{% endfor %}",
            "{% assign a = 'x' %}{% for x in (1..9000) %}{% assign a = a | append: 'xxxxxxxxxxxxxxxxxxxx' %}{% endfor %}",
            "{% for x in (1..9000) %}{% for y in (1..1) %}{{ 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' }}\
             {% endfor %}{% endfor %}",
        ] {
            assert!(render(template, &mut Fixed).is_err(), "{template}");
        }
    }

    #[test]
    fn dates_and_truths_have_filters() {
        assert_eq!(text("{{ 'now' | date: '%Y-%m' }}"), "<now by %Y-%m>");
        assert_eq!(text("{{ 'yes' | sql_boolean }} {{ nothing | sql_boolean }}"), "TRUE FALSE");
    }

    #[test]
    fn a_whole_table_needs_no_increment() {
        assert_eq!(text("WHERE {% incrementcondition %} t.created_at {% endincrementcondition %}"), "WHERE 1=1");
    }

    #[test]
    fn the_error_behind_a_failed_tag_comes_out() {
        assert_eq!(render("{% parameter other %}", &mut Fixed), Err(Error::model("other", "is no parameter")));
    }

    #[test]
    fn what_a_user_filters_by_cannot_become_sql_as_it_is() {
        for template in [
            "{{ _filters['v.f'] }}",
            "{% assign a = _filters['v.f'] %}",
            "{{ _filters['v.f'] | sql_quote | remove: \"'\" }}",
            "{{ _filters['v.f'] | append: '| sql_quote' }}",
            "{% for a in _filters['v.f'] | sql_quote %}{{ a }}{% endfor %}",
            "{% capture a %}{{ _filters['v.f'] }}{% endcapture %}",
        ] {
            assert!(render(template, &mut Fixed).is_err(), "{template}");
        }
        assert_eq!(text("{{- _filters['v.f'] | sql_quote -}}{% if _filters['v.f'] == 'x' %}y{% endif %}"), "''");
        assert_eq!(text("{% assign a = _filters['v.f'] | upcase | sql_quote %}({{ a }})"), "('')");
    }

    #[test]
    fn a_view_may_have_a_name_that_sounds_like_the_filters() {
        assert_eq!(text("{% condition all_filters.day %} d {% endcondition %}"), "(d = <all_filters.day>)");
        assert_eq!(text("{{ x_filters_y.z }}"), "");
    }

    #[test]
    fn malformed_templates_are_errors() {
        let deep = format!("{}{}", "{% if a %}".repeat(300), "{% endif %}".repeat(300));
        let brackets = format!("{{{{ {} }}}}", "a[".repeat(5000));
        for template in [
            "{% if a %}",
            "{% endif %}",
            "{{ a",
            "{% nope %}",
            "{% for %}{% endfor %}",
            "{% for x in %}{% endfor %}",
            "{% for x in y limit %}{% endfor %}",
            "{% for x in (1..a) %}{% endfor %}",
            "{% tablerow x in y %}{% endtablerow %}",
            "{{ a | date }}",
            "{{ 99999999999999999999 }}",
            "{{ a | nope }}",
            "{% if %}{% endif %}",
            "{% condition a b %}{% endcondition %}",
            "{% parameter %}",
            "{{ }}",
            "{% %}",
            "{{\n'\n}}",
            "{% else %}",
            "{% if a %}{% else %}{% else %}{% endif %}",
            &deep,
            &brackets,
        ] {
            assert!(render(template, &mut Fixed).is_err(), "{template}");
        }
    }

    #[test]
    fn assigned_texts_cannot_grow_without_end() {
        let mut template = String::from("{% assign a = 'xxxxxxxxxxxxxxxx' %}");
        template.push_str(&"{% assign a = a | append: a %}".repeat(40));
        assert!(render(&template, &mut Fixed).is_err());
    }
}
