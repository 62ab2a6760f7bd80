//! The smallest application: it says again what it is told. `cargo run -p live --example echo` serves it on port 3000 with
//! the times that the protocol's official test suites expect.

use std::sync::Arc;

use async_trait::async_trait;
use foundation::Ambient;
use foundation::config::Period;
use guard::{Origins, Quota, Quotas, RateLimits};
use live::{
    Config, Connecting, Doorway, Emit, Event, EventHandler, Live, Namespace, Reason, Refusal, Socket,
};

struct Echo;

#[async_trait]
impl Namespace for Echo {
    async fn connect(
        &self,
        connecting: Connecting<'_>,
    ) -> Result<(Arc<Socket>, Box<dyn EventHandler>), Refusal> {
        let (socket, auth) = (connecting.socket(), connecting.auth().get().to_owned());
        Ok((Arc::clone(&socket), Box::new(Listener { socket, auth })))
    }
}

struct Listener {
    socket: Arc<Socket>,
    auth: String,
}

#[async_trait]
impl EventHandler for Listener {
    async fn connected(&mut self) {
        let auth: serde_json::Value = serde_json::from_str(&self.auth).expect("an object");
        self.socket.emit(&Emit::event("auth").with(&auth));
    }

    async fn event(&mut self, mut event: Event<'_>) {
        match event.name() {
            "message" => self.socket.emit(&event.pass_on("message-back")),
            "message-with-ack" => event.answer(&event.give_back()),
            _ => {}
        }
    }

    async fn ended(&mut self, _: Reason) {}
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let config = Config {
        ping_interval: Period::from_millis(300),
        ping_timeout: Period::from_millis(200),
        connect_timeout: Period::from_millis(1000),
        max_message_bytes: 1_000_000,
        ..Config::default()
    };
    let echo: Arc<dyn Namespace> = Arc::new(Echo);
    let ambient = Ambient::system();
    let quotas = Quotas { socket_connect: Quota::PLENTY, ..Quotas::default() };
    let doorway = Doorway {
        origins: Origins::default(),
        session_cookie: "none",
        rate_limits: RateLimits::in_process(quotas, ambient.clone()),
        ambient,
    };
    let live = Live::open(&config, [("/", Arc::clone(&echo)), ("/custom", echo)], doorway);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    axum::serve(listener, live.router()).await
}
