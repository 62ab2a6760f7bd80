//! The street gate: it stands in front of any HTTP application, shares its visitors out between two releases, watches
//! both, and goes back by itself when the new one does worse.
//!
//! [`judge`] says what the evidence says; [`rollout`] says what follows from it.

mod config;
mod edge;
mod health;
pub mod judge;
mod listener;
mod pages;
mod proxy;
mod registry;
pub mod rollout;
mod service;
mod table;
mod upstream;

pub use config::{Address, Config, HealthConfig, ServiceConfig, Slot};
pub use edge::Edge;
pub use health::Condition;
