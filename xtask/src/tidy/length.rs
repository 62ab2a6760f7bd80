//! Long files are worth a second thought: a warning, never a failure.

use anyhow::Result;

use super::tree::Tree;

const LONG: usize = 500;

pub(super) fn check(tree: &Tree) -> Result<Vec<String>> {
    let mut warnings = Vec::new();
    for found in tree.texts(tree.under(&["bench", "crates", "xtask"], ".rs")) {
        let (file, text) = found?;
        let lines = text.lines().count();
        if lines > LONG {
            warnings.push(format!("{file} has {lines} lines: does it hold two things?"));
        }
    }
    Ok(warnings)
}

#[cfg(test)]
mod tests {
    use super::super::tree::fake;
    use super::*;

    #[test]
    fn only_long_rust_files_are_mentioned() {
        let long = "line\n".repeat(501);
        let (tree, _folder) =
            fake::tree(&[("xtask/a.rs", &long), ("xtask/b.rs", "line\n"), ("xtask/c.md", &long)]);
        assert_eq!(check(&tree).unwrap(), ["xtask/a.rs has 501 lines: does it hold two things?"]);
    }
}
