//! The log: to standard error, as text for people or JSON for machines.

use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::{LogConfig, LogFormat};

/// Starts logging.
pub(crate) fn start(config: &LogConfig) {
    let filter: Targets = config.level.parse().expect("the configuration is validated");
    // Of these two only warnings are of interest; what they tell besides is told by `store` and `commands`.
    let filter =
        filter.with_targets(["sqlx", "sea_orm_migration"].map(|quiet| (quiet, tracing::Level::WARN)));
    // Calls an error what any client can send; what became of it is told by `accounts`.
    let filter = filter.with_target("webauthn_rs_core", LevelFilter::OFF);
    let lines = fmt::layer().with_writer(std::io::stderr);
    let lines = match config.format {
        LogFormat::Text => lines.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    // A second start, in a test, keeps the first.
    let _ = tracing_subscriber::registry().with(lines.with_filter(filter)).try_init();
}
