//! Files that are whole at any moment: what is written is written beside, and takes its place at once. A crash leaves the
//! old content or the new one. Only their owner can read them.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

/// Writes a file, or writes it anew. Of several who do that at a time each is done before the next one.
///
/// # Errors
/// When it cannot be written; then it is as it was.
pub fn replace_file(path: &Path, content: &[u8]) -> io::Result<()> {
    Draft::of(path)?.fill(content)?.take_place()
}

/// Makes a file unless there is one; of several who do that at a time one makes it. Whether it was this one.
///
/// # Errors
/// When it cannot be made.
pub fn create_file(path: &Path, content: &[u8]) -> io::Result<bool> {
    let draft = Draft::of(path)?;
    if path.try_exists()? {
        return Ok(false);
    }
    draft.fill(content)?.take_place()?;
    Ok(true)
}

/// What becomes the file. Nobody else writes it until it is dropped, in whatever process: it is locked.
#[derive(Debug)]
struct Draft<'p> {
    file: File,
    place: PathBuf,
    path: &'p Path,
}

impl<'p> Draft<'p> {
    /// An empty one. What a crash has left of another is gone.
    fn of(path: &'p Path) -> io::Result<Self> {
        let place = place(path)?;
        loop {
            let file =
                OpenOptions::new().create(true).write(true).truncate(false).mode(0o600).open(&place)?;
            file.lock()?;
            // While one waited, another one's draft may have become the file.
            if is_at(&file, &place)? {
                let draft = Self { file, place, path };
                draft.file.set_len(0)?;
                draft.file.set_permissions(Permissions::from_mode(0o600))?;
                return Ok(draft);
            }
        }
    }

    fn fill(mut self, content: &[u8]) -> io::Result<Self> {
        self.file.write_all(content)?;
        self.file.sync_all()?;
        Ok(self)
    }

    fn take_place(self) -> io::Result<()> {
        fs::rename(&self.place, self.path)?;
        // That it has this name now is to outlive a crash, too.
        File::open(folder(self.path))?.sync_all()
    }
}

impl Drop for Draft<'_> {
    /// One that did not become the file is not left behind.
    fn drop(&mut self) {
        if is_at(&self.file, &self.place).unwrap_or(false) {
            let _ = fs::remove_file(&self.place);
        }
    }
}

fn place(path: &Path) -> io::Result<PathBuf> {
    let mut name = path.file_name().ok_or(ErrorKind::InvalidFilename)?.to_owned();
    name.push(".draft");
    Ok(path.with_file_name(name))
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Whether a file that is open is the one of this name.
fn is_at(file: &File, place: &Path) -> io::Result<bool> {
    let id = |data: fs::Metadata| (data.dev(), data.ino());
    match fs::metadata(place) {
        Ok(data) => Ok(id(data) == id(file.metadata()?)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry"));
        entries.map(|entry| entry.file_name().into_string().expect("text")).collect()
    }

    #[test]
    fn a_file_is_replaced_and_only_its_owner_can_read_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.json");
        for text in ["a long text", "short"] {
            replace_file(&path, text.as_bytes()).expect("written");
            assert_eq!(fs::read_to_string(&path).expect("read"), text);
        }
        assert_eq!(fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o600);
        assert_eq!(names(folder.path()), ["a.json"]);
    }

    #[test]
    fn what_a_crash_has_left_is_in_nobodys_way() {
        let folder = tempfile::tempdir().expect("a folder");
        let (path, left) = (folder.path().join("a.json"), folder.path().join("a.json.draft"));
        fs::write(&left, "half of something that was longer").expect("left");
        fs::set_permissions(&left, Permissions::from_mode(0o644)).expect("allowed");
        replace_file(&path, b"whole").expect("written");
        assert_eq!(fs::read_to_string(&path).expect("read"), "whole");
        assert_eq!(fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o600);
        assert_eq!(names(folder.path()), ["a.json"]);
    }

    #[test]
    fn a_file_that_cannot_be_replaced_stays_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("taken");
        fs::create_dir(&path).expect("made");
        fs::write(path.join("inside"), "x").expect("written");
        replace_file(&path, b"new").expect_err("a folder is in its place");
        assert_eq!(names(folder.path()), ["taken"]);
    }

    #[test]
    fn many_who_write_at_a_time_leave_what_one_of_them_wrote() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.json");
        let whole = |writer: usize| vec![b'a' + u8::try_from(writer).expect("few"); 10_000 + writer];
        thread::scope(|scope| {
            for writer in 0..8 {
                let path = &path;
                scope.spawn(move || {
                    for _ in 0..10 {
                        replace_file(path, &whole(writer)).expect("written");
                    }
                });
            }
            for _ in 0..200 {
                let Ok(read) = fs::read(&path) else { continue };
                let writer = read.len() - 10_000;
                assert!(read == whole(writer), "half of it, or of two");
            }
        });
        assert_eq!(names(folder.path()), ["a.json"]);
    }

    #[test]
    fn a_file_that_is_there_is_not_made_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("secret");
        let made = thread::scope(|scope| {
            let make = |text: &'static str| {
                let path = &path;
                scope.spawn(move || create_file(path, text.as_bytes()).expect("made or there"))
            };
            let all = ["one", "two", "six"].map(make);
            all.map(|made| made.join().expect("did not panic"))
        });
        assert_eq!(made.into_iter().filter(|is_made| *is_made).count(), 1);
        let kept = fs::read_to_string(&path).expect("read");
        assert!(!create_file(&path, b"another").expect("there"));
        assert_eq!(fs::read_to_string(&path).expect("read"), kept);
        assert_eq!(names(folder.path()), ["secret"]);
    }
}
