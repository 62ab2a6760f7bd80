//! What an answer gets on its way out, whoever gives it: the application, or the gate.

use std::sync::Arc;

use guard::Allowance;
use http::header::WWW_AUTHENTICATE;
use http::{HeaderValue, Response, StatusCode};

use super::Gateway;

/// Collected while a request comes in.
#[derive(Debug, Default)]
pub(crate) struct Leaving {
    gateway: Option<Arc<Gateway>>,
    is_https: bool,
    standings: Vec<Allowance>,
    challenge: Option<HeaderValue>,
}

impl Leaving {
    /// Which application the request is for, and whether it came over https.
    pub(crate) fn of(&mut self, gateway: &Arc<Gateway>, is_https: bool) {
        (self.gateway, self.is_https) = (Some(Arc::clone(gateway)), is_https);
    }

    /// A limit applied.
    pub(super) fn stands_at(&mut self, allowance: Allowance) {
        self.standings.push(allowance);
    }

    /// The client is told what to show (RFC 9110, 11.6.1).
    pub(super) fn challenge(&mut self, challenge: HeaderValue) {
        self.challenge = Some(challenge);
    }

    /// Writes all that into an answer.
    pub(crate) fn dress<B>(self, response: &mut Response<B>) {
        // What follows it is no answer any more.
        if response.status() == StatusCode::SWITCHING_PROTOCOLS {
            return;
        }
        let headers = response.headers_mut();
        if let Some(gateway) = &self.gateway {
            gateway.security_headers.add(headers, self.is_https);
        }
        guard::tell_standing(headers, &self.standings);
        if let Some(challenge) = self.challenge {
            headers.insert(WWW_AUTHENTICATE, challenge);
        }
    }
}
