//! Tag Config: what this server speaks, and how it sends mail.

use crate::Service;
use belvedere_api::documents::Form;
use belvedere_api::{Cx, Error, Json, Result, bodies, parameters, tags, types};
use belvedere_versions::Version;

impl tags::Config for Service {
    async fn api_spec(&self, cx: &Cx, path: parameters::ApiSpecPath) -> Result<Json> {
        let version = self.versions().get(&path.api_version).ok_or_else(Error::not_found)?;
        let form = match path.specification.as_str() {
            "swagger.json" => Form::Swagger,
            "openapi.json" => Form::OpenApi,
            _ => return Err(Error::not_found()),
        };
        Ok(Json(self.document(version, form, self.release()).text(&cx.origin)))
    }

    async fn set_smtp_settings(&self, cx: &Cx, body: bodies::WriteSmtpSettings) -> Result<()> {
        self.change_mail_server(cx, body).await
    }

    async fn smtp_status(&self, _: &Cx) -> Result<types::SmtpStatus> {
        self.mail_status().await
    }

    async fn versions(&self, cx: &Cx) -> Result<types::ApiVersion> {
        Ok(types::ApiVersion {
            looker_release_version: Some(self.release().full()),
            current_version: Some(self.told(cx, Service::versions(self).current())),
            supported_versions: Some(Service::versions(self).listed().map(|version| self.told(cx, version)).collect()),
            api_server_url: Some(cx.origin.to_string()),
            web_server_url: Some(cx.origin.to_string()),
        })
    }
}

impl Service {
    /// What is told of a version.
    fn told(&self, cx: &Cx, version: &'static Version) -> types::ApiVersionElement {
        types::ApiVersionElement {
            version: Some(version.name().to_owned()),
            full_version: Some(version.full_version(self.release())),
            status: Some(version.standing().as_str().to_owned()),
            swagger_url: Some(cx.url(&format!("{}/swagger.json", version.base_path()))),
        }
    }
}
