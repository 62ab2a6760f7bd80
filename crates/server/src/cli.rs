//! The command line.

pub mod edge;
pub mod rollout;
pub mod transfer;

use std::net::SocketAddr;
use std::path::PathBuf;

use audit::PublicKey;
use chrono::TimeDelta;
use clap::{Args, Parser, Subcommand};
use foundation::config::Period;
use foundation::{MOMENT_FORM, Timestamp, Uuid, parse_moment};

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
    /// Stand in front of applications: share visitors out between two releases, and go back when the new one does worse.
    Edge(edge::Edge),
    /// Let a new release take the place of the old one, step by step, with a way back.
    #[command(subcommand)]
    Rollout(rollout::Rollout),
    /// Look after the database.
    #[command(subcommand)]
    Db(Db),
    /// Write, check or describe the configuration.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Look after administrators.
    #[command(subcommand)]
    Admin(Admin),
    /// Look after the keys that sign access tokens and seal secrets.
    #[command(subcommand)]
    Keys(Keys),
    /// Look after users: whatever an administrator can do, without a browser.
    #[command(subcommand)]
    Users(Users),
    /// Let changes wait while the installation is worked on; everything can be read meanwhile.
    #[command(subcommand)]
    Maintenance(Maintenance),
    /// Read the audit log, and prove that it is what was written.
    #[command(subcommand)]
    Audit(Audit),
    /// Move a SQLite database, of this application or of any other, to PostgreSQL.
    #[command(subcommand)]
    Transfer(transfer::Transfer),
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

/// Commands about keys.
#[derive(Debug, Subcommand)]
pub enum Keys {
    /// List all keys, what they are for, and when they retire.
    List {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Make a new key, which is used from now on. The old one goes on verifying for `accounts.key_overlap`; nobody is
    /// signed out, and what the old one seals is sealed anew in the background.
    Rotate {
        /// Which kind; both when not said.
        #[arg(value_enum)]
        purpose: Option<KeyPurpose>,
    },
    /// End a key that is not in use any more, before its time: when it has leaked.
    Retire {
        /// Its id, from `mainstay keys list`.
        #[arg(value_parser = key_id)]
        id: Uuid,
    },
}

fn key_id(text: &str) -> Result<Uuid, &'static str> {
    text.parse().map_err(|_| "this is no key id; see: mainstay keys list")
}

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum KeyPurpose {
    /// Signs access tokens.
    Signing,
    /// Seals secrets at rest.
    Sealing,
}

/// Commands about users. A user is named by address, name or id.
#[derive(Debug, Subcommand)]
pub enum Users {
    /// List users, newest first.
    List {
        /// Only those whose address or name contains this.
        #[arg(default_value = "")]
        search: String,
        /// How many.
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..=10_000))]
        limit: u64,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Show a user and what happened to their account lately.
    Show {
        /// Whom.
        user: String,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Refuse a user everywhere, at once.
    Disable {
        /// Whom.
        user: String,
    },
    /// Let a disabled user in again.
    Enable {
        /// Whom.
        user: String,
    },
    /// End all sessions of a user.
    EndSessions {
        /// Whose.
        user: String,
    },
    /// Revoke all access tokens of a user.
    RevokeTokens {
        /// Whose.
        user: String,
    },
    /// Mail a user a link that sets their password anew. The server sends it.
    StartReset {
        /// Whom.
        user: String,
    },
    /// Mail a user who lost their second factor a link that, with their password, removes it. The server sends it.
    StartRecovery {
        /// Whom.
        user: String,
    },
    /// Give an account another address, for an owner who has lost it to somebody else. Signs out everywhere.
    SetEmail {
        /// Whose.
        user: String,
        /// Which.
        address: String,
    },
    /// Give a user another role.
    Role {
        /// Whom.
        user: String,
        /// Which.
        #[arg(value_enum)]
        role: UserRole,
    },
}

/// Commands about maintenance.
#[derive(Debug, Subcommand)]
pub enum Maintenance {
    /// Begin it, or say anew until when and why. Running servers follow within a second.
    On {
        /// What to tell people; may have the HTML elements b, i, em, strong and code.
        #[arg(long, value_name = "TEXT")]
        message: Option<String>,
        /// Until when, presumably: in `30m` or `2h`, or at a moment within a year, `2026-11-22T12:00:00Z`.
        #[arg(long, value_name = "TIME", value_parser = until)]
        until: Option<Until>,
    },
    /// End it.
    Off,
    /// Say whether there is any.
    Status,
}

/// Commands about the audit log.
#[derive(Debug, Subcommand)]
pub enum Audit {
    /// Show what happened last, the newest at the end.
    Tail(AuditTail),
    /// Write the audit log as lines of JSON that can be verified anywhere, without this installation.
    Export {
        /// The file to write; standard output without it.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// Only what happened since this day or moment, and a little before: `2026-11-22` or `2026-11-22T12:00:00Z`.
        #[arg(long, value_name = "TIME", value_parser = moment)]
        since: Option<Timestamp>,
    },
    /// Find everything in the audit log that is not as it was written: entries that were changed, put in, taken out or
    /// moved. Ends with 0 when it is whole, with 3 when it is not, with another number when that could not be found
    /// out.
    Verify(AuditVerify),
    /// Print the public key that verifies exports and checkpoints. It is no secret.
    Key,
}

/// What of the audit log to show.
#[derive(Debug, Args)]
pub struct AuditTail {
    /// How many entries.
    #[arg(long, short = 'n', default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=1000))]
    pub limit: u64,
    /// Go on with what happens, until Ctrl-C.
    #[arg(long, short)]
    pub follow: bool,
    /// Only what this user did, or what was done to them.
    #[arg(long, value_name = "USER")]
    pub person: Option<String>,
    /// Only this action; may be given several times.
    #[arg(long, value_name = "ACTION")]
    pub action: Vec<String>,
    /// Print JSON, one entry a line.
    #[arg(long)]
    pub json: bool,
}

/// What to verify, and by what.
#[derive(Debug, Args)]
pub struct AuditVerify {
    /// An export, instead of the database; needs nothing else but a key.
    #[arg(long, value_name = "FILE")]
    pub export: Option<PathBuf>,
    /// The public key of the installation (`mainstay audit key`), instead of the keys in its data folder. It judges
    /// from one checkpoint to the next, not each entry by itself.
    #[arg(long, value_name = "KEY", value_parser = public_key)]
    pub public_key: Option<PublicKey>,
    /// A file of checkpoints that was kept elsewhere; may be given several times. The one in the data folder is
    /// always looked at.
    #[arg(long, value_name = "FILE")]
    pub checkpoints: Vec<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

fn public_key(text: &str) -> Result<PublicKey, &'static str> {
    PublicKey::parse(text)
}

/// Until when something goes on.
#[derive(Debug, Clone, Copy)]
pub enum Until {
    /// For so long from now on.
    In(Period),
    /// Until this moment.
    At(Timestamp),
}

impl Until {
    /// The moment; none if it is further away than one can say.
    pub fn moment(self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::At(moment) => Some(moment),
            Self::In(period) => now.checked_add_signed(TimeDelta::from_std(period.into()).ok()?),
        }
    }
}

fn until(text: &str) -> Result<Until, String> {
    let at = parse_moment(text)
        .map(Until::At)
        .ok_or_else(|| format!("write 30m or 2h, or a moment {MOMENT_FORM}"));
    text.parse().map(Until::In).or(at)
}

fn moment(text: &str) -> Result<Timestamp, String> {
    parse_moment(text).ok_or_else(|| format!("write it {MOMENT_FORM}"))
}

/// What a user may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum UserRole {
    /// Uses the applications.
    User,
    /// Also writes courses.
    Instructor,
    /// Also runs the installation.
    Admin,
}
