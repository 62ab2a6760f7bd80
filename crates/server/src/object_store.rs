//! An object store as a witness: it keeps each checkpoint of the audit log as an object.

use std::time::Duration;

use anyhow::Context as _;
use audit::{Checkpoint, ObjectStoreConfig, Witness, WitnessError};
use foundation::{Ambient, ExposeSecret as _};
use futures::future::BoxFuture;
use guard::outbound::{Outbound, Request};
use http::{HeaderValue, Method, StatusCode, header};
use jiff::Timestamp;
use rusty_s3::{Bucket, Credentials, S3Action as _, UrlStyle};
use url::Url;

/// How long a signed request may be on its way, retries included.
const SIGNED_FOR: Duration = Duration::from_mins(5);

/// A bucket, and the right to write into it.
pub(crate) struct ObjectStore {
    name: String,
    bucket: Bucket,
    credentials: Credentials,
    prefix: String,
    outbound: Outbound,
    ambient: Ambient,
}

impl ObjectStore {
    /// The bucket of a checked configuration; none when none is configured. `outbound` must lead to it.
    ///
    /// # Errors
    /// When the settings name no bucket.
    pub(crate) fn build(
        config: &ObjectStoreConfig,
        outbound: Outbound,
        ambient: Ambient,
    ) -> anyhow::Result<Option<Self>> {
        let Some(endpoint) = &config.endpoint else { return Ok(None) };
        let secret = config.secret_key.as_ref().context("audit.object_store.secret_key is not set")?;
        let endpoint = host_alone(endpoint).context(
            "audit.object_store.endpoint must be an address like https://s3.example.org, without a user and a path",
        )?;
        let name = format!("the bucket {} at {}", config.bucket, endpoint.origin().ascii_serialization());
        // The bucket in the path: it works everywhere, also where it has no name of its own.
        let bucket = Bucket::new(endpoint, UrlStyle::Path, config.bucket.clone(), config.region.clone())
            .context("audit.object_store names no bucket")?;
        let credentials = Credentials::new(&config.access_key, secret.expose_secret());
        Ok(Some(Self { name, bucket, credentials, prefix: config.prefix.clone(), outbound, ambient }))
    }

    async fn put(&self, checkpoint: &Checkpoint) -> Result<(), String> {
        let key = format!("{}{}", self.prefix, name_of(checkpoint));
        let put = Request::new(Method::PUT, self.signed(&key)?).body(checkpoint.to_line());
        // What is there stays there, also where the bucket does not lock its objects.
        let put = put.header(header::IF_NONE_MATCH, HeaderValue::from_static("*"));
        let answer = self.outbound.send(put).await.map_err(|error| error.to_string())?;
        let is_kept = answer.status.is_success() || answer.status == StatusCode::PRECONDITION_FAILED;
        if is_kept { Ok(()) } else { Err(format!("it refused {key}: {}", answer.status)) }
    }

    fn signed(&self, key: &str) -> Result<Url, String> {
        let now = Timestamp::from_microsecond(self.ambient.now().timestamp_micros());
        let now = now.map_err(|error| error.to_string())?;
        Ok(self.bucket.put_object(Some(&self.credentials), key).sign_with_time(SIGNED_FOR, &now))
    }
}

/// Listed in their order; one for another history at the same place is another object.
fn name_of(checkpoint: &Checkpoint) -> String {
    let Checkpoint { sequence, .. } = checkpoint;
    format!("checkpoint-{sequence:012}-{}.json", &checkpoint.fingerprint()[..16])
}

/// An address of a host and nothing else: what else stood there would end up in logs.
fn host_alone(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let alone = url.username().is_empty() && url.password().is_none() && url.path() == "/";
    (alone && url.has_host() && url.query().is_none() && url.fragment().is_none()).then_some(url)
}

impl Witness for ObjectStore {
    fn name(&self) -> &str {
        &self.name
    }

    fn keep<'a>(&'a self, checkpoint: &'a Checkpoint) -> BoxFuture<'a, Result<(), WitnessError>> {
        Box::pin(async { self.put(checkpoint).await.map_err(WitnessError) })
    }
}
