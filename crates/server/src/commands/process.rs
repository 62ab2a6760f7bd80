//! What every command that stays does: it listens, and it stops when told to.

use std::io::ErrorKind;
use std::net::SocketAddr;

use anyhow::Context as _;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

pub(super) async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
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

/// Allows this process as many open files as the system lets it have: each connection is one, and what shells allow at first
/// (1024) is made for programs that use `select`. A system that refuses leaves it as it was.
pub(super) fn allow_most_files() {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    if let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }) {
        tracing::debug!(%error, "the limit of open files stays as it is");
    }
}

pub(super) fn stop_on_signal(stop: &CancellationToken) -> anyhow::Result<()> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_files_as_there_may_be() {
        allow_most_files();
        let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
        assert_eq!(current, maximum);
    }
}
