//! The files that are, or are about to be, in git.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::process;

pub(crate) struct Tree {
    pub(crate) root: PathBuf,
    /// Relative to the root, with `/` between folders, sorted.
    pub(crate) files: Vec<String>,
}

impl Tree {
    /// What git tracks, and what it would track after `git add`.
    pub(crate) fn of_git(root: &Path) -> Result<Self> {
        let mut git = process::clean("git");
        git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).current_dir(root);
        let names = String::from_utf8(process::output(&mut git).context("git could not list the files")?)?;
        let mut files: Vec<_> = names.split_terminator('\0').map(str::to_owned).collect();
        // A file deleted a moment ago is still listed.
        files.retain(|file| root.join(file).is_file());
        files.sort();
        files.dedup();
        Ok(Self { root: root.to_path_buf(), files })
    }

    /// The files under one of `folders` (`crates/*/src` style: `*` stands for one folder) that end in `ending`.
    pub(crate) fn under(&self, folders: &[&str], ending: &str) -> impl Iterator<Item = &str> {
        let inside = move |file: &str| folders.iter().any(|folder| is_under(file, folder));
        self.files.iter().map(String::as_str).filter(move |file| file.ends_with(ending) && inside(file))
    }

    /// The text of a file, or nothing when it is not text.
    pub(crate) fn text(&self, file: &str) -> Result<Option<String>> {
        let bytes = fs::read(self.root.join(file)).with_context(|| format!("{file} cannot be read"))?;
        Ok(String::from_utf8(bytes).ok())
    }

    /// Every file that is text, with its name.
    pub(crate) fn texts<'a>(
        &self,
        files: impl Iterator<Item = &'a str>,
    ) -> impl Iterator<Item = Result<(&'a str, String)>> {
        files.filter_map(|file| Some(self.text(file).transpose()?.map(|text| (file, text))))
    }
}

fn is_under(file: &str, folder: &str) -> bool {
    let mut parts = file.split('/');
    folder.split('/').all(|wanted| parts.next().is_some_and(|part| wanted == "*" || wanted == part))
        && parts.next().is_some()
}

#[cfg(test)]
pub(crate) mod fake {
    use tempfile::TempDir;

    use super::*;

    /// A tree of the given files, and the folder that holds it for as long as it lives.
    pub(crate) fn tree(files: &[(&str, &str)]) -> (Tree, TempDir) {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let names = files.iter().map(|(name, _)| (*name).to_owned()).collect();
        (Tree { root: folder.path().to_path_buf(), files: names }, folder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_one_folder() {
        assert!(is_under("crates/store/src/lib.rs", "crates/*/src"));
        assert!(is_under("crates/store/src/rows/one.rs", "crates/*/src"));
        assert!(!is_under("crates/store/tests/it.rs", "crates/*/src"));
        assert!(!is_under("crates/src", "crates/*/src"));
        assert!(!is_under("xtask/src", "xtask/src"));
    }

    #[test]
    fn new_files_are_listed_and_ignored_ones_are_not() {
        let (tree, _folder) = fake::tree(&[(".gitignore", "/secret\n"), ("new.txt", ""), ("secret", "")]);
        process::output(process::clean("git").args(["init", "--quiet"]).current_dir(&tree.root)).unwrap();
        assert_eq!(Tree::of_git(&tree.root).unwrap().files, [".gitignore", "new.txt"]);
    }
}
