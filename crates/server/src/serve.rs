//! `belvedere serve`: puts the parts together and answers until it is told to stop.

use crate::certificate;
use crate::cli::{LogFormat, ServeArguments};
use crate::config::Config;
use crate::credentials::{ApiKey, first_user, update_ini, write_ini};
use crate::demo;
use crate::ids::RandomIds;
use crate::mail;
use crate::sealing;
use crate::state;
use crate::store;
use anyhow::{Context, Result};
use belvedere_api::Ids;
use belvedere_engine::{Clock, Engine, Keep, Parts, Projects, Reloaded, ServedProject, Watcher};
use belvedere_http::{Bound, Certificate, ConnectionLimits, Issuer, Options};
use belvedere_lookml::diagnostic::Diagnostic;
use belvedere_lookml::model::{Category, Field, FieldKind};
use belvedere_lookml::project::Project;
use belvedere_lookml::render::{Colour, render_text};
use belvedere_service::{Service, Settings};
use belvedere_warehouse::driver::duckdb::{self, DuckDb};
use belvedere_warehouse::{Connection, Connections, Limits};
use jiff::tz::TimeZone;
use std::fmt::Write as _;
use std::fs;
use std::io::{IsTerminal as _, Write as _};
use std::num::NonZeroU32;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tracing_subscriber::EnvFilter;

/// Most bytes of a request's body.
const BODY_LIMIT: usize = 10 << 20;

/// Most bytes of the kept result of a task.
const KEEP_LIMIT: u64 = 1 << 30;

/// How long answers under way may take once the server is told to stop.
const GRACE: Duration = Duration::from_secs(10);

/// How often it is written who called what is deprecated.
const USAGE_INTERVAL: Duration = Duration::from_secs(10);

/// How often it is looked for what was recorded long ago.
const FORGETTING_INTERVAL: Duration = Duration::from_hours(1);

/// Serves until a signal comes.
pub(crate) fn serve(arguments: &ServeArguments) -> Result<()> {
    let config = Config::load(arguments)?;
    if arguments.print_config {
        print!("{}", toml::to_string_pretty(&config)?);
        return Ok(());
    }
    start_log(config.log_format);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let served = runtime.block_on(run(&config));
    // Statements that are being stopped in the database do not hold the process.
    runtime.shutdown_timeout(Duration::from_secs(1));
    served
}

fn start_log(format: LogFormat) {
    let filter =
        EnvFilter::try_from_env("BELVEDERE_LOG").unwrap_or_else(|_| EnvFilter::new("info,belvedere_http=warn"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match format {
        LogFormat::Text => log.with_target(false).with_ansi(std::io::stderr().is_terminal()).init(),
        LogFormat::Json => log.json().init(),
    }
}

async fn run(config: &Config) -> Result<()> {
    make_private(&config.data_dir)?;
    let bound =
        Bound::bind(&config.addresses()?).await.with_context(|| format!("cannot listen on {}", config.listen))?;
    let tls = certificate::certificate(config)?;
    let scheme = if tls.is_some() { "https" } else { "http" };
    let base_url = format!("{scheme}://{}", bound.address()?);
    let clock = config.clock()?;
    let node = store::node(config)?;
    let store = store::open(config, &node, clock).await?;
    // Before the first user is made: a start that fails must not leave a key behind that nobody was told.
    let engine = Arc::new(engine(config, clock)?);
    if let Some(file) = &config.state {
        state::bring(&store, file, clock.now()).await?;
    }
    let key = first_user(&store, &RandomIds, clock.now()).await?;
    let _watchers = watch(&engine);
    let settings = Settings {
        release: config.release()?,
        trusted_proxies: config.trusted_proxies()?,
        node,
        allowed_origins: config.allowed_origins()?,
        policy: config.policy()?,
        versions: config.versions()?,
        host_url: mail::host_url(config, &base_url)?,
        mail_server: mail::mail_server(config)?,
        sealing_key: sealing::key(config)?,
        retention: config.retention(),
    };
    let service = Arc::new(Service::new(store.clone(), Arc::clone(&engine), settings));
    let path = match &key {
        Some(key) => write_ini(&config.data_dir, &base_url, key)?,
        None => update_ini(&config.data_dir, &base_url)?,
    };
    announce(&base_url, &path, key.as_ref(), tls.as_deref(), &engine);
    let ids: Arc<dyn Ids> = Arc::new(RandomIds);
    let rate_limit = NonZeroU32::new(config.rate_limit);
    let following = tokio::spawn({
        let store = store.clone();
        async move { store.follow().await }
    });
    let usage = tokio::spawn(write_usage(Arc::clone(&service)));
    let forgetting = tokio::spawn(forget_old_records(Arc::clone(&service)));
    let options = Options {
        service: Arc::clone(&service),
        ids,
        body_limit: BODY_LIMIT,
        rate_limit,
        connections: ConnectionLimits { most: config.max_connections, ..ConnectionLimits::default() },
        tls: tls.clone(),
        grace: GRACE,
    };
    let renewing = tls.map(|certificate| tokio::spawn(certificate::follow(certificate)));
    bound.serve(options, stop_signal()).await;
    usage.abort();
    forgetting.abort();
    if let Some(renewing) = renewing {
        renewing.abort();
    }
    following.abort();
    service.write_usage().await.context("cannot write who called what is deprecated")?;
    if tokio::time::timeout(GRACE, service.close()).await.is_err() {
        tracing::warn!("queries that did not stop in time are not in the history");
    }
    store.close().await;
    tracing::info!("stopped");
    Ok(())
}

/// Writes from time to time who called what is deprecated.
async fn write_usage(service: Arc<Service>) {
    let mut every = tokio::time::interval(USAGE_INTERVAL);
    loop {
        every.tick().await;
        if let Err(error) = service.write_usage().await {
            tracing::warn!(%error, "who called what is deprecated was not written");
        }
    }
}

/// Forgets from time to time what was recorded long ago.
async fn forget_old_records(service: Arc<Service>) {
    let mut every = tokio::time::interval(FORGETTING_INTERVAL);
    loop {
        every.tick().await;
        if let Err(error) = service.forget_old_records().await {
            tracing::warn!(%error, "what was recorded long ago is not forgotten yet");
        }
    }
}

/// Makes the data folder, for its owner alone.
fn make_private(folder: &Path) -> Result<()> {
    let made = || -> std::io::Result<()> {
        fs::create_dir_all(folder)?;
        #[cfg(unix)]
        fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
        Ok(())
    };
    made().with_context(|| format!("cannot make {}", folder.display()))
}

fn engine(config: &Config, clock: Clock) -> Result<Engine> {
    let mut projects = Vec::new();
    let mut connections = Vec::new();
    if config.demo {
        let today = clock.now().to_zoned(TimeZone::UTC).date();
        let anchor = config.anchor()?.unwrap_or(today);
        let options = belvedere_demo::Options { seed: config.demo_seed, anchor, scale: config.demo_scale };
        let file = demo::database(&config.data_dir, &options)?;
        connections.push(connection(config, demo::NAME, &file)?);
        projects.push(demo::project());
    }
    for (name, file) in config.databases()? {
        connections.push(connection(config, name, &file)?);
    }
    for folder in &config.project {
        let project =
            ServedProject::open(folder).with_context(|| format!("cannot read the project {}", folder.display()))?;
        projects.push(project);
    }
    let keep = Keep::open(config.data_dir.join("results"), KEEP_LIMIT).context("cannot make the folder of results")?;
    let projects = Projects::of(projects).context("cannot read an imported project")?;
    for project in projects.iter() {
        tell(&project.snapshot(), &project.snapshot().diagnostics());
    }
    Ok(Engine::new(Parts { projects, connections: connections.into_iter().collect::<Connections>(), clock, keep }))
}

fn connection(config: &Config, name: &str, file: &Path) -> Result<Connection> {
    let work = config.data_dir.join("duckdb").join(name);
    let options = duckdb::Options { memory_mib: config.duckdb_memory_mib, ..duckdb::Options::new(file, work) };
    let database = DuckDb::open(&options)?;
    Ok(Connection::duckdb(name, database, Limits::default()))
}

/// Watches the folders of all projects.
fn watch(engine: &Arc<Engine>) -> Vec<Watcher> {
    let mut watchers = Vec::new();
    for project in engine.projects().iter() {
        let told = |project: &ServedProject, reloaded: std::io::Result<Reloaded>| match reloaded {
            Ok(reloaded) => {
                tracing::info!(project = %project.name(), changed = ?reloaded.changed, "files were saved");
                tell(&project.snapshot(), &reloaded.diagnostics);
            }
            Err(error) => tracing::error!(project = %project.name(), %error, "the folder cannot be read"),
        };
        match Watcher::start(Arc::clone(project), engine.projects(), told) {
            Ok(watcher) => watchers.extend(watcher),
            Err(error) => {
                tracing::warn!(project = %project.name(), %error, "the folder is not watched; restart after a change");
            }
        }
    }
    watchers
}

/// Shows what is wrong with a project.
fn tell(project: &Project, diagnostics: &[Diagnostic]) {
    if diagnostics.is_empty() {
        return;
    }
    let source = |file: &str| Some(Arc::clone(project.file(file)?.document.source()));
    tracing::warn!(project = %project.name(), "the project has mistakes\n{}", render_text(diagnostics, &source, Colour::Plain));
}

/// Tells a person where the server is and what to ask it. Nobody may be listening: then nothing is told.
fn announce(base_url: &str, ini: &Path, key: Option<&ApiKey>, tls: Option<&Certificate>, engine: &Engine) {
    // Whoever declares the first administrator has given the key to it, and no file has it.
    let has_ini = ini.exists();
    let mut text = format!("Belvedere serves the API at {base_url}\n");
    if has_ini {
        let _ = writeln!(text, "  settings of the SDKs  {}", ini.display());
    }
    if let Some(ApiKey { client_id, client_secret }) = key {
        let _ = writeln!(text, "  API key (shown once)  {client_id} / {client_secret}");
    }
    let own = tls.filter(|certificate| certificate.issuer() == Issuer::Itself).map(Certificate::file);
    if let Some(certificate) = own {
        let _ = writeln!(text, "  its own certificate   {}", certificate.display());
    }
    let curl = own.map_or_else(|| "curl".to_owned(), |file| format!("curl --cacert '{}'", file.display()));
    for (project, model) in engine.projects().models() {
        let explores: Vec<&str> = model.explore_names().map(|name| &**name).collect();
        let _ = writeln!(text, "  model {} of project {}: {}", model.name, project.name(), explores.join(", "));
    }
    if let Some((model, explore, fields)) = example(engine) {
        let credentials = if has_ini {
            let read = |name: &str| format!("$(sed -n 's/^{name}=//p' \"$INI\")");
            format!("INI='{}'; ID={}; SECRET={}", ini.display(), read("client_id"), read("client_secret"))
        } else {
            "ID='client_id of an API key'; SECRET='client_secret of it'".to_owned()
        };
        let _ = write!(
            text,
            r#"Try it:
  {credentials}
  TOKEN=$({curl} -s -d "client_id=$ID&client_secret=$SECRET" {base_url}/api/4.0/login | sed 's/.*"access_token":"\([^"]*\).*/\1/')
  {curl} -s -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' {base_url}/api/4.0/queries/run/json \
    -d '{{"model":"{model}","view":"{explore}","fields":[{fields}],"limit":"10"}}'
"#
        );
    }
    let _ = std::io::stdout().write_all(text.as_bytes());
}

/// A first question: a dimension and a measure of the first explore that has both.
fn example(engine: &Engine) -> Option<(String, String, String)> {
    engine.projects().models().iter().find_map(|(_, model)| {
        let preferred = model.explore_names().find(|name| &***name == "order_items");
        let explore = model.explore(preferred.or_else(|| model.explore_names().next())?)?;
        let of = |wanted: &dyn Fn(&Field) -> bool| {
            let visible = explore.fields().find(|(_, _, field)| wanted(field) && !field.hidden && !field.primary_key);
            visible.map(|(name, ..)| name)
        };
        let is_text = |field: &Field| field.category == Category::Dimension && field.kind == FieldKind::String;
        let dimension = of(&is_text).or_else(|| of(&|field| field.category == Category::Dimension))?;
        let fields =
            [dimension, of(&|field| field.category == Category::Measure)?].map(|name| format!("\"{name}\"")).join(",");
        Some((model.name.to_string(), explore.name.to_string(), fields))
    })
}

/// Done when the process is told to stop.
async fn stop_signal() {
    let interrupt = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
