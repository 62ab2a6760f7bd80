//! A Redis that forgets everything when it stops.

use std::path::Path;

use anyhow::{Context, Result};

use super::service::{Recipe, Service, start as start_service};
use super::user::{User, command};
use crate::process;

pub(super) fn start(folder: &Path, user: Option<&User>) -> Result<Service> {
    let program = process::find("redis-server")
        .context("Redis is not installed: `apt-get install --no-install-recommends redis-server`")?;
    start_service(&Recipe {
        name: "Redis",
        log: &folder.with_extension("log"),
        ready: "Ready to accept connections",
        command: &|port| {
            let mut redis = command(&program, user, folder);
            redis.args(["--port", &port.to_string(), "--bind", "127.0.0.1"]);
            redis.args(["--save", "", "--appendonly", "no"]);
            redis
        },
    })
}
