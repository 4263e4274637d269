//! The command line.

use crate::hidden::Hidden;
use crate::store::StoreAddress;
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// The open server that speaks Looker's API.
#[derive(Debug, Parser)]
#[command(name = "belvedere", version)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the binary does.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve projects over the API.
    Serve(Box<ServeArguments>),
    /// Make administrators, and replace what they have lost.
    #[command(subcommand)]
    Admin(AdminCommand),
    /// Print who did what and asked what: sign-ins, changes of people and permissions, runs of queries.
    Audit(AuditArguments),
    /// Compare documents of the API, and search applications for what changed between its versions.
    #[command(subcommand)]
    Api(ApiCommand),
    /// Work on LookML files without a server.
    #[command(subcommand)]
    Lookml(LookmlCommand),
}

/// `belvedere serve`. Each flag is also an environment variable and a key of the configuration file; a flag wins over
/// the environment, and the environment over the file.
#[derive(Debug, Clone, Default, Args)]
pub struct ServeArguments {
    /// Serve the demonstration: the project `thelook` with its data.
    #[arg(long, env = "BELVEDERE_DEMO", num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    pub demo: Option<bool>,
    /// Size of the demonstration: 1 is about 100,000 order items.
    #[arg(long, env = "BELVEDERE_DEMO_SCALE", value_name = "FACTOR")]
    pub demo_scale: Option<f64>,
    /// Seed of the demonstration's data.
    #[arg(long, env = "BELVEDERE_DEMO_SEED", value_name = "NUMBER")]
    pub demo_seed: Option<u64>,
    /// Day that the demonstration's data leads up to; today when it is not given.
    #[arg(long, env = "BELVEDERE_DEMO_ANCHOR", value_name = "YYYY-MM-DD")]
    pub demo_anchor: Option<String>,
    /// A folder with a LookML project; may be given several times. Projects import each other by their names.
    #[arg(long, env = "BELVEDERE_PROJECT", value_delimiter = ',', value_name = "DIR")]
    pub project: Vec<PathBuf>,
    /// A connection that models name, as NAME=duckdb:FILE; may be given several times.
    #[arg(long, env = "BELVEDERE_CONNECTION", value_delimiter = ',', value_name = "NAME=duckdb:FILE")]
    pub connection: Vec<String>,
    /// Memory that DuckDB may use for each connection, its page cache included, in MiB.
    #[arg(long, env = "BELVEDERE_DUCKDB_MEMORY_MIB", value_name = "MIB")]
    pub duckdb_memory_mib: Option<u64>,
    /// The release of the API that the server is, such as 26.12: it decides the served documents.
    #[arg(long, env = "BELVEDERE_API_RELEASE", value_name = "RELEASE")]
    pub api_release: Option<String>,
    /// An origin whose pages may call the API, such as `https://app.example.com`; may be given several times.
    #[arg(long, env = "BELVEDERE_ALLOWED_ORIGIN", value_delimiter = ',', value_name = "ORIGIN")]
    pub allowed_origin: Vec<String>,
    /// Calls that each user may make in a minute; 0 for any number.
    #[arg(long, env = "BELVEDERE_RATE_LIMIT", value_name = "CALLS")]
    pub rate_limit: Option<u32>,
    /// Connections that callers may have at once; the next ones wait until one ends.
    #[arg(long, env = "BELVEDERE_MAX_CONNECTIONS", value_name = "NUMBER")]
    pub max_connections: Option<usize>,
    /// A version of the API that is not answered, such as 3.1; may be given several times.
    #[arg(long, env = "BELVEDERE_WITHDRAW_VERSION", value_delimiter = ',', value_name = "VERSION")]
    pub withdraw_version: Vec<String>,
    /// A version of the API that is answered but told to nobody, such as 3.1; may be given several times.
    #[arg(long, env = "BELVEDERE_HIDE_VERSION", value_delimiter = ',', value_name = "VERSION")]
    pub hide_version: Vec<String>,
    /// Switch an operation off; may be given several times.
    #[arg(long, env = "BELVEDERE_SWITCH_OFF", value_delimiter = ',', value_name = "OPERATION=REASON")]
    pub switch_off: Vec<String>,
    /// Let an operation require a permission beside its own; may be given several times.
    #[arg(long, env = "BELVEDERE_ALSO_REQUIRE", value_delimiter = ',', value_name = "OPERATION=PERMISSION")]
    pub also_require: Vec<String>,
    /// Let an operation or a parameter answer as if it were gone; may be given several times.
    #[arg(long, env = "BELVEDERE_BROWN_OUT", value_delimiter = ',', value_name = "OPERATION[.PARAMETER]")]
    pub brown_out: Vec<String>,
    /// Address to listen on; port 0 takes a free one.
    #[arg(long, env = "BELVEDERE_LISTEN", value_name = "ADDRESS:PORT")]
    pub listen: Option<String>,
    /// Speak TLS, with a certificate that the server makes and keeps in the data folder.
    #[arg(long, env = "BELVEDERE_TLS", num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    pub tls: Option<bool>,
    /// Speak TLS with the certificate in this file, in the form PEM, with those that lead to its authority behind it.
    #[arg(long, env = "BELVEDERE_TLS_CERTIFICATE", value_name = "FILE")]
    pub tls_certificate: Option<PathBuf>,
    /// The key of that certificate, in the form PEM.
    #[arg(long, env = "BELVEDERE_TLS_KEY", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,
    /// The address or network of a proxy in front, whose `X-Forwarded-For`, `-Proto` and `-Host` are believed; it adds
    /// TLS, so that plain HTTP may be served beyond this machine. May be given several times.
    #[arg(long, env = "BELVEDERE_BEHIND_PROXY", value_delimiter = ',', value_name = "PROXY")]
    pub behind_proxy: Vec<String>,
    /// Folder for state, results and scratch files.
    #[arg(long, env = "BELVEDERE_DATA_DIR", value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// The PostgreSQL database of the state, as `postgres://user:password@host:5432/database`; a file in the data folder
    /// when it is not given.
    #[arg(long, env = "BELVEDERE_STORE", hide_env_values = true, value_name = "ADDRESS")]
    pub store: Option<StoreAddress>,
    /// The file with the key that seals the secrets in the state, 64 hex digits; one in the data folder when it is not
    /// given. Nodes that share their state need the same one.
    #[arg(long, env = "BELVEDERE_SEALING_KEY", value_name = "FILE")]
    pub sealing_key: Option<PathBuf>,
    /// How mail is sent.
    #[command(flatten)]
    pub mail: MailArguments,
    /// A YAML file with users, groups, roles and user attributes that the server shall have when it starts.
    #[arg(long, env = "BELVEDERE_STATE", value_name = "FILE")]
    pub state: Option<PathBuf>,
    /// Keep state in memory: users, credentials and queries end with the process.
    #[arg(long, env = "BELVEDERE_EPHEMERAL", num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    pub ephemeral: Option<bool>,
    /// Days that sign-ins and changes stay recorded; 0 for ever.
    #[arg(long, env = "BELVEDERE_EVENT_DAYS", value_name = "DAYS")]
    pub event_days: Option<u32>,
    /// Days that runs of queries stay recorded; 0 for ever.
    #[arg(long, env = "BELVEDERE_HISTORY_DAYS", value_name = "DAYS")]
    pub history_days: Option<u32>,
    /// The moment that relative filters count from, such as 2026-01-15T12:00Z; the clock when it is not given.
    #[arg(long, env = "BELVEDERE_NOW", value_name = "TIME")]
    pub now: Option<String>,
    /// Form of the log.
    #[arg(long, env = "BELVEDERE_LOG_FORMAT", value_enum)]
    pub log_format: Option<LogFormat>,
    /// Configuration file.
    #[arg(long, env = "BELVEDERE_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Print the configuration in force and stop.
    #[arg(long)]
    pub print_config: bool,
}

/// How mail is sent.
#[derive(Debug, Clone, Default, Args)]
pub struct MailArguments {
    /// Scheme, host and port that users reach the server at, such as `https://bi.example.com`; mails lead there.
    #[arg(long, env = "BELVEDERE_HOST_URL", value_name = "URL")]
    pub host_url: Option<String>,
    /// The mail server, by name or address.
    #[arg(long, env = "BELVEDERE_SMTP_ADDRESS", value_name = "HOST")]
    pub smtp_address: Option<String>,
    /// Its port; at 465 the connection is encrypted from the start.
    #[arg(long, env = "BELVEDERE_SMTP_PORT", value_name = "PORT")]
    pub smtp_port: Option<u16>,
    /// Whom mails come from, such as `Reports <bi@example.com>`.
    #[arg(long, env = "BELVEDERE_SMTP_FROM", value_name = "ADDRESS")]
    pub smtp_from: Option<String>,
    /// The name to sign in to the mail server with.
    #[arg(long, env = "BELVEDERE_SMTP_USER_NAME", value_name = "NAME")]
    pub smtp_user_name: Option<String>,
    /// The password of that name; better given by the environment or the file.
    #[arg(long, env = "BELVEDERE_SMTP_PASSWORD", hide_env_values = true, value_name = "PASSWORD")]
    pub smtp_password: Option<Hidden>,
    /// Encrypt the connection where the mail server offers STARTTLS.
    #[arg(
        long,
        env = "BELVEDERE_SMTP_ENABLE_STARTTLS_AUTO",
        num_args = 0..=1,
        default_missing_value = "true",
        value_name = "BOOL"
    )]
    pub smtp_enable_starttls_auto: Option<bool>,
}

/// Form of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// A JSON object per line.
    Json,
}

/// `belvedere admin`. It works on the state itself, whether a server runs on it or not.
#[derive(Debug, Subcommand)]
pub enum AdminCommand {
    /// Make an administrator with an API key, which is printed once.
    Create {
        /// An address to sign in with; the page where the password is set is printed.
        #[arg(long, value_name = "ADDRESS")]
        email: Option<String>,
        /// Where the state lies.
        #[command(flatten)]
        state: StateArguments,
    },
    /// Give an administrator another API key, and with an address another way to a password.
    ResetCredential {
        /// Id or address of the user.
        user: String,
        /// End all earlier API keys of the user, and every token and session.
        #[arg(long)]
        revoke: bool,
        /// Where the state lies.
        #[command(flatten)]
        state: StateArguments,
    },
    /// Take the second factor from a user who has lost what makes the codes: the password alone signs in from then on.
    RemoveSecondFactor {
        /// Id or address of the user.
        user: String,
        /// Where the state lies.
        #[command(flatten)]
        state: StateArguments,
    },
}

/// Where the state of a server lies.
#[derive(Debug, Args)]
pub struct StateArguments {
    /// Folder of the server's state.
    #[arg(long, env = "BELVEDERE_DATA_DIR", value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// The PostgreSQL database of the state, where it is not in the folder.
    #[arg(long, env = "BELVEDERE_STORE", hide_env_values = true, value_name = "ADDRESS")]
    pub store: Option<StoreAddress>,
}

/// `belvedere audit`. It reads the state itself, whether a server runs on it or not.
#[derive(Debug, Args)]
pub struct AuditArguments {
    /// Where the state lies.
    #[command(flatten)]
    pub state: StateArguments,
    /// Only what was done since then: a time such as `2026-01-15T12:00Z`, a day, or how long ago, such as `24h` or `7d`.
    #[arg(long, value_name = "TIME")]
    pub since: Option<String>,
    /// Only what was done before then, as for `--since`.
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,
    /// Only what this user did, or somebody in the place of others: an id or an address.
    #[arg(long, value_name = "USER")]
    pub user: Option<String>,
    /// Only events of this name, or runs by this operation; may be given several times.
    #[arg(long, value_delimiter = ',', value_name = "NAME")]
    pub name: Vec<String>,
    /// Most entries, the newest; they are printed oldest first.
    #[arg(long, default_value_t = 1000, value_name = "NUMBER")]
    pub limit: u64,
    /// Print a JSON array.
    #[arg(long)]
    pub json: bool,
}

/// `belvedere lookml`.
#[derive(Debug, Subcommand)]
pub enum LookmlCommand {
    /// Parse files and print what is in them.
    Parse {
        /// Print one JSON document per file, in the dict shape of the Python package `lkml`; `{"error": ...}` for a
        /// file that cannot be parsed.
        #[arg(long)]
        json: bool,
        /// Print files, bytes and seconds of parsing alone.
        #[arg(long)]
        stats: bool,
        /// Files, or folders with `.lkml` files.
        #[arg(required = true)]
        paths: Vec<PathBuf>,
    },
    /// Check projects, and print what is wrong with its place. Ends with 1 when there is an error.
    Check(CheckArguments),
    /// Bring files into one form: indentation, blanks, lists. Texts and comments stay as they are.
    Fmt {
        /// Change nothing, print the files that are not in that form, and end with 1 when there is one.
        #[arg(long)]
        check: bool,
        /// Files, or folders with `.lkml` files.
        #[arg(required = true)]
        paths: Vec<PathBuf>,
    },
    /// Print the SQL of a query, or of each field alone. Needs no database. Ends with 1 when something has no SQL.
    Sql(SqlArguments),
    /// Run the data tests of projects against their database. Ends with 1 when one fails.
    Test(TestArguments),
    /// Tell which explores and fields change their SQL between two states of a project.
    Impact(ImpactArguments),
    /// Print what a model is made of as a graph: explores, joins, views, derived tables.
    Graph(GraphArguments),
}

/// `belvedere lookml graph`.
#[derive(Debug, Args)]
pub struct GraphArguments {
    /// Language of the graph.
    #[arg(long, value_enum, default_value_t = GraphFormat::Dot)]
    pub format: GraphFormat,
    /// The model; needed when the project has several.
    #[arg(long, value_name = "NAME")]
    pub model: Option<String>,
    /// Only this explore and what it comes from.
    #[arg(long, value_name = "NAME")]
    pub explore: Option<String>,
    /// What the project imports.
    #[command(flatten)]
    pub imports: ImportArguments,
    /// Folder of the project.
    pub path: PathBuf,
}

/// Where imported projects are that do not lie below `imported_projects/`.
#[derive(Debug, Args)]
pub struct ImportArguments {
    /// The folder of a project that is imported as NAME; may be given several times.
    #[arg(long, value_name = "NAME=DIR", value_parser = Import::parse)]
    pub import: Vec<Import>,
}

/// An imported project.
#[derive(Debug, Clone)]
pub struct Import {
    /// The name that the manifest calls it by.
    pub name: String,
    /// Its folder.
    pub folder: PathBuf,
}

impl Import {
    fn parse(text: &str) -> Result<Self, String> {
        let (name, folder) = text.split_once('=').filter(|(name, _)| !name.is_empty()).ok_or("expected NAME=DIR")?;
        Ok(Self { name: name.to_owned(), folder: folder.into() })
    }
}

/// `belvedere lookml check`.
#[derive(Debug, Args)]
pub struct CheckArguments {
    /// Form of the report.
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub format: ReportFormat,
    /// The same as `--format json`.
    #[arg(long, conflicts_with = "format")]
    pub json: bool,
    /// From which severity on the command ends with 1.
    #[arg(long, value_enum, default_value_t = FailOn::Error)]
    pub fail_on: FailOn,
    /// What the project imports.
    #[command(flatten)]
    pub imports: ImportArguments,
    /// Folders of projects, or single files.
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
}

/// `belvedere lookml sql`.
#[derive(Debug, Args)]
pub struct SqlArguments {
    /// Only this model.
    #[arg(long, value_name = "NAME")]
    pub model: Option<String>,
    /// Only this explore.
    #[arg(long, value_name = "NAME")]
    pub explore: Option<String>,
    /// The fields of one query, as `view.field`; without them each field of the explores is a query of its own.
    #[arg(long, value_delimiter = ',', value_name = "FIELD", requires = "explore")]
    pub fields: Vec<String>,
    /// A filter of the query; may be given several times.
    #[arg(long, value_name = "FIELD=VALUE", requires = "fields")]
    pub filter: Vec<String>,
    /// A sort of the query, as `view.field [desc]`; may be given several times.
    #[arg(long, value_delimiter = ',', value_name = "FIELD", requires = "fields")]
    pub sorts: Vec<String>,
    /// Most rows of the query; -1 for all.
    #[arg(long, value_name = "ROWS", requires = "fields", allow_negative_numbers = true)]
    pub limit: Option<i64>,
    /// The SQL to write.
    #[arg(long, default_value = "duckdb", value_name = "NAME")]
    pub dialect: String,
    /// Ask as a user with this attribute, whom access filters and grants restrict, and not as the author; may be given
    /// several times. The type of the attribute is string, or the one behind a colon: NAME:number=VALUE.
    #[arg(long, value_name = "NAME[:TYPE]=VALUE")]
    pub user_attribute: Vec<String>,
    /// The moment that relative filters count from, such as 2026-01-15T12:00Z; now when it is not given.
    #[arg(long, env = "BELVEDERE_NOW", value_name = "TIME")]
    pub now: Option<String>,
    /// Print one JSON array.
    #[arg(long)]
    pub json: bool,
    /// What the project imports.
    #[command(flatten)]
    pub imports: ImportArguments,
    /// Folders of projects.
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
}

/// `belvedere lookml test`.
#[derive(Debug, Args)]
pub struct TestArguments {
    /// A connection that models name, as NAME=duckdb:FILE; may be given several times.
    #[arg(long, env = "BELVEDERE_CONNECTION", value_delimiter = ',', value_name = "NAME=duckdb:FILE", required = true)]
    pub connection: Vec<String>,
    /// Only tests of this model.
    #[arg(long, value_name = "NAME")]
    pub model: Option<String>,
    /// Only the test of this name.
    #[arg(long, value_name = "NAME")]
    pub test: Option<String>,
    /// Ask as a user with this attribute, whom access filters and grants restrict, and not as the author; may be given
    /// several times. The type of the attribute is string, or the one behind a colon: NAME:number=VALUE.
    #[arg(long, value_name = "NAME[:TYPE]=VALUE")]
    pub user_attribute: Vec<String>,
    /// The moment that relative filters count from, such as 2026-01-15T12:00Z; now when it is not given.
    #[arg(long, env = "BELVEDERE_NOW", value_name = "TIME")]
    pub now: Option<String>,
    /// Print one JSON array.
    #[arg(long)]
    pub json: bool,
    /// What the project imports.
    #[command(flatten)]
    pub imports: ImportArguments,
    /// Folders of projects.
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
}

/// `belvedere lookml impact`.
#[derive(Debug, Args)]
pub struct ImpactArguments {
    /// The same as `--format json`.
    #[arg(long, conflicts_with_all = ["format", "markdown"])]
    pub json: bool,
    /// The same as `--format markdown`.
    #[arg(long, conflicts_with = "format")]
    pub markdown: bool,
    /// Form of the report.
    #[arg(long, value_enum, default_value_t = ImpactFormat::Text)]
    pub format: ImpactFormat,
    /// What ends the command with 1.
    #[arg(long, value_enum, default_value_t = FailOnImpact::Gone)]
    pub fail_on: FailOnImpact,
    /// The SQL that is compared.
    #[arg(long, default_value = "duckdb", value_name = "NAME")]
    pub dialect: String,
    /// What the project imports.
    #[command(flatten)]
    pub imports: ImportArguments,
    /// Folder of the project as it was.
    pub old: PathBuf,
    /// Folder of the project as it shall be.
    pub new: PathBuf,
}

/// Form of a report about an impact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ImpactFormat {
    /// Lines for people.
    Text,
    /// One JSON object.
    Json,
    /// A comment for a pull request.
    Markdown,
}

/// Which impact ends the command with 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum FailOnImpact {
    /// Explores and fields that go, and fields that no longer have SQL.
    Gone,
    /// Any difference.
    Any,
    /// None.
    Never,
}

/// Form of a report about LookML.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ReportFormat {
    /// Lines of source with carets, for people.
    Text,
    /// One JSON array for each path.
    Json,
    /// SARIF 2.1.0, for code hosts and editors.
    Sarif,
    /// Annotations that GitHub shows beside a change.
    Github,
}

/// From which severity on a check fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum FailOn {
    /// Errors.
    Error,
    /// Warnings and errors.
    Warning,
    /// Nothing that is found.
    Never,
}

/// Language of a graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum GraphFormat {
    /// Graphviz.
    Dot,
    /// A Mermaid flowchart.
    Mermaid,
}

/// `belvedere api`. A document is a version of this server, such as 3.1 or 4.0@26.12, or a file.
#[derive(Debug, Subcommand)]
pub enum ApiCommand {
    /// Tell what two documents differ in. Ends with 1 when a promise is broken.
    Diff {
        /// The older document.
        old: String,
        /// The newer document.
        new: String,
        /// Form of the report.
        #[arg(long, value_enum, default_value_t = DiffFormat::Text)]
        format: DiffFormat,
    },
    /// Search application code for operations, parameters, types and properties that changed. Ends with 1 when
    /// something is found.
    Audit {
        /// The version that the application speaks.
        #[arg(long, value_name = "DOCUMENT")]
        from: String,
        /// The version that it shall speak.
        #[arg(long, value_name = "DOCUMENT")]
        to: String,
        /// Print JSON.
        #[arg(long)]
        json: bool,
        /// Files, or folders with the application's code.
        #[arg(required = true)]
        paths: Vec<PathBuf>,
    },
    /// Tell what each release of the newest version brought.
    Changelog {
        /// Only releases after this one.
        #[arg(long, value_name = "RELEASE")]
        since: Option<String>,
    },
    /// Tell which applications still call what is deprecated, or an older version. With a release, ends with 1 when it
    /// would break somebody.
    Usage {
        /// Only what this release is without, or may be.
        #[arg(long, value_name = "RELEASE")]
        breaking_for: Option<String>,
        /// Folder of the server's state.
        #[arg(long, env = "BELVEDERE_DATA_DIR", value_name = "DIR")]
        data_dir: Option<PathBuf>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Print a document as OpenAPI 3.0.
    Document {
        /// The document.
        name: String,
    },
}

/// Form of what two documents differ in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum DiffFormat {
    /// Lines for people.
    Text,
    /// One JSON object.
    Json,
    /// A page with a list entry for each difference.
    Markdown,
}
