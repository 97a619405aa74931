//! TLS for those who call: the certificate and its key, read again when their files change.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use base::error::in_one_line;
use base::holding::run_blocking;
use base::private_files::is_private;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{Error as RustlsError, ServerConfig};

/// The time between two looks at the files.
const BETWEEN_LOOKS: Duration = Duration::from_secs(5);

/// The most bytes read of a file; chains are a few kilobytes.
const LARGEST: u64 = 1 << 20;

/// The files of a certificate and its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate and those between it and its authority, in PEM.
    pub certificate: PathBuf,
    /// Its private key, in PEM.
    pub key: PathBuf,
}

/// The reason why TLS cannot be offered.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file that cannot be read.
    #[error("{} cannot be read, which the setting {setting} names", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The key of the setting.
        setting: &'static str,
        /// The cause.
        #[source]
        source: io::Error,
    },
    /// A key that others may have read.
    #[error(
        "others than the owner can read or change the key {}: close it with chmod 600, and have a new certificate made if \
             somebody may have read it",
        .0.display()
    )]
    NotPrivate(PathBuf),
    /// A file without a certificate.
    #[error("{} holds no certificate in PEM: give tls_cert the certificate with those between it and its authority", .0.display())]
    NotACertificate(PathBuf),
    /// A file without a key.
    #[error("{} holds no private key in PEM that can be used: give tls_key a key without a password, RSA, ECDSA or Ed25519", .0.display())]
    NotAKey(PathBuf),
    /// A key of another certificate.
    #[error("the key {} is not that of the certificate {}: give both of one order", .0.key.display(), .0.certificate.display())]
    NotAPair(TlsFiles),
    /// A failure of the library.
    #[error("TLS cannot be offered")]
    Failed(#[source] RustlsError),
}

/// The identity by which callers know this service: a certificate with its key, as the files last had them.
#[derive(Clone, Debug)]
pub struct Identity {
    files: TlsFiles,
    current: Arc<RwLock<Arc<CertifiedKey>>>,
}

impl Identity {
    /// Reads the files.
    ///
    /// # Errors
    /// If one cannot be used.
    pub fn load(files: TlsFiles) -> Result<Self, TlsError> {
        let current = read(&files)?;
        Ok(Self { files, current: Arc::new(RwLock::new(Arc::new(current))) })
    }

    /// The settings of TLS: versions 1.2 and 1.3, and HTTP/1.1 over them.
    ///
    /// # Errors
    /// If the library refuses them.
    pub fn config(&self) -> Result<Arc<ServerConfig>, TlsError> {
        let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let builder = builder.with_safe_default_protocol_versions().map_err(TlsError::Failed)?;
        let mut config = builder.with_no_client_auth().with_cert_resolver(Arc::new(self.clone()));
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }

    /// Looks at the files every few seconds, and takes over a certificate and key that changed. While they cannot be used, as
    /// when only one of them was replaced yet, the ones before stay, with a warning in the log.
    pub async fn watch(self) {
        let mut warned = None;
        loop {
            tokio::time::sleep(BETWEEN_LOOKS).await;
            let files = self.files.clone();
            let Ok(read) = run_blocking(move || read(&files)).await else { continue };
            match read {
                Ok(new) => {
                    warned = None;
                    self.take(new);
                }
                Err(error) => {
                    let said = in_one_line(&error);
                    if warned.as_ref() != Some(&said) {
                        tracing::warn!(
                            error = said,
                            "the certificate cannot be read again; the one before stays in use"
                        );
                        warned = Some(said);
                    }
                }
            }
        }
    }

    fn take(&self, new: CertifiedKey) {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        if current.cert != new.cert {
            tracing::info!(certificate = %self.files.certificate.display(), "a new certificate is in use");
            *current = Arc::new(new);
        }
    }
}

impl ResolvesServerCert for Identity {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

fn read(files: &TlsFiles) -> Result<CertifiedKey, TlsError> {
    let TlsFiles { certificate, key } = files;
    let chain = content(certificate, "tls_cert")?.0;
    let chain: Result<Vec<CertificateDer<'static>>, _> = CertificateDer::pem_slice_iter(&chain).collect();
    let chain = chain.ok().filter(|chain| !chain.is_empty());
    let chain = chain.ok_or_else(|| TlsError::NotACertificate(certificate.clone()))?;
    let (pem, is_private) = content(key, "tls_key")?;
    if !is_private {
        return Err(TlsError::NotPrivate(key.clone()));
    }
    let not_a_key = || TlsError::NotAKey(key.clone());
    let der = PrivateKeyDer::from_pem_slice(&pem).map_err(|_| not_a_key())?;
    let provider = ring::default_provider();
    let signing = provider.key_provider.load_private_key(der).map_err(|_| not_a_key())?;
    let pair = CertifiedKey::new(chain, signing);
    match pair.keys_match() {
        Ok(()) => Ok(pair),
        Err(RustlsError::InconsistentKeys(_)) => Err(TlsError::NotAPair(files.clone())),
        Err(_) => Err(TlsError::NotACertificate(certificate.clone())),
    }
}

/// The content of a file, and whether it is its owner's alone.
fn content(path: &Path, setting: &'static str) -> Result<(Vec<u8>, bool), TlsError> {
    let read = || -> io::Result<_> {
        // A pipe would wait for somebody to write to it.
        if !path.metadata()?.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"));
        }
        let file = File::open(path)?;
        let is_private = is_private(&file.metadata()?);
        let mut content = Vec::new();
        file.take(LARGEST).read_to_end(&mut content)?;
        Ok((content, is_private))
    };
    read().map_err(|source| TlsError::File { path: path.to_owned(), setting, source })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use rcgen::generate_simple_self_signed;

    use super::*;

    fn write(path: &Path, text: &str) {
        fs::write(path, text).unwrap();
        #[cfg(unix)]
        fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    }

    /// The files of a new certificate in a folder.
    fn files(folder: &Path, name: &str) -> TlsFiles {
        let made = generate_simple_self_signed(["muster.example.org".to_owned()]).unwrap();
        let files =
            TlsFiles { certificate: folder.join(format!("{name}.pem")), key: folder.join(format!("{name}.key")) };
        write(&files.certificate, &made.cert.pem());
        write(&files.key, &made.signing_key.serialize_pem());
        files
    }

    #[test]
    fn what_cannot_be_used_is_told_with_its_mend() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (files(folder.path(), "one"), files(folder.path(), "other"));
        let fault = |files: TlsFiles| in_one_line(&Identity::load(files).unwrap_err());
        Identity::load(one.clone()).unwrap();
        let mixed = TlsFiles { key: other.key.clone(), ..one.clone() };
        assert!(fault(mixed).contains("is not that of the certificate"));
        let swapped = TlsFiles { certificate: one.key.clone(), key: one.certificate.clone() };
        assert!(fault(swapped).contains("holds no certificate in PEM"));
        let twice = TlsFiles { certificate: one.certificate.clone(), key: one.certificate.clone() };
        assert!(fault(twice).contains("holds no private key in PEM"));
        let nowhere = TlsFiles { certificate: folder.path().join("none"), ..one.clone() };
        assert!(fault(nowhere).contains("cannot be read, which the setting tls_cert names: No such file"));
        write(&other.certificate, "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n");
        assert!(fault(other).contains("holds no certificate in PEM"));
        #[cfg(unix)]
        {
            fs::set_permissions(&one.key, std::os::unix::fs::PermissionsExt::from_mode(0o640)).unwrap();
            assert!(fault(one).contains("chmod 600"));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn files_that_change_are_taken_over_once_both_fit() {
        let folder = tempfile::tempdir().unwrap();
        let (mine, new) = (files(folder.path(), "mine"), files(folder.path(), "new"));
        let identity = Identity::load(mine.clone()).unwrap();
        let served = || identity.current.read().unwrap().cert.clone();
        let first = served();
        let watching = tokio::spawn(identity.clone().watch());
        let look = || tokio::time::sleep(BETWEEN_LOOKS * 3);
        fs::copy(&new.certificate, &mine.certificate).unwrap();
        look().await;
        assert_eq!(served(), first, "a certificate without its key is not taken");
        fs::copy(&new.key, &mine.key).unwrap();
        look().await;
        assert_ne!(served(), first);
        watching.abort();
    }
}
