//! The bell wires: Socket.IO for browsers and programs, authenticated, ordered and bounded.
//!
//! Two layers, each in a module: [`engine_io`] carries a session over HTTP or a WebSocket, [`socket_io`] speaks Socket.IO
//! over it. What is carried is never decided here: who somebody is, and where they may go, is asked of others.

mod config;
mod door;
mod engine_io;
mod socket_io;

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::routing::any;
use foundation::Ambient;

pub use config::Config;
use door::Door;
use engine_io::Engine;
pub use engine_io::Reason;
use socket_io::Namespaces;
pub use socket_io::{Answer, Connecting, Emit, Event, EventHandler, Namespace, NoAnswer, Refusal, Socket};

/// Everything that is live on this node. Cheap to clone.
#[derive(Clone)]
pub struct Live {
    engine: Engine<Door>,
}

impl Live {
    /// Opens these namespaces. Has to be called in a runtime, whose tasks it starts.
    pub fn start(
        config: &Config,
        namespaces: impl IntoIterator<Item = (&'static str, Arc<dyn Namespace>)>,
        ambient: Ambient,
    ) -> Self {
        let namespaces: Namespaces =
            namespaces.into_iter().map(|(name, namespace)| (name.into(), namespace)).collect();
        let door = Door::new(config, namespaces, ambient.clone());
        Self { engine: Engine::start(door, config.engine(), ambient) }
    }

    /// The routes of this room.
    pub fn router<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        let engine = self.engine.clone();
        let answer = move |request: Request| engine.clone().answer(request);
        Router::new().route("/socket.io/", any(answer))
    }
}
