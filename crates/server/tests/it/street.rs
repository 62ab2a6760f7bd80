//! A gate that is open beside the server, in front of two releases.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use edge::{Config, Edge, EdgeError, Listeners, ServiceConfig};
use foundation::Ambient;
use serde_json::{Value, json};
use server::DataFolder;
use testkit::Client;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

const FOREVER: Duration = Duration::from_secs(30);

pub(crate) struct Street {
    address: SocketAddr,
    stop: CancellationToken,
    serving: JoinHandle<Result<(), EdgeError>>,
}

impl Street {
    /// With what is in the data folder of a server, and the services `app` and `shop`.
    pub(crate) async fn open(data: &Path) -> Self {
        let release = async || target(Router::new().fallback(async || StatusCode::OK)).await;
        let named = |address: SocketAddr| address.to_string().parse().expect("an address");
        let app = ServiceConfig {
            blue: vec![named(release().await)],
            green: vec![named(release().await)],
            ..ServiceConfig::default()
        };
        let second = ServiceConfig { hosts: vec!["shop.example.org".to_owned()], ..app.clone() };
        let services = [("app".to_owned(), app), ("shop".to_owned(), second)].into();
        let config = Config { services, ..Config::default() };
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let stop = CancellationToken::new();
        let edge = Edge::build(config, Vec::new(), &DataFolder::edge(data), Ambient::system(), None);
        let serving = tokio::spawn(edge.expect("a gate").serve(
            Listeners { plain: vec![listener], ..Listeners::default() },
            Vec::new(),
            stop.clone(),
        ));
        Self { address, stop, serving }
    }

    /// Somebody who comes through it.
    pub(crate) fn visitor(&self) -> Client {
        Client::new(format!("http://{}", self.address))
    }

    /// Closes it, and waits until it is closed.
    pub(crate) async fn close(self) {
        self.stop.cancel();
        let served = tokio::time::timeout(FOREVER, self.serving).await.expect("closed");
        served.expect("did not panic").expect("served to its end");
    }
}

/// An application of somebody else.
pub(crate) async fn target(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// A rollout of `app` that waits for a person at each step.
pub(crate) fn by_hand() -> Value {
    let plan = json!({ "steps": [10, 100], "holds": ["1s", "1s"], "check": "1s", "manual": true });
    json!({ "service": "app", "to": "green", "plan": plan })
}
