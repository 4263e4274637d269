//! The files that a command works on.

use crate::cli::{Import, ImportArguments};
use anyhow::{Context, Result, ensure};
use belvedere_engine::{ProjectFiles, Source, files_below, project_name};
use belvedere_lookml::diagnostic::Diagnostic;
use belvedere_lookml::project::Project;
use std::path::{Path, PathBuf};

/// The LookML files that `paths` name, folders entered, in order.
pub fn lkml_files(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            let found = files_below(path).context("cannot read a folder")?.into_iter().map(|file| file.path);
            files.extend(found.filter(|path| path.extension().is_some_and(|ending| ending == "lkml")));
        } else {
            files.push(path.clone());
        }
    }
    Ok(files)
}

/// A project that was read from a folder, and bytes in its files that are no text.
pub struct Loaded {
    pub project: Project,
    pub not_text: Vec<Diagnostic>,
}

/// Reads the files of the project in the folder `path`, with those of the projects that it imports: from `imports`, else
/// from the project of that name among `beside`.
pub fn read(path: &Path, imports: &ImportArguments, beside: &[PathBuf]) -> Result<ProjectFiles> {
    ensure!(path.is_dir(), "{} is no folder", path.display());
    let mut found = ProjectFiles::read(path)?;
    for Import { name, folder } in &imports.import {
        found.add_import(name, &Source::Folder(folder.clone()))?;
    }
    let others: Vec<&PathBuf> = beside.iter().filter(|other| other.is_dir() && *other != path).collect();
    found.import(None, |name| {
        let folder = others.iter().find(|folder| project_name(folder) == name)?;
        Some(Source::Folder((**folder).clone()))
    })?;
    Ok(found)
}

/// Reads the project in `path`, a folder or a single file, with those that it imports: see [`read`].
pub fn project(path: &Path, imports: &ImportArguments, beside: &[PathBuf]) -> Result<Loaded> {
    ensure!(path.exists(), "{} does not exist", path.display());
    let (found, name) = if path.is_dir() {
        let found = read(path, imports, beside)?;
        let name = found.name(path);
        (found, name)
    } else {
        (ProjectFiles::read_file(path)?, "file".to_owned())
    };
    Ok(Loaded { project: Project::load(&name, found.files), not_text: found.not_text })
}
