//! What projects mean, told in Markdown: `tests/cases/*.md`.
//!
//! A case is a section (`## title`): prose, files as fenced blocks (```` ```lookml path ````), and what is expected of
//! them. The blocks of expectations are described in `tests/cases/README.md`.

mod catalogue;
mod describe;

use belvedere_lookml::diagnostic::Diagnostic;
use belvedere_lookml::project::Project;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

/// Runs the cases of each file as a test of its own.
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
    constants,
    derived_tables,
    dimension_groups,
    dimensions,
    explores,
    extends,
    field_lists,
    filters,
    includes,
    joins,
    labels,
    manifests,
    measures,
    mistakes_in_dashboards,
    mistakes_in_definitions,
    mistakes_in_explores,
    mistakes_in_fields,
    mistakes_in_liquid,
    mistakes_in_models,
    mistakes_in_references,
    models,
    parameters,
    refinements,
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

/// The demonstration is a project without mistakes.
#[test]
fn the_demo_project_has_nothing_to_complain_about() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../demo/thelook");
    let mut files = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
                files.push((name.into(), fs::read_to_string(&path).unwrap().into()));
            }
        }
    }
    let project = Project::load("thelook", files);
    assert_eq!(diagnostics(&project), "");
    assert!(project.model("thelook").unwrap().explores().count() >= 6);
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

fn run(name: &str) {
    let text = fs::read_to_string(folder().join(format!("{name}.md"))).unwrap();
    let cases = cases(&text);
    assert!(!cases.is_empty(), "{name} has no cases");
    let failures: Vec<String> = cases.iter().filter_map(Case::failure).collect();
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

/// A section of a file.
struct Case {
    title: String,
    blocks: Vec<Block>,
}

/// A fenced block: the words behind the fence, and the lines inside.
struct Block {
    words: Vec<String>,
    text: String,
}

fn cases(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(title) = line.strip_prefix("## ") {
            cases.push(Case { title: title.to_owned(), blocks: Vec::new() });
        }
        let Some(words) = line.strip_prefix("```") else { continue };
        let inside: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        let block = Block {
            words: words.split_whitespace().map(str::to_owned).collect(),
            text: inside.iter().flat_map(|line| [*line, "\n"]).collect(),
        };
        cases.last_mut().expect("a block stands in a section").blocks.push(block);
    }
    cases
}

impl Case {
    /// What is not as expected; `None` when all is well.
    fn failure(&self) -> Option<String> {
        let project = Project::load("project", self.files());
        let mut wrong = String::new();
        let mut expects_diagnostics = false;
        for block in &self.blocks {
            let words: Vec<&str> = block.words.iter().map(String::as_str).collect();
            let actual = match *words.as_slice() {
                ["lookml" | "file", _] => continue,
                ["diagnostics"] => {
                    expects_diagnostics = true;
                    diagnostics(&project)
                }
                ["fields", explore] => describe::fields(&project, explore),
                ["field", explore] => {
                    describe::asked(&block.text, |subject, key| describe::field(&project, explore, subject, key))
                }
                ["explore", explore] => {
                    describe::asked(&block.text, |key, subject| describe::explore(&project, explore, key, subject))
                }
                ["model", model] => {
                    describe::asked(&block.text, |key, subject| describe::model(&project, model, key, subject))
                }
                ["dashboard", id] => {
                    describe::asked(&block.text, |key, subject| describe::dashboard(&project, id, key, subject))
                }
                ["in", locale] => describe::asked_in(&block.text, &project, locale),
                _ => panic!("{}: unknown block {words:?}", self.title),
            };
            if actual != block.text {
                let _ = write!(wrong, "--- {words:?}\n{actual}--- expected\n{}", block.text);
            }
        }
        let unexpected = diagnostics(&project);
        if !expects_diagnostics && !unexpected.is_empty() {
            let _ = write!(wrong, "--- diagnostics, none expected\n{unexpected}");
        }
        (!wrong.is_empty()).then(|| format!("=== {}\n{wrong}", self.title))
    }

    /// The files of the case. Without a model file there is one, `test`, that includes them all.
    fn files(&self) -> Vec<(Arc<str>, Arc<str>)> {
        let named = self.blocks.iter().filter(|block| matches!(&*block.words[0], "lookml" | "file"));
        let mut files: Vec<(Arc<str>, Arc<str>)> =
            named.map(|block| (block.words[1].as_str().into(), block.text.as_str().into())).collect();
        if !files.iter().any(|(path, _)| path.ends_with(".model.lkml")) {
            let model = "connection: \"db\"\ninclude: \"/**/*.lkml\"\n";
            files.push(("test.model.lkml".into(), model.into()));
        }
        files
    }
}

/// `severity id file:line:column message`, with a line for the help.
fn diagnostics(project: &Project) -> String {
    let mut text = String::new();
    for Diagnostic { id, severity, message, location, help, .. } in project.diagnostics() {
        let file = &location.file;
        let (line, column) = project.file(file).unwrap().document.line_column(location.span.start);
        assert_eq!(line, location.line, "{id}");
        let _ = writeln!(text, "{severity} {id} {file}:{line}:{column} {message}");
        if let Some(help) = help {
            let _ = writeln!(text, "  help: {help}");
        }
    }
    text
}
