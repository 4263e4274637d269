//! Tag Session: the workspace of a token.

use crate::{Service, abilities, stored};
use belvedere_api::{Caller, Cx, Error, Patch, Result, bodies, tags, types};
use belvedere_store::SecretHash;
use belvedere_store::session::{self, WorkspaceId};

impl tags::Session for Service {
    async fn session(&self, cx: &Cx) -> Result<types::ApiSession> {
        let caller = cx.caller()?;
        Ok(api_session(caller, caller.workspace.as_str()))
    }

    async fn update_session(&self, cx: &Cx, body: bodies::WriteApiSession) -> Result<types::ApiSession> {
        let caller = cx.caller()?;
        let Patch::Value(id) = body.workspace_id else {
            return Ok(api_session(caller, caller.workspace.as_str()));
        };
        let expected = || Error::invalid("workspace_id", "must be `production` or `dev`");
        let workspace = WorkspaceId::parse(&id).ok_or_else(expected)?;
        if workspace == WorkspaceId::Dev && !caller.security.may("develop") {
            return Err(Error::invalid("workspace_id", "`dev` needs the permission `develop`"));
        }
        let hash = SecretHash::new(caller.token.0);
        let now = cx.now;
        let moved = self.store.write(async |tx| session::set_workspace(tx, &hash, workspace, now).await);
        stored(moved.await)?.ok_or_else(Error::unauthorized)?;
        Ok(api_session(caller, workspace.as_str()))
    }
}

fn api_session(caller: &Caller, workspace: &str) -> types::ApiSession {
    types::ApiSession {
        can: abilities(&["view", "update"]),
        workspace_id: Some(workspace.to_owned()),
        sudo_user_id: caller.sudo_user.map(|user| user.to_string()),
    }
}
