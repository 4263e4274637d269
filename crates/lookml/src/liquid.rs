//! Liquid as far as it can be judged without a query: whether templates are well formed, and what they name.
//!
//! Rendering is the planner's business. Reading is linear, and nothing here recurses.

use std::collections::HashSet;
use std::ops::Range;

/// Where a template stands: which objects mean something there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// `sql` and whatever begins with `sql_`.
    Sql,
    /// `sql` of a `filter`: a `{% condition %}` without a field means the filter itself.
    FilterSql,
    /// `html`
    Html,
    /// `label` and `url` of a `link`.
    Link,
    /// The texts of an `action`.
    Action,
    /// `label`, `group_label`, `group_item_label`, `view_label`.
    Label,
    /// `description` of a field.
    Description,
}

use Place::{Action, Description, Html, Label, Link, Sql};

/// Something to say about a template, with its range in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding<'t> {
    /// What it is.
    pub what: What<'t>,
    /// The part of the text that is meant.
    pub range: Range<usize>,
}

/// What a template holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What<'t> {
    /// It is not well formed.
    Invalid(String),
    /// A tag that nobody knows.
    Tag(&'t str),
    /// A filter that nobody knows.
    Filter(&'t str),
    /// An object or tag that means nothing in this place.
    Misplaced(&'t str),
    /// A name that is no object of the language and was not assigned: a field or a view, with what stands behind it.
    Name(Vec<&'t str>),
}

/// Everything that is to be said about the template `text` in `place`.
pub fn read(text: &str, place: Place) -> Vec<Finding<'_>> {
    let (place, in_filter) = if place == Place::FilterSql { (Sql, true) } else { (place, false) };
    let mut reader = Reader {
        text,
        place,
        in_filter,
        blocks: Vec::new(),
        assigned: HashSet::new(),
        unknown: HashSet::new(),
        found: Vec::new(),
    };
    reader.run();
    reader.found
}

/// What each tag is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tag {
    /// Begins a block that `end...` ends; an expression follows.
    Block,
    /// `for name in expression`
    Loop,
    /// `capture name`
    Capture,
    /// A block whose content is not looked into.
    Verbatim,
    /// A branch of one of these blocks; an expression may follow.
    Branch(&'static [&'static str]),
    /// `assign name = expression`
    Assign,
    /// A name follows, which counts up or down.
    Counter,
    /// An expression follows.
    Plain,
    /// A field follows.
    Field(&'static [Place]),
    /// A block behind a field.
    FieldBlock(&'static [Place]),
}

const TAGS: &[(&str, Tag)] = &[
    ("if", Tag::Block),
    ("unless", Tag::Block),
    ("case", Tag::Block),
    ("ifchanged", Tag::Block),
    ("incrementcondition", Tag::Block),
    ("for", Tag::Loop),
    ("tablerow", Tag::Loop),
    ("capture", Tag::Capture),
    ("comment", Tag::Verbatim),
    ("raw", Tag::Verbatim),
    ("else", Tag::Branch(&["if", "unless", "case", "for", "ifchanged"])),
    ("elsif", Tag::Branch(&["if", "unless"])),
    ("when", Tag::Branch(&["case"])),
    ("break", Tag::Branch(&[])),
    ("continue", Tag::Branch(&[])),
    ("assign", Tag::Assign),
    ("increment", Tag::Counter),
    ("decrement", Tag::Counter),
    ("cycle", Tag::Plain),
    ("echo", Tag::Plain),
    ("parameter", Tag::Field(&[Sql, Label, Description])),
    ("date_start", Tag::Field(&[Sql])),
    ("date_end", Tag::Field(&[Sql])),
    ("condition", Tag::FieldBlock(&[Sql])),
];

/// The names of the tags.
pub fn tags() -> impl Iterator<Item = &'static str> {
    TAGS.iter().map(|(name, _)| *name)
}

/// The objects of the language, and where they mean something.
const OBJECTS: &[(&str, &[Place])] = &[
    ("value", &[Html, Link, Action]),
    ("rendered_value", &[Html, Link, Action]),
    ("filterable_value", &[Html, Link, Action]),
    ("linked_value", &[Html, Link, Action]),
    ("_value", &[Html, Link, Action]),
    ("_rendered_value", &[Html, Link, Action]),
    ("_filterable_value", &[Html, Link, Action]),
    ("_linked_value", &[Html, Link, Action]),
    ("link", &[Html, Link, Action, Sql]),
    ("_link", &[Html, Link, Action, Sql]),
    ("row", &[Html, Link]),
    ("_filters", EVERYWHERE),
    ("_user_attributes", EVERYWHERE),
    ("_localization", EVERYWHERE),
    ("_access_filters", EVERYWHERE),
    ("_model", EVERYWHERE),
    ("_view", EVERYWHERE),
    ("_explore", EVERYWHERE),
    ("_field", EVERYWHERE),
    ("_query", EVERYWHERE),
    ("_dialect", EVERYWHERE),
    ("_parameter_value", EVERYWHERE),
    ("_in_query", EVERYWHERE),
    ("_is_filtered", EVERYWHERE),
    ("_is_selected", EVERYWHERE),
    ("forloop", EVERYWHERE),
    ("tablerowloop", EVERYWHERE),
];

const EVERYWHERE: &[Place] = &[Sql, Html, Link, Action, Label, Description];

/// Words of expressions that name nothing.
const WORDS: &[&str] =
    &["true", "false", "nil", "null", "blank", "empty", "and", "or", "not", "contains", "in", "reversed", "by"];

/// The filters of the language, those of LookML included.
pub const FILTERS: &[&str] = &[
    "abs",
    "append",
    "at_least",
    "at_most",
    "base64_decode",
    "base64_encode",
    "capitalize",
    "ceil",
    "compact",
    "concat",
    "date",
    "default",
    "divided_by",
    "downcase",
    "encode_uri",
    "escape",
    "escape_once",
    "filterable_value",
    "first",
    "floor",
    "h",
    "join",
    "last",
    "lstrip",
    "map",
    "minus",
    "modulo",
    "newline_to_br",
    "plus",
    "prepend",
    "remove",
    "remove_first",
    "remove_last",
    "replace",
    "replace_first",
    "replace_last",
    "reverse",
    "round",
    "rstrip",
    "size",
    "slice",
    "sort",
    "sort_natural",
    "split",
    "sql_boolean",
    "sql_quote",
    "strip",
    "strip_html",
    "strip_newlines",
    "sum",
    "times",
    "truncate",
    "truncatewords",
    "uniq",
    "upcase",
    "url_decode",
    "url_encode",
    "where",
];

struct Reader<'t> {
    text: &'t str,
    place: Place,
    /// Whether a `{% condition %}` without a field has one.
    in_filter: bool,
    /// Blocks that are open, with the place of the tag.
    blocks: Vec<(&'t str, Range<usize>)>,
    assigned: HashSet<&'t str>,
    /// Tags that nobody knows; what ends them is no mistake of its own.
    unknown: HashSet<&'t str>,
    found: Vec<Finding<'t>>,
}

impl<'t> Reader<'t> {
    fn run(&mut self) {
        let mut from = 0;
        while let Some(at) = memchr::memchr(b'{', &self.text.as_bytes()[from..]).map(|at| from + at) {
            let rest = &self.text[at..];
            from = if rest.starts_with("{{") {
                self.output(at)
            } else if rest.starts_with("{%") {
                self.tag(at)
            } else {
                at + 1
            };
        }
        for (block, range) in std::mem::take(&mut self.blocks) {
            self.invalid(range, format!("`{{% {block} %}}` has no `{{% end{block} %}}`"));
        }
    }

    fn say(&mut self, what: What<'t>, range: Range<usize>) {
        self.found.push(Finding { what, range });
    }

    fn invalid(&mut self, range: Range<usize>, message: String) {
        self.say(What::Invalid(message), range);
    }

    /// The inside of what begins at `at`, without the hyphens that eat blanks, and the place behind it.
    fn inside(&mut self, at: usize, closing: &str) -> Option<(Range<usize>, usize)> {
        let Some(length) = self.text[at + 2..].find(closing) else {
            let opening = &self.text[at..at + 2];
            self.invalid(at..at + 2, format!("`{opening}` has no `{closing}`"));
            return None;
        };
        let (start, end) = (at + 2, at + 2 + length);
        let inside = &self.text[start..end];
        let without = inside.strip_prefix('-').unwrap_or(inside);
        let start = end - without.len();
        let without = without.strip_suffix('-').unwrap_or(without);
        Some((start..start + without.len(), end + 2))
    }

    fn output(&mut self, at: usize) -> usize {
        let Some((inside, next)) = self.inside(at, "}}") else { return self.text.len() };
        if self.text[inside.clone()].trim().is_empty() {
            self.invalid(at..next, "`{{ }}` is empty".to_owned());
        }
        self.expression(inside);
        next
    }

    fn tag(&mut self, at: usize) -> usize {
        let Some((inside, next)) = self.inside(at, "%}") else { return self.text.len() };
        let (name, rest) = self.word(inside);
        let word = &self.text[name.clone()];
        if word.is_empty() {
            self.invalid(at..next, "`{% %}` names no tag".to_owned());
            return next;
        }
        if let Some(block) = word.strip_prefix("end") {
            self.end(block, name);
            return next;
        }
        let Some(&(word, tag)) = TAGS.iter().find(|(known, _)| *known == word) else {
            self.unknown.insert(word);
            self.say(What::Tag(word), name);
            return next;
        };
        match tag {
            Tag::Block => {
                self.open(name);
                self.expression(rest);
            }
            Tag::Verbatim => return self.verbatim(word, name, next),
            Tag::Loop => {
                self.open(name);
                let (variable, rest) = self.word(rest);
                self.assigned.insert(&self.text[variable]);
                self.expression(rest);
            }
            Tag::Capture => {
                self.open(name);
                let (variable, _) = self.word(rest);
                self.assigned.insert(self.text[variable].trim_matches(['\'', '"']));
            }
            Tag::Branch(blocks) => {
                let fits = blocks.is_empty() || self.blocks.last().is_some_and(|(block, _)| blocks.contains(block));
                if !fits {
                    self.invalid(name, format!("`{{% {word} %}}` stands outside of {}", listed(blocks)));
                }
                self.expression(rest);
            }
            Tag::Assign => self.assign(name, rest),
            Tag::Counter => {
                let (variable, _) = self.word(rest);
                self.assigned.insert(&self.text[variable]);
            }
            Tag::Plain => self.expression(rest),
            Tag::Field(places) => self.field(word, name, rest, places),
            Tag::FieldBlock(places) => {
                self.open(name.clone());
                self.field(word, name, rest, places);
            }
        }
        next
    }

    fn open(&mut self, name: Range<usize>) {
        self.blocks.push((&self.text[name.clone()], name));
    }

    fn end(&mut self, block: &'t str, name: Range<usize>) {
        match self.blocks.iter().rposition(|(open, _)| *open == block) {
            Some(index) => {
                for (unclosed, range) in self.blocks.split_off(index).into_iter().skip(1) {
                    self.invalid(range, format!("`{{% {unclosed} %}}` has no `{{% end{unclosed} %}}`"));
                }
            }
            None if self.unknown.contains(block) => {}
            None => self.invalid(name, format!("`{{% end{block} %}}` ends no block")),
        }
    }

    /// Passes the content of `raw` and `comment`.
    fn verbatim(&mut self, block: &str, name: Range<usize>, from: usize) -> usize {
        let mut from = from;
        while let Some(at) = self.text[from..].find("{%").map(|at| from + at) {
            let inside = self.text[at + 2..].trim_start_matches('-').trim_start();
            from = at + 2;
            let ends = inside.strip_prefix("end").and_then(|rest| rest.strip_prefix(block));
            if let Some(rest) = ends.map(|rest| rest.trim_start().trim_start_matches('-'))
                && rest.starts_with("%}")
            {
                return self.text.len() - rest.len() + 2;
            }
        }
        self.invalid(name, format!("`{{% {block} %}}` has no `{{% end{block} %}}`"));
        self.text.len()
    }

    fn assign(&mut self, name: Range<usize>, rest: Range<usize>) {
        let (variable, rest) = self.word(rest);
        let after = &self.text[rest.clone()];
        let trimmed = after.trim_start();
        if variable.is_empty() || !trimmed.starts_with('=') {
            self.invalid(name, "`assign` is written `{% assign name = value %}`".to_owned());
            return;
        }
        let start = rest.start + (after.len() - trimmed.len()) + 1;
        self.expression(start..rest.end);
        self.assigned.insert(&self.text[variable]);
    }

    fn field(&mut self, word: &'t str, name: Range<usize>, rest: Range<usize>, places: &[Place]) {
        if !places.contains(&self.place) {
            self.say(What::Misplaced(word), name.clone());
        }
        let written = &self.text[rest.clone()];
        let field = written.trim();
        if field.is_empty() {
            if !(self.in_filter && word == "condition") {
                self.invalid(name, format!("`{{% {word} %}}` names no field"));
            }
            return;
        }
        let start = rest.start + (written.len() - written.trim_start().len());
        let is_name =
            |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let path: Vec<&str> = field.split('.').collect();
        // `{% parameter '...' %}` and names that were assigned are left alone.
        if path.iter().all(|part| is_name(part)) && !self.assigned.contains(path[0]) {
            self.say(What::Name(path), start..start + field.len());
        }
    }

    /// The first word of a range, and what stands behind it.
    fn word(&self, range: Range<usize>) -> (Range<usize>, Range<usize>) {
        let text = &self.text[range.clone()];
        let start = range.start + (text.len() - text.trim_start().len());
        let is_end = |character: char| !(character.is_alphanumeric() || matches!(character, '_' | '-' | '\'' | '"'));
        let length = self.text[start..range.end].find(is_end).unwrap_or(range.end - start);
        (start..start + length, start + length..range.end)
    }

    /// Looks at the names and filters of an expression.
    fn expression(&mut self, range: Range<usize>) {
        let bytes = self.text.as_bytes();
        let mut at = range.start;
        let mut after_pipe = false;
        while at < range.end {
            match bytes[at] {
                quote @ (b'\'' | b'"') => {
                    let Some(length) = memchr::memchr(quote, &bytes[at + 1..range.end]) else {
                        self.invalid(at..at + 1, "a text has no closing quote".to_owned());
                        return;
                    };
                    at += length + 2;
                    after_pipe = false;
                }
                b'|' => {
                    after_pipe = true;
                    at += 1;
                }
                b'{' if self.text[at..range.end].starts_with("{{") => {
                    self.invalid(at..at + 2, "`{{ }}` stands inside of another one".to_owned());
                    return;
                }
                byte if byte.is_ascii_alphabetic() || byte == b'_' => {
                    let end = self.path_end(at, range.end);
                    if after_pipe {
                        self.filter(at..end);
                    } else {
                        self.variable(at..end, range.end);
                    }
                    after_pipe = false;
                    at = end;
                }
                byte if byte.is_ascii_digit() => at = self.path_end(at, range.end),
                _ => at += 1,
            }
        }
    }

    /// Behind the letters, digits and dots that begin at `at`.
    fn path_end(&self, at: usize, end: usize) -> usize {
        let is_end = |byte: &u8| !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'));
        self.text.as_bytes()[at..end].iter().position(is_end).map_or(end, |length| at + length)
    }

    fn filter(&mut self, range: Range<usize>) {
        let name = &self.text[range.clone()];
        if !FILTERS.contains(&name) {
            self.say(What::Filter(name), range);
        }
    }

    fn variable(&mut self, range: Range<usize>, end: usize) {
        let written = self.text[range.clone()].trim_end_matches(['.', '-']);
        let range = range.start..range.start + written.len();
        // The name of an argument: `limit: 3`.
        if self.text[range.end..end].starts_with(':') {
            return;
        }
        let path: Vec<&str> = written.split('.').collect();
        let root = path[0];
        if WORDS.contains(&written) || self.assigned.contains(root) {
            return;
        }
        match OBJECTS.iter().find(|(object, _)| *object == root) {
            Some((_, places)) if path.len() == 1 && !places.contains(&self.place) => {
                self.say(What::Misplaced(root), range);
            }
            Some(_) => {}
            None => self.say(What::Name(path), range),
        }
    }
}

fn listed(blocks: &[&str]) -> String {
    let blocks: Vec<String> = blocks.iter().map(|block| format!("`{block}`")).collect();
    blocks.join(", ")
}

#[cfg(test)]
mod tests {
    use super::{Place, What, read};

    fn all(text: &str, place: Place) -> Vec<String> {
        let told = |what: What<'_>| match what {
            What::Invalid(message) => message,
            What::Tag(name) => format!("tag {name}"),
            What::Filter(name) => format!("filter {name}"),
            What::Misplaced(name) => format!("misplaced {name}"),
            What::Name(path) => format!("name {}", path.join(".")),
        };
        read(text, place).into_iter().map(|found| format!("{} at {}", told(found.what), &text[found.range])).collect()
    }

    fn invalid(text: &str) -> Vec<String> {
        all(text, Place::Sql)
    }

    #[test]
    fn names_are_told_with_what_stands_behind_them() {
        assert_eq!(
            all(
                "{% if users.age._value > 3 and name contains 'x' %}{{ _user_attributes['a'] }}{% endif %}",
                Place::Link
            ),
            ["name users.age._value at users.age._value", "name name at name"]
        );
        assert_eq!(all("{% condition users.age %} x {% endcondition %}", Place::Sql), ["name users.age at users.age"]);
    }

    #[test]
    fn what_a_template_assigns_is_known() {
        assert_eq!(invalid("{% assign a = 'x' | upcase %}{{ a }}{% for b in a %}{{ b.c }}{% endfor %}"), [""; 0]);
        assert_eq!(invalid("{% capture c %}x{% endcapture %}{{ c | append: c, size: 3 }}"), [""; 0]);
    }

    #[test]
    fn blocks_must_be_closed_in_their_order() {
        assert_eq!(invalid("{% if x.y %}"), ["name x.y at x.y", "`{% if %}` has no `{% endif %}` at if"]);
        assert_eq!(invalid("{% endif %}"), ["`{% endif %}` ends no block at endif"]);
        assert_eq!(invalid("{% unless true %}{% if true %}{% endunless %}"), ["`{% if %}` has no `{% endif %}` at if"]);
        assert_eq!(invalid("{% else %}").len(), 1);
        assert_eq!(invalid("{% case 1 %}{% when 1 %}{% else %}{% endcase %}"), [""; 0]);
    }

    #[test]
    fn malformed_tags_are_told() {
        assert_eq!(invalid("a {{ b"), ["`{{` has no `}}` at {{"]);
        assert_eq!(
            invalid("{% nope %}{% endnope %}{% endif %}"),
            ["tag nope at nope", "`{% endif %}` ends no block at endif"]
        );
        assert_eq!(invalid("{% assign x %}"), ["`assign` is written `{% assign name = value %}` at assign"]);
        assert_eq!(invalid("{% condition %}{% endcondition %}"), ["`{% condition %}` names no field at condition"]);
        assert!(all("{% condition %} x {% endcondition %}", Place::FilterSql).is_empty());
        assert_eq!(all("{% date_start %}", Place::FilterSql), ["`{% date_start %}` names no field at date_start"]);
        assert_eq!(invalid("{{ 'a }}"), ["a text has no closing quote at '"]);
        assert_eq!(invalid("{{ x.y | nope }}"), ["name x.y at x.y", "filter nope at nope"]);
        assert_eq!(invalid("{% if {{ x }} == 1 %}{% endif %}"), ["`{{ }}` stands inside of another one at {{"]);
        assert_eq!(invalid("{{ }}"), ["`{{ }}` is empty at {{ }}"]);
    }

    #[test]
    fn raw_text_is_not_looked_into() {
        assert_eq!(invalid("{% raw %}{{ x }}{% nope %}{%- endraw -%}{% comment %}{{{% endcomment %}"), [""; 0]);
        assert_eq!(invalid("{% raw %}").len(), 1);
    }

    #[test]
    fn objects_stand_only_where_they_mean_something() {
        assert_eq!(all("{{ value }}", Place::Html), [""; 0]);
        assert_eq!(all("{{ value }}", Place::Sql), ["misplaced value at value"]);
        assert_eq!(all("{% condition a.b %}{% endcondition %}", Place::Label)[0], "misplaced condition at condition");
    }

    #[test]
    fn long_texts_are_read_in_one_pass() {
        for piece in ["{% raw %}", "{{ x", "{% if x %}", "{", "{{ 'a' | upcase }}", "{% comment %}{% endraw %}"] {
            read(&piece.repeat(50_000), Place::Sql);
        }
    }
}
