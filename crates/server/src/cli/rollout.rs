//! The command line of rollouts.

use clap::{Args, Subcommand, ValueEnum};
use foundation::config::Period;

use super::edge::Which;

/// Commands about rollouts.
#[derive(Debug, Subcommand)]
pub enum Rollout {
    /// Send a growing share of the visitors to the new release, as long as it keeps its bounds. It goes back by itself.
    Start(Start),
    /// Show how a rollout stands: on a terminal, until it is over.
    Status {
        /// Which application.
        #[command(flatten)]
        of: Which,
        /// Print JSON, once.
        #[arg(long)]
        json: bool,
    },
    /// Go to the next step now, proven or not.
    Promote(Which),
    /// Stay at this step. The release is still watched, and taken back if it does worse than it may.
    Pause(Which),
    /// Go on after a pause.
    Resume(Which),
    /// End it: everybody gets the old release.
    Abort(Which),
    /// Return to the old release after the end, while it is kept: at once.
    Back(Which),
    /// Show what was decided, and by what evidence.
    History {
        /// Only of this application.
        #[command(flatten)]
        of: Which,
        /// Print JSON, one record a line.
        #[arg(long)]
        json: bool,
    },
}

/// How to roll out.
#[derive(Debug, Args)]
pub struct Start {
    /// Which application.
    #[command(flatten)]
    pub of: Which,
    /// Where the new release runs; the slot that is not in use, unless it is said.
    #[arg(long, value_enum)]
    pub to: Option<Slot>,
    /// The shares of the visitors, in percent.
    #[arg(long, value_name = "LIST", default_value = "10,50,100")]
    pub steps: String,
    /// How long each share is held at the least before the next; one more is for how long it is watched at 100 %.
    /// Ten minutes each, and 15 at 100 %, unless it is said.
    #[arg(long, value_name = "LIST")]
    pub hold: Option<String>,
    /// Wait for `mainstay rollout promote` before each step.
    #[arg(long)]
    pub manual: bool,
    /// For how long the new release must answer its health checks before anybody is sent there.
    #[arg(long, value_name = "PERIOD")]
    pub check: Option<Period>,
    /// For how long the old release is kept after the end, to return to.
    #[arg(long, value_name = "PERIOD")]
    pub warm: Option<Period>,
    /// Come back at once, instead of showing how it goes until it is over, as on a terminal. Whoever watches to the end is
    /// told by the exit status whether the new release has taken over.
    #[arg(long)]
    pub detach: bool,
}

/// A place in which a release runs.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Slot {
    /// The one.
    Blue,
    /// The other.
    Green,
}

impl From<Slot> for edge::rollout::Slot {
    fn from(slot: Slot) -> Self {
        match slot {
            Slot::Blue => Self::Blue,
            Slot::Green => Self::Green,
        }
    }
}
