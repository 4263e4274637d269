//! Runs a query from end to end: model, plan, SQL, driver, result format.
//!
//! This is the one door to users' data: every read of it goes through [`Engine::prepare`], which gives the planner the
//! user's access filters and grants. Nothing else calls `query` and `warehouse` together.

pub mod access;
mod address;
mod body;
mod cache;
mod clock;
mod compile;
mod connection;
mod data_test;
pub mod describe;
mod detail;
mod error;
mod fetch;
mod kept;
mod layout;
mod markup;
mod merge;
mod names;
mod places;
mod prepare;
mod project;
mod rows;
mod run;
mod running;
mod shape;
mod sql_runner;
mod suggest;
mod wording;

pub use address::form_encoded;
pub use belvedere_query::{Error as QueryError, Mode, Query as AskedQuery};
pub use belvedere_results::{Format, RunError, SqlLocation};
pub use belvedere_warehouse::Connection as ServedConnection;
pub use belvedere_warehouse::Error as WarehouseError;
pub use body::{Body, Broken, Chunks, Ended, Outcome};
pub use cache::{CacheUse, Freshness};
pub use clock::{Clock, HandClock};
pub use compile::Compiler;
pub use connection::ConnectionTest;
pub use data_test::{Failure, Reason, TestRun};
pub use error::Error;
pub use fetch::Origin;
pub use kept::{Keep, Kept, KeptRows, Name, Recorder};
pub use markup::Links;
pub use merge::{MERGED_ROWS_LIMIT, MergeSort, MergeSource, Merged, merge};
pub use prepare::{Asker, CalculatedBy, Prepared, Question};
pub use project::{
    FolderFile, ProjectFile, ProjectFiles, Projects, Reloaded, ServedProject, Source, Validation, Watcher, files_below,
    project_name,
};
pub use rows::Provenance;
pub use run::{Answer, ResultFormat, RunOptions, run_error};
pub use running::{Running, RunningQuery};
pub use shape::{Table, Vis};
pub use suggest::{SuggestionRequest, Suggestions};

use belvedere_query::dialect::{Dialect, by_name};
use belvedere_warehouse::Connections;
use places::Places;

/// What an engine is made of.
#[derive(Debug)]
pub struct Parts {
    /// The projects with their models.
    pub projects: Projects,
    /// The connections that models name.
    pub connections: Connections,
    /// What time it is.
    pub clock: Clock,
    /// Where results are kept: those of tasks, and the cache.
    pub keep: Keep,
}

/// Runs queries.
#[derive(Debug)]
pub struct Engine {
    parts: Parts,
    running: Running,
    places: Places,
}

impl Engine {
    /// An engine of `parts`.
    pub fn new(parts: Parts) -> Self {
        Self { parts, running: Running::default(), places: Places::default() }
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

    /// The results that are kept.
    pub fn keep(&self) -> &Keep {
        &self.parts.keep
    }
}
