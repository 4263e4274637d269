//! `LookmlModel`.

use crate::access::Viewer;
use belvedere_api::types::{LookmlModel, LookmlModelNavExplore};
use belvedere_lookml::model::Model;

/// Models come from the files of projects: there is no configuration of them to change.
const ABILITIES: [(&str, bool); 5] =
    [("index", true), ("show", true), ("create", false), ("update", false), ("destroy", false)];

/// A model with the explores that the viewer may see, in order of declaration.
pub fn model(model: &Model, viewer: &Viewer<'_>) -> LookmlModel {
    let explores = model.explore_headers().filter(|header| viewer.sees_header(model, header)).map(|header| {
        LookmlModelNavExplore {
            name: Some(header.name.to_string()),
            description: header.description.clone(),
            label: Some(header.label.clone()),
            hidden: Some(header.hidden),
            group_label: Some(header.group_label.clone()),
        }
    });
    LookmlModel {
        can: Some(ABILITIES.map(|(ability, has)| (ability.to_owned(), has)).into()),
        allowed_db_connection_names: Some(model.connection.iter().cloned().collect()),
        explores: Some(explores.collect()),
        has_content: Some(true),
        label: Some(model.label.clone()),
        name: Some(model.name.to_string()),
        project_name: Some(model.project.to_string()),
        unlimited_db_connections: Some(false),
    }
}
