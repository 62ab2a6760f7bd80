//! Files that are made from the code and committed, so that they can be read and reviewed without building anything.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

use crate::repo::Repo;
use crate::tidy::tree::Tree;
use crate::{asvs, process};

/// What a developer runs when a file is not what the code prints.
pub(crate) const REMEDY: &str = "run: make api";

const API: &str = "docs/api/openapi.json";
const API_IN_TYPESCRIPT: &str = "web/src/api/schema.ts";

/// Each file, and the words after `mainstay` that print it.
const PRINTED: [(&str, &[&str]); 4] = [
    (API, &["openapi"]),
    ("docs/api/config.schema.json", &["config", "schema"]),
    ("deploy/mainstay.toml", &["config", "default"]),
    ("docs/guide/cli.md", &["cli-reference"]),
];

pub(crate) struct Generated {
    pub(crate) path: &'static str,
    pub(crate) content: Vec<u8>,
}

/// `cargo xtask generate`: writes what is not up to date.
pub(crate) fn run(repo: &Repo) -> Result<ExitCode> {
    let mainstay = build(repo)?;
    for file in all(repo, &mainstay)? {
        let path = repo.root.join(file.path);
        if fs::read(&path).is_ok_and(|old| old == file.content) {
            println!("  {} is up to date", file.path);
            continue;
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&path, &file.content).with_context(|| format!("{} cannot be written", file.path))?;
        println!("✓ {} written", file.path);
    }
    // What is wrong with its markers is for `cargo xtask tidy` to say.
    asvs::write(&Tree::of_git(&repo.root)?)?;
    Ok(ExitCode::SUCCESS)
}

/// The server as it is now; cargo's own output shows how far it is.
pub(crate) fn build(repo: &Repo) -> Result<PathBuf> {
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--quiet", "--locked", "-p", "server", "--bin", "mainstay"]);
    let status = cargo.current_dir(&repo.root).status().context("cargo could not be started")?;
    anyhow::ensure!(status.success(), "the server does not build, so that nothing can be generated from it");
    Ok(repo.mainstay())
}

/// Every generated file as it should be.
pub(crate) fn all(repo: &Repo, mainstay: &Path) -> Result<Vec<Generated>> {
    let print = |(path, words): &(&'static str, &[&str])| {
        let content = process::output(process::clean(mainstay).args(*words).current_dir(&repo.root))
            .with_context(|| format!("{path} could not be generated"))?;
        Ok(Generated { path, content })
    };
    let mut files = PRINTED.iter().map(print).collect::<Result<Vec<_>>>()?;
    let content = typescript(repo, &files[0].content)?;
    files.push(Generated { path: API_IN_TYPESCRIPT, content });
    Ok(files)
}

/// The web UI's view of the API. It is made from the fresh description, not from the committed one.
fn typescript(repo: &Repo, api: &[u8]) -> Result<Vec<u8>> {
    let program = repo.web().join("node_modules/.bin/openapi-typescript");
    anyhow::ensure!(program.exists(), "the web UI's packages are not installed: run `make web-install`");
    let description = tempfile::Builder::new().suffix(".json").tempfile()?;
    fs::write(description.path(), api)?;
    let mut command = process::clean(program);
    process::output(command.arg(description.path()).current_dir(repo.web()))
        .with_context(|| format!("{API_IN_TYPESCRIPT} could not be generated"))
}
