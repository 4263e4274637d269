//! User attributes in filters: access filters, and `{{ _user_attributes['name'] }}` as or in a term.

use super::condition::{Filter, Grammar};
use super::{FieldAt, Planner};
use crate::context::UserAttribute;
use crate::error::Error;
use belvedere_expressions::filter::{
    DateCondition, DateFilter, Decimal, LocationFilter, Moment, NumberFilter, NumberMatch, Period, StringFilter,
    StringMatch, YesnoFilter, quote_string,
};
use std::borrow::Cow;

impl<'a> Planner<'a, '_> {
    /// Reads a filter expression, user attributes put in. `None` when the value is blank.
    pub(super) fn read_filter(&self, at: FieldAt<'a>, grammar: Grammar, value: &str) -> Result<Option<Filter>, Error> {
        let Some(value) = self.with_attributes(grammar, value) else { return Ok(Some(Filter::Nothing)) };
        if value.trim().is_empty() {
            return Ok(None);
        }
        let filter = grammar.parse(&value);
        filter.map(Some).map_err(|source| Error::Filter { field: self.full_name(at), source })
    }

    /// The value with each `{{ _user_attributes['name'] }}` replaced; `None` where an attribute has no value that the
    /// field could have: then no row passes.
    fn with_attributes<'v>(&self, grammar: Grammar, value: &'v str) -> Option<Cow<'v, str>> {
        if !value.contains("{{") {
            return Some(Cow::Borrowed(value));
        }
        let mut out = String::new();
        let mut rest = value;
        while let Some(start) = rest.find("{{") {
            let Some((name, length)) = attribute_reference(&rest[start..]) else {
                out.push_str(&rest[..start + 2]);
                rest = &rest[start + 2..];
                continue;
            };
            out.push_str(&rest[..start]);
            rest = &rest[start + length..];
            let extent = if is_whole_term(&out, rest) { Extent::Term } else { Extent::Part };
            out.push_str(&attribute_term(self.cx.access.value(name)?, grammar, extent)?);
        }
        out.push_str(rest);
        Some(Cow::Owned(out))
    }

    /// The condition of an access filter. A user without a value sees no row.
    pub(super) fn access_condition(&mut self, at: FieldAt<'a>, attribute: &str) -> Result<Option<String>, Error> {
        let grammar = self.grammar(at)?;
        let filter = match self.cx.access.value(attribute) {
            None => Filter::Nothing,
            Some(attribute) if attribute.kind.is_advanced() => {
                let parsed = grammar.parse(&attribute.value);
                parsed.map_err(|source| Error::Filter { field: self.full_name(at), source })?
            }
            Some(attribute) => literal_filter(grammar, attribute.value.trim()),
        };
        Ok(self.filter_condition(at, &filter)?.map(crate::expression::Expression::into_text))
    }
}

/// The name in `{{ _user_attributes['name'] }}` at the start of a text, and the length of the whole.
fn attribute_reference(text: &str) -> Option<(&str, usize)> {
    let end = text.find("}}")?;
    let inside = text[2..end].trim().strip_prefix("_user_attributes")?.trim_start();
    let inside = inside.strip_prefix('[')?.strip_suffix(']')?.trim();
    let quote = inside.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let name = inside.strip_prefix(quote)?.strip_suffix(quote)?;
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    is_name.then_some((name, end + 2))
}

/// Whether a reference is a term by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extent {
    Term,
    Part,
}

fn is_whole_term(before: &str, after: &str) -> bool {
    let before = before.trim_end();
    let before = before.strip_suffix('-').map_or(before, str::trim_end);
    let after = after.trim_start();
    (before.is_empty() || before.ends_with(',')) && (after.is_empty() || after.starts_with(','))
}

/// An attribute's value in a filter expression: one of an advanced type as it is, any other such that it is matched
/// literally. `None` when the field cannot have such a value.
fn attribute_term(attribute: &UserAttribute, grammar: Grammar, extent: Extent) -> Option<String> {
    let value = attribute.value.as_str();
    if attribute.kind.is_advanced() {
        return Some(value.to_owned());
    }
    if grammar != Grammar::Text {
        let is_possible = !matches!(literal_filter(grammar, value.trim()), Filter::Nothing);
        return is_possible.then(|| value.to_owned());
    }
    if extent == Extent::Term {
        return Some(quote_string(value));
    }
    let mut out = String::with_capacity(value.len() + 4);
    for c in value.chars() {
        if matches!(c, '"' | '%' | '_' | ',' | '^' | '-' | '\\' | ' ') {
            out.push('^');
        }
        out.push(c);
    }
    Some(out)
}

/// A filter that only this value passes. A value that the field's type cannot have lets nothing through.
fn literal_filter(grammar: Grammar, value: &str) -> Filter {
    match grammar {
        Grammar::Text => {
            Filter::Text(StringFilter { include: vec![StringMatch::Equals(value.to_owned())], exclude: Vec::new() })
        }
        Grammar::Number => match Decimal::parse(value) {
            Ok(number) => {
                Filter::Number(NumberFilter { include: vec![NumberMatch::Value(number)], ..NumberFilter::default() })
            }
            Err(_) => Filter::Nothing,
        },
        Grammar::Yesno => match YesnoFilter::parse(value) {
            Ok(filter @ (YesnoFilter::Yes | YesnoFilter::No)) => Filter::Yesno(filter),
            _ => Filter::Nothing,
        },
        Grammar::Time(time) => match DateFilter::parse(value) {
            Ok(filter) if is_one_moment(&filter) => Filter::Time(filter, time),
            _ => Filter::Nothing,
        },
        Grammar::Location => match LocationFilter::parse(value) {
            Ok(filter @ LocationFilter::Point(_)) => Filter::Location(filter),
            _ => Filter::Nothing,
        },
    }
}

/// True for one absolute date or time.
fn is_one_moment(filter: &DateFilter) -> bool {
    match filter.terms.as_slice() {
        [term] => matches!(term.condition, DateCondition::Within(Period::Of(Moment::At { .. }))),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{Extent, attribute_reference, attribute_term};
    use crate::context::{AttributeType, UserAttribute};
    use crate::planner::condition::Grammar;
    use belvedere_expressions::filter::{StringFilter, StringMatch};

    #[test]
    fn a_reference_is_read_with_either_quote() {
        let text = "{{ _user_attributes['country'] }}, x";
        assert_eq!(attribute_reference(text), Some(("country", 33)));
        assert_eq!(attribute_reference("{{_user_attributes[\"a_1\"]}}"), Some(("a_1", 27)));
        for other in
            ["{{ x }}", "{{ _user_attributes['a' }}", "{{ _user_attributes[''] }}", "{{ _user_attributes['a']", "{{"]
        {
            assert_eq!(attribute_reference(other), None, "{other}");
        }
    }

    #[test]
    fn a_literal_value_matches_itself_whatever_its_characters() {
        for value in ["x", "50%", "a,b", "-x", "a_b", "\"q\"", "^", "a b", " a", "\\", "it's", "null", "EMPTY"] {
            let attribute = UserAttribute { kind: AttributeType::String, value: value.into() };
            for (extent, before) in [(Extent::Term, ""), (Extent::Part, "sf")] {
                let term = attribute_term(&attribute, Grammar::Text, extent).unwrap_or_default();
                let filter = StringFilter::parse(&format!("{before}{term}"));
                let filter = filter.unwrap_or_else(|error| panic!("{value}: {error}"));
                assert_eq!(filter.include, [StringMatch::Equals(format!("{before}{value}"))], "{value}");
                assert!(filter.exclude.is_empty());
            }
        }
    }

    #[test]
    fn a_literal_value_is_no_expression_on_numbers() {
        let attribute = |value: &str| UserAttribute { kind: AttributeType::Number, value: value.into() };
        assert_eq!(attribute_term(&attribute("5"), Grammar::Number, Extent::Term), Some("5".into()));
        assert_eq!(attribute_term(&attribute(">5"), Grammar::Number, Extent::Term), None);
    }
}
