//! Every module says in its first line what it is for.

use anyhow::Result;

use super::Problem;
use super::tree::Tree;

pub(super) fn check(tree: &Tree) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    for found in tree.texts(tree.under(&["bench/*/src", "crates/*/src", "xtask/src"], ".rs")) {
        let (file, text) = found?;
        if !has_header(&text) {
            problems.push(Problem::at(
                file,
                1,
                "a module begins with a `//!` header",
                "write in one sentence what this module is for, as its first line",
            ));
        }
    }
    Ok(problems)
}

fn has_header(text: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    first.strip_prefix("//!").is_some_and(|sentence| !sentence.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::super::tree::fake;
    use super::*;

    #[test]
    fn a_module_without_a_header_is_named() {
        let (tree, _folder) = fake::tree(&[
            ("crates/store/src/lib.rs", "//! The cellar.\n"),
            ("crates/store/src/rows.rs", "use std::fmt;\n//! Too late.\n"),
            ("crates/store/src/empty.rs", "//!\n"),
            ("crates/store/tests/it.rs", "fn main() {}\n"),
        ]);
        let places: Vec<_> = check(&tree).unwrap().into_iter().map(|problem| problem.place).collect();
        assert_eq!(places, ["crates/store/src/rows.rs:1", "crates/store/src/empty.rs:1"]);
    }
}
