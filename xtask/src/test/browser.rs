//! The browser tests, against a server that has just been set up: all on SQLite, and on PostgreSQL those of what people
//! do. How a page looks has nothing to do with the database.

use std::path::Path;

use anyhow::{Context as _, Result, anyhow};

use super::counts;
use super::server::Server;
use super::{Context, Outcome, Suite, steps};
use crate::process;

pub(super) fn on_sqlite(context: &mut Context<'_>) -> Result<Outcome> {
    let wanted = Wanted { name: "browser-sqlite", projects: &["flows", "appearance"] };
    with_server(context, &wanted, None)
}

pub(super) fn on_postgres(context: &mut Context<'_>) -> Result<Outcome> {
    let database = steps::running(context)?.create_database("browser")?;
    with_server(context, &Wanted { name: "browser-postgres", projects: &["flows"] }, Some(&database))
}

/// What a run is called, and which projects of `web/playwright.config.ts` it consists of.
struct Wanted {
    name: &'static str,
    projects: &'static [&'static str],
}

fn with_server(context: &mut Context<'_>, wanted: &Wanted, database: Option<&str>) -> Result<Outcome> {
    let data = tempfile::tempdir().context("no folder can be made for the server's data")?;
    let log = context.logs.join(format!("{}-server.log", wanted.name));
    let server = Server::start(&context.repo.mainstay(), data.path(), database, &log)?;
    let tested = playwright(context, wanted, &server, data.path());
    let stopped = server.stop();
    let mut suite = tested.map_err(|error| anyhow!("{}", with_log(&format!("{error:#}"), &log)))?;
    if let Err(error) = stopped {
        suite.tally.failed += 1;
        suite.output = format!("{}\n{error:#}", suite.output);
    }
    suite.output = with_log(&suite.output, &log);
    Ok(Outcome::Tested(suite))
}

fn with_log(output: &str, log: &Path) -> String {
    format!("{}\n\n--- the server's own log ---\n{}", output.trim_end(), process::read(log))
}

fn playwright(context: &mut Context<'_>, wanted: &Wanted, server: &Server, data: &Path) -> Result<Suite> {
    let folder = tempfile::tempdir()?;
    let results = folder.path().join("playwright.json");
    let arguments = ["--no-install", "playwright", "test", "--reporter=list,json"];
    let mut command = context.in_web("npx", &arguments);
    command
        .args(wanted.projects.iter().map(|project| format!("--project={project}")))
        .env("PLAYWRIGHT_JSON_OUTPUT_FILE", &results)
        .env("MAINSTAY_URL", &server.url)
        .env("MAINSTAY_SETUP_LINK", &server.setup_link)
        // So that a gate can be opened beside the server.
        .env("MAINSTAY_PROGRAM", context.repo.mainstay())
        .env("MAINSTAY_DATA", data);
    let finished = context.run(wanted.name, &mut command)?;
    Suite::new(counts::playwright(&process::read(&results)), finished)
}
