//! Released documents, whose bytes are a promise: their hashes stand in `releases.toml`.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, ensure};
use belvedere_contract::release::leave_out_prose;
use belvedere_contract::{Document, Release, compare, report};
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::problem::Problems;

/// The name of the list in the contract's folder.
pub const FILE: &str = "releases.toml";
const FOLDER: &str = "blessed";

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Releases {
    #[serde(default)]
    document: Vec<Line>,
}

/// An entry of the list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    /// The API version, `4.0`.
    version: String,
    /// The release, `26.22`.
    release: String,
    /// SHA-256 of the file, in hex.
    sha256: String,
}

impl Line {
    fn name(&self) -> String {
        name(&self.version, &self.release)
    }
}

fn name(version: &str, release: impl std::fmt::Display) -> String {
    format!("{version}-{release}.json")
}

/// A document that was released.
#[derive(Debug)]
pub struct Blessed {
    /// The API version, `4.0`.
    pub version: String,
    /// The release whose document it is.
    pub release: Release,
    /// What it promises.
    pub content: Document,
}

/// Reads the documents in the order of the list. Every listed document must be there with the bytes that were blessed,
/// and every document must be listed.
pub fn read(contract: &Path, problems: &mut Problems) -> Vec<Blessed> {
    let text = std::fs::read_to_string(contract.join(FILE)).unwrap_or_default();
    let releases: Releases = match toml::from_str(&text) {
        Ok(releases) => releases,
        Err(error) => {
            problems.add(FILE, error.to_string());
            return Vec::new();
        }
    };
    let folder = contract.join(FOLDER);
    let documents = releases.document.iter().filter_map(|line| document(&folder, line, problems)).collect();
    let present = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    for name in present.map(|entry| entry.file_name().to_string_lossy().into_owned()) {
        if !releases.document.iter().any(|line| line.name() == name) {
            problems.add(format!("{FOLDER}/{name}"), format!("stands in no line of {FILE}"));
        }
    }
    documents
}

fn document(folder: &Path, line: &Line, problems: &mut Problems) -> Option<Blessed> {
    let name = line.name();
    let Ok(bytes) = std::fs::read(folder.join(&name)) else {
        problems.add(FILE, format!("{FOLDER}/{name} is missing"));
        return None;
    };
    let at = format!("{FOLDER}/{name}");
    if hash(&bytes) != line.sha256 {
        problems.add(at, "changed since it was blessed; released documents never change");
        return None;
    }
    let release = match line.release.parse() {
        Ok(release) => release,
        Err(error) => {
            problems.add(FILE, format!("{error}"));
            return None;
        }
    };
    match Document::parse(&bytes) {
        Ok(content) => Some(Blessed { version: line.version.clone(), release, content }),
        Err(error) => {
            problems.add(at, error.to_string());
            None
        }
    }
}

/// Blesses the document of a release: writes what it promises, and its hash into the list. Refuses what breaks the
/// newest document blessed before, and what is blessed already.
pub fn bless(contract: &Path, version: &str, release: Release, mut document: Value) -> anyhow::Result<()> {
    let mut problems = Problems::default();
    let before = read(contract, &mut problems);
    problems.into_result()?;
    let name = name(version, release);
    let path = contract.join(FOLDER).join(&name);
    ensure!(!path.exists(), "{FOLDER}/{name} is blessed already, and released documents never change");
    let earlier = before.iter().filter(|blessed| blessed.version == version && blessed.release < release);
    if let Some(last) = earlier.max_by_key(|blessed| blessed.release) {
        let comparison = compare(&last.content, &Document::read(&document)?, &[]);
        ensure!(!comparison.breaks(), "{}", report::text(&comparison, report::Colour::Plain));
        println!("{} to {}: {}", comparison.old, comparison.new, report::summary(&comparison));
    }
    leave_out_prose(&mut document);
    let text = crate::codegen::documents::lines(&document);
    std::fs::create_dir_all(contract.join(FOLDER)).and_then(|()| std::fs::write(&path, &text))?;
    let list = contract.join(FILE);
    let mut lines = std::fs::read_to_string(&list).unwrap_or_default();
    let hash = hash(text.as_bytes());
    let _ = write!(lines, "\n[[document]]\nversion = \"{version}\"\nrelease = \"{release}\"\nsha256 = \"{hash}\"\n");
    std::fs::write(&list, lines).with_context(|| format!("cannot write {}", list.display()))?;
    println!("blessed {FOLDER}/{name}: {} bytes, sha256 {hash}", text.len());
    Ok(())
}

/// SHA-256 in hex.
pub fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
