//! The committed copies of generated files are what the code prints now.

use std::fs;

use super::Problem;
use super::tree::Tree;
use crate::generate::Generated;

/// The stale ones among `generated`; `remedy` says how to write them again.
pub(crate) fn check(tree: &Tree, generated: &[Generated], remedy: &str) -> Vec<Problem> {
    let stale = |file: &Generated| {
        let committed = fs::read(tree.root.join(file.path)).unwrap_or_default();
        let line = first_difference(&committed, &file.content)?;
        Some(Problem::at(file.path, line, "this generated file is not what the code prints now", remedy))
    };
    generated.iter().filter_map(stale).collect()
}

/// The first line that differs, counted from one.
fn first_difference(old: &[u8], new: &[u8]) -> Option<usize> {
    if old == new {
        return None;
    }
    let mut lines = old.split(|byte| *byte == b'\n').zip(new.split(|byte| *byte == b'\n'));
    let same = lines.position(|(old, new)| old != new);
    let shorter = || old.split(|byte| *byte == b'\n').count().min(new.split(|byte| *byte == b'\n').count());
    Some(same.unwrap_or_else(shorter) + 1)
}

#[cfg(test)]
mod tests {
    use super::super::tree::fake;
    use super::*;

    #[test]
    fn a_stale_file_is_named_with_its_first_difference() {
        let (tree, _folder) =
            fake::tree(&[("docs/guide/cli.md", "one\ntwo\nthree\n"), ("same.json", "{}\n")]);
        let generated = |path, content: &str| Generated { path, content: content.into() };
        let problems = check(
            &tree,
            &[
                generated("docs/guide/cli.md", "one\ntwo\nfour\n"),
                generated("same.json", "{}\n"),
                generated("missing.md", "new\n"),
            ],
            "run: make api",
        );
        let shown: Vec<_> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(
            shown,
            [
                "docs/guide/cli.md:3: this generated file is not what the code prints now\n    run: make api",
                "missing.md:1: this generated file is not what the code prints now\n    run: make api"
            ]
        );
    }

    #[test]
    fn a_file_that_only_grew_differs_where_it_ends() {
        assert_eq!(first_difference(b"a\nb", b"a\nb\nc"), Some(3));
        assert_eq!(first_difference(b"a", b"a"), None);
    }
}
