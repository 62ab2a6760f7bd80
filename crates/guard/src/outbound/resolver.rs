//! Looks names up and keeps the addresses that may be reached.
//!
//! The connection is made to what is returned here. There is no second look-up in between, whose answer could be
//! another one (DNS rebinding).

use std::error::Error;
use std::fmt;
use std::net::SocketAddr;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::addresses::Reach;

/// The machine's own resolver, with what is out of reach left out.
pub(super) struct Resolver(pub(super) Reach);

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.0.clone();
        Box::pin(async move {
            // The port is the URL's: reqwest puts it in.
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let kept: Vec<SocketAddr> = found.filter(|address| reach.admits(address.ip())).collect();
            if kept.is_empty() { Err(OutOfReach.into()) } else { Ok(Box::new(kept.into_iter()) as Addrs) }
        })
    }
}

/// A name led to nothing that may be reached.
#[derive(Debug)]
pub(super) struct OutOfReach;

impl fmt::Display for OutOfReach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name leads to no address that may be reached")
    }
}

impl Error for OutOfReach {}
