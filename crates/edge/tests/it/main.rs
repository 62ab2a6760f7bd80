//! The gate in front of real servers, with real clients, over this machine's loopback; and its judge, on traffic that seeds
//! make.

mod abuse;
mod access;
mod acme;
mod authority;
mod bounds;
mod checks;
mod entrance;
mod frames;
mod gate;
mod gateway;
mod hooks;
mod http2;
mod issuer;
mod judging;
mod passing;
mod rollouts;
mod smuggling;
mod stopping;
mod target;
mod tls;
mod tunnels;
mod visitors;
mod wire;
