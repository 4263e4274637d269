//! A project from one text, and a query on it.

use belvedere_lookml::project::Project;
use belvedere_query::dialect::DuckDb;
use belvedere_query::{Access, Context, Error, Mode, Plan, Query, plan};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// What a query is planned under.
pub struct Setting {
    pub now: Timestamp,
    pub query_timezone: TimeZone,
    pub database_timezone: Option<TimeZone>,
    pub access: Access,
    pub mode: Mode,
}

impl Default for Setting {
    /// A Friday noon in UTC, for a user without attributes.
    fn default() -> Self {
        Self {
            now: "2024-03-15T12:30:45Z".parse().unwrap(),
            query_timezone: TimeZone::UTC,
            database_timezone: Some(TimeZone::UTC),
            access: Access::default(),
            mode: Mode::Production,
        }
    }
}

/// The project whose one file is the model `test`.
pub fn project(lookml: &str) -> Project {
    let text = format!("connection: \"db\"\n{lookml}");
    Project::load("project", vec![("test.model.lkml".into(), text.into())])
}

pub fn plan_on(project: &Project, explore: &str, query: &Query, setting: &Setting) -> Result<Plan, Error> {
    let model = project.model("test").expect("the project has a model");
    let explore = model.explore(explore).unwrap_or_else(|| panic!("there is no explore {explore}"));
    let cx = Context {
        now: setting.now,
        query_timezone: setting.query_timezone.clone(),
        database_timezone: setting.database_timezone.clone(),
        access: &setting.access,
        mode: setting.mode,
        dialect: &DuckDb,
    };
    plan(model, explore, query, &cx)
}
