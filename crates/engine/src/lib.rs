//! Runs a query from end to end: model, plan, SQL, driver, result format.
//!
//! This is the one door to users' data: every read of it goes through [`Engine::prepare`], which gives the planner the
//! user's access filters and grants. Nothing else calls `query` and `warehouse` together.

pub mod access;
mod body;
mod clock;
mod connection;
pub mod describe;
mod detail;
mod error;
mod kept;
mod layout;
mod prepare;
mod project;
mod rows;
mod run;
mod running;
mod suggest;

pub use belvedere_query::{Error as QueryError, Query as AskedQuery};
pub use belvedere_results::{Format, RunError, SqlLocation};
pub use belvedere_warehouse::Connection as ServedConnection;
pub use belvedere_warehouse::Error as WarehouseError;
pub use body::{Body, Broken, Chunks, Outcome};
pub use clock::{Clock, HandClock};
pub use connection::ConnectionTest;
pub use error::Error;
pub use kept::Keep;
pub use prepare::{Asker, Prepared, Question};
pub use project::{ProjectFile, Projects, Reloaded, ServedProject, Watcher};
pub use rows::Rows as RowsOfTask;
pub use run::{Answer, ResultFormat, RunOptions, run_error};
pub use running::{Running, RunningQuery};
pub use suggest::{SuggestionRequest, Suggestions};

use belvedere_query::dialect::{Dialect, by_name};
use belvedere_warehouse::Connections;

/// What an engine is made of.
#[derive(Debug)]
pub struct Parts {
    /// The projects with their models.
    pub projects: Projects,
    /// The connections that models name.
    pub connections: Connections,
    /// What time it is.
    pub clock: Clock,
    /// Where the results of tasks are kept.
    pub keep: Keep,
}

/// Runs queries.
#[derive(Debug)]
pub struct Engine {
    parts: Parts,
    running: Running,
}

impl Engine {
    /// An engine of `parts`.
    pub fn new(parts: Parts) -> Self {
        Self { parts, running: Running::default() }
    }

    /// The projects with their models.
    pub fn projects(&self) -> &Projects {
        &self.parts.projects
    }

    /// The connections.
    pub fn connections(&self) -> &Connections {
        &self.parts.connections
    }

    /// The dialect that a connection speaks.
    pub fn dialect(&self, connection: Option<&str>) -> Option<&'static dyn Dialect> {
        by_name(self.connections().get(connection?)?.dialect_name())
    }

    /// What time it is.
    pub fn clock(&self) -> Clock {
        self.parts.clock
    }

    /// The statements that run now.
    pub fn running(&self) -> &Running {
        &self.running
    }

    /// The results of tasks.
    pub fn keep(&self) -> &Keep {
        &self.parts.keep
    }
}
