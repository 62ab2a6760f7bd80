//! The steps that cargo carries out.
//!
//! `build` and `rust-tests` name the same targets with the same features, so that cargo compiles everything once.

use std::fs;

use anyhow::{Context as _, Result};

use super::counts;
use super::{Context, Outcome, Suite, steps};
use crate::process;

pub(super) fn fmt(context: &mut Context<'_>) -> Result<Outcome> {
    let mut command = context.at_root("cargo", &["fmt", "--all", "--check", "--", "--color=never"]);
    context.check("fmt", &mut command)
}

pub(super) fn clippy(context: &mut Context<'_>) -> Result<Outcome> {
    let arguments = ["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"];
    context.check("clippy", &mut context.at_root("cargo", &arguments))
}

pub(super) fn build(context: &mut Context<'_>) -> Result<Outcome> {
    let arguments = ["build", "--workspace", "--bins", "--tests", "--locked"];
    context.prepare("build", &mut context.at_root("cargo", &arguments))
}

pub(super) fn tests(context: &mut Context<'_>) -> Result<Outcome> {
    if process::find("cargo-nextest").is_some() { nextest(context) } else { cargo_test(context) }
}

pub(super) fn deny(context: &mut Context<'_>) -> Result<Outcome> {
    if process::find("cargo-deny").is_none() {
        return Ok(Outcome::Skipped("not installed (cargo install cargo-deny)".into()));
    }
    // Advisories change without a change here: CI's schedule looks at them, not every run.
    let arguments = ["deny", "--locked", "--log-level", "error", "check", "bans", "licenses", "sources"];
    context.check("deny", &mut context.at_root("cargo", &arguments))
}

fn nextest(context: &mut Context<'_>) -> Result<Outcome> {
    // Nextest keeps its results here even when cargo builds elsewhere.
    let junit = context.repo.root.join("target/nextest/default/junit.xml");
    if junit.exists() {
        fs::remove_file(&junit).context("the last run's JUnit file cannot be removed")?;
    }
    let arguments =
        ["nextest", "run", "--workspace", "--bins", "--lib", "--tests", "--locked", "--no-fail-fast"];
    let mut command = context.at_root("cargo", &arguments);
    steps::running(context)?.export(&mut command);
    let finished = context.run("rust-tests", &mut command)?;
    let tally = counts::junit(&process::read(&junit));
    Ok(Outcome::Tested(Suite::new(tally, finished)?))
}

fn cargo_test(context: &mut Context<'_>) -> Result<Outcome> {
    let arguments = ["test", "--workspace", "--bins", "--lib", "--tests", "--locked", "--no-fail-fast"];
    let mut command = context.at_root("cargo", &arguments);
    steps::running(context)?.export(&mut command);
    let finished = context.run("rust-tests", &mut command)?;
    let tally = counts::cargo_test(&finished.output);
    Ok(Outcome::Tested(Suite::new(tally, finished)?))
}
