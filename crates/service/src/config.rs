//! Tag Config: what this server speaks.

use crate::Service;
use belvedere_api::{Cx, Error, Json, Result, documents, parameters, tags, types};

impl tags::Config for Service {
    async fn api_spec(&self, cx: &Cx, path: parameters::ApiSpecPath) -> Result<Json> {
        if path.api_version != documents::VERSION {
            return Err(Error::not_found());
        }
        match path.specification.as_str() {
            "swagger.json" => Ok(Json(documents::swagger(self.release(), &cx.origin))),
            "openapi.json" => Ok(Json(documents::openapi(self.release(), &cx.origin))),
            _ => Err(Error::not_found()),
        }
    }

    async fn versions(&self, cx: &Cx) -> Result<types::ApiVersion> {
        let release = self.release();
        let version = documents::VERSION;
        let element = types::ApiVersionElement {
            version: Some(version.to_owned()),
            full_version: Some(format!("{version}.{release}")),
            status: Some("current".to_owned()),
            swagger_url: Some(cx.url(&format!("/api/{version}/swagger.json"))),
        };
        Ok(types::ApiVersion {
            looker_release_version: Some(release.full()),
            current_version: Some(element.clone()),
            supported_versions: Some(vec![element]),
            api_server_url: Some(cx.origin.to_string()),
            web_server_url: Some(cx.origin.to_string()),
        })
    }
}
