//! What a validation found, in the shapes of the API.

use super::project_error::Teller;
use belvedere_api::{Error, Result, types};
use belvedere_engine::{ServedProject, Validation};
use belvedere_lookml::project::{FileKind, Project};

/// Validates a project. Takes its time.
pub(super) fn validate(project: &ServedProject) -> Result<types::ProjectValidation> {
    let validation = project.validate().map_err(Error::internal)?;
    Ok(types::ProjectValidation {
        errors: Some(errors(&validation)),
        project_digest: Some(validation.digest.clone()),
        models_not_validated: Some(models_not_validated(&validation.project)),
        computation_time: Some(validation.took.as_secs_f64()),
    })
}

/// What the last validation found, and whether that still holds.
pub(super) fn last(project: &ServedProject) -> Option<types::ProjectValidationCache> {
    let validation = project.last_validation()?;
    Some(types::ProjectValidationCache {
        errors: Some(errors(&validation)),
        project_digest: Some(validation.digest.clone()),
        models_not_validated: Some(models_not_validated(&validation.project)),
        computation_time: None,
        stale: Some(project.changed_since(&validation)),
    })
}

fn errors(validation: &Validation) -> Vec<types::ProjectError> {
    let teller = Teller::new(&validation.project);
    validation.diagnostics.iter().map(|found| teller.mistake(found)).collect()
}

/// The models whose own file cannot be parsed.
fn models_not_validated(project: &Project) -> Vec<types::ModelsNotValidated> {
    let broken = project.files().filter(|file| file.kind == FileKind::Model && file.document.has_errors());
    let rows = broken.map(|file| {
        let name = file.path.rsplit('/').next().unwrap_or(&file.path);
        types::ModelsNotValidated {
            name: name.strip_suffix(".model.lkml").map(str::to_owned),
            project_file_id: Some(file.path.to_string()),
        }
    });
    rows.collect()
}
