//! The browser tests, against a server that has just been set up: once on SQLite, once on PostgreSQL.

use std::path::Path;

use anyhow::{Context as _, Result, anyhow};

use super::counts;
use super::server::Server;
use super::{Context, Outcome, Suite, steps};
use crate::process;

pub(super) fn on_sqlite(context: &mut Context<'_>) -> Result<Outcome> {
    with_server(context, "browser-sqlite", None)
}

pub(super) fn on_postgres(context: &mut Context<'_>) -> Result<Outcome> {
    let database = steps::running(context)?.create_database("browser")?;
    with_server(context, "browser-postgres", Some(&database))
}

fn with_server(context: &mut Context<'_>, name: &str, database: Option<&str>) -> Result<Outcome> {
    let data = tempfile::tempdir().context("no folder can be made for the server's data")?;
    let log = context.logs.join(format!("{name}-server.log"));
    let server = Server::start(&context.repo.mainstay(), data.path(), database, &log)?;
    let tested = playwright(context, name, &server);
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

fn playwright(context: &mut Context<'_>, name: &str, server: &Server) -> Result<Suite> {
    let folder = tempfile::tempdir()?;
    let results = folder.path().join("playwright.json");
    let arguments = ["--no-install", "playwright", "test", "--reporter=list,json"];
    let mut command = context.in_web("npx", &arguments);
    command
        .env("PLAYWRIGHT_JSON_OUTPUT_FILE", &results)
        .env("MAINSTAY_URL", &server.url)
        .env("MAINSTAY_SETUP_LINK", &server.setup_link);
    let finished = context.run(name, &mut command)?;
    Suite::new(counts::playwright(&process::read(&results)), finished)
}
