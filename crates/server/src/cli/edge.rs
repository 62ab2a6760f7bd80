//! The command line of the street gate.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use edge::Address;
use foundation::config::Period;

use super::Until;

/// What to stand in front of; or what to tell a gate that is open.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Edge {
    /// What to stand in front of. Without it, the applications of the configuration.
    #[command(flatten)]
    pub front: Front,
    /// What to tell a gate that is open.
    #[command(subcommand)]
    pub command: Option<EdgeCommand>,
}

/// One application, at every host: for trying it out.
#[derive(Debug, Args)]
pub struct Front {
    /// Where the release listens that is in use, for example `127.0.0.1:5000`; may be given several times.
    #[arg(long, value_name = "ADDR")]
    pub blue: Vec<Address>,
    /// Where the other release listens, or will.
    #[arg(long, value_name = "ADDR", requires = "blue")]
    pub green: Vec<Address>,
    /// The socket at which another process waits to be relieved; written by `mainstay edge upgrade` alone.
    #[arg(long, hide = true)]
    pub take_over: Option<PathBuf>,
}

/// What a gate that is open can be told.
#[derive(Debug, Subcommand)]
pub enum EdgeCommand {
    /// Show all applications, who answers for them, and how.
    Status {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Let this program, most often a newer version, take the place of the one that runs: no request is lost, rollouts go
    /// on, and WebSocket connections live on in the old process for `edge.upgrade_timeout`.
    Upgrade {
        /// The program; the one that is run now, unless it is said.
        #[arg(long, value_name = "FILE")]
        binary: Option<PathBuf>,
    },
    /// Begin maintenance: people see a page, programs get 503, testers come in.
    Close {
        /// Which application.
        #[command(flatten)]
        of: Which,
        /// What to tell people; may have the HTML elements b, i, em, strong and code.
        #[arg(long, value_name = "TEXT")]
        message: Option<String>,
        /// Until when, presumably: in `30m` or `2h`, or at a moment, `2026-11-22T12:00:00Z`.
        #[arg(long, value_name = "TIME", value_parser = super::until)]
        until: Option<Until>,
    },
    /// Let requests wait at the gate, as while a database changes; they go on when it is opened, or when the time is over.
    Pause {
        /// Which application.
        #[command(flatten)]
        of: Which,
        /// For how long at the most.
        #[arg(long = "for", value_name = "PERIOD", default_value = "30s")]
        limit: Period,
    },
    /// Let requests in again, after a pause or maintenance.
    Open {
        /// Which application.
        #[command(flatten)]
        of: Which,
    },
}

/// Which application.
#[derive(Debug, Clone, Args)]
pub struct Which {
    /// The name of the application; may be left out if there is only one.
    #[arg(long, value_name = "NAME")]
    pub service: Option<String>,
}
