//! What must outlive a restart: the account at an authority, and its certificates, readable by nobody else.

use std::fs::{self, DirBuilder};
use std::io::{self, ErrorKind};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use foundation::replace_file;
use instant_acme::AccountCredentials;
use url::Url;

use super::AcmeError;
use crate::tls::certificate::Certificate;

const ACCOUNT: &str = "account.json";

/// A folder for each authority: what one has given is nothing to another, nor to those who only try things out.
#[derive(Debug)]
pub(super) struct Kept(PathBuf);

impl Kept {
    pub(super) fn new(folder: &Path, directory: &Url) -> Self {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '.';
        let place = directory.as_str().trim_start_matches("https://");
        let name: String = place.chars().map(|c| if is_plain(c) { c } else { '-' }).collect();
        Self(folder.join("acme").join(name))
    }

    pub(super) fn account(&self) -> Result<Option<AccountCredentials>, AcmeError> {
        let text = self.read(ACCOUNT)?;
        // Half an account is none; another one costs nothing.
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    pub(super) fn keep_account(&self, credentials: &AccountCredentials) -> io::Result<()> {
        self.write(ACCOUNT, &serde_json::to_string(credentials)?)
    }

    /// The certificate for a domain, with its key.
    pub(super) fn certificate(&self, domain: &str) -> Result<Option<Certificate>, AcmeError> {
        let Some(text) = self.read(&file(domain))? else { return Ok(None) };
        Ok(Some(Certificate::parse(text.as_bytes(), text.as_bytes())?))
    }

    /// Both in one text, so that one never lies there without the other.
    pub(super) fn keep_certificate(&self, domain: &str, text: &str) -> io::Result<()> {
        self.write(&file(domain), text)
    }

    fn read(&self, name: &str) -> io::Result<Option<String>> {
        match fs::read_to_string(self.0.join(name)) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn write(&self, name: &str, text: &str) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(&self.0)?;
        replace_file(&self.0.join(name), text.as_bytes())
    }
}

fn file(domain: &str) -> String {
    format!("{domain}.pem")
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use rcgen::KeyPair;
    use tempfile::TempDir;

    use super::*;
    use crate::tls::certificate::tests::texts;

    #[test]
    fn what_one_authority_has_given_is_kept_for_it_alone() {
        let folder = TempDir::new().expect("a folder");
        let kept = |url: &str| Kept::new(folder.path(), &url.parse().expect("a URL"));
        let (one, other) = (kept("https://acme.example:14000/dir"), kept("https://staging.example/dir"));
        let (certificate, key) = texts(&["a.example"], &KeyPair::generate().expect("a key"));
        for _ in 0..2 {
            one.keep_certificate("a.example", &format!("{key}{certificate}")).expect("kept");
        }
        let read = one.certificate("a.example").expect("read").expect("one");
        assert_eq!(read.names, ["a.example"]);
        assert!(other.certificate("a.example").expect("read").is_none());
        let mode = |path: &str| {
            let path = folder.path().join("acme/acme.example-14000-dir").join(path);
            fs::metadata(path).expect("there").permissions().mode() & 0o777
        };
        assert_eq!((mode("."), mode("a.example.pem")), (0o700, 0o600));
    }

    #[test]
    fn what_is_damaged_is_not_used() {
        let folder = TempDir::new().expect("a folder");
        let kept = Kept::new(folder.path(), &"https://acme.example/dir".parse().expect("a URL"));
        assert!(kept.account().expect("read").is_none());
        kept.write(ACCOUNT, "{").expect("kept");
        kept.keep_certificate("a.example", "half").expect("kept");
        assert!(kept.account().expect("read").is_none());
        assert!(kept.certificate("a.example").is_err());
    }
}
