//! Certificates that are got, and renewed, without anybody's hand (RFC 8555). An authority that is down, or refuses,
//! changes nothing for clients as long as the certificate lasts: it is asked a third of its life before the end.

mod authority;
mod kept;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use foundation::Ambient;
use foundation::config::{Mistake, Mistakes};
use guard::outbound::{AllowedHost, Outbound, OutboundConfig};
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use tokio::time::Instant;

use super::certificate::{Certificate, CertificateError};
use super::keyring::Keyring;
use crate::config::AcmeConfig;
use kept::Kept;

/// How often it is looked whether a certificate ends.
const LOOK: Duration = Duration::from_hours(1);
/// After an attempt has failed; twice as long after the next one. Authorities count failures, and stop answering.
const PAUSE: Duration = Duration::from_mins(5);
/// The longest.
const LONGEST_PAUSE: Duration = Duration::from_hours(6);

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
enum AcmeError {
    #[error("the authority cannot be asked, or refuses")]
    Refused(#[from] instant_acme::Error),
    #[error("the authority takes no proof by TLS-ALPN-01 for it")]
    NoChallenge,
    #[error("the authority has not found the proof: {0}; port 443 of the domain must lead here")]
    NotProved(String),
    #[error("no proof can be made")]
    NoProof(#[from] rcgen::Error),
    #[error("no proof can be made")]
    NoKey(#[from] rustls::Error),
    #[error("what the authority has given cannot be used")]
    Unusable(#[from] CertificateError),
    #[error("the data folder cannot be used")]
    Folder(#[from] std::io::Error),
}

/// Whoever gets the certificates.
#[derive(Debug)]
pub(super) struct Acme {
    config: AcmeConfig,
    kept: Kept,
    outbound: Outbound,
    keyring: Arc<Keyring>,
    ambient: Ambient,
}

impl Acme {
    /// Takes what is kept in a folder. None when there are no domains.
    ///
    /// # Errors
    /// When the authority of the directory's own certificate cannot be used.
    pub(super) fn build(
        config: &AcmeConfig,
        folder: &Path,
        keyring: Arc<Keyring>,
        ambient: &Ambient,
    ) -> Result<Option<Self>, Mistakes> {
        if config.domains.is_empty() {
            return Ok(None);
        }
        let outbound = outbound(config, ambient)?;
        let kept = Kept::new(folder, &config.directory);
        for domain in &config.domains {
            match kept.certificate(domain) {
                Ok(Some(certificate)) => keyring.issue(domain, certificate),
                Ok(None) => {}
                Err(error) => {
                    let error: &dyn std::error::Error = &error;
                    tracing::warn!(domain, error, "the certificate that was kept is got anew");
                }
            }
        }
        Ok(Some(Self { config: config.clone(), kept, outbound, keyring, ambient: ambient.clone() }))
    }

    /// Gets what is missing, and what ends soon, for ever.
    pub(super) async fn tend(&self) {
        let mut failed: BTreeMap<&str, (u32, Instant)> = BTreeMap::new();
        loop {
            let mut next = LOOK;
            for domain in &self.config.domains {
                if let Some((_, until)) = failed.get(domain.as_str())
                    && Instant::now() < *until
                {
                    next = next.min(until.saturating_duration_since(Instant::now()));
                    continue;
                }
                let due = self.due(domain);
                if !due.is_zero() {
                    next = next.min(due);
                    continue;
                }
                match self.renew(domain).await {
                    Ok(()) => drop(failed.remove(domain.as_str())),
                    Err(error) => {
                        let times = failed.get(domain.as_str()).map_or(0, |(times, _)| *times);
                        let pause = PAUSE.saturating_mul(1 << times.min(10)).min(LONGEST_PAUSE);
                        failed.insert(domain, (times + 1, Instant::now() + pause));
                        next = next.min(pause);
                        let error: &dyn std::error::Error = &error;
                        tracing::error!(domain, error, ?pause, "no certificate was got; it is tried again");
                    }
                }
            }
            tokio::time::sleep(next.max(Duration::from_secs(1))).await;
        }
    }

    /// How long it has time: nothing when there is none, or less than a third of its life is left.
    fn due(&self, domain: &str) -> Duration {
        let Some((begins, expires)) = self.keyring.life(domain) else { return Duration::ZERO };
        let due = expires - (expires - begins) / 3;
        (due - self.ambient.now()).to_std().unwrap_or_default()
    }

    async fn renew(&self, domain: &str) -> Result<(), AcmeError> {
        let account = authority::account(&self.config, &self.kept, &self.outbound).await?;
        let issued = authority::certificate(&account, domain, &self.keyring).await;
        self.keyring.forget_proof(domain);
        let text = issued?;
        let certificate = Certificate::parse(text.as_bytes(), text.as_bytes())?;
        self.kept.keep_certificate(domain, &text)?;
        tracing::info!(domain, expires = %certificate.expires, "a certificate was got");
        self.keyring.issue(domain, certificate);
        Ok(())
    }
}

/// To the host of the directory, wherever it is: the operator has named it.
fn outbound(config: &AcmeConfig, ambient: &Ambient) -> Result<Outbound, Mistakes> {
    let everywhere = [IpNet::from(Ipv4Net::default()), IpNet::from(Ipv6Net::default())];
    let outbound = OutboundConfig {
        allow: AllowedHost::of(&config.directory).into_iter().collect(),
        allow_private: everywhere.into(),
        tls_ca_file: config.ca_file.clone(),
        ..OutboundConfig::default()
    };
    Outbound::build(&outbound, ambient.clone()).map_err(|error| {
        Mistakes(vec![Mistake::new("edge.tls.acme.ca_file", foundation::with_causes(&error))])
    })
}
