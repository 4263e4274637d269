//! What a validation of a project found, and until when that holds.

use super::ServedProject;
use belvedere_lookml::diagnostic::Diagnostic;
use belvedere_lookml::project::Project;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Bytes of a digest: as many as a commit's name has.
const DIGEST_BYTES: usize = 20;

/// What a validation of a project found.
#[derive(Debug)]
pub struct Validation {
    /// The state that was validated.
    pub project: Arc<Project>,
    /// What is wrong with it, by file and place.
    pub diagnostics: Vec<Diagnostic>,
    /// 40 hexadecimal digits that stand for paths and texts of all files.
    pub digest: String,
    /// How long it took.
    pub took: Duration,
}

impl ServedProject {
    /// Reads the folder, finds everything that is wrong with it, and keeps that for
    /// [`last_validation`](Self::last_validation). Takes its time: call it on a thread that may wait.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn validate(&self) -> io::Result<Arc<Validation>> {
        let started = Instant::now();
        self.reload()?;
        let project = self.as_saved();
        let diagnostics = project.diagnostics();
        let digest = digest(&project);
        let validation = Arc::new(Validation { project, diagnostics, digest, took: started.elapsed() });
        self.validation.store(Some(Arc::clone(&validation)));
        Ok(validation)
    }

    /// What the last validation found; `None` before the first.
    pub fn last_validation(&self) -> Option<Arc<Validation>> {
        self.validation.load_full()
    }

    /// Whether files were saved since a validation.
    pub fn changed_since(&self, validation: &Validation) -> bool {
        let saved = self.as_saved();
        !Arc::ptr_eq(&saved, &validation.project) && digest(&saved) != validation.digest
    }
}

/// Stands for paths and texts of the files that a project reads.
fn digest(project: &Project) -> String {
    let mut hash = Sha256::new();
    for file in project.files() {
        for part in [&*file.path, file.document.text()] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
    }
    hash.finalize()[..DIGEST_BYTES].iter().fold(String::new(), |mut digits, byte| {
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

#[cfg(test)]
mod tests {
    use super::ServedProject;
    use std::fs;
    use std::path::Path;

    const MODEL: &str = "connection: \"db\"\ninclude: \"*.view\"\nexplore: a {}\n";

    fn write(folder: &Path, name: &str, text: &str) {
        fs::write(folder.join(name), text).expect("it can be written");
    }

    fn opened() -> (tempfile::TempDir, ServedProject) {
        let folder = tempfile::tempdir().expect("a folder");
        write(folder.path(), "m.model.lkml", MODEL);
        write(folder.path(), "a.view.lkml", "view: a { dimension: x {} }\n");
        let project = ServedProject::open(folder.path()).expect("it can be read");
        (folder, project)
    }

    #[test]
    fn a_validation_sees_what_is_saved_now_and_is_stale_after_the_next_change() {
        let (folder, project) = opened();
        assert!(project.last_validation().is_none());
        let sound = project.validate().expect("it can be read");
        assert!(sound.diagnostics.is_empty() && !project.changed_since(&sound));
        write(folder.path(), "a.view.lkml", "view: a { dimension: x { sql: ${y} ;; } }\n");
        let mistaken = project.validate().expect("it can be read");
        assert_eq!(mistaken.diagnostics[0].id, "unknown-field");
        assert!(project.changed_since(&sound) && mistaken.digest != sound.digest);
        write(folder.path(), "a.view.lkml", "view: a { dimension: x {} }\n");
        project.reload().expect("it can be read");
        assert!(project.changed_since(&mistaken) && !project.changed_since(&sound), "the files are as they were");
    }

    #[test]
    fn a_file_with_a_syntax_error_is_told_but_not_served_until_it_is_mended() {
        let (folder, project) = opened();
        write(folder.path(), "a.view.lkml", "view: a { dimension: x {}\n");
        let broken = project.validate().expect("it can be read");
        assert_eq!(broken.diagnostics[0].id, "unclosed-block");
        let has = |field: &str| {
            let explore = project.snapshot().model("m").and_then(|model| model.explore("a").cloned());
            explore.is_some_and(|explore| explore.field(field).is_some())
        };
        assert!(has("a.x"), "the last good state is served");
        // A change elsewhere does not take that state away, and the mistake stays told.
        write(folder.path(), "b.view.lkml", "view: b {}\n");
        write(folder.path(), "readme.md", "# A");
        let still = project.validate().expect("it can be read");
        assert!(has("a.x") && still.diagnostics.iter().any(|found| found.id == "unclosed-block"));
        assert!(project.reload().expect("it can be read").is_none(), "nothing has changed since");
        write(folder.path(), "a.view.lkml", "view: a { dimension: z {} }\n");
        assert!(project.validate().expect("it can be read").diagnostics.is_empty());
        assert!(has("a.z") && !has("a.x"));
    }
}
