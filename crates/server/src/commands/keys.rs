//! `mainstay keys ...`.

use accounts::{KeyInfo, Purpose};

use super::open;
use crate::Config;
use crate::cli::{KeyPurpose, Keys};

#[expect(clippy::print_stdout, reason = "commands answer on standard output")]
pub(super) async fn run(config: Config, command: &Keys) -> anyhow::Result<()> {
    let opened = open(config).await?;
    opened.migrate().await?;
    let app = opened.app(String::new()).await?;
    match command {
        Keys::List { json } => {
            let keys = app.accounts().list_keys().await?;
            if *json {
                println!("{}", serde_json::to_string_pretty(&keys)?);
            } else {
                println!("{}", keys.iter().map(line).collect::<Vec<_>>().join("\n"));
            }
        }
        Keys::Rotate { purpose } => {
            for purpose in purposes(*purpose) {
                let id = app.accounts().rotate_key(purpose).await?;
                println!("{id}  {} from now on; running servers follow within a minute", word(purpose));
            }
        }
        Keys::Retire { id } => {
            app.accounts().retire_key(*id).await?;
            println!("{id}  ended; running servers follow within a minute");
        }
    }
    opened.store.close().await;
    Ok(())
}

fn purposes(wanted: Option<KeyPurpose>) -> Vec<Purpose> {
    match wanted {
        Some(KeyPurpose::Signing) => vec![Purpose::Signing],
        Some(KeyPurpose::Sealing) => vec![Purpose::Sealing],
        None => vec![Purpose::Signing, Purpose::Sealing],
    }
}

fn word(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Signing => "signs",
        Purpose::Sealing => "seals",
    }
}

fn line(key: &KeyInfo) -> String {
    let state = key
        .retires_at
        .map_or_else(|| "in use".to_owned(), |at| format!("retires {}", at.format("%F %T UTC")));
    let secrets = key.secrets.map(|secrets| format!("  {secrets} secrets")).unwrap_or_default();
    format!(
        "{}  {}  made {}  {state}{secrets}",
        key.id,
        word(key.purpose),
        key.created_at.format("%F %T UTC")
    )
}
