//! PostgreSQL.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Where Debian and those who come from it keep the programs, one folder for each version.
const VERSIONS: &str = "/usr/lib/postgresql";

/// What starts, waits and clears away.
const SCRIPT: &str = include_str!("postgres.sh");

/// A PostgreSQL that listens on a socket in a folder of its own and keeps nothing.
#[derive(Debug)]
pub struct Postgres {
    programs: PathBuf,
    folder: String,
    made: AtomicUsize,
    /// Its standard input is ours: it ends with this process, and the server with it.
    _running: Child,
}

impl Postgres {
    /// The server of this process, which the first call starts.
    ///
    /// # Panics
    /// When PostgreSQL is not installed or does not start. The message says what to do.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Postgres> = OnceLock::new();
        SHARED.get_or_init(Self::start)
    }

    fn start() -> Self {
        let programs = programs().unwrap_or_else(|| {
            panic!(
                "this test needs PostgreSQL: install it (on Debian, `sudo apt-get install postgresql`), or put the \
                 folder with its `initdb` into PATH"
            )
        });
        let mut running = shell()
            .args(["-c", SCRIPT, "postgres"])
            .arg(&programs)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("there is a shell");
        let mut folder = String::new();
        let output = running.stdout.take().expect("the output is ours");
        BufReader::new(output).read_line(&mut folder).expect("the output is text");
        assert!(!folder.is_empty(), "PostgreSQL in {} does not start, see above", programs.display());
        Self { programs, folder: folder.trim_end().to_owned(), made: AtomicUsize::new(0), _running: running }
    }

    /// Makes an empty database and gives its address.
    pub fn database(&self) -> String {
        self.make("template0")
    }

    /// Makes a database with all that the one at `address` holds, which nobody uses meanwhile, and gives its address.
    pub fn copy(&self, address: &str) -> String {
        let name = address.strip_prefix("postgres://belvedere@localhost/").and_then(|rest| rest.split('?').next());
        self.make(name.expect("an address of this server"))
    }

    fn make(&self, template: &str) -> String {
        let name = format!("test_{}", self.made.fetch_add(1, Ordering::Relaxed));
        let made = Command::new(self.programs.join("createdb"))
            .args(["--host", &self.folder, "--username", "belvedere", "--template", template, &name])
            .output()
            .expect("createdb is beside initdb");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        format!("postgres://belvedere@localhost/{name}?host={}", self.folder)
    }
}

/// A shell as somebody whom PostgreSQL runs for: it refuses to run for root.
fn shell() -> Command {
    let is_root = std::fs::metadata("/proc/self").is_ok_and(|me| std::os::unix::fs::MetadataExt::uid(&me) == 0);
    if !is_root {
        return Command::new("sh");
    }
    let mut shell = Command::new("setpriv");
    shell.args(["--reuid=postgres", "--regid=postgres", "--init-groups", "sh"]);
    shell
}

/// The folder of the programs: where PATH finds them, else those of the newest version.
fn programs() -> Option<PathBuf> {
    let in_path = std::env::var_os("PATH").unwrap_or_default();
    let versions = std::fs::read_dir(VERSIONS).into_iter().flatten().flatten();
    let number = |version: &Path| version.file_name()?.to_str()?.parse::<u32>().ok();
    let mut versions: Vec<PathBuf> = versions.map(|version| version.path()).collect();
    versions.sort_by_key(|version| std::cmp::Reverse(number(version)));
    let mut folders = std::env::split_paths(&in_path).chain(versions.into_iter().map(|version| version.join("bin")));
    // What PATH has may be a link to a program whose neighbours are not in PATH.
    let initdb = folders.find_map(|folder| folder.join("initdb").canonicalize().ok())?;
    Some(initdb.parent()?.to_owned())
}
