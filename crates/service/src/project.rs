//! Tag Project: where the LookML comes from.

mod data_test;
mod file;
mod git;
mod manifest;
mod project_error;
mod validation;

use crate::{Service, abilities_but, can};
use belvedere_api::{Cx, Error, Reply, Result, parameters, tags, types};
use belvedere_engine::ServedProject;
use std::sync::Arc;

impl tags::Project for Service {
    async fn all_projects(&self, cx: &Cx) -> Result<Vec<types::Project>> {
        Ok(self.described_projects(cx))
    }

    async fn project(&self, cx: &Cx, path: parameters::ProjectPath) -> Result<types::Project> {
        Ok(described(self.seen_project(cx, &path.project_id)?))
    }

    async fn project_workspace(
        &self,
        cx: &Cx,
        path: parameters::ProjectWorkspacePath,
    ) -> Result<types::ProjectWorkspace> {
        let project = self.developed_project(cx, &path.project_id)?;
        Ok(types::ProjectWorkspace {
            project_id: Some(project.name().to_string()),
            workspace_id: Some(cx.caller()?.workspace.as_str().to_owned()),
            can: can(&[]),
            dependency_status: Some(types::ProjectWorkspaceDependencyStatus::InstallNone),
            git_branch: Some(git::only_branch()),
            ..types::ProjectWorkspace::default()
        })
    }

    async fn all_project_files(
        &self,
        cx: &Cx,
        path: parameters::AllProjectFilesPath,
    ) -> Result<Vec<types::ProjectFile>> {
        let project = self.seen_project(cx, &path.project_id)?.as_saved();
        Ok(file::paths(&project).into_iter().map(file::described).collect())
    }

    async fn project_file(
        &self,
        cx: &Cx,
        path: parameters::ProjectFilePath,
        query: parameters::ProjectFileQuery,
    ) -> Result<types::ProjectFile> {
        let project = self.seen_project(cx, &path.project_id)?.as_saved();
        let known = file::paths(&project).into_iter().find(|known| *known == query.file_id);
        known.map(file::described).ok_or_else(Error::not_found)
    }

    async fn manifest(&self, cx: &Cx, path: parameters::ManifestPath) -> Result<types::Manifest> {
        let project = self.seen_project(cx, &path.project_id)?.snapshot();
        project.manifest().map(manifest::described).ok_or_else(Error::not_found)
    }

    async fn git_branch(&self, cx: &Cx, path: parameters::GitBranchPath) -> Result<types::GitBranch> {
        self.developed_project(cx, &path.project_id)?;
        Ok(git::only_branch())
    }

    async fn find_git_branch(&self, cx: &Cx, path: parameters::FindGitBranchPath) -> Result<types::GitBranch> {
        self.developed_project(cx, &path.project_id)?;
        let found = Some(git::only_branch()).filter(|_| path.branch_name == git::ONLY_BRANCH);
        found.ok_or_else(Error::not_found)
    }

    async fn all_git_branches(&self, cx: &Cx, path: parameters::AllGitBranchesPath) -> Result<Vec<types::GitBranch>> {
        self.developed_project(cx, &path.project_id)?;
        Ok(vec![git::only_branch()])
    }

    async fn all_lookml_tests(
        &self,
        cx: &Cx,
        path: parameters::AllLookmlTestsPath,
        query: parameters::AllLookmlTestsQuery,
    ) -> Result<Vec<types::LookmlTest>> {
        let project = self.developed_project(cx, &path.project_id)?;
        let wanted = data_test::Wanted { file: query.file_id, ..data_test::Wanted::default() };
        let tests = self.data_tests(cx, project, &wanted)?;
        Ok(tests.iter().map(|found| data_test::described(project.name(), found)).collect())
    }

    async fn run_lookml_test(
        &self,
        cx: &Cx,
        path: parameters::RunLookmlTestPath,
        query: parameters::RunLookmlTestQuery,
    ) -> Result<Vec<types::LookmlTestResult>> {
        let project = self.developed_project(cx, &path.project_id)?;
        let wanted = data_test::Wanted { file: query.file_id, test: query.test, model: query.model };
        let mut results = Vec::new();
        for found in self.data_tests(cx, project, &wanted)? {
            results.push(self.run_data_test(cx, project.name(), &found).await?);
        }
        Ok(results)
    }

    async fn project_validation_results(
        &self,
        cx: &Cx,
        path: parameters::ProjectValidationResultsPath,
    ) -> Result<Reply> {
        let project = self.developed_project(cx, &path.project_id)?;
        Ok(validation::last(project).map_or(Reply::Empty, |last| belvedere_api::IntoReply::into_reply(last, cx)))
    }

    async fn validate_project(
        &self,
        cx: &Cx,
        path: parameters::ValidateProjectPath,
    ) -> Result<types::ProjectValidation> {
        let project = Arc::clone(self.developed_project(cx, &path.project_id)?);
        let validating = tokio::task::spawn_blocking(move || validation::validate(&project));
        validating.await.map_err(Error::internal)?
    }
}

impl Service {
    /// The projects that the caller may see.
    pub(crate) fn described_projects(&self, cx: &Cx) -> Vec<types::Project> {
        let visible = self.engine.projects().iter().filter(|project| may(cx, "see_lookml", project));
        visible.map(|project| described(project)).collect()
    }

    /// The project, if the caller may read its LookML.
    fn seen_project(&self, cx: &Cx, id: &str) -> Result<&Arc<ServedProject>> {
        let project = self.engine.projects().get(id).filter(|project| may(cx, "see_lookml", project));
        project.ok_or_else(Error::not_found)
    }

    /// The project, if the caller may work on it.
    fn developed_project(&self, cx: &Cx, id: &str) -> Result<&Arc<ServedProject>> {
        let project = self.engine.projects().get(id).filter(|project| may(cx, "develop", project));
        project.ok_or_else(Error::not_found)
    }
}

/// Whether the caller has a permission on a project: that on one of its models suffices. A project without models is
/// for administrators.
fn may(cx: &Cx, permission: &str, project: &ServedProject) -> bool {
    let Ok(security) = cx.security() else { return false };
    let snapshot = project.snapshot();
    security.is_admin() || snapshot.models().any(|model| security.may_on(permission, &model.name))
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
    types::Project {
        can: abilities_but(&LACKING, &ABILITIES),
        id: Some(project.name().to_string()),
        name: Some(project.name().to_string()),
        uses_git: Some(false),
        is_git_dev_locked: Some(false),
        git_production_branch_name: Some(git::ONLY_BRANCH.to_owned()),
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
