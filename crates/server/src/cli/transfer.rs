//! The command line of `mainstay transfer`.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use foundation::SecretString;
use foundation::config::Period;

/// Commands that move a database.
#[derive(Debug, Subcommand)]
pub enum Transfer {
    /// Look at every cell of a SQLite database, and say what would become of it in PostgreSQL.
    Plan(TransferPlan),
    /// Move a SQLite database into PostgreSQL. The file is only read. The other way round, `run postgres://… FILE` makes
    /// a SQLite database of what is in PostgreSQL, to work on.
    Run(TransferRun),
    /// Go on with a move that was cut off. Nothing arrives twice.
    Resume(TransferResume),
    /// Compare every cell of a SQLite database with what was made of it. Ends with 0 when all are equal, or not by a
    /// rule that explains it; with 3 when something is different; with another number when that could not be found
    /// out.
    Verify(TransferVerify),
    /// Move a SQLite database while programs go on writing to it, and follow what they write until Ctrl-C. Run it again
    /// to go on. After the cutover it follows PostgreSQL, and keeps the file ready for the way back.
    Follow(TransferFollow),
    /// Let the application go on with PostgreSQL: close the SQLite database, take the rest, and switch over. Whatever
    /// fails, or takes too long, is taken back.
    Cutover(TransferTurn),
    /// Let the application go back to SQLite, with everything that was written to PostgreSQL since.
    Rollback(TransferTurn),
    /// Say who is the master, and how far behind the other is.
    Status(TransferStatus),
    /// Stop following for good: take out of both databases what following has put into them. Rows stay where they are.
    Stop(TransferStatus),
    /// Copy a SQLite database while it is used: the copy is what it was at one moment.
    Backup {
        /// The SQLite database.
        #[arg(value_name = "FILE")]
        source: PathBuf,
        /// Where to; nothing may be there yet.
        #[arg(value_name = "COPY")]
        copy: PathBuf,
    },
}

/// What to follow.
#[derive(Debug, Args)]
pub struct TransferFollow {
    /// From where to where.
    #[command(flatten)]
    pub ends: Ends,
    /// Where the copy goes that is moved first; it stays, as a backup. Beside the database, if nothing is said.
    #[arg(long, value_name = "FILE")]
    pub copy: Option<PathBuf>,
    /// What becomes of it, from `mainstay transfer plan --out`.
    #[arg(long, value_name = "FILE")]
    pub plan: Option<PathBuf>,
    /// What to do with what the schema has already.
    #[arg(long, value_enum, default_value_t)]
    pub existing: ExistingTables,
    /// End as soon as nothing is left to be taken, instead of waiting for more.
    #[arg(long)]
    pub once: bool,
}

/// How to switch over.
#[derive(Debug, Args)]
pub struct TransferTurn {
    /// From where to where.
    #[command(flatten)]
    pub ends: Ends,
    /// A command that lets the application wait, before writing is closed.
    #[arg(long, value_name = "COMMAND")]
    pub pause: Option<String>,
    /// A command that tells the application where its database is now.
    #[arg(long, value_name = "COMMAND", conflicts_with = "env_file")]
    pub switch: Option<String>,
    /// A file of lines `NAME=value` that tells it so, instead of a command.
    #[arg(long, value_name = "FILE", requires = "env_value")]
    pub env_file: Option<PathBuf>,
    /// The variable in that file.
    #[arg(long, value_name = "NAME", default_value = "DATABASE_URL")]
    pub env_name: String,
    /// The address it gets. It may hold a password: give it by this variable rather than on the command line.
    #[arg(long, value_name = "URL", env = "NEW_DATABASE_URL", hide_env_values = true)]
    pub env_value: Option<SecretString>,
    /// A command that lets the application go on.
    #[arg(long, value_name = "COMMAND")]
    pub resume: Option<String>,
    /// For how long writing may be closed, and how long each command may take, before everything is taken back.
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = limit)]
    pub limit: Period,
    /// What programs are told that still write to where writing is closed.
    #[arg(long, value_name = "TEXT")]
    pub message: Option<String>,
}

/// A limit that something can be done in.
fn limit(said: &str) -> Result<Period, String> {
    let limit: Period = said.parse()?;
    let (shortest, longest) = (Period::SECOND, Period::HOUR);
    limit.within(shortest, longest).map(|()| limit).map_err(|error| error.to_string())
}

/// What to ask about.
#[derive(Debug, Args)]
pub struct TransferStatus {
    /// From where to where.
    #[command(flatten)]
    pub ends: Ends,
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
    /// The PostgreSQL database, `postgres://user@host:5432/name`; `DATABASE_URL`, if nothing is said. A password is better
    /// given by `PGPASSWORD` or `~/.pgpass`: others on this machine can see command lines.
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
