//! One host, and what is known about it.

use std::error::Error;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::Bytes;
use http::header::RETRY_AFTER;
use tokio::time::Instant;

use super::breaker::Breaker;
use super::error::OutboundError;
use super::request::{Answer, Request};

/// A host that may be asked.
pub(super) struct Host {
    /// Its scheme, its name and its port.
    name: String,
    client: reqwest::Client,
    breaker: Mutex<Breaker>,
}

impl Host {
    pub(super) fn new(name: String, client: reqwest::Client) -> Self {
        Self { name, client, breaker: Mutex::new(Breaker::new()) }
    }

    /// Sends a request once, unless this host is left alone, and learns from what happens.
    pub(super) async fn attempt(&self, request: &Request, limit: usize) -> Result<Answer, OutboundError> {
        let admitted = self.breaker().admit(Instant::now().into_std());
        admitted.map_err(|wait| OutboundError::LeftAlone { host: self.name.clone(), wait })?;
        let outcome = self.exchange(request, limit).await;
        self.learn(&outcome);
        outcome
    }

    /// Whether it is given a pause.
    pub(super) fn is_left_alone(&self) -> bool {
        !self.breaker().is_closed()
    }

    async fn exchange(&self, request: &Request, limit: usize) -> Result<Answer, OutboundError> {
        let Request { method, url, headers, body, .. } = request.clone();
        let mut sent = reqwest::Request::new(method, url);
        *sent.headers_mut() = headers;
        *sent.body_mut() = (!body.is_empty()).then(|| body.into());
        let response = self.client.execute(sent).await.map_err(|error| self.lost(error))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let is_answer = status.is_success() || status.is_redirection() || status.is_client_error();
        if !is_answer {
            let asked = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
            let retry_after = asked.map(Duration::from_secs);
            return Err(OutboundError::ServerError { host: self.name.clone(), status, retry_after });
        }
        let body = self.body(response, limit).await?;
        Ok(Answer { status, headers, body })
    }

    /// Reads a body as long as it is not too large.
    async fn body(&self, mut response: reqwest::Response, limit: usize) -> Result<Bytes, OutboundError> {
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.lost(error))? {
            if chunk.len() > limit - body.len() {
                return Err(OutboundError::TooLarge { host: self.name.clone(), limit });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.into())
    }

    fn lost(&self, error: reqwest::Error) -> OutboundError {
        OutboundError::of(&self.name, error)
    }

    /// Says once when the host is given a pause, and once when it is back.
    fn learn(&self, outcome: &Result<Answer, OutboundError>) {
        match outcome {
            // Nothing was sent.
            Err(OutboundError::OutOfReach { .. } | OutboundError::Unsendable { .. }) => {}
            Err(error) if error.is_failure_of_host() => {
                let pause = self.breaker().failed(Instant::now().into_std());
                if let Some(pause) = pause {
                    let error: &dyn Error = error;
                    tracing::warn!(
                        host = self.name,
                        ?pause,
                        error,
                        "a host is left alone: it fails again and again"
                    );
                }
            }
            _ => {
                let is_back = self.breaker().succeeded();
                if is_back {
                    tracing::info!(host = self.name, "a host answers again");
                }
            }
        }
    }

    /// The rules never panic, so that what they left behind is always whole.
    fn breaker(&self) -> MutexGuard<'_, Breaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
