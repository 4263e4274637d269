//! What is said when a rule of the catalogue ([`crate::rules`]) is broken, and how mistakes are gathered.

use crate::diagnostic::{Diagnostic, Location};
use crate::rules::{self, Rule};
use crate::suggest::did_you_mean;
use std::collections::HashSet;
use std::sync::Arc;

/// Mistakes of one place where they are looked for, each once.
#[derive(Debug, Default)]
pub struct Mistakes {
    found: Vec<Diagnostic>,
    seen: HashSet<(&'static str, Arc<str>, u32, u32)>,
    suggestions: usize,
}

/// So many unknown names get a suggestion: each costs a look at all known names.
const MOST_SUGGESTIONS: usize = 100;

impl Mistakes {
    /// Adds a mistake, unless its rule was already broken at this very place.
    pub fn add(&mut self, mistake: Diagnostic) {
        let Location { file, span, .. } = &mistake.location;
        if self.seen.insert((mistake.id, Arc::clone(file), span.start, span.end)) {
            self.found.push(mistake);
        }
    }

    /// Adds a mistake about the unknown `name`, with the candidate that was probably meant.
    pub fn add_unknown<'a>(&mut self, mistake: Diagnostic, name: &str, known: impl IntoIterator<Item = &'a str>) {
        self.suggestions += 1;
        let help = if self.suggestions <= MOST_SUGGESTIONS { did_you_mean(name, known) } else { None };
        self.add(Diagnostic { help: help.or(mistake.help), ..mistake });
    }

    /// Whether unknown names still get a suggestion.
    pub fn still_suggests(&self) -> bool {
        self.suggestions < MOST_SUGGESTIONS
    }

    pub fn extend(&mut self, mistakes: impl IntoIterator<Item = Diagnostic>) {
        for mistake in mistakes {
            self.add(mistake);
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.found.iter()
    }

    /// Forgets what is only the consequence of another mistake: of a parent that is missing, say.
    pub fn forget(&mut self, consequences: &[&str]) {
        self.found.retain(|mistake| !consequences.contains(&mistake.id));
    }

    /// Keeps the first mistake against a rule that is mended for all of them at one place.
    pub fn tell_once(&mut self, rule: &Rule) {
        let mut told = false;
        self.found.retain(|mistake| mistake.id != rule.id || !std::mem::replace(&mut told, true));
    }

    /// Runs `find` and notes for what it adds that it is about `field`, a full name.
    pub fn about(&mut self, field: &str, find: impl FnOnce(&mut Self)) {
        let before = self.found.len();
        find(self);
        for mistake in &mut self.found[before..] {
            mistake.field.get_or_insert_with(|| field.to_owned());
        }
    }

    /// All of them, as mistakes of `model`.
    pub fn into_vec_of(mut self, model: &Arc<str>) -> Vec<Diagnostic> {
        for mistake in &mut self.found {
            mistake.model = Some(Arc::clone(model));
        }
        self.found
    }

    pub fn into_vec(self) -> Vec<Diagnostic> {
        self.found
    }
}

// One file

pub fn unknown_parameter(at: Location, key: &str, parent: &str) -> Diagnostic {
    rules::UNKNOWN_PARAMETER.broken(at, format!("Unknown or unexpected parameter \"{key}\" in \"{parent}\"."))
}

pub fn deprecated_parameter(at: Location, key: &str, parent: &str) -> Diagnostic {
    let message = format!("Parameter \"{key}\" in \"{parent}\" is deprecated.");
    rules::DEPRECATED_PARAMETER.broken(at, message)
}

pub fn wrong_value(at: Location, key: &str, expected: &str) -> Diagnostic {
    rules::WRONG_VALUE.broken(at, format!("Parameter \"{key}\" takes {expected}."))
}

pub fn not_yes_or_no(at: Location, key: &str, value: &str) -> Diagnostic {
    rules::NOT_YES_OR_NO.broken(at, format!("Parameter \"{key}\" takes yes or no, not \"{value}\"; it is ignored."))
}

pub fn invalid_value(at: Location, noun: &str, value: &str) -> Diagnostic {
    rules::INVALID_VALUE.broken(at, format!("Unknown {noun} \"{value}\"."))
}

pub fn invalid_duration(at: Location, key: &str, value: &str) -> Diagnostic {
    rules::INVALID_DURATION
        .broken(at, format!("Parameter \"{key}\" takes a duration, not \"{value}\"."))
        .help("write it as `\"24 hours\"`: a whole number and seconds, minutes, hours or days")
}

pub fn missing_name(at: Location, key: &str) -> Diagnostic {
    rules::MISSING_NAME.broken(at, format!("\"{key}\" needs a name.")).help(format!("write `{key}: name {{ ... }}`"))
}

pub fn refinement_of_other_kind(at: Location, key: &str) -> Diagnostic {
    rules::WRONG_REFINEMENT.broken(at, format!("Only views and explores can be refined, not \"{key}\"."))
}

pub fn unknown_constant(at: Location, name: &str) -> Diagnostic {
    rules::UNKNOWN_CONSTANT.broken(at, format!("Could not find the constant \"{name}\"."))
}

pub fn duplicate_in_parent(at: Location, first: &Location, kind: &str, name: &str, parent: &str) -> Diagnostic {
    rules::DUPLICATE_DEFINITION
        .broken(
            at,
            format!("\"{kind}: {name}\" has been defined multiple times in \"{parent}\"; the last definition counts."),
        )
        .related(first.clone(), "first defined here")
}

pub fn duplicate_field(at: Location, first: &Location, name: &str, kinds: (&str, &str)) -> Diagnostic {
    let (before, now) = kinds;
    if before == now {
        return duplicate_in_parent(at, first, now, name, "view");
    }
    rules::DUPLICATE_FIELD
        .broken(at, format!("\"{name}\" is both a {before} and a {now}. Each field in a view must have a unique name."))
        .related(first.clone(), "first defined here")
}

// The manifest

pub fn missing_import(at: Location, project: &str) -> Diagnostic {
    rules::MISSING_IMPORT
        .broken(at, format!("The files of the imported project \"{project}\" are not there."))
        .help(format!("give the folder of `{project}` too, or put its files below `imported_projects/{project}/`"))
}

pub fn unknown_override(at: Location, name: &str, project: &str) -> Diagnostic {
    rules::UNKNOWN_OVERRIDE.broken(at, format!("Project \"{project}\" has no constant \"{name}\"."))
}

pub fn forbidden_override(at: Location, name: &str, project: &str) -> Diagnostic {
    rules::FORBIDDEN_OVERRIDE
        .broken(at, format!("The constant \"{name}\" of project \"{project}\" cannot be overridden."))
        .help("its `export` would have to be `override_optional` or `override_required`")
}

pub fn missing_override(at: Location, name: &str, project: &str) -> Diagnostic {
    rules::MISSING_OVERRIDE
        .broken(at, format!("The constant \"{name}\" of project \"{project}\" must be overridden."))
        .help(format!("write `override_constant: {name} {{ value: \"...\" }}`"))
}

pub fn application_source(at: Location, name: &str) -> Diagnostic {
    rules::APPLICATION_SOURCE.broken(at, format!("Application \"{name}\" needs either url or file."))
}

pub fn missing_strings(at: Location, locale: &str) -> Diagnostic {
    rules::MISSING_STRINGS
        .broken(at, format!("There is no strings file for the default locale \"{locale}\"."))
        .help(format!("add the file `{locale}.strings.json`"))
}

pub fn invalid_strings(at: Location, message: &str) -> Diagnostic {
    rules::INVALID_STRINGS
        .broken(at, format!("This strings file cannot be read: {message}."))
        .help("write one JSON object of texts")
}

pub fn untranslated(at: Location, text: &str, locale: &str) -> Diagnostic {
    rules::UNTRANSLATED.broken(at, format!("\"{text}\" is no key of the strings file of \"{locale}\"."))
}

pub fn missing_label(at: Location, kind: &str, name: &str) -> Diagnostic {
    rules::UNTRANSLATED.broken(at, format!("The {kind} \"{name}\" has no label, which strict localization needs."))
}

// Dashboards

pub fn invalid_yaml(at: Location, message: &str, help: Option<&str>) -> Diagnostic {
    let mistake = rules::INVALID_YAML.broken(at, format!("This is no YAML: {message}"));
    Diagnostic { help: help.map(str::to_owned), ..mistake }
}

pub fn not_a_dashboard(at: Location) -> Diagnostic {
    rules::NOT_A_DASHBOARD
        .broken(at, "A dashboard file is a list whose entries begin with \"dashboard\".")
        .help("write `- dashboard: name`")
}

pub fn duplicate_dashboard(at: Location, first: &Location, name: &str) -> Diagnostic {
    rules::DUPLICATE_DASHBOARD
        .broken(at, format!("A dashboard named \"{name}\" has been defined multiple times."))
        .related(first.clone(), "first defined here")
}

pub fn unknown_dashboard(at: Location, name: &str) -> Diagnostic {
    rules::UNKNOWN_DASHBOARD.broken(at, format!("Unknown dashboard \"{name}\"."))
}

pub fn duplicate_element(at: Location, first: &Location, name: &str, dashboard: &str) -> Diagnostic {
    rules::DUPLICATE_ELEMENT
        .broken(at, format!("\"{name}\" stands more than once in dashboard \"{dashboard}\"."))
        .related(first.clone(), "first defined here")
}

pub fn unknown_dashboard_model(at: Location, name: &str) -> Diagnostic {
    rules::UNKNOWN_DASHBOARD_MODEL.broken(at, format!("Unknown model \"{name}\"."))
}

pub fn unknown_dashboard_filter(at: Location, name: &str, dashboard: &str) -> Diagnostic {
    rules::UNKNOWN_DASHBOARD_FILTER.broken(at, format!("Dashboard \"{dashboard}\" has no filter \"{name}\"."))
}

// Files of a model

pub fn include_without_match(at: Location) -> Diagnostic {
    rules::INCLUDE_NO_MATCH.broken(at, "This include does not match any files")
}

pub fn include_of_unknown_project(at: Location, project: &str) -> Diagnostic {
    rules::UNKNOWN_PROJECT.broken(at, "This include does not match any files").help(format!(
        "import `{project}` in the manifest and give its folder too, or put its files below \
             `imported_projects/{project}/`"
    ))
}

pub fn duplicate_model(at: Location, name: &str) -> Diagnostic {
    rules::DUPLICATE_MODEL
        .broken(at, format!("A model named \"{name}\" has been defined multiple times."))
        .help("model names come from the file name and must be unique")
}

pub fn duplicate_constant(at: Location, first: &Location, name: &str) -> Diagnostic {
    rules::DUPLICATE_CONSTANT
        .broken(at, format!("The constant \"{name}\" has been defined multiple times."))
        .related(first.clone(), "first defined here")
}

pub fn circular_constant(at: Location, path: &str) -> Diagnostic {
    rules::CIRCULAR_CONSTANT.broken(at, format!("Circular constant: {path}."))
}

pub fn missing_connection(at: Location, model: &str) -> Diagnostic {
    rules::MISSING_CONNECTION
        .broken(at, format!("Model \"{model}\" has no connection."))
        .help("write `connection: \"name\"` at the top of the model file")
}

pub fn duplicate_view(at: Location, first: &Location, name: &str) -> Diagnostic {
    rules::DUPLICATE_VIEW
        .broken(
            at,
            format!(
                "A view named \"{name}\" has been defined multiple times. Each view in a model must have a unique name."
            ),
        )
        .related(first.clone(), "first defined here")
}

pub fn duplicate_explore(at: Location, first: &Location, name: &str) -> Diagnostic {
    rules::DUPLICATE_EXPLORE.broken(at,
        format!(
            "An explore named \"{name}\" has been defined multiple times. Each explore in a model must have a unique \
             name."
        ),
    )
    .related(first.clone(), "first defined here")
}

pub fn duplicate_in_model(at: Location, first: &Location, kind: &str, name: &str) -> Diagnostic {
    duplicate_in_parent(at, first, kind, name, "model")
}

pub fn unknown_view(at: Location, name: &str) -> Diagnostic {
    rules::UNKNOWN_VIEW.broken(at, format!("Unknown view \"{name}\"."))
}

pub fn unknown_explore(at: Location, name: &str) -> Diagnostic {
    rules::UNKNOWN_EXPLORE.broken(at, format!("Unknown explore \"{name}\"."))
}

pub fn circular_extends(at: Location, path: &str) -> Diagnostic {
    rules::CIRCULAR_EXTENDS.broken(at, format!("Circular extends: {path}."))
}

pub fn extends_too_deep(at: Location, kind: &str, name: &str, deepest: usize) -> Diagnostic {
    rules::EXTENDS_TOO_DEEP.broken(at, format!("The {kind} \"{name}\" extends more than {deepest} others in a row."))
}

pub fn refinement_after_final(at: Location, kind: &str, name: &str, last: &Location) -> Diagnostic {
    rules::REFINEMENT_AFTER_FINAL
        .broken(at, format!("The {kind} \"{name}\" is final and cannot be refined here."))
        .related(last.clone(), "declared final here")
}

pub fn changed_kind(at: Location, name: &str, before: &str, now: &str) -> Diagnostic {
    rules::CHANGED_KIND.broken(at, format!("\"{name}\" is a {now} here and a {before} in what it extends or refines."))
}

pub fn two_triggers(at: Location, name: &str) -> Diagnostic {
    rules::TWO_TRIGGERS.broken(at, format!("Datagroup \"{name}\" cannot have both sql_trigger and interval_trigger."))
}

pub fn incomplete_datagroup(at: Location, name: &str) -> Diagnostic {
    rules::INCOMPLETE_DATAGROUP
        .broken(at, format!("Datagroup \"{name}\" needs sql_trigger, interval_trigger or max_cache_age."))
}

pub fn map_layer_source(at: Location, name: &str) -> Diagnostic {
    rules::MAP_LAYER_SOURCE.broken(at, format!("Map layer \"{name}\" needs file or url."))
}

pub fn test_without_assert(at: Location, name: &str) -> Diagnostic {
    rules::TEST_WITHOUT_ASSERT.broken(at, format!("Test \"{name}\" asserts nothing."))
}

pub fn unknown_test_explore(at: Location, name: &str, test: &str) -> Diagnostic {
    rules::UNKNOWN_TEST_EXPLORE
        .broken(at, format!("Unknown source explore \"{name}\" in lookml test \"{test}\" declaration."))
}

// Explores and joins

pub fn unknown_view_in_explore(at: Location, view: &str, explore: &str) -> Diagnostic {
    rules::UNKNOWN_VIEW.broken(at, format!("Unknown view \"{view}\" referenced by explore \"{explore}\""))
}

pub fn missing_relationship(at: Location) -> Diagnostic {
    rules::MISSING_RELATIONSHIP.broken(at, "relationship missing, assumed to be many_to_one.")
}

pub fn missing_join_condition(at: Location, join: &str) -> Diagnostic {
    rules::MISSING_JOIN_CONDITION.broken(at, format!("Join \"{join}\" needs sql_on or foreign_key."))
}

pub fn missing_primary_key(at: Location, view: &str, join: &str) -> Diagnostic {
    rules::MISSING_PRIMARY_KEY
        .broken(at, format!("View \"{view}\" needs a primary key for the foreign_key of join \"{join}\"."))
}

pub fn unknown_join(at: Location, name: &str, parameter: &str) -> Diagnostic {
    rules::UNKNOWN_JOIN.broken(at, format!("Unknown join \"{name}\" in {parameter}."))
}

pub fn join_named_like_base(at: Location, alias: &str, explore: &str) -> Diagnostic {
    rules::DUPLICATE_JOIN
        .broken(at, format!("Join \"{alias}\" has the name of the base view of explore \"{explore}\"."))
        .help("give the join another name and write the view into `from`")
}

pub fn circular_join(at: Location, path: &str) -> Diagnostic {
    rules::CIRCULAR_JOIN.broken(at, format!("Circular join dependency: {path}."))
}

pub fn unknown_access_grant(at: Location, name: &str) -> Diagnostic {
    rules::UNKNOWN_ACCESS_GRANT.broken(at, format!("Unknown access grant \"{name}\"."))
}

pub fn explore_without_view(at: Location) -> Diagnostic {
    rules::EXPLORE_WITHOUT_VIEW.broken(
        at,
        "Explore name must match a view name, or the explore must provide a 'from:' or 'view_name:' property",
    )
}

pub fn two_join_conditions(at: Location, join: &str) -> Diagnostic {
    rules::TWO_JOIN_CONDITIONS.broken(at, format!("Join \"{join}\" cannot have both sql_on and foreign_key."))
}

pub fn primary_key_for_fanout(at: Location, view: &str, repetition: &str) -> Diagnostic {
    rules::PRIMARY_KEY_FOR_FANOUT
        .broken(at, format!("View \"{view}\" has no primary key, but {repetition} repeats its rows."))
        .help("write `primary_key: yes` into the dimension that tells its rows apart")
}

/// `measures` are those of one view.
pub fn aggregate_by_hand(at: Location, measures: &[String], repetition: &str) -> Diagnostic {
    let (subject, verb, own) = match measures {
        [one] => (format!("Measure \"{one}\""), "aggregates", "its own"),
        [one, two] => (format!("Measures \"{one}\" and \"{two}\""), "aggregate", "their own"),
        [one, two, others @ ..] => {
            (format!("Measures \"{one}\", \"{two}\" and {} more of the view", others.len()), "aggregate", "their own")
        }
        [] => ("A measure".to_owned(), "aggregates", "its own"),
    };
    rules::AGGREGATE_BY_HAND
        .broken(at, format!("{subject} {verb} by SQL of {own}, but {repetition} repeats the rows."))
        .help("make it of measures of type sum, count or average, which count each row once")
}

pub fn unreachable_join(at: Location, join: &str, other: &str, explore: &str) -> Diagnostic {
    rules::UNREACHABLE_JOIN
        .broken(
            at,
            format!("The condition of join \"{join}\" names \"{other}\" of explore \"{explore}\" in plain SQL alone."),
        )
        .help("refer to fields as `${view.field}`, so that the joins it needs are known")
}

pub fn unknown_datagroup(at: Location, name: &str) -> Diagnostic {
    rules::UNKNOWN_DATAGROUP.broken(at, format!("Unknown datagroup \"{name}\"."))
}

pub fn unknown_map_layer(at: Location, name: &str, known: &[&str]) -> Diagnostic {
    let known = known.join(", ");
    rules::UNKNOWN_MAP_LAYER.broken(at, format!("No map layer named \"{name}\" is defined. Must be one of {known}"))
}

pub fn two_persistences(at: Location) -> Diagnostic {
    rules::TWO_PERSISTENCES.broken(at, "persist_for has no effect beside persist_with.")
}

pub fn bind_outside_source(at: Location, view: &str, explore: &str) -> Diagnostic {
    rules::BIND_OUTSIDE_SOURCE.broken(
        at,
        format!(
            "Cannot use native derived table \"{view}\" with bind_all_filters outside of its source explore \
             \"{explore}\""
        ),
    )
}

pub fn two_bindings(at: Location, view: &str) -> Diagnostic {
    rules::TWO_BINDINGS
        .broken(at, format!("The derived table of view \"{view}\" cannot have both bind_filters and bind_all_filters."))
}

pub fn persistent_binding(at: Location, view: &str) -> Diagnostic {
    rules::PERSISTENT_BINDING
        .broken(at, format!("The derived table of view \"{view}\" is persistent and cannot bind filters."))
}

pub fn persistent_access_filter(at: Location, view: &str, explore: &str) -> Diagnostic {
    rules::PERSISTENT_ACCESS_FILTER.broken(
        at,
        format!(
            "Persistent Native Derived Table for view \"{view}\" has an explore source \"{explore}\" that has access \
             filters. Persisting this table may result in unexpected behavior."
        ),
    )
}

pub fn incomplete_aggregate_table(at: Location, table: &str) -> Diagnostic {
    rules::INCOMPLETE_AGGREGATE_TABLE.broken(
        at,
        format!(
            "The materialization of aggregate table \"{table}\" needs datagroup_trigger, sql_trigger_value, persist_for \
             or interval_trigger."
        ),
    )
}

// Liquid

pub fn invalid_liquid(at: Location, message: &str) -> Diagnostic {
    rules::INVALID_LIQUID.broken(at, format!("Invalid Liquid: {message}."))
}

pub fn unknown_liquid_filter(at: Location, name: &str) -> Diagnostic {
    rules::UNKNOWN_LIQUID_FILTER.broken(at, format!("Unknown Liquid filter \"{name}\"."))
}

pub fn unknown_liquid_variable(at: Location, name: &str) -> Diagnostic {
    rules::UNKNOWN_LIQUID_VARIABLE.broken(at, format!("Variable not found \"{name}\"."))
}

pub fn misplaced_liquid(at: Location, name: &str, parameter: &str) -> Diagnostic {
    rules::MISPLACED_LIQUID.broken(at, format!("\"{name}\" means nothing in {parameter}."))
}

pub fn invalid_filter(at: Location, field: &str, message: &str) -> Diagnostic {
    rules::INVALID_FILTER.broken(at, format!("Invalid filter expression for \"{field}\": {message}."))
}

// References to fields

pub fn not_a_parameter(at: Location, field: &str) -> Diagnostic {
    rules::NOT_A_PARAMETER.broken(at, format!("label_from_parameter of \"{field}\" must refer to a parameter."))
}

pub fn not_a_measure(at: Location, name: &str) -> Diagnostic {
    rules::NOT_A_MEASURE.broken(at, format!("based_on must refer to a measure, which \"{name}\" is not."))
}

pub fn unknown_suggest_dimension(at: Location, name: &str, field: &str) -> Diagnostic {
    rules::UNKNOWN_SUGGESTION
        .broken(at, format!("Unknown or excluded suggest_dimension \"{name}\" in field \"{field}\""))
}

pub fn unknown_suggest_explore(at: Location, name: &str, field: &str) -> Diagnostic {
    rules::UNKNOWN_SUGGESTION.broken(at, format!("Unknown suggest_explore \"{name}\" in field \"{field}\""))
}

pub fn unknown_field(at: Location, name: &str, by: &str) -> Diagnostic {
    rules::UNKNOWN_FIELD.broken(
        at,
        format!(
            "Unknown or inaccessible field \"{name}\" referenced in \"{by}\". Check for typos or append a timeframe \
             to the name if the field is type \"time\"."
        ),
    )
}

pub fn removed_field(at: Location, name: &str, by: &str, explore: &str) -> Diagnostic {
    unknown_field(at, name, by).help(format!("`fields` of explore `{explore}` leaves it out"))
}

pub fn malformed_reference(at: Location, written: &str) -> Diagnostic {
    let diagnostic = |message: String| rules::MALFORMED_REFERENCE.broken(at, message);
    if written.ends_with('}') {
        return diagnostic(format!("\"{written}\" is no reference."))
            .help("a reference is written `${field}`, `${view.field}` or `${TABLE}`");
    }
    diagnostic("\"${\" is never closed.".to_owned()).help("write `}` where the reference ends")
}

pub fn unknown_view_of_field(at: Location, view: &str, model: &str) -> Diagnostic {
    rules::UNKNOWN_VIEW.broken(
        at,
        format!(
            "Unknown view \"{view}\". View does not exist in model \"{model}\". Check for typos or missing include \
             statements."
        ),
    )
}

pub fn inaccessible_view(at: Location, view: &str, field: &str, explore: &str) -> Diagnostic {
    rules::INACCESSIBLE_VIEW.broken(
        at,
        format!(
            "Inaccessible view \"{view}\". \"{field}\" is not accessible in explore \"{explore}\". Check for missing \
             joins in explore \"{explore}\"."
        ),
    )
}

pub fn unknown_field_in_filter(at: Location, name: &str) -> Diagnostic {
    rules::UNKNOWN_FIELD.broken(at, format!("Unknown field \"{name}\" in filter"))
}

pub fn unknown_always_filter(at: Location, name: &str, parameter: &str) -> Diagnostic {
    rules::UNKNOWN_FIELD.broken(at, format!("{parameter}: unknown filter field '{name}'"))
}

pub fn unknown_short_field(at: Location, name: &str) -> Diagnostic {
    rules::UNKNOWN_FIELD.broken(at, format!("Unknown field '{name}'"))
}

pub fn no_calendar(at: Location, view: &str) -> Diagnostic {
    rules::NO_CALENDAR.broken(at, format!("View \"{view}\" has no calendar_definition."))
}

pub fn unmapped_timeframe(at: Location, timeframe: &str, calendar: &str) -> Diagnostic {
    rules::UNMAPPED_TIMEFRAME
        .broken(at, format!("The calendar \"{calendar}\" maps no dimension to \"{timeframe}\"."))
        .help(format!("add `{timeframe}` to `timeframe_mapping` of the view"))
}

pub fn unmapped_ordinal(at: Location, timeframe: &str, calendar: &str) -> Diagnostic {
    rules::UNMAPPED_TIMEFRAME
        .broken(at, format!("The calendar \"{calendar}\" maps no ordinal to \"{timeframe}\"."))
        .help(format!("add `{timeframe}` to `timeframe_ordinal_mapping` of the view"))
}

pub fn wrong_compared_period(at: Location, parameter: &str, time: &str) -> Diagnostic {
    let (is, right) = match parameter {
        "period" => ("a timeframe of a calendar of one's own", "custom_calendar_period"),
        _ => ("no timeframe of a calendar of one's own", "period"),
    };
    rules::WRONG_COMPARED_PERIOD
        .broken(at, format!("{parameter} does not apply: \"{time}\" is {is}."))
        .help(format!("use `{right}`"))
}

pub fn two_compared_periods(at: Location) -> Diagnostic {
    rules::WRONG_COMPARED_PERIOD.broken(at, "period and custom_calendar_period exclude each other.")
}

pub fn unknown_set(at: Location, name: &str, by: &str) -> Diagnostic {
    rules::UNKNOWN_SET.broken(at, format!("Unknown set \"{name}\" referenced in \"{by}\"."))
}

pub fn circular_set(at: Location, path: &str) -> Diagnostic {
    rules::CIRCULAR_SET.broken(at, format!("Circular set: {path}."))
}

pub fn circular_reference(at: Location, path: &str) -> Diagnostic {
    rules::CIRCULAR_REFERENCE.broken(at, format!("Circular reference: {path}."))
}

pub fn aggregate_of_measure(at: Location) -> Diagnostic {
    rules::AGGREGATE_OF_MEASURE.broken(
        at,
        "Measures with Looker aggregations (sum, average, min, max, list types) may not reference other measures.",
    )
}

pub fn measure_in_dimension(at: Location) -> Diagnostic {
    rules::MEASURE_IN_DIMENSION.broken(
        at,
        "Field references an aggregate but is specified as a dimension. If you want to use aggregations such as sum, \
         average, count, use a measure type instead.",
    )
}

// Views and fields

pub fn multiple_primary_keys(at: Location, view: &str, first: (&str, &Location), second: &str) -> Diagnostic {
    let (name, place) = first;
    rules::MULTIPLE_PRIMARY_KEYS
        .broken(at, format!("Multiple primary key definitions for view '{view}': '{name}' and '{second}'"))
        .related(place.clone(), "the first primary key")
}

pub fn primary_key_on_group(at: Location, group: &str) -> Diagnostic {
    rules::PRIMARY_KEY_ON_GROUP
        .broken(at, format!("Dimension group \"{group}\" can only be a primary key with a single timeframe."))
}

pub fn two_tables(at: Location, view: &str) -> Diagnostic {
    rules::TWO_TABLES.broken(at, format!("Cannot specify both sql_table_name and derived_table for view \"{view}\""))
}

pub fn two_sources(at: Location, view: &str) -> Diagnostic {
    rules::TWO_TABLES
        .broken(at, format!("Cannot specify both sql and explore_source in the derived_table of view \"{view}\""))
}

pub fn no_source(at: Location, view: &str) -> Diagnostic {
    rules::MISSING_PARAMETER.broken(at, format!("The derived_table of view \"{view}\" needs sql or explore_source."))
}

pub fn unsupported(at: Location, what: &str) -> Diagnostic {
    rules::UNSUPPORTED.broken(at, format!("{what} is not supported."))
}

fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o']) { "An" } else { "A" }
}

pub fn missing_parameter(at: Location, parameter: &str, of: &str) -> Diagnostic {
    rules::MISSING_PARAMETER
        .broken(at, format!("{} {parameter} parameter must be defined for {of}.", article(parameter)))
}

pub fn missing_sql(at: Location, of: &str) -> Diagnostic {
    rules::MISSING_SQL
        .broken(at, format!("A sql parameter must be defined for {of}; the column of its name is assumed."))
}

pub fn missing_list_field(at: Location) -> Diagnostic {
    rules::MISSING_PARAMETER.broken(at, "A list_field must be defined for measures of type list.")
}

pub fn incomplete_location(at: Location) -> Diagnostic {
    rules::MISSING_PARAMETER.broken(at, "The location field type requires both sql_latitude and sql_longitude.")
}

pub fn count_with_sql(at: Location) -> Diagnostic {
    rules::COUNT_WITH_SQL.broken(
        at,
        "Measures of type count do not use the sql parameter. Use count_distinct to count by something other than the \
         primary key, or remove the sql parameter.",
    )
}

pub fn location_with_sql(at: Location) -> Diagnostic {
    rules::LOCATION_WITH_SQL.broken(
        at,
        "The location field type does not use the sql parameter. Please use sql_latitude and sql_longitude instead.",
    )
}

pub fn missing_sql_step(at: Location, view: &str) -> Diagnostic {
    rules::MISSING_SQL_STEP
        .broken(at, format!("Missing required sql_step in create_process of derived table '{view}'."))
}

pub fn filters_on_non_aggregate(at: Location, kind: &str) -> Diagnostic {
    rules::FILTERS_ON_NON_AGGREGATE
        .broken(at, format!("filters: is not supported for measures of non-aggregate type '{kind}'"))
}

pub fn fiscal_without_offset(at: Location, timeframe: &str) -> Diagnostic {
    rules::FISCAL_WITHOUT_OFFSET
        .broken(at, format!("Timeframe \"{timeframe}\" needs fiscal_month_offset in the model."))
        .help("write `fiscal_month_offset: 0` into the model file, or the months from January to the fiscal year")
}

pub fn unknown_value_format(at: Location, name: &str) -> Diagnostic {
    rules::UNKNOWN_VALUE_FORMAT.broken(at, format!("Unknown value format \"{name}\"."))
}

pub fn column_of_unknown_field(at: Location, field: &str, explore: &str) -> Diagnostic {
    rules::UNKNOWN_FIELD
        .broken(at, format!("Unknown or inaccessible field \"{field}\" referenced in explore_source \"{explore}\"."))
}

pub fn circular_derived_table(at: Location, path: &str) -> Diagnostic {
    rules::CIRCULAR_DERIVED_TABLE.broken(at, format!("Circular derived table: {path}."))
}
