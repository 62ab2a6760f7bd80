//! `mainstay serve`.

use anyhow::Context as _;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::open;
use super::process::{allow_most_files, listen, stop_on_signal};
use crate::{Config, http};

pub(super) async fn run(config: Config) -> anyhow::Result<()> {
    let opened = open(config).await?;
    let config = &opened.config;
    // What would keep us from serving comes before what changes the database.
    let _held = opened.data.hold()?;
    let listener = listen(config.server.listen).await?;
    opened.migrate().await?;

    let address = listener.local_addr().context("the address is unknown")?;
    let public_url = config.server.url_at(address);
    let app = opened.app(public_url.clone()).await?;

    let stop = CancellationToken::new();
    allow_most_files();
    stop_on_signal(&stop)?;
    let jobs = TaskTracker::new();
    app.start_jobs(&jobs, &stop);

    let setup_link = app.accounts().setup_link().await?;
    announce(&public_url, setup_link.map(|link| link.reveal(&public_url)));
    if public_url.starts_with("http://") && !address.ip().is_loopback() {
        tracing::warn!(
            "other machines can reach this server without TLS, but their browsers keep no session over plain http, \
             and everybody can read the development mailbox; put a proxy with TLS in front"
        );
    }
    for weakness in config.weak_links() {
        tracing::warn!("{weakness}");
    }
    tracing::info!(%address, database = config.location()?.name(), "serving");
    http::listener::serve(listener, app.router(), &config.server, stop).await;

    jobs.close();
    if tokio::time::timeout(config.server.shutdown_timeout.into(), jobs.wait()).await.is_err() {
        tracing::warn!("some work in the background did not finish in time");
    }
    opened.store.close().await;
    tracing::info!("stopped");
    Ok(())
}

#[expect(
    clippy::print_stdout,
    reason = "the link is for the person at the terminal, and must not be in a log"
)]
fn announce(url: &str, setup_link: Option<String>) {
    println!("Mainstay is ready at {url}");
    if let Some(link) = setup_link {
        println!("Create the administrator: {link}");
    }
}
