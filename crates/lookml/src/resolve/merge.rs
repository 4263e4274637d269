//! How `extends` and refinements put objects together: the one place that knows, and it only follows the table of
//! parameters.
//!
//! Defaults never take part: they are applied to the merged object.

use super::mistakes::{self, Mistakes};
use super::object::{EXTENDED, Entry, Object, Text};
use crate::diagnostic::Location;
use crate::parameters::Merge;
use std::collections::HashSet;
use std::sync::Arc;

/// What a layer is to the layers below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    /// An object that is extended: parameters that are not inherited stay behind.
    Parent,
    /// The object's own content, laid over its parents: what it declares is declared here.
    Own,
    /// A refinement: what was declared before stays declared there.
    Refinement,
}

/// Lays `over` on `base`.
pub fn overlay(base: &mut Object, over: &Object, layer: Layer, mistakes: &mut Mistakes) {
    if layer != Layer::Refinement {
        base.location = over.location.clone();
    }
    base.spoiled.extend(&over.spoiled);
    for (parameter, entry) in &over.entries {
        match parameter.merge {
            Merge::Own if layer == Layer::Parent => {}
            Merge::Own | Merge::Replace => {
                let merged = replaced(base.entry(parameter.name), entry);
                base.set(parameter, merged);
            }
            Merge::Append => {
                let merged = appended(base.entry(parameter.name), entry);
                base.set(parameter, merged);
            }
            Merge::ByKey => {
                let merged = by_key(base.entry(parameter.name), entry, layer, mistakes);
                base.set(parameter, merged);
            }
        }
    }
    for (key, child) in &over.children {
        match base.children.get_mut(key) {
            Some(inherited) if inherited.parent == child.parent => {
                overlay(Arc::make_mut(inherited), child, layer, mistakes);
            }
            Some(inherited) => {
                let (before, now) = (inherited.parent.name, child.parent.name);
                mistakes.add(mistakes::changed_kind(child.location.clone(), &child.name, before, now));
                *inherited = Arc::clone(child);
            }
            None => {
                base.children.insert(key.clone(), Arc::clone(child));
            }
        }
    }
}

/// The new value, with what it takes over of the old one.
fn replaced(inherited: Option<&Entry>, entry: &Entry) -> Entry {
    match (inherited, entry) {
        (Some(Entry::Text(old)), Entry::Text(new)) => {
            Entry::Text(new.extending(&old.value).unwrap_or_else(|| new.clone()))
        }
        (Some(Entry::List(old)), Entry::List(new)) => Entry::List(with_extended(old, new)),
        _ => entry.clone(),
    }
}

/// `EXTENDED*` stands for the inherited items; of several the first.
fn with_extended(old: &[Text], new: &[Text]) -> Vec<Text> {
    let mut inherited = Some(old);
    let mut list = Vec::with_capacity(new.len());
    for text in new {
        if *text.value == *EXTENDED {
            list.extend(inherited.take().unwrap_or_default().iter().cloned());
        } else {
            list.push(text.clone());
        }
    }
    list
}

/// Both values, inherited first. What came here on two ways (two parents with one grandparent) counts once.
fn appended(inherited: Option<&Entry>, entry: &Entry) -> Entry {
    match (inherited, entry) {
        (Some(Entry::Blocks(old)), Entry::Blocks(new)) => Entry::Blocks(united(old, new, |block| &block.location)),
        (Some(Entry::Pairs(old)), Entry::Pairs(new)) => Entry::Pairs(united(old, new, |(field, _)| &field.location)),
        _ => entry.clone(),
    }
}

fn united<T: Clone>(old: &[T], new: &[T], place: impl Fn(&T) -> &Location) -> Vec<T> {
    let seen: HashSet<&Location> = old.iter().map(&place).collect();
    let added = new.iter().filter(|value| !seen.contains(place(value)));
    old.iter().chain(added).cloned().collect()
}

fn by_key(inherited: Option<&Entry>, entry: &Entry, layer: Layer, mistakes: &mut Mistakes) -> Entry {
    match (inherited, entry) {
        (Some(Entry::Block(old)), Entry::Block(new)) if old.name == new.name => {
            let mut merged = Object::clone(old);
            overlay(&mut merged, new, layer, mistakes);
            Entry::Block(Arc::new(merged))
        }
        _ => entry.clone(),
    }
}
