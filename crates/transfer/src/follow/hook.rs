//! What the operator has done at a turn: a command, or an address in a file of settings.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::process::Command;

use super::FollowError;

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

impl Hook {
    /// Runs it, and waits for its end.
    pub(super) async fn run(&self, undone: &'static str) -> Result<(), FollowError> {
        let failed = |detail: String| FollowError::Hook { command: self.0.clone(), detail, undone };
        let mut command = Command::new("/bin/sh");
        let output = command.arg("-c").arg(&self.0).stdin(Stdio::null()).kill_on_drop(true).output().await;
        let output = output.map_err(|error| failed(error.to_string()))?;
        if output.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let last = said.lines().last().unwrap_or_default();
        Err(failed(format!("it ended with {}; {last}", output.status)))
    }
}

impl Switch {
    /// Does it.
    pub(super) async fn run(&self, undone: &'static str) -> Result<(), FollowError> {
        match self {
            Self::Command(hook) => hook.run(undone).await,
            Self::EnvFile { path, name, value } => rewrite(path, name, value).map_err(|error| {
                let command = format!("{name} in {}", path.display());
                FollowError::Hook { command, detail: error.to_string(), undone }
            }),
        }
    }
}

/// Gives a variable another value, in a new file that takes the place of the old one at once.
fn rewrite(path: &Path, name: &str, value: &str) -> io::Result<()> {
    let text = fs::read_to_string(path)?;
    let mode = fs::metadata(path)?.permissions().mode();
    let mut partial = path.to_path_buf().into_os_string();
    partial.push(".new");
    let partial = PathBuf::from(partial);
    match fs::remove_file(&partial) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(mode).open(&partial)?;
    file.write_all(rewritten(&text, name, value).as_bytes())?;
    file.sync_all()?;
    fs::rename(partial, path)
}

/// The lines, with one for the variable in place of those it had.
fn rewritten(text: &str, name: &str, value: &str) -> String {
    let is_it = |line: &str| {
        let line = line.trim_start();
        let line = line.strip_prefix("export ").unwrap_or(line);
        line.strip_prefix(name).is_some_and(|rest| rest.trim_start().starts_with('='))
    };
    let line = format!("{name}=\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""));
    let mut lines: Vec<String> = Vec::new();
    let mut is_written = false;
    for old in text.lines() {
        if !is_it(old) {
            lines.push(old.to_owned());
        } else if !is_written {
            lines.push(line.clone());
            is_written = true;
        }
    }
    if !is_written {
        lines.push(line);
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_gets_another_value_where_it_stands() {
        let text = "# settings\nDATABASE_URL=file:./dev.db\nOTHER=1\n";
        assert_eq!(
            rewritten(text, "DATABASE_URL", "postgres://a@b/c"),
            "# settings\nDATABASE_URL=\"postgres://a@b/c\"\nOTHER=1\n"
        );
        assert_eq!(rewritten("A=1", "B", "2"), "A=1\nB=\"2\"\n");
        assert_eq!(rewritten("export B = x\nB=y\nBB=z\n", "B", "2"), "B=\"2\"\nBB=z\n");
    }

    #[test]
    fn the_address_is_never_shown() {
        let value = "postgres://app:geheim@host/app".to_owned();
        let switch = Switch::EnvFile { path: ".env".into(), name: "DATABASE_URL".to_owned(), value };
        assert!(!format!("{switch:?}").contains("geheim"));
    }
}
