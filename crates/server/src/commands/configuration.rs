//! `mainstay config ...`.

use foundation::config::{default_file, schema};

use super::answer;
use crate::Config;
use crate::cli::{Cli, ConfigCommand};

pub(super) fn run(command: &ConfigCommand, cli: &Cli) -> anyhow::Result<()> {
    match command {
        ConfigCommand::Default => answer(default_file::<Config>().trim_end())?,
        ConfigCommand::Schema => answer(serde_json::to_string_pretty(&schema::<Config>())?)?,
        ConfigCommand::Check => {
            let config = Config::load(cli.config.as_ref(), &cli.overrides)?;
            let mode = if config.is_production() { "production" } else { "development" };
            answer(format_args!("The configuration is valid: {mode}, {}.", config.location()?.name()))?;
        }
    }
    Ok(())
}
