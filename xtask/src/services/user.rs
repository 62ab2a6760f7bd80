//! Who the services run as: the developer, or an ordinary user when that is root, as PostgreSQL insists.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process;

pub(crate) struct User {
    pub(crate) uid: u32,
    pub(crate) gid: u32,
}

pub(crate) fn is_root() -> Result<bool> {
    Ok(id(&["-u"])? == 0)
}

/// The user to become, or `None` to stay who we are.
pub(super) fn ordinary() -> Result<Option<User>> {
    if !is_root()? {
        return Ok(None);
    }
    for name in ["postgres", "nobody"] {
        if let (Ok(uid), Ok(gid)) = (id(&["-u", name]), id(&["-g", name])) {
            return Ok(Some(User { uid, gid }));
        }
    }
    bail!("PostgreSQL does not run as root, and there is no user `postgres` or `nobody` to run it")
}

/// `program` as `user`, in a folder that the user may enter, and told to stop when this process dies however it dies.
pub(super) fn command(program: &Path, user: Option<&User>, folder: &Path) -> Command {
    let mut command = match process::find("setpriv") {
        Some(setpriv) => {
            let mut command = process::clean(setpriv);
            command.args(["--pdeathsig", "INT"]);
            if let Some(User { uid, gid }) = user {
                command.args([format!("--reuid={uid}"), format!("--regid={gid}"), "--clear-groups".into()]);
            }
            command.arg("--").arg(program);
            command
        }
        None => process::clean(program),
    };
    command.current_dir(folder).env("LC_ALL", "C.UTF-8");
    command
}

fn id(arguments: &[&str]) -> Result<u32> {
    let output = process::output(process::clean("id").args(arguments.iter().map(OsStr::new)))?;
    let text = String::from_utf8_lossy(&output);
    text.trim().parse().with_context(|| format!("`id` answered {text:?}"))
}
