//! The store on both databases.

mod migrations;
mod retry;
mod rooms;
mod tls;
mod units;
