//! The rows of the permission table, a file for each area.

mod auth;
mod content;
mod data;
mod delivery;
mod instance;
mod people;
mod project;

use super::{Refusal, Requirement};
use belvedere_api::OperationId;

/// What an operation requires, and what a caller is told who lacks it.
pub(super) type Row = (OperationId, Requirement, Refusal);

/// Every row.
pub(super) fn rows() -> impl Iterator<Item = &'static Row> {
    [people::ROWS, auth::ROWS, data::ROWS, content::ROWS, delivery::ROWS, instance::ROWS, project::ROWS]
        .into_iter()
        .flatten()
}
