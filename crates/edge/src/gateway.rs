//! Who may pass to an application, how often, and what its answers get besides: asked once on a request's way in
//! ([`Gateway::admit`]), and once on its answer's way out ([`Leaving::dress`]).
//!
//! What is refused here no application has seen: it counts for nothing in what is known about a release.

mod exempt;
mod forward_auth;
mod jwt;
mod leaving;
mod limits;
mod own_headers;
mod security_headers;

use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;

use foundation::{Ambient, Problem};
use http::request::Parts;
use http::{HeaderMap, Response};

use crate::config::{ClaimHeader, PassedHeader, ServiceConfig};
use crate::proxy::Body;
use forward_auth::ForwardAuth;
use jwt::Tokens;
pub(crate) use leaving::Leaving;
use limits::Limits;
use own_headers::OwnHeaders;
use security_headers::SecurityHeaders;

/// The gate's side of one application. It lives on when visitors are shared out in another way.
#[derive(Debug)]
pub(crate) struct Gateway {
    limits: Limits,
    own_headers: OwnHeaders,
    entrance: Entrance,
    security_headers: SecurityHeaders,
}

/// Who decides about people.
#[derive(Debug)]
enum Entrance {
    Open,
    Tokens(Box<Tokens>),
    Asking(Box<ForwardAuth>),
}

/// What is known of a request besides its head.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arrival<'a> {
    pub(crate) client: IpAddr,
    /// Whether whoever has connected is a proxy whose word counts.
    pub(crate) is_trusted: bool,
    /// How they have connected: `http` or `https`.
    pub(crate) scheme: &'a str,
    pub(crate) host: &'a str,
}

/// What becomes of a request.
#[derive(Debug)]
pub(crate) enum Admitted {
    /// It is passed on.
    Passes,
    /// Somebody else has answered it.
    Answered(Box<Response<Body>>),
}

impl Gateway {
    pub(crate) fn new(name: &str, config: &ServiceConfig, ambient: &Ambient) -> Self {
        let (claims, passed) = (&config.identity_headers, &config.forward_auth.response_headers);
        let names = claims.iter().map(ClaimHeader::name);
        let names = names.chain(passed.iter().map(PassedHeader::name));
        let entrance = match (&config.jwt.jwks, &config.forward_auth.url) {
            (Some(source), _) => {
                Entrance::Tokens(Box::new(Tokens::new(name, source, &config.jwt, claims, ambient.clone())))
            }
            (None, Some(url)) => Entrance::Asking(Box::new(ForwardAuth::new(url, &config.forward_auth))),
            (None, None) => Entrance::Open,
        };
        Self {
            limits: Limits::new(&config.rate_limits, ambient.clone()),
            own_headers: OwnHeaders::new(names.cloned()),
            entrance,
            security_headers: SecurityHeaders::new(&config.security_headers),
        }
    }

    /// Takes up what was kept in a folder, before the first request.
    pub(crate) fn begin(&self, folder: &Path) {
        if let Entrance::Tokens(tokens) = &self.entrance {
            tokens.begin(folder);
        }
    }

    /// Keeps itself up to date, for ever.
    pub(crate) async fn attend(self: Arc<Self>) {
        match &self.entrance {
            Entrance::Open | Entrance::Asking(_) => {}
            Entrance::Tokens(tokens) => tokens.attend().await,
        }
    }

    /// Closes connections of its own that have waited for too long.
    pub(crate) fn tidy(&self) {
        if let Entrance::Asking(server) = &self.entrance {
            server.tidy();
        }
    }

    /// Looks at a request. Whoever passes is named in its headers, and nobody else: what a client says of itself there is
    /// removed. What the next hop is not to see must be gone by now, so that no client has our headers removed with it.
    ///
    /// # Errors
    /// Why it does not pass.
    pub(crate) async fn admit(
        &self,
        arrival: &Arrival<'_>,
        head: &mut Parts,
        leaving: &mut Leaving,
    ) -> Result<Admitted, Problem> {
        self.own_headers.strip(&mut head.headers);
        self.limits.of_address(arrival.client, leaving).await?;
        match &self.entrance {
            Entrance::Open => {}
            Entrance::Tokens(tokens) => {
                if let Some(person) = tokens.ask(head, leaving).await? {
                    self.limits.of_user(person.key(), leaving).await?;
                    person.tell(&mut head.headers);
                }
            }
            // So large that nobody else should have to make room for it.
            Entrance::Asking(server) => return Box::pin(server.ask(arrival, head)).await,
        }
        Ok(Admitted::Passes)
    }
}

impl Arrival<'_> {
    /// Whether the client speaks https.
    pub(crate) fn is_https(&self, headers: &HeaderMap) -> bool {
        self.proto(headers) == "https"
    }

    /// How the client speaks: `https` also where a proxy that is trusted says so.
    fn proto<'a>(&'a self, headers: &'a HeaderMap) -> &'a str {
        let said = self.told(headers, "x-forwarded-proto");
        if said.is_some_and(|said| said.eq_ignore_ascii_case("https")) { "https" } else { self.scheme }
    }

    /// What a proxy that is trusted says in a header: of several, what the first one said.
    fn told<'h>(&self, headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
        if !self.is_trusted {
            return None;
        }
        let said = headers.get(name)?.to_str().ok()?;
        said.split(',').next().map(str::trim).filter(|said| !said.is_empty())
    }
}

#[cfg(test)]
mod costs;
