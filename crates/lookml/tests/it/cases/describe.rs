//! Resolved things as short lines of text.

use belvedere_lookml::model::{
    Explore, ExploreQuery, ExploreView, Field, FieldFilter, FieldKind, Join, Materialization, Model, Persistence,
    TableTrigger, View, ViewSource,
};
use belvedere_lookml::project::Project;
use belvedere_lookml::sql::Sql;
use std::fmt::Display;
use std::sync::Arc;

/// Answers each line `left right = ...` (or `left = ...`) of a block: the questions come from the expected text.
pub fn asked(expected: &str, answer: impl Fn(&str, &str) -> String) -> String {
    let line = |line: &str| {
        let (question, _) = line.split_once(" = ").unwrap_or_else(|| panic!("{line:?} is no `question = answer`"));
        let (left, right) = question.split_once(' ').unwrap_or((question, ""));
        format!("{question} = {}\n", answer(left, right))
    };
    expected.lines().map(line).collect()
}

/// Every field that queries may name: `name  type  label`, with its flags.
pub fn fields(project: &Project, explore: &str) -> String {
    let explore = find(project, explore);
    let line = |(name, _, field): (String, &ExploreView, &Arc<Field>)| {
        let flags = [(field.primary_key, " [key]"), (field.hidden, " [hidden]")];
        let flags: String = flags.into_iter().filter(|(set, _)| *set).map(|(_, flag)| flag).collect();
        format!("{name}  {}  {}{flags}\n", field.type_word(), field.label)
    };
    explore.fields().map(line).collect()
}

fn find<'p>(project: &'p Project, explore: &str) -> &'p Arc<Explore> {
    let mut models = project.models();
    models.find_map(|model| model.explore(explore)).unwrap_or_else(|| panic!("no explore {explore}"))
}

/// An attribute of a field.
pub fn field(project: &Project, explore: &str, name: &str, key: &str) -> String {
    let explore = find(project, explore);
    let Some((view, field)) = explore.field(name) else { return "no such field".into() };
    match key {
        "category" => field.category.as_str().into(),
        "type" => field.type_word().into(),
        "label" => field.label.clone(),
        "heading" => field.view_label.clone().unwrap_or_else(|| view.label.clone()),
        "group_label" => option(field.group_label.as_ref()),
        "variant" => field.group_variant.clone(),
        "group" => option(field.group.as_ref().map(|group| format!("{} ({})", group.name, group.label))),
        "hidden" => field.hidden.to_string(),
        "listed" => explore.fields().any(|(listed, _, _)| listed == name).to_string(),
        "view" => field.view.to_string(),
        "sql" => sql(field.sql.as_ref()),
        "sql_start" | "sql_end" => ends(field, key),
        "description" => option(field.description.as_ref()),
        "tags" => field.tags.join(", "),
        "synonyms" => field.synonyms.join(", "),
        "value_format" => option(field.value_format.as_ref()),
        "strict" => field.strict_value_format.to_string(),
        "drill_fields" => names(&field.drill_fields),
        "drills" => names(&explore.drill_fields(view, field)),
        "filters" => filters(&field.filters),
        "links" => joined(field.links.iter().map(|link| format!("{} -> {}", link.label, link.url))),
        "allowed_values" => joined(field.allowed_values.iter().map(|it| format!("{} ({})", it.value, it.label))),
        "default_value" => option(field.default_value.as_ref()),
        "can_filter" => field.can_filter.to_string(),
        "suggestions" => option(field.suggestions.as_ref().map(|list| list.join(", "))),
        "time" => time(field),
        "case" => case(field),
        "tiers" => tiers(field),
        "line" => field.location.line.to_string(),
        "file" => field.location.file.to_string(),
        _ => panic!("unknown attribute of a field: {key}"),
    }
}

fn ends(field: &Field, key: &str) -> String {
    let FieldKind::Duration { start, end, .. } = &field.kind else { return "no duration".into() };
    sql(if key == "sql_start" { start.as_ref() } else { end.as_ref() })
}

fn time(field: &Field) -> String {
    let FieldKind::Time(time) = &field.kind else { return "no time".into() };
    let zone = if time.convert_tz { "converted" } else { "as it is" };
    format!("{} of {} {zone}", time.timeframe.as_str(), time.datatype.as_str())
}

fn case(field: &Field) -> String {
    let FieldKind::Case { whens, otherwise, .. } = &field.kind else { return "no case".into() };
    let whens = whens.iter().map(|when| format!("{} when {}", when.label, when.sql.text.trim()));
    joined(whens.chain(otherwise.iter().map(|label| format!("{label} otherwise"))))
}

fn tiers(field: &Field) -> String {
    let FieldKind::Tier { tiers, style } = &field.kind else { return "no tier".into() };
    format!("{} {}", style.as_str(), joined(tiers.iter().map(|tier| &tier.text)))
}

/// An attribute of an explore, or of one of its views.
pub fn explore(project: &Project, explore: &str, key: &str, subject: &str) -> String {
    let explore = find(project, explore);
    match key {
        "label" => explore.label.clone(),
        "description" => option(explore.description.as_ref()),
        "group_label" => explore.group_label.clone(),
        "hidden" => explore.hidden.to_string(),
        "tags" => explore.tags.join(", "),
        "views" => joined(explore.views.iter().map(alias)),
        "heading" => explore.view(subject).unwrap().label.clone(),
        "join" => join(explore.view(subject).unwrap().join.as_ref().unwrap()),
        "included" => option(explore.view(subject).unwrap().included.as_ref().map(|names| joined(names.iter()))),
        "source" => source(&explore.view(subject).unwrap().view),
        "primary_key" => option(explore.view(subject).unwrap().view.primary_key.as_ref()),
        "table" => sql(explore.view(subject).unwrap().sql_table_name.as_ref()),
        "sql_always_where" => sql(explore.sql_always_where.as_ref()),
        "sql_always_having" => sql(explore.sql_always_having.as_ref()),
        "always_filter" => filters(&explore.always_filter),
        "conditionally_filter" => option(
            explore
                .conditionally_filter
                .as_ref()
                .map(|filter| format!("{} unless {}", filters(&filter.filters), names(&filter.unless))),
        ),
        "access_filters" => {
            joined(explore.access_filters.iter().map(|it| format!("{} by {}", it.field, it.user_attribute)))
        }
        "always_join" => names(&explore.always_join),
        "cancel_grouping_fields" => names(&explore.cancel_grouping_fields),
        "required_access_grants" => names(&explore.required_access_grants),
        "case_sensitive" => explore.case_sensitive.to_string(),
        "symmetric_aggregates" => explore.symmetric_aggregates.to_string(),
        "persistence" => persistence(explore.persistence.as_ref()),
        "sets" => joined(explore.sets.iter().map(|(name, _)| name)),
        "set" => names(&explore.sets.iter().find(|(name, _)| name == subject).unwrap().1),
        "sql_preamble" => sql(explore.sql_preamble.as_ref()),
        "query" => option(explore.queries.iter().find(|it| &*it.name == subject).map(|it| query(it))),
        "aggregate_table" => {
            option(explore.aggregate_tables.iter().find(|it| &*it.name == subject).map(|it| {
                format!("{} kept {}", query(&it.query), option(it.materialization.as_ref().map(|it| kept(it))))
            }))
        }
        "kept" => option(explore.view(subject).unwrap().view.materialization.as_ref().map(|it| kept(it))),
        "field" => option(explore.field(subject).map(|(view, field)| format!("{}.{}", view.alias, field.name))),
        "errors" => joined(explore.errors.iter().map(|error| error.id)),
        _ => panic!("unknown attribute of an explore: {key}"),
    }
}

fn query(query: &ExploreQuery) -> String {
    let sorts = query.sorts.iter().map(|(field, descends)| format!("{field} {descends}"));
    format!(
        "[{}] [{}] where [{}] sort [{}] limit {}",
        names(&query.dimensions),
        names(&query.measures),
        filters(&query.filters),
        joined(sorts),
        option(query.limit)
    )
}

fn kept(kept: &Materialization) -> String {
    let trigger = match &kept.trigger {
        None => "by the database".to_owned(),
        Some(TableTrigger::Datagroup(name)) => format!("by datagroup {name}"),
        Some(TableTrigger::SqlValue(sql)) => format!("by {}", sql.text.trim()),
        Some(TableTrigger::Interval(every)) => format!("every {every}"),
        Some(TableTrigger::PersistFor(age)) => format!("for {age}"),
    };
    let key = kept.increment_key.as_ref().map(|key| format!(" increment {key}-{}", kept.increment_offset));
    format!("{trigger}{}", key.unwrap_or_default())
}

/// An attribute of the LookML dashboard `model::name`, or of one of its elements or filters.
pub fn dashboard(project: &Project, id: &str, key: &str, subject: &str) -> String {
    let (model, name) = id.split_once("::").expect("an id is model::name");
    let Some(dashboard) = project.model(model).and_then(|model| model.dashboard(name)) else {
        return "no such dashboard".into();
    };
    let element = || dashboard.elements.iter().find(|element| element.name == subject).expect("it is an element");
    match key {
        "title" => dashboard.title.clone(),
        "layout" => option(dashboard.layout.as_ref()),
        "elements" => joined(dashboard.elements.iter().map(|element| &element.name)),
        "filters" => joined(dashboard.filters.iter().map(|filter| &filter.name)),
        "element" => {
            let element = element();
            let (kind, explore) = (option(element.kind.as_ref()), option(element.explore.as_ref()));
            format!("{kind} on {explore}: {}", element.fields.join(", "))
        }
        "element_filters" => joined(element().filters.iter().map(|(field, value)| format!("{field} = {value}"))),
        "element_listen" => joined(element().listen.iter().map(|(filter, field)| format!("{filter} -> {field}"))),
        "filter" => {
            let filter = dashboard.filters.iter().find(|filter| filter.name == subject).expect("it is a filter");
            format!("{} {}", option(filter.kind.as_ref()), option(filter.field.as_ref()))
        }
        "option" => dashboard.preferred_slug.clone().filter(|_| subject == "preferred_slug").unwrap_or_default(),
        _ => panic!("unknown attribute of a dashboard: {key}"),
    }
}

/// Answers lines such as `explore orders label = ...` in the words of a locale; every model is looked into.
pub fn asked_in(expected: &str, project: &Project, locale: &str) -> String {
    let names: Vec<Arc<str>> = project.models().map(|model| Arc::clone(&model.name)).collect();
    let models: Vec<Arc<Model>> = names.iter().filter_map(|name| project.model_in(name, locale)).collect();
    asked(expected, |what, rest| {
        let (name, key) = rest.split_once(' ').unwrap_or(("", rest));
        match (what, key) {
            ("model", _) => models[0].label.clone(),
            ("explore", "label") => models[0].explore(name).unwrap().label.clone(),
            ("explore", "description") => option(models[0].explore(name).unwrap().description.as_ref()),
            ("field", key) => {
                let explore = models[0].explores().find(|explore| explore.field(name).is_some()).unwrap();
                let (_, field) = explore.field(name).unwrap();
                if key == "label" { field.label.clone() } else { option(field.group_label.as_ref()) }
            }
            _ => panic!("unknown question: {what} {rest}"),
        }
    })
}

fn alias(view: &ExploreView) -> String {
    if view.alias == view.view.name { view.alias.to_string() } else { format!("{} ({})", view.alias, view.view.name) }
}

fn join(join: &Join) -> String {
    let on = sql(join.sql_on.as_ref());
    let mut text = format!("{} {} on {}", join.kind.as_str(), join.relationship.as_str(), on.trim());
    for required in &join.required_joins {
        text.push_str(" with ");
        text.push_str(required);
    }
    text
}

fn source(view: &View) -> String {
    match &view.source {
        ViewSource::Name(name) => format!("name {name}"),
        ViewSource::Table(table) => format!("table {}", sql(Some(table)).trim()),
        ViewSource::Sql(query) => format!("sql {}", sql(Some(query)).trim()),
        ViewSource::Explore(source) => {
            let columns = joined(source.columns.iter().map(|(name, field)| format!("{name}: {field}")));
            let computed =
                joined(source.derived_columns.iter().map(|(name, sql)| format!("{name}: {}", sql.text.trim())));
            let sorts = joined(source.sorts.iter().map(|(field, descends)| format!("{field} {descends}")));
            let limit = option(source.limit);
            format!(
                "explore {} [{columns}] + [{computed}] where [{}] sort [{sorts}] limit {limit}",
                source.explore,
                filters(&source.filters)
            )
        }
    }
}

fn persistence(persistence: Option<&Persistence>) -> String {
    match persistence {
        None => "-".into(),
        Some(Persistence::For(age)) => format!("for {age}"),
        Some(Persistence::With(datagroup)) => format!("with {datagroup}"),
    }
}

/// An attribute of a model.
pub fn model(project: &Project, model: &str, key: &str, subject: &str) -> String {
    let Some(model) = project.model(model) else { return "no such model".into() };
    let model: &Model = model;
    match key {
        "label" => model.label.clone(),
        "connection" => option(model.connection.as_ref()),
        "dashboards" => joined(model.dashboards().map(|dashboard| &dashboard.name)),
        "datagroup" => option(model.datagroups.get(subject).map(|it| {
            let trigger = it.sql_trigger.as_ref().map(|sql| sql.text.trim().to_owned());
            format!("{} age {} on {}", it.label, option(it.max_cache_age.as_ref()), option(trigger))
        })),
        "test" => option(model.tests.get(subject).map(|it| {
            let asserts = it.asserts.iter().map(|(name, sql)| format!("{name}: {}", sql.text.trim()));
            format!("{} asserts {}", it.source.explore, joined(asserts))
        })),
        "explores" => joined(model.explore_names()),
        "views" => joined(model.view_names()),
        "headers" => {
            joined(model.explore_headers().map(|it| format!("{} ({}, {})", it.name, it.label, it.group_label)))
        }
        "week_start_day" => model.week_start_day.as_str().into(),
        "fiscal_month_offset" => option(model.fiscal_month_offset),
        "case_sensitive" => model.case_sensitive.to_string(),
        "format" => {
            option(model.named_value_formats.get(subject).map(|it| format!("{} {}", it.value_format, it.strict)))
        }
        "grant" => option(
            model
                .access_grants
                .get(subject)
                .map(|it| format!("{} in {}", it.user_attribute, it.allowed_values.join(", "))),
        ),
        _ => panic!("unknown attribute of a model: {key}"),
    }
}

fn sql(sql: Option<&Sql>) -> String {
    // Line ends would break the line that shows it.
    option(sql.map(|sql| sql.text.replace('\n', "\\n")))
}

fn filters(filters: &[FieldFilter]) -> String {
    joined(filters.iter().map(|filter| format!("{}: {}", filter.field, filter.value)))
}

fn names(names: &[Arc<str>]) -> String {
    joined(names)
}

fn joined<T: Display>(all: impl IntoIterator<Item = T>) -> String {
    all.into_iter().map(|one| one.to_string()).collect::<Vec<_>>().join(", ")
}

fn option<T: Display>(value: Option<T>) -> String {
    value.map_or_else(|| "-".into(), |value| value.to_string())
}
