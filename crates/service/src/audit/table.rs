//! The table of events: what is recorded under which name.
//!
//! Names and categories are those of the product where they are known; else an event has the name of its operation, and
//! the category of the thing that it is about.

use belvedere_api::OperationId as Op;
use belvedere_api::{Method, OPERATIONS, Operation};
use std::sync::LazyLock;

/// Something that can be done and is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// A call of the API.
    Call(Op),
    /// A person signs in with a page.
    SignIn,
    /// A person shows the code of a second factor with a page.
    ShowCode,
    /// A person signs out with a page.
    SignOut,
    /// A person asks with a page for a mail with the way to a new password.
    ForgotPassword,
    /// A person sets a password with a page.
    SetPassword,
    /// A person lets a program in with a page.
    Consent,
    /// A program exchanges an authorization code for tokens.
    ExchangeCode,
    /// A program exchanges a refresh token for another token.
    RefreshToken,
    /// The first start of a server makes an administrator.
    FirstStart,
    /// A start of a server brings the state to what a file declares.
    DeclareState,
    /// The command line makes an administrator.
    CreateAdministrator,
    /// The command line gives an administrator new credentials.
    ResetCredential,
    /// The command line takes the second factor from a user.
    RemoveSecondFactor,
}

/// How a deed is recorded.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub(super) category: &'static str,
    pub(super) name: &'static str,
    /// Its name when it is refused.
    pub(super) failure: Option<&'static str>,
}

/// Operations by the category of their events. Those with another name than the operation stand in [`NAMES`] too.
const CALLS: &[(&str, &[Op])] = &[
    ("auth", &[Op::Login, Op::LoginUser, Op::Logout, Op::DeleteUserLoginLockout, Op::DeleteUserSession]),
    (
        "user",
        &[
            Op::CreateUser,
            Op::UpdateUser,
            Op::DeleteUser,
            Op::WipeoutUserEmails,
            Op::CreateEmbedUser,
            Op::CreateServiceAccount,
            Op::UpdateServiceAccount,
            Op::DeleteServiceAccount,
            Op::SetUserRoles,
            Op::RegisterMobileDevice,
            Op::DeregisterMobileDevice,
        ],
    ),
    (
        "credentials",
        &[
            Op::CreateUserCredentialsApi3,
            Op::UpdateUserCredentialsApi3,
            Op::DeleteUserCredentialsApi3,
            Op::CreateUserCredentialsEmail,
            Op::UpdateUserCredentialsEmail,
            Op::DeleteUserCredentialsEmail,
            Op::CreateUserCredentialsEmailPasswordReset,
            Op::SendUserCredentialsEmailPasswordReset,
            Op::DeleteUserCredentialsEmbed,
            Op::CreateUserCredentialsTotp,
            Op::DeleteUserCredentialsTotp,
            Op::ForcePasswordResetAtNextLoginForAllUsers,
        ],
    ),
    (
        "oauth_client_app",
        &[
            Op::RegisterOauthClientApp,
            Op::UpdateOauthClientApp,
            Op::DeleteOauthClientApp,
            Op::InvalidateTokens,
            Op::ActivateAppUser,
            Op::DeactivateAppUser,
        ],
    ),
    (
        "support_access",
        &[
            Op::AddSupportAccessAllowlistEntries,
            Op::DeleteSupportAccessAllowlistEntry,
            Op::EnableSupportAccess,
            Op::DisableSupportAccess,
        ],
    ),
    ("setting", &[Op::UpdatePasswordConfig, Op::UpdateSessionConfig, Op::SetSmtpSettings]),
    (
        "group",
        &[
            Op::CreateGroup,
            Op::UpdateGroup,
            Op::DeleteGroup,
            Op::AddGroupGroup,
            Op::DeleteGroupFromGroup,
            Op::AddGroupUser,
            Op::DeleteGroupUser,
        ],
    ),
    ("role", &[Op::CreateRole, Op::UpdateRole, Op::DeleteRole, Op::SetRoleGroups, Op::SetRoleUsers]),
    ("permission_set", &[Op::CreatePermissionSet, Op::UpdatePermissionSet, Op::DeletePermissionSet]),
    ("model_set", &[Op::CreateModelSet, Op::UpdateModelSet, Op::DeleteModelSet]),
    (
        "user_attribute",
        &[
            Op::CreateUserAttribute,
            Op::UpdateUserAttribute,
            Op::DeleteUserAttribute,
            Op::SetUserAttributeGroupValues,
            Op::UpdateUserAttributeGroupValue,
            Op::DeleteUserAttributeGroupValue,
            Op::SetUserAttributeUserValue,
            Op::DeleteUserAttributeUserValue,
        ],
    ),
];

/// Events whose name is not that of their operation.
const NAMES: &[(Op, &str)] = &[
    (Op::DeleteUserLoginLockout, "account_manually_unlocked"),
    (Op::ActivateAppUser, CONSENT),
    (Op::DeactivateAppUser, "deactivate_oauth_client_app_user"),
    (Op::InvalidateTokens, "invalidate_oauth_client_app_tokens"),
];

const CONSENT: &str = "activate_oauth_client_app_user";
const FAILED_LOGIN: &str = "failed_login";

/// Calls that are no events although they are no `GET`: they change nobody's access. Runs of queries are history.
const NO_EVENTS: &[Op] = &[
    // Runs.
    Op::RunInlineQuery,
    Op::RunSqlQuery,
    Op::CreateQueryTask,
    Op::KillQuery,
    // What is asked is kept, and nothing else.
    Op::CreateQuery,
    Op::CreateMergeQuery,
    Op::CreateSqlQuery,
    // Nothing is kept.
    Op::TestConnection,
    Op::ValidateProject,
    // A token's own workspace.
    Op::UpdateSession,
    // That a device is still there.
    Op::UpdateMobileDeviceRegistration,
    // Nobody has such credentials.
    Op::DeleteUserCredentialsGoogle,
    Op::DeleteUserCredentialsLdap,
    Op::DeleteUserCredentialsLookerOpenid,
    Op::DeleteUserCredentialsOidc,
    Op::DeleteUserCredentialsSaml,
];

/// The rows of calls, at the places of their operations.
static BY_OPERATION: LazyLock<Vec<Option<Row>>> = LazyLock::new(|| {
    let mut rows = vec![None; OPERATIONS.len()];
    for (category, operations) in CALLS {
        for operation in *operations {
            let renamed = NAMES.iter().find(|(renamed, _)| renamed == operation).map(|(_, name)| *name);
            let name = renamed.unwrap_or(operation.as_str());
            let failure = (*operation == Op::Login).then_some(FAILED_LOGIN);
            rows[*operation as usize] = Some(Row { category, name, failure });
        }
    }
    rows
});

/// How a deed is recorded; none for what is never recorded.
pub(super) fn row(deed: Deed) -> Option<Row> {
    let page = |category, name| Some(Row { category, name, failure: None });
    match deed {
        Deed::Call(operation) => BY_OPERATION[operation as usize],
        Deed::SignIn | Deed::ShowCode => Some(Row { category: "auth", name: "login", failure: Some(FAILED_LOGIN) }),
        Deed::SignOut => page("auth", "logout"),
        Deed::ForgotPassword => page("credentials", "forgot_password"),
        Deed::SetPassword => page("credentials", "set_password"),
        Deed::Consent => page("oauth_client_app", CONSENT),
        Deed::ExchangeCode => {
            Some(Row { category: "auth", name: "exchange_authorization_code", failure: Some("refuse_token") })
        }
        Deed::RefreshToken => Some(Row { category: "auth", name: "refresh_token", failure: Some("refuse_token") }),
        Deed::FirstStart => page("user", "create_first_user"),
        Deed::DeclareState => page("setting", "declare_state"),
        Deed::CreateAdministrator => page("user", "create_administrator"),
        Deed::ResetCredential => page("credentials", "reset_credential"),
        Deed::RemoveSecondFactor => page("credentials", "remove_second_factor"),
    }
}

/// Operations that change something and are neither recorded nor known to need no record: none may be.
pub fn without_row() -> Vec<&'static str> {
    let changes = |operation: &&Operation| operation.has_code && operation.method != Method::Get;
    let open = |operation: &&Operation| row(Deed::Call(operation.id)).is_none() && !NO_EVENTS.contains(&operation.id);
    OPERATIONS.iter().filter(changes).filter(open).map(Operation::name).collect()
}

/// The operations that are recorded, with the names of their events.
pub fn recorded() -> impl Iterator<Item = (Op, &'static str)> {
    OPERATIONS.iter().filter_map(|operation| Some((operation.id, row(Deed::Call(operation.id))?.name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_that_changes_something_is_recorded_or_known_to_need_no_record() {
        assert_eq!(without_row(), Vec::<&str>::new());
    }

    #[test]
    fn an_operation_stands_in_the_table_once() {
        let mut all: Vec<Op> = CALLS.iter().flat_map(|(_, operations)| *operations).chain(NO_EVENTS).copied().collect();
        let count = all.len();
        all.sort_unstable_by_key(|operation| *operation as usize);
        all.dedup();
        assert_eq!(all.len(), count);
        assert!(NAMES.iter().all(|(operation, _)| row(Deed::Call(*operation)).is_some()));
        assert!(
            CALLS.iter().flat_map(|(_, operations)| *operations).all(|operation| Operation::of(*operation).has_code)
        );
    }
}
