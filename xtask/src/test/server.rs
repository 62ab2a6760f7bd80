//! A running `mainstay serve`, as the browser tests meet it: empty, on a free port, waiting for its administrator.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::{process, wait};

const READY: &str = "Mainstay is ready at ";
const SETUP: &str = "Create the administrator: ";
const TO_START: Duration = Duration::from_mins(1);
const TO_STOP: Duration = Duration::from_secs(20);

pub(super) struct Server {
    child: Child,
    pub(super) url: String,
    pub(super) setup_link: String,
}

impl Server {
    pub(super) fn start(program: &Path, data: &Path, database: Option<&str>, log: &Path) -> Result<Self> {
        let mut command = process::clean(program);
        command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(data).current_dir(data);
        // So that each browser comes from an address of its own, and shares nobody's limits.
        command.env("MAINSTAY__GUARD__TRUSTED_PROXIES", "127.0.0.1/32");
        if let Some(url) = database {
            command.env("DATABASE_URL", url);
        }
        Self::started(&mut command, log, TO_START)
    }

    fn started(command: &mut Command, log: &Path, limit: Duration) -> Result<Self> {
        let file = File::create(log).context("the server's log cannot be written")?;
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(file.try_clone()?)
            .spawn()
            .with_context(|| format!("{} could not be started", command.get_program().display()))?;
        let lines = child.stdout.take().map(|stdout| follow(stdout, file));
        let mut server = Self { child, url: String::new(), setup_link: String::new() };
        let found = lines.is_some_and(|lines| server.read_greeting(&lines, limit));
        if found {
            return Ok(server);
        }
        bail!(
            "the server did not print both `{READY}...` and `{SETUP}...` in {} s. Its log:\n{}",
            limit.as_secs(),
            process::read(log)
        )
    }

    fn read_greeting(&mut self, lines: &Receiver<String>, limit: Duration) -> bool {
        let started = Instant::now();
        while self.url.is_empty() || self.setup_link.is_empty() {
            let Ok(line) = lines.recv_timeout(limit.saturating_sub(started.elapsed())) else {
                return false;
            };
            if let Some(url) = after(&line, READY) {
                self.url = url;
            } else if let Some(link) = after(&line, SETUP) {
                self.setup_link = link;
            }
        }
        true
    }

    /// Asks it to stop, as an operator would, and insists that it does.
    pub(super) fn stop(mut self) -> Result<()> {
        process::signal(&self.child, "TERM");
        match wait::for_end(&mut self.child, TO_STOP)? {
            Some(status) if status.success() => Ok(()),
            Some(status) => bail!("asked to stop, the server ended with {status}"),
            None => bail!("asked to stop, the server still ran {} s later", TO_STOP.as_secs()),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The first word after `words`, wherever they stand in the line.
fn after(line: &str, words: &str) -> Option<String> {
    let (_, rest) = line.split_once(words)?;
    rest.split_whitespace().next().map(str::to_owned)
}

/// Hands on the server's lines and keeps them in its log, for as long as it speaks.
fn follow(stdout: ChildStdout, mut log: File) -> Receiver<String> {
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            // Nobody listens after the greeting, and a log that cannot be written is no reason to block the server.
            let _ = writeln!(log, "{line}");
            let _ = tell.send(line);
        }
    });
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fake(script: &str) -> Result<Server> {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        Server::started(&mut command, &folder.path().join("log"), Duration::from_secs(5))
    }

    #[test]
    fn the_greeting_is_read_in_any_order() {
        let server = fake(
            "trap 'exit 0' TERM
             echo 'Create the administrator: http://127.0.0.1:9/setup#token=abc'
             echo 'Mainstay is ready at http://127.0.0.1:9'
             while :; do sleep 0.1; done",
        )
        .unwrap();
        assert_eq!(server.url, "http://127.0.0.1:9");
        assert_eq!(server.setup_link, "http://127.0.0.1:9/setup#token=abc");
        server.stop().unwrap();
    }

    #[test]
    fn a_server_that_dies_is_reported_with_its_log() {
        let error = fake("echo cannot open the database >&2; exit 1").err().unwrap().to_string();
        assert!(error.ends_with("Its log:\ncannot open the database\n"), "{error}");
    }

    #[test]
    fn a_server_that_fails_while_stopping_is_a_failure() {
        let server = fake(
            "trap 'exit 3' TERM
             echo 'Mainstay is ready at http://127.0.0.1:9'; echo 'Create the administrator: x'
             while :; do sleep 0.1; done",
        )
        .unwrap();
        assert_eq!(
            server.stop().unwrap_err().to_string(),
            "asked to stop, the server ended with exit status: 3"
        );
    }
}
