//! What an answer gets on its way out, whoever gives it: the application, or the gate.

use std::sync::Arc;
use std::time::Duration;

use guard::Allowance;
use http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, Response, StatusCode};

use super::Gateway;

/// Collected while a request comes in.
#[derive(Debug, Default)]
pub(crate) struct Leaving {
    gateway: Option<Arc<Gateway>>,
    is_https: bool,
    standings: Vec<Allowance>,
    retry_after: Option<Duration>,
    challenge: Option<HeaderValue>,
}

impl Leaving {
    /// Which application the request is for, and whether it came over https.
    pub(super) fn of(&mut self, gateway: &Arc<Gateway>, is_https: bool) {
        (self.gateway, self.is_https) = (Some(Arc::clone(gateway)), is_https);
    }

    /// A limit applied.
    pub(super) fn stands_at(&mut self, allowance: Allowance) {
        self.standings.push(allowance);
    }

    /// The client is told when to try again.
    pub(super) fn come_back_after(&mut self, wait: Duration) {
        self.retry_after = Some(wait);
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
        if let Some(wait) = self.retry_after {
            headers.insert(RETRY_AFTER, whole_seconds(wait).into());
        }
        if let Some(challenge) = self.challenge {
            headers.insert(WWW_AUTHENTICATE, challenge);
        }
    }
}

/// So that whoever waits that long has waited long enough.
fn whole_seconds(wait: Duration) -> u64 {
    (wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).max(1)
}
