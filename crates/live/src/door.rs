//! Who may begin a session.

use std::sync::Arc;
use std::time::Duration;

use foundation::{Ambient, Problem};
use http::request::Parts;

use crate::Config;
use crate::engine_io::{Accept, Link};
use crate::socket_io::{Client, Namespaces};

/// Lets clients in.
pub(crate) struct Door {
    namespaces: Arc<Namespaces>,
    connect_timeout: Duration,
    ambient: Ambient,
}

impl Door {
    pub(crate) fn new(config: &Config, namespaces: Namespaces, ambient: Ambient) -> Self {
        Self { namespaces: Arc::new(namespaces), connect_timeout: config.connect_timeout.into(), ambient }
    }
}

impl Accept for Door {
    type Handler = Client;

    fn check(&self, _head: &Parts) -> Result<(), Problem> {
        Ok(())
    }

    async fn accept(&self, _head: &Parts, link: &Arc<Link>) -> Result<Client, Problem> {
        let Self { namespaces, connect_timeout, ambient } = self;
        Ok(Client::new(Arc::clone(link), Arc::clone(namespaces), ambient.clone(), *connect_timeout))
    }
}
