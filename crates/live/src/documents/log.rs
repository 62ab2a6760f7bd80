//! Where documents are kept: every change, until a snapshot has it.

use async_trait::async_trait;
use foundation::Uuid;

use crate::admission::RoomName;

/// What is kept of a document, or what has come since.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stored {
    /// All that was before the changes, as one change; none if that is known already, or there was nothing.
    pub snapshot: Option<Vec<u8>>,
    /// Changes, oldest first.
    pub updates: Vec<Vec<u8>>,
    /// The number of the last one.
    pub last: i64,
}

/// It cannot be read or written at the moment. Whoever keeps it has logged why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotKept;

/// Puts what is kept together to one snapshot; none if it cannot be read.
pub type Merge = Box<dyn FnOnce(Stored) -> Option<Vec<u8>> + Send>;

/// Keeps documents.
#[async_trait]
pub trait DocumentLog: Send + Sync + 'static {
    /// What has come after a number; all of it after zero.
    ///
    /// # Errors
    /// When it cannot be read.
    async fn load(&self, room: &RoomName, after: i64) -> Result<Stored, NotKept>;

    /// Keeps a change. Its number is greater by one than that of the last one of this document, and whoever sees it sees
    /// all before it.
    ///
    /// # Errors
    /// When it cannot be written.
    async fn append(&self, room: &RoomName, user: Uuid, update: &[u8]) -> Result<i64, NotKept>;

    /// Puts a snapshot in the place of the changes that it has, while no other is made of the same document.
    ///
    /// # Errors
    /// When it cannot be read or written; everything is as it was.
    async fn compact(&self, room: &RoomName, merge: Merge) -> Result<(), NotKept>;
}
