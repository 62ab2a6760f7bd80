//! The front door: joins the rooms into one program and knows no rule of any of them.
//!
//! `main` reads the command line ([`cli`]) and runs one of the [`commands`]; [`App`] wires the rooms; [`http`] listens.

pub mod actions;
mod app;
pub mod cli;
mod commands;
mod config;
mod csp_reports;
mod data_folder;
mod gate;
pub mod http;
mod jobs;
mod live;
mod maintenance;
mod migrations;
mod object_store;
mod queries;
mod refusals;
mod telemetry;

pub use app::{App, AppSecrets, migrations};
pub use commands::run;
pub use config::{Config, LogConfig, LogFormat, MetricsConfig, Mode, ServerConfig};
pub use data_folder::DataFolder;
pub use migrations::own_migrations;
