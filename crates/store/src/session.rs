//! API sessions: what a token's bearer has chosen, for as long as the token lives.

use jiff::Timestamp;

use crate::cell::cell_of_word;
use crate::error::Result;
use crate::reader::{Reader, Tx};
use crate::secret_hash::SecretHash;
use crate::table::table;

table! {
    /// The session of one token.
    pub struct Session in "session", key token_hash {
        /// Which token.
        token_hash: SecretHash,
        /// Whose files of the projects are read.
        workspace_id: WorkspaceId,
        /// When it was last changed.
        updated_at: Timestamp,
    }
}

/// Whose files of a project are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WorkspaceId {
    /// The deployed ones.
    Production,
    /// The user's own copy.
    Dev,
}

impl WorkspaceId {
    /// Every workspace.
    pub const ALL: [WorkspaceId; 2] = [WorkspaceId::Production, WorkspaceId::Dev];

    /// The id in the API: `production` or `dev`.
    pub const fn as_str(self) -> &'static str {
        match self {
            WorkspaceId::Production => "production",
            WorkspaceId::Dev => "dev",
        }
    }

    /// The workspace with this id.
    pub fn parse(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|workspace| workspace.as_str() == id)
    }
}

cell_of_word!(WorkspaceId, "workspace");

/// The session of this token; none when the token has ended.
pub async fn get(db: &mut Reader, token_hash: &SecretHash) -> Result<Option<Session>> {
    db.one(COLUMNS.token_hash.eq(*token_hash)).await
}

/// Moves the session of this token to a workspace and returns it; none when the token has ended.
pub async fn set_workspace(
    tx: &mut Tx,
    token_hash: &SecretHash,
    workspace_id: WorkspaceId,
    now: Timestamp,
) -> Result<Option<Session>> {
    // Whoever caches a token caches its session with it.
    tx.change_access();
    let sets = vec![COLUMNS.workspace_id.set(workspace_id), COLUMNS.updated_at.set(now)];
    Ok(tx.update(COLUMNS.token_hash.eq(*token_hash), sets).await?.pop())
}

pub(crate) async fn insert(tx: &mut Tx, token_hash: &SecretHash, now: Timestamp) -> Result<Session> {
    tx.insert(vec![
        COLUMNS.token_hash.set(*token_hash),
        COLUMNS.workspace_id.set(WorkspaceId::Production),
        COLUMNS.updated_at.set(now),
    ])
    .await
}
