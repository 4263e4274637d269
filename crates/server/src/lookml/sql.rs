//! `belvedere lookml sql`

use super::files::{Loaded, project};
use super::{code, compiler, moment, user};
use crate::cli::SqlArguments;
use anyhow::{Context as _, Result, bail};
use belvedere_engine::access::Viewer;
use belvedere_engine::{AskedQuery, Asker, Compiler, Mode, run_error};
use belvedere_lookml::model::{Explore, Model};
use serde_json::json;
use std::io::{self, BufWriter};
use std::process::ExitCode;
use std::sync::Arc;

/// Prints the SQL of one query, or of each field of the chosen explores alone.
pub fn sql(arguments: &SqlArguments) -> Result<ExitCode> {
    let now = moment(arguments.now.as_deref())?;
    let user = user::of(&arguments.user_attribute)?;
    let viewer = user.as_ref().map(Viewer::new);
    let asker = viewer.as_ref().map_or_else(|| Asker::author(now), |viewer| viewer.asker(now, Mode::Production));
    let compiler = compiler(&arguments.dialect, asker)?;
    let query = query(arguments)?;
    let mut out =
        Output { out: BufWriter::new(io::stdout().lock()), json: arguments.json.then(Vec::new), failed: false };
    let loaded = arguments.paths.iter().map(|path| project(path, &arguments.imports, &arguments.paths));
    let loaded = loaded.collect::<Result<Vec<Loaded>>>()?;
    let mut explores = explores(&loaded, arguments)?;
    explores.retain(|(_, explore)| compiler.sees_explore(explore));
    if let (true, Some(name)) = (explores.is_empty(), &arguments.explore) {
        bail!("the user does not see the explore {name}");
    }
    if query.is_some() && explores.len() > 1 {
        let models: Vec<&str> = explores.iter().map(|(model, _)| &*model.name).collect();
        bail!("--model names one of {}", models.join(", "));
    }
    for (model, explore) in explores {
        match &query {
            Some(query) => {
                out.write(&model.name, &explore.name, None, compiler.query(model, explore, query))?;
            }
            None => each_field(&compiler, model, explore, &mut out)?,
        }
    }
    out.finish()
}

/// The query that the arguments ask; `None` when each field is one.
fn query(arguments: &SqlArguments) -> Result<Option<AskedQuery>> {
    if arguments.fields.is_empty() {
        return Ok(None);
    }
    let filter = |filter: &String| {
        let (field, value) =
            filter.split_once('=').with_context(|| format!("--filter takes FIELD=VALUE, not {filter}"))?;
        Ok((field.trim().to_owned(), value.to_owned()))
    };
    Ok(Some(AskedQuery {
        fields: arguments.fields.iter().map(|field| field.trim().to_owned()).collect(),
        filters: arguments.filter.iter().map(filter).collect::<Result<_>>()?,
        sorts: arguments.sorts.clone(),
        limit: arguments.limit,
        ..AskedQuery::default()
    }))
}

/// The explores of all projects that are meant, each with its model.
fn explores<'p>(loaded: &'p [Loaded], arguments: &SqlArguments) -> Result<Vec<(&'p Arc<Model>, &'p Arc<Explore>)>> {
    let mut models: Vec<&Arc<Model>> = loaded.iter().flat_map(|loaded| loaded.project.models()).collect();
    if let Some(name) = &arguments.model {
        let known: Vec<&str> = models.iter().map(|model| &*model.name).collect();
        let known = known.join(", ");
        models.retain(|model| *model.name == **name);
        if models.is_empty() {
            bail!("there is no model {name}; the project has {known}");
        }
    }
    let Some(name) = &arguments.explore else {
        return Ok(models.iter().flat_map(|model| model.explores().map(|explore| (*model, explore))).collect());
    };
    let found: Vec<_> = models.iter().filter_map(|model| Some((*model, model.explore(name)?))).collect();
    if found.is_empty() {
        let known: Vec<&str> = models.iter().flat_map(|model| model.explore_names()).map(|name| &**name).collect();
        bail!(
            "there is no explore {name}; there are {}",
            if known.is_empty() { "none".to_owned() } else { known.join(", ") }
        );
    }
    Ok(found)
}

fn each_field(
    compiler: &Compiler<'_>,
    model: &Model,
    explore: &Explore,
    out: &mut Output<impl io::Write>,
) -> Result<()> {
    for (name, _) in compiler.selectable(explore) {
        let compiled = compiler.field(model, explore, &name);
        out.write(&model.name, &explore.name, Some(&name), compiled)?;
    }
    Ok(())
}

struct Output<W: io::Write> {
    out: W,
    /// The rows of the JSON array, where that is the form.
    json: Option<Vec<serde_json::Value>>,
    failed: bool,
}

impl<W: io::Write> Output<W> {
    fn write(
        &mut self,
        model: &str,
        explore: &str,
        field: Option<&str>,
        compiled: Result<String, belvedere_engine::Error>,
    ) -> io::Result<()> {
        self.failed |= compiled.is_err();
        let (sql, error) = match compiled {
            Ok(sql) => (Some(sql), None),
            Err(error) => (None, Some(run_error(&error, None).text())),
        };
        if let Some(rows) = &mut self.json {
            rows.push(json!({"model": model, "explore": explore, "field": field, "sql": sql, "error": error}));
            return Ok(());
        }
        if let Some(field) = field {
            writeln!(self.out, "-- {model}/{explore} {field}")?;
        }
        match (sql, error) {
            (Some(sql), _) => writeln!(self.out, "{}\n", sql.trim_end()),
            (_, error) => writeln!(self.out, "-- error: {}\n", error.unwrap_or_default().replace('\n', "\n-- ")),
        }
    }

    fn finish(mut self) -> Result<ExitCode> {
        if let Some(rows) = &self.json {
            serde_json::to_writer(&mut self.out, rows)?;
            writeln!(self.out)?;
        }
        self.out.flush()?;
        Ok(code(self.failed))
    }
}
