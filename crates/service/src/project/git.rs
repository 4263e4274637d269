//! What a project without git says of branches.

use belvedere_api::types;
use indexmap::IndexMap;

/// The branch that a folder without git stands for.
pub(super) const ONLY_BRANCH: &str = "master";

/// The branch that a folder without git stands for, in both workspaces: that of production, which nobody changes over
/// the API. It has no commits.
pub(super) fn only_branch() -> types::GitBranch {
    types::GitBranch {
        can: Some(IndexMap::new()),
        name: Some(ONLY_BRANCH.to_owned()),
        readonly: Some(true),
        personal: Some(false),
        is_local: Some(true),
        is_remote: Some(false),
        is_production: Some(true),
        ..types::GitBranch::default()
    }
}
