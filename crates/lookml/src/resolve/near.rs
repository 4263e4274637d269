//! What was probably meant by the name of a field that there is not.

use super::mistakes::Mistakes;
use crate::diagnostic::Diagnostic;
use crate::model::{Field, FieldKind, Timeframe, View};
use std::collections::HashMap;
use std::sync::Arc;

/// The dimension groups of a view. A group is no field; its timeframes are, as far as it lists them.
#[derive(Debug, Default)]
pub struct Groups {
    /// The first field of each group, and whether the group is one of times.
    first: HashMap<Arc<str>, (Arc<str>, bool)>,
}

impl Groups {
    /// The groups that `fields` belong to.
    pub fn of<'f>(fields: impl IntoIterator<Item = &'f Field>) -> Self {
        let mut first = HashMap::new();
        for field in fields {
            if let Some(group) = &field.group {
                let is_time = matches!(field.kind, FieldKind::Time(_));
                first.entry(Arc::clone(&group.name)).or_insert_with(|| (Arc::clone(&field.name), is_time));
            }
        }
        Self { first }
    }

    /// What to do about `name`, when it is that of a group, or a timeframe that its group does not list.
    fn help(&self, name: &str) -> Option<String> {
        if let Some((field, _)) = self.first.get(name) {
            return Some(format!("append a timeframe, such as `{field}`"));
        }
        name.match_indices('_').find_map(|(at, _)| {
            let (group, timeframe) = (&name[..at], &name[at + 1..]);
            let is_time = self.first.get(group).is_some_and(|&(_, is_time)| is_time);
            let missing = is_time && Timeframe::parse(timeframe).is_some();
            missing.then(|| format!("add `{timeframe}` to the `timeframes` of `{group}`"))
        })
    }

    /// Tells that no field is called `name`, with the one of `known` that was probably meant.
    pub fn unknown<'n>(
        &self,
        mistake: Diagnostic,
        name: &str,
        known: impl IntoIterator<Item = &'n str>,
        mistakes: &mut Mistakes,
    ) {
        match self.help(name) {
            Some(help) => mistakes.add(mistake.help(help)),
            None => mistakes.add_unknown(mistake, name, known),
        }
    }
}

/// How the name of a field is written.
#[derive(Debug, Clone, Copy)]
pub enum Written<'a> {
    /// `field`
    Short,
    /// `alias.field`
    Under(&'a str),
}

/// Tells that `view` has no field called `name`, with the one that was probably meant, as the name is written.
pub fn unknown_in(view: &View, written: Written<'_>, mistake: Diagnostic, name: &str, mistakes: &mut Mistakes) {
    if !mistakes.still_suggests() {
        return mistakes.add(mistake);
    }
    let groups = Groups::of(view.fields.values().map(|field| &**field));
    let names = view.fields.keys().map(|name| &**name);
    match written {
        Written::Short => groups.unknown(mistake, name, names, mistakes),
        Written::Under(alias) => {
            if let Some(help) = groups.help(name) {
                return mistakes.add(mistake.help(help));
            }
            let full: Vec<String> = names.map(|name| format!("{alias}.{name}")).collect();
            mistakes.add_unknown(mistake, &format!("{alias}.{name}"), full.iter().map(String::as_str));
        }
    }
}
