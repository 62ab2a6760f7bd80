//! Starting other programs: with a clean environment, their output kept, and progress shown meanwhile.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::progress::Progress;

/// Settings of the developer's own that would change what a test sees.
const FOREIGN: [&str; 6] = ["DATABASE_URL", "REDIS_URL", "SENTRY_DSN", "MAKEFLAGS", "MFLAGS", "MAKELEVEL"];

/// A command that behaves alike on every machine: no settings of Mainstay's from outside, and strict as under CI.
#[expect(clippy::disallowed_methods, reason = "what a child inherits can only be decided by looking at it")]
pub(crate) fn clean(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("MAINSTAY_") {
            command.env_remove(name);
        }
    }
    for name in FOREIGN {
        command.env_remove(name);
    }
    command.env("CI", "1").env("NO_COLOR", "1").env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    command
}

/// Where `program` is: on the PATH, or not at all.
#[expect(clippy::disallowed_methods, reason = "the PATH is the shell's, not a setting of Mainstay's")]
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// A command that has ended, and all it said.
pub(crate) struct Finished {
    pub(crate) status: ExitStatus,
    pub(crate) output: String,
    shown: String,
}

impl Finished {
    /// The output again if it went well; an error that holds all of it if not.
    pub(crate) fn succeeded(self) -> Result<String> {
        if self.status.success() {
            return Ok(self.output);
        }
        bail!("{}\n`{}` ended with {}", self.output.trim_end(), self.shown, self.status)
    }
}

/// Runs `command` to its end with its whole output in the file `log`, telling `progress` about it every second.
pub(crate) fn run(command: &mut Command, log: &Path, progress: &mut Progress) -> Result<Finished> {
    let shown = shown(command);
    let file = File::create(log).with_context(|| format!("{} cannot be written", log.display()))?;
    let child = command
        .stdin(Stdio::null())
        .stdout(file.try_clone()?)
        .stderr(file)
        .spawn()
        .with_context(|| format!("`{shown}` could not be started"))?;
    let status = wait(child, || progress.tick(log)).with_context(|| format!("`{shown}` was lost"))?;
    Ok(Finished { status, output: read(log), shown })
}

/// What a short command printed; its complaint is the error.
pub(crate) fn output(command: &mut Command) -> Result<Vec<u8>> {
    let shown = shown(command);
    let output = command.output().with_context(|| format!("`{shown}` could not be started"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("{}\n`{shown}` ended with {}", said.trim_end(), output.status);
    }
    Ok(output.stdout)
}

/// Sends a signal such as `INT`. The standard library can only kill; every shell can do better.
pub(crate) fn signal(child: &Child, signal: &str) {
    let kill = format!("kill -s {signal} {}", child.id());
    // A process that has just ended by itself is no error.
    let _ = Command::new("sh").args(["-c", &kill]).stderr(Stdio::null()).status();
}

/// A file as text, whatever bytes it has; nothing if it is not there.
pub(crate) fn read(file: &Path) -> String {
    String::from_utf8_lossy(&fs::read(file).unwrap_or_default()).into_owned()
}

fn wait(mut child: Child, mut every_second: impl FnMut()) -> Result<ExitStatus> {
    let (tell, told) = mpsc::channel();
    thread::spawn(move || tell.send(child.wait()));
    loop {
        match told.recv_timeout(Duration::from_secs(1)) {
            Ok(status) => return Ok(status?),
            Err(RecvTimeoutError::Timeout) => every_second(),
            Err(RecvTimeoutError::Disconnected) => bail!("its watcher ended early"),
        }
    }
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sh(script: &str) -> Command {
        let mut command = clean("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn a_failure_carries_everything_the_command_said() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("step.log");
        let finished =
            run(&mut sh("echo one; echo two >&2; exit 3"), &log, &mut Progress::piped("step")).unwrap();
        let error = finished.succeeded().unwrap_err().to_string();
        assert!(error.starts_with("one\ntwo\n`sh -c "), "{error}");
        assert!(error.ends_with("exit status: 3"), "{error}");
    }

    #[test]
    fn a_short_command_that_fails_says_why() {
        let error = output(&mut sh("echo no such thing >&2; exit 1")).unwrap_err().to_string();
        assert!(error.starts_with("no such thing\n"), "{error}");
        assert_eq!(output(&mut sh("printf yes")).unwrap(), b"yes");
    }

    #[test]
    fn a_missing_program_is_named() {
        let error = output(&mut clean("no-such-program")).unwrap_err().to_string();
        assert_eq!(error, "`no-such-program` could not be started");
    }

    #[test]
    fn every_machine_looks_like_ci() {
        assert_eq!(output(&mut sh("printf $CI")).unwrap(), b"1");
    }
}
