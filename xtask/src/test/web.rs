//! The steps that npm carries out, in `web/`.

use anyhow::Result;

use super::counts;
use super::{Context, Outcome, Suite};
use crate::process;

/// The Makefile knows when an install or a build is still fresh, and `make run` must agree.
pub(super) fn install(context: &mut Context<'_>) -> Result<Outcome> {
    context.prepare("web-install", &mut context.at_root("make", &["--silent", "web-install"]))
}

pub(super) fn build(context: &mut Context<'_>) -> Result<Outcome> {
    context.prepare("web-build", &mut context.at_root("make", &["--silent", "web-build"]))
}

pub(super) fn typecheck(context: &mut Context<'_>) -> Result<Outcome> {
    context.check("typecheck", &mut context.in_web("npm", &["run", "--silent", "typecheck"]))
}

pub(super) fn lint(context: &mut Context<'_>) -> Result<Outcome> {
    context.check("lint", &mut context.in_web("npm", &["run", "--silent", "lint"]))
}

pub(super) fn tests(context: &mut Context<'_>) -> Result<Outcome> {
    // Vitest writes the file only at its end: a file of an earlier run must not be read instead.
    let folder = tempfile::tempdir()?;
    let results = folder.path().join("vitest.json");
    let mut command = context.in_web("npm", &["run", "--silent", "test", "--", "--reporter=default"]);
    command.arg("--reporter=json").arg(format!("--outputFile.json={}", results.display()));
    let finished = context.run("web-tests", &mut command)?;
    Ok(Outcome::Tested(Suite::new(counts::vitest(&process::read(&results)), finished)?))
}
