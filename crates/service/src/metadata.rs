//! Tag Metadata: suggestions for filters.

use crate::Service;
use crate::audit::run::Asked;
use crate::query::run::{refused, running_entry};
use crate::workspace::mode;
use belvedere_api::{Cx, Result, parameters, tags, types};
use belvedere_engine::access::Viewer;
use belvedere_engine::{Ended, Outcome, Provenance, SuggestionRequest, Suggestions, run_error};
use std::sync::Arc;

impl tags::Metadata for Service {
    async fn model_fieldname_suggestions(
        &self,
        cx: &Cx,
        path: parameters::ModelFieldnameSuggestionsPath,
        query: parameters::ModelFieldnameSuggestionsQuery,
    ) -> Result<types::ModelFieldSuggestions> {
        let viewer = Viewer::new(cx.security()?);
        self.visible_model(&viewer, &path.model_name)?;
        let request = SuggestionRequest {
            model: path.model_name,
            explore: path.view_name,
            field: path.field_name,
            term: query.term,
            filters: query.filters.unwrap_or_default(),
        };
        let entry = running_entry(cx, Arc::default(), cx.ids.hex(32));
        let answer = |found: Suggestions, error| types::ModelFieldSuggestions {
            suggestions: Some(found.values),
            error,
            from_cache: Some(found.provenance != Provenance::Query),
            hit_limit: Some(found.hit_limit),
            used_calcite_materialization: Some(false),
        };
        let asked = Asked {
            source: "suggest".to_owned(),
            model: Some(request.model.clone()),
            view: Some(request.explore.clone()),
            format: "json".to_owned(),
            ..Asked::default()
        };
        let run = self.begin_run(cx, asked).await?;
        let found = self.engine.suggest(&request, &viewer.asker(cx.now, mode(cx)?), entry).await;
        run.ended(&match &found {
            Ok(found) => Ended {
                outcome: Outcome::Complete,
                rows: found.values.len() as u64,
                provenance: Some(found.provenance),
            },
            Err(error) => Ended::before_rows(error),
        });
        match found {
            Ok(found) => Ok(answer(found, None)),
            Err(error) => {
                let told = || Ok(answer(Suggestions::default(), Some(run_error(&error, None).text())));
                refused(&error).map_or_else(told, Err)
            }
        }
    }
}
