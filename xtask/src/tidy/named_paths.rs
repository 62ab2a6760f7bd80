//! Every path that ARCHITECTURE.md names exists, so that the map stays true.

use std::path::Path;

use anyhow::Result;

use super::Problem;
use super::tree::Tree;

const MAP: &str = "ARCHITECTURE.md";
/// Endings that make a word with a slash a path, whatever it begins with.
const ENDINGS: [&str; 12] =
    [".rs", ".md", ".toml", ".ts", ".tsx", ".css", ".json", ".yml", ".yaml", ".sol", ".sql", ".sh"];

pub(super) fn check(tree: &Tree) -> Result<Vec<Problem>> {
    let missing_map =
        || Problem::in_file(MAP, "one page shows the house", "write it: it is where a reader begins");
    if !tree.files.iter().any(|file| file == MAP) {
        return Ok(vec![missing_map()]);
    }
    let text = tree.text(MAP)?.unwrap_or_default();
    let mut problems = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let paths = in_backticks(line).filter(|word| is_path(word, &tree.root)).flat_map(expand);
        for path in paths.filter(|path| !exists(path, tree)) {
            problems.push(Problem::at(
                MAP,
                number + 1,
                format!("`{path}` does not exist"),
                "name the place it has moved to, from the repository's root or from crates/",
            ));
        }
    }
    Ok(problems)
}

fn in_backticks(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

/// A word that means a file or folder of this repository. Routes (`/api/...`), addresses and media types do not.
fn is_path(word: &str, root: &Path) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "./_-{},*".contains(c);
    if word.starts_with('/') || !word.chars().all(allowed) {
        return false;
    }
    let Some((first, _)) = word.split_once('/') else {
        return ENDINGS.iter().any(|ending| word.len() > ending.len() && word.ends_with(ending))
            && !word.contains('*');
    };
    root.join(first).is_dir() || ENDINGS.iter().any(|ending| word.ends_with(ending))
}

/// `a/{b,c}/d` as `a/b/d` and `a/c/d`.
fn expand(word: &str) -> Vec<String> {
    let parts = word.split_once('{').and_then(|(start, rest)| Some((start, rest.split_once('}')?)));
    match parts {
        Some((start, (choices, end))) => {
            choices.split(',').flat_map(|choice| expand(&format!("{start}{}{end}", choice.trim()))).collect()
        }
        None => vec![word.to_owned()],
    }
}

/// From the root or from `crates/`, as a file or as a folder around one; of a pattern, the folder before its star.
fn exists(path: &str, tree: &Tree) -> bool {
    let before_star =
        path.split_once('*').map(|(before, _)| before.rsplit_once('/').map_or("", |(folder, _)| folder));
    let path = before_star.unwrap_or(path).trim_end_matches('/');
    let holds = |file: &String, path: &str| {
        file.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let in_crates = format!("crates/{path}");
    tree.files.iter().any(|file| holds(file, path) || holds(file, &in_crates))
}

#[cfg(test)]
mod tests {
    use super::super::tree::fake;
    use super::*;

    #[test]
    fn paths_that_do_not_exist_are_named_with_their_line() {
        let map = "\
The `crates/store/src/lib.rs` and `store/src/{lib,rows}.rs`, in `web/src/`.
Not paths: `/api/health`, `application/json`, `Config`, `a::b`, `http://x/y.md`, `x.rs/`.
Patterns: `crates/*/src`, `README.md`, `gone/else.ts`.
";
        let (tree, _folder) = fake::tree(&[
            ("ARCHITECTURE.md", map),
            ("README.md", ""),
            ("crates/store/src/lib.rs", ""),
            ("web/src/main.tsx", ""),
        ]);
        let found: Vec<_> = check(&tree).unwrap().iter().map(|p| format!("{} {}", p.place, p.rule)).collect();
        assert_eq!(
            found,
            [
                "ARCHITECTURE.md:1 `store/src/rows.rs` does not exist",
                "ARCHITECTURE.md:3 `gone/else.ts` does not exist"
            ]
        );
    }

    #[test]
    fn a_repository_without_its_map_is_a_problem() {
        let (tree, _folder) = fake::tree(&[("README.md", "")]);
        assert_eq!(check(&tree).unwrap().len(), 1);
    }
}
