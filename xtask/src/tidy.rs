//! `cargo xtask tidy`: the house rules that the compiler does not know, each with a message that says what to do.

mod absent;
mod edges;
pub(crate) mod generated;
mod headers;
mod length;
mod machine;
mod manifests;
mod named_paths;
pub(crate) mod tree;

use std::fmt;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;

use self::tree::Tree;
use crate::repo::Repo;
use crate::{asvs, generate};

/// A broken rule: where, which, and what to do about it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// `path` or `path:line`, so that an editor can jump there.
    place: String,
    rule: String,
    remedy: String,
}

#[derive(Default)]
pub(crate) struct Findings {
    pub(crate) problems: Vec<Problem>,
    /// Worth a thought, and no reason to fail.
    pub(crate) warnings: Vec<String>,
}

/// Runs every check; with `fix`, after writing the generated files; with `quick`, without looking at those.
pub(crate) fn run(repo: &Repo, fix: bool, quick: bool) -> Result<ExitCode> {
    if fix {
        generate::run(repo)?;
    }
    let mainstay = if quick { None } else { Some(generate::build(repo)?) };
    let findings = check(repo, mainstay.as_deref())?;
    print!("{findings}");
    if findings.problems.is_empty() {
        println!("✓ tidy");
        return Ok(ExitCode::SUCCESS);
    }
    println!("✗ tidy: {} to mend", findings.problems.len());
    Ok(ExitCode::FAILURE)
}

/// Every check. The generated files are compared with what `mainstay`, when given, prints now.
pub(crate) fn check(repo: &Repo, mainstay: Option<&Path>) -> Result<Findings> {
    let tree = Tree::of_git(&repo.root)?;
    let mut problems = headers::check(&tree)?;
    problems.extend(absent::check(&tree)?);
    problems.extend(edges::check(&tree, &edges::of_workspace(&repo.metadata, &tree.root))?);
    problems.extend(manifests::check(&tree)?);
    problems.extend(named_paths::check(&tree)?);
    problems.extend(machine::check(&tree)?);
    problems.extend(asvs::problems(&tree)?);
    if let Some(mainstay) = mainstay {
        problems.extend(generated::check(&tree, &generate::all(repo, mainstay)?, generate::REMEDY));
    }
    Ok(Findings { problems, warnings: length::check(&tree)? })
}

impl Problem {
    pub(crate) fn at(file: &str, line: usize, rule: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { place: format!("{file}:{line}"), rule: rule.into(), remedy: remedy.into() }
    }

    fn in_file(file: &str, rule: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { place: file.to_owned(), rule: rule.into(), remedy: remedy.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}\n    {}", self.place, self.rule, self.remedy)
    }
}

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for warning in &self.warnings {
            writeln!(f, "warning: {warning}")?;
        }
        for problem in &self.problems {
            writeln!(f, "{problem}")?;
        }
        Ok(())
    }
}
