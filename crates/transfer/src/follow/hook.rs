//! What the operator has done at a turn: a command, or an address in a file of settings.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, fchown};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tempfile::{NamedTempFile, tempfile};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use super::FollowError;

/// So much of what a command says is looked at: its end.
const SAID: u64 = 4096;

/// A command that a shell runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hook(pub String);

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

/// What the operator wanted done, and was not; or perhaps was, before it failed.
#[derive(Debug)]
pub(super) struct Failure {
    command: String,
    detail: String,
}

impl Failure {
    /// As an error, with what comes of it.
    pub(super) fn so(self, undone: &'static str) -> FollowError {
        let Self { command, detail } = self;
        FollowError::Hook { command, detail, undone }
    }
}

impl Hook {
    /// Runs it, and waits for its end; not for that of what it leaves running. What has not ended in time is killed, with
    /// all that it has begun.
    pub(super) async fn run(&self, limit: Duration) -> Result<(), Failure> {
        self.try_run(limit)
            .await
            .map_err(|error| Failure { command: self.0.clone(), detail: error.to_string() })
    }

    async fn try_run(&self, limit: Duration) -> io::Result<()> {
        // A pipe would end only with the last program that has it.
        let mut said = tempfile()?;
        let mut command = Command::new("/bin/sh");
        command.arg("-c").arg(&self.0).stdin(Stdio::null()).stdout(Stdio::null()).stderr(said.try_clone()?);
        let mut child = command.process_group(0).kill_on_drop(true).spawn()?;
        let Ok(status) = timeout(limit, child.wait()).await else {
            kill(&mut child).await?;
            return Err(io::Error::other(format!("it did not end within {limit:?}, and was killed")));
        };
        match status? {
            status if status.success() => Ok(()),
            status => Err(io::Error::other(format!("it ended with {status}; {}", last_line(&mut said)?))),
        }
    }
}

async fn kill(child: &mut Child) -> io::Result<()> {
    let group = child.id().and_then(|id| Pid::from_raw(id.cast_signed()));
    if let Some(group) = group {
        kill_process_group(group, Signal::KILL)?;
    }
    child.wait().await.map(|_| ())
}

fn last_line(said: &mut File) -> io::Result<String> {
    let length = said.metadata()?.len();
    said.seek(io::SeekFrom::Start(length.saturating_sub(SAID)))?;
    let mut end = Vec::new();
    said.read_to_end(&mut end)?;
    Ok(String::from_utf8_lossy(&end).lines().last().unwrap_or_default().to_owned())
}

impl Switch {
    /// Does it.
    pub(super) async fn run(&self, limit: Duration) -> Result<(), Failure> {
        match self {
            Self::Command(hook) => hook.run(limit).await,
            Self::EnvFile { path, name, value } => rewrite(path, name, value).map_err(|error| Failure {
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

    #[tokio::test]
    async fn what_a_command_leaves_running_is_not_waited_for() {
        let folder = tempfile::tempdir().expect("a folder");
        let end = folder.path().join("end");
        let hook = Hook(format!("while [ ! -e {} ]; do sleep 0.1; done &", end.display()));
        hook.run(Duration::from_mins(1)).await.expect("ends before what it has begun");
        fs::write(end, "").expect("writes");
    }

    #[tokio::test]
    async fn what_does_not_end_in_time_is_killed_with_all_it_has_begun() {
        let folder = tempfile::tempdir().expect("a folder");
        let ids = folder.path().join("ids");
        let hook = Hook(format!("sleep 600 & echo $! > {0}.new; mv {0}.new {0}; wait", ids.display()));
        let failure = hook.run(Duration::from_secs(2)).await.expect_err("killed");
        assert!(failure.detail.contains("was killed"), "{failure:?}");
        let begun: i32 = fs::read_to_string(ids).expect("begun").trim().parse().expect("a number");
        let begun = Pid::from_raw(begun).expect("a number");
        // Whoever adopts it may not have buried it yet.
        while rustix::process::test_kill_process(begun).is_ok() && !is_zombie(begun) {
            tokio::task::yield_now().await;
        }
    }

    fn is_zombie(process: Pid) -> bool {
        let status = fs::read_to_string(format!("/proc/{}/stat", process.as_raw_nonzero()));
        status.is_ok_and(|status| status.contains(") Z "))
    }

    #[test]
    fn the_address_is_never_shown() {
        let value = "postgres://app:geheim@host/app".to_owned();
        let switch = Switch::EnvFile { path: ".env".into(), name: "DATABASE_URL".to_owned(), value };
        assert!(!format!("{switch:?}").contains("geheim"));
    }
}
