//! `mainstay db ...`.

use std::io::{IsTerminal as _, Write as _};

use anyhow::ensure;
use foundation::{SecretString, Token};
use store::Store;

use super::{Opened, answer, existing_database, open};
use crate::cli::Db;
use crate::{Config, migrations};

pub(super) async fn run(config: Config, command: Db) -> anyhow::Result<()> {
    match command {
        Db::Migrate => migrate(open(config).await?).await,
        Db::Rollback { steps } => roll_back(existing_database(&config).await?, steps).await,
        Db::Status { json } => tell_status(existing_database(&config).await?, json).await,
        Db::Seed { users } => {
            ensure!(!config.is_production(), "sample users are for development; this is production");
            seed(open(config).await?, users).await
        }
    }
}

async fn migrate(opened: Opened) -> anyhow::Result<()> {
    match opened.migrate().await?.as_slice() {
        [] => answer("The database is up to date.")?,
        applied => applied.iter().try_for_each(|name| answer(format_args!("applied {name}")))?,
    }
    opened.store.close().await;
    Ok(())
}

async fn roll_back(store: Store, steps: u32) -> anyhow::Result<()> {
    match migrations().down(&store, steps).await?.as_slice() {
        [] => answer("There is nothing to take back.")?,
        gone => gone.iter().try_for_each(|name| answer(format_args!("took back {name}")))?,
    }
    store.close().await;
    Ok(())
}

async fn tell_status(store: Store, json: bool) -> anyhow::Result<()> {
    let all = migrations().status(&store).await?;
    store.close().await;
    if json {
        return answer(serde_json::to_string_pretty(&all)?);
    }
    all.iter().try_for_each(|migration| {
        let state = if migration.applied { "applied" } else { "pending" };
        answer(format_args!("{state}  {}", migration.name))
    })
}

async fn seed(opened: Opened, users: u32) -> anyhow::Result<()> {
    opened.migrate().await?;
    let password = Token::generate(&opened.ambient).reveal().to_owned();
    let secret = SecretString::from(password.as_str());
    let app = opened.app(String::new()).await?;
    let new = app.accounts().create_samples(users, &secret, |done| report(done, users)).await?;
    answer(format_args!(
        "\nsample-1@example.org to sample-{users}@example.org exist; {new} of them are new."
    ))?;
    if new > 0 {
        answer(format_args!("The new ones sign in with the password {password}"))?;
    }
    opened.store.close().await;
    Ok(())
}

/// Progress that rewrites its line on a terminal and adds lines to a file.
#[expect(clippy::print_stderr, reason = "progress is for the person who waits")]
fn report(done: u32, total: u32) {
    if std::io::stderr().is_terminal() {
        eprint!("\r{done} of {total} sample users");
        let _ = std::io::stderr().flush();
    } else {
        eprintln!("{done} of {total} sample users");
    }
}
