//! `mainstay serve`.

use std::io::ErrorKind;
use std::net::SocketAddr;

use anyhow::Context as _;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::open;
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

async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}")).map_err(|error| {
        match error.downcast_ref::<std::io::Error>().map(std::io::Error::kind) {
            Some(ErrorKind::AddrInUse) => anyhow::anyhow!(
                "another program listens on {address} already; stop it, or choose another address with --listen"
            ),
            Some(ErrorKind::PermissionDenied) => anyhow::anyhow!(
                "this user may not listen on {address}; choose a port above 1023 with --listen"
            ),
            Some(ErrorKind::AddrNotAvailable) => anyhow::anyhow!(
                "{address} is not an address of this machine; choose another with --listen"
            ),
            _ => error,
        }
    })
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

fn stop_on_signal(stop: &CancellationToken) -> anyhow::Result<()> {
    let mut interrupt = signal(SignalKind::interrupt()).context("signals cannot be received")?;
    let mut terminate = signal(SignalKind::terminate()).context("signals cannot be received")?;
    let stop = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        tracing::info!("stopping");
        stop.cancel();
    });
    Ok(())
}
