//! Writes into the audit log who ran into a rate limit (OWASP ASVS 5.0, 16.3.3). Guard tells of each sender once a
//! minute, so that nobody fills the log.

use audit::{Entry, Ledger, Source};
use foundation::Ambient;
use guard::Refused;
use serde_json::json;
use store::{Retry, Store, StoreError};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;

use crate::actions;

/// Puts refusals on record. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct RefusalRecorder {
    store: Store,
    retry: Retry,
    ledger: Ledger,
}

impl RefusalRecorder {
    pub(crate) fn new(store: Store, ambient: Ambient, ledger: Ledger) -> Self {
        Self { store, retry: Retry::new(ambient), ledger }
    }

    /// Records what comes, until told to stop. Run it once per process.
    pub(crate) async fn run(self, mut refusals: Receiver<Refused>, stop: CancellationToken) {
        while let Some(received) = stop.run_until_cancelled(refusals.recv()).await {
            match received {
                Ok(refused) => self.record_or_complain(refused).await,
                Err(RecvError::Lagged(missed)) => {
                    tracing::warn!(missed, "more refusals than could be written into the audit log");
                }
                Err(RecvError::Closed) => return,
            }
        }
    }

    async fn record_or_complain(&self, refused: Refused) {
        // Refused it is in any case, and in the log of the program.
        if let Err(error) = self.record(refused).await {
            let error = &error as &dyn std::error::Error;
            tracing::error!(error, "a refusal was not written into the audit log");
        }
    }

    async fn record(&self, Refused { key, allowance, .. }: Refused) -> Result<(), StoreError> {
        let source = Source { ip_address: key.address(), user_agent: None };
        let entry = Entry::of_installation(key.user_id(), actions::RATE_LIMIT_HIT, &source).failed();
        let limit = json!({ "limit": allowance.policy.name(), "allowed": allowance.quota.to_string() });
        let entry = entry.with(limit);
        self.ledger.record_alone(&self.store, &self.retry, &entry).await
    }
}
