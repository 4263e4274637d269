//! Tag LookmlModel: models, explores, fields.

use crate::Service;
use belvedere_api::{Cx, Error, Page, Result, Window, parameters, tags, types};
use belvedere_engine::access::Viewer;
use belvedere_engine::describe;
use belvedere_lookml::model::Model;
use std::sync::Arc;

impl tags::LookmlModel for Service {
    async fn all_lookml_models(
        &self,
        cx: &Cx,
        query: parameters::AllLookmlModelsQuery,
    ) -> Result<Page<types::LookmlModel>> {
        let window = Window::asked(query.limit, query.offset, None, None)?;
        let viewer = Viewer::new(cx.security()?);
        let mut models = self.engine.projects().models_in(viewer.locale());
        models.retain(|model| viewer.sees_model(&model.name));
        models.sort_by(|a, b| a.name.cmp(&b.name));
        let hidden = |model: &Model| model.explore_headers().all(|explore| explore.hidden);
        models.retain(|model| {
            let is_empty = model.explore_names().next().is_none();
            !(query.exclude_empty == Some(true) && is_empty || query.exclude_hidden == Some(true) && hidden(model))
        });
        let page = Page::of(models, window);
        let items = page.items.iter().map(|model| describe::model(model, &viewer)).collect();
        Ok(Page { items, window, total: page.total })
    }

    async fn lookml_model(&self, cx: &Cx, path: parameters::LookmlModelPath) -> Result<types::LookmlModel> {
        let viewer = Viewer::new(cx.security()?);
        let model = self.visible_model(&viewer, &path.lookml_model_name)?;
        Ok(describe::model(&model, &viewer))
    }

    async fn lookml_model_explore(
        &self,
        cx: &Cx,
        path: parameters::LookmlModelExplorePath,
        _: parameters::LookmlModelExploreQuery,
    ) -> Result<types::LookmlModelExplore> {
        let viewer = Viewer::new(cx.security()?);
        let model = self.visible_model(&viewer, &path.lookml_model_name)?;
        let explore = model.explore(&path.explore_name).filter(|explore| viewer.sees_explore(explore));
        let explore = explore.ok_or_else(Error::not_found)?;
        let surroundings = describe::ExploreSurroundings {
            viewer: &viewer,
            dialect: self.engine.dialect(explore.connection.as_deref()),
            now: self.engine.clock().now(),
        };
        Ok(describe::explore(explore, &surroundings, &cx.shape))
    }
}

impl Service {
    /// The model in the viewer's language, if there is one and the viewer may see it.
    pub(crate) fn visible_model(&self, viewer: &Viewer<'_>, name: &str) -> Result<Arc<Model>> {
        let visible = || self.engine.projects().model_in(name, viewer.locale());
        viewer.sees_model(name).then(visible).flatten().ok_or_else(Error::not_found)
    }
}
