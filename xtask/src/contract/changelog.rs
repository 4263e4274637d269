//! The changelog of the API, `docs/api-changelog/4.0.md`: generated, checked in, and held fresh.

use std::path::PathBuf;

use anyhow::{Context, ensure};
use belvedere_contract::report::changelog::{changelog, documents, history};

use super::model::Api;
use super::promise;

fn path(api: &Api) -> PathBuf {
    crate::workspace().join(format!("docs/api-changelog/{}.md", api.version))
}

fn text(api: &Api) -> anyhow::Result<String> {
    Ok(changelog(&api.version, &history(documents(&promise::whole(api), None))?))
}

/// Writes it.
pub fn write(api: &Api) -> anyhow::Result<()> {
    let path = path(api);
    let folder = path.parent().unwrap_or(&path);
    let text = text(api)?;
    std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(&path, text))
        .with_context(|| format!("cannot write {}", path.display()))
}

/// Fails when it is not what the contract gives.
pub fn check(api: &Api) -> anyhow::Result<()> {
    let path = path(api);
    let present = std::fs::read_to_string(&path).unwrap_or_default();
    let fresh = present == text(api)?;
    ensure!(fresh, "{} is stale: run `cargo xtask contract changelog`", path.display());
    Ok(())
}
