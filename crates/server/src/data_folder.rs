//! The folder for what must outlive a restart: the SQLite database and the secrets, readable by nobody else.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use foundation::{Ambient, create_file};

use crate::config::shown;

/// What every other key follows from. It is made at the first start: a folder that has it holds an installation.
pub(crate) const ROOT_KEY: &str = "root.key";

const SECRETS: &str = "secrets";

/// A data folder that can be written to.
#[derive(Debug)]
pub struct DataFolder(PathBuf);

impl DataFolder {
    /// Opens the folder, and makes it when there is none.
    ///
    /// # Errors
    /// When it cannot be used; the message says what to do.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        let advice = || {
            format!(
                "the data folder {} cannot be written to; make it writable for this user or choose another with --data",
                shown(path)
            )
        };
        DirBuilder::new().recursive(true).mode(0o700).create(path).with_context(advice)?;
        let probe = path.join(format!(".writable-{}", std::process::id()));
        File::create(&probe).with_context(advice)?;
        fs::remove_file(probe).with_context(advice)?;
        Ok(Self(path.to_owned()))
    }

    /// Opens the folder of an installation that is there. Makes none: behind a mistyped `--data` there would be another
    /// one, empty, and whoever asked would believe its answers.
    ///
    /// # Errors
    /// When there is no installation, or it cannot be used; the message says what to do.
    pub fn existing(path: &Path) -> anyhow::Result<Self> {
        match path.join(SECRETS).join(ROOT_KEY).try_exists() {
            Ok(true) => Self::open(path),
            Err(error) if error.kind() == ErrorKind::PermissionDenied => Err(error).with_context(|| {
                format!(
                    "the data folder {} is not for this user; run this as the one who serves",
                    shown(path)
                )
            }),
            _ => bail!(
                "there is no installation in {} (no {SECRETS}/{ROOT_KEY}); name its folder with --data, or start one \
                 with: mainstay serve",
                shown(path)
            ),
        }
    }

    /// Where the street gate keeps what is its own. Whoever only talks to a gate makes no folder.
    pub fn edge(data: &Path) -> PathBuf {
        data.join("edge")
    }

    /// Makes sure that no other server uses this folder, for as long as the answer is kept.
    ///
    /// # Errors
    /// When another one does.
    pub fn hold(&self) -> anyhow::Result<File> {
        let path = self.0.join("serving.lock");
        let file = OpenOptions::new().create(true).append(true).mode(0o600).open(&path);
        let file = file.with_context(|| format!("{} cannot be opened", shown(&path)))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::Error(error)) => {
                Err(error).with_context(|| format!("{} cannot be locked", shown(&path)))
            }
            Err(TryLockError::WouldBlock) => bail!(
                "another mainstay serves from the data folder {} already; stop it, or choose another folder with --data",
                shown(&self.0)
            ),
        }
    }

    /// The secret of this name: 32 random bytes, made on first use and kept in a file that only its owner can read.
    ///
    /// # Errors
    /// When the file cannot be read or made, is of the wrong size, or others can read it.
    pub fn secret(&self, name: &str, ambient: &Ambient) -> anyhow::Result<[u8; 32]> {
        let folder = self.0.join(SECRETS);
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&folder)
            .context("the secrets cannot be kept")?;
        let path = folder.join(name);
        if !path.exists() {
            // A second process that starts at the same moment may make it; then that one is taken.
            create_file(&path, &ambient.random::<32>())
                .with_context(|| format!("the secret {} cannot be made", shown(&path)))?;
        }
        load(&path)
    }
}

fn load(path: &Path) -> anyhow::Result<[u8; 32]> {
    let mut file = File::open(path).with_context(|| format!("{} cannot be read", shown(path)))?;
    let mode = file.metadata()?.mode() & 0o777;
    if mode & 0o077 != 0 {
        bail!("others can read the secret {} (mode {mode:o}); run: chmod 600 {}", shown(path), shown(path));
    }
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    ensure!(
        bytes.len() == 32,
        "the secret {} is damaged ({} bytes instead of 32); restore it from a backup; what else can be done is in docs/runbooks/it-does-not-start.md",
        shown(path),
        bytes.len()
    );
    Ok(bytes.try_into().expect("32 bytes"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    fn folder() -> (tempfile::TempDir, DataFolder) {
        let temporary = tempfile::TempDir::new().expect("a folder");
        let folder = DataFolder::open(&temporary.path().join("data")).expect("writable");
        (temporary, folder)
    }

    #[test]
    fn an_installation_is_found_and_none_is_made() {
        let (temporary, folder) = folder();
        for path in ["data", "elsewhere"].map(|name| temporary.path().join(name)) {
            let error = DataFolder::existing(&path).expect_err("nothing there").to_string();
            assert!(error.contains("there is no installation in") && error.contains("--data"), "{error}");
        }
        assert!(
            !temporary.path().join("elsewhere").exists() && !temporary.path().join("data/secrets").exists()
        );
        folder.secret(ROOT_KEY, &Ambient::system()).expect("made");
        DataFolder::existing(&temporary.path().join("data")).expect("an installation");
    }

    #[test]
    fn two_servers_do_not_share_a_folder() {
        let (_temporary, folder) = folder();
        let held = folder.hold().expect("free");
        let error = folder.hold().expect_err("held").to_string();
        assert!(error.contains("another mainstay serves from the data folder"), "{error}");
        drop(held);
        folder.hold().expect("free again");
    }

    // ASVS 13.3.1
    #[test]
    fn a_secret_is_made_once_and_nobody_else_can_read_it() {
        let (temporary, folder) = folder();
        let ambient = Ambient::system();
        let made = folder.secret("csrf.key", &ambient).expect("made");
        assert_eq!(folder.secret("csrf.key", &ambient).expect("read"), made);
        assert_ne!(folder.secret("other.key", &ambient).expect("made"), made);
        let permissions =
            |path: &str| fs::metadata(temporary.path().join(path)).expect("exists").mode() & 0o777;
        assert_eq!(permissions("data/secrets/csrf.key"), 0o600);
        assert_eq!((permissions("data"), permissions("data/secrets")), (0o700, 0o700));
    }

    // ASVS 13.3.1
    #[test]
    fn a_secret_that_leaks_or_is_damaged_is_refused() {
        let (temporary, folder) = folder();
        let path = temporary.path().join("data/secrets/csrf.key");
        folder.secret("csrf.key", &Ambient::system()).expect("made");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("allowed");
        let error = folder.secret("csrf.key", &Ambient::system()).expect_err("refused").to_string();
        assert!(error.contains("chmod 600"), "{error}");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("allowed");
        fs::write(&path, b"short").expect("allowed");
        let error = folder.secret("csrf.key", &Ambient::system()).expect_err("refused").to_string();
        assert!(error.contains("damaged"), "{error}");
    }
}
