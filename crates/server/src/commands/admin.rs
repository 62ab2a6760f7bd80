//! `mainstay admin ...`.

use anyhow::bail;

use super::open;
use crate::Config;
use crate::cli::Admin;

#[expect(
    clippy::print_stdout,
    reason = "the link is for the person at the terminal, and must not be in a log"
)]
pub(super) async fn run(config: Config, command: &Admin) -> anyhow::Result<()> {
    let Admin::SetupLink = command;
    let opened = open(config).await?;
    opened.migrate().await?;
    let server = &opened.config.server;
    let public_url = server.url_at(server.listen);
    let app = opened.app(public_url.clone()).await?;
    match app.accounts().setup_link().await? {
        Some(link) => println!("Create the administrator: {}", link.reveal(&public_url)),
        None => bail!("there is an administrator already"),
    }
    opened.store.close().await;
    Ok(())
}
