//! Plans and reports as files.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::{Context as _, anyhow, ensure};
use transfer::{Plan, Schema, SqliteFile};

use crate::cli::transfer::Ends;

/// Reads a plan for a database that consists of this.
pub(super) fn read_plan(path: &Path, schema: &Schema) -> anyhow::Result<Plan> {
    let text = fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    Plan::from_toml(&text, schema).with_context(|| format!("the plan {} does not fit", path.display()))
}

/// Reads a plan for a move, which names the same schema.
pub(super) fn plan_for(path: &Path, ends: &Ends) -> anyhow::Result<Plan> {
    let plan = read_plan(path, &SqliteFile::open(&ends.source)?.schema()?)?;
    ensure!(
        plan.target == ends.schema,
        "the plan {} is for the schema {}; say so by --schema, too",
        path.display(),
        plan.target
    );
    Ok(plan)
}

/// Refuses a place where something is, before anybody waits for what is to be written there.
pub(super) fn expect_none(path: &Path) -> anyhow::Result<()> {
    ensure!(fs::symlink_metadata(path).is_err(), "{}", taken(path));
    Ok(())
}

fn taken(path: &Path) -> String {
    format!("{} exists already; choose another name", path.display())
}

/// Writes a file that is not there yet, for its owner only: examples of cells are in it.
pub(super) fn write_new(path: &Path, text: &str) -> anyhow::Result<()> {
    let opened = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let mut file = opened.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => anyhow!(taken(path)),
        _ => anyhow::Error::new(error).context(format!("{} cannot be written", path.display())),
    })?;
    file.write_all(text.as_bytes()).with_context(|| format!("{} cannot be written", path.display()))
}
