//! Templates in what people read: labels and descriptions, and in cells `html`, and label and address of a `link`.
//!
//! Those of cells are parsed once and rendered for each row. In `html`, what comes from the data or from whoever asks is
//! text: it never becomes markup.

use super::pieces::Pieces;
use super::{DateBound, Lookup, Surroundings, Variable, cover, formatted_date, parse, parsed, run};
use crate::error::Error;
use belvedere_lookml::sql::has_liquid;
use jiff::Zoned;
use liquid_core::Template;
use std::borrow::Cow;

/// What a template in a text asks.
pub trait TextLookup {
    /// The value of a variable by its path, such as `value`, or `orders`, `status`, `_value`. `None` for names that mean
    /// nothing, and for null.
    fn variable(&self, path: &[&str]) -> Option<Variable>;
    /// `{% parameter name %}`, where that can stand: not in cells. `None` for a name that is no parameter.
    fn parameter(&self, _name: &str) -> Option<String> {
        None
    }
    /// The present, in the time zone of the query.
    fn now(&self) -> Zoned;
}

/// What a rendered template is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Medium {
    /// Markup.
    Html,
    /// Text.
    Text,
}

/// Longest text that such a template renders to, in bytes.
const LONGEST_TEXT: usize = 1 << 16;

/// A template in a cell, read once for all rows.
#[derive(Debug)]
pub struct TextTemplate {
    body: Body,
    medium: Medium,
}

#[derive(Debug)]
enum Body {
    /// The same for every row.
    Constant(String),
    Liquid(Template),
}

impl TextTemplate {
    /// Reads a template.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(text: &str, medium: Medium) -> Result<Self, String> {
        if !has_liquid(text) {
            return Ok(Self { body: Body::Constant(text.to_owned()), medium });
        }
        let template = match medium {
            Medium::Html => parse(&with_covered_literals(text), Surroundings::Text)?,
            Medium::Text => parse(text, Surroundings::Text)?,
        };
        Ok(Self { body: Body::Liquid(template), medium })
    }

    /// The text for one row; `None` when it cannot be rendered, or is too long.
    pub fn render(&self, lookup: &dyn TextLookup) -> Option<String> {
        match &self.body {
            Body::Constant(text) => Some(text.clone()),
            Body::Liquid(template) => {
                let text = run(template, &mut Asking { lookup, medium: self.medium }, LONGEST_TEXT).ok()?;
                Some(match self.medium {
                    Medium::Html => cover::entities(&text),
                    Medium::Text => cover::uncover(&text),
                })
            }
        }
    }
}

/// A label or a description with its templates rendered. What they say is text, which is no markup yet. `None` for one
/// that cannot be rendered, or is too long.
pub fn rendered_text<'t>(text: &'t str, lookup: &dyn TextLookup) -> Option<Cow<'t, str>> {
    if !has_liquid(text) {
        return Some(Cow::Borrowed(text));
    }
    let template = parsed(text, Surroundings::Text).ok()?;
    let text = run(&template, &mut Asking { lookup, medium: Medium::Text }, LONGEST_TEXT).ok()?;
    Some(Cow::Owned(cover::uncover(&text)))
}

/// A text as markup that shows it.
pub fn html_text(text: &str) -> String {
    cover::entities(&cover::cover(text))
}

/// The template with the texts that its conditions compare with covered, as the values are that they are compared to.
fn with_covered_literals(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut pieces = Pieces::of(text);
    for piece in pieces.by_ref() {
        out.push_str(piece.before);
        if piece.compares() {
            cover_literals(piece.whole, &mut out);
        } else {
            out.push_str(piece.whole);
        }
    }
    out.push_str(pieces.rest());
    out
}

fn cover_literals(tag: &str, out: &mut String) {
    let mut open = None;
    for character in tag.chars() {
        match open {
            None => {
                open = matches!(character, '\'' | '"').then_some(character);
                out.push(character);
            }
            Some(quote) if character == quote => {
                open = None;
                out.push(character);
            }
            Some(_) => out.push(cover::covered(character)),
        }
    }
}

/// What a template asks, answered by what is known where it stands.
struct Asking<'r> {
    lookup: &'r dyn TextLookup,
    medium: Medium,
}

impl Asking<'_> {
    fn shown(&self, text: String) -> String {
        match self.medium {
            Medium::Html => cover::cover(&text),
            Medium::Text => text,
        }
    }

    fn misplaced(tag: &str) -> Error {
        Error::model("a text", format!("Liquid: `{tag}` can stand in SQL only"))
    }
}

impl Lookup for Asking<'_> {
    fn variable(&self, path: &[String]) -> Result<Option<Variable>, Error> {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        Ok(self.lookup.variable(&path).map(|variable| match variable {
            Variable::Text(text) => Variable::Text(self.shown(text)),
            other => other,
        }))
    }

    fn parameter(&mut self, name: &str) -> Result<String, Error> {
        self.lookup.parameter(name).ok_or_else(|| self.mistake(format!("Liquid: no parameter `{name}` here")))
    }

    fn condition(&mut self, _: Option<&str>, _: &str) -> Result<String, Error> {
        Err(Self::misplaced("condition"))
    }

    fn date_bound(&mut self, _: &str, bound: DateBound) -> Result<String, Error> {
        Err(Self::misplaced(match bound {
            DateBound::Start => "date_start",
            DateBound::End => "date_end",
        }))
    }

    fn date(&self, text: &str, format: &str) -> Result<String, Error> {
        let formatted = formatted_date(&cover::uncover(text), &cover::uncover(format), &self.lookup.now());
        Ok(self.shown(formatted.map_err(|message| self.mistake(message))?))
    }

    fn quote(&self, _: &str) -> Result<String, Error> {
        Err(Self::misplaced("sql_quote"))
    }

    fn mistake(&self, message: String) -> Error {
        Error::model("a text", message)
    }
}

#[cfg(test)]
mod tests {
    use super::{Medium, TextLookup, TextTemplate, Variable, rendered_text};
    use jiff::Zoned;

    struct Row;

    impl TextLookup for Row {
        fn variable(&self, path: &[&str]) -> Option<Variable> {
            Some(match path {
                ["value"] => Variable::Text("R&D <b>\"x\"</b> 'y'".into()),
                ["row", "v.n"] => Variable::Integer(7),
                ["row", "v.d"] => Variable::Double(1.5),
                ["linked_value"] => Variable::Markup("<a href=\"/x\">7</a>".into()),
                ["_filters", "v.f"] => Variable::Text("<script>".into()),
                _ => return None,
            })
        }

        fn now(&self) -> Zoned {
            "2026-01-15T12:00:00+01:00[Europe/Zurich]".parse().expect("a time")
        }
    }

    fn html(text: &str) -> String {
        let template = TextTemplate::parse(text, Medium::Html).unwrap_or_else(|error| panic!("{text}: {error}"));
        template.render(&Row).unwrap_or_else(|| panic!("{text} renders"))
    }

    fn text(text: &str) -> String {
        TextTemplate::parse(text, Medium::Text).expect("a template").render(&Row).expect("a text")
    }

    #[test]
    fn values_stay_text_in_html_and_the_author_s_markup_stays_markup() {
        assert_eq!(html("<b>{{ value }}</b>"), "<b>R&amp;D &lt;b&gt;&quot;x&quot;&lt;/b&gt; &#39;y&#39;</b>");
        assert_eq!(html("{{ _filters['v.f'] }}"), "&lt;script&gt;");
        assert_eq!(html("{% assign a = value %}{{ a | upcase | truncate: 7 }}"), "R&amp;D ...");
        assert_eq!(html("{{ linked_value }}"), "<a href=\"/x\">7</a>");
        assert_eq!(html("{{ value | split: ' ' | last }}"), "&#39;y&#39;");
        assert_eq!(html("{% capture c %}{{ value }}{% endcapture %}{{ c }}").matches('<').count(), 0);
        assert_eq!(html("{{ 'now' | date: '<%Y>' }}"), "&lt;2026&gt;");
        assert_eq!(
            html("{{ '2025/12/31' | date: '%d.%m.' }}{{ value | date: '%Y' }}"),
            format!("31.12.{}", html("{{ value }}"))
        );
        assert_eq!(html("{{ value | url_encode | url_decode }}"), html("{{ value }}"));
    }

    #[test]
    fn values_are_compared_as_they_are() {
        assert_eq!(html("{% if value contains 'R&D' %}yes{% endif %}"), "yes");
        assert_eq!(html("{% case value %}{% when \"R&D <b>\" %}no{% else %}other{% endcase %}"), "other");
        assert_eq!(html("{% if row['v.n'] > 6 and row['v.d'] == 1.5 %}{{ row['v.n'] }}{% endif %}"), "7");
        assert_eq!(html("{% if row['v.none'] %}a{% else %}b{% endif %}[{{ row['v.none'] }}]"), "b[]");
    }

    #[test]
    fn filters_see_values_as_they_are() {
        let encoded = "R%26D+%3Cb%3E%22x%22%3C%2Fb%3E+%27y%27";
        assert_eq!(html("{{ value | url_encode }}"), encoded);
        assert_eq!(text("{{ value | url_encode }}"), encoded);
        assert_eq!(html("{{ value | escape }}"), html("{{ value }}"));
        assert_eq!(html("{{ value | h | escape_once }}"), html("{{ value }}"));
        assert_eq!(html("{{ value | encode_uri }}"), "R&amp;D%20%3Cb%3E%22x%22%3C/b%3E%20&#39;y&#39;");
        assert_eq!(text("{{ value | escape }}"), html("{{ value }}"));
    }

    #[test]
    fn addresses_and_labels_hold_values_as_they_are() {
        assert_eq!(text("/x?q={{ value }}"), "/x?q=R&D <b>\"x\"</b> 'y'");
    }

    #[test]
    fn text_without_liquid_is_the_same_for_every_row() {
        assert_eq!(html("<i>&nbsp;</i>"), "<i>&nbsp;</i>");
    }

    #[test]
    fn labels_are_rendered_as_text() {
        struct Label;
        impl TextLookup for Label {
            fn variable(&self, path: &[&str]) -> Option<Variable> {
                Row.variable(path)
            }
            fn parameter(&self, name: &str) -> Option<String> {
                (name == "v.p").then(|| "'x'".to_owned())
            }
            fn now(&self) -> Zoned {
                Row.now()
            }
        }
        let label = |text: &'static str| rendered_text(text, &Label).map(std::borrow::Cow::into_owned);
        assert_eq!(label("Orders { 1 }"), Some("Orders { 1 }".to_owned()));
        assert_eq!(label("By {% parameter v.p %}"), Some("By 'x'".to_owned()));
        assert_eq!(label("{{ _filters['v.f'] }}|{{ nothing }}"), Some("<script>|".to_owned()));
        assert_eq!(label("{% if value contains 'R&D' %}R&D{% endif %}"), Some("R&D".to_owned()));
        for wrong in ["{% parameter nope %}", "{% if %}", "{{ value", "{% condition v.f %}x{% endcondition %}"] {
            assert_eq!(label(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_belongs_into_sql_does_not_render() {
        for body in ["{% condition v.f %}x{% endcondition %}", "{% parameter p %}", "{{ value | sql_quote }}"] {
            let template = TextTemplate::parse(body, Medium::Html);
            assert_eq!(template.ok().and_then(|template| template.render(&Row)), None, "{body}");
        }
    }

    #[test]
    fn a_cell_cannot_grow_without_end() {
        let long = "{% for x in (1..9000) %}xxxxxxxxxxxxxxxxxxxx{% endfor %}";
        assert_eq!(TextTemplate::parse(long, Medium::Html).expect("a template").render(&Row), None);
        assert!(TextTemplate::parse("{% if %}", Medium::Html).is_err());
    }
}
