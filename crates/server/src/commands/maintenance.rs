//! `mainstay maintenance ...`.

use anyhow::anyhow;
use foundation::Timestamp;
use guard::text::Message;

use super::{Opened, answer, open_existing};
use crate::Config;
use crate::cli::Maintenance;
use crate::maintenance::Initiator;

pub(super) async fn run(config: Config, command: Maintenance) -> anyhow::Result<()> {
    let opened = open_existing(config).await?;
    match command {
        Maintenance::Status => opened.ensure_current().await?,
        Maintenance::On { .. } | Maintenance::Off => drop(opened.migrate().await?),
    }
    let done = act(&opened, command).await;
    opened.store.close().await;
    done
}

async fn act(opened: &Opened, command: Maintenance) -> anyhow::Result<()> {
    let app = opened.app(String::new()).await?;
    let (upkeep, who) = (app.upkeep(), Initiator::operator());
    match command {
        Maintenance::On { message, until } => {
            let message = message.map(|message| Message::parse(&message)).transpose();
            let message = message.map_err(|words| anyhow!("--message {words}"))?;
            let moment = until.map(|until| until.moment(opened.ambient.now()).unwrap_or(Timestamp::MAX_UTC));
            let until = moment.map(|moment| upkeep.until(moment)).transpose();
            let until = until.map_err(|words| anyhow!("--until {words}"))?;
            upkeep.start(&who, message, until).await?;
            answer(
                "Maintenance has begun: changes wait, at running servers within a second. To end it: mainstay maintenance off",
            )
        }
        Maintenance::Off => answer(if upkeep.end(&who).await? {
            "Maintenance has ended: changes are taken, by running servers within a second."
        } else {
            "There was no maintenance; nothing was changed."
        }),
        Maintenance::Status => {
            upkeep.look().await?;
            answer(match upkeep.switch().current() {
                None => "There is no maintenance.".to_owned(),
                Some(closure) => {
                    let time = |at: Timestamp| at.format("%F %T UTC").to_string();
                    let until = closure.until.map(|until| format!(", until about {}", time(until)));
                    let message = closure.message.map(|message| format!("\n  {message}"));
                    let since = time(closure.since);
                    format!(
                        "Changes wait since {since}{}{}",
                        until.unwrap_or_default(),
                        message.unwrap_or_default()
                    )
                }
            })
        }
    }
}
