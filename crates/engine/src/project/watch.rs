//! Notices saved files: the next query uses them.

use super::{Projects, Reloaded, ServedProject};
use notify::{EventKind, RecursiveMode, Watcher as _};
use std::io;
use std::path::Path;
use std::sync::{Arc, mpsc};
use std::time::Duration;

/// An editor saves in several steps; the folder is read when it has been quiet for this long.
const QUIET: Duration = Duration::from_millis(20);

/// Watches the folder of a project until it is dropped.
pub struct Watcher {
    _watcher: notify::RecommendedWatcher,
}

impl Watcher {
    /// Watches the folder of `project`. On every change it is reloaded, then those of `projects` that import it; what
    /// came of each is handed to `tell`. `None` for a project without a folder.
    ///
    /// # Errors
    /// When the system gives no watch, such as on a network folder or past its limit of watches.
    pub fn start(
        project: Arc<ServedProject>,
        projects: &Projects,
        tell: impl Fn(&ServedProject, io::Result<Reloaded>) + Send + 'static,
    ) -> notify::Result<Option<Self>> {
        let Some(folder) = project.folder().map(Path::to_owned) else { return Ok(None) };
        let (sender, events) = mpsc::channel();
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            let touches = !matches!(&event, Ok(event) if matches!(event.kind, EventKind::Access(_)));
            if touches {
                let _ = sender.send(());
            }
        })?;
        watcher.watch(&folder, RecursiveMode::Recursive)?;
        let others: Vec<_> = projects.iter().filter(|other| other.name() != project.name()).cloned().collect();
        std::thread::Builder::new().name(format!("watch {}", project.name())).spawn(move || {
            while events.recv().is_ok() {
                while events.recv_timeout(QUIET).is_ok() {}
                let importing = others.iter().filter(|other| other.imports(project.name()));
                for changed in std::iter::once(&project).chain(importing) {
                    if let Some(reloaded) = changed.reload().transpose() {
                        tell(changed, reloaded);
                    }
                }
            }
        })?;
        Ok(Some(Self { _watcher: watcher }))
    }
}

impl std::fmt::Debug for Watcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Watcher")
    }
}
