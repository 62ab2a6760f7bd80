//! `mainstay admin ...`.

use anyhow::bail;

use super::{answer, open};
use crate::Config;
use crate::cli::Admin;

pub(super) async fn run(config: Config, command: &Admin) -> anyhow::Result<()> {
    let Admin::SetupLink = command;
    let opened = open(config).await?;
    opened.migrate().await?;
    let server = &opened.config.server;
    let public_url = server.url_at(server.listen);
    let app = opened.app(public_url.clone()).await?;
    match app.accounts().setup_link().await? {
        Some(link) => {
            // For the person at the terminal; it must not be in a log.
            answer(format_args!("Create the administrator: {}", link.reveal(&public_url)))?;
        }
        None => bail!("there is an administrator already"),
    }
    opened.store.close().await;
    Ok(())
}
