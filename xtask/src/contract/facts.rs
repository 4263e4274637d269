//! Compares documents with listings of the product's own: names, paths, parameters, types and flags.
//!
//! A folder holds listings as `api-<version>.json` (all of a version) and `api-<version>-release-<release>.json` (what
//! a later release adds and drops). Both sides are laid out as entries with aspects, `parameter look(fields)`: `type`,
//! `required`..., and compared entry by entry.

mod listing;
mod ours;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, ensure};
use serde_json::Value;

/// What there is: by kind and name, each aspect of it.
pub type Entries = BTreeMap<(Kind, String), BTreeMap<&'static str, String>>;

/// The kinds of entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// An operation.
    Operation,
    /// A parameter of one.
    Parameter,
    /// The body of one.
    Body,
    /// An answer of one.
    Answer,
    /// A schema.
    Schema,
    /// A property of one.
    Property,
}

impl Kind {
    const ALL: [(Kind, &'static str); 6] = [
        (Kind::Operation, "operations"),
        (Kind::Parameter, "parameters"),
        (Kind::Body, "bodies"),
        (Kind::Answer, "answers"),
        (Kind::Schema, "schemas"),
        (Kind::Property, "properties"),
    ];
}

/// A listing: which document it lists, and what is in it.
pub struct Listing {
    /// The API version.
    pub version: String,
    /// The release.
    pub release: String,
    /// What the document has.
    pub entries: Entries,
    /// Operations whose answers the listing does not tell.
    pub open: BTreeSet<String>,
}

/// Compares every listing in a folder with our document of that version and release; the error tells how many differ.
pub fn compare(folder: &Path, document: impl Fn(&str, &str) -> anyhow::Result<Option<Value>>) -> anyhow::Result<()> {
    let mut wrong = 0;
    for listing in listing::read(folder)? {
        let name = format!("{} at {}", listing.version, listing.release);
        let Some(document) = document(&listing.version, &listing.release)? else {
            println!("{name}: there is no document of ours");
            continue;
        };
        let mut ours = ours::entries(&document).with_context(|| format!("our document of {name}"))?;
        ours.retain(|(kind, entry), _| *kind != Kind::Answer || !listing.open.contains(listing::owner(entry)));
        wrong += report(&name, &listing.entries, &ours);
    }
    ensure!(wrong == 0, "{wrong} entries are not those of the listings");
    Ok(())
}

/// Prints what differs and the counts of each kind; gives how many entries differ.
fn report(name: &str, theirs: &Entries, ours: &Entries) -> usize {
    println!("{name}:");
    let mut wrong = 0;
    for (kind, word) in Kind::ALL {
        let of = |entries: &Entries| entries.keys().filter(|(other, _)| *other == kind).count();
        let (mut missing, mut extra, mut differing) = (0, 0, 0);
        for ((_, entry), aspects) in theirs.iter().filter(|((other, _), _)| *other == kind) {
            match ours.get(&(kind, entry.clone())) {
                None => {
                    missing += 1;
                    println!("  missing: {entry}");
                }
                Some(have) => {
                    let found = differences(aspects, have);
                    differing += usize::from(!found.is_empty());
                    for found in found {
                        println!("  differs: {entry}: {found}");
                    }
                }
            }
        }
        for (_, entry) in
            ours.keys().filter(|(other, entry)| *other == kind && !theirs.contains_key(&(kind, entry.clone())))
        {
            extra += 1;
            println!("  extra: {entry}");
        }
        println!("  {word}: {} listed, {missing} missing, {extra} extra, {differing} differing", of(theirs));
        wrong += missing + extra + differing;
    }
    wrong
}

/// The aspects that the listing knows and our document has otherwise.
fn differences(theirs: &BTreeMap<&'static str, String>, ours: &BTreeMap<&'static str, String>) -> Vec<String> {
    let known = theirs.iter();
    known
        .filter_map(|(aspect, value)| {
            let have = ours.get(aspect).map_or("", String::as_str);
            (have != value).then(|| format!("{aspect} is `{have}`, listed as `{value}`"))
        })
        .collect()
}
