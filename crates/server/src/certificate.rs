//! The certificate of the server: the operator's, or one that the server makes and vouches for itself.

use crate::config::Config;
use crate::private::replace_private;
use anyhow::{Context, Result, ensure};
use belvedere_http::{Certificate, Issuer};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// How often it is looked whether the files have changed.
const INTERVAL: Duration = Duration::from_secs(1);

/// The certificate that the configuration wants; none for plain HTTP.
pub(crate) fn certificate(config: &Config) -> Result<Option<Arc<Certificate>>> {
    if !config.uses_tls() {
        return Ok(None);
    }
    let certificate = match (&config.tls_certificate, &config.tls_key) {
        (Some(certificate), Some(key)) => Certificate::read(certificate, key, Issuer::Authority)?,
        _ => self_signed(config)?,
    };
    Ok(Some(Arc::new(certificate)))
}

/// The one that lies in the data folder, made when there is none.
fn self_signed(config: &Config) -> Result<Certificate> {
    let (certificate, key) = (config.data_dir.join("tls.crt"), config.data_dir.join("tls.key"));
    if !(certificate.exists() && key.exists()) {
        let made = rcgen::generate_simple_self_signed(names(config)?).context("cannot make a certificate")?;
        let write = |file: &Path, text: &str| {
            replace_private(file, text).with_context(|| format!("cannot write {}", file.display()))
        };
        write(&key, &made.signing_key.serialize_pem())?;
        write(&certificate, &made.cert.pem())?;
    }
    Ok(Certificate::read(&certificate, &key, Issuer::Itself)?)
}

/// The names that the server is called by: this machine's, and the addresses that it listens on.
fn names(config: &Config) -> Result<Vec<String>> {
    let mut names = ["localhost", "127.0.0.1", "::1"].map(str::to_owned).to_vec();
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let addresses = config.addresses()?.into_iter().map(|address| address.ip());
    let addresses = addresses.filter(|ip| !ip.is_unspecified()).map(|ip| ip.to_string());
    let letters = |name: &String| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:".contains(&byte));
    for name in std::iter::once(host.trim().to_owned()).chain(addresses) {
        if !name.is_empty() && letters(&name) && !names.contains(&name) {
            names.push(name);
        }
    }
    Ok(names)
}

/// Checks that both files are named, or none.
pub(crate) fn check(config: &Config) -> Result<()> {
    ensure!(
        config.tls_certificate.is_some() == config.tls_key.is_some(),
        "a certificate needs its key: give both --tls-certificate and --tls-key, or --tls alone for one that is made"
    );
    Ok(())
}

/// Reads the files anew when they change, for as long as the server runs.
pub(crate) async fn follow(certificate: Arc<Certificate>) {
    let changed = || certificate.files().map(|file| std::fs::metadata(file).and_then(|file| file.modified()).ok());
    let mut shown: [Option<SystemTime>; 2] = changed();
    loop {
        tokio::time::sleep(INTERVAL).await;
        let now = changed();
        if now == shown {
            continue;
        }
        shown = now;
        // Of two files that belong together one is written first: the change of the other brings another round.
        match certificate.reload() {
            Ok(()) => tracing::info!(certificate = %certificate.file().display(), "the certificate was read anew"),
            Err(error) => {
                let error = anyhow::Error::new(error);
                tracing::warn!("the certificate that was shown before is kept: {error:#}");
            }
        }
    }
}
