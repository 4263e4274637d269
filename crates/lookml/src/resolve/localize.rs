//! Labels and descriptions in the words of a locale.

use super::mistakes::{self, Mistakes};
use super::object::Object;
use crate::model::Model;

/// The text `name` of an object, translated.
pub fn text(model: &Model, object: &Object, name: &str) -> Option<String> {
    object.string(name).map(|text| model.translation.text(text))
}

/// With strict localization, tells what has no label, and texts without a key.
pub fn check(model: &Model, object: &Object, mistakes: &mut Mistakes) {
    if !model.translation.is_strict() {
        return;
    }
    let kind = object.parent.name;
    if object.text("label").is_none() {
        mistakes.add(mistakes::missing_label(object.location.clone(), kind, &object.name));
    }
    for name in ["label", "group_label", "group_item_label", "description"] {
        let Some(text) = object.text(name) else { continue };
        if model.translation.lacks(&text.value) {
            let locale = model.translation.default_locale();
            mistakes.add(mistakes::untranslated(text.location.clone(), &text.value, locale));
        }
    }
}
