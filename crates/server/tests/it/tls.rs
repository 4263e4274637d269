//! TLS, as `curl` sees it, which is built on another library than the server.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;
use tempfile::TempDir;

/// How long something may take that takes no time.
const PATIENCE: Duration = Duration::from_secs(30);

/// The binary with a project that holds nothing.
struct Server {
    child: Child,
    /// The lines of its log, as it writes them.
    log: Receiver<String>,
    base_url: String,
    folder: TempDir,
}

impl Server {
    fn start(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut command = serve(&folder, arguments);
        command.args(["--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (lines, log) = channel();
        let errors = BufReader::new(child.stderr.take().unwrap());
        std::thread::spawn(move || errors.lines().map_while(Result::ok).try_for_each(|line| lines.send(line)));
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let base_url = line.trim_end().strip_prefix("Belvedere serves the API at ").expect("an address").to_owned();
        Self { child, log, base_url, folder }
    }

    /// What curl gets, headers included, when it trusts the certificates in this file.
    fn get(&self, authority: &Path) -> Output {
        let address = format!("{}/api/4.0/openapi.json", self.base_url);
        let mut curl = Command::new("curl");
        curl.args(["--silent", "--show-error", "--include", "--max-time", "20", "--cacert"])
            .arg(authority)
            .arg(address);
        curl.output().unwrap()
    }

    /// Waits until the log says this.
    fn logs(&self, words: &str) {
        while !self.log.recv_timeout(PATIENCE).expect("the log says it in time").contains(words) {}
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn serve(folder: &TempDir, arguments: &[&str]) -> Command {
    let project = folder.path().join("project");
    fs::create_dir(&project).unwrap();
    fs::write(project.join("manifest.lkml"), "project_name: \"empty\"\n").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_belvedere"));
    command.args(["serve", "--ephemeral", "--project"]).arg(project);
    command.arg("--data-dir").arg(folder.path().join("data")).args(arguments);
    command
}

/// An authority, and the files of a certificate that it gave for 127.0.0.1.
struct Issued {
    folder: TempDir,
}

impl Issued {
    fn new() -> Self {
        let issued = Self { folder: tempfile::tempdir().unwrap() };
        issued.again();
        issued
    }

    /// Gives another certificate, by another authority, into the same files.
    fn again(&self) {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, "Authority of a test");
        let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let leaf = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
        fs::write(self.file("authority.crt"), authority.pem()).unwrap();
        fs::write(self.file("server.crt"), leaf.pem()).unwrap();
        fs::write(self.file("server.key"), key.serialize_pem()).unwrap();
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn a_certificate_of_its_own_is_made_once_and_kept() {
    let server = Server::start(&["--tls"]);
    assert!(server.base_url.starts_with("https://127.0.0.1:"));
    let certificate = server.data().join("tls.crt");
    let answer = text(&server.get(&certificate));
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    // Its host may serve other things without TLS.
    assert!(!answer.to_lowercase().contains("strict-transport-security"));
    assert!(answer.contains(&format!("\"url\":\"{}/api/4.0\"", server.base_url)), "the document names its address");
    #[cfg(unix)]
    {
        let mode = fs::metadata(server.data().join("tls.key")).unwrap();
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&mode.permissions()) & 0o777, 0o600);
    }
    let stranger = Issued::new();
    let refused = server.get(&stranger.file("authority.crt"));
    assert!(!refused.status.success() && refused.stdout.is_empty(), "{}", text(&refused));
}

#[test]
fn a_certificate_is_exchanged_without_a_restart() {
    let issued = Issued::new();
    let (certificate, key) = (issued.file("server.crt"), issued.file("server.key"));
    let server =
        Server::start(&["--tls-certificate", certificate.to_str().unwrap(), "--tls-key", key.to_str().unwrap()]);
    let authority = issued.file("authority.crt");
    let answer = text(&server.get(&authority));
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    assert!(answer.to_lowercase().contains("strict-transport-security: max-age=31536000"), "{answer}");

    let before = issued.file("before.crt");
    fs::copy(&authority, &before).unwrap();
    fs::write(&certificate, "no certificate").unwrap();
    assert!(server.get(&before).status.success(), "what cannot be used is not shown");
    issued.again();
    server.logs("the certificate was read anew");
    assert!(server.get(&authority).status.success(), "the new certificate is shown");
    assert!(!server.get(&before).status.success(), "the old one is not shown any more");
}

#[test]
fn plain_http_off_this_machine_is_refused_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let output = serve(&folder, &["--listen", "0.0.0.0:0"]).output().unwrap();
    let said = text(&output);
    assert!(!output.status.success());
    for way in ["--tls-certificate", "--tls ", "--behind-proxy", "127.0.0.1"] {
        assert!(said.contains(way), "{said}");
    }
}

#[test]
fn a_certificate_that_cannot_be_used_is_named_at_the_start() {
    let issued = Issued::new();
    let other = Issued::new();
    let start = |certificate: &Path, key: &Path| {
        let folder = tempfile::tempdir().unwrap();
        let files = ["--tls-certificate", certificate.to_str().unwrap(), "--tls-key", key.to_str().unwrap()];
        let output = serve(&folder, &files).args(["--listen", "127.0.0.1:0"]).output().unwrap();
        assert!(!output.status.success());
        text(&output)
    };
    let certificate = issued.file("server.crt");
    assert!(start(&certificate, &other.file("server.key")).contains("cannot be used with the key"));
    assert!(start(&certificate, &issued.file("none.key")).contains("none.key"));
    assert!(start(&issued.file("server.key"), &issued.file("server.key")).contains("holds no certificate"));
}
