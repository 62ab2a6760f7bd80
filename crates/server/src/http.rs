//! HTTP that belongs to no room: listening, the embedded pages, the API reference, health.

pub(crate) mod audit;
pub(crate) mod csp_reports;
pub(crate) mod docs;
pub(crate) mod gate;
pub(crate) mod health;
pub mod listener;
pub(crate) mod live;
pub(crate) mod maintenance;
pub(crate) mod metrics;
pub(crate) mod ui;

use accounts::AccountsError;
use foundation::{Code, Problem};
use guard::{Policy, RateRule};
use http::Method;
use store::StoreError;

/// Which routes here have a limit of their own.
pub(crate) const RATE_RULES: &[RateRule] = &[
    RateRule::new(Method::POST, "/api/csp-report", Policy::Report),
    RateRule::new(Method::GET, "/api/health", Policy::Health),
];

/// What is answered when the database fails: as accounts answer it.
fn problem(error: StoreError) -> Problem {
    AccountsError::from(error).into()
}

/// What is answered where there is nothing, or nothing for whoever asks.
fn nothing() -> Problem {
    Problem::new(Code::NotFound, "There is nothing at this address.")
}
