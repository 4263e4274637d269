//! `belvedere lookml graph`

use super::files::{Loaded, project};
use crate::cli::{GraphArguments, GraphFormat};
use anyhow::{Result, bail};
use belvedere_lookml::graph::Graph;
use std::io::{self, Write as _};
use std::process::ExitCode;

/// Prints a model as a graph.
pub fn graph(arguments: &GraphArguments) -> Result<ExitCode> {
    let GraphArguments { format, model, explore, imports, path } = arguments;
    let Loaded { project, .. } = project(path, imports, &[])?;
    let names: Vec<String> = project.models().map(|model| model.name.to_string()).collect();
    let name = match (model, names.as_slice()) {
        (Some(name), _) => name,
        (None, [only]) => only.as_str(),
        (None, []) => bail!("{} has no model", path.display()),
        (None, several) => bail!("--model names one of {}", several.join(", ")),
    };
    let Some(model) = project.model(name) else {
        bail!("there is no model {name}; the project has {}", names.join(", "));
    };
    if let Some(explore) = explore.as_ref().filter(|explore| model.explore(explore).is_none()) {
        let known: Vec<&str> = model.explore_names().map(|name| &**name).collect();
        bail!("model {name} has no explore {explore}; it has {}", known.join(", "));
    }
    let graph = Graph::of(model, explore.as_deref());
    let text = match format {
        GraphFormat::Dot => graph.to_dot(name),
        GraphFormat::Mermaid => graph.to_mermaid(),
    };
    io::stdout().lock().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
