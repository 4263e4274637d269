//! Explores: base view and joins, the fields that they let in, filters and access.

use super::explore_checks;
use super::field::written_sql;
use super::lists::{ExploreLists, Unknown, names_in};
use super::mistakes::{self, Mistakes};
use super::near::{self, Written};
use super::object::{Object, Text};
use super::references::{qualified, split_name};
use super::scope::Read;
use super::{calendar, filters, join, liquid_checks, localize, names, settings, table};
use crate::label::titleize;
use crate::model::{AccessFilter, ConditionalFilter, Explore, ExploreHeader, ExploreView, Model, View, ViewSource};
use indexmap::{IndexMap, IndexSet};
use std::collections::HashSet;
use std::sync::Arc;

/// What menus show of an explore.
pub fn header(model: &Model, object: &Object) -> ExploreHeader {
    ExploreHeader {
        name: Arc::clone(&object.name),
        label: localize::text(model, object, "label").unwrap_or_else(|| titleize(&object.name)),
        description: localize::text(model, object, "description"),
        group_label: localize::text(model, object, "group_label").unwrap_or_else(|| model.label.clone()),
        hidden: object.yes("hidden").unwrap_or(false),
        tags: object.strings("tags"),
        required_access_grants: object.names("required_access_grants"),
        location: object.location.clone(),
    }
}

/// The joins that are declared, also those whose views are missing.
fn joins(object: &Object) -> impl Iterator<Item = &Arc<Object>> {
    object.children("join")
}

/// The name of the base view, and the alias it goes by.
fn base(object: &Object) -> (Text, Arc<str>) {
    let own = || Text::made(Arc::clone(&object.name), object.location.clone());
    let (from, view_name) = (object.text("from"), object.text("view_name"));
    let view = from.or(view_name).cloned().unwrap_or_else(own);
    let alias = view_name.map_or_else(|| Arc::clone(&object.name), |name| Arc::clone(&name.value));
    (view, alias)
}

/// Everything that an explore was resolved from.
pub fn reads(model: &Model, object: &Object) -> Vec<Read> {
    let mut reads = vec![Read::Explore(Arc::clone(&object.name))];
    let joined = object.children("join").map(|object| join::view_name(object));
    for view in std::iter::once(base(object).0.value).chain(joined) {
        match model.scope.resolved_view(model, &view) {
            Some(resolved) => {
                reads.extend(resolved.reads.iter().cloned());
                let calendars = calendar::calendars_of(&resolved.view).into_iter();
                let resolved = calendars.filter_map(|calendar| model.scope.resolved_view(model, calendar));
                reads.extend(resolved.flat_map(|calendar| calendar.reads.iter().cloned()));
            }
            None => reads.push(Read::View(view)),
        }
    }
    liquid_checks::check(model, object, &mut reads, &mut Mistakes::default());
    reads
}

/// Resolves the merged object of an explore.
pub fn resolve(model: &Model, object: &Object) -> Explore {
    let mut mistakes = Mistakes::default();
    let mut views = views(model, object, &mut mistakes);
    let base = Arc::clone(&views[0].alias);
    let let_in = let_in(object, &views, model, &mut mistakes);
    let removed = removed(&let_in, &views);
    for (view, let_in) in views.iter_mut().zip(let_in) {
        view.included = let_in.by_explore.or(let_in.by_join);
    }
    let header = header(model, object);
    let mut explore = Explore {
        name: header.name,
        model: Arc::clone(&model.name),
        project: Arc::clone(&model.project),
        connection: model.connection.clone(),
        label: header.label,
        description: header.description,
        group_label: header.group_label,
        hidden: header.hidden,
        tags: header.tags,
        sql_preamble: written_sql(object, "sql_preamble"),
        sql_always_where: written_sql(object, "sql_always_where"),
        sql_always_having: written_sql(object, "sql_always_having"),
        always_filter: object
            .block("always_filter")
            .map(|block| filters::in_explore(block.pairs("filters"), &base))
            .unwrap_or_default(),
        conditionally_filter: object.block("conditionally_filter").map(|block| conditional(block, &base)),
        access_filters: object
            .blocks("access_filter")
            .iter()
            .filter_map(|filter| access_filter(filter, &base))
            .collect(),
        always_join: object.names("always_join"),
        cancel_grouping_fields: object
            .names("cancel_grouping_fields")
            .iter()
            .map(|name| qualified(name, &base))
            .collect(),
        required_access_grants: header.required_access_grants,
        symmetric_aggregates: object.yes("symmetric_aggregates").unwrap_or(true),
        case_sensitive: object.yes("case_sensitive").unwrap_or(model.case_sensitive),
        week_start_day: model.week_start_day,
        fiscal_month_offset: model.fiscal_month_offset,
        aggregate_tables: object
            .children("aggregate_table")
            .map(|table| Arc::new(table::aggregate_table(table, &base)))
            .collect(),
        queries: object.children("query").map(|query| Arc::new(table::query(query, &base))).collect(),
        access_grants: Arc::clone(&model.access_grants),
        map_layers: Arc::clone(&model.map_layers),
        persistence: settings::persistence(object).or_else(|| model.persistence.clone()),
        sets: ExploreLists::new(&views).api_sets(),
        aliases: field_aliases(&views),
        views,
        errors: Vec::new(),
        location: header.location,
    };
    localize::check(model, object, &mut mistakes);
    settings::check_persistence(object, &mut mistakes);
    names::check(model, object, &mut mistakes);
    liquid_checks::check(model, object, &mut Vec::new(), &mut mistakes);
    explore_checks::check(model, object, &explore, &removed, &mut mistakes);
    let calendars = calendar::joined(model, &explore.views);
    explore.views.extend(calendars);
    if model.scope.is_incomplete_explore(&object.name) {
        mistakes.forget(&[
            "unknown-field",
            "unknown-join",
            "unknown-set",
            "unknown-view",
            "inaccessible-view",
            "explore-without-view",
            "missing-join-condition",
            "missing-parameter",
            "missing-relationship",
            "unknown-liquid-variable",
        ]);
    }
    let mut errors = mistakes.into_vec_of(&model.name);
    for error in &mut errors {
        error.explore = Some(Arc::clone(&explore.name));
    }
    explore.errors = errors;
    explore
}

fn conditional(block: &Object, base: &str) -> ConditionalFilter {
    ConditionalFilter {
        filters: filters::in_explore(block.pairs("filters"), base),
        unless: block.names("unless").iter().map(|name| qualified(name, base)).collect(),
    }
}

fn access_filter(filter: &Arc<Object>, base: &str) -> Option<AccessFilter> {
    let field = filter.text("field")?;
    Some(AccessFilter {
        field: qualified(&field.value, base),
        user_attribute: filter.string("user_attribute").unwrap_or_default(),
        location: field.location.clone(),
    })
}

/// The base view and the joined ones. Joins of unknown views are left out.
fn views(model: &Model, object: &Object, mistakes: &mut Mistakes) -> Vec<ExploreView> {
    let (base_name, base_alias) = base(object);
    let mut views: IndexMap<Arc<str>, ExploreView> = IndexMap::new();
    let is_named = object.text("from").or(object.text("view_name")).is_some();
    let view = if is_named { find(model, object, &base_name, mistakes) } else { own_view(model, object, mistakes) };
    let view = view.unwrap_or_else(|| Arc::new(no_view(&base_name)));
    let label = localize::text(model, object, "view_label").unwrap_or_else(|| view_label(&view, &base_alias));
    let base = ExploreView {
        alias: Arc::clone(&base_alias),
        view,
        label,
        join: None,
        included: None,
        sql_table_name: written_sql(object, "sql_table_name"),
        calendar: None,
    };
    views.insert(Arc::clone(&base_alias), base);
    for joined in object.children("join") {
        if joined.name == base_alias {
            mistakes.add(mistakes::join_named_like_base(joined.location.clone(), &joined.name, &object.name));
            continue;
        }
        let own = || Text::made(Arc::clone(&joined.name), joined.location.clone());
        let name = joined.text("from").cloned().unwrap_or_else(own);
        let Some(view) = find(model, object, &name, mistakes) else { continue };
        let join = join::resolve(joined, &view, &base_alias, mistakes);
        let label = localize::text(model, joined, "view_label").unwrap_or_else(|| view_label(&view, &joined.name));
        let view = ExploreView {
            alias: Arc::clone(&joined.name),
            view,
            label,
            join: Some(join),
            included: None,
            sql_table_name: written_sql(joined, "sql_table_name"),
            calendar: None,
        };
        views.insert(Arc::clone(&joined.name), view);
    }
    views.into_values().collect()
}

fn view_label(view: &View, alias: &str) -> String {
    view.label.clone().unwrap_or_else(|| titleize(alias))
}

/// The view that has the explore's own name.
fn own_view(model: &Model, explore: &Object, mistakes: &mut Mistakes) -> Option<Arc<View>> {
    let view = model.scope.view(model, &explore.name).cloned();
    if view.is_none() {
        let mistake = mistakes::explore_without_view(explore.location.clone());
        model.scope.unknown_view(mistake, &explore.name, mistakes);
    }
    view
}

fn find(model: &Model, explore: &Object, name: &Text, mistakes: &mut Mistakes) -> Option<Arc<View>> {
    let view = model.scope.view(model, &name.value).cloned();
    if view.is_none() {
        let at = name.location.clone();
        let mistake = mistakes::unknown_view_in_explore(at, &name.value, &explore.name);
        model.scope.unknown_view(mistake, &name.value, mistakes);
    }
    view
}

/// What stands in the place of a base view that is missing.
fn no_view(name: &Text) -> View {
    View {
        name: Arc::clone(&name.value),
        label: None,
        source: ViewSource::Name(Arc::clone(&name.value)),
        sql_in_development: None,
        creation: None,
        materialization: None,
        fields: IndexMap::new(),
        unlisted: IndexMap::new(),
        sets: IndexMap::new(),
        primary_key: None,
        required_access_grants: Vec::new(),
        suggestions: true,
        errors: Vec::new(),
        location: name.location.clone(),
    }
}

/// Short names of the fields of a view; `None` stands for all.
type Included = Option<Arc<IndexSet<Arc<str>>>>;

/// The fields of a view that may be queried.
struct LetIn {
    /// What `fields` of its join lets in.
    by_join: Included,
    /// What `fields` of the explore leaves of that; `None` also when the explore says nothing.
    by_explore: Included,
}

/// For each view the fields that `fields` of the joins and then of the explore let in.
fn let_in(object: &Object, views: &[ExploreView], model: &Model, mistakes: &mut Mistakes) -> Vec<LetIn> {
    let mut lists = ExploreLists::new(views);
    let declared: IndexMap<&str, &Arc<Object>> = joins(object).map(|join| (&*join.name, join)).collect();
    let as_set = |names: &[Arc<str>], view: &ExploreView| -> Included {
        let names = names_in(&view.view, &view.alias, names);
        (names.len() < view.view.fields.len()).then(|| Arc::new(names.into_iter().collect()))
    };
    let mut of_joins: Vec<Vec<Arc<str>>> = Vec::with_capacity(views.len());
    for view in views {
        let all = ExploreLists::all_of(view);
        let entries = view.join.as_ref().and_then(|_| declared.get(&*view.alias)?.list("fields"));
        of_joins.push(match entries {
            None => all,
            Some(entries) => lists.select(entries, &view.alias, &all, |entry, problem| {
                unknown_entry(entry, &problem, &view.alias, (object, model), mistakes);
            }),
        });
    }
    let of_explore = object.list("fields").map(|entries| {
        let base = &views[0].alias;
        let selected = lists.select(entries, base, &of_joins.concat(), |entry, problem| {
            unknown_entry(entry, &problem, base, (object, model), mistakes);
        });
        by_view(views, &selected)
    });
    let each = views.iter().zip(&of_joins).enumerate();
    each.map(|(at, (view, names))| LetIn {
        by_join: as_set(names, view),
        by_explore: of_explore.as_ref().and_then(|of_explore| as_set(&of_explore[at], view)),
    })
    .collect()
}

/// For each view the fields that do not exist in the explore, because its own `fields` takes away what the join let
/// in. What a join does not let in cannot be queried, but others may be made of it.
fn removed(let_in: &[LetIn], views: &[ExploreView]) -> Vec<HashSet<Arc<str>>> {
    let of_view = |(let_in, view): (&LetIn, &ExploreView)| {
        let Some(left) = &let_in.by_explore else { return HashSet::new() };
        let joined = |name: &Arc<str>| let_in.by_join.as_ref().is_none_or(|names| names.contains(name));
        view.view.fields.keys().filter(|name| joined(name) && !left.contains(*name)).cloned().collect()
    };
    let_in.iter().zip(views).map(of_view).collect()
}

/// Full names, by the view that they belong to.
fn by_view(views: &[ExploreView], names: &[Arc<str>]) -> Vec<Vec<Arc<str>>> {
    let index: IndexMap<&str, usize> = views.iter().enumerate().map(|(at, view)| (&*view.alias, at)).collect();
    let mut split: Vec<Vec<Arc<str>>> = vec![Vec::new(); views.len()];
    for name in names {
        if let Some(&at) = split_name(name).0.and_then(|alias| index.get(alias)) {
            split[at].push(Arc::clone(name));
        }
    }
    split
}

/// Tells an entry of `fields` that names nothing.
fn unknown_entry(
    entry: &Text,
    problem: &Unknown<'_>,
    own: &str,
    (object, model): (&Object, &Model),
    mistakes: &mut Mistakes,
) {
    let written = entry.value.trim_start_matches('-').trim_end_matches('*');
    let at = entry.location.clone();
    let (entry_view, name) = split_name(written);
    match problem {
        Unknown::View => {
            let view = entry_view.unwrap_or(own);
            if joins(object).any(|join| *join.name == *view) {
                return; // The view behind the join is missing, which is told there.
            }
            explore_checks::unknown_alias(at, view, written, &object.name, model, mistakes);
        }
        Unknown::Set => mistakes.add(mistakes::unknown_set(at, written, &object.name)),
        Unknown::Field(view) => {
            let (scope, missing_in) = (&model.scope, &view.view.name);
            if scope.view_object(missing_in).is_none() || scope.is_incomplete_view(missing_in) {
                return; // The base view is missing, or a parent, which is told there too.
            }
            let mistake = mistakes::unknown_field(at, &format!("{}.{name}", view.alias), &object.name);
            let written = entry_view.map_or(Written::Short, |_| Written::Under(&view.alias));
            near::unknown_in(&view.view, written, mistake, name, mistakes);
        }
    }
}

/// What an explore calls its views: alias and view.
pub fn aliases(object: &Object) -> Vec<(Arc<str>, Arc<str>)> {
    let (view, alias) = base(object);
    let joined = joins(object).map(|join| (Arc::clone(&join.name), join::view_name(join)));
    std::iter::once((alias, view.value)).chain(joined).collect()
}

/// Old names of fields (`alias`), as full names.
fn field_aliases(views: &[ExploreView]) -> Vec<(Arc<str>, Arc<str>)> {
    let mut aliases = Vec::new();
    for view in views {
        for field in view.view.fields.values().filter(|field| view.includes(&field.name)) {
            let now: Arc<str> = qualified(&field.name, &view.alias);
            aliases.extend(field.aliases.iter().map(|old| (qualified(old, &view.alias), Arc::clone(&now))));
        }
    }
    aliases
}
