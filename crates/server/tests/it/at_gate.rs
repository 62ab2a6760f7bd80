//! `mainstay edge` as a process, and what is typed about it.

use std::net::SocketAddr;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::process::{Folder, Running, printed};

/// Whatever takes longer will not happen any more.
pub(crate) const FOREVER: Duration = Duration::from_secs(100);

/// The command line of the gate with this folder.
pub(crate) fn mainstay(folder: &Folder, arguments: &[&str]) -> Command {
    let mut command = folder.command();
    command.args(arguments);
    command
}

/// What a command says that must succeed.
pub(crate) async fn said(folder: &Folder, arguments: &[&str]) -> String {
    let mut command = mainstay(folder, arguments);
    tokio::task::spawn_blocking(move || printed(&mut command)).await.expect("does not panic")
}

/// Starts a program that says where it listens.
pub(crate) async fn started(mut command: Command) -> Running {
    tokio::task::spawn_blocking(move || Running::start(&mut command)).await.expect("starts")
}

/// A gate in front of one target in each slot.
pub(crate) async fn gate(folder: &Folder, blue: SocketAddr, green: SocketAddr) -> Running {
    let (blue, green) = (blue.to_string(), green.to_string());
    started(mainstay(folder, &["edge", "--blue", &blue, "--green", &green])).await
}

/// Where a program of this machine listens, whatever name it gives itself.
pub(crate) fn address(running: &Running) -> SocketAddr {
    let (_, port) = running.url.trim_end_matches('/').rsplit_once(':').expect("a URL with a port");
    SocketAddr::from(([127, 0, 0, 1], port.parse().expect("a port")))
}

pub(crate) async fn status(folder: &Folder) -> Value {
    let text = said(folder, &["rollout", "status", "--json"]).await;
    serde_json::from_str(&text).expect("JSON")
}

pub(crate) async fn until(mut is_so: impl AsyncFnMut() -> bool) {
    let began = Instant::now();
    while !is_so().await {
        assert!(began.elapsed() < FOREVER, "it does not happen");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
