//! Where the repository and its build folder are.

use std::path::PathBuf;

use anyhow::{Context, Result};
use cargo_metadata::{Metadata, MetadataCommand};

pub(crate) struct Repo {
    pub(crate) root: PathBuf,
    /// Cargo's build folder, wherever the developer has put it.
    pub(crate) target: PathBuf,
    pub(crate) metadata: Metadata,
}

impl Repo {
    /// The repository around the current folder.
    pub(crate) fn find() -> Result<Self> {
        let here = std::env::current_dir().context("the current folder cannot be read")?;
        let root = here
            .ancestors()
            .find(|folder| folder.join("xtask/Cargo.toml").is_file())
            .with_context(|| format!("{} is not inside a checkout of Mainstay", here.display()))?
            .to_path_buf();
        let metadata = MetadataCommand::new()
            .current_dir(&root)
            .no_deps()
            .exec()
            .context("`cargo metadata` could not read the workspace")?;
        Ok(Self { root, target: metadata.target_directory.clone().into_std_path_buf(), metadata })
    }

    pub(crate) fn web(&self) -> PathBuf {
        self.root.join("web")
    }

    /// The server's binary as tests use it.
    pub(crate) fn mainstay(&self) -> PathBuf {
        self.target.join("debug/mainstay")
    }
}
