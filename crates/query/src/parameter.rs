//! The values that queries give to parameters.

use belvedere_expressions::filter::{Decimal, StringFilter, StringMatch, YesnoFilter};
use belvedere_lookml::model::{Field, FieldKind, Time};

/// The value of a parameter.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Given {
    /// Neither the query nor the model says one.
    Nothing,
    /// A number, a truth, or a text of type `unquoted`: nothing in it needs quotes.
    Word(String),
    /// A text.
    Text(String),
    /// A moment, as a filter expression.
    Moment(String, Time),
}

/// The value of a parameter: what is `asked` of it in the query, else its default. Fails with what would be allowed.
pub(crate) fn given(parameter: &Field, asked: Option<&str>) -> Result<Given, String> {
    let Some(written) = asked.or(parameter.default_value.as_deref()) else { return Ok(Given::Nothing) };
    let value = plain_value(written);
    let allowed = &parameter.allowed_values;
    if asked.is_some() && !allowed.is_empty() && allowed.iter().all(|allowed| allowed.value != value) {
        let values: Vec<String> = allowed.iter().take(20).map(|allowed| format!("`{}`", allowed.value)).collect();
        return Err(format!("one of {}", values.join(", ")));
    }
    Ok(match &parameter.kind {
        FieldKind::Number | FieldKind::Yesno | FieldKind::Time(_) if asked.is_none() && value.is_empty() => {
            Given::Nothing
        }
        FieldKind::Number => Given::Word(Decimal::parse(&value).map_err(|_| "a number".to_owned())?.to_string()),
        FieldKind::Unquoted => {
            let is_plain = value.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '$' | '.'));
            Given::Word(is_plain.then_some(value).ok_or("letters, digits, `_`, `$` and `.`")?)
        }
        FieldKind::Yesno => match YesnoFilter::parse(&value) {
            // In lower case: templates compare with `'true'`.
            Ok(YesnoFilter::Yes) => Given::Word("true".to_owned()),
            Ok(YesnoFilter::No) => Given::Word("false".to_owned()),
            _ => return Err("`yes` or `no`".to_owned()),
        },
        FieldKind::Time(time) => Given::Moment(written.to_owned(), *time),
        _ => Given::Text(value),
    })
}

/// The value of a parameter as templates in cells, labels and descriptions see it: a text and a moment have their
/// quotes. `None` without a value, and for one that the parameter does not allow.
pub fn parameter_text(parameter: &Field, asked: Option<&str>) -> Option<String> {
    match given(parameter, asked).ok()? {
        Given::Nothing => None,
        Given::Word(word) => Some(word),
        Given::Text(text) | Given::Moment(text, _) => Some(format!("'{}'", text.replace('\'', "''"))),
    }
}

/// The label of the value that a parameter has, as `label_from_parameter` tells it; of a parameter that allows any
/// value the value itself. `None` without a value, and for one that has no label.
pub fn chosen_label(parameter: &Field, asked: Option<&str>) -> Option<String> {
    let value = plain_value(asked.or(parameter.default_value.as_deref())?);
    if parameter.allowed_values.is_empty() {
        return Some(value).filter(|value| !value.is_empty());
    }
    let chosen = parameter.allowed_values.iter().find(|allowed| allowed.value == value);
    chosen.map(|allowed| allowed.label.clone())
}

/// The value that a filter text stands for, where it is one: what clients quote or escape loses that.
fn plain_value(written: &str) -> String {
    match StringFilter::parse(written) {
        Ok(StringFilter { include, exclude }) if exclude.is_empty() => match include.as_slice() {
            [StringMatch::Equals(value)] => value.clone(),
            _ => written.trim().to_owned(),
        },
        _ => written.trim().to_owned(),
    }
}
