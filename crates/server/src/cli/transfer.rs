//! The command line of `mainstay transfer`.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use foundation::SecretString;

/// Commands that move a database.
#[derive(Debug, Subcommand)]
pub enum Transfer {
    /// Look at every cell of a SQLite database, and say what would become of it in PostgreSQL.
    Plan(TransferPlan),
    /// Move a SQLite database into PostgreSQL. The file is only read.
    Run(TransferRun),
    /// Go on with a move that was cut off. Nothing arrives twice.
    Resume(TransferResume),
    /// Compare every cell of a SQLite database with what was made of it. Ends with 0 when all are equal, or not by a
    /// rule that explains it; with 3 when something is different; with another number when that could not be found
    /// out.
    Verify(TransferVerify),
}

/// What to look at.
#[derive(Debug, Args)]
pub struct TransferPlan {
    /// The SQLite database.
    #[arg(value_name = "FILE")]
    pub source: PathBuf,
    /// Write the plan to this file, to edit it: `mainstay transfer run --plan` takes it.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// A plan that was written before, and edited: what would come of it?
    #[arg(long, value_name = "FILE")]
    pub plan: Option<PathBuf>,
    /// Print the SQL that would be run in PostgreSQL.
    #[arg(long)]
    pub sql: bool,
    /// The schema in PostgreSQL that it would go into.
    #[arg(long, default_value = "public")]
    pub schema: String,
}

/// From where to where.
#[derive(Debug, Args)]
pub struct Ends {
    /// The SQLite database.
    #[arg(value_name = "FILE")]
    pub source: PathBuf,
    /// The PostgreSQL database, `postgres://user@host:5432/name`. A password is better given by `PGPASSWORD` or
    /// `~/.pgpass`: others on this machine can see command lines.
    #[arg(value_name = "URL", env = "DATABASE_URL", hide_env_values = true)]
    pub target: SecretString,
    /// The schema in PostgreSQL.
    #[arg(long, default_value = "public")]
    pub schema: String,
    /// How many work at the same time, each with a connection of its own.
    #[arg(long, value_name = "NUMBER", default_value = "2")]
    pub jobs: NonZeroUsize,
}

/// What to move, and how.
#[derive(Debug, Args)]
pub struct TransferRun {
    /// From where to where.
    #[command(flatten)]
    pub ends: Ends,
    /// What becomes of it, from `mainstay transfer plan --out`. Without one, every column gets the narrowest type in
    /// which no cell is lost.
    #[arg(long, value_name = "FILE")]
    pub plan: Option<PathBuf>,
    /// What to do with what the schema has already.
    #[arg(long, value_enum, default_value_t)]
    pub existing: ExistingTables,
    /// Compare every cell afterwards.
    #[arg(long)]
    pub verify: bool,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// What to go on with.
#[derive(Debug, Args)]
pub struct TransferResume {
    /// From where to where.
    #[command(flatten)]
    pub ends: Ends,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// What to compare.
#[derive(Debug, Args)]
pub struct TransferVerify {
    /// From where to where.
    #[command(flatten)]
    pub ends: Ends,
    /// The plan that it was moved by; the one that was noted in PostgreSQL, if none is given.
    #[arg(long, value_name = "FILE")]
    pub plan: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
    /// Write the report as a page, too.
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
}

/// What to do with what a schema has already.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum ExistingTables {
    /// Refuse to move anything into it.
    #[default]
    Refuse,
    /// Leave it, unless it has the name of something that comes.
    Keep,
    /// Drop what has the name of something that comes, with all that is in it.
    Drop,
}
