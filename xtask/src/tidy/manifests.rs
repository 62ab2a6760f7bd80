//! Each crate takes its lints, licence and the ban on publishing from the workspace.

use anyhow::{Context, Result};
use toml::{Table, Value};

use super::Problem;
use super::tree::Tree;

/// Where the key is, and the line that brings it.
const INHERITED: [(&str, &str, &str); 3] = [
    ("lints", "workspace", "[lints]\n    workspace = true"),
    ("package", "license", "license.workspace = true"),
    ("package", "publish", "publish.workspace = true"),
];

pub(super) fn check(tree: &Tree) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    for found in tree.texts(tree.under(&["bench/rooms", "crates/*", "xtask"], "/Cargo.toml")) {
        let (file, text) = found?;
        let manifest: Table = text.parse().with_context(|| format!("{file} is not TOML"))?;
        for (section, key, line) in INHERITED {
            if !inherits(&manifest, section, key) {
                problems.push(Problem::in_file(
                    file,
                    format!("`{section}.{key}` is the workspace's"),
                    format!("write `{line}`"),
                ));
            }
        }
    }
    Ok(problems)
}

fn inherits(manifest: &Table, section: &str, key: &str) -> bool {
    let value = manifest.get(section).and_then(|section| section.get(key));
    let truth = |value: &Value| value.as_bool() == Some(true);
    value.is_some_and(|value| match key {
        "workspace" => truth(value),
        _ => value.get("workspace").is_some_and(truth),
    })
}

#[cfg(test)]
mod tests {
    use super::super::tree::fake;
    use super::*;

    #[test]
    fn what_is_not_inherited_is_named() {
        let good = "[package]\nname = \"a\"\nlicense.workspace = true\npublish = { workspace = true }\n[lints]\nworkspace = true\n";
        let bad = "[package]\nname = \"b\"\nlicense = \"MIT\"\npublish.workspace = true\n";
        let (tree, _folder) = fake::tree(&[("crates/a/Cargo.toml", good), ("crates/b/Cargo.toml", bad)]);
        let problems = check(&tree).unwrap();
        let rules: Vec<_> = problems.iter().map(|problem| problem.rule.as_str()).collect();
        assert_eq!(rules, ["`lints.workspace` is the workspace's", "`package.license` is the workspace's"]);
        assert!(problems.iter().all(|problem| problem.place == "crates/b/Cargo.toml"));
    }
}
