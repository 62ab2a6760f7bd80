//! Who somebody is, as others say.

use async_trait::async_trait;
use foundation::{SecretString, Timestamp, Uuid};

use crate::socket_io::Refusal;

/// Somebody who has been let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Their user.
    pub user_id: Uuid,
    /// What others call them.
    pub username: String,
    /// Their session, or the token of an API client: when that ends they are disconnected.
    pub credential: Uuid,
    /// Until when they are believed, unless they show again who they are.
    pub expires_at: Timestamp,
}

/// Knows people by their tokens.
#[async_trait]
pub trait Identities: Send + Sync + 'static {
    /// Whose token it is: somebody who exists, is active, and may use the applications.
    ///
    /// # Errors
    /// Why not.
    async fn identify(&self, token: &SecretString) -> Result<Identity, Refusal>;

    /// Until when somebody is believed by now, who may have renewed their session elsewhere.
    ///
    /// # Errors
    /// Why not any more.
    async fn renewed(&self, identity: &Identity) -> Result<Timestamp, Refusal>;
}
