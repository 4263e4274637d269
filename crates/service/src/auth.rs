//! Tag Auth: mobile devices, the programs that sign users in by OAuth, the rules for passwords and sessions, lockouts.

mod lockout;
mod mobile_device;
mod oauth_client_app;
pub(crate) mod password_config;
pub(crate) mod session_config;
mod support_access;

use crate::Service;
use belvedere_api::{Cx, Page, Result, bodies, parameters, tags, types};

impl tags::Auth for Service {
    async fn register_mobile_device(&self, cx: &Cx, body: bodies::WriteMobileToken) -> Result<types::MobileToken> {
        self.register_device(cx, body).await
    }

    async fn deregister_mobile_device(&self, cx: &Cx, path: parameters::DeregisterMobileDevicePath) -> Result<()> {
        self.remove_device(cx, &path.device_id).await
    }

    async fn update_mobile_device_registration(
        &self,
        cx: &Cx,
        path: parameters::UpdateMobileDeviceRegistrationPath,
    ) -> Result<types::MobileToken> {
        self.renew_device(cx, &path.device_id).await
    }

    async fn all_oauth_client_apps(&self, cx: &Cx) -> Result<Vec<types::OauthClientApp>> {
        self.list_apps(cx).await
    }

    async fn delete_oauth_client_app(&self, cx: &Cx, path: parameters::DeleteOauthClientAppPath) -> Result<()> {
        self.remove_app(cx, &path.client_guid).await
    }

    async fn oauth_client_app(&self, cx: &Cx, path: parameters::OauthClientAppPath) -> Result<types::OauthClientApp> {
        self.one_app(cx, &path.client_guid).await
    }

    async fn update_oauth_client_app(
        &self,
        cx: &Cx,
        path: parameters::UpdateOauthClientAppPath,
        body: bodies::WriteOauthClientApp,
    ) -> Result<types::OauthClientApp> {
        self.change_app(cx, &path.client_guid, body).await
    }

    async fn register_oauth_client_app(
        &self,
        cx: &Cx,
        path: parameters::RegisterOauthClientAppPath,
        body: bodies::WriteOauthClientApp,
    ) -> Result<types::OauthClientApp> {
        self.register_app(cx, &path.client_guid, body).await
    }

    async fn invalidate_tokens(&self, cx: &Cx, path: parameters::InvalidateTokensPath) -> Result<()> {
        self.end_tokens_of_app(cx, &path.client_guid).await
    }

    async fn deactivate_app_user(&self, cx: &Cx, path: parameters::DeactivateAppUserPath) -> Result<()> {
        self.take_consent_back(cx, &path.client_guid, &path.user_id).await
    }

    async fn activate_app_user(&self, cx: &Cx, path: parameters::ActivateAppUserPath) -> Result<()> {
        self.note_consent(cx, &path.client_guid, &path.user_id).await
    }

    async fn password_config(&self, _: &Cx) -> Result<types::PasswordConfig> {
        self.password_rules().await
    }

    async fn update_password_config(
        &self,
        cx: &Cx,
        body: bodies::WritePasswordConfig,
    ) -> Result<types::PasswordConfig> {
        self.change_password_rules(cx, body).await
    }

    async fn force_password_reset_at_next_login_for_all_users(&self, cx: &Cx) -> Result<String> {
        self.force_password_reset_of_all(cx).await
    }

    async fn session_config(&self, _: &Cx) -> Result<types::SessionConfig> {
        self.session_rules().await
    }

    async fn update_session_config(&self, cx: &Cx, body: bodies::WriteSessionConfig) -> Result<types::SessionConfig> {
        self.change_session_rules(cx, body).await
    }

    async fn get_support_access_allowlist_entries(&self, _: &Cx) -> Result<Vec<types::SupportAccessAllowlistEntry>> {
        self.support_allowlist().await
    }

    async fn add_support_access_allowlist_entries(
        &self,
        cx: &Cx,
        body: bodies::WriteSupportAccessAddEntries,
    ) -> Result<Vec<types::SupportAccessAllowlistEntry>> {
        self.add_to_support_allowlist(cx, body).await
    }

    async fn delete_support_access_allowlist_entry(
        &self,
        cx: &Cx,
        path: parameters::DeleteSupportAccessAllowlistEntryPath,
    ) -> Result<()> {
        self.take_off_support_allowlist(cx, &path.entry_id).await
    }

    async fn disable_support_access(&self, cx: &Cx) -> Result<types::SupportAccessStatus> {
        self.close_to_support(cx).await
    }

    async fn enable_support_access(
        &self,
        cx: &Cx,
        body: bodies::WriteSupportAccessEnable,
    ) -> Result<types::SupportAccessStatus> {
        self.open_to_support(cx, body).await
    }

    async fn support_access_status(&self, cx: &Cx) -> Result<types::SupportAccessStatus> {
        self.support_status(cx).await
    }

    async fn delete_user_login_lockout(&self, cx: &Cx, path: parameters::DeleteUserLoginLockoutPath) -> Result<()> {
        self.lift_lockout(cx, &path.key).await
    }

    async fn all_user_login_lockouts(&self, cx: &Cx) -> Result<Vec<types::UserLoginLockout>> {
        self.list_lockouts(cx).await
    }

    async fn search_user_login_lockouts(
        &self,
        cx: &Cx,
        query: parameters::SearchUserLoginLockoutsQuery,
    ) -> Result<Page<types::UserLoginLockout>> {
        self.find_lockouts(cx, query).await
    }
}
