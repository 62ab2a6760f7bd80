//! The street gate: it stands in front of any HTTP application, shares its visitors out between two releases, watches
//! both, and goes back by itself when the new one does worse.
//!
//! [`judge`] says what the evidence says; [`rollout`] says what follows from it.

mod config;
mod control;
mod edge;
mod engine;
mod gateway;
mod handover;
mod health;
mod hooks;
pub mod judge;
mod listener;
mod pages;
mod proxy;
mod registry;
pub mod rollout;
mod service;
mod table;
mod tls;
mod upstream;

pub use config::{
    AcmeConfig, Address, AuthUrl, CertificateFiles, ClaimHeader, Config, ForwardAuthConfig, Frames,
    HealthConfig, HooksConfig, JwtConfig, KeySource, PassedHeader, RateLimitConfig, RolloutConfig,
    SecurityHeaderConfig, ServiceConfig, SigningAlgorithm, TlsConfig,
};
pub use control::{Control, ControlError};
pub use edge::{Edge, EdgeError};
pub use engine::{
    Deed, FolderError, GateView, Happened, Moment, Point, Record, Refused, RolloutView, SeriesView,
    ServiceView, SlotView, TargetView, Told,
};
pub use handover::Predecessor;
pub use health::Condition;
pub use listener::Listeners;
