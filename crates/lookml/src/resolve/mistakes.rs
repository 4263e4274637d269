//! The catalogue of what can be wrong with a project beyond its syntax: one function for each rule.
//!
//! Where the product's wording is known the message has it; the others follow its tone.

use crate::diagnostic::{Diagnostic, Location, Severity};
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

fn error(id: &'static str, at: Location, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(id, Severity::Error, at, message)
}

fn warning(id: &'static str, at: Location, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(id, Severity::Warning, at, message)
}

// One file

pub fn unknown_parameter(at: Location, key: &str, parent: &str) -> Diagnostic {
    warning("unknown-parameter", at, format!("Unknown or unexpected parameter \"{key}\" in \"{parent}\"."))
}

pub fn deprecated_parameter(at: Location, key: &str, parent: &str) -> Diagnostic {
    let message = format!("Parameter \"{key}\" in \"{parent}\" is deprecated.");
    Diagnostic::new("deprecated-parameter", Severity::Info, at, message)
}

pub fn wrong_value(at: Location, key: &str, expected: &str) -> Diagnostic {
    error("wrong-value", at, format!("Parameter \"{key}\" takes {expected}."))
}

pub fn not_yes_or_no(at: Location, key: &str, value: &str) -> Diagnostic {
    warning("wrong-value", at, format!("Parameter \"{key}\" takes yes or no, not \"{value}\"; it is ignored."))
}

pub fn invalid_value(at: Location, noun: &str, value: &str) -> Diagnostic {
    error("invalid-value", at, format!("Unknown {noun} \"{value}\"."))
}

pub fn missing_name(at: Location, key: &str) -> Diagnostic {
    error("missing-name", at, format!("\"{key}\" needs a name.")).help(format!("write `{key}: name {{ ... }}`"))
}

pub fn refinement_of_other_kind(at: Location, key: &str) -> Diagnostic {
    error("wrong-refinement", at, format!("Only views and explores can be refined, not \"{key}\"."))
}

pub fn unknown_constant(at: Location, name: &str) -> Diagnostic {
    error("unknown-constant", at, format!("Could not find the constant \"{name}\"."))
}

pub fn duplicate_in_parent(at: Location, first: &Location, kind: &str, name: &str, parent: &str) -> Diagnostic {
    warning(
        "duplicate-definition",
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
    error(
        "duplicate-field",
        at,
        format!("\"{name}\" is both a {before} and a {now}. Each field in a view must have a unique name."),
    )
    .related(first.clone(), "first defined here")
}

// Files of a model

pub fn include_without_match(at: Location) -> Diagnostic {
    warning("include-no-match", at, "This include does not match any files")
}

pub fn include_of_unknown_project(at: Location, project: &str) -> Diagnostic {
    error("include-no-match", at, "This include does not match any files")
        .help(format!("the project `{project}` is not imported here"))
}

pub fn duplicate_model(at: Location, name: &str) -> Diagnostic {
    error("duplicate-model", at, format!("A model named \"{name}\" has been defined multiple times."))
        .help("model names come from the file name and must be unique")
}

pub fn duplicate_constant(at: Location, first: &Location, name: &str) -> Diagnostic {
    error("duplicate-definition", at, format!("The constant \"{name}\" has been defined multiple times."))
        .related(first.clone(), "first defined here")
}

pub fn missing_connection(at: Location, model: &str) -> Diagnostic {
    error("missing-connection", at, format!("Model \"{model}\" has no connection."))
        .help("write `connection: \"name\"` at the top of the model file")
}

pub fn duplicate_view(at: Location, first: &Location, name: &str) -> Diagnostic {
    error(
        "duplicate-view",
        at,
        format!(
            "A view named \"{name}\" has been defined multiple times. Each view in a model must have a unique name."
        ),
    )
    .related(first.clone(), "first defined here")
}

pub fn duplicate_explore(at: Location, first: &Location, name: &str) -> Diagnostic {
    error(
        "duplicate-explore",
        at,
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
    error("unknown-view", at, format!("Unknown view \"{name}\"."))
}

pub fn unknown_explore(at: Location, name: &str) -> Diagnostic {
    error("unknown-explore", at, format!("Unknown explore \"{name}\"."))
}

pub fn circular_extends(at: Location, path: &str) -> Diagnostic {
    error("circular-extends", at, format!("Circular extends: {path}."))
}

pub fn extends_too_deep(at: Location, kind: &str, name: &str, deepest: usize) -> Diagnostic {
    error("extends-too-deep", at, format!("The {kind} \"{name}\" extends more than {deepest} others in a row."))
}

pub fn refinement_after_final(at: Location, kind: &str, name: &str, last: &Location) -> Diagnostic {
    error("refinement-after-final", at, format!("The {kind} \"{name}\" is final and cannot be refined here."))
        .related(last.clone(), "declared final here")
}

pub fn changed_kind(at: Location, name: &str, before: &str, now: &str) -> Diagnostic {
    warning("changed-kind", at, format!("\"{name}\" is a {now} here and a {before} in what it extends or refines."))
}

// Explores and joins

pub fn unknown_view_in_explore(at: Location, view: &str, explore: &str) -> Diagnostic {
    error("unknown-view", at, format!("Unknown view \"{view}\" referenced by explore \"{explore}\""))
}

pub fn missing_relationship(at: Location) -> Diagnostic {
    warning("missing-relationship", at, "relationship missing, assumed to be many_to_one.")
}

pub fn missing_join_condition(at: Location, join: &str) -> Diagnostic {
    error("missing-join-condition", at, format!("Join \"{join}\" needs sql_on or foreign_key."))
}

pub fn missing_primary_key(at: Location, view: &str, join: &str) -> Diagnostic {
    error(
        "missing-primary-key",
        at,
        format!("View \"{view}\" needs a primary key for the foreign_key of join \"{join}\"."),
    )
}

pub fn unknown_join(at: Location, name: &str, parameter: &str) -> Diagnostic {
    error("unknown-join", at, format!("Unknown join \"{name}\" in {parameter}."))
}

pub fn join_named_like_base(at: Location, alias: &str, explore: &str) -> Diagnostic {
    error("duplicate-join", at, format!("Join \"{alias}\" has the name of the base view of explore \"{explore}\"."))
        .help("give the join another name and write the view into `from`")
}

pub fn circular_join(at: Location, path: &str) -> Diagnostic {
    error("circular-join", at, format!("Circular join dependency: {path}."))
}

pub fn unknown_access_grant(at: Location, name: &str) -> Diagnostic {
    error("unknown-access-grant", at, format!("Unknown access grant \"{name}\"."))
}

// References to fields

pub fn unknown_field(at: Location, name: &str, by: &str) -> Diagnostic {
    error(
        "unknown-field",
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

pub fn unknown_view_of_field(at: Location, view: &str, model: &str) -> Diagnostic {
    error(
        "unknown-view",
        at,
        format!(
            "Unknown view \"{view}\". View does not exist in model \"{model}\". Check for typos or missing include \
             statements."
        ),
    )
}

pub fn inaccessible_view(at: Location, view: &str, field: &str, explore: &str) -> Diagnostic {
    error(
        "inaccessible-view",
        at,
        format!(
            "Inaccessible view \"{view}\". \"{field}\" is not accessible in explore \"{explore}\". Check for missing \
             joins in explore \"{explore}\"."
        ),
    )
}

pub fn unknown_field_in_filter(at: Location, name: &str) -> Diagnostic {
    error("unknown-field", at, format!("Unknown field \"{name}\" in filter"))
}

pub fn unknown_always_filter(at: Location, name: &str, parameter: &str) -> Diagnostic {
    error("unknown-field", at, format!("{parameter}: unknown filter field '{name}'"))
}

pub fn unknown_short_field(at: Location, name: &str) -> Diagnostic {
    error("unknown-field", at, format!("Unknown field '{name}'"))
}

pub fn unknown_set(at: Location, name: &str, by: &str) -> Diagnostic {
    error("unknown-set", at, format!("Unknown set \"{name}\" referenced in \"{by}\"."))
}

pub fn circular_set(at: Location, path: &str) -> Diagnostic {
    error("circular-set", at, format!("Circular set: {path}."))
}

pub fn circular_reference(at: Location, path: &str) -> Diagnostic {
    error("circular-reference", at, format!("Circular reference: {path}."))
}

pub fn aggregate_of_measure(at: Location) -> Diagnostic {
    error(
        "aggregate-of-measure",
        at,
        "Measures with Looker aggregations (sum, average, min, max, list types) may not reference other measures.",
    )
}

pub fn measure_in_dimension(at: Location) -> Diagnostic {
    error(
        "measure-in-dimension",
        at,
        "Field references an aggregate but is specified as a dimension. If you want to use aggregations such as sum, \
         average, count, use a measure type instead.",
    )
}

// Views and fields

pub fn multiple_primary_keys(at: Location, view: &str, first: (&str, &Location), second: &str) -> Diagnostic {
    let (name, place) = first;
    error(
        "multiple-primary-keys",
        at,
        format!("Multiple primary key definitions for view '{view}': '{name}' and '{second}'"),
    )
    .related(place.clone(), "the first primary key")
}

pub fn primary_key_on_group(at: Location, group: &str) -> Diagnostic {
    error(
        "primary-key-on-group",
        at,
        format!("Dimension group \"{group}\" can only be a primary key with a single timeframe."),
    )
}

pub fn two_tables(at: Location, view: &str) -> Diagnostic {
    error("two-tables", at, format!("Cannot specify both sql_table_name and derived_table for view \"{view}\""))
}

pub fn two_sources(at: Location, view: &str) -> Diagnostic {
    error(
        "two-tables",
        at,
        format!("Cannot specify both sql and explore_source in the derived_table of view \"{view}\""),
    )
}

pub fn no_source(at: Location, view: &str) -> Diagnostic {
    error("missing-parameter", at, format!("The derived_table of view \"{view}\" needs sql or explore_source."))
}

pub fn unsupported(at: Location, what: &str) -> Diagnostic {
    error("unsupported", at, format!("{what} is not supported."))
}

pub fn missing_parameter(at: Location, parameter: &str, of: &str) -> Diagnostic {
    error("missing-parameter", at, format!("A {parameter} parameter must be defined for {of}."))
}

pub fn missing_sql(at: Location, of: &str) -> Diagnostic {
    warning("missing-sql", at, format!("A sql parameter must be defined for {of}; the column of its name is assumed."))
}

pub fn missing_list_field(at: Location) -> Diagnostic {
    error("missing-parameter", at, "A list_field must be defined for measures of type list.")
}

pub fn incomplete_location(at: Location) -> Diagnostic {
    error("missing-parameter", at, "The location field type requires both sql_latitude and sql_longitude.")
}

pub fn count_with_sql(at: Location) -> Diagnostic {
    warning(
        "count-with-sql",
        at,
        "Measures of type count do not use the sql parameter. Use count_distinct to count by something other than the \
         primary key, or remove the sql parameter.",
    )
}

pub fn filters_on_non_aggregate(at: Location, kind: &str) -> Diagnostic {
    error(
        "filters-on-non-aggregate",
        at,
        format!("filters: is not supported for measures of non-aggregate type '{kind}'"),
    )
}

pub fn fiscal_without_offset(at: Location, timeframe: &str) -> Diagnostic {
    error("fiscal-without-offset", at, format!("Timeframe \"{timeframe}\" needs fiscal_month_offset in the model."))
}

pub fn unknown_value_format(at: Location, name: &str) -> Diagnostic {
    error("unknown-value-format", at, format!("Unknown value format \"{name}\"."))
}

pub fn column_of_unknown_field(at: Location, field: &str, explore: &str) -> Diagnostic {
    error(
        "unknown-field",
        at,
        format!("Unknown or inaccessible field \"{field}\" referenced in explore_source \"{explore}\"."),
    )
}

pub fn circular_derived_table(at: Location, path: &str) -> Diagnostic {
    error("circular-derived-table", at, format!("Circular derived table: {path}."))
}
