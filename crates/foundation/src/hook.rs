//! A command of the operator's, that a shell runs.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, Write as _};
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tempfile::tempfile;
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// So much of what a command says is looked at: its end.
const SAID: u64 = 4096;

/// A command that a shell runs. It comes from the command line or the configuration, never from people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hook(pub String);

/// A command that failed; or perhaps did what it should, before it failed.
#[derive(Debug, thiserror::Error)]
#[error("{command}: {detail}")]
pub struct HookError {
    /// The command.
    pub command: String,
    /// What was wrong.
    pub detail: String,
}

impl Hook {
    /// Runs it, and waits for its end; not for that of what it leaves running. What has not ended in time is killed, with
    /// all that it has begun.
    ///
    /// # Errors
    /// When it cannot be run, fails, or does not end in time.
    pub async fn run(&self, limit: Duration) -> Result<(), HookError> {
        self.run_with(&[], limit).await
    }

    /// The same, with something to read from its standard input.
    ///
    /// # Errors
    /// When it cannot be run, fails, or does not end in time.
    pub async fn run_with(&self, input: &[u8], limit: Duration) -> Result<(), HookError> {
        let failed = |error: io::Error| HookError { command: self.0.clone(), detail: error.to_string() };
        self.try_run(input, limit).await.map_err(failed)
    }

    async fn try_run(&self, input: &[u8], limit: Duration) -> io::Result<()> {
        let mut read = tempfile()?;
        read.write_all(input)?;
        read.rewind()?;
        // A pipe would end only with the last program that has it.
        let mut said = tempfile()?;
        let mut command = Command::new("/bin/sh");
        command.arg("-c").arg(&self.0).stdin(read).stdout(Stdio::null()).stderr(said.try_clone()?);
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

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

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

    #[tokio::test]
    async fn a_command_reads_what_it_is_given() {
        let folder = tempfile::tempdir().expect("a folder");
        let copy = folder.path().join("copy");
        let hook = Hook(format!("cat > {}", copy.display()));
        hook.run_with(b"what has happened", Duration::from_mins(1)).await.expect("runs");
        assert_eq!(fs::read_to_string(copy).expect("a copy"), "what has happened");
    }
}
