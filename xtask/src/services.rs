//! A PostgreSQL and a Redis of the tests' own, in a folder that goes away with them.

mod certificate;
mod folder;
mod postgres;
mod redis;
mod service;
pub(crate) mod user;

use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

use self::folder::Folder;
use self::postgres::Postgres;
use self::service::Service;

/// Fields are dropped in this order: the servers stop before their folder is removed.
pub(crate) struct Services {
    postgres: Postgres,
    redis: Service,
    _folder: Folder,
}

impl Services {
    pub(crate) fn start() -> Result<Self> {
        let user = user::ordinary()?;
        let folder = Folder::create(&std::env::temp_dir())?;
        let postgres = Postgres::start(&folder.own("postgres", user.as_ref())?, user.as_ref())?;
        let redis = redis::start(&folder.own("redis", user.as_ref())?, user.as_ref())?;
        Ok(Self { postgres, redis, _folder: folder })
    }

    /// Tells `command` where they are.
    pub(crate) fn export(&self, command: &mut Command) {
        command
            .env("MAINSTAY_TEST_POSTGRES_URL", self.postgres.url("postgres"))
            .env("MAINSTAY_TEST_POSTGRES_CA", self.postgres.authority())
            .env("MAINSTAY_TEST_REDIS_URL", format!("redis://127.0.0.1:{}", self.redis.port));
    }

    /// Makes an empty database and answers its address.
    pub(crate) fn create_database(&self, name: &str) -> Result<String> {
        self.postgres.create_database(name)?;
        Ok(self.postgres.url(name))
    }
}

/// Runs a developer's command beside the services and answers with its exit code.
pub(crate) fn run_beside(command: &[String]) -> Result<ExitCode> {
    let (program, arguments) = command.split_first().context("say which command to run, after `--`")?;
    let services = Services::start()?;
    let mut command = Command::new(program);
    services.export(command.args(arguments));
    let status = command.status().with_context(|| format!("`{program}` could not be started"))?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}
