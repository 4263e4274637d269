//! Tag Project: where the LookML comes from.

use crate::{Service, abilities_but};
use belvedere_api::{Cx, Error, Result, parameters, tags, types};
use belvedere_engine::ServedProject;
use belvedere_lookml::diagnostic::Severity;

impl tags::Project for Service {
    async fn all_projects(&self, cx: &Cx) -> Result<Vec<types::Project>> {
        Ok(self.described_projects(cx))
    }

    async fn project(&self, cx: &Cx, path: parameters::ProjectPath) -> Result<types::Project> {
        let project = self.engine.projects().get(&path.project_id).filter(|project| sees(cx, project));
        Ok(described(project.ok_or_else(Error::not_found)?))
    }
}

impl Service {
    /// The projects that the caller may see.
    pub(crate) fn described_projects(&self, cx: &Cx) -> Vec<types::Project> {
        let visible = self.engine.projects().iter().filter(|project| sees(cx, project));
        visible.map(|project| described(project)).collect()
    }
}

/// Whether the caller may see a project: the LookML of one of its models suffices. One without models is for
/// administrators.
fn sees(cx: &Cx, project: &ServedProject) -> bool {
    let Ok(security) = cx.security() else { return false };
    let snapshot = project.snapshot();
    security.is_admin() || snapshot.models().any(|model| security.may_on("see_lookml", &model.name))
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
