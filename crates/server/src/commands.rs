//! What each command does.

mod admin;
mod audit;
mod configuration;
mod database;
mod edge;
mod history;
mod keys;
mod maintenance;
mod picture;
mod process;
mod progress;
mod rollout;
mod serve;
mod transfer;
mod users;

use std::fmt::Display;
use std::io::{ErrorKind, Write as _};
use std::process::ExitCode;

use anyhow::{Context as _, ensure};
use foundation::config::Mistakes;
use foundation::{Ambient, RootKey};
use store::{Location, Store};

use crate::cli::{self, Cli, Command};
use crate::config::{LogConfig, shown};
use crate::data_folder::ROOT_KEY;
use crate::{AppSecrets, Config, DataFolder, migrations};

/// Runs the command that was asked for.
///
/// # Errors
/// One sentence for the person who typed it.
pub fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    match cli.command {
        Some(Command::Openapi) => answer(crate::app::openapi().to_pretty_json()?)?,
        Some(Command::CliReference) => answer(clap_markdown::help_markdown::<Cli>().trim_end())?,
        Some(Command::Config(ref command)) => configuration::run(command, &cli)?,
        Some(Command::Transfer(command)) => return runtime()?.block_on(transfer::run(command)),
        _ => return runtime()?.block_on(run_with_settings(cli)),
    }
    Ok(ExitCode::SUCCESS)
}

/// Answers on standard output. A reader who has seen enough, as `head` has, is no error.
fn answer(text: impl Display) -> anyhow::Result<()> {
    match writeln!(std::io::stdout().lock(), "{text}") {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(error).context("the answer was not written")
        }
        _ => Ok(()),
    }
}

async fn run_with_settings(cli: Cli) -> anyhow::Result<ExitCode> {
    let config = settings(&cli)?;
    match cli.command {
        None | Some(Command::Serve) => Box::pin(serve::run(config)).await?,
        Some(Command::Edge(command)) => Box::pin(edge::run(config, command)).await?,
        Some(Command::Rollout(command)) => rollout::run(config, command).await?,
        Some(Command::Db(command)) => Box::pin(database::run(config, command)).await?,
        Some(Command::Admin(command)) => admin::run(config, &command).await?,
        Some(Command::Keys(command)) => keys::run(config, &command).await?,
        Some(Command::Users(command)) => users::run(config, &command).await?,
        Some(Command::Maintenance(command)) => Box::pin(maintenance::run(config, command)).await?,
        Some(Command::Audit(command)) => return Box::pin(audit::run(config, command)).await,
        Some(Command::Openapi | Command::CliReference | Command::Config(_) | Command::Transfer(_)) => {
            unreachable!("need no settings")
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The settings; the log begins as they say.
fn settings(cli: &Cli) -> Result<Config, Mistakes> {
    let Some(Command::Rollout(_) | Command::Edge(cli::edge::Edge { command: Some(_), .. })) = cli.command
    else {
        let config = Config::load(cli.config.as_ref(), &cli.overrides)?;
        crate::telemetry::start(&config.log);
        return Ok(config);
    };
    let (config, mistakes) = Config::load_for_orders(cli.config.as_ref(), &cli.overrides)?;
    let usual = LogConfig::default();
    crate::telemetry::start(if mistakes.is_empty() { &config.log } else { &usual });
    for mistake in &mistakes {
        tracing::warn!(%mistake, "the gate would not start with these settings; this order does not need them");
    }
    Ok(config)
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    // The name shows up in `top -H` and in debuggers.
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.enable_all().thread_name("mainstay").build().context("the runtime cannot be started")
}

/// What every command that touches data begins with.
struct Opened {
    config: Config,
    ambient: Ambient,
    store: Store,
    data: DataFolder,
}

/// Opens an installation, and begins one where there is none: for the commands that may come first.
async fn open(config: Config) -> anyhow::Result<Opened> {
    let data = DataFolder::open(&config.server.data)?;
    let store = connect(&config).await?;
    Ok(Opened { config, ambient: Ambient::system(), store, data })
}

/// Opens an installation that is there, for all other commands.
async fn open_existing(config: Config) -> anyhow::Result<Opened> {
    let data = DataFolder::existing(&config.server.data)?;
    let store = existing_database(&config).await?;
    Ok(Opened { config, ambient: Ambient::system(), store, data })
}

/// A database that is there. SQLite would make a file that is missing, and a forgotten `DATABASE_URL` would look like
/// an installation without users.
async fn existing_database(config: &Config) -> anyhow::Result<Store> {
    if let Location::Sqlite(file) = config.location()? {
        ensure!(
            file.try_exists().unwrap_or(true),
            "there is no database in {}; name its folder with --data or its address with DATABASE_URL, as for the \
             server, or start an installation with: mainstay serve",
            shown(&file)
        );
    }
    connect(config).await
}

async fn connect(config: &Config) -> anyhow::Result<Store> {
    Ok(Store::build(&config.location()?, &config.store, config.is_production()).await?)
}

impl Opened {
    async fn migrate(&self) -> anyhow::Result<Vec<String>> {
        let applied = migrations().up(&self.store).await?;
        for name in &applied {
            tracing::info!(name, "migration applied");
        }
        Ok(applied)
    }

    /// Refuses a database that lacks migrations: whoever only reads changes nothing, the schema neither.
    async fn ensure_current(&self) -> anyhow::Result<()> {
        let pending = migrations().status(&self.store).await?.iter().any(|migration| !migration.applied);
        ensure!(
            !pending,
            "the database is older than this program; bring it up to date with: mainstay db migrate"
        );
        Ok(())
    }

    fn root_key(&self) -> anyhow::Result<RootKey> {
        Ok(RootKey::new(self.data.secret(ROOT_KEY, &self.ambient)?))
    }

    /// The rooms, with links that begin with `public_url`.
    async fn app(&self, public_url: String) -> anyhow::Result<crate::App> {
        let secrets =
            AppSecrets { csrf: self.data.secret("csrf.key", &self.ambient)?, root: self.root_key()? };
        let (config, store, ambient) = (self.config.clone(), self.store.clone(), self.ambient.clone());
        crate::App::build(config, store, ambient, &secrets, public_url).await
    }
}
