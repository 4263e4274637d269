//! What can be wrong with an explore: names that cannot be reached, joins and fields that go round in circles.

use super::cycle::{Knots, path, told};
use super::filter_values;
use super::join;
use super::mistakes::{self, Mistakes};
use super::near::{self, Written};
use super::object::{Object, Text};
use super::references::{How, Reference, in_sql, qualifiers, split_name};
use super::view::{DeclaredField, ResolvedView, unknown_name};
use crate::diagnostic::{Diagnostic, Location};
use crate::model::{Explore, ExploreView, Field, FieldKind, MeasureKind, Model, Relationship, ViewSource};
use crate::sql::{aggregates_by_hand, has_liquid};
use indexmap::IndexMap;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Adds everything that is wrong with `explore`, which was made of `object`. `removed` are for each view the fields
/// that the explore's own `fields` takes away.
pub fn check(
    model: &Model,
    object: &Object,
    explore: &Explore,
    removed: &[HashSet<Arc<str>>],
    mistakes: &mut Mistakes,
) {
    let checks = Checks::new(model, object, explore, removed);
    checks.joins(mistakes);
    checks.filters(mistakes);
    checks.fields(mistakes);
    checks.circles_of_joins(mistakes);
    checks.circles_of_fields(mistakes);
    checks.queries(mistakes);
    checks.tables(mistakes);
}

/// Tells that `field` names the view `alias`, which is not in the explore.
pub fn unknown_alias(at: Location, alias: &str, field: &str, explore: &str, model: &Model, mistakes: &mut Mistakes) {
    if model.scope.view_object(alias).is_some() {
        mistakes.add(mistakes::inaccessible_view(at, alias, field, explore));
    } else {
        let mistake = mistakes::unknown_view_of_field(at, alias, &model.name);
        model.scope.unknown_view(mistake, alias, mistakes);
    }
}

struct Checks<'a> {
    model: &'a Model,
    object: &'a Object,
    explore: &'a Explore,
    /// The views of the explore by their aliases.
    views: IndexMap<&'a str, (&'a ExploreView, Option<&'a Arc<ResolvedView>>)>,
    /// Aliases of views that do not exist. That was told where they are named; what refers to them is no new mistake.
    missing: HashSet<&'a str>,
    /// Fields that do not exist here, by the alias of their view.
    removed: HashMap<&'a str, &'a HashSet<Arc<str>>>,
}

/// Where the field of a reference is.
enum Target<'a> {
    Found(&'a ExploreView, &'a Arc<Field>),
    NoView,
    NoField(&'a ExploreView),
}

impl<'a> Checks<'a> {
    fn new(model: &'a Model, object: &'a Object, explore: &'a Explore, removed: &'a [HashSet<Arc<str>>]) -> Self {
        let resolved = |view: &ExploreView| model.scope.resolved_view(model, &view.view.name);
        let views: IndexMap<_, _> = explore.views.iter().map(|view| (&*view.alias, (view, resolved(view)))).collect();
        let unknown = views.values().filter(|(_, resolved)| resolved.is_none()).map(|(view, _)| &*view.alias);
        let not_joined = object.children("join").map(|join| &*join.name).filter(|join| !views.contains_key(join));
        let missing = unknown.chain(not_joined).collect();
        let removed = views.keys().copied().zip(removed).collect();
        Self { model, object, explore, views, missing, removed }
    }

    fn target(&self, alias: &str, name: &str) -> Target<'a> {
        let Some(&(view, _)) = self.views.get(alias) else { return Target::NoView };
        match view.view.field(name) {
            Some(field) => Target::Found(view, field),
            None => Target::NoField(view),
        }
    }

    /// Tells when the explore cannot reach the field of `reference`, which stands in `by` and belongs to `own` unless
    /// it says otherwise. Gives the field if it can.
    fn reach(&self, reference: &Reference, own: &str, by: &str, mistakes: &mut Mistakes) -> Option<Target<'a>> {
        let alias = reference.view.as_deref().unwrap_or(own);
        if self.missing.contains(alias) {
            return None;
        }
        if reference.how == How::Table {
            if !self.views.contains_key(alias) && self.model.scope.view_object(alias).is_none() {
                self.missing_view(reference, alias, mistakes);
            }
            return None;
        }
        match self.target(alias, &reference.name) {
            Target::NoView if reference.how == How::Drill => None,
            Target::NoView => {
                self.missing_view(reference, alias, mistakes);
                None
            }
            Target::NoField(view) if self.lacks_parents(view) => None,
            Target::NoField(view) => {
                let mistake = unknown_name(reference, alias, by);
                let written = reference.view.as_deref().map_or(Written::Short, Written::Under);
                near::unknown_in(&view.view, written, mistake, &reference.name, mistakes);
                None
            }
            found @ Target::Found(..) => Some(found),
        }
    }

    /// True when the view lacks what it should inherit, which was told there.
    fn lacks_parents(&self, view: &ExploreView) -> bool {
        self.model.scope.is_incomplete_view(&view.view.name)
    }

    fn missing_view(&self, reference: &Reference, alias: &str, mistakes: &mut Mistakes) {
        let at = reference.location.clone();
        if alias.eq_ignore_ascii_case("TABLE") {
            let help = format!("write `${{TABLE}}.{}`", reference.name);
            return mistakes.add(mistakes::unknown_view_of_field(at, alias, &self.model.name).help(help));
        }
        unknown_alias(at, alias, &reference.written(), &self.explore.name, self.model, mistakes);
    }

    /// `sql_on` and the like may use every field of the joined views, let in or not.
    fn joins(&self, mistakes: &mut Mistakes) {
        let base = &*self.explore.base().alias;
        for body in ["sql_always_where", "sql_always_having"].iter().filter_map(|name| self.object.text(name)) {
            self.body(body, base, mistakes);
        }
        for joined in self.joined() {
            for body in join::BODIES.iter().filter_map(|name| joined.text(name)) {
                self.body(body, &joined.name, mistakes);
            }
            self.condition(joined, mistakes);
            if let Some(key) = joined.text("foreign_key") {
                if joined.text("sql_on").is_some() {
                    mistakes.add(mistakes::two_join_conditions(key.location.clone(), &joined.name));
                }
                self.reach(&Reference::named(key, How::Sql), base, &joined.name, mistakes);
            }
            for name in joined.list("required_joins").unwrap_or_default() {
                self.join_name(name, "required_joins", mistakes);
            }
        }
        for name in self.object.list("always_join").unwrap_or_default() {
            self.join_name(name, "always_join", mistakes);
        }
    }

    /// Tells a condition that names another join in plain SQL alone: nobody knows then that it needs that join.
    fn condition(&self, joined: &Object, mistakes: &mut Mistakes) {
        let Some(body) = joined.text("sql_on").filter(|body| !has_liquid(&body.value)) else { return };
        let own: [&str; 2] = [&joined.name, &self.explore.base().alias];
        let mut named = qualifiers(&body.value);
        named.retain(|alias| self.views.contains_key(alias) && !own.contains(alias));
        if named.is_empty() {
            return;
        }
        let Some(brought) = self.brought_along(joined) else { return };
        if let Some(other) = named.into_iter().find(|alias| !brought.contains(*alias)) {
            let at = body.location.clone();
            mistakes.add(mistakes::unreachable_join(at, &joined.name, other, &self.explore.name));
        }
    }

    /// The joins that stand in every query with `joined`: what it needs, what those need in turn, and `always_join`.
    /// `None` when they are too many to walk for each join.
    fn brought_along(&self, joined: &Object) -> Option<HashSet<Arc<str>>> {
        let mut brought: HashSet<Arc<str>> = HashSet::new();
        let mut waiting = self.object.names("always_join");
        waiting.extend(needed_joins(joined));
        while let Some(alias) = waiting.pop() {
            if !brought.insert(Arc::clone(&alias)) {
                continue;
            }
            if brought.len() > MOST_BROUGHT_ALONG {
                return None;
            }
            let join = self.object.children.get(&("join", alias));
            waiting.extend(join.into_iter().flat_map(|join| needed_joins(join)));
        }
        Some(brought)
    }

    /// The joins whose views exist.
    fn joined(&self) -> impl Iterator<Item = &'a Arc<Object>> {
        self.object.children("join").filter(|join| self.views.contains_key(&*join.name))
    }

    fn body(&self, body: &Text, own: &str, mistakes: &mut Mistakes) {
        let mut outside = HashSet::new();
        for reference in in_sql(body) {
            if self.is_first_outside(&reference, &mut outside) {
                self.reach(&reference, own, &self.explore.name, mistakes);
            }
        }
    }

    /// False for a reference to a view that the explore does not have when another one to that view is in `outside`:
    /// what is written in one place names it once.
    fn is_first_outside(&self, reference: &Reference, outside: &mut HashSet<Arc<str>>) -> bool {
        match &reference.view {
            Some(alias) if !self.views.contains_key(&**alias) => outside.insert(Arc::clone(alias)),
            _ => true,
        }
    }

    fn join_name(&self, name: &Text, parameter: &str, mistakes: &mut Mistakes) {
        if !self.views.contains_key(&*name.value) && !self.missing.contains(&*name.value) {
            let mistake = mistakes::unknown_join(name.location.clone(), &name.value, parameter);
            mistakes.add_unknown(mistake, &name.value, self.views.keys().copied());
        }
    }

    /// Filters of the explore, and other lists of its own that name fields.
    fn filters(&self, mistakes: &mut Mistakes) {
        for parameter in ["always_filter", "conditionally_filter"] {
            let Some(block) = self.object.block(parameter) else { continue };
            let unless = block.list("unless").unwrap_or_default();
            for name in block.pairs("filters").iter().map(|(name, _)| name).chain(unless) {
                self.name(name, |at, name| mistakes::unknown_always_filter(at, name, parameter), mistakes);
            }
            self.values(block.pairs("filters"), mistakes);
        }
        for filter in self.object.blocks("access_filter") {
            if let Some(name) = filter.text("field") {
                self.name(name, mistakes::unknown_short_field, mistakes);
            }
        }
        for name in self.object.list("cancel_grouping_fields").unwrap_or_default() {
            self.name(name, mistakes::unknown_short_field, mistakes);
        }
    }

    fn name(&self, name: &Text, mistake: impl Fn(Location, &str) -> Diagnostic, mistakes: &mut Mistakes) {
        let (written, short) = split_name(&name.value);
        let alias = written.unwrap_or(&self.explore.base().alias);
        if self.missing.contains(alias) {
            return;
        }
        match self.target(alias, short) {
            Target::Found(..) => {}
            Target::NoField(view) if self.lacks_parents(view) => {}
            Target::NoView => mistakes.add(mistake(name.location.clone(), &name.value)),
            Target::NoField(view) => {
                let written = written.map_or(Written::Short, Written::Under);
                near::unknown_in(&view.view, written, mistake(name.location.clone(), &name.value), short, mistakes);
            }
        }
    }

    /// The values of filters whose fields are there.
    fn values(&self, pairs: &[(Text, Text)], mistakes: &mut Mistakes) {
        for (name, value) in pairs {
            let (view, short) = split_name(&name.value);
            let alias = view.unwrap_or(&self.explore.base().alias);
            if let Target::Found(_, field) = self.target(alias, short) {
                filter_values::check(field, value, mistakes);
            }
        }
    }

    /// The fields of `query` and `aggregate_table`.
    fn queries(&self, mistakes: &mut Mistakes) {
        for query in self.object.children("query") {
            self.query(query, mistakes);
        }
        for table in self.object.children("aggregate_table") {
            if let Some(query) = table.block("query") {
                self.query(query, mistakes);
            }
            if let Some(block) = table.block("materialization")
                && super::table::materialization(block).is_none()
            {
                mistakes.add(mistakes::incomplete_aggregate_table(block.location.clone(), &table.name));
            }
        }
    }

    fn query(&self, query: &Object, mistakes: &mut Mistakes) {
        for list in ["dimensions", "measures", "pivots"] {
            for name in query.list(list).unwrap_or_default() {
                self.name(name, mistakes::unknown_short_field, mistakes);
            }
        }
        for (name, _) in query.pairs("filters").iter().chain(query.pairs("sorts")) {
            self.name(name, mistakes::unknown_field_in_filter, mistakes);
        }
        self.values(query.pairs("filters"), mistakes);
    }

    /// What the tables of the views ask of the explore.
    fn tables(&self, mistakes: &mut Mistakes) {
        for view in &self.explore.views {
            let at = view.join.as_ref().map_or(&self.explore.location, |join| &join.location);
            if let ViewSource::Explore(source) = &view.view.source
                && source.bind_all_filters
                && source.explore != self.explore.name
            {
                let mistake = mistakes::bind_outside_source(at.clone(), &view.view.name, &source.explore);
                mistakes.add(mistake);
            }
        }
        for repeated in repeated(self.explore) {
            let repetition = repeated.by(&self.explore.name);
            Self::aggregates_by_hand(repeated.view, &repetition, mistakes);
            let view = &repeated.view.view;
            let counts = |field: &Arc<Field>| matches!(field.kind, FieldKind::Measure(kind) if needs_key(kind));
            if self.explore.symmetric_aggregates
                && !self.lacks_parents(repeated.view)
                && view.primary_key.is_none()
                && view.fields.values().any(counts)
            {
                mistakes.add(mistakes::primary_key_for_fanout(view.location.clone(), &view.name, &repetition));
            }
        }
    }

    /// Measures that aggregate rows by their own SQL, in a view whose rows are repeated. There can be hundreds, and one
    /// join makes them wrong: they are told together, where the first of them stands.
    fn aggregates_by_hand(view: &ExploreView, repetition: &str, mistakes: &mut Mistakes) {
        let is_number = |field: &&Arc<Field>| matches!(field.kind, FieldKind::Measure(MeasureKind::Number));
        let fields = view.view.fields.values().filter(is_number).filter(|field| view.includes(&field.name));
        let found: Vec<(String, &Location)> = fields
            .filter_map(|field| {
                let sql = field.sql.as_ref().filter(|sql| aggregates_by_hand(&sql.text))?;
                Some((format!("{}.{}", view.view.name, field.name), &sql.location))
            })
            .collect();
        let Some((first, at)) = found.first() else { return };
        let names: Vec<String> = found.iter().map(|(name, _)| name.clone()).collect();
        let mistake = mistakes::aggregate_by_hand((*at).clone(), &names, repetition);
        let others = found.iter().skip(1).take(MOST_RELATED);
        let mistake = others.fold(mistake, |mistake, (name, at)| mistake.related((*at).clone(), name.clone()));
        mistakes.about(first, |mistakes| mistakes.add(mistake));
    }

    /// References between views, and to fields that are not let in. Those inside one view were checked with it.
    fn fields(&self, mistakes: &mut Mistakes) {
        for &(view, resolved) in self.views.values() {
            let Some(resolved) = resolved else { continue };
            for reference in &resolved.own_references {
                self.reach(reference, &view.alias, &view.view.name, mistakes);
            }
            for declared in resolved.declared.iter().filter(|declared| can_be_queried(view, declared)) {
                let by = format!("{}.{}", view.alias, declared.name);
                mistakes.about(&by, |mistakes| self.declared(view, declared, &by, mistakes));
            }
        }
    }

    fn declared(&self, view: &ExploreView, declared: &DeclaredField, by: &str, mistakes: &mut Mistakes) {
        let mut outside = HashSet::new();
        for reference in &declared.references {
            if reference.view.is_none() {
                self.removed(reference, &view.alias, by, mistakes);
                continue;
            }
            if reference.how != How::Drill && !self.is_first_outside(reference, &mut outside) {
                continue;
            }
            let Some(Target::Found(other, field)) = self.reach(reference, &view.alias, by, mistakes) else { continue };
            declared.role.check(reference, field, mistakes);
            self.removed(reference, &other.alias, by, mistakes);
        }
    }

    /// Tells when the field does not exist because the explore leaves it out.
    fn removed(&self, reference: &Reference, alias: &str, by: &str, mistakes: &mut Mistakes) {
        if reference.how == How::Sql && self.removed[alias].contains(&reference.name) {
            let (at, name) = (reference.location.clone(), format!("{alias}.{}", reference.name));
            mistakes.add(mistakes::removed_field(at, &name, by, &self.explore.name));
        }
    }

    fn circles_of_joins(&self, mistakes: &mut Mistakes) {
        let joins: IndexMap<&str, &Arc<Object>> = self.joined().map(|join| (&*join.name, join)).collect();
        let edges: Vec<Vec<usize>> = joins
            .values()
            .map(|join| {
                let all = needed_joins(join).into_iter();
                all.filter(|alias| *alias != join.name).filter_map(|alias| joins.get_index_of(&*alias)).collect()
            })
            .collect();
        for cycle in Knots::new(&edges).cycles(&edges) {
            let (at, nodes) = told(&cycle, |join, _| joins[join].location.clone());
            mistakes.add(mistakes::circular_join(at, &path(nodes.into_iter().map(|join| &*joins[join].name))));
        }
    }

    fn circles_of_fields(&self, mistakes: &mut Mistakes) {
        let mut nodes: Vec<(&ExploreView, &DeclaredField)> = Vec::new();
        let mut first: IndexMap<&str, usize> = IndexMap::new();
        for (alias, (view, resolved)) in &self.views {
            first.insert(alias, nodes.len());
            nodes.extend(resolved.iter().flat_map(|resolved| &resolved.declared).map(|declared| (*view, declared)));
        }
        let node = |alias: &str, name: &str| {
            let (_, resolved) = self.views.get(alias)?;
            Some(first.get(alias)? + (*resolved)?.of_field.get(name)?)
        };
        let target = |view: &ExploreView, reference: &Reference| {
            (reference.how == How::Sql).then_some(())?;
            node(reference.view.as_deref().unwrap_or(&view.alias), &reference.name)
        };
        let edges: Vec<Vec<usize>> = nodes
            .iter()
            .map(|(view, declared)| declared.references.iter().filter_map(|it| target(view, it)).collect())
            .collect();
        for cycle in Knots::new(&edges).cycles(&edges) {
            let (at, circle) = told(&cycle, |from, to| {
                let (view, declared) = nodes[from];
                let written = declared.references.iter().find(|it| target(view, it) == Some(to));
                written.map(|reference| reference.location.clone()).unwrap_or_default()
            });
            let names = circle.into_iter().map(|at| format!("{}.{}", nodes[at].0.alias, nodes[at].1.name));
            mistakes.add(mistakes::circular_reference(at, &path(names)));
        }
    }
}

/// Most joins that are walked to see what one join brings along.
const MOST_BROUGHT_ALONG: usize = 1000;

/// The views that a join names: it cannot stand without them.
fn needed_joins(join: &Object) -> Vec<Arc<str>> {
    let bodies = join::BODIES.iter().filter_map(|name| join.text(name)).flat_map(in_sql);
    let used = bodies.filter(|it| it.how == How::Sql).filter_map(|it| it.view);
    used.chain(join.names("required_joins")).collect()
}

/// So many of the other measures that aggregate by hand are named with their places.
const MOST_RELATED: usize = 10;

/// A view whose rows a join repeats.
struct Repeated<'a> {
    view: &'a ExploreView,
    /// The alias of the join.
    join: &'a str,
    relationship: Relationship,
}

impl Repeated<'_> {
    /// What repeats the rows, for a sentence.
    fn by(&self, explore: &str) -> String {
        format!("join \"{}\" ({}) of explore \"{explore}\"", self.join, self.relationship.as_str())
    }
}

/// The views whose rows the joins of an explore repeat, as far as `relationship` tells.
fn repeated(explore: &Explore) -> Vec<Repeated<'_>> {
    let joined = || explore.views.iter().filter_map(|view| view.join.as_ref().map(|join| (view, join.relationship)));
    let repeats_base = |&(_, to): &(_, Relationship)| matches!(to, Relationship::OneToMany | Relationship::ManyToMany);
    let is_repeated = |&(_, to): &(_, Relationship)| matches!(to, Relationship::ManyToOne | Relationship::ManyToMany);
    let base = joined().find(repeats_base).map(|join| (explore.base(), join));
    let all = base.into_iter().chain(joined().filter(is_repeated).map(|join| (join.0, join)));
    all.map(|(view, (by, relationship))| Repeated { view, join: &by.alias, relationship }).collect()
}

/// True for measures that a repeated row changes.
const fn needs_key(kind: MeasureKind) -> bool {
    matches!(
        kind,
        MeasureKind::Count | MeasureKind::Sum | MeasureKind::Average | MeasureKind::Median | MeasureKind::Percentile(_)
    )
}

/// True when queries of the explore can name the field, or one of its timeframes.
fn can_be_queried(view: &ExploreView, declared: &DeclaredField) -> bool {
    declared.fields.iter().any(|name| view.includes(name))
}
