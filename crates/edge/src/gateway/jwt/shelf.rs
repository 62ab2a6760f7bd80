//! The last good key set on disk, so that a gate that starts while the source is down knows it. Keys are public, but who
//! could change the file could sign in as anybody: only its owner may.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{SHA256, digest};
use foundation::{Timestamp, Uuid, replace_file};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::source::LARGEST;
use crate::config::KeySource;

/// A file for one source.
#[derive(Debug)]
pub(super) struct Shelf(PathBuf);

/// What is in it.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    version: u32,
    fetched_at: Timestamp,
    jwks: Value,
}

const VERSION: u32 = 1;

impl Shelf {
    /// Named by the source, so that another source's keys are never taken for this one's.
    pub(super) fn of(source: &KeySource, folder: &Path) -> Self {
        let hash = digest(&SHA256, String::from(source.clone()).as_bytes());
        let name = Uuid::from_slice(&hash.as_ref()[..16]).expect("16 bytes").simple();
        Self(folder.join(format!("jwks-{name}.json")))
    }

    /// The set as it was published, and when; none if nothing was kept.
    pub(super) fn read(&self) -> io::Result<Option<(Vec<u8>, Timestamp)>> {
        let file = match File::open(&self.0) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut text = Vec::new();
        file.take(2 * LARGEST as u64).read_to_end(&mut text)?;
        let kept: Kept = serde_json::from_slice(&text)?;
        if kept.version != VERSION {
            return Ok(None);
        }
        Ok(Some((serde_json::to_vec(&kept.jwks)?, kept.fetched_at)))
    }

    /// Several applications may have the same source, and write at a time.
    pub(super) fn write(&self, jwks: &[u8], fetched_at: Timestamp) -> io::Result<()> {
        let kept = Kept { version: VERSION, fetched_at, jwks: serde_json::from_slice(jwks)? };
        if let Some(folder) = self.0.parent() {
            fs::create_dir_all(folder)?;
        }
        replace_file(&self.0, &serde_json::to_vec(&kept)?)
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use foundation::Ambient;

    use super::*;

    #[test]
    fn what_was_kept_is_found_again_and_only_for_the_same_source() {
        let folder = tempfile::tempdir().expect("a folder");
        let source = |text: &str| text.parse::<KeySource>().expect("a source");
        let shelf = Shelf::of(&source("https://a.example/jwks"), &folder.path().join("new"));
        assert!(shelf.read().expect("nothing is no mistake").is_none());
        for text in [br#"{"keys":[1]}"#.as_slice(), br#"{"keys":[2]}"#] {
            let now = Ambient::system().now();
            shelf.write(text, now).expect("written");
            assert_eq!(shelf.read().expect("readable"), Some((text.to_vec(), now)));
        }
        assert_eq!(fs::metadata(&shelf.0).expect("a file").permissions().mode() & 0o777, 0o600);
        let files = fs::read_dir(folder.path().join("new")).expect("a folder").count();
        assert_eq!(files, 1);
        let other = Shelf::of(&source("https://b.example/jwks"), &folder.path().join("new"));
        assert!(other.read().expect("nothing").is_none());
    }

    #[test]
    fn half_a_file_is_a_mistake() {
        let folder = tempfile::tempdir().expect("a folder");
        let shelf = Shelf::of(&"/x/jwks.json".parse().expect("a source"), folder.path());
        fs::write(&shelf.0, br#"{"version":1,"fetched_at""#).expect("written");
        assert!(shelf.read().is_err());
        fs::write(&shelf.0, br#"{"version":2,"fetched_at":"2026-01-01T00:00:00Z","jwks":1}"#)
            .expect("written");
        assert!(shelf.read().expect("of a newer program").is_none());
    }
}
