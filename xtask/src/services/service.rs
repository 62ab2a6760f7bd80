//! One server process: started on a free port, waited for, and stopped when dropped.

use std::fs::File;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::{process, wait};

const TO_START: Duration = Duration::from_mins(1);
const TO_STOP: Duration = Duration::from_secs(15);
/// Between choosing a free port and binding it, anybody may take it.
const PORTS_TRIED: usize = 5;
const LINES_SHOWN: usize = 20;

pub(crate) struct Service {
    child: Child,
    pub(crate) port: u16,
}

pub(super) struct Recipe<'a> {
    pub(super) name: &'a str,
    pub(super) log: &'a Path,
    /// What the server's log says once it answers.
    pub(super) ready: &'a str,
    pub(super) command: &'a dyn Fn(u16) -> Command,
}

enum Attempt {
    Started(Service),
    PortTaken,
}

pub(super) fn start(recipe: &Recipe<'_>) -> Result<Service> {
    for _ in 0..PORTS_TRIED {
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        if let Attempt::Started(service) = attempt(recipe, port)? {
            return Ok(service);
        }
    }
    bail!("{} found {PORTS_TRIED} free ports and lost each to somebody else", recipe.name)
}

fn attempt(recipe: &Recipe<'_>, port: u16) -> Result<Attempt> {
    let name = recipe.name;
    let log = File::create(recipe.log).with_context(|| format!("{name}'s log cannot be written"))?;
    let child = (recipe.command)(port)
        .stdout(log.try_clone()?)
        .stderr(log)
        .spawn()
        .with_context(|| format!("{name} could not be started"))?;
    let mut service = Service { child, port };
    let started = wait::until(TO_START, || {
        let ended = service.child.try_wait()?;
        let said = process::read(recipe.log);
        Ok(match ended {
            Some(_) if said.contains("Address already in use") => Some(false),
            Some(status) => bail!("{name} ended with {status}. Its log:\n{}", tail(&said)),
            None => said.contains(recipe.ready).then_some(true),
        })
    })?;
    match started {
        Some(true) => Ok(Attempt::Started(service)),
        Some(false) => Ok(Attempt::PortTaken),
        None => bail!("{name} was not ready in {} s. Its log:\n{}", TO_START.as_secs(), {
            tail(&process::read(recipe.log))
        }),
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        process::signal(&self.child, "INT");
        if !matches!(wait::for_end(&mut self.child, TO_STOP), Ok(Some(_))) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

fn tail(log: &str) -> String {
    let lines: Vec<_> = log.lines().collect();
    lines[lines.len().saturating_sub(LINES_SHOWN)..].join("\n")
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    fn start_script(script: &dyn Fn(usize) -> String) -> (Result<Service>, Vec<u16>) {
        let folder = tempfile::tempdir().unwrap();
        let ports = RefCell::new(Vec::new());
        let command = |port| {
            ports.borrow_mut().push(port);
            let mut command = Command::new("sh");
            command.args(["-c", &script(ports.borrow().len())]);
            command
        };
        let log = folder.path().join("log");
        let started = start(&Recipe { name: "Fake", log: &log, ready: "ready now", command: &command });
        (started, ports.into_inner())
    }

    #[test]
    fn another_port_is_chosen_when_somebody_took_it() {
        let (started, ports) = start_script(&|attempt| match attempt {
            1 => "echo bind: Address already in use; exit 1".into(),
            _ => "echo ready now; exec sleep 60".into(),
        });
        assert_eq!(started.unwrap().port, ports[1]);
        assert_eq!(ports.len(), 2);
    }

    #[test]
    fn a_server_that_ends_is_reported_with_its_log() {
        let (started, _) = start_script(&|_| "echo no space left; exit 7".into());
        let error = started.err().unwrap().to_string();
        assert_eq!(error, "Fake ended with exit status: 7. Its log:\nno space left");
    }
}
