//! `mainstay config ...`.

use foundation::config::{default_file, schema};

use crate::Config;
use crate::cli::{Cli, ConfigCommand};

#[expect(clippy::print_stdout, reason = "commands answer on standard output")]
pub(super) fn run(command: &ConfigCommand, cli: &Cli) -> anyhow::Result<()> {
    match command {
        ConfigCommand::Default => print!("{}", default_file::<Config>()),
        ConfigCommand::Schema => println!("{}", serde_json::to_string_pretty(&schema::<Config>())?),
        ConfigCommand::Check => {
            let config = Config::load(cli.config.as_ref(), &cli.overrides)?;
            let mode = if config.is_production() { "production" } else { "development" };
            println!("The configuration is valid: {mode}, {}.", config.location()?.name());
        }
    }
    Ok(())
}
