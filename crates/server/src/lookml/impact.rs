//! `belvedere lookml impact`

mod compare;
mod report;

use super::files::{Loaded, project, read};
use super::{code, compiler};
use crate::cli::{FailOnImpact, ImpactArguments, ImpactFormat};
use anyhow::Result;
use belvedere_engine::Asker;
use compare::compare;
use jiff::Timestamp;
use std::io::{self, Write as _};
use std::process::ExitCode;

/// Compares the SQL of each field between two states of a project.
pub fn impact(arguments: &ImpactArguments) -> Result<ExitCode> {
    // Both states are compiled at one moment, which is none of their differences.
    let compiler = compiler(&arguments.dialect, Asker::author(Timestamp::UNIX_EPOCH))?;
    let Loaded { project: old, .. } = project(&arguments.old, &arguments.imports, &[])?;
    // What is in use is taken over into the next state where it reads the same: it needs no comparison.
    for model in old.models() {
        model.explores().for_each(drop);
    }
    let new = old.update(read(&arguments.new, &arguments.imports, &[])?.files);
    let impact = compare(&compiler, &old, &new);
    let text = match arguments.format {
        _ if arguments.json => report::json(&impact),
        _ if arguments.markdown => report::markdown(&impact),
        ImpactFormat::Json => report::json(&impact),
        ImpactFormat::Markdown => report::markdown(&impact),
        ImpactFormat::Text => report::text(&impact),
    };
    io::stdout().lock().write_all(text.as_bytes())?;
    let failed = match arguments.fail_on {
        FailOnImpact::Gone => impact.takes_away(),
        FailOnImpact::Any => !impact.explores.is_empty(),
        FailOnImpact::Never => false,
    };
    Ok(code(failed))
}
