//! What the operator has done at a turn: a command, or an address in a file of settings.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, fchown};
use std::path::{Path, PathBuf};
use std::time::Duration;

use foundation::HookError;
use tempfile::NamedTempFile;

pub use foundation::Hook;

use super::FollowError;

/// How the application is told where its database is.
#[derive(Clone, PartialEq, Eq)]
pub enum Switch {
    /// By a command.
    Command(Hook),
    /// By a variable in a file of lines `NAME=value`. The address may hold a password: it is never shown.
    EnvFile {
        /// The file.
        path: PathBuf,
        /// The variable.
        name: String,
        /// The address it gets.
        value: String,
    },
}

impl std::fmt::Debug for Switch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Command(hook) => f.debug_tuple("Command").field(hook).finish(),
            Self::EnvFile { path, name, .. } => {
                f.debug_struct("EnvFile").field("path", path).field("name", name).finish_non_exhaustive()
            }
        }
    }
}

impl FollowError {
    /// Of what the operator wanted done, and was not, or perhaps was before it failed; with what comes of it.
    pub(super) fn hook(HookError { command, detail }: HookError, undone: &'static str) -> Self {
        Self::Hook { command, detail, undone }
    }
}

impl Switch {
    /// Does it.
    pub(super) async fn run(&self, limit: Duration) -> Result<(), HookError> {
        match self {
            Self::Command(hook) => hook.run(limit).await,
            Self::EnvFile { path, name, value } => rewrite(path, name, value).map_err(|error| HookError {
                command: format!("{name} in {}", path.display()),
                detail: error.to_string(),
            }),
        }
    }
}

/// Gives a variable another value, in a new file of the same owner that takes the place of the old one at once.
fn rewrite(path: &Path, name: &str, value: &str) -> io::Result<()> {
    // The file itself, not a link to it.
    let path = path.canonicalize()?;
    let text = fs::read_to_string(&path)?;
    let folder = path.parent().unwrap_or_else(|| Path::new("/"));
    let mut new = NamedTempFile::new_in(folder)?;
    let old = fs::metadata(&path)?;
    let is_same_owner = |new: &fs::Metadata| (new.uid(), new.gid()) == (old.uid(), old.gid());
    if !is_same_owner(&new.as_file().metadata()?) {
        fchown(new.as_file(), Some(old.uid()), Some(old.gid()))?;
    }
    new.as_file().set_permissions(old.permissions())?;
    new.write_all(rewritten(&text, name, value).as_bytes())?;
    new.as_file().sync_all()?;
    new.persist(&path)?;
    // It is done. Where the folder cannot be written to the disk at once, the kernel does it later.
    File::open(folder).and_then(|folder| folder.sync_all()).or(Ok(()))
}

/// The lines, with one for the variable in place of those it had.
fn rewritten(text: &str, name: &str, value: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut is_written = false;
    for old in text.lines() {
        match Assignment::of(old, name) {
            None => lines.push(old.to_owned()),
            Some(_) if is_written => {}
            Some(assignment) => {
                lines.push(assignment.with(value));
                is_written = true;
            }
        }
    }
    if !is_written {
        lines.push(Assignment { before: format!("{name}="), quote: None }.with(value));
    }
    lines.join("\n") + "\n"
}

/// A line that gives a variable its value, as far as it stays.
struct Assignment {
    /// What stands before the value.
    before: String,
    /// In which quotes the value is.
    quote: Option<char>,
}

impl Assignment {
    fn of(line: &str, name: &str) -> Option<Self> {
        let start = line.trim_start();
        let start = start.strip_prefix("export ").unwrap_or(start).trim_start();
        let value = start.strip_prefix(name)?.trim_start().strip_prefix('=')?.trim_start();
        let before = line[..line.len() - value.len()].to_owned();
        Some(Self { before, quote: value.chars().next().filter(|first| ['"', '\''].contains(first)) })
    }

    /// With another value: in the same quotes, or none, where every program reads it the same way; else in such that nothing
    /// is put in the place of `$` and the like.
    fn with(&self, value: &str) -> String {
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-._~:/?@%+=,".contains(letter);
        let quote = |quote: char| format!("{}{quote}{value}{quote}", self.before);
        match self.quote {
            None if value.chars().all(is_plain) => format!("{}{value}", self.before),
            Some(same) if value.chars().all(is_plain) => quote(same),
            _ if !value.contains('\'') => quote('\''),
            _ => {
                let escaped = |letter: char| {
                    let is_special = ['\\', '"', '$', '`'].contains(&letter);
                    is_special.then_some('\\').into_iter().chain([letter])
                };
                format!("{}\"{}\"", self.before, value.chars().flat_map(escaped).collect::<String>())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_gets_another_value_where_it_stands() {
        let text = "# settings\nDATABASE_URL=file:./dev.db\nOTHER=1\n";
        assert_eq!(
            rewritten(text, "DATABASE_URL", "postgres://a@b/c"),
            "# settings\nDATABASE_URL=postgres://a@b/c\nOTHER=1\n"
        );
        assert_eq!(rewritten("A=1", "B", "2"), "A=1\nB=2\n");
        assert_eq!(rewritten(" export B = x\nB=y\nBB=z\n", "B", "2"), " export B = 2\nBB=z\n");
        assert_eq!(rewritten("B='x'\nC=\"x\"", "B", "2"), "B='2'\nC=\"x\"\n");
    }

    /// A shell reads it as it is.
    #[test]
    fn what_a_shell_would_read_otherwise_is_quoted() {
        for value in ["postgres://a:p$w`d@b/c?x=1&y=2", "it's $HOME \"so\" \\ `id`", "a b#c", ""] {
            let line = rewritten("B=x", "B", value);
            let script = format!("{line}printf %s \"$B\"");
            let read = std::process::Command::new("/bin/sh").arg("-c").arg(script).output().expect("runs");
            assert_eq!(String::from_utf8_lossy(&read.stdout), value, "{line}");
        }
    }

    #[test]
    fn a_link_stays_one_and_rights_stay_what_they_are() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder");
        let (file, link) = (folder.path().join("real.env"), folder.path().join("app.env"));
        fs::write(&file, "B=1\n").expect("writes");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).expect("sets");
        std::os::unix::fs::symlink(&file, &link).expect("links");
        rewrite(&link, "B", "2").expect("writes");
        assert!(fs::symlink_metadata(&link).expect("there").is_symlink());
        assert_eq!(fs::read_to_string(&file).expect("readable"), "B=2\n");
        assert_eq!(fs::metadata(&file).expect("there").mode() & 0o777, 0o640);
    }

    #[test]
    fn the_address_is_never_shown() {
        let value = "postgres://app:geheim@host/app".to_owned();
        let switch = Switch::EnvFile { path: ".env".into(), name: "DATABASE_URL".to_owned(), value };
        assert!(!format!("{switch:?}").contains("geheim"));
    }
}
