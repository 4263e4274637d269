//! The demonstration: its database, written at the first start, and its project.

use anyhow::{Context, Result};
use belvedere_demo::{Options, batches, project_files, tables};
use belvedere_engine::ServedProject;
use belvedere_warehouse::driver::duckdb::create;
use std::fs;
use std::path::{Path, PathBuf};

/// Name of the project, the model and the connection.
pub(crate) const NAME: &str = "thelook";

/// Changes when the same options give other rows, so that an older file is written again.
const DATA_VERSION: u32 = 1;

/// The project, from inside the binary.
pub(crate) fn project() -> ServedProject {
    let files = project_files().iter().map(|(path, text)| ((*path).into(), (*text).into()));
    ServedProject::embedded(NAME, files.collect())
}

/// The database for `options` below `data_dir`, written now unless it is there already.
pub(crate) fn database(data_dir: &Path, options: &Options) -> Result<PathBuf> {
    let folder = data_dir.join("demo");
    let file = folder.join("thelook.duckdb");
    let described = folder.join("thelook.options");
    let description = format!("{DATA_VERSION} {} {} {}", options.seed, options.anchor, options.scale);
    if file.is_file() && fs::read_to_string(&described).is_ok_and(|text| text == description) {
        return Ok(file);
    }
    tracing::info!(seed = options.seed, anchor = %options.anchor, scale = options.scale, "writing the demonstration's data");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let definitions: Vec<(&str, String)> = tables().iter().map(|table| (table.name, table.ddl())).collect();
    let filled =
        tables().iter().zip(&definitions).map(|(table, (name, ddl))| (*name, ddl.as_str(), batches(options, table)));
    create(&file, filled)?;
    fs::write(&described, description).with_context(|| format!("cannot write {}", described.display()))?;
    Ok(file)
}
