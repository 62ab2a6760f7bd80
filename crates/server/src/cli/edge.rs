//! The command line of the street gate.

use clap::Args;
use edge::Address;

/// What to stand in front of. Without `--blue`, the applications of the configuration.
#[derive(Debug, Args)]
pub struct Edge {
    /// Where the release listens that is in use, for example `127.0.0.1:5000`; may be given several times. For trying it
    /// out: one application, at every host.
    #[arg(long, value_name = "ADDR")]
    pub blue: Vec<Address>,
    /// Where the other release listens, or will.
    #[arg(long, value_name = "ADDR", requires = "blue")]
    pub green: Vec<Address>,
}
