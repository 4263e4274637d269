//! The files of a project: those of its folder, and those of the projects that it imports.

use belvedere_lookml::diagnostic::Diagnostic;
use belvedere_lookml::project::{FileKind, IMPORTS, Manifest, Project};
use belvedere_lookml::syntax;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Path and text of a file of a project.
pub type ProjectFile = (Arc<str>, Arc<str>);

/// Where the files of a project lie.
#[derive(Debug, Clone)]
pub enum Source {
    /// In a folder.
    Folder(PathBuf),
    /// Inside the process.
    Memory(Vec<ProjectFile>),
}

/// What the manifest is called.
const MANIFEST: &str = "manifest.lkml";

/// Depth at which folders are no longer entered: a loop of links ends here.
const DEEPEST: usize = 32;

/// A file larger than this is no LookML.
const MOST_BYTES: u64 = 64 << 20;

/// The files of a project, read from a folder.
#[derive(Debug, Clone, Default)]
pub struct ProjectFiles {
    /// Paths and texts; of what a project does not read, such as documents, the text is left out.
    pub files: Vec<ProjectFile>,
    /// Bytes that are no text, one mistake for each file that has some.
    pub not_text: Vec<Diagnostic>,
}

impl ProjectFiles {
    /// Reads every file below `folder`. What is hidden (`.git`) is passed over.
    ///
    /// # Errors
    /// The folder or one of its files cannot be read; the error names it.
    pub fn read(folder: &Path) -> io::Result<Self> {
        Self::below(folder, "")
    }

    /// Reads a single file, which is called by its whole path.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn read_file(path: &Path) -> io::Result<Self> {
        let mut found = Self::default();
        found.file(path, path.to_string_lossy().into())?;
        Ok(found)
    }

    /// The files at `source`.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub(super) fn at(source: &Source) -> io::Result<Self> {
        match source {
            Source::Folder(folder) => Self::read(folder),
            Source::Memory(files) => Ok(Self { files: files.clone(), not_text: Vec::new() }),
        }
    }

    /// The project's name: `project_name` of the manifest, else the name of `folder`.
    pub fn name(&self, folder: &Path) -> String {
        named_by(self.manifest_text("").cloned(), folder)
    }

    /// Adds the files of the project that is imported as `name`, not those that it imports itself.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn add_import(&mut self, name: &str, source: &Source) -> io::Result<()> {
        let root = import_root(name);
        let is_own = |path: &str| path.strip_prefix(&root).is_some_and(|path| !path.starts_with(IMPORTS));
        match source {
            Source::Folder(folder) => {
                let found = Self::below(folder, &root)?;
                self.files.extend(found.files.into_iter().filter(|(path, _)| is_own(path)));
                self.not_text.extend(found.not_text.into_iter().filter(|mistake| is_own(&mistake.location.file)));
            }
            Source::Memory(files) => {
                let files = files.iter().map(|(path, text)| (Arc::from([&root, &**path].concat()), Arc::clone(text)));
                self.files.extend(files.filter(|(path, _): &ProjectFile| is_own(path)));
            }
        }
        Ok(())
    }

    /// Adds the files of the projects that the manifest imports, and of those that they import, as far as `find` knows
    /// them by name and they do not lie below `imported_projects/` already. Gives the names of those that were added.
    /// `before` stands in for a manifest with a syntax error.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn import(
        &mut self,
        before: Option<&Manifest>,
        find: impl Fn(&str) -> Option<Source>,
    ) -> io::Result<BTreeSet<Arc<str>>> {
        let own = self.manifest("");
        let own = own.as_ref().or(before.filter(|_| self.manifest_text("").is_some()));
        let mut open = own.map(Manifest::imports).unwrap_or_default();
        let mut added = BTreeSet::new();
        while let Some(name) = open.pop() {
            let root = import_root(&name);
            if self.files.iter().any(|(path, _)| path.starts_with(&root)) {
                continue;
            }
            let Some(source) = find(&name) else { continue };
            self.add_import(&name, &source)?;
            open.extend(self.manifest(&root).iter().flat_map(Manifest::imports));
            added.insert(name);
        }
        Ok(added)
    }

    /// What the manifest of the project at `root` says; `None` when there is none or it is broken.
    fn manifest(&self, root: &str) -> Option<Manifest> {
        let text = Arc::clone(self.manifest_text(root)?);
        Project::load("", vec![(MANIFEST.into(), text)]).manifest().cloned()
    }

    fn manifest_text(&self, root: &str) -> Option<&Arc<str>> {
        let found = self.files.iter().find(|(path, _)| path.strip_prefix(root) == Some(MANIFEST));
        found.map(|(_, text)| text)
    }

    fn below(folder: &Path, prefix: &str) -> io::Result<Self> {
        let mut found = Self::default();
        for file in files_below(folder)?.into_iter().filter(|file| file.bytes <= MOST_BYTES) {
            found.file(&file.path, format!("{prefix}{}", file.name).into())?;
        }
        Ok(found)
    }

    fn file(&mut self, path: &Path, name: Arc<str>) -> io::Result<()> {
        if !FileKind::of(&name).is_read() {
            self.files.push((name, "".into()));
            return Ok(());
        }
        let bytes = match fs::read(path) {
            // It was there when the folder was listed: an editor that saves by renaming does that.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            read => read.map_err(|error| named(path, &error))?,
        };
        let text = String::from_utf8_lossy(&bytes);
        if matches!(text, Cow::Owned(_)) {
            self.not_text.extend(syntax::parse_bytes(&name, &bytes).diagnostics.into_iter().take(1));
        }
        self.files.push((name, text.into()));
        Ok(())
    }
}

/// A file in a folder.
#[derive(Debug)]
pub struct FolderFile {
    /// Where it is.
    pub path: PathBuf,
    /// Its path from the folder, with `/`.
    pub name: String,
    /// How long it is.
    pub bytes: u64,
}

/// Every file below `folder`, in the order of their names. What is hidden (`.git`), and names that are no text, are
/// passed over.
///
/// # Errors
/// A folder cannot be read; the error names it.
pub fn files_below(folder: &Path) -> io::Result<Vec<FolderFile>> {
    let mut found = Vec::new();
    walk(folder, "", 0, &mut found)?;
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

fn walk(folder: &Path, prefix: &str, depth: usize, found: &mut Vec<FolderFile>) -> io::Result<()> {
    for entry in fs::read_dir(folder).map_err(|error| named(folder, &error))? {
        let entry = entry.map_err(|error| named(folder, &error))?;
        let Some(name) = entry.file_name().to_str().map(ToOwned::to_owned) else { continue };
        if name.starts_with('.') {
            continue;
        }
        let path = entry.path();
        // A file can vanish between the listing and here.
        let Ok(metadata) = fs::metadata(&path) else { continue };
        let name = format!("{prefix}{name}");
        if metadata.is_dir() && depth < DEEPEST {
            walk(&path, &format!("{name}/"), depth + 1, found)?;
        } else if metadata.is_file() {
            found.push(FolderFile { path, name, bytes: metadata.len() });
        }
    }
    Ok(())
}

/// The name of the project in `folder`, as [`ProjectFiles::name`]; only the manifest is read.
pub fn project_name(folder: &Path) -> String {
    named_by(fs::read_to_string(folder.join(MANIFEST)).ok().map(Into::into), folder)
}

/// `project_name` of a manifest, also of one with a syntax error elsewhere.
fn named_by(manifest: Option<Arc<str>>, folder: &Path) -> String {
    let said = manifest.and_then(|text| {
        let parsed = syntax::parse(&MANIFEST.into(), text);
        let name = parsed.document.items().find(|item| item.key() == "project_name")?;
        Some(name.scalar()?.text().into_owned()).filter(|name| !name.is_empty())
    });
    said.unwrap_or_else(|| {
        let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        folder.file_name().map_or_else(|| "project".to_owned(), |name| name.to_string_lossy().into_owned())
    })
}

/// Where the files of the project that is imported as `name` are shown.
fn import_root(name: &str) -> String {
    format!("{IMPORTS}{name}/")
}

/// An error that names what cannot be read.
fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::super::{Projects, ServedProject};
    use std::fs;
    use std::path::Path;
    use std::sync::Arc;

    fn write(folder: &Path, path: &str, text: &str) {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("it can be made");
        fs::write(path, text).expect("it can be written");
    }

    const SHOP: &str = r#"project_name: "shop" constant: MAIN { value: "core" } local_dependency: { project: "@{MAIN}" override_constant: SCHEMA { value: "mine" } }"#;
    const CORE: &str = r#"
        project_name: "core"
        local_dependency: { project: "base" }
        constant: SCHEMA { value: "main" export: override_optional }
    "#;

    /// A shop whose view comes from `core`, which extends one of `base`, which imports the shop.
    fn folders() -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        let at = folder.path();
        write(at, "shop/manifest.lkml", SHOP);
        write(at, "shop/shop.model.lkml", "connection: \"db\"\ninclude: \"//core/views/*.view\"\nexplore: a {}\n");
        write(at, "core/manifest.lkml", CORE);
        let view =
            "include: \"//base/*.view\"\nview: a { extends: [b] sql_table_name: @{SCHEMA}.a ;; dimension: x {} }\n";
        write(at, "core/views/a.view.lkml", view);
        write(at, "elsewhere/manifest.lkml", "project_name: \"base\"\nlocal_dependency: { project: \"shop\" }\n");
        write(at, "elsewhere/b.view.lkml", "view: b { extension: required dimension: y {} }\n");
        folder
    }

    fn projects(at: &Path) -> Projects {
        let folders = ["shop", "core", "elsewhere"].map(|name| ServedProject::open(&at.join(name)).expect("a project"));
        Projects::of(folders).expect("they can be read")
    }

    /// The fields of the explore, and its table.
    fn fields(projects: &Projects) -> Vec<String> {
        let (project, model) = projects.model("shop").expect("the model");
        assert!(project.diagnostics().is_empty(), "{:?}", project.diagnostics());
        let explore = model.explore("a").expect("the explore");
        let fields = explore.base().view.fields.keys().map(ToString::to_string);
        fields.chain([format!("{:?}", explore.base().view.source)]).collect()
    }

    #[test]
    fn a_project_sees_the_files_of_those_that_it_imports_and_of_those_that_they_import() {
        let folder = folders();
        let projects = projects(folder.path());
        let told = fields(&projects);
        assert_eq!(told[..2], ["y", "x"]);
        assert!(told[2].contains("mine.a"), "its own constant counts: {told:?}");
        let imports = |name: &str, other: &str| projects.get(name).is_some_and(|project| project.imports(other));
        assert!(imports("shop", "core") && imports("shop", "base") && imports("core", "base"));
        assert!(imports("base", "shop") && imports("base", "core"), "a circle ends");
        assert!(!imports("shop", "shop") && !imports("base", "base"));
        let shop = projects.get("shop").expect("the project").snapshot();
        let paths: Vec<&str> = shop.files().map(|file| &*file.path).collect();
        assert_eq!(
            paths,
            [
                "imported_projects/base/b.view.lkml",
                "imported_projects/base/manifest.lkml",
                "imported_projects/core/manifest.lkml",
                "imported_projects/core/views/a.view.lkml",
                "manifest.lkml",
                "shop.model.lkml",
            ]
        );
    }

    #[test]
    fn what_is_saved_in_an_imported_project_counts() {
        let folder = folders();
        let projects = projects(folder.path());
        let shop = Arc::clone(projects.get("shop").expect("the project"));
        assert!(shop.reload().expect("it can be read").is_none(), "nothing has changed");
        write(folder.path(), "elsewhere/b.view.lkml", "view: b { extension: required dimension: z {} }\n");
        let reloaded = shop.reload().expect("it can be read").expect("a change");
        assert_eq!(reloaded.changed, ["imported_projects/base/b.view.lkml".into()]);
        assert_eq!(fields(&projects)[0], "z");
        // A manifest with a syntax error takes nothing away; one without the dependency does.
        write(folder.path(), "shop/manifest.lkml", "project_name: \"shop\" local_dependency: { project: \"core\"");
        assert!(shop.reload().expect("it can be read").is_some_and(|reloaded| reloaded.changed.len() == 1));
        let model = shop.snapshot().model("shop").cloned().expect("the model");
        assert!(model.explore("a").is_some_and(|explore| explore.field("a.z").is_some()));
        write(folder.path(), "shop/manifest.lkml", "project_name: \"shop\"\n");
        shop.reload().expect("it can be read");
        assert!(!shop.imports("core") && shop.snapshot().file("imported_projects/core/manifest.lkml").is_none());
    }

    #[test]
    fn files_that_lie_in_the_project_are_the_import() {
        let folder = folders();
        let view = "view: a { sql_table_name: a ;; dimension: own {} }\n";
        write(folder.path(), "shop/imported_projects/core/views/a.view.lkml", view);
        let projects = projects(folder.path());
        assert!(!projects.get("shop").is_some_and(|project| project.imports("core")));
        let (_, model) = projects.model("shop").expect("the model");
        assert!(model.explore("a").is_some_and(|explore| explore.field("a.own").is_some()));
    }

    #[test]
    fn a_manifest_with_a_mistake_still_names_its_project() {
        let folder = folders();
        let at = folder.path().join("elsewhere");
        write(&at, "manifest.lkml", "project_name: \"base\"\nconstant: A { value: \n");
        assert_eq!(super::project_name(&at), "base");
        assert_eq!(&**ServedProject::open(&at).expect("a project").name(), "base");
        fs::remove_file(at.join("manifest.lkml")).expect("it can be removed");
        assert_eq!(super::project_name(&at), "elsewhere");
    }

    #[test]
    fn a_file_that_cannot_be_read_is_named() {
        let folder = folders();
        let error = ServedProject::open(&folder.path().join("nowhere")).expect_err("it is not there");
        assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
        fs::remove_dir_all(folder.path().join("core")).expect("it can be removed");
        let shop = ServedProject::open(&folder.path().join("shop")).expect("a project");
        assert!(Projects::of([shop]).is_ok(), "a project that is not served is not imported");
    }
}
