//! Released documents, whose bytes are a promise: their hashes stand in `releases.toml`.

use std::path::Path;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::problem::Problems;

/// The name of the list in the contract's folder.
pub const FILE: &str = "releases.toml";

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Releases {
    #[serde(default)]
    document: Vec<Blessed>,
}

/// A document that was released.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Blessed {
    /// The API version, `4.0`.
    version: String,
    /// The release, `26.22`.
    release: String,
    /// SHA-256 of the file, in hex.
    sha256: String,
}

/// Every listed document must be there with the bytes that were blessed, and every document must be listed.
pub fn check(contract: &Path, problems: &mut Problems) {
    let text = std::fs::read_to_string(contract.join(FILE)).unwrap_or_default();
    let releases: Releases = match toml::from_str(&text) {
        Ok(releases) => releases,
        Err(error) => return problems.add(FILE, error.to_string()),
    };
    let folder = contract.join("blessed");
    let mut listed = Vec::new();
    for blessed in &releases.document {
        let name = format!("{}-{}.json", blessed.version, blessed.release);
        match std::fs::read(folder.join(&name)) {
            Err(_) => problems.add(FILE, format!("blessed/{name} is missing")),
            Ok(bytes) if hex(&Sha256::digest(&bytes)) != blessed.sha256 => {
                problems
                    .add(format!("blessed/{name}"), "changed since it was blessed; released documents never change");
            }
            Ok(_) => {}
        }
        listed.push(name);
    }
    let present = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    for name in present.map(|entry| entry.file_name().to_string_lossy().into_owned()) {
        if !listed.contains(&name) {
            problems.add(format!("blessed/{name}"), format!("stands in no line of {FILE}"));
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
