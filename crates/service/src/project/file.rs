//! The files of a project. Only what the last reading of its folder found is told; no path of a caller is opened.

use belvedere_api::types;
use belvedere_lookml::project::{FileKind, Project};
use indexmap::IndexMap;

/// The paths of all files, in order.
pub(super) fn paths(project: &Project) -> Vec<&str> {
    let read = project.files().map(|file| &*file.path);
    let mut paths: Vec<&str> = read.chain(project.other_files().map(|path| &**path)).collect();
    paths.sort_unstable();
    paths
}

/// What is known of a file by its path.
pub(super) fn described(path: &str) -> types::ProjectFile {
    let name = path.rsplit('/').next().unwrap_or(path);
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    let title = [".lkml", ".lookml"].iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name);
    types::ProjectFile {
        can: Some(IndexMap::new()),
        id: Some(path.to_owned()),
        path: Some(path.to_owned()),
        title: Some(title.to_owned()),
        r#type: Some(FileKind::of(path).as_str().to_owned()),
        extension: extension.map(str::to_owned),
        mime_type: Some(mime_type(extension).to_owned()),
        editable: Some(false),
        ..types::ProjectFile::default()
    }
}

fn mime_type(extension: Option<&str>) -> &'static str {
    match extension {
        Some("md") => "text/markdown",
        Some("json" | "topojson") => "application/json",
        _ => "text/plain",
    }
}
