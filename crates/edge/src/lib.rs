//! The street gate: it stands in front of any HTTP application, shares its visitors out between two releases, watches
//! both, and goes back by itself when the new one does worse.
//!
//! [`judge`] says what the evidence says; [`rollout`] says what follows from it.

pub mod judge;
pub mod rollout;
