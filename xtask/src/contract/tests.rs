use std::fs;

use super::*;

const ROOT: &str = "\
openapi: 3.0.0
info: {title: Test, description: A test.}
components:
  parameters:
    fields: {name: fields, in: query, schema: {type: string}, description: Properties.}
  responses:
    \"404\": {description: No such thing., content: {application/json: {schema: {$ref: \"#/components/schemas/Error\"}}}}
  schemas:
    Error:
      type: object
      description: An error.
      x-looker-status: stable
      properties:
        message: {type: string, description: What went wrong.}
";

const LOOK: &str = "\
tags:
  - {name: Look, description: Looks.}
paths:
  /looks/{look_id}:
    get:
      operationId: look
      summary: Show a Look
      description: Gives a Look.
      x-looker-status: stable
      x-looker-activity-type: non_query
      x-looker-rate-limited: true
      x-since: \"21.10\"
      parameters:
        - {name: look_id, in: path, required: true, schema: {type: string}, description: Id.}
        - {$ref: \"#/components/parameters/fields\"}
      responses:
        \"200\": {description: The Look., content: {application/json: {schema: {$ref: \"#/components/schemas/Look\"}}}}
        \"404\": {$ref: \"#/components/responses/404\"}
components:
  schemas:
    Look:
      type: object
      description: A Look.
      x-looker-status: stable
      required: [id]
      properties:
        id: {type: string, description: Unique id.}
        kind: {type: string, enum: [table, chart], description: Kind.}
";

/// A contract of two files.
fn contract(look: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join(VERSION)).unwrap();
    fs::write(folder.path().join(VERSION).join("openapi.yaml"), ROOT).unwrap();
    fs::write(folder.path().join(VERSION).join("look.yaml"), look).unwrap();
    folder
}

/// The mistakes of a contract, broken promises among them.
fn mistakes(folder: &Path) -> Vec<String> {
    let (_, problems) = promised(folder);
    problems.0.iter().map(ToString::to_string).collect()
}

/// What a contract and the newest blessed document differ in, and the mistakes.
fn promised(folder: &Path) -> (Option<belvedere_contract::Comparison>, Problems) {
    let mut problems = Problems::default();
    let api = read(folder, &mut problems).unwrap();
    let since = promise::check(&api, &blessed::read(folder, &mut problems), &mut problems);
    (since, problems)
}

#[test]
fn a_contract_without_mistakes_is_read() {
    let folder = contract(LOOK);
    assert_eq!(mistakes(folder.path()), Vec::<String>::new());
    let api = load(folder.path()).unwrap();
    assert_eq!(api.operations[0].parameters.len(), 2);
    assert_eq!(api.operations[0].since, model::release("21.10"));
    assert_eq!(api.document["paths"]["/looks/{look_id}"]["get"]["tags"][0], "Look");
    assert_eq!(api.document["paths"]["/looks/{look_id}"]["get"]["parameters"][1]["name"], "fields");
}

#[test]
fn the_contract_of_this_workspace_has_no_mistakes() {
    assert_eq!(mistakes(&folder()), Vec::<String>::new());
}

#[test]
fn each_mistake_is_reported_with_its_place() {
    for (from, to, mistake) in [
        ("operationId: look", "operationId: Look", "look.yaml: Look: an operationId is lower case with underscores"),
        (
            "x-since: \"21.10\"",
            "x-since: 21.10",
            "look.yaml: look: `x-since` must be a release in quotes, such as \"26.12\"",
        ),
        (
            "/looks/{look_id}:",
            "/looks/{id}:",
            "look.yaml: look: the path has [\"id\"], the parameters say [\"look_id\"]",
        ),
        (
            "#/components/parameters/fields",
            "#/components/parameters/field",
            "look: `#/components/parameters/field` does not exist",
        ),
        ("#/components/schemas/Look\"", "#/components/schemas/Looks\"", "look.yaml: look: there is no schema `Looks`"),
        ("required: [id]", "required: [name]", "look.yaml: Look: `name` is required but not a property"),
        ("enum: [table, chart]", "enum: []", "look.yaml: Look.kind: `enum` is empty"),
        ("type: string, enum", "type: text, enum", "look.yaml: Look.kind: text with format none is not used here"),
        ("      summary: Show a Look\n", "", "look.yaml: look: `summary` is missing"),
        (
            "x-looker-activity-type: non_query",
            "x-looker-activity-type: query",
            "look.yaml: look: `x-looker-activity-type` must be one of db_query, non_query, none",
        ),
        ("    get:\n", "    fetch:\n", "look.yaml: fetch /looks/{look_id}: not a method"),
        (", description: Unique id.}", "}", "look.yaml: Look.id: `description` is missing"),
        (
            "      x-looker-status: stable\n      x-looker",
            "      tags: [Look]\n      x-looker-status: stable\n      x-looker",
            "look.yaml: get /looks/{look_id}: `tags` follows from the file; leave it out",
        ),
        ("tags:\n", "servers: []\ntags:\n", "look.yaml: `servers` has no place here"),
        (
            "id: {type: string, desc",
            "id: {type: string, readOnly: true, writeOnly: true, desc",
            "look.yaml: Look.id: read-only and write-only at once",
        ),
    ] {
        assert!(LOOK.contains(from), "{from}");
        let found = mistakes(contract(&LOOK.replacen(from, to, 1)).path());
        assert!(found.iter().any(|found| found == mistake), "{to}: {found:?}");
    }
}

#[test]
fn an_operation_id_stands_once() {
    let other = LOOK.split_once("paths:\n").unwrap().1.split_once("components:").unwrap().0;
    let other = other.replace("/looks/{look_id}", "/old_looks/{look_id}");
    let twice = LOOK.replace("components:\n  schemas", &format!("{other}components:\n  schemas"));
    let found = mistakes(contract(&twice).path());
    assert_eq!(found, ["look.yaml: look: `get /looks/{look_id}` has the same operationId"]);
}

#[test]
fn a_schema_that_no_operation_uses_is_a_mistake() {
    let unused =
        format!("{LOOK}    Space:\n      type: object\n      description: A space.\n      x-looker-status: stable\n");
    assert_eq!(mistakes(contract(&unused).path()), ["look.yaml: Space: no operation uses this schema"]);
}

#[test]
fn what_is_not_yaml_is_reported_by_its_file() {
    let found = mistakes(contract("paths: {").path());
    assert!(found[0].starts_with("look.yaml: not YAML: "), "{found:?}");
}

#[test]
fn the_coverage_list_is_sorted_and_names_operations() {
    let folder = contract(LOOK);
    fs::write(folder.path().join(coverage::FILE), "# without code\nlook\nold_look\n").unwrap();
    assert_eq!(mistakes(folder.path()), ["coverage.txt: there is no operation `old_look`"]);
    assert!(!super::read(folder.path(), &mut Problems::default()).unwrap().operations[0].implemented);
    fs::write(folder.path().join(coverage::FILE), "look\nlook\n").unwrap();
    assert_eq!(mistakes(folder.path()), ["coverage.txt: `look` must stand before `look`, once"]);
}

/// Blesses the contract of two files as it stands.
fn blessed_contract() -> tempfile::TempDir {
    let folder = contract(LOOK);
    let release = "21.12".parse().unwrap();
    let document = promise::at(&promise::whole(&load(folder.path()).unwrap()), VERSION, release);
    blessed::bless(folder.path(), VERSION, release, document).unwrap();
    folder
}

#[test]
fn a_blessed_document_never_changes() {
    let folder = blessed_contract();
    assert_eq!(mistakes(folder.path()), Vec::<String>::new());
    let document = folder.path().join("blessed/4.0-21.12.json");
    let bytes = fs::read(&document).unwrap();

    let mut changed = bytes.clone();
    let last = changed.len() - 1;
    changed[last] = b' ';
    fs::write(&document, &changed).unwrap();
    let refused = "blessed/4.0-21.12.json: changed since it was blessed; released documents never change";
    assert_eq!(mistakes(folder.path()), [refused]);

    fs::remove_file(&document).unwrap();
    assert_eq!(mistakes(folder.path()), ["releases.toml: blessed/4.0-21.12.json is missing"]);

    fs::write(&document, &bytes).unwrap();
    fs::write(folder.path().join("blessed/4.0-21.14.json"), &bytes).unwrap();
    assert_eq!(mistakes(folder.path()), ["blessed/4.0-21.14.json: stands in no line of releases.toml"]);
}

#[test]
fn a_document_is_blessed_once() {
    let folder = blessed_contract();
    let document = promise::at(&promise::whole(&load(folder.path()).unwrap()), VERSION, "21.12".parse().unwrap());
    let again = blessed::bless(folder.path(), VERSION, "21.12".parse().unwrap(), document).unwrap_err();
    assert_eq!(again.to_string(), "blessed/4.0-21.12.json is blessed already, and released documents never change");
}

/// The contract with another second file.
fn rewritten(from: &str, to: &str) -> tempfile::TempDir {
    assert!(LOOK.contains(from), "{from}");
    let folder = blessed_contract();
    fs::write(folder.path().join(VERSION).join("look.yaml"), LOOK.replacen(from, to, 1)).unwrap();
    folder
}

#[test]
fn a_blessed_document_has_no_prose() {
    let folder = blessed_contract();
    let text = fs::read_to_string(folder.path().join("blessed/4.0-21.12.json")).unwrap();
    assert!(!text.contains("description") && !text.contains("summary"), "{text}");
    let reworded = rewritten("description: Gives a Look.", "description: Gives you a Look.");
    assert_eq!(mistakes(reworded.path()), Vec::<String>::new());
}

#[test]
fn an_addition_passes() {
    let (from, to) =
        ("properties:\n", "properties:\n        title: {type: string, x-since: \"21.14\", description: Title.}\n");
    let folder = rewritten(from, to);
    let (since, problems) = promised(folder.path());
    assert!(problems.0.is_empty(), "{problems:?}");
    assert_eq!(report::summary(&since.unwrap()), "1 additive");
}

#[test]
fn a_breaking_change_is_refused_with_its_rule_and_what_to_do() {
    let found = mistakes(rewritten("kind: {type: string, ", "kind: {type: string, nullable: true, ").path());
    let refused = "Look.kind: [response-property-became-nullable] `kind` may be null in answers now; met by look
      changes the document of 21.12, which is blessed and never changes
      why: Programs use the value without asking, and fail on the first null.
      instead: give a value always";
    assert_eq!(found, [refused]);
}

#[test]
fn what_ends_without_having_been_deprecated_is_refused() {
    let found =
        mistakes(rewritten("      x-since: \"21.10\"", "      x-since: \"21.10\"\n      x-until: \"21.14\"").path());
    assert!(
        found[0].starts_with("look: [operation-removed] `look` is gone; it was GET /looks/{look_id}\n"),
        "{found:?}"
    );
    assert!(found[0].contains("breaks what blessed/4.0-21.12.json promises"), "{found:?}");
}

#[test]
fn what_a_blessed_document_deprecated_may_end() {
    let folder = contract(&LOOK.replacen("x-looker-status: stable", "x-looker-status: deprecated", 1));
    let release = "21.12".parse().unwrap();
    let document = promise::at(&promise::whole(&load(folder.path()).unwrap()), VERSION, release);
    blessed::bless(folder.path(), VERSION, release, document).unwrap();
    let ended = LOOK.replacen("x-looker-status: stable", "x-looker-status: deprecated", 1).replacen(
        "      x-since: \"21.10\"",
        "      x-since: \"21.10\"\n      x-until: \"21.14\"",
        1,
    );
    fs::write(folder.path().join(VERSION).join("look.yaml"), ended).unwrap();
    let (since, problems) = promised(folder.path());
    assert!(problems.0.is_empty(), "{problems:?}");
    assert_eq!(report::summary(&since.unwrap()), "3 announced");
}
