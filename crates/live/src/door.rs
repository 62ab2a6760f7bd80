//! Who may begin a session.

use std::sync::Arc;
use std::time::Duration;

use foundation::{Ambient, Code, Problem, SecretString};
use guard::{ClientAddress, Key, Origins, Policy, RateLimits, Whose};
use http::header::AUTHORIZATION;
use http::request::Parts;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::engine_io::{Accept, Link};
use crate::meter::Meter;
use crate::socket_io::{Arrival, Client, Namespaces};

/// Lets clients in.
pub(crate) struct Door {
    pub(crate) namespaces: Arc<Namespaces>,
    /// Whose pages may speak with us at all.
    pub(crate) origins: Origins,
    /// The name of the cookie that signs people in.
    pub(crate) session_cookie: &'static str,
    pub(crate) rate_limits: RateLimits,
    /// Places for all.
    pub(crate) connections: Arc<Semaphore>,
    /// Places for those who have not said yet who they are.
    pub(crate) places: Arc<Semaphore>,
    pub(crate) connect_timeout: Duration,
    pub(crate) ambient: Ambient,
    pub(crate) meter: Arc<Meter>,
}

impl Door {
    fn place(&self, places: &Arc<Semaphore>, words: &'static str) -> Result<OwnedSemaphorePermit, Problem> {
        Arc::clone(places).try_acquire_owned().map_err(|_| {
            self.meter.refused();
            Problem::new(Code::Busy, words).retry_after(self.connect_timeout)
        })
    }

    /// The token of the header, which somebody sent on purpose; or that of the cookie, which browsers send with whatever
    /// any page asks for, if it is a page of ours that asks.
    fn token(&self, head: &Parts) -> Option<SecretString> {
        if let Some(value) = head.headers.get(AUTHORIZATION) {
            return Some(guard::bearer(value.to_str().ok()?)?.into());
        }
        let origin = self.origins.named(&head.headers, guard::host_of(&head.uri, &head.headers));
        let is_same = head.headers.get("sec-fetch-site").is_some_and(|site| site == "same-origin");
        let is_ours = origin == Some(Whose::Ours) || (origin.is_none() && is_same);
        let cookie = guard::cookie(&head.headers, self.session_cookie).filter(|_| is_ours)?;
        Some(cookie.into_owned().into())
    }
}

impl Accept for Door {
    type Handler = Client;

    /// A browser says which page opens a WebSocket, and every page may (RFC 6455, 10.2).
    fn check(&self, head: &Parts) -> Result<(), Problem> {
        let origin = self.origins.named(&head.headers, guard::host_of(&head.uri, &head.headers));
        if origin == Some(Whose::Foreign) {
            self.meter.refused();
            return Err(Problem::new(
                Code::CrossSiteRequest,
                "Pages of other sites may not connect here. If this is a page of yours, its operator has to add its \
                 address to the setting `origins`.",
            ));
        }
        Ok(())
    }

    async fn accept(&self, head: &Parts, link: &Arc<Link>) -> Result<Client, Problem> {
        let address = head.extensions.get::<ClientAddress>().copied();
        if let Err(refused) = self.rate_limits.check(Policy::SocketConnect, Key::of_client(address)).await {
            self.meter.limited();
            return Err(refused.into());
        }
        let connection =
            self.place(&self.connections, "Too many are connected. Please try again in a moment.")?;
        let place =
            self.place(&self.places, "Too many are waiting to be let in. Please try again in a moment.")?;
        let arrival = Arrival {
            namespaces: Arc::clone(&self.namespaces),
            ambient: self.ambient.clone(),
            token: self.token(head),
            connection,
            place,
            meter: Arc::clone(&self.meter),
            patience: self.connect_timeout,
        };
        Ok(Client::new(Arc::clone(link), arrival))
    }
}
