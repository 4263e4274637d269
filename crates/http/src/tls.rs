//! TLS: the certificate that the server shows, and the connections that begin with it.

use arc_swap::ArcSwap;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject as _};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, ServerConfig};
use tokio_rustls::server::TlsStream;

/// How long a caller may take to agree on a cipher.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// Who vouches for a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Issuer {
    /// Somebody whom browsers trust. They are told to use nothing but TLS for this host from now on.
    Authority,
    /// This server alone. Its host may serve other things without TLS: browsers are told nothing.
    Itself,
}

/// The certificate that a server shows, and its key, in files of the form PEM.
pub struct Certificate {
    chain: PathBuf,
    key: PathBuf,
    issuer: Issuer,
    config: ArcSwap<ServerConfig>,
}

/// Why a certificate cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// A file cannot be read, or holds no such thing.
    #[error("{}", file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        #[source]
        source: pem::Error,
    },
    /// The file of the certificate holds none.
    #[error("{} holds no certificate in the form PEM", .0.display())]
    Empty(PathBuf),
    /// Certificate and key do not belong together, or are of a kind that nobody speaks any more.
    #[error("the certificate in {} cannot be used with the key in {}", certificate.display(), key.display())]
    Unusable {
        /// The file of the certificate.
        certificate: PathBuf,
        /// The file of the key.
        key: PathBuf,
        /// What is wrong.
        #[source]
        source: rustls::Error,
    },
}

impl Certificate {
    /// Reads a certificate, with those between it and the authority behind it, and its key.
    pub fn read(chain: &Path, key: &Path, issuer: Issuer) -> Result<Self, CertificateError> {
        let config = ArcSwap::from_pointee(config(chain, key)?);
        Ok(Self { chain: chain.to_owned(), key: key.to_owned(), issuer, config })
    }

    /// Reads both files anew. Connections that begin from now on show what they hold; when they cannot be used, what was
    /// shown before.
    pub fn reload(&self) -> Result<(), CertificateError> {
        self.config.store(Arc::new(config(&self.chain, &self.key)?));
        Ok(())
    }

    /// Agrees with a caller on a cipher, and shows the certificate. Nothing when that fails or takes too long.
    pub(crate) async fn agree(&self, stream: TcpStream, address: SocketAddr) -> Option<TlsStream<TcpStream>> {
        let handshake = TlsAcceptor::from(self.config.load_full()).accept(stream);
        match tokio::time::timeout(HANDSHAKE, handshake).await {
            Ok(Ok(stream)) => Some(stream),
            Ok(Err(error)) => {
                tracing::debug!(%address, %error, "a caller does not speak TLS as this server does");
                None
            }
            Err(_) => None,
        }
    }

    /// Who vouches for it.
    pub fn issuer(&self) -> Issuer {
        self.issuer
    }

    /// The file of the certificate.
    pub fn file(&self) -> &Path {
        &self.chain
    }

    /// The files that it is read from.
    pub fn files(&self) -> [&Path; 2] {
        [&self.chain, &self.key]
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate").field("chain", &self.chain).field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

fn config(chain: &Path, key: &Path) -> Result<ServerConfig, CertificateError> {
    let in_file = |file: &Path| {
        let file = file.to_owned();
        move |source| CertificateError::File { file, source }
    };
    let certificates = CertificateDer::pem_file_iter(chain).and_then(Iterator::collect);
    let certificates: Vec<CertificateDer<'static>> = certificates.map_err(in_file(chain))?;
    if certificates.is_empty() {
        return Err(CertificateError::Empty(chain.to_owned()));
    }
    let private = PrivateKeyDer::from_pem_file(key).map_err(in_file(key))?;
    let provider = Arc::new(ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.and_then(|config| config.with_no_client_auth().with_single_cert(certificates, private));
    let unusable = |source| CertificateError::Unusable { certificate: chain.to_owned(), key: key.to_owned(), source };
    let mut config = config.map_err(unusable)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}
