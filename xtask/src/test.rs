//! `cargo xtask test`: every step in order, each timed, all failures in one run.

mod browser;
mod counts;
mod report;
mod rust;
mod server;
mod steps;
mod web;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::Result;

use self::counts::Tally;
use self::steps::{STEPS, Step};
use crate::process::{self, Finished};
use crate::progress::Progress;
use crate::repo::Repo;
use crate::services::Services;

/// What the steps share.
struct Context<'a> {
    repo: &'a Repo,
    logs: PathBuf,
    progress: Progress,
    services: Option<Services>,
}

/// How a step ended, when it could be carried out.
enum Outcome {
    /// It prepared something for others.
    Ready,
    /// A check found nothing wrong; it may still have something to say.
    Passed(String),
    Tested(Suite),
    Skipped(String),
}

/// A test runner's counts, and all it said.
struct Suite {
    tally: Tally,
    output: String,
}

/// A line of the final table.
struct Ran {
    name: &'static str,
    took: Duration,
    tally: Tally,
}

pub(crate) fn step_names() -> impl Iterator<Item = &'static str> {
    STEPS.iter().map(|step| step.name)
}

pub(crate) fn run(repo: &Repo, only: &[String]) -> Result<ExitCode> {
    let logs = repo.target.join("xtask/logs");
    fs::create_dir_all(&logs)?;
    let mut context = Context { repo, logs, progress: Progress::piped("test"), services: None };
    let mut ran = Vec::new();
    let mut broken = Vec::new();
    for step in steps::selected(only) {
        if let Some(needed) = step.after.iter().find(|needed| broken.contains(*needed)) {
            println!("- {} not tried: {needed} failed", step.name);
            broken.push(step.name);
            continue;
        }
        if let Some(line) = carry_out(step, &mut context) {
            if line.tally.failed > 0 {
                broken.push(step.name);
            }
            ran.push(line);
        }
    }
    drop(context);
    println!("{}", report::summary(&ran));
    Ok(if broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Runs one step and tells how it went; `None` when it was skipped.
fn carry_out(step: &'static Step, context: &mut Context<'_>) -> Option<Ran> {
    context.progress = Progress::begin(step.name);
    let outcome = (step.run)(context);
    let end = |mark, note: &str| context.progress.end(mark, note);
    let (took, tally, output) = match outcome {
        Ok(Outcome::Ready) => (end('✓', ""), Tally::NOTHING, String::new()),
        Ok(Outcome::Passed(remarks)) => (end('✓', ""), Tally::PASSED, remarks),
        Ok(Outcome::Tested(Suite { tally, output })) if tally.failed > 0 => {
            (end('✗', &tally.to_string()), tally, output)
        }
        Ok(Outcome::Tested(Suite { tally, .. })) => (end('✓', &tally.to_string()), tally, String::new()),
        Ok(Outcome::Skipped(why)) => {
            end('-', &format!("skipped: {why}"));
            return None;
        }
        Err(error) => (end('✗', ""), Tally::FAILED, format!("{error:#}")),
    };
    if !output.is_empty() {
        println!("\n{}\n", report::readable(&output));
    }
    Some(Ran { name: step.name, took, tally })
}

impl Context<'_> {
    /// Runs a command with its output in a log named after the step.
    fn run(&mut self, name: &str, command: &mut Command) -> Result<Finished> {
        process::run(command, &self.logs.join(name).with_extension("log"), &mut self.progress)
    }

    /// A command that prepares something.
    fn prepare(&mut self, name: &str, command: &mut Command) -> Result<Outcome> {
        self.run(name, command)?.succeeded()?;
        Ok(Outcome::Ready)
    }

    /// A command that is one check: its failure counts, and so does its success.
    fn check(&mut self, name: &str, command: &mut Command) -> Result<Outcome> {
        self.run(name, command)?.succeeded()?;
        Ok(Outcome::Passed(String::new()))
    }

    /// A clean command in the repository's root.
    fn at_root(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = process::clean(program);
        command.current_dir(&self.repo.root).args(arguments);
        command
    }

    /// A clean command in `web/`.
    fn in_web(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = process::clean(program);
        command.current_dir(self.repo.web()).args(arguments);
        command
    }
}
