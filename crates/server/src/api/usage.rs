//! `belvedere api usage`: which applications still call what is deprecated, or an older version.

use super::print;
use crate::config::default_data_dir;
use anyhow::{Context, Result, ensure};
use belvedere_api::{OPERATIONS, Operation, Release, Status, documents, releases};
use belvedere_store::{ApiUsage, Location, Store, api_usage};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

/// Prints who calls what; only what breaks with a release, where one is named. The code is 1 when somebody is found for
/// that release.
pub(super) fn run(data_dir: Option<&Path>, release: Option<&str>, as_json: bool) -> Result<ExitCode> {
    let release =
        release.map(|release| release.parse::<Release>().with_context(|| format!("`{release}`"))).transpose()?;
    let file = data_dir.map_or_else(default_data_dir, Path::to_path_buf).join("state.sqlite");
    ensure!(file.is_file(), "{} is not there: name the data folder of a server with --data-dir", file.display());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let rows = runtime.block_on(async {
        let store = Store::open(Location::File(file)).await?;
        let rows = store.read(async |db| api_usage::all(db).await).await;
        store.close().await;
        rows
    })?;
    let told: Vec<(ApiUsage, Fate)> = rows
        .into_iter()
        .map(|row| (fate(&row, release), row))
        .filter(|(fate, _)| release.is_none() || *fate != Fate::Stays)
        .map(|(fate, row)| (row, fate))
        .collect();
    let found = release.is_some() && !told.is_empty();
    print(&if as_json { serde_json::to_string_pretty(&report(&told))? } else { text(&told) })?;
    Ok(if found { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// What becomes of something that is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// It belongs to an older version, which its operator may withdraw.
    OlderVersion,
    /// The release does not have it.
    Gone,
    /// It is deprecated, so any later release may be without it.
    MayGo,
    /// The release has it as ever.
    Stays,
}

impl Fate {
    const fn as_str(self) -> &'static str {
        match self {
            Self::OlderVersion => "older version",
            Self::Gone => "gone",
            Self::MayGo => "may go",
            Self::Stays => "stays",
        }
    }
}

fn fate(row: &ApiUsage, release: Option<Release>) -> Fate {
    if row.version != documents::VERSION {
        return Fate::OlderVersion;
    }
    let (name, parameter) = row.thing.split_once('.').unwrap_or((&row.thing, ""));
    // What the contract has no more is gone from every release to come.
    let Some(operation) = OPERATIONS.iter().find(|operation| operation.name() == name) else { return Fate::Gone };
    let parameter = operation.parameters.iter().find(|known| known.name == parameter);
    let until = parameter.map_or(operation.until, |parameter| parameter.until.or(operation.until));
    let by = release.unwrap_or(releases::NEWEST);
    if until.is_some_and(|until| until <= by) {
        return Fate::Gone;
    }
    let (deprecated, since) = parameter
        .map_or_else(|| deprecation(operation), |parameter| (parameter.deprecated, parameter.deprecated_since));
    if deprecated && since.is_none_or(|since| since < by) { Fate::MayGo } else { Fate::Stays }
}

fn deprecation(operation: &Operation) -> (bool, Option<Release>) {
    (operation.status == Status::Deprecated, operation.deprecated_since)
}

fn report(told: &[(ApiUsage, Fate)]) -> Value {
    let entry = |(row, fate): &(ApiUsage, Fate)| {
        json!({
            "version": row.version,
            "thing": row.thing,
            "fate": fate.as_str(),
            "user_id": row.user_id.to_string(),
            "client_id": Some(&row.client_id).filter(|id| !id.is_empty()),
            "application": Some(&row.application).filter(|name| !name.is_empty()),
            "calls": row.calls,
            "first_at": row.first_at.to_string(),
            "last_at": row.last_at.to_string(),
        })
    };
    told.iter().map(entry).collect()
}

fn text(told: &[(ApiUsage, Fate)]) -> String {
    if told.is_empty() {
        return "nobody calls anything that is deprecated".to_owned();
    }
    let mut text = String::new();
    for (row, fate) in told {
        let application = if row.application.is_empty() { "(no name)" } else { &row.application };
        let key = if row.client_id.is_empty() { "no API key" } else { &row.client_id };
        let _ = writeln!(
            text,
            "{} {}: {}; {application}, user {}, {key}; {} calls, the last one {}",
            row.version,
            row.thing,
            fate.as_str(),
            row.user_id,
            row.calls,
            row.last_at,
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Fate, fate};
    use belvedere_api::Release;
    use belvedere_store::{ApiUsage, UserId};
    use jiff::Timestamp;

    fn of(version: &str, thing: &str, release: Option<Release>) -> Fate {
        let row = ApiUsage {
            id: 1,
            version: version.to_owned(),
            thing: thing.to_owned(),
            user_id: UserId::new(1),
            client_id: String::new(),
            application: String::new(),
            calls: 1,
            first_at: Timestamp::UNIX_EPOCH,
            last_at: Timestamp::UNIX_EPOCH,
        };
        fate(&row, release)
    }

    #[test]
    fn what_a_release_is_without_is_gone() {
        // Deprecated with 26.4, and not in 26.22.
        assert_eq!(of("4.0", "create_ci_run", Some(Release::new(26, 22))), Fate::Gone);
        assert_eq!(of("4.0", "create_ci_run", Some(Release::new(26, 12))), Fate::MayGo);
        assert_eq!(of("4.0", "no_operation_any_more", None), Fate::Gone);
    }

    #[test]
    fn what_was_deprecated_before_may_go() {
        assert_eq!(of("4.0", "default_theme", Some(Release::new(27, 0))), Fate::MayGo);
        assert_eq!(of("4.0", "default_theme", Some(Release::new(26, 12))), Fate::Stays);
        assert_eq!(of("4.0", "all_groups.page", Some(Release::new(27, 0))), Fate::MayGo);
    }

    #[test]
    fn an_older_version_is_told_as_one() {
        assert_eq!(of("3.1", "me", None), Fate::OlderVersion);
    }
}
