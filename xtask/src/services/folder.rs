//! The services' folder. A run that was killed cannot remove its own, so the next one does.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use tempfile::TempDir;

use super::user::User;

const PREFIX: &str = "mainstay-test-";
const LOCK: &str = "in-use";

pub(super) struct Folder {
    folder: TempDir,
    /// Held for as long as this process lives: how other runs know that the folder is in use.
    _lock: File,
}

impl Folder {
    pub(super) fn create(parent: &Path) -> Result<Self> {
        remove_abandoned(parent);
        let folder = tempfile::Builder::new()
            .prefix(PREFIX)
            .permissions(Permissions::from_mode(0o755))
            .tempdir_in(parent)
            .with_context(|| format!("no folder can be made in {}", parent.display()))?;
        let lock = File::create(folder.path().join(LOCK))?;
        lock.lock().context("the services' folder cannot be locked")?;
        Ok(Self { folder, _lock: lock })
    }

    /// A folder inside, which belongs to the user that a service runs as.
    pub(super) fn own(&self, name: &str, user: Option<&User>) -> Result<PathBuf> {
        let folder = self.folder.path().join(name);
        fs::create_dir(&folder)?;
        if let Some(User { uid, gid }) = user {
            chown(&folder, Some(*uid), Some(*gid))?;
        }
        Ok(folder)
    }
}

fn remove_abandoned(parent: &Path) {
    let ours =
        |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(PREFIX));
    let folders = fs::read_dir(parent).into_iter().flatten().flatten().map(|entry| entry.path());
    for folder in folders.filter(ours) {
        if File::open(folder.join(LOCK)).is_ok_and(|lock| lock.try_lock().is_ok()) {
            // Another user's folder cannot be removed, and is theirs to remove.
            let _ = fs::remove_dir_all(folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_abandoned_folder_is_removed_and_one_in_use_stays() {
        let parent = tempfile::tempdir().unwrap();
        let abandoned = parent.path().join("mainstay-test-abandoned");
        fs::create_dir(&abandoned).unwrap();
        fs::write(abandoned.join(LOCK), "").unwrap();
        let foreign = parent.path().join("something-else");
        fs::create_dir(&foreign).unwrap();

        let first = Folder::create(parent.path()).unwrap();
        let second = Folder::create(parent.path()).unwrap();
        assert!(!abandoned.exists());
        assert!(foreign.exists() && first.folder.path().exists());

        drop((first, second));
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 1, "only the foreign folder is left");
    }
}
