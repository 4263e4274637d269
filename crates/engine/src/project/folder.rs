//! The files of a project's folder.

use super::ProjectFile;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// Depth at which folders are no longer entered: a loop of links ends here.
const MAX_DEPTH: usize = 32;

/// A file larger than this is no LookML.
const MAX_BYTES: u64 = 64 << 20;

/// Reads every LookML file below `folder`, by path; of documents and maps only the path is taken. Hidden folders
/// (`.git`) are passed over.
pub(super) fn read(folder: &Path) -> io::Result<Vec<ProjectFile>> {
    let mut files = Vec::new();
    walk(folder, "", 0, &mut files)?;
    files.sort();
    Ok(files)
}

fn walk(folder: &Path, prefix: &str, depth: usize, files: &mut Vec<ProjectFile>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let Some(name) = entry.file_name().to_str().map(ToOwned::to_owned) else { continue };
        if name.starts_with('.') {
            continue;
        }
        let path = entry.path();
        // A file can vanish between the listing and here: an editor that saves by renaming does that.
        let Ok(metadata) = fs::metadata(&path) else { continue };
        let relative = format!("{prefix}{name}");
        if metadata.is_dir() && depth < MAX_DEPTH {
            walk(&path, &format!("{relative}/"), depth + 1, files)?;
        } else if metadata.is_file() && is_document(&name) {
            files.push((Arc::from(relative), Arc::from("")));
        } else if metadata.is_file() && is_lookml(&name) && metadata.len() <= MAX_BYTES {
            let Ok(bytes) = fs::read(&path) else { continue };
            let text = String::from_utf8_lossy(&bytes);
            files.push((Arc::from(relative), Arc::from(text)));
        }
    }
    Ok(())
}

/// True for the names that LookML and what belongs to it have.
fn is_lookml(name: &str) -> bool {
    [".lkml", ".lookml", ".strings.json"].iter().any(|ending| name.ends_with(ending))
}

/// True for the names of what stands beside LookML in a project.
fn is_document(name: &str) -> bool {
    [".md", ".topojson"].iter().any(|ending| name.ends_with(ending))
}
