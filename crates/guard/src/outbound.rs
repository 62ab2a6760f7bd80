//! The one way out: requests that Mainstay itself sends, to hosts that the operator named.
//!
//! ```no_run
//! # use guard::outbound::{Outbound, OutboundConfig, OutboundError, Request};
//! # async fn example(config: OutboundConfig, ambient: foundation::Ambient, url: url::Url) -> Result<(), OutboundError> {
//! let outbound = Outbound::build(&config, ambient)?;
//! let answer = outbound.send(Request::new(http::Method::GET, url)).await?;
//! # Ok(())
//! # }
//! ```
//!
//! Each request is held against the list of hosts before anything is sent ([`Outbound::send`]). A name leads to
//! addresses that are open to everybody, or to networks that the operator named (`addresses`, `resolver`). Redirects
//! are not followed, unless a request asks for it, and then each is a request of its own. What may be repeated is
//! repeated after a pause (`patience`), and a host that fails again and again is left alone for a while (`breaker`).

mod addresses;
mod breaker;
mod config;
mod error;
mod host;
mod patience;
mod request;
mod resolver;

use std::collections::HashMap;
use std::error::Error;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use foundation::Ambient;
use url::{Origin, Url};

use addresses::Reach;
use config::literal_address;
use host::Host;
use patience::{patiently, scattered};
use resolver::Resolver;

pub use config::{AllowedHost, OutboundConfig};
pub use error::OutboundError;
pub use request::{Answer, Request};

/// Sends requests. Cheap to clone; clones share what they know about hosts.
#[derive(Clone)]
pub struct Outbound(Arc<Inner>);

struct Inner {
    hosts: HashMap<Origin, Host>,
    reach: Reach,
    max_answer_bytes: usize,
    ambient: Ambient,
}

impl Outbound {
    /// A way out to the hosts of a checked configuration.
    ///
    /// # Errors
    /// When the certificate authority of the settings cannot be used, or the machine trusts none. Where no host may be
    /// reached, none is needed.
    pub fn build(config: &OutboundConfig, ambient: Ambient) -> Result<Self, OutboundError> {
        let reach = Reach::new(&config.allow_private);
        let mut hosts = HashMap::new();
        if !config.allow.is_empty() {
            let client = client(config, reach.clone())?;
            let host =
                |allowed: &AllowedHost| (allowed.origin(), Host::new(allowed.to_string(), client.clone()));
            hosts.extend(config.allow.iter().map(host));
        }
        let max_answer_bytes = config.max_answer_bytes;
        Ok(Self(Arc::new(Inner { hosts, reach, max_answer_bytes, ambient })))
    }

    /// Sends a request and waits for the whole answer.
    ///
    /// A request that does no harm when it arrives twice is tried up to four times while the host cannot be reached, is
    /// too slow or answers 5xx. An answer of 4xx is an answer.
    ///
    /// # Errors
    /// Before anything is sent: when the URL leads where nothing may be sent. Afterwards: when there is no answer, or
    /// one of 5xx, or a redirect that is not to be followed.
    pub async fn send(&self, mut request: Request) -> Result<Answer, OutboundError> {
        loop {
            let host = self.0.host(&request.url)?;
            let answer = self.0.answer(host, &request).await?;
            if !answer.is_redirect() {
                return Ok(answer);
            }
            let next = request.redirected(&answer);
            request = next.ok_or_else(|| OutboundError::Redirected {
                host: host_name(&request.url),
                status: answer.status,
            })?;
        }
    }
}

impl Inner {
    /// The host of a URL, if it may be asked.
    fn host(&self, url: &Url) -> Result<&Host, OutboundError> {
        let found = self.hosts.get(&url.origin());
        let host = found.ok_or_else(|| OutboundError::NotAllowed { host: host_name(url) })?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(OutboundError::CredentialsInUrl { host: host_name(url) });
        }
        // Nobody would look these up, so that the resolver does not see them.
        if literal_address(url).is_some_and(|address| !self.reach.admits(address)) {
            return Err(OutboundError::OutOfReach { host: host_name(url) });
        }
        Ok(host)
    }

    async fn answer(&self, host: &Host, request: &Request) -> Result<Answer, OutboundError> {
        let attempt = || host.attempt(request, self.max_answer_bytes);
        let pause = |error: &OutboundError, usual| {
            let is_worth_it = request.is_repeatable() && !host.is_left_alone();
            let pause = is_worth_it.then(|| error.pause(scattered(usual, self.ambient.random())))??;
            tracing::debug!(%error, ?pause, "a request will be sent again");
            Some(pause)
        };
        patiently(attempt, pause).await
    }
}

/// Scheme, name and port.
fn host_name(url: &Url) -> String {
    url.origin().ascii_serialization()
}

impl fmt::Debug for Outbound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hosts = self.0.hosts.keys().map(Origin::ascii_serialization);
        f.debug_struct("Outbound").field("hosts", &hosts.collect::<Vec<_>>()).finish_non_exhaustive()
    }
}

/// Speaks HTTP/1.1 over TLS 1.2 and 1.3, knows no proxy, follows nothing and repeats nothing by itself.
#[expect(clippy::disallowed_methods, reason = "the one place that makes a client")]
fn client(config: &OutboundConfig, reach: Reach) -> Result<reqwest::Client, OutboundError> {
    let own = config.tls_ca_file.as_deref();
    let client = reqwest::Client::builder()
        .user_agent("mainstay")
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .dns_resolver(Resolver(reach))
        .tls_certs_merge(own.map(authorities).transpose()?.unwrap_or_default())
        .connect_timeout(config.connect_timeout.as_duration())
        .timeout(config.timeout.as_duration());
    // The machine's authorities are taken as they are, and can only be missing; with our own there is always one.
    client.build().map_err(|error| match own {
        Some(path) => OutboundError::Authority { path: path.to_owned(), source: error.into() },
        None => OutboundError::NoTls(error.into()),
    })
}

fn authorities(path: &Path) -> Result<Vec<reqwest::Certificate>, OutboundError> {
    let read = || -> Result<_, Box<dyn Error + Send + Sync>> {
        let found = reqwest::Certificate::from_pem_bundle(&std::fs::read(path)?)?;
        if found.is_empty() { Err("there is no certificate in it".into()) } else { Ok(found) }
    };
    read().map_err(|source| OutboundError::Authority { path: path.to_owned(), source })
}
