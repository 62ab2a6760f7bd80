//! The programs the tests need beside Rust and Node, found or installed.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::process::{self, find};
use crate::progress::Progress;
use crate::services::user;

/// A program, and the Debian package that brings it.
struct Tool {
    program: &'static str,
    package: &'static str,
}

const TOOLS: [Tool; 7] = [
    Tool { program: "postgres", package: "postgresql" },
    Tool { program: "aiosmtpd", package: "python3-aiosmtpd" },
    Tool { program: "openssl", package: "openssl" },
    Tool { program: "redis-server", package: "redis-server" },
    Tool { program: "chromium", package: "chromium" },
    Tool { program: "curl", package: "curl" },
    Tool { program: "pebble", package: "pebble" },
];

const INSTALL: [&str; 3] = ["install", "-y", "--no-install-recommends"];

/// Makes sure that every tool is there. Installs what is missing when it may: as root, with apt.
pub(crate) fn ensure(logs: &Path, progress: &mut Progress) -> Result<()> {
    let missing = missing();
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<_> = missing.iter().map(|tool| tool.package).collect();
    if !user::is_root()? || find("apt-get").is_none() {
        bail!("{}", advice(&missing));
    }
    install(&packages, logs, progress)?;
    match self::missing().as_slice() {
        [] => Ok(()),
        still => bail!("apt-get succeeded, and yet something is missing.\n{}", advice(still)),
    }
}

/// The folder with PostgreSQL's own programs: Debian keeps them off the PATH, one folder per version.
pub(crate) fn postgres_folder() -> Result<PathBuf> {
    newest_postgres(Path::new("/usr/lib/postgresql"))
        .or_else(|| find("initdb").and_then(|file| Some(file.parent()?.to_path_buf())))
        .context("PostgreSQL is not installed: `apt-get install postgresql`")
}

fn missing() -> Vec<&'static Tool> {
    let here = |tool: &&Tool| match tool.program {
        "postgres" => postgres_folder().is_ok(),
        program => find(program).is_some(),
    };
    TOOLS.iter().filter(|tool| !here(tool)).collect()
}

fn advice(missing: &[&Tool]) -> String {
    let programs: Vec<_> = missing.iter().map(|tool| tool.program).collect();
    let packages: Vec<_> = missing.iter().map(|tool| tool.package).collect();
    format!(
        "the tests need {}. On Debian or Ubuntu type:\n  sudo apt-get update && sudo apt-get {} {}",
        programs.join(", "),
        INSTALL.join(" "),
        packages.join(" "),
    )
}

fn newest_postgres(versions: &Path) -> Option<PathBuf> {
    let folders = fs::read_dir(versions).ok()?.flatten();
    let version = |folder: &PathBuf| folder.file_name()?.to_str()?.parse::<u32>().ok();
    let with_initdb = folders.map(|entry| entry.path()).filter(|folder| folder.join("bin/initdb").is_file());
    with_initdb.max_by_key(version).map(|folder| folder.join("bin"))
}

fn install(packages: &[&str], logs: &Path, progress: &mut Progress) -> Result<()> {
    let _quiet = NoServices::begin(Path::new("/usr/sbin/policy-rc.d"))?;
    let mut apt = |arguments: &[&str]| {
        let mut command = process::clean("apt-get");
        command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
        process::run(&mut command, &logs.join("apt.log"), progress)?.succeeded()
    };
    apt(&["update"])?;
    apt(&[&INSTALL, packages].concat())?;
    Ok(())
}

/// While this lives, Debian's packages do not start what they install: the tests run servers of their own.
struct NoServices<'a> {
    ours: Option<&'a Path>,
}

impl<'a> NoServices<'a> {
    fn begin(policy: &'a Path) -> Result<Self> {
        if policy.exists() {
            return Ok(Self { ours: None });
        }
        fs::write(policy, "#!/bin/sh\nexit 101\n").context("the service policy cannot be written")?;
        let guard = Self { ours: Some(policy) };
        fs::set_permissions(policy, fs::Permissions::from_mode(0o755))?;
        Ok(guard)
    }
}

impl Drop for NoServices<'_> {
    fn drop(&mut self) {
        if let Some(policy) = self.ours {
            // Nothing can be done about a failure here, and the run itself says nothing wrong.
            let _ = fs::remove_file(policy);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_advice_can_be_typed_as_it_is() {
        assert_eq!(
            advice(&[&TOOLS[0], &TOOLS[4]]),
            "the tests need postgres, chromium. On Debian or Ubuntu type:\n  \
             sudo apt-get update && sudo apt-get install -y --no-install-recommends postgresql chromium"
        );
    }

    #[test]
    fn the_newest_postgres_is_chosen_by_number() {
        let folder = tempfile::tempdir().unwrap();
        for version in ["9", "15", "16-broken"] {
            let programs = folder.path().join(version).join("bin");
            fs::create_dir_all(&programs).unwrap();
            fs::write(programs.join("initdb"), "").unwrap();
        }
        fs::create_dir_all(folder.path().join("17/bin")).unwrap();
        assert_eq!(newest_postgres(folder.path()), Some(folder.path().join("15/bin")));
    }

    #[test]
    fn the_service_policy_goes_away_again_and_a_foreign_one_stays() {
        let folder = tempfile::tempdir().unwrap();
        let policy = folder.path().join("policy-rc.d");
        let guard = NoServices::begin(&policy).unwrap();
        assert_eq!(fs::metadata(&policy).unwrap().permissions().mode() & 0o777, 0o755);
        drop(guard);
        assert!(!policy.exists());

        fs::write(&policy, "theirs").unwrap();
        drop(NoServices::begin(&policy).unwrap());
        assert_eq!(fs::read_to_string(&policy).unwrap(), "theirs");
    }
}
