//! Putting a model together: its files in order of their includes, and the views and explores that they declare.

use super::cycle::{Knots, path, told};
use super::merge::{Layer, overlay};
use super::mistakes::{self, Mistakes};
use super::object::{Entry, Object, Text};
use super::read::Top;
use super::scope::{Scope, same_pointers};
use super::settings;
use crate::diagnostic::{Diagnostic, Location};
use crate::model::Model;
use crate::project::{Files, Includes, SourceFile, Translation};
use indexmap::IndexMap;
use std::collections::HashSet;
use std::sync::Arc;

/// Puts the model `name` together from its file and all that it includes.
pub fn assemble(
    project: &Arc<str>,
    name: &Arc<str>,
    file: &Arc<SourceFile>,
    all: &Files,
    translation: Translation,
) -> Model {
    let mut mistakes = Mistakes::default();
    let reached = Reached::from(file, Includes::new(all, project), &mut mistakes);
    let tops = reached.tops();
    let views = declarations(&VIEWS, &tops, &mut mistakes);
    let explores = declarations(&EXPLORES, &tops, &mut mistakes);
    let read: HashSet<&str> = reached.files.iter().map(|file| &*file.path).collect();
    let outside = all.sources.values().filter(|file| !read.contains(&*file.path)).cloned().collect();
    let scope = Scope::new(reached.files.clone(), outside, views, explores, mistakes);
    settings::model(project, name, file, &tops, translation, scope)
}

/// The files that a model reaches.
struct Reached {
    /// In order of their first inclusion.
    files: Vec<Arc<SourceFile>>,
    /// What they say, in order: an included file stands in the place of the `include`. File and parameter by index.
    order: Vec<(usize, usize)>,
}

/// What is left to do on the way through the includes.
enum Step {
    /// The parameters of a file from this one on.
    File(usize, usize),
    /// The included files from this one on.
    Included(Arc<[Arc<SourceFile>]>, usize),
}

impl Reached {
    fn from(file: &Arc<SourceFile>, mut includes: Includes<'_>, mistakes: &mut Mistakes) -> Self {
        let mut reached = Self { files: vec![Arc::clone(file)], order: Vec::new() };
        let mut seen = HashSet::from([Arc::clone(&file.path)]);
        let mut steps = vec![Step::File(0, 0)];
        while let Some(step) = steps.last_mut() {
            match step {
                Step::File(file, next) => {
                    let (index, source) = (*file, Arc::clone(&reached.files[*file]));
                    let Some(top) = source.content().tops.get(*next) else {
                        steps.pop();
                        continue;
                    };
                    reached.order.push((index, *next));
                    *next += 1;
                    for include in included(top) {
                        match includes.resolve(include, &source.path) {
                            Ok(files) => steps.push(Step::Included(files, 0)),
                            Err(mistake) => mistakes.add(*mistake),
                        }
                    }
                }
                Step::Included(files, next) => {
                    let Some(file) = files.get(*next).cloned() else {
                        steps.pop();
                        continue;
                    };
                    *next += 1;
                    if seen.insert(Arc::clone(&file.path)) {
                        steps.push(Step::File(reached.files.len(), 0));
                        reached.files.push(file);
                    }
                }
            }
        }
        reached
    }

    fn tops(&self) -> Vec<&Top> {
        self.order.iter().map(|&(file, top)| &self.files[file].content().tops[top]).collect()
    }
}

/// The pattern of an `include`.
fn included(top: &Top) -> &[Text] {
    match &top.entry {
        Entry::List(patterns) if top.parameter.name == "include" => patterns,
        _ => &[],
    }
}

/// A view or explore as it is declared in the whole model.
pub struct Declared {
    /// Everything that was written about it, merged.
    pub object: Arc<Object>,
    /// The blocks that were merged, each once: as long as they are the same, so is the object.
    layers: Vec<Arc<Object>>,
    /// True when parents are missing or go round in circles: it lacks what it should inherit.
    pub incomplete: bool,
    /// How many `extends` lie below it.
    depth: usize,
}

/// So many objects may extend each other in a row: each copies what it inherits.
const DEEPEST: usize = 100;

impl Declared {
    /// True when nothing changed between this and `other`.
    pub fn is_same(&self, other: &Self) -> bool {
        !self.incomplete && !other.incomplete && same_pointers(&self.layers, &other.layers)
    }
}

/// What differs between views and explores.
struct Kind {
    name: &'static str,
    duplicate: fn(Location, &Location, &str) -> Diagnostic,
    unknown: fn(Location, &str) -> Diagnostic,
}

const VIEWS: Kind = Kind { name: "view", duplicate: mistakes::duplicate_view, unknown: mistakes::unknown_view };
const EXPLORES: Kind =
    Kind { name: "explore", duplicate: mistakes::duplicate_explore, unknown: mistakes::unknown_explore };

/// One view or explore before merging.
struct Blocks<'a> {
    own: &'a Arc<Object>,
    refinements: Vec<&'a Arc<Object>>,
}

/// All views or explores of a model, refined and extended, in order of declaration.
fn declarations(kind: &Kind, tops: &[&Top], mistakes: &mut Mistakes) -> Vec<(Arc<str>, Declared)> {
    let blocks = blocks(kind, tops, mistakes);
    let parents: Vec<Parents> = blocks.values().map(|block| Parents::of(kind, block, &blocks, mistakes)).collect();
    let edges: Vec<Vec<usize>> = parents.iter().map(|parents| parents.indices().collect()).collect();
    let knots = Knots::new(&edges);
    for cycle in knots.cycles(&edges) {
        mistakes.add(circular(&cycle, &blocks, &parents));
    }
    let mut merged: Vec<Option<Declared>> = blocks.values().map(|_| None).collect();
    for index in knots.in_order() {
        let own = &blocks[index];
        let parents = &parents[index];
        let followed = parents.indices().filter(|&parent| !knots.closes_a_cycle(index, parent));
        let mut layers: Vec<&Declared> = followed.filter_map(|parent| merged[parent].as_ref()).collect();
        if layers.iter().any(|parent| parent.depth >= DEEPEST) {
            mistakes.add(mistakes::extends_too_deep(own.own.location.clone(), kind.name, &own.own.name, DEEPEST));
            layers.retain(|parent| parent.depth < DEEPEST);
        }
        let incomplete = layers.len() < parents.written || layers.iter().any(|parent| parent.incomplete);
        let declared = merge(own, &layers, incomplete, mistakes);
        merged[index] = Some(declared);
    }
    blocks.into_keys().zip(merged).filter_map(|(name, declared)| Some((Arc::clone(name), declared?))).collect()
}

/// Gathers the blocks by name. Of two definitions the later counts.
fn blocks<'a>(kind: &Kind, tops: &[&'a Top], mistakes: &mut Mistakes) -> IndexMap<&'a Arc<str>, Blocks<'a>> {
    let mut all: IndexMap<&Arc<str>, Blocks<'_>> = IndexMap::new();
    let mut refinements = Vec::new();
    for top in tops.iter().filter(|top| top.parameter.name == kind.name) {
        let Entry::Block(block) = &top.entry else { continue };
        if top.refinement {
            refinements.push(block);
        } else if let Some(first) = all.insert(&block.name, Blocks { own: block, refinements: Vec::new() }) {
            mistakes.add((kind.duplicate)(block.location.clone(), &first.own.location, &block.name));
        }
    }
    for refinement in refinements {
        if let Some(target) = all.get_mut(&refinement.name) {
            refine(kind, target, refinement, mistakes);
        } else {
            let mistake = (kind.unknown)(refinement.location.clone(), &refinement.name);
            mistakes.add_unknown(mistake, &refinement.name, all.keys().map(|name| &***name));
        }
    }
    all
}

/// Adds a refinement, unless what was there before is final.
fn refine<'a>(kind: &Kind, target: &mut Blocks<'a>, refinement: &'a Arc<Object>, mistakes: &mut Mistakes) {
    let last = target.refinements.last().copied().unwrap_or(target.own);
    if last.yes("final") == Some(true) {
        let at = refinement.location.clone();
        mistakes.add(mistakes::refinement_after_final(at, kind.name, &refinement.name, &last.location));
    } else {
        target.refinements.push(refinement);
    }
}

/// What a view or explore extends: first the parents that it names, then those that its refinements name.
struct Parents {
    /// Index and place; of a parent that is named twice the last.
    known: Vec<(usize, Location)>,
    /// How many different ones were written.
    written: usize,
}

impl Parents {
    fn of(kind: &Kind, block: &Blocks<'_>, all: &IndexMap<&Arc<str>, Blocks<'_>>, mistakes: &mut Mistakes) -> Self {
        let objects = std::iter::once(block.own).chain(block.refinements.iter().copied());
        let all_named: Vec<&Text> = objects.flat_map(|object| object.list("extends").unwrap_or_default()).collect();
        let mut seen = HashSet::new();
        let mut named: Vec<&Text> = all_named.into_iter().rev().filter(|parent| seen.insert(&parent.value)).collect();
        named.reverse();
        let mut known = Vec::new();
        for parent in &named {
            if let Some(index) = all.get_index_of(&parent.value) {
                known.push((index, parent.location.clone()));
            } else {
                let mistake = (kind.unknown)(parent.location.clone(), &parent.value);
                mistakes.add_unknown(mistake, &parent.value, all.keys().map(|name| &***name));
            }
        }
        Self { known, written: named.len() }
    }

    fn indices(&self) -> impl Iterator<Item = usize> {
        self.known.iter().map(|&(index, _)| index)
    }
}

/// The mistake of objects that extend each other.
fn circular(cycle: &[usize], blocks: &IndexMap<&Arc<str>, Blocks<'_>>, parents: &[Parents]) -> Diagnostic {
    let (at, nodes) = told(cycle, |child, parent| {
        let written = parents[child].known.iter().find(|(index, _)| *index == parent);
        written.map_or_else(|| blocks[child].own.location.clone(), |(_, location)| location.clone())
    });
    mistakes::circular_extends(at, &path(nodes.into_iter().map(|node| &*blocks[node].own.name)))
}

/// Each step overrides the former: parents, the object's own content, its refinements.
fn merge(blocks: &Blocks<'_>, parents: &[&Declared], incomplete: bool, mistakes: &mut Mistakes) -> Declared {
    let mut layers: Vec<Arc<Object>> = Vec::new();
    let mut seen = HashSet::new();
    let inherited = parents.iter().flat_map(|parent| &parent.layers);
    for layer in inherited.chain([blocks.own]).chain(blocks.refinements.iter().copied()) {
        if seen.insert(Arc::as_ptr(layer)) {
            layers.push(Arc::clone(layer));
        }
    }
    let depth = parents.iter().map(|parent| parent.depth + 1).max().unwrap_or(0);
    if layers.len() == 1 {
        return Declared { object: Arc::clone(blocks.own), layers, incomplete, depth };
    }
    let mut object = Object::new(blocks.own.parent, Arc::clone(&blocks.own.name), blocks.own.location.clone());
    for parent in parents {
        overlay(&mut object, &parent.object, Layer::Parent, mistakes);
    }
    overlay(&mut object, blocks.own, Layer::Own, mistakes);
    for refinement in &blocks.refinements {
        overlay(&mut object, refinement, Layer::Refinement, mistakes);
    }
    Declared { object: Arc::new(object), layers, incomplete, depth }
}
