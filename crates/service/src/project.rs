//! Tag Project: where the LookML comes from.

use crate::{Service, abilities_but};
use belvedere_api::{Cx, Error, Result, parameters, tags, types};
use belvedere_engine::ServedProject;
use belvedere_lookml::diagnostic::Severity;

impl tags::Project for Service {
    async fn all_projects(&self, _: &Cx) -> Result<Vec<types::Project>> {
        Ok(self.engine.projects().iter().map(|project| described(project)).collect())
    }

    async fn project(&self, _: &Cx, path: parameters::ProjectPath) -> Result<types::Project> {
        let project = self.engine.projects().get(&path.project_id).ok_or_else(Error::not_found)?;
        Ok(described(project))
    }
}

const ABILITIES: [&str; 10] = [
    "webhook_deploy",
    "show_manifest",
    "index",
    "show",
    "validate",
    "link_to_service",
    "update",
    "view_git_deploy_key",
    "show_branches",
    "deploy_ref_to_production",
];

/// What takes git.
const LACKING: [&str; 6] =
    ["webhook_deploy", "link_to_service", "update", "view_git_deploy_key", "show_branches", "deploy_ref_to_production"];

/// A project on a plain folder: no git, production and development the same files.
fn described(project: &ServedProject) -> types::Project {
    let is_sound = project.snapshot().diagnostics().iter().all(|found| found.severity < Severity::Fatal);
    tracing::debug!(project = %project.name(), is_sound, "described");
    types::Project {
        can: abilities_but(&LACKING, &ABILITIES),
        id: Some(project.name().to_string()),
        name: Some(project.name().to_string()),
        uses_git: Some(false),
        is_git_dev_locked: Some(false),
        git_production_branch_name: Some("master".to_owned()),
        use_git_cookie_auth: Some(false),
        git_service_name: Some("bare".to_owned()),
        pull_request_mode: Some(types::ProjectPullRequestMode::Off),
        validation_required: Some(false),
        git_release_mgmt_enabled: Some(false),
        allow_warnings: Some(true),
        is_example: Some(project.folder().is_none()),
        has_production_counterpart: Some(true),
        ..types::Project::default()
    }
}
