//! Tag Workspace: the two states of the projects' files.

use crate::permission::{Permission, allows};
use crate::{Service, can};
use belvedere_api::{Cx, Error, OperationId, Result, Workspace, parameters, tags, types};
use belvedere_engine::Mode;

impl tags::Workspace for Service {
    async fn all_workspaces(&self, cx: &Cx) -> Result<Vec<types::Workspace>> {
        let visible = Workspace::ALL.iter().filter(|workspace| may_enter(cx, **workspace));
        Ok(visible.map(|workspace| self.described_workspace(cx, *workspace)).collect())
    }

    async fn workspace(&self, cx: &Cx, path: parameters::WorkspacePath) -> Result<types::Workspace> {
        let workspace = Workspace::parse(&path.workspace_id).filter(|workspace| may_enter(cx, *workspace));
        Ok(self.described_workspace(cx, workspace.ok_or_else(Error::not_found)?))
    }
}

/// Which state of derived tables the caller works with. Who may no longer develop works with that of production.
pub(crate) fn mode(cx: &Cx) -> Result<Mode> {
    Ok(match cx.caller()?.workspace {
        Workspace::Dev if may_enter(cx, Workspace::Dev) => Mode::Development,
        Workspace::Dev | Workspace::Production => Mode::Production,
    })
}

/// Whether the caller can work there: everybody in production, developers in their own.
fn may_enter(cx: &Cx, workspace: Workspace) -> bool {
    let develops = || cx.security().is_ok_and(|security| security.may(Permission::Develop.as_str()));
    workspace == Workspace::Production || develops()
}

impl Service {
    fn described_workspace(&self, cx: &Cx, workspace: Workspace) -> types::Workspace {
        let sees_projects = cx.security().is_ok_and(|security| allows(security, OperationId::AllProjects));
        types::Workspace {
            can: can(&[]),
            id: Some(workspace.as_str().to_owned()),
            projects: Some(if sees_projects { self.described_projects(cx) } else { Vec::new() }),
        }
    }
}
