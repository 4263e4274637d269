//! The permission table: what each operation requires of its caller.
//!
//! An operation without a row is denied. Whether the caller may see one certain object is decided by the operation;
//! here stands what it takes to call it at all. The `can` of an answer comes from the same table.

mod name;
mod table;

pub use name::{Permission, Scope};

use belvedere_api::OperationId as Op;
use belvedere_api::{Cx, Error, OPERATIONS, Result, SecurityContext};
use std::sync::LazyLock;

/// What an operation requires of its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requirement {
    /// Nothing: it can be called without a token.
    Public,
    /// A token.
    SignedIn,
    /// A permission, on whichever model.
    One(Permission),
    /// One of several permissions, on whichever model.
    AnyOf(&'static [Permission]),
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

impl Requirement {
    /// Whether somebody meets it.
    pub fn is_met_by(self, security: &SecurityContext) -> bool {
        match self {
            Self::Public | Self::SignedIn => true,
            Self::One(permission) => security.may(permission.as_str()),
            Self::AnyOf(permissions) => permissions.iter().any(|permission| security.may(permission.as_str())),
            Self::Admin => security.is_admin(),
        }
    }
}

impl Refusal {
    /// The error of this refusal.
    pub fn error(self) -> Error {
        match self {
            Self::Forbidden => Error::forbidden(),
            Self::Hidden => Error::not_found(),
        }
    }
}

/// The rows, at the places of their operations.
static BY_OPERATION: LazyLock<Vec<Option<(Requirement, Refusal)>>> = LazyLock::new(|| {
    let mut rows = vec![None; OPERATIONS.len()];
    for (operation, requirement, refusal) in table::rows() {
        rows[*operation as usize] = Some((*requirement, *refusal));
    }
    rows
});

/// What an operation requires; `None` means that nobody may call it.
pub fn requirement(operation: Op) -> Option<(Requirement, Refusal)> {
    BY_OPERATION[operation as usize]
}

/// Whether somebody may call an operation at all.
pub fn allows(security: &SecurityContext, operation: Op) -> bool {
    requirement(operation).is_some_and(|(requirement, _)| requirement.is_met_by(security))
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
    if requirement == Requirement::Public {
        return Ok(());
    }
    if requirement.is_met_by(cx.security()?) { Ok(()) } else { Err(refusal.error()) }
}

#[cfg(test)]
mod tests {
    use super::{Requirement, requirement, table, without_row};
    use belvedere_api::OPERATIONS;

    #[test]
    fn every_operation_has_its_row() {
        assert_eq!(without_row(), Vec::<&str>::new());
        assert_eq!(table::rows().count(), OPERATIONS.len(), "a row stands twice, or for no operation");
    }

    #[test]
    fn what_the_contract_calls_public_needs_no_token() {
        for operation in OPERATIONS {
            let is_public =
                requirement(operation.id).is_some_and(|(requirement, _)| requirement == Requirement::Public);
            assert_eq!(is_public, !operation.needs_token, "{}", operation.name());
        }
    }
}
