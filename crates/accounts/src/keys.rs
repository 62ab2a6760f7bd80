//! The keys of this installation: some sign access tokens, some seal secrets at rest.
//!
//! They live in the database, so that every node has the same, sealed by the [`foundation::RootKey`], which does not. Rotating one
//! makes a new one that is used from now on; the old one goes on verifying, or opening, until it retires.

mod ring;
mod rotation;
mod sealing;

pub use ring::Purpose;
pub(crate) use ring::{Keys, Ring, SigningKey};
pub use rotation::KeyInfo;
pub(crate) use sealing::{SealError, SealingKey};
