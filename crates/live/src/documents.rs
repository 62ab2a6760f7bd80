//! Documents that the members of a room edit together (Yjs).
//!
//! What may be believed of what strangers send says a [`document`]; [`shared`] has those of this node, which are kept in a
//! [`log`] for all nodes; where people are in a document says their [`awareness`].

pub(crate) mod awareness;
mod config;
mod document;
mod log;
mod quiet;
mod shared;

pub use config::DocumentConfig;
pub use log::{DocumentLog, Merge, NotKept, Stored};
#[cfg(test)]
pub(crate) use shared::tests::Shelf;
pub(crate) use shared::{Documents, NoDocument, Opened};
