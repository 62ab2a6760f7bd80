//! HTTP that belongs to no room: listening, the embedded pages, the API reference, health.

pub(crate) mod docs;
pub(crate) mod health;
pub mod listener;
pub(crate) mod ui;
