//! The files of a project that are read.

use super::strings::{self, Strings};
use super::{Constants, root_of};
use crate::diagnostic::Diagnostic;
use crate::parameters::{FILE, MANIFEST};
use crate::resolve::{FileContent, mistakes, read};
use crate::syntax::{self, Document};
use crate::yaml::{self, Node};
use std::hash::{DefaultHasher, Hasher};
use std::sync::{Arc, OnceLock};

/// What a file of a project is, by its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// `*.model.lkml`
    Model,
    /// `*.view.lkml`
    View,
    /// `*.explore.lkml`
    Explore,
    /// `manifest.lkml` at the root of a project.
    Manifest,
    /// `manifest_lock.lkml` at the root of a project.
    Lock,
    /// `*.dashboard.lookml`, `*.dashboard.lkml`
    Dashboard,
    /// Any other `.lkml` file; `.lookml` files, which held LookML as YAML.
    Lookml,
    /// `<locale>.strings.json`
    Strings,
    /// `*.md`
    Document,
    /// Anything else.
    Other,
}

impl FileKind {
    /// The kind of the file at `path`.
    pub fn of(path: &str) -> Self {
        let ends = |ending: &str| path.ends_with(ending);
        match path.strip_prefix(root_of(path)) {
            Some("manifest.lkml") => return Self::Manifest,
            Some("manifest_lock.lkml") => return Self::Lock,
            _ => {}
        }
        if ends(".dashboard.lookml") || ends(".dashboard.lkml") {
            Self::Dashboard
        } else if ends(".model.lkml") {
            Self::Model
        } else if ends(".view.lkml") {
            Self::View
        } else if ends(".explore.lkml") {
            Self::Explore
        } else if ends(".lkml") || ends(".lookml") {
            Self::Lookml
        } else if strings::locale_of(path).is_some() {
            Self::Strings
        } else if ends(".md") {
            Self::Document
        } else {
            Self::Other
        }
    }

    /// The word that the API has for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::View => "view",
            Self::Explore => "explore",
            Self::Manifest => "manifest",
            Self::Dashboard => "dashboard",
            Self::Lock | Self::Lookml => "lookml",
            Self::Strings => "strings",
            Self::Document => "document",
            Self::Other => "other",
        }
    }

    /// True for what a project reads.
    pub const fn is_read(self) -> bool {
        !matches!(self, Self::Document | Self::Other)
    }
}

/// A file of a project that is read.
#[derive(Debug)]
pub struct SourceFile {
    /// Path from the root of the project, with `/`.
    pub path: Arc<str>,
    /// What it is.
    pub kind: FileKind,
    /// Hash of the text.
    pub hash: u64,
    /// The text with its tree; dashboards and strings have no tree of this kind.
    pub document: Arc<Document>,
    /// What is wrong with the syntax.
    pub diagnostics: Vec<Diagnostic>,
    /// What a dashboard file holds.
    pub(super) yaml: Vec<Arc<Node>>,
    /// What a strings file holds.
    pub(super) strings: Option<Arc<Strings>>,
    constants: Arc<Constants>,
    content: OnceLock<FileContent>,
}

impl SourceFile {
    /// What the file says; nothing when its syntax is broken.
    pub(crate) fn content(&self) -> &FileContent {
        self.content.get_or_init(|| {
            let parent = match self.kind {
                FileKind::Manifest => &MANIFEST,
                FileKind::Lock | FileKind::Dashboard | FileKind::Strings => return FileContent::default(),
                _ => &FILE,
            };
            if self.document.has_errors() {
                FileContent::default()
            } else {
                read(&self.document, parent, &self.constants)
            }
        })
    }

    /// The documents of a dashboard file; none for other files.
    pub(crate) fn yaml(&self) -> &[Arc<Node>] {
        &self.yaml
    }

    /// A text of the file with its constants replaced.
    pub(crate) fn expand(&self, text: &str) -> String {
        self.constants.expand(text, |_, _| {}).into_owned()
    }
}

/// A file that is parsed, before it is known which constants it sees.
pub(super) struct Parsed {
    path: Arc<str>,
    hash: u64,
    pub(super) document: Arc<Document>,
    diagnostics: Vec<Diagnostic>,
    yaml: Vec<Arc<Node>>,
    strings: Option<Arc<Strings>>,
    before: Option<Arc<SourceFile>>,
}

impl Parsed {
    /// Parses a file, unless its text is that of `before`.
    pub fn new(path: Arc<str>, text: Arc<str>, before: Option<&Arc<SourceFile>>) -> Self {
        if let Some(same) =
            before.filter(|file| Arc::ptr_eq(file.document.source(), &text) || *file.document.text() == *text)
        {
            return Self {
                path,
                hash: same.hash,
                document: Arc::clone(&same.document),
                diagnostics: Vec::new(),
                yaml: Vec::new(),
                strings: None,
                before: Some(Arc::clone(same)),
            };
        }
        let hash = hash(&text);
        let plain = |text: Arc<str>, broken| Arc::new(Document::plain(Arc::clone(&path), text, broken));
        let (mut yaml, mut strings, mut diagnostics) = (Vec::new(), None, Vec::new());
        let document = match FileKind::of(&path) {
            FileKind::Dashboard => match yaml::parse(&text) {
                Ok(documents) => {
                    yaml = documents;
                    plain(text, false)
                }
                Err(error) => {
                    let document = plain(text, true);
                    let at = document.location(error.span);
                    diagnostics.push(mistakes::invalid_yaml(at, &error.message, error.help));
                    document
                }
            },
            FileKind::Strings => match strings::read(&text) {
                Ok(texts) => {
                    strings = Some(Arc::new(texts));
                    plain(text, false)
                }
                Err((span, message)) => {
                    let document = plain(text, true);
                    diagnostics.push(mistakes::invalid_strings(document.location(span), &message));
                    document
                }
            },
            _ => {
                let parsed = syntax::parse(&path, text);
                diagnostics = parsed.diagnostics;
                parsed.document
            }
        };
        Self { path, hash, document, diagnostics, yaml, strings, before: None }
    }

    /// The file with the constants that it sees; the one from before where nothing changed.
    pub fn seeing(self, constants: &Arc<Constants>) -> Arc<SourceFile> {
        let (diagnostics, yaml, strings) = match self.before {
            Some(same) if Arc::ptr_eq(&same.constants, constants) || same.constants == *constants => return same,
            Some(same) => (same.diagnostics.clone(), same.yaml.clone(), same.strings.clone()),
            None => (self.diagnostics, self.yaml, self.strings),
        };
        Arc::new(SourceFile {
            kind: FileKind::of(&self.path),
            path: self.path,
            hash: self.hash,
            document: self.document,
            diagnostics,
            yaml,
            strings,
            constants: Arc::clone(constants),
            content: OnceLock::new(),
        })
    }
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(text.as_bytes());
    hasher.finish()
}
