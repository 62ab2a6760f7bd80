//! A PostgreSQL cluster that is fast because it promises nothing about a power cut.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::certificate::Certificate;
use super::service::{Recipe, Service, start};
use super::user::{User, command};
use crate::{process, tools};

const ROLE: &str = "mainstay";

const SETTINGS: [&str; 7] = [
    "listen_addresses=127.0.0.1",
    "max_connections=400",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    // Tests of `transfer` read the log, each through a slot of its own.
    "wal_level=logical",
    "max_replication_slots=64",
];

pub(super) struct Postgres {
    service: Service,
    programs: PathBuf,
    certificate: Certificate,
}

impl Postgres {
    pub(super) fn start(folder: &Path, user: Option<&User>) -> Result<Self> {
        let programs = tools::postgres_folder()?;
        let data = folder.join("data");
        let mut initdb = command(&programs.join("initdb"), user, folder);
        initdb.arg("--pgdata").arg(&data).args(["--username", ROLE, "--auth", "trust"]);
        initdb.args(["--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync", "--no-instructions"]);
        process::output(&mut initdb).context("no PostgreSQL cluster could be made")?;

        let certificate = Certificate::make(folder, user)?;
        let service = start(&Recipe {
            name: "PostgreSQL",
            log: &folder.with_extension("log"),
            ready: "database system is ready to accept connections",
            command: &|port| {
                let mut server = command(&programs.join("postgres"), user, folder);
                server.arg("-D").arg(&data).args(["-p", &port.to_string()]);
                server.arg("-k").arg(folder);
                server.args(["-c", "ssl=on"]);
                server.arg("-c").arg(setting("ssl_cert_file", &certificate.chain));
                server.arg("-c").arg(setting("ssl_key_file", &certificate.key));
                server.args(SETTINGS.iter().flat_map(|setting| ["-c", setting]));
                server
            },
        })?;
        Ok(Self { service, programs, certificate })
    }

    /// The certificate authority that vouches for the server.
    pub(super) fn authority(&self) -> &Path {
        &self.certificate.authority
    }

    pub(super) fn url(&self, database: &str) -> String {
        format!("postgres://{ROLE}@127.0.0.1:{}/{database}", self.service.port)
    }

    pub(super) fn create_database(&self, name: &str) -> Result<()> {
        let mut createdb = process::clean(self.programs.join("createdb"));
        createdb.args(["-h", "127.0.0.1", "-U", ROLE, "-p", &self.service.port.to_string(), name]);
        process::output(&mut createdb).with_context(|| format!("the database `{name}` could not be made"))?;
        Ok(())
    }
}

fn setting(name: &str, path: &Path) -> String {
    format!("{name}={}", path.display())
}
