//! Which files an `include` names.

use super::glob::{Pattern, absolute};
use super::{Files, IMPORTS, SourceFile, folder_of, root_of};
use crate::diagnostic::Diagnostic;
use crate::resolve::{Text, mistakes};
use crate::suggest::suggest;
use std::collections::{HashMap, HashSet};
use std::ops::Bound;
use std::sync::Arc;

/// Finds the files of `include`s; the same pattern is looked up once.
pub(crate) struct Includes<'a> {
    files: &'a Files,
    project: &'a str,
    found: HashMap<String, Found>,
    /// Projects that are not there and were told.
    missing: HashSet<String>,
    /// How often a suggestion was looked for.
    hints: usize,
}

/// Files that an `include` names, by path.
type Sources = Arc<[Arc<SourceFile>]>;

/// What a pattern names.
struct Found {
    sources: Sources,
    /// True for a plain path to a file that is not there.
    missing: bool,
}

/// Paths that get a suggestion, at most: each is compared with all files.
const MOST_HINTS: usize = 100;

fn name_of(path: &str) -> &str {
    &path[folder_of(path).len()..]
}

/// The path of a file as includes may write it.
fn without_extension(path: &str) -> Option<&str> {
    path.strip_suffix(".lkml").or_else(|| path.strip_suffix(".lookml"))
}

impl<'a> Includes<'a> {
    pub fn new(files: &'a Files, project: &'a str) -> Self {
        Self { files, project, found: HashMap::new(), missing: HashSet::new(), hints: 0 }
    }

    /// The LookML files that `include`, written in the file `path`, names, by path. A plain path that names nothing is
    /// a mistake; a pattern that does is not. A project that is not there is told at the first `include` that needs it.
    pub fn resolve(&mut self, include: &Text, path: &str) -> Result<Sources, Box<Diagnostic>> {
        let import = |project: &str| {
            let folder = format!("{IMPORTS}{project}/");
            let own = project == self.project;
            if own { Some(String::new()) } else { self.has_folder(&folder).then_some(folder) }
        };
        let Some(pattern) = absolute(&include.value, folder_of(path), root_of(path), import) else {
            return match self.project_that_is_missing(&include.value) {
                Some(project) if !self.missing.insert(project.to_owned()) => Ok([].into()),
                Some(project) => Err(Box::new(mistakes::include_of_unknown_project(include.location.clone(), project))),
                None => Err(Box::new(mistakes::include_without_match(include.location.clone()))),
            };
        };
        if !self.found.contains_key(&pattern) {
            let found = self.find(&Pattern::new(&pattern));
            self.found.insert(pattern.clone(), found);
        }
        let found = &self.found[&pattern];
        if !found.missing {
            return Ok(Arc::clone(&found.sources));
        }
        let help = self.nearest(&pattern).map(|path| format!("did you mean `{path}`?"));
        Err(Box::new(Diagnostic { help, ..mistakes::include_without_match(include.location.clone()) }))
    }

    /// The file that a plain path was probably meant to name, as includes write it: one of the same name in another
    /// folder, else one whose path is nearly the same.
    fn nearest(&mut self, path: &str) -> Option<String> {
        self.hints += 1;
        if self.hints > MOST_HINTS {
            return None;
        }
        let path = without_extension(path).unwrap_or(path);
        let known = || self.files.sources.keys().filter_map(|path| without_extension(path));
        let is_moved = |known: &&str| name_of(known) == name_of(path);
        let found = known().find(is_moved).or_else(|| suggest(path, known()))?;
        Some(found.strip_prefix(IMPORTS).map_or_else(|| format!("/{found}"), |imported| format!("//{imported}")))
    }

    /// The project that the path `include` begins with, when none of its files are there.
    fn project_that_is_missing<'i>(&self, include: &'i str) -> Option<&'i str> {
        let rest = include.strip_prefix("//")?;
        let project = rest.split('/').next().unwrap_or(rest);
        (project != self.project && !self.has_folder(&format!("{IMPORTS}{project}/"))).then_some(project)
    }

    fn has_folder(&self, folder: &str) -> bool {
        self.files
            .sources
            .range::<str, _>((Bound::Included(folder), Bound::Unbounded))
            .next()
            .is_some_and(|(path, _)| path.starts_with(folder))
    }

    fn find(&self, pattern: &Pattern) -> Found {
        let Files { sources, others } = self.files;
        if let Some(paths) = pattern.literal() {
            let named: Vec<_> = paths.iter().filter_map(|path| sources.get(&**path)).cloned().collect();
            let missing = named.is_empty() && !paths.iter().any(|path| others.contains(&**path));
            return Found { sources: named.into(), missing };
        }
        let folder = pattern.folder();
        let from = (Bound::Included(&*folder), Bound::Unbounded);
        let inside = sources.range::<str, _>(from).take_while(|(path, _)| path.starts_with(&*folder));
        let named = inside.filter(|(path, _)| pattern.matches(path)).map(|(_, file)| Arc::clone(file));
        Found { sources: named.collect(), missing: false }
    }
}
