//! Asks where keys are published for them.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use foundation::Ambient;
use foundation::config::Period;
use guard::outbound::{Outbound, OutboundConfig, OutboundError, Request};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use url::Url;

use super::key_set::{KeySet, NoKeys};
use crate::config::KeySource;

/// The largest key set that is taken, in bytes.
pub(super) const LARGEST: usize = 256 * 1024;

/// A place of keys, and the way there.
#[derive(Debug)]
pub(super) struct Source {
    place: KeySource,
    authority: Option<PathBuf>,
    ambient: Ambient,
    /// Made when it is needed: where the machine trusts no certificate authority, there may be one later.
    outbound: Mutex<Option<Outbound>>,
}

/// Keys that were found there.
#[derive(Debug)]
pub(super) struct Fetched {
    pub(super) text: Vec<u8>,
    pub(super) set: KeySet,
    /// How long the issuer says that they are fresh.
    pub(super) max_age: Option<Duration>,
}

/// Why there are none.
#[derive(Debug, thiserror::Error)]
pub(super) enum FetchError {
    #[error(transparent)]
    Outbound(#[from] OutboundError),
    #[error("the answer was {0}")]
    Status(StatusCode),
    #[error("the file cannot be read")]
    File(#[from] io::Error),
    #[error("the file is larger than {LARGEST} bytes")]
    TooLarge,
    #[error("what is published cannot be used")]
    Keys(#[from] NoKeys),
}

impl Source {
    pub(super) fn new(place: KeySource, authority: Option<PathBuf>, ambient: Ambient) -> Self {
        Self { place, authority, ambient, outbound: Mutex::new(None) }
    }

    pub(super) fn place(&self) -> &KeySource {
        &self.place
    }

    /// Whether it is worth keeping a copy of what is there.
    pub(super) fn is_elsewhere(&self) -> bool {
        matches!(self.place, KeySource::Web(_))
    }

    pub(super) async fn fetch(&self) -> Result<Fetched, FetchError> {
        let (text, max_age) = match &self.place {
            KeySource::Web(url) => self.download(url).await?,
            KeySource::File(path) => {
                let path = path.clone();
                let read = tokio::task::spawn_blocking(move || read(&path)).await;
                (read.map_err(io::Error::other)??, None)
            }
        };
        let set = KeySet::parse(&text)?;
        Ok(Fetched { text, set, max_age })
    }

    async fn download(&self, url: &Url) -> Result<(Vec<u8>, Option<Duration>), FetchError> {
        let accept = HeaderValue::from_static("application/jwk-set+json, application/json");
        let request = Request::new(Method::GET, url.clone()).header(header::ACCEPT, accept).once();
        let answer = self.outbound(url)?.send(request).await?;
        if answer.status != StatusCode::OK {
            return Err(FetchError::Status(answer.status));
        }
        Ok((answer.body.to_vec(), max_age(&answer.headers)))
    }

    fn outbound(&self, url: &Url) -> Result<Outbound, OutboundError> {
        let mut outbound = self.outbound.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(outbound) = &*outbound {
            return Ok(outbound.clone());
        }
        let config = OutboundConfig {
            tls_ca_file: self.authority.clone(),
            connect_timeout: Period::from_secs(3),
            timeout: Period::from_secs(10),
            max_answer_bytes: LARGEST,
            ..OutboundConfig::only(url)
        };
        Ok(outbound.insert(Outbound::build(&config, self.ambient.clone())?).clone())
    }
}

fn read(path: &Path) -> Result<Vec<u8>, FetchError> {
    let mut text = Vec::new();
    std::fs::File::open(path)?.take(LARGEST as u64 + 1).read_to_end(&mut text)?;
    if text.len() > LARGEST { Err(FetchError::TooLarge) } else { Ok(text) }
}

/// RFC 9111, 5.2.2.1.
fn max_age(headers: &HeaderMap) -> Option<Duration> {
    let mut directives = headers.get(header::CACHE_CONTROL)?.to_str().ok()?.split(',');
    let seconds = directives.find_map(|directive| directive.trim().strip_prefix("max-age=")?.parse().ok());
    seconds.map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_keys_are_fresh_is_read_from_the_answer() {
        let said = |text: &'static str| {
            let value = HeaderValue::from_static(text);
            max_age(&[(header::CACHE_CONTROL, value)].into_iter().collect()).map(|age| age.as_secs())
        };
        assert_eq!(said("public, max-age=300"), Some(300));
        assert_eq!(said("max-age=0, must-revalidate"), Some(0));
        assert_eq!(said("s-maxage=5"), None);
        assert_eq!(said("max-age=soon"), None);
        assert_eq!(max_age(&HeaderMap::new()), None);
    }
}
