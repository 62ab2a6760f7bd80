//! Signed requests to a place of the operator's (Standard Webhooks, 1.0).

use std::fmt;

use aws_lc_rs::hmac;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use foundation::Ambient;
use guard::outbound::{Outbound, OutboundConfig, OutboundError, Request};
use http::{HeaderName, HeaderValue, Method, StatusCode, header};
use tokio::sync::OnceCell;
use url::Url;

use super::event::Event;
use crate::config::{HooksConfig, webhook_secret, webhook_url};

const ID: HeaderName = HeaderName::from_static("webhook-id");
const TIMESTAMP: HeaderName = HeaderName::from_static("webhook-timestamp");
const SIGNATURE: HeaderName = HeaderName::from_static("webhook-signature");
/// Nobody reads what a receiver answers.
const LARGEST_ANSWER: usize = 64 * 1024;

/// Where to, and with what it is signed.
pub(super) struct Webhook {
    url: Url,
    key: hmac::Key,
    settings: OutboundConfig,
    ambient: Ambient,
    /// Made when it is needed: where the machine trusts no certificate authority, there may be one later.
    outbound: OnceCell<Outbound>,
}

/// Without the address, which may be a secret.
impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhook")
            .field("at", &self.url.origin().ascii_serialization())
            .finish_non_exhaustive()
    }
}

/// Why it was not told.
#[derive(Debug, thiserror::Error)]
pub(super) enum WebhookError {
    #[error(transparent)]
    Outbound(#[from] OutboundError),
    #[error("it answered {0}")]
    Status(StatusCode),
}

impl Webhook {
    /// From settings that were checked.
    pub(super) fn of(config: &HooksConfig, ambient: &Ambient) -> Option<Self> {
        let url = config.url.as_ref().and_then(webhook_url)?;
        let secret = config.secret.as_ref().and_then(webhook_secret)?;
        let key = hmac::Key::new(hmac::HMAC_SHA256, &secret);
        let settings = OutboundConfig {
            tls_ca_file: config.tls_ca_file.clone(),
            timeout: config.timeout,
            max_answer_bytes: LARGEST_ANSWER,
            ..OutboundConfig::only(&url)
        };
        Some(Self { url, key, settings, ambient: ambient.clone(), outbound: OnceCell::new() })
    }

    /// Posts it; when the receiver is not there, some times again.
    pub(super) async fn post(&self, event: &Event) -> Result<(), WebhookError> {
        let outbound = async || Outbound::build(&self.settings, self.ambient.clone());
        let outbound = self.outbound.get_or_try_init(outbound).await?;
        let answer = outbound.send(self.request(event)).await?;
        if answer.status.is_success() { Ok(()) } else { Err(WebhookError::Status(answer.status)) }
    }

    fn request(&self, event: &Event) -> Request {
        let seconds = self.ambient.now().timestamp();
        let id = value(event.id());
        Request::new(Method::POST, self.url.clone())
            .header(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .header(ID, id.clone())
            .header(TIMESTAMP, seconds.into())
            .header(SIGNATURE, value(&signature(&self.key, event.id(), seconds, event.body())))
            .idempotency_key(id)
            .body(event.body().clone())
    }
}

fn value(text: &str) -> HeaderValue {
    text.parse().expect("digits, letters of base64 and a comma")
}

/// Over the id, the time in seconds, and the body, with full stops between.
fn signature(key: &hmac::Key, id: &str, seconds: i64, body: &[u8]) -> String {
    let mut context = hmac::Context::with_key(key);
    context.update(format!("{id}.{seconds}.").as_bytes());
    context.update(body);
    format!("v1,{}", BASE64_STANDARD.encode(context.sign()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example that the specification's own libraries are tested with.
    #[test]
    fn it_is_signed_as_others_verify_it() {
        let secret = webhook_secret(&"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".into()).expect("a secret");
        let key = hmac::Key::new(hmac::HMAC_SHA256, &secret);
        let signed =
            signature(&key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
