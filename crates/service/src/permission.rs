//! The permission table: what each operation requires of its caller.
//!
//! An operation without a row is denied. Whether the caller may see one certain object is decided by the operation;
//! here stands what it takes to call it at all.

use belvedere_api::OperationId as Op;
use belvedere_api::{Cx, Error, OPERATIONS, Result};

/// What an operation requires of its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requirement {
    /// Nothing: it can be called without a token.
    Public,
    /// A token.
    SignedIn,
    /// A permission, on whichever model.
    Permission(&'static str),
    /// The Admin role.
    Admin,
}

/// What a caller is told who does not meet the requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// 403, where the contract declares it.
    Forbidden,
    /// 404: the family of operations hides itself.
    Hidden,
}

use Refusal::{Forbidden, Hidden};
use Requirement::{Admin, Permission, Public, SignedIn};

/// Every operation, by tag.
const TABLE: &[(Op, Requirement, Refusal)] = &[
    // ApiAuth
    (Op::Login, Public, Hidden),
    (Op::LoginUser, Admin, Forbidden),
    (Op::Logout, SignedIn, Hidden),
    // Config
    (Op::Versions, Public, Hidden),
    (Op::ApiSpec, SignedIn, Hidden),
    // Connection
    (Op::AllConnections, Permission("develop"), Hidden),
    (Op::Connection, Permission("develop"), Hidden),
    (Op::TestConnection, Permission("access_data"), Hidden),
    // LookmlModel
    (Op::AllLookmlModels, SignedIn, Hidden),
    (Op::LookmlModel, Permission("access_data"), Hidden),
    (Op::LookmlModelExplore, Permission("access_data"), Hidden),
    (Op::CreateLookmlModel, Permission("manage_models"), Hidden),
    (Op::UpdateLookmlModel, Permission("manage_models"), Hidden),
    (Op::DeleteLookmlModel, Permission("manage_models"), Hidden),
    // Metadata
    (Op::ModelFieldnameSuggestions, Permission("access_data"), Hidden),
    // Project
    (Op::AllProjects, Permission("see_lookml"), Forbidden),
    (Op::Project, Permission("see_lookml"), Forbidden),
    // Query
    (Op::CreateQuery, Permission("access_data"), Hidden),
    (Op::Query, Permission("access_data"), Hidden),
    (Op::QueryForSlug, Permission("access_data"), Hidden),
    (Op::RunQuery, Permission("access_data"), Hidden),
    (Op::RunInlineQuery, Permission("explore"), Hidden),
    (Op::RunUrlEncodedQuery, Permission("explore"), Hidden),
    (Op::CreateQueryTask, Permission("access_data"), Hidden),
    (Op::QueryTask, Permission("access_data"), Hidden),
    (Op::QueryTaskResults, Permission("access_data"), Hidden),
    (Op::QueryTaskMultiResults, Permission("access_data"), Hidden),
    (Op::AllRunningQueries, Permission("see_queries"), Hidden),
    (Op::KillQuery, SignedIn, Hidden),
    (Op::CreateMergeQuery, Permission("explore"), Hidden),
    (Op::MergeQuery, Permission("access_data"), Hidden),
    (Op::CreateSqlQuery, Permission("use_sql_runner"), Hidden),
    (Op::SqlQuery, Permission("use_sql_runner"), Hidden),
    (Op::RunSqlQuery, Permission("use_sql_runner"), Hidden),
    // Session
    (Op::Session, SignedIn, Hidden),
    (Op::UpdateSession, SignedIn, Hidden),
    // User
    (Op::Me, SignedIn, Hidden),
    (Op::AllUsers, SignedIn, Hidden),
    (Op::User, SignedIn, Hidden),
];

/// What an operation requires; `None` means that nobody may call it.
pub fn requirement(operation: Op) -> Option<(Requirement, Refusal)> {
    let row = TABLE.iter().find(|(id, ..)| *id == operation);
    row.map(|(_, requirement, refusal)| (*requirement, *refusal))
}

/// Operations of the contract without a row: nobody may call them.
pub fn without_row() -> Vec<&'static str> {
    OPERATIONS
        .iter()
        .filter(|operation| requirement(operation.id).is_none())
        .map(belvedere_api::Operation::name)
        .collect()
}

/// Refuses a call that its caller may not make.
pub(crate) fn authorize(cx: &Cx) -> Result<()> {
    let (requirement, refusal) = requirement(cx.operation).ok_or_else(Error::not_found)?;
    let allowed = match requirement {
        Public => true,
        SignedIn => {
            cx.caller()?;
            true
        }
        Permission(permission) => cx.security()?.may(permission),
        Admin => cx.security()?.is_admin(),
    };
    match (allowed, refusal) {
        (true, _) => Ok(()),
        (false, Forbidden) => Err(Error::forbidden()),
        (false, Hidden) => Err(Error::not_found()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Public, TABLE, requirement, without_row};
    use belvedere_api::OPERATIONS;

    #[test]
    fn every_operation_has_its_row() {
        assert_eq!(without_row(), Vec::<&str>::new());
        assert_eq!(TABLE.len(), OPERATIONS.len(), "a row stands twice, or for no operation");
    }

    #[test]
    fn what_the_contract_calls_public_needs_no_token() {
        for operation in OPERATIONS {
            let is_public = requirement(operation.id).is_some_and(|(requirement, _)| requirement == Public);
            assert_eq!(is_public, !operation.needs_token, "{}", operation.name());
        }
    }
}
