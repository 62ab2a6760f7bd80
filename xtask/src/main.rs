//! The project's own tool: `cargo xtask test`, `tidy`, `generate`, `asvs`, `sbom` and `with-services`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool speaks on both")]

mod asvs;
mod generate;
mod process;
mod progress;
mod repo;
mod sbom;
mod services;
mod test;
mod tidy;
mod tools;
mod wait;

use std::process::ExitCode;

use anyhow::Result;
use clap::builder::PossibleValuesParser;
use clap::{Parser, Subcommand};

use crate::repo::Repo;

/// What a developer of Mainstay does, one command each.
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Run every check and every test, and show where the time went.
    Test {
        /// Run only these steps, and what they need.
        #[arg(long, value_delimiter = ',', value_name = "STEP", value_parser = PossibleValuesParser::new(test::step_names()))]
        only: Vec<String>,
    },
    /// Check the house rules that the compiler does not know.
    Tidy {
        /// Write the generated files first.
        #[arg(long, conflicts_with = "quick")]
        fix: bool,
        /// Leave out the generated files, which need the server built.
        #[arg(long)]
        quick: bool,
    },
    /// Write every generated file: API description, its TypeScript, configuration, CLI reference.
    Generate,
    /// Write the table of what proves which requirement of OWASP ASVS, from the markers in tests, documents and rules.
    Asvs {
        /// Write nothing: fail when the table is not up to date.
        #[arg(long)]
        check: bool,
    },
    /// Write a bill of materials (CycloneDX) of all that is in the program, into the build folder.
    Sbom,
    /// Run a command beside a throw-away PostgreSQL and Redis.
    WithServices {
        /// The command, after `--`. It finds both in `MAINSTAY_TEST_POSTGRES_URL` and `MAINSTAY_TEST_REDIS_URL`.
        #[arg(last = true, required = true, value_name = "CMD")]
        command: Vec<String>,
    },
}

fn main() -> ExitCode {
    task().unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

fn task() -> Result<ExitCode> {
    match Arguments::parse().task {
        Task::Test { only } => test::run(&Repo::find()?, &only),
        Task::Tidy { fix, quick } => tidy::run(&Repo::find()?, fix, quick),
        Task::Generate => generate::run(&Repo::find()?),
        Task::Asvs { check } => asvs::run(&Repo::find()?, check),
        Task::Sbom => sbom::run(&Repo::find()?),
        Task::WithServices { command } => services::run_beside(&command),
    }
}
