//! The files that a command works on.

use anyhow::{Context, Result, bail, ensure};
use belvedere_lookml::diagnostic::Diagnostic;
use belvedere_lookml::project::{FileKind, Project};
use belvedere_lookml::syntax;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Folders that lie deeper are no longer entered: a loop of links ends here.
const DEEPEST: usize = 32;

/// The LookML files that `paths` name, folders entered, in order.
pub fn lkml_files(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            let mut found = Vec::new();
            walk(path, 0, &mut found).with_context(|| format!("cannot read {}", path.display()))?;
            files.extend(found.into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "lkml")));
        } else {
            files.push(path.clone());
        }
    }
    Ok(files)
}

/// Every file below `folder`, sorted; hidden ones are passed over.
fn walk(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> io::Result<()> {
    let mut entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if path.is_dir() {
            if depth < DEEPEST {
                walk(&path, depth + 1, files)?;
            }
        } else {
            files.push(path);
        }
    }
    Ok(())
}

/// A project that was read from a folder, and bytes in its files that are no text.
pub struct Loaded {
    pub project: Project,
    pub not_text: Vec<Diagnostic>,
}

/// Path and text of the files of a project.
type Files = Vec<(Arc<str>, Arc<str>)>;

/// Reads the files of the project in the folder `path`, with those of the projects that it imports (`NAME=DIR`).
pub fn read(path: &Path, imports: &[String]) -> Result<Files> {
    ensure!(path.is_dir(), "{} is no folder", path.display());
    Ok(Reading::of(path, imports)?.files)
}

/// Reads the project in `path`, a folder or a single file, with the folders of the projects that it imports
/// (`NAME=DIR`).
pub fn project(path: &Path, imports: &[String]) -> Result<Loaded> {
    ensure!(path.exists(), "{} does not exist", path.display());
    if !path.is_dir() {
        let mut reading = Reading::default();
        reading.file(path, path.to_string_lossy().into_owned())?;
        return Ok(reading.finish("file"));
    }
    let reading = Reading::of(path, imports)?;
    let folder = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let fallback = folder.file_name().map_or_else(|| "project".into(), |name| name.to_string_lossy().into_owned());
    let name = reading.name().unwrap_or(fallback);
    Ok(reading.finish(&name))
}

#[derive(Default)]
struct Reading {
    files: Files,
    not_text: Vec<Diagnostic>,
}

impl Reading {
    fn of(path: &Path, imports: &[String]) -> Result<Self> {
        let mut reading = Self::default();
        reading.folder(path, "")?;
        for import in imports {
            let Some((name, folder)) = import.split_once('=').filter(|(name, _)| !name.is_empty()) else {
                bail!("--import takes NAME=DIR, not {import}");
            };
            reading.folder(Path::new(folder), &format!("imported_projects/{name}/"))?;
        }
        Ok(reading)
    }

    fn folder(&mut self, folder: &Path, prefix: &str) -> Result<()> {
        let mut paths = Vec::new();
        walk(folder, 0, &mut paths).with_context(|| format!("cannot read {}", folder.display()))?;
        for path in paths {
            let below = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            self.file(&path, format!("{prefix}{below}"))?;
        }
        Ok(())
    }

    /// Reads a file; of those that no project reads only the path is taken.
    fn file(&mut self, path: &Path, name: String) -> Result<()> {
        let name: Arc<str> = name.into();
        if matches!(FileKind::of(&name), FileKind::Document | FileKind::Other) {
            self.files.push((name, "".into()));
            return Ok(());
        }
        let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let text = String::from_utf8_lossy(&bytes);
        if matches!(text, std::borrow::Cow::Owned(_)) {
            let parsed = syntax::parse_bytes(&name, &bytes);
            self.not_text.extend(parsed.diagnostics.into_iter().take(1));
        }
        let text: Arc<str> = text.into();
        self.files.push((name, text));
        Ok(())
    }

    /// `project_name` of the manifest.
    fn name(&self) -> Option<String> {
        let manifest = self.files.iter().find(|(path, _)| &**path == "manifest.lkml")?;
        let name = Project::load("", vec![manifest.clone()]).manifest()?.project_name.clone();
        name.filter(|name| !name.is_empty())
    }

    fn finish(self, name: &str) -> Loaded {
        Loaded { project: Project::load(name, self.files), not_text: self.not_text }
    }
}
