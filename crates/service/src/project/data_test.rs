//! LookML data tests.

use super::project_error::{file_path, test_params, without};
use crate::Service;
use crate::audit::run::Asked;
use crate::query::run::{refused, running_entry};
use crate::query::saved::url_parameters;
use crate::workspace::mode;
use belvedere_api::{Cx, Result, types};
use belvedere_engine::access::Viewer;
use belvedere_engine::{Ended, Failure, Outcome, Provenance, Question, ServedProject, WarehouseError, run_error};
use belvedere_lookml::diagnostic::{Location, Severity};
use belvedere_lookml::model::{DataTest, Model};
use indexmap::IndexMap;
use std::sync::Arc;

/// Which tests of a project are meant; what is `None` narrows nothing.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    /// Path of the file that declares them.
    pub(super) file: Option<String>,
    /// Their name.
    pub(super) test: Option<String>,
    /// Their model.
    pub(super) model: Option<String>,
}

impl Wanted {
    fn includes(&self, model: &Model, test: &DataTest) -> bool {
        let meets = |wanted: &Option<String>, found: &str| wanted.as_ref().is_none_or(|wanted| wanted == found);
        meets(&self.file, &test.location.file) && meets(&self.test, &test.name) && meets(&self.model, &model.name)
    }
}

/// A data test of a model.
pub(super) struct Found {
    model: Arc<Model>,
    test: Arc<DataTest>,
}

impl Service {
    /// The tests of a project that are wanted, on models and explores that the caller sees; by model, in order of
    /// declaration.
    pub(super) fn data_tests(&self, cx: &Cx, project: &ServedProject, wanted: &Wanted) -> Result<Vec<Found>> {
        let viewer = Viewer::new(cx.security()?);
        let snapshot = project.snapshot();
        // Of two models of one name only the served one can be asked.
        let is_served = |model: &Model| {
            let served = self.engine.projects().model(&model.name);
            served.is_some_and(|(owner, _)| owner.name() == project.name())
        };
        let models = snapshot.models().filter(|model| viewer.sees_model(&model.name) && is_served(model));
        let tests = models.flat_map(|model| {
            let tests = model.tests.values().filter(|test| {
                let explore = model.explore(&test.source.explore);
                wanted.includes(model, test) && explore.is_none_or(|explore| viewer.sees_explore(explore))
            });
            tests.map(|test| Found { model: Arc::clone(model), test: Arc::clone(test) })
        });
        Ok(tests.collect())
    }

    /// Runs a test. A failure of its query is a result; what keeps the query from running at all is a refusal.
    pub(super) async fn run_data_test(&self, cx: &Cx, project: &str, found: &Found) -> Result<types::LookmlTestResult> {
        let viewer = Viewer::new(cx.security()?);
        let entry = running_entry(cx, Arc::default(), cx.ids.hex(32));
        let Found { model, test } = found;
        let about = About { project, model: &model.name, test };
        let asked = Asked {
            source: SOURCE.to_owned(),
            model: Some(model.name.to_string()),
            view: Some(test.source.explore.to_string()),
            format: "json".to_owned(),
            ..Asked::default()
        };
        let recorded = self.begin_run(cx, asked).await?;
        let run = self.engine.run_data_test(&model.name, test, &viewer.asker(cx.now, mode(cx)?), entry).await;
        recorded.ended(&match &run {
            Ok(run) => Ended { outcome: Outcome::Complete, rows: run.rows as u64, provenance: Some(Provenance::Query) },
            Err(error) => Ended::before_rows(error),
        });
        let run = match run {
            Ok(run) => run,
            Err(
                error
                @ belvedere_engine::Error::Database(WarehouseError::Busy { .. } | WarehouseError::BusyUser { .. }),
            ) => return Err(refused(&error).unwrap_or_else(|| belvedere_api::Error::internal(error))),
            Err(error) => return Ok(about.could_not_run(&error)),
        };
        let warnings = (run.rows == 0).then(|| about.row(Severity::Warning, &test.location, NO_ROWS.to_owned()));
        Ok(types::LookmlTestResult {
            assertions_count: Some(run.assertions as i64),
            assertions_failed: Some(run.failures.len() as i64),
            errors: Some(run.failures.iter().map(|failure| about.failure(failure)).collect()),
            warnings: Some(warnings.into_iter().collect()),
            success: Some(run.failures.is_empty()),
            ..about.result()
        })
    }
}

/// What such a run is for (unverified: the word).
const SOURCE: &str = "lookml_test";

/// What a test is told whose query gave nothing to look at.
const NO_ROWS: &str = "The query of the test returned no rows, so that its assertions hold for all of them.";

/// What a result is about.
struct About<'a> {
    project: &'a str,
    model: &'a str,
    test: &'a DataTest,
}

impl About<'_> {
    fn result(&self) -> types::LookmlTestResult {
        types::LookmlTestResult {
            can: Some(IndexMap::new()),
            model_name: Some(self.model.to_owned()),
            test_name: Some(self.test.name.to_string()),
            ..types::LookmlTestResult::default()
        }
    }

    fn could_not_run(&self, error: &belvedere_engine::Error) -> types::LookmlTestResult {
        let told = run_error(error, None);
        let text = told.message_details.unwrap_or(told.message);
        let message = format!("Query execution failed:  - {text}");
        types::LookmlTestResult {
            assertions_count: Some(self.test.asserts.len() as i64),
            assertions_failed: Some(0),
            errors: Some(vec![self.row(Severity::Fatal, &self.test.location, message)]),
            warnings: Some(Vec::new()),
            success: Some(false),
            ..self.result()
        }
    }

    fn failure(&self, failure: &Failure) -> types::ProjectError {
        self.row(Severity::Error, &failure.location, failure.message())
    }

    fn row(&self, severity: Severity, place: &Location, message: String) -> types::ProjectError {
        let (file, line) = (file_path(self.project, &place.file), i64::from(place.line));
        let explore = &self.test.source.explore;
        let is_assertion = |name: &str| self.test.asserts.iter().any(|(known, _)| **known == *name);
        types::ProjectError {
            severity: Some(severity.as_str().to_owned()),
            sanitized_message: Some(without(&message, is_assertion)),
            message: Some(message),
            params: Some(test_params(&file, line, self.model, explore, severity.as_str())),
            file_path: Some(file),
            line_number: Some(line),
            model_id: Some(self.model.to_owned()),
            explore: Some(explore.to_string()),
            ..types::ProjectError::default()
        }
    }
}

/// What is told of a test before it runs.
pub(super) fn described(project: &str, found: &Found) -> types::LookmlTest {
    let Found { model, test } = found;
    types::LookmlTest {
        can: Some(IndexMap::new()),
        model_name: Some(model.name.to_string()),
        name: Some(test.name.to_string()),
        explore_name: Some(test.source.explore.to_string()),
        query_url_params: Some(url_parameters(&Question::of_test(&model.name, test).query, None)),
        file: Some(file_path(project, &test.location.file)),
        line: Some(i64::from(test.location.line)),
    }
}
