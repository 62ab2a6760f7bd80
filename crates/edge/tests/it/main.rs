//! The gate in front of real servers, with real clients, over this machine's loopback; and its judge, on traffic that seeds
//! make.

mod entrance;
mod gate;
mod judging;
mod passing;
mod rollouts;
mod target;
mod tunnels;
mod visitors;
