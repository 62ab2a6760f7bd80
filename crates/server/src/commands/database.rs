//! `mainstay db ...`.

use std::io::{IsTerminal as _, Write as _};

use anyhow::ensure;
use foundation::SecretString;
use foundation::Token;

use super::open;
use crate::cli::Db;
use crate::{Config, migrations};

#[expect(clippy::print_stdout, reason = "commands answer on standard output")]
pub(super) async fn run(config: Config, command: Db) -> anyhow::Result<()> {
    let opened = open(config).await?;
    match command {
        Db::Migrate => match opened.migrate().await?.as_slice() {
            [] => println!("The database is up to date."),
            applied => applied.iter().for_each(|name| println!("applied {name}")),
        },
        Db::Rollback { steps } => match migrations().down(&opened.store, steps).await?.as_slice() {
            [] => println!("There is nothing to take back."),
            gone => gone.iter().for_each(|name| println!("took back {name}")),
        },
        Db::Status { json } => {
            let all = migrations().status(&opened.store).await?;
            if json {
                println!("{}", serde_json::to_string_pretty(&all)?);
                return Ok(());
            }
            for migration in all {
                println!("{}  {}", if migration.applied { "applied" } else { "pending" }, migration.name);
            }
        }
        Db::Seed { users } => {
            ensure!(!opened.config.is_production(), "sample users are for development; this is production");
            opened.migrate().await?;
            let password = Token::generate(&opened.ambient).reveal().to_owned();
            let secret = SecretString::from(password.as_str());
            let app = opened.app(String::new()).await?;
            let new = app.accounts().create_samples(users, &secret, |done| report(done, users)).await?;
            println!("\nsample-1@example.org to sample-{users}@example.org exist; {new} of them are new.");
            if new > 0 {
                println!("The new ones sign in with the password {password}");
            }
        }
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
