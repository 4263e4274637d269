//! The YAML of LookML dashboards as a tree with places.
//!
//! Scalars stay text: what a text means depends on where it stands (`limit: '500'` and `limit: 500` are the same).
//! Tags are passed over, aliases stand for what they name, and `<<` puts the keys of another mapping in.

use crate::diagnostic::Span;
use granit_parser::{Event, Parser, ScalarStyle};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;

/// A node: a scalar, a sequence or a mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Where it is written; an alias has the place of what it names.
    pub span: Span,
    /// What it is.
    pub content: Content,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A text. `plain` tells that it stood without quotes and may mean a number, a truth value or nothing.
    Scalar {
        /// The text.
        text: Arc<str>,
        /// Whether it stood without quotes.
        plain: bool,
    },
    /// `- a`, `[a, b]`
    Sequence(Vec<Arc<Node>>),
    /// `a: b`, `{a: b}`
    Mapping(Vec<(Arc<Node>, Arc<Node>)>),
}

/// What is wrong with the text, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YamlError {
    /// The place.
    pub span: Span,
    /// What was expected.
    pub message: String,
    /// What is probably to be done.
    pub help: Option<&'static str>,
}

impl YamlError {
    fn new(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), help: None }
    }
}

/// How deep nodes may nest.
const DEEPEST: usize = 100;

/// So many nodes may stand behind aliases: a few lines can name billions.
const MOST_NODES: usize = 1_000_000;

/// The documents of `text`.
///
/// # Errors
/// The first place at which the text is no YAML, or nests too deeply.
pub fn parse(text: &str) -> Result<Vec<Arc<Node>>, YamlError> {
    let options = granit_parser::options! { emit_comments: false };
    let mut builder = Builder::default();
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, span) = event.map_err(|error| refused(text, offset(text, error.marker()), &error.info()))?;
        let span = Span::new(offset(text, &span.start), offset(text, &span.end));
        builder.event(event, span)?;
    }
    Ok(builder.documents)
}

/// The byte that a marker means, at most the end of the text.
fn offset(text: &str, marker: &granit_parser::Marker) -> u32 {
    let byte = marker.byte_offset().or_else(|| text.char_indices().nth(marker.index()).map(|(at, _)| at));
    let mut at = byte.unwrap_or(text.len()).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at as u32
}

/// What the parser says, with the help that it does not give.
fn refused(text: &str, at: u32, info: &str) -> YamlError {
    let tab = info.contains("tab").then(|| indenting_tab(text, at)).flatten();
    if let Some(tab) = tab {
        let error = YamlError::new(Span::new(tab, tab + 1), "a tab stands before the text of this line");
        return YamlError { help: Some("YAML is indented with blanks alone"), ..error };
    }
    let begins_with_dash = text.lines().map(str::trim_start).find(|line| !line.is_empty() && !line.starts_with('#'));
    let help = if begins_with_dash.is_some_and(|line| line.starts_with("dashboard:")) {
        Some("a dashboard begins with `- dashboard: name`, and its other keys stand below that name")
    } else {
        HELP.iter().find(|(said, _)| info.contains(said)).map(|(_, help)| *help)
    };
    YamlError { help, ..YamlError::new(Span::new(at, at), sentence(info)) }
}

/// Words of the parser, with what mostly leads to them.
const HELP: [(&str, &str); 3] = [
    ("mapping values are not allowed", "a text with `: ` in it stands in quotes"),
    ("did not find expected key", "keys of one element stand in one column, with blanks before them"),
    ("illegal placement of ':'", "a `[` or `{` above may not be closed"),
];

/// The first tab before the text of a line, from the line of `at` on.
fn indenting_tab(text: &str, at: u32) -> Option<u32> {
    let mut start = text[..at as usize].rfind('\n').map_or(0, |end| end + 1);
    for line in text[start..].split_inclusive('\n') {
        let indentation = line.len() - line.trim_start().len();
        if let Some(tab) = line[..indentation].find('\t').filter(|_| !line.trim().is_empty()) {
            return Some((start + tab) as u32);
        }
        start += line.len();
    }
    None
}

fn sentence(info: &str) -> String {
    let line = info.lines().next().unwrap_or_default().trim().trim_end_matches('.');
    if line.is_empty() { "the text is no YAML".to_owned() } else { line.to_owned() }
}

/// A sequence or mapping that is still open.
struct Open {
    span: Span,
    anchor: usize,
    mapping: bool,
    nodes: Vec<Arc<Node>>,
    size: usize,
}

#[derive(Default)]
struct Builder {
    documents: Vec<Arc<Node>>,
    open: Vec<Open>,
    /// What anchors name, with how many nodes are in it.
    anchors: HashMap<usize, (Arc<Node>, usize)>,
}

impl Builder {
    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), YamlError> {
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let content = Content::Scalar { text: (&*text).into(), plain: style == ScalarStyle::Plain };
                self.add(Node { span, content }, anchor, 1)
            }
            Event::SequenceStart(_, anchor, _) => self.begin(span, anchor, false),
            Event::MappingStart(_, anchor, _) => self.begin(span, anchor, true),
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            Event::Alias(anchor) => match self.anchors.get(&anchor).cloned() {
                Some((node, size)) => self.put(node, size),
                None => Err(YamlError::new(span, "an alias stands inside of what it names")),
            },
            _ => Ok(()),
        }
    }

    fn begin(&mut self, span: Span, anchor: usize, mapping: bool) -> Result<(), YamlError> {
        if self.open.len() == DEEPEST {
            return Err(YamlError::new(span, format!("nodes nest more than {DEEPEST} deep")));
        }
        self.open.push(Open { span, anchor, mapping, nodes: Vec::new(), size: 1 });
        Ok(())
    }

    fn end(&mut self, span: Span) -> Result<(), YamlError> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let span = Span::new(open.span.start, span.end.max(open.span.end));
        let content = if open.mapping { Content::Mapping(pairs(open.nodes)) } else { Content::Sequence(open.nodes) };
        self.add(Node { span, content }, open.anchor, open.size)
    }

    fn add(&mut self, node: Node, anchor: usize, size: usize) -> Result<(), YamlError> {
        let node = Arc::new(node);
        if anchor != 0 {
            self.anchors.insert(anchor, (Arc::clone(&node), size));
        }
        self.put(node, size)
    }

    fn put(&mut self, node: Arc<Node>, size: usize) -> Result<(), YamlError> {
        let Some(parent) = self.open.last_mut() else {
            self.documents.push(node);
            return Ok(());
        };
        parent.size = parent.size.saturating_add(size);
        if parent.size > MOST_NODES {
            return Err(YamlError::new(node.span, format!("aliases name more than {MOST_NODES} nodes")));
        }
        parent.nodes.push(node);
        Ok(())
    }
}

/// Keys with their values. A key that stands twice counts in its last place; what `<<` brings gives way to what is
/// written.
fn pairs(nodes: Vec<Arc<Node>>) -> Vec<(Arc<Node>, Arc<Node>)> {
    let mut pairs: Vec<(Arc<Node>, Arc<Node>)> = Vec::with_capacity(nodes.len() / 2);
    let mut inherited: Vec<(Arc<Node>, Arc<Node>)> = Vec::new();
    let mut at: HashMap<Arc<str>, usize> = HashMap::new();
    let mut nodes = nodes.into_iter();
    while let (Some(key), Some(value)) = (nodes.next(), nodes.next()) {
        match key.text() {
            Some("<<") => inherited.extend(merged(&value)),
            Some(text) => {
                if let Some(&index) = at.get(text) {
                    pairs[index].1 = value;
                } else {
                    at.insert(text.into(), pairs.len());
                    pairs.push((key, value));
                }
            }
            None => pairs.push((key, value)),
        }
    }
    for (key, value) in inherited {
        let Some(text) = key.text() else { continue };
        if !at.contains_key(text) {
            at.insert(text.into(), pairs.len());
            pairs.push((key, value));
        }
    }
    pairs
}

/// The pairs that `<<` brings: those of a mapping, or of several.
fn merged(value: &Node) -> Vec<(Arc<Node>, Arc<Node>)> {
    match &value.content {
        Content::Mapping(pairs) => pairs.clone(),
        Content::Sequence(nodes) => nodes.iter().flat_map(|node| node.pairs().to_vec()).collect(),
        Content::Scalar { .. } => Vec::new(),
    }
}

impl Node {
    /// The text of a scalar; of an empty or null one nothing.
    pub fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Scalar { text, plain } if !(*plain && is_null(text)) => Some(text),
            _ => None,
        }
    }

    /// True for a scalar that means nothing.
    pub fn is_null(&self) -> bool {
        matches!(&self.content, Content::Scalar { text, plain: true } if is_null(text))
    }

    /// The items of a sequence; a scalar counts as a sequence of one, nothing as an empty one.
    pub fn items(self: &Arc<Self>) -> &[Arc<Self>] {
        match &self.content {
            Content::Sequence(items) => items,
            Content::Scalar { .. } if !self.is_null() => std::slice::from_ref(self),
            _ => &[],
        }
    }

    /// The pairs of a mapping.
    pub fn pairs(&self) -> &[(Arc<Self>, Arc<Self>)] {
        match &self.content {
            Content::Mapping(pairs) => pairs,
            _ => &[],
        }
    }

    /// The value of `key` in a mapping.
    pub fn get(&self, key: &str) -> Option<&Arc<Self>> {
        self.pairs().iter().find(|(name, _)| name.text() == Some(key)).map(|(_, value)| value)
    }

    /// The node as JSON. Scalars without quotes become truth values, numbers and null where they mean one; `expand`
    /// is given each text.
    pub fn to_json(&self, expand: &dyn Fn(&str) -> String) -> Value {
        match &self.content {
            Content::Scalar { text, plain: true } => plain(text).unwrap_or_else(|| expand(text).into()),
            Content::Scalar { text, plain: false } => expand(text).into(),
            Content::Sequence(items) => items.iter().map(|item| item.to_json(expand)).collect(),
            Content::Mapping(pairs) => {
                let key = |key: &Node| match &key.content {
                    Content::Scalar { text, .. } => expand(text),
                    _ => String::new(),
                };
                Value::Object(pairs.iter().map(|(name, value)| (key(name), value.to_json(expand))).collect())
            }
        }
    }
}

fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

/// `yes` or `no` as YAML writes them.
pub fn truth(text: &str) -> Option<bool> {
    match text {
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Some(true),
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => Some(false),
        _ => None,
    }
}

/// What a scalar without quotes means; `None` for a text.
fn plain(text: &str) -> Option<Value> {
    if is_null(text) {
        return Some(Value::Null);
    }
    if let Some(truth) = truth(text) {
        return Some(truth.into());
    }
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if !digits.starts_with(|first: char| first.is_ascii_digit() || first == '.') {
        return None;
    }
    // A leading zero makes a text of what would be a number: `01234` is a code.
    let is_code = digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.");
    if let (Ok(whole), false) = (text.parse::<i64>(), is_code) {
        return Some(whole.into());
    }
    let is_float = digits.bytes().all(|byte| byte.is_ascii_digit() || b".eE+-".contains(&byte)) && digits.contains('.');
    is_float.then(|| text.parse::<f64>().ok().map(Value::from)).flatten()
}

#[cfg(test)]
mod tests {
    use super::{Node, YamlError, parse};
    use serde_json::{Value, json};
    use std::fmt::Write;
    use std::sync::Arc;

    fn one(text: &str) -> Arc<Node> {
        parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}")).remove(0)
    }

    fn as_json(text: &str) -> Value {
        one(text).to_json(&str::to_owned)
    }

    #[test]
    fn scalars_mean_what_they_mean_in_dashboards() {
        assert_eq!(
            as_json("{a: 500, b: '500', c: yes, d: 7 days, e: , f: ~, g: 0.5, h: 007, i: 2020-01-01, j: \"no\"}"),
            json!({"a": 500, "b": "500", "c": true, "d": "7 days", "e": null, "f": null, "g": 0.5, "h": "007",
                   "i": "2020-01-01", "j": "no"})
        );
    }

    #[test]
    fn tags_aliases_and_merged_keys_are_followed() {
        assert_eq!(
            as_json("- !ruby/hash:X &a {x: 1, y: 2}\n- <<: *a\n  y: 3\n- *a\n"),
            json!([{"x": 1, "y": 2}, {"y": 3, "x": 1}, {"x": 1, "y": 2}])
        );
    }

    #[test]
    fn places_are_bytes() {
        let text = "- dashboard: é\n  title: \"two\"\n";
        let node = one(text);
        let title = node.items()[0].get("title").expect("it is there");
        assert_eq!(&text[title.span.range()], "\"two\"");
    }

    #[test]
    fn what_is_no_yaml_has_a_place() {
        let Err(YamlError { span, message, .. }) = parse("- a: [1, 2\n- b: }\n") else { panic!("it is no YAML") };
        assert!(span.start > 0 && !message.is_empty());
    }

    #[test]
    fn common_mistakes_come_with_help() {
        let help = |text: &str| parse(text).expect_err(text).help;
        assert_eq!(help("- dashboard: a\n  title: A: b\n"), Some("a text with `: ` in it stands in quotes"));
        assert!(help("dashboard: a\n  title: A\n").is_some_and(|help| help.contains("`- dashboard: name`")));
        assert!(help("- dashboard: a\n  x: [1, 2\n  y: 1\n").is_some_and(|help| help.contains("closed")));
        assert!(
            help("- dashboard: a\n  elements:\n  - name: b\n   title: c\n").is_some_and(|help| help.contains("column"))
        );
    }

    #[test]
    fn a_tab_is_shown_where_it_stands() {
        let text = "- dashboard: a\n  elements:\n  - name: b\n\ttitle: c\n";
        let error = parse(text).expect_err("tabs do not indent");
        assert_eq!(text[..error.span.start as usize].lines().count(), 3);
        assert_eq!((&text[error.span.range()], error.help), ("\t", Some("YAML is indented with blanks alone")));
    }

    #[test]
    fn aliases_cannot_name_a_billion_nodes() {
        let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for level in 1..12 {
            let before = format!("*a{}", level - 1);
            let _ = writeln!(text, "a{level}: &a{level} [{}]", vec![before; 10].join(", "));
        }
        assert!(parse(&text).is_err());
    }

    #[test]
    fn deep_nesting_is_refused() {
        assert!(parse(&"[".repeat(10_000)).is_err());
        assert!(parse(&format!("{}{}", "[".repeat(150), "]".repeat(150))).is_err());
    }
}
