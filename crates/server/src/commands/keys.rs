//! `mainstay keys ...`.

use accounts::{Actor, KeyInfo, Purpose};

use super::{answer, open_existing};
use crate::Config;
use crate::cli::{KeyPurpose, Keys};

pub(super) async fn run(config: Config, command: &Keys) -> anyhow::Result<()> {
    let opened = open_existing(config).await?;
    match command {
        Keys::List { .. } => opened.ensure_current().await?,
        Keys::Rotate { .. } | Keys::Retire { .. } => drop(opened.migrate().await?),
    }
    let app = opened.app(String::new()).await?;
    match command {
        Keys::List { json } => {
            let keys = app.accounts().list_keys().await?;
            if *json {
                answer(serde_json::to_string_pretty(&keys)?)?;
            } else {
                answer(keys.iter().map(line).collect::<Vec<_>>().join("\n"))?;
            }
        }
        Keys::Rotate { purpose } => {
            for purpose in purposes(*purpose) {
                let id = app.accounts().rotate_key(&Actor::operator(), purpose).await?;
                let word = word(purpose);
                answer(format_args!("{id}  {word} from now on; running servers follow within a minute"))?;
            }
        }
        Keys::Retire { id } => {
            app.accounts().retire_key(&Actor::operator(), *id).await?;
            answer(format_args!("{id}  ended; running servers follow within a minute"))?;
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
    let (word, made) = (word(key.purpose), key.created_at.format("%F %T UTC"));
    format!("{}  {word}  made {made}  {}", key.id, state(key))
}

fn state(key: &KeyInfo) -> String {
    let secrets = key.secrets.unwrap_or_default();
    let plural = if secrets == 1 { "" } else { "s" };
    match (key.purpose, key.retires_at) {
        (Purpose::Signing, None) => "in use".to_owned(),
        (Purpose::Signing, Some(at)) => format!("verifies until {}", at.format("%F %T UTC")),
        (Purpose::Sealing, None) => format!("in use; {secrets} secret{plural}"),
        // It opens what it sealed for as long as there is something: only `retire` ends it.
        (Purpose::Sealing, Some(_)) => format!("replaced; {secrets} secret{plural} left"),
    }
}
