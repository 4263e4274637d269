//! Queries and their SQL, told in Markdown: `tests/cases/*.md`; see the README there.

use crate::support::{Setting, plan_on, project};
use belvedere_lookml::project::Project;
use belvedere_query::{AttributeType, Mode, Query, Reach, UserAttribute};
use jiff::tz::TimeZone;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

macro_rules! cases {
    ($($name:ident),+ $(,)?) => {
        const FILES: &[&str] = &[$(stringify!($name)),+];

        $(#[test]
        fn $name() {
            run(stringify!($name));
        })+
    };
}

cases!(
    access,
    calendars,
    custom_fields,
    derived_tables,
    dimensions,
    fan_out,
    filters,
    grouping,
    joins,
    liquid,
    measures,
    mistakes,
    model_filters,
    modes,
    periods,
    pivots,
    sorts,
    timeframes,
    zones,
);

#[test]
fn every_file_of_cases_is_run() {
    let mut found: Vec<String> = fs::read_dir(folder())
        .unwrap()
        .filter_map(|entry| Some(entry.unwrap().file_name().to_str()?.strip_suffix(".md")?.to_owned()))
        .filter(|name| name != "README")
        .collect();
    found.sort();
    assert_eq!(found, FILES);
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

/// Checks a file, or writes what comes out into it when `UPDATE_CASES` is set: to be read before it is kept.
fn run(name: &str) {
    let path = folder().join(format!("{name}.md"));
    let text = fs::read_to_string(&path).unwrap();
    let actual = answered(&text);
    if std::env::var_os("UPDATE_CASES").is_some() {
        fs::write(&path, &actual).unwrap();
        return;
    }
    let differing = actual.lines().zip(text.lines()).position(|(actual, expected)| actual != expected);
    let differing = differing.or((actual != text).then_some(0));
    if let Some(line) = differing {
        let from = line.saturating_sub(20);
        let shown: Vec<&str> = actual.lines().skip(from).take(60).collect();
        panic!("{name}.md differs at line {}; around it now:\n{}", line + 1, shown.join("\n"));
    }
}

/// The text with what comes out now in each `sql` and `error` block, which stands behind its `query` block.
fn answered(text: &str) -> String {
    let mut out = String::new();
    let mut lookml = String::new();
    let mut model: Option<Project> = None;
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let _ = writeln!(out, "{line}");
        let Some(kind) = line.strip_prefix("```").filter(|kind| !kind.is_empty()) else { continue };
        let inside: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        for line in &inside {
            let _ = writeln!(out, "{line}");
        }
        let _ = writeln!(out, "```");
        match kind {
            "lookml" => {
                lookml = inside.join("\n");
                model = None;
            }
            "query" => {
                let project = model.get_or_insert_with(|| project(&lookml));
                let (kind, answer) = answer(project, &inside);
                skip_answer(&mut lines);
                let _ = write!(out, "\n```{kind}\n{answer}\n```\n");
            }
            _ => panic!("unknown block {kind}"),
        }
    }
    out
}

/// Steps over the answer that stands in the file now, with the blank line before it.
fn skip_answer<'t>(lines: &mut std::iter::Peekable<impl Iterator<Item = &'t str> + Clone>) {
    let mut ahead = lines.clone();
    if ahead.next() == Some("") && ahead.next().is_some_and(|line| matches!(line, "```sql" | "```error")) {
        lines.by_ref().find(|line| *line == "```");
    }
}

fn answer(project: &Project, lines: &[&str]) -> (&'static str, String) {
    let (explore, query, setting) = parse(lines);
    match plan_on(project, &explore, &query, &setting) {
        Ok(plan) => ("sql", plan.script()),
        Err(error) => ("error", error.to_string()),
    }
}

fn parse(lines: &[&str]) -> (String, Query, Setting) {
    let (mut explore, mut query, mut setting) = (String::new(), Query::default(), Setting::default());
    for line in lines {
        let (key, value) = line.split_once(": ").unwrap_or_else(|| panic!("no value in: {line}"));
        let list = || value.split(", ").map(str::to_owned).collect::<Vec<_>>();
        let zone = || TimeZone::get(value).unwrap();
        match key {
            "explore" => value.clone_into(&mut explore),
            "fields" => query.fields = list(),
            "pivots" => query.pivots = list(),
            "fill_fields" => query.fill_fields = list(),
            "subtotals" => query.subtotals = list(),
            "sorts" => query.sorts = list(),
            "column_limit" => query.column_limit = Some(value.parse().unwrap()),
            "limit" => query.limit = Some(value.parse().unwrap()),
            "total" => query.total = value == "true",
            "row_total" => query.row_total = Some(value.to_owned()),
            "dynamic_fields" => query.dynamic_fields = Some(value.to_owned()),
            "filter_expression" => query.filter_expression = Some(value.to_owned()),
            "now" => setting.now = value.parse().unwrap(),
            "timezone" => setting.query_timezone = zone(),
            "database_timezone" if value == "none" => setting.database_timezone = None,
            "database_timezone" => setting.database_timezone = Some(zone()),
            "mode" if value == "development" => setting.mode = Mode::Development,
            "access" if value == "unrestricted" => setting.access.reach = Reach::Unrestricted,
            _ => match key.split_once(' ') {
                Some(("filter", field)) => {
                    query.filters.insert(field.to_owned(), value.trim_matches('`').to_owned());
                }
                Some((kind, name)) => {
                    let attribute = UserAttribute { kind: attribute_type(kind), value: value.to_owned() };
                    setting.access.user_attributes.insert(name.to_owned(), attribute);
                }
                None => panic!("unknown key in: {line}"),
            },
        }
    }
    (explore, query, setting)
}

fn attribute_type(name: &str) -> AttributeType {
    match name {
        "string" => AttributeType::String,
        "number" => AttributeType::Number,
        "datetime" => AttributeType::Datetime,
        "yesno" => AttributeType::Yesno,
        "advanced_filter_string" => AttributeType::AdvancedFilterString,
        "advanced_filter_number" => AttributeType::AdvancedFilterNumber,
        "advanced_filter_datetime" => AttributeType::AdvancedFilterDatetime,
        _ => panic!("unknown type of attribute: {name}"),
    }
}
