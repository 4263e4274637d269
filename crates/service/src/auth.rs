//! Tag Auth: the programs that sign users in by OAuth.

mod oauth_client_app;

use crate::Service;
use belvedere_api::{Cx, Result, bodies, parameters, tags, types};

impl tags::Auth for Service {
    async fn all_oauth_client_apps(&self, cx: &Cx) -> Result<Vec<types::OauthClientApp>> {
        self.list_apps(cx).await
    }

    async fn delete_oauth_client_app(&self, _: &Cx, path: parameters::DeleteOauthClientAppPath) -> Result<()> {
        self.remove_app(&path.client_guid).await
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
}
