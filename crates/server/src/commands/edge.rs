//! `mainstay edge`.

use std::net::SocketAddr;

use anyhow::ensure;
use edge::{Edge, ServiceConfig};
use foundation::Ambient;
use tokio_util::sync::CancellationToken;

use super::process::{listen, stop_on_signal};
use crate::{Config, DataFolder, cli};

/// What the application is called that the command line names.
const ONLY: &str = "app";

pub(super) async fn run(
    config: Config,
    command: cli::edge::Edge,
    listen_at: Option<SocketAddr>,
) -> anyhow::Result<()> {
    let Config { mut edge, guard, server, .. } = config;
    if let Some(address) = listen_at {
        edge.listen = vec![address];
    }
    if !command.blue.is_empty() {
        let only = ServiceConfig { blue: command.blue, green: command.green, ..ServiceConfig::default() };
        edge.services = [(ONLY.to_owned(), only)].into();
    }
    ensure!(
        !edge.services.is_empty(),
        "there is no application to stand in front of; name its address with --blue, or write [edge.services.app] into \
         the configuration (see: mainstay config default)"
    );
    let mut listeners = Vec::new();
    for address in &edge.listen {
        listeners.push(listen(*address).await?);
    }
    announce(&listeners)?;
    let stop = CancellationToken::new();
    stop_on_signal(&stop)?;
    let folder = DataFolder::open(&server.data)?.edge();
    Edge::build(edge, guard.trusted_proxies, &folder, Ambient::system())?.serve(listeners, stop).await;
    tracing::info!("stopped");
    Ok(())
}

#[expect(clippy::print_stdout, reason = "for the person at the terminal, and for scripts that wait")]
fn announce(listeners: &[tokio::net::TcpListener]) -> anyhow::Result<()> {
    for listener in listeners {
        println!("The gate is open at http://{}", listener.local_addr()?);
    }
    Ok(())
}
