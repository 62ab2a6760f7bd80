//! One host that may be asked.

use axum::body::Bytes;

use super::error::OutboundError;
use super::request::{Answer, Request};

/// A host that may be asked.
pub(super) struct Host {
    /// Its scheme, its name and its port.
    name: String,
    client: reqwest::Client,
}

impl Host {
    pub(super) fn new(name: String, client: reqwest::Client) -> Self {
        Self { name, client }
    }

    /// Sends a request and waits for the whole answer.
    pub(super) async fn attempt(&self, request: &Request, limit: usize) -> Result<Answer, OutboundError> {
        let Request { method, url, headers, body, .. } = request.clone();
        let mut sent = reqwest::Request::new(method, url);
        *sent.headers_mut() = headers;
        *sent.body_mut() = (!body.is_empty()).then(|| body.into());
        let response = self.client.execute(sent).await.map_err(|error| self.lost(error))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let is_answer = status.is_success() || status.is_redirection() || status.is_client_error();
        if !is_answer {
            return Err(OutboundError::ServerError { host: self.name.clone(), status });
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
}
