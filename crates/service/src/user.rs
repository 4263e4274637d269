//! Tag User: people and service accounts, their credentials, roles and values.

mod attribute;
mod credentials_api3;
mod credentials_email;
mod credentials_embed;
mod credentials_other;
mod describe;
mod password_reset;
mod record;
mod role;
mod search;
mod service_account;
mod session;

use crate::{Service, stored};
use belvedere_api::{Cx, Error, Page, Result, bodies, parameters, tags, types};
use belvedere_store::user;
use belvedere_store::{Reader, User, UserId};

use describe::described_person;
pub(crate) use describe::{MOST_PEOPLE, People, display_name, public_user};
pub use password_reset::{ACCOUNT_SETUP_PATH, PASSWORD_RESET_PATH};
pub(crate) use search::{sortable, visible_users};

impl tags::User for Service {
    async fn search_credentials_email(
        &self,
        cx: &Cx,
        query: parameters::SearchCredentialsEmailQuery,
    ) -> Result<Page<types::CredentialsEmailSearch>> {
        self.find_credentials_email(cx, query).await
    }

    async fn me(&self, cx: &Cx) -> Result<types::User> {
        self.one_user(cx, caller_id(cx)?).await
    }

    async fn all_users(&self, cx: &Cx, query: parameters::AllUsersQuery) -> Result<Page<types::User>> {
        self.list_users(cx, query).await
    }

    async fn create_user(&self, cx: &Cx, body: bodies::WriteUser) -> Result<types::User> {
        self.make_user(cx, body).await
    }

    async fn user_for_credential(&self, cx: &Cx, path: parameters::UserForCredentialPath) -> Result<types::User> {
        self.owner_of_credential(cx, &path.credential_type, &path.credential_id).await
    }

    async fn create_embed_user(&self, cx: &Cx, body: bodies::WriteCreateEmbedUserRequest) -> Result<types::UserPublic> {
        self.make_embed_user(cx, body).await
    }

    async fn search_users(&self, cx: &Cx, query: parameters::SearchUsersQuery) -> Result<Page<types::User>> {
        self.find_users(cx, query).await
    }

    async fn search_users_names(
        &self,
        cx: &Cx,
        path: parameters::SearchUsersNamesPath,
        query: parameters::SearchUsersNamesQuery,
    ) -> Result<Page<types::User>> {
        self.find_users_by_name(cx, &path.pattern, query).await
    }

    async fn create_service_account(
        &self,
        cx: &Cx,
        body: bodies::WriteServiceAccount,
    ) -> Result<types::ServiceAccount> {
        self.make_service_account(cx, body).await
    }

    async fn delete_service_account(&self, cx: &Cx, path: parameters::DeleteServiceAccountPath) -> Result<()> {
        self.remove_service_account(cx, &path.user_id).await
    }

    async fn update_service_account(
        &self,
        cx: &Cx,
        path: parameters::UpdateServiceAccountPath,
        body: bodies::WriteServiceAccount,
    ) -> Result<types::ServiceAccount> {
        self.change_service_account(cx, &path.user_id, body).await
    }

    async fn delete_user(&self, cx: &Cx, path: parameters::DeleteUserPath) -> Result<()> {
        self.remove_account(cx, user_id(&path.user_id)?).await
    }

    async fn user(&self, cx: &Cx, path: parameters::UserPath) -> Result<types::User> {
        self.one_user(cx, user_id(&path.user_id)?).await
    }

    async fn update_user(
        &self,
        cx: &Cx,
        path: parameters::UpdateUserPath,
        body: bodies::WriteUser,
    ) -> Result<types::User> {
        self.change_user(cx, &path.user_id, body).await
    }

    async fn user_attribute_user_values(
        &self,
        cx: &Cx,
        path: parameters::UserAttributeUserValuesPath,
        query: parameters::UserAttributeUserValuesQuery,
    ) -> Result<Vec<types::UserAttributeWithValue>> {
        self.attribute_values(cx, &path.user_id, query).await
    }

    async fn delete_user_attribute_user_value(
        &self,
        cx: &Cx,
        path: parameters::DeleteUserAttributeUserValuePath,
    ) -> Result<()> {
        self.delete_attribute_value(cx, &path.user_id, &path.user_attribute_id).await
    }

    async fn set_user_attribute_user_value(
        &self,
        cx: &Cx,
        path: parameters::SetUserAttributeUserValuePath,
        body: bodies::WriteUserAttributeWithValue,
    ) -> Result<types::UserAttributeWithValue> {
        self.set_attribute_value(cx, &path.user_id, &path.user_attribute_id, body).await
    }

    async fn all_user_credentials_api3s(
        &self,
        cx: &Cx,
        path: parameters::AllUserCredentialsApi3sPath,
    ) -> Result<Vec<types::CredentialsApi3>> {
        self.list_api_keys(cx, &path.user_id).await
    }

    async fn create_user_credentials_api3(
        &self,
        cx: &Cx,
        path: parameters::CreateUserCredentialsApi3Path,
    ) -> Result<types::CreateCredentialsApi3> {
        self.make_api_key(cx, &path.user_id).await
    }

    async fn delete_user_credentials_api3(
        &self,
        cx: &Cx,
        path: parameters::DeleteUserCredentialsApi3Path,
    ) -> Result<()> {
        self.remove_api_key(cx, &path.user_id, &path.credentials_api3_id).await
    }

    async fn user_credentials_api3(
        &self,
        cx: &Cx,
        path: parameters::UserCredentialsApi3Path,
    ) -> Result<types::CredentialsApi3> {
        self.one_api_key(cx, &path.user_id, &path.credentials_api3_id).await
    }

    async fn update_user_credentials_api3(
        &self,
        cx: &Cx,
        path: parameters::UpdateUserCredentialsApi3Path,
        body: bodies::WriteCredentialsApi3,
    ) -> Result<types::CredentialsApi3> {
        self.change_api_key(cx, &path.user_id, &path.credentials_api3_id, body).await
    }

    async fn delete_user_credentials_email(
        &self,
        cx: &Cx,
        path: parameters::DeleteUserCredentialsEmailPath,
    ) -> Result<()> {
        self.remove_email_credentials(cx, user_id(&path.user_id)?).await
    }

    async fn user_credentials_email(
        &self,
        cx: &Cx,
        path: parameters::UserCredentialsEmailPath,
    ) -> Result<types::CredentialsEmail> {
        self.email_credentials(cx, &path.user_id).await
    }

    async fn update_user_credentials_email(
        &self,
        cx: &Cx,
        path: parameters::UpdateUserCredentialsEmailPath,
        body: bodies::WriteCredentialsEmail,
    ) -> Result<types::CredentialsEmail> {
        self.change_email_credentials(cx, user_id(&path.user_id)?, body).await
    }

    async fn create_user_credentials_email(
        &self,
        cx: &Cx,
        path: parameters::CreateUserCredentialsEmailPath,
        body: bodies::WriteCredentialsEmail,
    ) -> Result<types::CredentialsEmail> {
        self.make_email_credentials(cx, user_id(&path.user_id)?, body).await
    }

    async fn create_user_credentials_email_password_reset(
        &self,
        cx: &Cx,
        path: parameters::CreateUserCredentialsEmailPasswordResetPath,
        query: parameters::CreateUserCredentialsEmailPasswordResetQuery,
    ) -> Result<types::CredentialsEmail> {
        self.make_password_reset(cx, &path.user_id, query.expires).await
    }

    async fn send_user_credentials_email_password_reset(
        &self,
        cx: &Cx,
        path: parameters::SendUserCredentialsEmailPasswordResetPath,
    ) -> Result<types::CredentialsEmail> {
        self.mail_password_reset(cx, &path.user_id).await
    }

    async fn all_user_credentials_embeds(
        &self,
        cx: &Cx,
        path: parameters::AllUserCredentialsEmbedsPath,
    ) -> Result<Vec<types::CredentialsEmbed>> {
        self.list_embed_credentials(cx, &path.user_id).await
    }

    async fn delete_user_credentials_embed(
        &self,
        cx: &Cx,
        path: parameters::DeleteUserCredentialsEmbedPath,
    ) -> Result<()> {
        self.remove_embed_credentials(cx, &path.user_id, &path.credentials_embed_id).await
    }

    async fn user_credentials_embed(
        &self,
        cx: &Cx,
        path: parameters::UserCredentialsEmbedPath,
    ) -> Result<types::CredentialsEmbed> {
        self.one_embed_credentials(cx, &path.user_id, &path.credentials_embed_id).await
    }

    async fn delete_user_credentials_google(
        &self,
        cx: &Cx,
        path: parameters::DeleteUserCredentialsGooglePath,
    ) -> Result<()> {
        self.no_such_credentials(cx, &path.user_id).await
    }

    async fn user_credentials_google(
        &self,
        cx: &Cx,
        path: parameters::UserCredentialsGooglePath,
    ) -> Result<types::CredentialsGoogle> {
        self.no_such_credentials(cx, &path.user_id).await
    }

    async fn delete_user_credentials_ldap(
        &self,
        cx: &Cx,
        path: parameters::DeleteUserCredentialsLdapPath,
    ) -> Result<()> {
        self.no_such_credentials(cx, &path.user_id).await
    }

    async fn user_credentials_ldap(
        &self,
        cx: &Cx,
        path: parameters::UserCredentialsLdapPath,
    ) -> Result<types::CredentialsLDAP> {
        self.no_such_credentials(cx, &path.user_id).await
    }

    async fn delete_user_credentials_looker_openid(
        &self,
        cx: &Cx,
        path: parameters::DeleteUserCredentialsLookerOpenidPath,
    ) -> Result<()> {
        self.no_such_credentials(cx, &path.user_id).await
    }

    async fn user_credentials_looker_openid(
        &self,
        cx: &Cx,
        path: parameters::UserCredentialsLookerOpenidPath,
    ) -> Result<types::CredentialsLookerOpenid> {
        self.no_such_credentials(cx, &path.user_id).await
    }

    async fn delete_user_credentials_oidc(
        &self,
        cx: &Cx,
        path: parameters::DeleteUserCredentialsOidcPath,
    ) -> Result<()> {
        self.no_such_credentials(cx, &path.user_id).await
    }

    async fn user_credentials_oidc(
        &self,
        cx: &Cx,
        path: parameters::UserCredentialsOidcPath,
    ) -> Result<types::CredentialsOIDC> {
        self.no_such_credentials(cx, &path.user_id).await
    }

    async fn delete_user_credentials_saml(
        &self,
        cx: &Cx,
        path: parameters::DeleteUserCredentialsSamlPath,
    ) -> Result<()> {
        self.no_such_credentials(cx, &path.user_id).await
    }

    async fn user_credentials_saml(
        &self,
        cx: &Cx,
        path: parameters::UserCredentialsSamlPath,
    ) -> Result<types::CredentialsSaml> {
        self.no_such_credentials(cx, &path.user_id).await
    }

    async fn delete_user_credentials_totp(
        &self,
        cx: &Cx,
        path: parameters::DeleteUserCredentialsTotpPath,
    ) -> Result<()> {
        self.remove_second_factor(cx, &path.user_id).await
    }

    async fn user_credentials_totp(
        &self,
        cx: &Cx,
        path: parameters::UserCredentialsTotpPath,
    ) -> Result<types::CredentialsTotp> {
        self.second_factor(cx, &path.user_id).await
    }

    async fn create_user_credentials_totp(
        &self,
        cx: &Cx,
        path: parameters::CreateUserCredentialsTotpPath,
        _: bodies::WriteCredentialsTotp,
    ) -> Result<types::CredentialsTotp> {
        self.make_second_factor(cx, &path.user_id).await
    }

    async fn user_roles(
        &self,
        cx: &Cx,
        path: parameters::UserRolesPath,
        query: parameters::UserRolesQuery,
    ) -> Result<Vec<types::Role>> {
        self.roles_of_user(cx, &path.user_id, query.direct_association_only).await
    }

    async fn set_user_roles(
        &self,
        cx: &Cx,
        path: parameters::SetUserRolesPath,
        body: Vec<String>,
    ) -> Result<Vec<types::Role>> {
        self.give_roles(cx, &path.user_id, &body).await
    }

    async fn all_user_sessions(&self, cx: &Cx, path: parameters::AllUserSessionsPath) -> Result<Vec<types::Session>> {
        self.list_sessions(cx, &path.user_id).await
    }

    async fn delete_user_session(&self, cx: &Cx, path: parameters::DeleteUserSessionPath) -> Result<()> {
        self.end_session(cx, &path.user_id, &path.session_id).await
    }

    async fn user_session(&self, cx: &Cx, path: parameters::UserSessionPath) -> Result<types::Session> {
        self.one_session(cx, &path.user_id, &path.session_id).await
    }

    async fn wipeout_user_emails(
        &self,
        cx: &Cx,
        path: parameters::WipeoutUserEmailsPath,
        body: bodies::WriteUserEmailOnly,
    ) -> Result<types::User> {
        self.overwrite_emails(cx, user_id(&path.user_id)?, &body.email).await
    }
}

pub(crate) fn user_id(text: &str) -> Result<UserId> {
    text.parse().map_err(|_| Error::not_found())
}

/// Who calls.
pub(crate) fn caller_id(cx: &Cx) -> Result<UserId> {
    Ok(UserId::new(cx.caller()?.user.get()))
}

/// The user with this id, or 404.
async fn existing(db: &mut Reader, id: UserId) -> belvedere_store::Result<Option<User>> {
    user::get(db, id).await
}

impl Service {
    /// A user as the caller may see it.
    pub(crate) async fn one_user(&self, cx: &Cx, id: UserId) -> Result<types::User> {
        let person = self.person(id).await?.ok_or_else(Error::not_found)?;
        described_person(cx, &person)
    }

    /// The user that a call about credentials and the like is about: the caller, or anybody for an administrator. All
    /// others are refused alike, whether the user exists or not.
    async fn own_or_administered(&self, cx: &Cx, id: &str) -> Result<User> {
        let security = cx.security()?;
        let caller = caller_id(cx)?;
        let id = id.parse().ok().filter(|id| *id == caller || security.is_admin());
        let id: UserId = match (id, security.is_admin()) {
            (Some(id), _) => id,
            (None, true) => return Err(Error::not_found()),
            (None, false) => return Err(Error::forbidden()),
        };
        let found = stored(self.store.read(async |db| existing(db, id).await).await)?;
        found.ok_or_else(Error::not_found)
    }
}
