//! Who is here at this node, to find them when their session ends.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use foundation::Uuid;
use tokio_util::sync::CancellationToken;

use crate::engine_io::Reason;
use crate::socket_io::Socket;

/// Somebody who is here.
#[derive(Debug, Clone)]
pub(crate) struct Present {
    pub(crate) socket: Arc<Socket>,
    /// What they were let in by.
    pub(crate) credential: Uuid,
    /// Cancelled once they are gone, with nothing of them left.
    pub(crate) gone: CancellationToken,
}

/// All who are here, by their private ids.
#[derive(Debug, Default)]
pub(crate) struct Presence(Mutex<HashMap<Arc<str>, Present>>);

impl Presence {
    pub(super) fn enter(&self, private_id: &Arc<str>, present: Present) {
        self.present().insert(Arc::clone(private_id), present);
    }

    pub(super) fn leave(&self, private_id: &str) {
        if let Some(present) = self.present().remove(private_id) {
            present.gone.cancel();
        }
    }

    pub(super) fn find(&self, private_id: &str) -> Option<Present> {
        self.present().get(private_id).cloned()
    }

    /// Ends the sessions of those who were let in by one of these.
    pub(crate) fn end(&self, credentials: &[Uuid], reason: Reason) {
        for present in self.present().values() {
            if credentials.contains(&present.credential) {
                present.socket.close(reason);
            }
        }
    }

    /// By what those who are here were let in.
    pub(crate) fn credentials(&self) -> Vec<Uuid> {
        let mut credentials: Vec<_> = self.present().values().map(|present| present.credential).collect();
        credentials.sort_unstable();
        credentials.dedup();
        credentials
    }

    fn present(&self) -> MutexGuard<'_, HashMap<Arc<str>, Present>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
