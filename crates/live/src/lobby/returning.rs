//! Those who went without a word, and may come back within two minutes: to this node, or to another if nodes share a Redis.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use foundation::{Ambient, Timestamp, Uuid};
use serde::{Deserialize, Serialize};

use super::presence::Presence;
use crate::engine_io::Reason;
use crate::rooms::cluster::Cluster;
use crate::rooms::hub::Stay;

/// How long somebody may be away.
const AWAY: Duration = Duration::from_mins(2);
/// How long a session that is being replaced may take to end.
const REPLACED: Duration = Duration::from_secs(1);
/// How many are kept at a node.
const MOST: usize = 50_000;

/// What somebody leaves behind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Saved {
    pub(crate) user_id: Uuid,
    /// What others know them by.
    pub(crate) socket_id: Arc<str>,
    pub(crate) stays: Vec<Stay>,
}

/// Those who may come back.
pub(crate) struct Returning {
    cluster: Option<Cluster>,
    ambient: Ambient,
    here: Mutex<HashMap<String, (Saved, Timestamp)>>,
}

impl Returning {
    pub(crate) fn new(cluster: Option<Cluster>, ambient: Ambient) -> Self {
        Self { cluster, ambient, here: Mutex::default() }
    }

    /// Keeps what somebody leaves behind.
    pub(super) async fn keep(&self, private_id: &str, saved: Saved) {
        let name = name(private_id);
        if let Some(cluster) = &self.cluster {
            let bytes = postcard::to_stdvec(&saved).expect("it can be written");
            if cluster.keep(&name, &bytes, AWAY).await.is_ok() {
                return;
            }
        }
        let mut here = self.here();
        let now = self.ambient.now();
        if here.len() >= MOST {
            here.retain(|_, (_, until)| *until > now);
        }
        if here.len() < MOST {
            here.insert(name, (saved, now + AWAY));
        }
    }

    /// What somebody left behind. Who is here still, over a connection that is broken or as good as that, goes first.
    pub(super) async fn take(&self, private_id: &str, presence: &Presence) -> Option<Saved> {
        if let Some(present) = presence.find(private_id) {
            present.socket.close(Reason::Lost);
            tokio::time::timeout(REPLACED, present.gone.cancelled()).await.ok()?;
        }
        let name = name(private_id);
        let found = self.here().remove(&name);
        if let Some((saved, until)) = found {
            return (until > self.ambient.now()).then_some(saved);
        }
        let bytes = self.cluster.as_ref()?.take(&name).await.ok()??;
        postcard::from_bytes(&bytes).ok()
    }

    /// Forgets those who did not come back.
    pub(crate) fn tidy(&self) {
        let now = self.ambient.now();
        self.here().retain(|_, (_, until)| *until > now);
    }

    fn here(&self) -> MutexGuard<'_, HashMap<String, (Saved, Timestamp)>> {
        self.here.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A private id lets somebody speak in another's name, so it is not kept as it is.
fn name(private_id: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, private_id.as_bytes()))
}
