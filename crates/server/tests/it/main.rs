//! The front door from outside: the rooms joined in this process, and the real binary.

mod answers;
mod audit_commands;
mod audited;
mod commands;
mod crash;
mod csp_reports;
mod framing;
mod health;
mod house;
mod limits;
mod log;
mod maintenance;
mod object_store;
mod pages;
mod process;
mod production;
mod reference;
mod safe_methods;
mod smoke;
mod smtp_server;
mod smtp_tls;
mod sockets;
mod start_up_errors;
mod starts;
mod stopping;
mod users;
