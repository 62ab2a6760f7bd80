//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// A self-hosted backend for web applications that hold accounts and value.
///
/// Without a command, `mainstay` serves.
#[derive(Debug, Parser)]
#[command(name = "mainstay", version, disable_help_subcommand = true)]
pub struct Cli {
    /// The configuration file; `mainstay.toml` in this folder, if there is one.
    #[arg(long, global = true, value_name = "FILE", env = "MAINSTAY_CONFIG")]
    pub config: Option<PathBuf>,

    /// What the command line says about settings.
    #[command(flatten)]
    pub overrides: Overrides,

    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What the command line may say about settings; it wins over the environment and the file.
#[derive(Debug, Clone, Default, Args)]
pub struct Overrides {
    /// Where to listen, for example `127.0.0.1:8080`; port 0 picks a free one.
    #[arg(long, global = true, value_name = "ADDR")]
    pub listen: Option<SocketAddr>,

    /// The folder for the database, the secrets and everything else that must outlive a restart.
    #[arg(long, global = true, value_name = "DIR")]
    pub data: Option<PathBuf>,
}

/// What `mainstay` can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the application until told to stop.
    Serve,
    /// Look after the database.
    #[command(subcommand)]
    Db(Db),
    /// Write, check or describe the configuration.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Look after administrators.
    #[command(subcommand)]
    Admin(Admin),
    /// Print the API's OpenAPI document.
    Openapi,
    /// Print this reference as Markdown.
    CliReference,
}

/// Commands about the database.
#[derive(Debug, Subcommand)]
pub enum Db {
    /// Apply every migration that is pending. `serve` does so at its start, too.
    Migrate,
    /// Take the newest migrations back, with the data that only they can hold.
    Rollback {
        /// How many.
        #[arg(long, default_value_t = 1)]
        steps: u32,
    },
    /// List all migrations and whether the database has them.
    Status {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Create sample users, for development. Refused in production.
    Seed {
        /// How many users.
        #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
        users: u32,
    },
}

/// Commands about the configuration.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Print a configuration file with every setting, its meaning and its default.
    Default,
    /// Check file and environment, and report every mistake at once.
    Check,
    /// Print the JSON Schema of the configuration file.
    Schema,
}

/// Commands about administrators.
#[derive(Debug, Subcommand)]
pub enum Admin {
    /// Print a fresh link that creates the first administrator; the one before stops working.
    SetupLink,
}
