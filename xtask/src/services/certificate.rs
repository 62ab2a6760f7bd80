//! A certificate for the tests' PostgreSQL, signed by an authority that nobody else knows.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::user::{User, command};
use crate::process;

/// Where the files of a certified server are.
pub(super) struct Certificate {
    /// What a client must trust.
    pub(super) authority: PathBuf,
    pub(super) chain: PathBuf,
    pub(super) key: PathBuf,
}

impl Certificate {
    /// Makes an authority, and a certificate for 127.0.0.1 and nothing else.
    pub(super) fn make(folder: &Path, user: Option<&User>) -> Result<Self> {
        let file = |name: &str| folder.join(name);
        let (authority, authority_key) = (file("authority.crt"), file("authority.key"));
        let made = Self { authority, chain: file("server.crt"), key: file("server.key") };

        let mut openssl = request(folder, user, "/CN=Mainstay's tests", &authority_key, &made.authority);
        process::output(&mut openssl).context("no certificate authority could be made")?;
        let mut openssl = request(folder, user, "/CN=127.0.0.1", &made.key, &made.chain);
        openssl.arg("-CA").arg(&made.authority).arg("-CAkey").arg(&authority_key);
        openssl.args([
            "-addext",
            "subjectAltName=IP:127.0.0.1",
            "-addext",
            "basicConstraints=critical,CA:FALSE",
        ]);
        process::output(&mut openssl).context("no certificate could be made")?;
        Ok(made)
    }
}

fn request(
    folder: &Path,
    user: Option<&User>,
    name: &str,
    key: &Path,
    certificate: &Path,
) -> std::process::Command {
    let mut openssl = command(Path::new("openssl"), user, folder);
    openssl.args(["req", "-x509", "-days", "2", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]);
    openssl.args(["-nodes", "-subj", name]).arg("-keyout").arg(key).arg("-out").arg(certificate);
    openssl
}
