//! `cargo xtask asvs`: which requirement of OWASP ASVS 5.0 is proven by what, from the markers beside the evidence.

mod checklist;
mod ledger;
mod markdown;
mod marker;
mod rules;
mod rust;
mod scan;
mod table;
mod typescript;

use std::fs;
use std::process::ExitCode;

use anyhow::{Context, Result};

use self::scan::Evidence;
use crate::generate::Generated;
use crate::repo::Repo;
use crate::tidy::Problem;
use crate::tidy::generated;
use crate::tidy::tree::Tree;

/// What a developer runs after a change of markers.
const REMEDY: &str = "run: cargo xtask asvs";

/// The tool itself speaks of markers without making any.
const OWN_FILES: &str = "xtask/src/asvs";

/// Everything known about the requirements at one moment.
struct Findings {
    problems: Vec<Problem>,
    document: String,
    /// For the terminal: the counts, and the numbers of what is not proven.
    summary: String,
}

/// `cargo xtask asvs`: writes the document, or with `check` only looks whether it is up to date.
pub(crate) fn run(repo: &Repo, check: bool) -> Result<ExitCode> {
    let tree = Tree::of_git(&repo.root)?;
    let problems = if check { problems(&tree)? } else { write(&tree)? };
    for problem in &problems {
        println!("{problem}");
    }
    print!("{}", find(&tree)?.summary);
    Ok(if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Writes the document when it is not up to date; says what is wrong with the markers.
pub(crate) fn write(tree: &Tree) -> Result<Vec<Problem>> {
    let found = find(tree)?;
    let path = tree.root.join(table::FILE);
    if fs::read_to_string(&path).is_ok_and(|old| old == found.document) {
        println!("  {} is up to date", table::FILE);
    } else {
        fs::write(&path, &found.document).with_context(|| format!("{} cannot be written", table::FILE))?;
        println!("✓ {} written", table::FILE);
    }
    Ok(found.problems)
}

/// What is wrong with the markers, and whether the committed document is what they say.
pub(crate) fn problems(tree: &Tree) -> Result<Vec<Problem>> {
    let Findings { mut problems, document, .. } = find(tree)?;
    let fresh = Generated { path: table::FILE, content: document.into_bytes() };
    problems.extend(generated::check(tree, &[fresh], REMEDY));
    Ok(problems)
}

fn find(tree: &Tree) -> Result<Findings> {
    let list = tree.text(checklist::FILE)?.with_context(|| format!("{} is not text", checklist::FILE))?;
    let requirements = checklist::parse(&list)?;
    let (evidence, mut problems) = scan(tree)?;
    problems.extend(ledger::problems(&requirements, &evidence));
    let entries = ledger::entries(&requirements, &evidence);
    let summary = table::summary(&entries);
    Ok(Findings { problems, document: table::render(&entries), summary })
}

fn scan(tree: &Tree) -> Result<(Vec<Evidence>, Vec<Problem>)> {
    let (mut evidence, mut problems) = (Vec::new(), Vec::new());
    let files = tree.files.iter().map(String::as_str);
    for found in tree.texts(files.filter(|file| *file != table::FILE && !file.starts_with(OWN_FILES))) {
        let (file, text) = found?;
        let (more_evidence, more_problems) = scan::file(file, &text);
        evidence.extend(more_evidence);
        problems.extend(more_problems);
    }
    Ok((evidence, problems))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::fake;

    const LIST: (&str, &str) = (checklist::FILE, "id\tlevel\tkind\trequirement\n6.1.1\t1\tdoc\tthrottling\n");
    const DOCUMENT: (&str, &str) = ("docs/a.md", "# A\n<!-- ASVS 6.1.1 -->\n");

    #[test]
    fn a_document_that_was_not_written_again_is_stale() {
        let (tree, folder) = fake::tree(&[LIST, DOCUMENT, (table::FILE, "")]);
        let shown: Vec<_> = problems(&tree).unwrap().iter().map(ToString::to_string).collect();
        assert_eq!(shown.len(), 1);
        assert!(shown[0].ends_with("run: cargo xtask asvs"), "{shown:?}");

        assert!(write(&tree).unwrap().is_empty());
        assert!(problems(&tree).unwrap().is_empty());

        fs::write(folder.path().join(DOCUMENT.0), "# B\n<!-- ASVS 6.1.1 -->\n").unwrap();
        assert_eq!(problems(&tree).unwrap().len(), 1);
    }

    #[test]
    fn the_tool_and_its_document_are_no_evidence() {
        let own = ("xtask/src/asvs/rust.rs", "// ASVS 6.1.1\nfn helper() {}\n");
        let (tree, _folder) = fake::tree(&[LIST, own, (table::FILE, "<!-- ASVS 6.1.1 -->\n")]);
        let (evidence, problems) = scan(&tree).unwrap();
        assert!(evidence.is_empty() && problems.is_empty());
    }
}
