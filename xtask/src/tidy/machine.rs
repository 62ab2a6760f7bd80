//! Nothing in git knows the machine it was written on: no home folders, no registry's address.

use anyhow::Result;

use super::Problem;
use super::tree::Tree;

/// Spelled in two parts, so that this file does not name what it looks for.
const MACHINE_PATHS: [&str; 3] = [concat!("/ro", "ot/"), concat!("/wo", "rk/"), concat!("/tmp/x", "task")];
const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

pub(super) fn check(tree: &Tree) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    for found in tree.texts(tree.files.iter().map(String::as_str)) {
        let (file, text) = found?;
        for (number, line) in text.lines().enumerate() {
            problems.extend(
                in_line(file, line).map(|(rule, remedy)| Problem::at(file, number + 1, rule, remedy)),
            );
        }
    }
    Ok(problems)
}

fn in_line(file: &str, line: &str) -> Option<(String, &'static str)> {
    if let Some(path) = MACHINE_PATHS.iter().find(|path| names_path(line, path)) {
        let rule = format!("`{path}` is a folder of one machine");
        return Some((rule, "name a path inside the repository, or one that every machine has"));
    }
    let trimmed = line.trim();
    let remedy = match file.rsplit('/').next() {
        Some("package-lock.json") if trimmed.starts_with("\"resolved\": \"http") => {
            "set `omit-lockfile-registry-resolved=true` in .npmrc and run `npm install` again"
        }
        Some("Cargo.lock") if is_other_registry(trimmed) => {
            "take the crate from crates.io, without a mirror in cargo's configuration"
        }
        _ => return None,
    };
    Some(("a lock file does not know which registry served a package".into(), remedy))
}

/// Whether a line names the path itself, and not a longer one that ends alike.
fn names_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || "._-}/*".contains(c))
    })
}

fn is_other_registry(line: &str) -> bool {
    line.strip_prefix("source = \"").is_some_and(|source| !source.starts_with(CRATES_IO))
}

#[cfg(test)]
mod tests {
    use super::super::tree::fake;
    use super::*;

    #[test]
    fn machine_paths_and_registries_are_found() {
        let root = MACHINE_PATHS[0];
        let note =
            format!("fine\nlook into {root}notes\nbut frame{root}x and https://a.b{root}c are not one\n");
        let lock = "{\n  \"resolved\": \"https://registry.example/a.tgz\",\n  \"integrity\": \"x\"\n}\n";
        let (tree, folder) = fake::tree(&[
            ("note.md", &note),
            ("web/package-lock.json", lock),
            (
                "Cargo.lock",
                "source = \"registry+https://github.com/rust-lang/crates.io-index\"\nsource = \"git+https://x\"\n",
            ),
            ("picture.png", ""),
        ]);
        std::fs::write(folder.path().join("picture.png"), [&[0xff, 0xfe], root.as_bytes()].concat()).unwrap();
        let places: Vec<_> = check(&tree).unwrap().into_iter().map(|problem| problem.place).collect();
        assert_eq!(places, ["note.md:2", "web/package-lock.json:2", "Cargo.lock:2"]);
    }
}
