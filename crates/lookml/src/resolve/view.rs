//! Views: once per model, shared by all explores that use them.

use super::field::{Expanded, Surroundings, dimension, drill_references, filter, parameter, place, references};
use super::group::dimension_group;
use super::lists::{self, ViewNames};
use super::measure::{aggregates_its_sql, measure};
use super::mistakes::{self, Mistakes};
use super::near::Groups;
use super::object::{FIELDS, Object};
use super::references::{How, Reference};
use super::scope::Read;
use super::{calendar, derived, field_checks, liquid_checks, localize, names, table};
use crate::diagnostic::Diagnostic;
use crate::model::{Category, Field, FieldKind, Model, View};
use crate::parameters::{DIMENSION, DIMENSION_GROUP, FILTER, MEASURE};
use indexmap::{IndexMap, IndexSet};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// A view, with what explores must check about it.
#[derive(Debug)]
pub struct ResolvedView {
    pub view: Arc<View>,
    /// Its fields as they are declared, dimension groups whole.
    pub declared: Vec<DeclaredField>,
    /// Index in `declared` of each field, listed or not.
    pub of_field: HashMap<Arc<str>, usize>,
    /// References that no field makes: `drill_fields` of the view, tables in the SQL of a derived table.
    pub own_references: Vec<Reference>,
    /// What it was resolved from.
    pub reads: Vec<Read>,
}

/// A field as it is declared.
#[derive(Debug)]
pub struct DeclaredField {
    /// The name of the field or group.
    pub name: Arc<str>,
    /// The fields that are listed for it.
    pub fields: Vec<Arc<str>>,
    pub role: Role,
    pub references: Vec<Reference>,
}

/// What a field may refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Dimensions refer to dimensions.
    Dimension,
    /// A measure that aggregates its SQL refers to dimensions.
    Aggregate,
    /// Other measures, filters and parameters refer to anything.
    Other,
}

impl Role {
    fn of(field: &Field) -> Self {
        match (field.category, &field.kind) {
            (Category::Dimension, _) => Self::Dimension,
            (_, FieldKind::Measure(kind)) if aggregates_its_sql(*kind) => Self::Aggregate,
            _ => Self::Other,
        }
    }

    /// Tells when a field of this role refers to `target` and must not.
    pub fn check(self, reference: &Reference, target: &Field, mistakes: &mut Mistakes) {
        if reference.how != How::Sql || target.category != Category::Measure {
            return;
        }
        let at = reference.location.clone();
        match self {
            Self::Dimension => mistakes.add(mistakes::measure_in_dimension(at)),
            Self::Aggregate => mistakes.add(mistakes::aggregate_of_measure(at)),
            Self::Other => {}
        }
    }
}

/// Resolves the merged object of a view.
pub fn resolve(model: &Model, object: &Object) -> ResolvedView {
    let mut mistakes = Mistakes::default();
    let around =
        Surroundings { model, view: &object.name, hidden: object.yes("fields_hidden_by_default").unwrap_or(false) };
    let mut reads = vec![Read::View(Arc::clone(&object.name))];
    let source = derived::source(model, object, &mut reads, &mut mistakes);
    let (source, sql_in_development) = derived::by_mode(source);
    let objects: Vec<&Arc<Object>> = object.children(FIELDS).collect();
    let mut built = Fields::of(&objects, &around, &mut mistakes);
    let listed: IndexSet<Arc<str>> = built.listed.keys().cloned().collect();
    calendar::check(object, &built.listed, &mut mistakes);
    reads.extend(calendar::reads(object));
    let unlisted: HashSet<Arc<str>> = built.unlisted.keys().cloned().collect();
    let groups = Groups::of(built.listed.values());
    let names = ViewNames { view: &object.name, fields: &listed, unlisted: &unlisted, groups: &groups };
    let sets = lists::sets(&names, object, &mut mistakes);
    drill(&mut built, object, &objects, &names, &sets, &mut mistakes);
    check(object, &built, &groups, &mut mistakes);
    field_checks::check(model, object, |name| built.get(name), &mut reads, &mut mistakes);
    localize::check(model, object, &mut mistakes);
    names::check(model, object, &mut mistakes);
    liquid_checks::check(model, object, &mut reads, &mut mistakes);
    let own_references = own_references(object, model, &mut reads, &mut mistakes);
    if model.scope.is_incomplete_view(&object.name) {
        mistakes.forget(&[
            "unknown-field",
            "unknown-set",
            "missing-sql",
            "missing-parameter",
            "filters-on-non-aggregate",
            "not-a-measure",
            "not-a-parameter",
            "unknown-suggestion",
            "unknown-liquid-variable",
        ]);
    }
    let view = View {
        name: Arc::clone(&object.name),
        label: localize::text(model, object, "label").or_else(|| localize::text(model, object, "view_label")),
        source,
        sql_in_development,
        creation: object.block("derived_table").and_then(|derived| table::creation(derived)),
        materialization: object.block("derived_table").and_then(|derived| table::materialization(derived)),
        primary_key: primary_key(object, &built, &objects, &mut mistakes),
        fields: shared(built.listed),
        unlisted: shared(built.unlisted),
        sets,
        required_access_grants: object.names("required_access_grants"),
        suggestions: object.yes("suggestions").unwrap_or(true),
        errors: mistakes.into_vec_of(&model.name),
        location: object.location.clone(),
    };
    ResolvedView { view: Arc::new(view), declared: built.declared, of_field: built.of_field, own_references, reads }
}

fn shared(fields: IndexMap<Arc<str>, Field>) -> IndexMap<Arc<str>, Arc<Field>> {
    fields.into_iter().map(|(name, field)| (name, Arc::new(field))).collect()
}

/// The fields of a view while it is being made.
#[derive(Default)]
struct Fields {
    listed: IndexMap<Arc<str>, Field>,
    unlisted: IndexMap<Arc<str>, Field>,
    declared: Vec<DeclaredField>,
    of_field: HashMap<Arc<str>, usize>,
}

impl Fields {
    fn of(objects: &[&Arc<Object>], around: &Surroundings<'_>, mistakes: &mut Mistakes) -> Self {
        let mut fields = Self::default();
        for object in objects {
            let name = format!("{}.{}", around.view, object.name);
            mistakes.about(&name, |mistakes| {
                let expanded = expanded(object, around, mistakes);
                fields.declare(object, expanded, mistakes);
            });
        }
        fields.unlisted.retain(|name, _| !fields.listed.contains_key(name));
        fields
    }

    fn declare(&mut self, object: &Object, expanded: Expanded, mistakes: &mut Mistakes) {
        let index = self.declared.len();
        self.declared.push(DeclaredField {
            name: Arc::clone(&object.name),
            fields: expanded.fields.iter().map(|field| Arc::clone(&field.name)).collect(),
            role: expanded.fields.first().map_or(Role::Other, Role::of),
            references: references(object)
                .into_iter()
                .chain(drill_references(object.list("drill_fields").unwrap_or_default()))
                .collect(),
        });
        for field in expanded.fields {
            self.of_field.insert(Arc::clone(&field.name), index);
            if let Some(first) = self.listed.get(&field.name) {
                let kinds = (first.category.as_str(), field.category.as_str());
                let at = field.location.clone();
                mistakes.add(mistakes::duplicate_field(at, &first.location, &field.name, kinds));
            }
            self.listed.insert(Arc::clone(&field.name), field);
        }
        for field in expanded.unlisted {
            self.of_field.entry(Arc::clone(&field.name)).or_insert(index);
            self.unlisted.insert(Arc::clone(&field.name), field);
        }
    }

    fn get(&self, name: &str) -> Option<&Field> {
        self.listed.get(name).or_else(|| self.unlisted.get(name))
    }
}

fn expanded(object: &Object, around: &Surroundings<'_>, mistakes: &mut Mistakes) -> Expanded {
    if *object.parent == DIMENSION {
        dimension(object, around, mistakes)
    } else if *object.parent == DIMENSION_GROUP {
        dimension_group(object, around, mistakes)
    } else if *object.parent == MEASURE {
        measure(object, around, mistakes)
    } else if *object.parent == FILTER {
        filter(object, around, mistakes)
    } else {
        parameter(object, around, mistakes)
    }
}

/// Gives each field its `drill_fields`: its own, or for a measure without any those of the view.
fn drill(
    built: &mut Fields,
    view: &Object,
    objects: &[&Arc<Object>],
    names: &ViewNames<'_>,
    sets: &IndexMap<Arc<str>, Vec<Arc<str>>>,
    mistakes: &mut Mistakes,
) {
    let set = |name: &str| sets.get(name).map(Vec::as_slice);
    let of_view = view.list("drill_fields").unwrap_or_default();
    let of_view = lists::in_view(names, of_view, set, &view.name, mistakes);
    for (object, declared) in objects.iter().zip(&built.declared) {
        let drill_fields = match object.list("drill_fields") {
            Some(own) => {
                let by = format!("{}.{}", names.view, object.name);
                lists::in_view(names, own, set, &by, mistakes)
            }
            None if *object.parent == MEASURE => of_view.clone(),
            None => continue,
        };
        for name in &declared.fields {
            if let Some(field) = built.listed.get_mut(name) {
                field.drill_fields.clone_from(&drill_fields);
            }
        }
    }
}

/// The field with `primary_key: yes`. Of several the first counts.
fn primary_key(view: &Object, built: &Fields, objects: &[&Arc<Object>], mistakes: &mut Mistakes) -> Option<Arc<str>> {
    let mut keys = built.listed.values().filter(|field| field.primary_key);
    let written = |field: &Field| place(objects[built.of_field[&field.name]], "primary_key");
    let first = keys.next()?;
    for other in keys {
        let first = (&*first.name, &written(first));
        mistakes.add(mistakes::multiple_primary_keys(written(other), &view.name, first, &other.name));
    }
    Some(Arc::clone(&first.name))
}

/// Checks the references inside the view: those without a view before the dot.
fn check(view: &Object, built: &Fields, groups: &Groups, mistakes: &mut Mistakes) {
    for declared in &built.declared {
        let by = format!("{}.{}", view.name, declared.name);
        mistakes.about(&by, |mistakes| {
            for reference in declared.references.iter().filter(|reference| reference.view.is_none()) {
                if let Some(target) = built.get(&reference.name) {
                    declared.role.check(reference, target, mistakes);
                } else {
                    let mistake = unknown_name(reference, &view.name, &by);
                    groups.unknown(mistake, &reference.name, built.listed.keys().map(|name| &**name), mistakes);
                }
            }
        });
    }
}

/// The mistake of a reference to a field that is not there.
pub fn unknown_name(reference: &Reference, alias: &str, by: &str) -> Diagnostic {
    let at = reference.location.clone();
    match reference.how {
        How::Filter => mistakes::unknown_field_in_filter(at, &reference.written()),
        How::Name => mistakes::unknown_short_field(at, &reference.written()),
        How::Sql if reference.view.is_none() && reference.name.eq_ignore_ascii_case("TABLE") => {
            mistakes::unknown_field(at, &format!("{alias}.{}", reference.name), by)
                .help("the view's table is `${TABLE}`")
        }
        How::Sql | How::Drill | How::Table => mistakes::unknown_field(at, &format!("{alias}.{}", reference.name), by),
    }
}

/// References that no field makes. Tables that the SQL of a derived table names must be views of the model.
fn own_references(view: &Object, model: &Model, reads: &mut Vec<Read>, mistakes: &mut Mistakes) -> Vec<Reference> {
    let mut found = drill_references(view.list("drill_fields").unwrap_or_default());
    let tables = derived::tables(view);
    for table in &tables {
        let Some(name) = &table.view else { continue };
        reads.push(Read::View(Arc::clone(name)));
        if model.scope.view_object(name).is_none() {
            let mistake = mistakes::unknown_view_of_field(table.location.clone(), name, &model.name);
            model.scope.unknown_view(mistake, name, mistakes);
        }
    }
    found.extend(tables);
    found
}
