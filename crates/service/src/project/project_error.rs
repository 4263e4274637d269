//! `ProjectError`: one thing that is wrong with a project.

use belvedere_api::types::ProjectError;
use belvedere_lookml::diagnostic::Diagnostic;
use belvedere_lookml::project::Project;
use belvedere_lookml::syntax;
use indexmap::IndexMap;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What stands in the place of a quoted name.
const NAMELESS: &str = "(?)";

/// Writes what is wrong with a project in the shape of the API.
pub(super) struct Teller<'p> {
    project: &'p Project,
    /// Names of models and data tests, which a sanitized message does not show.
    names: BTreeSet<&'p str>,
}

impl<'p> Teller<'p> {
    /// A teller of what is wrong with `project`.
    pub(super) fn new(project: &'p Project) -> Self {
        let names = project.models().flat_map(|model| {
            let tests = model.tests.keys().map(|name| &**name);
            std::iter::once(&*model.name).chain(tests)
        });
        Self { project, names: names.collect() }
    }

    /// A mistake in the LookML.
    pub(super) fn mistake(&self, found: &Diagnostic) -> ProjectError {
        let place = &found.location;
        let has_file = !place.file.is_empty();
        // A file that cannot be parsed is known neither to models nor to the product's rules of names.
        let is_syntax = syntax::rules().any(|rule| rule.id == found.id);
        let level = found.severity.as_str();
        let mut params = IndexMap::new();
        if !is_syntax {
            params.insert("level".to_owned(), json!(level));
            if level == "warning" {
                params.insert("scope".to_owned(), json!("phase_zero"));
            }
            if found.model.is_some() && found.explore.is_some() {
                params.insert("from_dictionary".to_owned(), json!(true));
            }
        }
        ProjectError {
            severity: Some(level.to_owned()),
            kind: Some("error".to_owned()),
            message: Some(found.message.clone()),
            field_name: found.field.clone(),
            file_path: has_file.then(|| file_path(self.project.name(), &place.file)),
            line_number: has_file.then_some(i64::from(place.line)),
            model_id: found.model.as_ref().map(ToString::to_string),
            explore: found.explore.as_ref().map(ToString::to_string),
            params: Some(params),
            sanitized_message: (!is_syntax).then(|| without(&found.message, |name| self.names.contains(name))),
            ..ProjectError::default()
        }
    }
}

/// `project/path`: how the API names the file of a mistake or test.
pub(super) fn file_path(project: &str, path: &str) -> String {
    format!("{project}/{path}")
}

/// The message with `(?)` in the place of those quoted words that `hides` names.
pub(super) fn without(message: &str, hides: impl Fn(&str) -> bool) -> String {
    let mut pieces = message.split('"');
    let mut shown = pieces.next().unwrap_or_default().to_owned();
    while let Some(quoted) = pieces.next() {
        let Some(behind) = pieces.next() else {
            shown.push('"');
            shown.push_str(quoted);
            break;
        };
        if hides(quoted) {
            shown.push_str(NAMELESS);
        } else {
            shown.extend(["\"", quoted, "\""]);
        }
        shown.push_str(behind);
    }
    shown
}

/// What a row about a data test holds in `params`.
pub(super) fn test_params(file: &str, line: i64, model: &str, explore: &str, level: &str) -> IndexMap<String, Value> {
    let params = [
        ("__FILE", json!(file)),
        ("__LINE_NUM", json!(line)),
        ("model_id", json!(model)),
        ("explore", json!(explore)),
        ("field_name", Value::Null),
        ("level", json!(level)),
    ];
    params.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

#[cfg(test)]
mod tests {
    use super::without;

    #[test]
    fn only_names_that_are_hidden_leave_a_message() {
        let hides = |name: &str| name == "shop";
        assert_eq!(without("Model \"shop\" has no \"orders\".", hides), "Model (?) has no \"orders\".");
        assert_eq!(without("a single \" stays", hides), "a single \" stays");
        assert_eq!(without("\"shop\"", hides), "(?)");
        assert_eq!(without("", hides), "");
    }
}
