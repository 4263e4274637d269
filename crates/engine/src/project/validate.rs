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
