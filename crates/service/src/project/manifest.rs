//! The manifest of a project.

use belvedere_api::types;
use belvedere_lookml::project::{Dependency, LocalizationSettings, Manifest};
use indexmap::IndexMap;

/// What a manifest says of name, imports and languages.
pub(super) fn described(manifest: &Manifest) -> types::Manifest {
    types::Manifest {
        can: Some(IndexMap::new()),
        name: manifest.project_name.clone(),
        imports: Some(manifest.dependencies.iter().map(import).collect()),
        localization_settings: manifest.localization.as_ref().map(localization),
    }
}

fn import(dependency: &Dependency) -> types::ImportedProject {
    types::ImportedProject {
        name: Some(dependency.name.to_string()),
        url: dependency.url.clone(),
        r#ref: dependency.reference.clone(),
        is_remote: Some(dependency.is_remote),
    }
}

fn localization(settings: &LocalizationSettings) -> types::LocalizationSettings {
    let level = if settings.strict { "strict" } else { "permissive" };
    types::LocalizationSettings {
        default_locale: Some(settings.default_locale.clone()),
        localization_level: Some(level.to_owned()),
    }
}
