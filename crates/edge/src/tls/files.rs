//! Certificates from files, which are read again when they change.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::time::Duration;
use std::{fs, io};

use foundation::config::{Mistake, Mistakes};
use foundation::{Ambient, with_causes};

use super::certificate::{Certificate, CertificateError};
use super::keyring::Keyring;
use crate::config::CertificateFiles;

/// Rights of everybody who is neither the owner of a file nor in its group.
const OTHERS: u32 = 0o007;

/// Why a pair of files cannot be used.
#[derive(Debug, thiserror::Error)]
enum FileError {
    #[error("{path} cannot be read")]
    Unreadable { path: String, source: io::Error },
    #[error("{certificate} and {key} cannot be used")]
    Unusable { certificate: String, key: String, source: CertificateError },
}

/// A pair of files, and what was in them when they were last looked at.
#[derive(Debug, Clone)]
pub(super) struct Watched {
    files: CertificateFiles,
    seen: u64,
    /// What was wrong with them then, if nobody was told yet.
    untold: Option<String>,
}

/// What files hold: a certificate, or why there is none.
type Content = Result<Certificate, FileError>;

/// Reads them for the first time.
///
/// # Errors
/// Every pair that cannot be used.
pub(super) fn read_all(
    all: &[CertificateFiles],
    ambient: &Ambient,
) -> Result<(Vec<Watched>, Vec<Certificate>), Mistakes> {
    let (mut watched, mut certificates, mut mistakes) = (Vec::new(), Vec::new(), Vec::new());
    for files in all {
        let (seen, content) = read(files);
        match content {
            Ok(certificate) => {
                welcome(files, &certificate, ambient);
                certificates.push(certificate);
            }
            Err(error) => mistakes.push(Mistake::new("edge.tls.certificates", with_causes(&error))),
        }
        watched.push(Watched { files: files.clone(), seen, untold: None });
    }
    if mistakes.is_empty() { Ok((watched, certificates)) } else { Err(Mistakes(mistakes)) }
}

/// Looks at them again and again.
pub(super) async fn watch(mut all: Vec<Watched>, every: Duration, keyring: &Keyring, ambient: &Ambient) {
    while !all.is_empty() {
        tokio::time::sleep(every).await;
        let looking = tokio::task::spawn_blocking(move || {
            let fresh: Vec<_> = all.iter_mut().map(Watched::look).collect();
            (all, fresh)
        });
        let Ok((looked, fresh)) = looking.await else { return };
        all = looked;
        for (place, certificate) in fresh.into_iter().enumerate() {
            if let Some(certificate) = certificate {
                welcome(&all[place].files, &certificate, ambient);
                keyring.replace(place, certificate);
            }
        }
    }
}

impl Watched {
    /// A certificate that was not there the last time.
    fn look(&mut self) -> Option<Certificate> {
        let (seen, content) = read(&self.files);
        if seen == self.seen {
            if let Some(error) = self.untold.take() {
                tracing::error!(%error, "a certificate has changed and is not taken; the one before stays in use");
            }
            return None;
        }
        self.seen = seen;
        match content {
            Ok(certificate) => {
                self.untold = None;
                Some(certificate)
            }
            // Whoever writes two files does not write them at the same moment: it is told when it stays like this.
            Err(error) => {
                self.untold = Some(with_causes(&error));
                None
            }
        }
    }
}

/// With a number that is another one when the files are others. It stands for the key, which need not be kept for that.
fn read(CertificateFiles { certificate, key }: &CertificateFiles) -> (u64, Content) {
    let mut number = DefaultHasher::new();
    let mut text = |path: &Path| {
        let text = fs::read(path);
        text.as_ref().map_err(io::Error::kind).hash(&mut number);
        text.map_err(|source| FileError::Unreadable { path: path.display().to_string(), source })
    };
    let texts = (text(certificate), text(key));
    let parse = |certificate_text: Vec<u8>, key_text: Vec<u8>| {
        Certificate::parse(&certificate_text, &key_text).map_err(|source| FileError::Unusable {
            certificate: certificate.display().to_string(),
            key: key.display().to_string(),
            source,
        })
    };
    let content = match texts {
        (Ok(certificate), Ok(key)) => parse(certificate, key),
        (Err(error), _) | (_, Err(error)) => Err(error),
    };
    (number.finish(), content)
}

/// Says what an operator should know about a certificate that is taken.
fn welcome(files: &CertificateFiles, certificate: &Certificate, ambient: &Ambient) {
    let Certificate { names, expires, .. } = certificate;
    let file = files.certificate.display();
    tracing::info!(%file, ?names, %expires, "a certificate is in use");
    if *expires <= ambient.now() {
        tracing::warn!(%file, %expires, "the certificate has expired: clients will refuse it");
    }
    if names.is_empty() {
        tracing::warn!(%file, "the certificate has no name: clients will refuse it");
    }
    let mode = fs::metadata(&files.key).map(|metadata| metadata.mode() & 0o777);
    if let Ok(mode) = mode.as_ref()
        && mode & OTHERS != 0
    {
        let file = files.key.display();
        tracing::warn!(
            "everybody on this machine can read the private key {file} (mode {mode:o}); run: chmod 600 {file}"
        );
    }
}

#[cfg(test)]
mod tests {
    use rcgen::KeyPair;
    use tempfile::TempDir;

    use super::super::certificate::tests::texts;
    use super::*;

    struct Pair {
        _folder: TempDir,
        files: CertificateFiles,
        texts: (String, String),
    }

    impl Pair {
        fn new() -> Self {
            let folder = TempDir::new().expect("a folder");
            let files = CertificateFiles {
                certificate: folder.path().join("a.pem"),
                key: folder.path().join("a.key"),
            };
            let pair = Self { _folder: folder, files, texts: fresh() };
            pair.write(&pair.texts);
            pair
        }

        fn write(&self, (certificate, key): &(String, String)) {
            fs::write(&self.files.certificate, certificate).expect("written");
            fs::write(&self.files.key, key).expect("written");
        }
    }

    fn fresh() -> (String, String) {
        texts(&["a.example"], &KeyPair::generate().expect("a key"))
    }

    #[test]
    fn files_that_cannot_be_used_are_all_named() {
        let (pair, mixed) = (Pair::new(), Pair::new());
        mixed.write(&(mixed.texts.0.clone(), pair.texts.1.clone()));
        let gone = CertificateFiles { certificate: "/nowhere/a.pem".into(), key: pair.files.key.clone() };
        let all = [pair.files.clone(), gone, mixed.files.clone()];
        let error = read_all(&all, &Ambient::system()).expect_err("refused").to_string();
        assert!(error.contains("2 mistakes"), "{error}");
        assert!(error.contains("/nowhere/a.pem cannot be read"), "{error}");
        assert!(error.contains("belongs to another key"), "{error}");
    }

    #[test]
    fn only_what_has_changed_and_fits_is_taken() {
        let pair = Pair::new();
        let (mut watched, _) = read_all(std::slice::from_ref(&pair.files), &Ambient::system()).expect("read");
        let watched = &mut watched[0];
        assert!(watched.look().is_none());
        let next = fresh();
        fs::write(&pair.files.certificate, &next.0).expect("written");
        assert!(watched.look().is_none());
        assert!(watched.untold.as_ref().is_some_and(|error| error.contains("belongs to another key")));
        fs::write(&pair.files.key, &next.1).expect("written");
        assert!(watched.look().is_some());
        assert!(watched.untold.is_none());
        fs::remove_file(&pair.files.key).expect("removed");
        assert!(watched.look().is_none());
        assert!(watched.untold.as_ref().is_some_and(|error| error.contains("cannot be read")));
        assert!(watched.look().is_none());
        assert!(watched.untold.is_none());
        pair.write(&next);
        assert!(watched.look().is_some());
    }
}
