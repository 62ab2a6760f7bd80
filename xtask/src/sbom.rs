//! `cargo xtask sbom`: all that is not ours in the program, as a bill of materials in CycloneDX (ECMA-424).

mod crates;
mod packages;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::repo::Repo;

/// Where it is written, in cargo's build folder.
const FILE: &str = "sbom.cdx.json";

/// Something that somebody else made.
#[derive(Debug, PartialEq, Eq)]
struct Component {
    name: String,
    version: String,
    /// Its address as a package (ECMA-427), which is also its id here.
    purl: String,
    /// An SPDX expression, as far as it is known.
    license: Option<String>,
    /// The algorithm and the checksum of the lock file, in hexadecimal.
    hash: Option<(&'static str, String)>,
    /// Whether it only helps to build, and is not in what people run.
    only_builds: bool,
}

/// All components, by their ids, and who needs whom.
#[derive(Debug, Default)]
struct Materials {
    components: BTreeMap<String, Component>,
    needs: BTreeMap<String, Vec<String>>,
}

/// Writes the bill and says where it is.
pub(crate) fn run(repo: &Repo) -> Result<ExitCode> {
    let bill = bill(&repo.root)?;
    let path = repo.target.join(FILE);
    fs::create_dir_all(&repo.target)?;
    fs::write(&path, serde_json::to_string_pretty(&bill)? + "\n")
        .with_context(|| format!("{} cannot be written", path.display()))?;
    let count = bill["components"].as_array().map_or(0, Vec::len);
    println!("✓ {} written: {count} components", path.display());
    Ok(ExitCode::SUCCESS)
}

fn bill(root: &Path) -> Result<Value> {
    let mut materials = Materials::default();
    let version = crates::add(root, &mut materials)?;
    packages::add(root, &mut materials)?;
    Ok(document(&version, &materials))
}

/// No date and no serial number: the same sources give the same bill.
fn document(version: &str, Materials { components, needs }: &Materials) -> Value {
    let needs = needs.iter().map(|(id, needed)| json!({ "ref": id, "dependsOn": needed }));
    json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "lifecycles": [{ "phase": "pre-build" }],
            "component": {
                "type": "application",
                "bom-ref": PROGRAM,
                "name": PROGRAM,
                "version": version,
                "licenses": [{ "expression": "Apache-2.0" }],
            },
        },
        "components": components.values().map(Component::described).collect::<Vec<_>>(),
        "dependencies": needs.collect::<Vec<_>>(),
    })
}

/// The id of what the bill is about.
const PROGRAM: &str = "mainstay";

impl Component {
    fn described(&self) -> Value {
        let mut described = json!({
            "type": "library",
            "bom-ref": self.purl,
            "name": self.name,
            "version": self.version,
            "purl": self.purl,
            "scope": if self.only_builds { "excluded" } else { "required" },
        });
        if let Some(license) = &self.license {
            described["licenses"] = json!([{ "expression": license }]);
        }
        if let Some((algorithm, content)) = &self.hash {
            described["hashes"] = json!([{ "alg": algorithm, "content": content }]);
        }
        described
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn ours() -> Value {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        bill(here.parent().expect("the repository")).expect("a bill")
    }

    fn words<'a>(list: &'a Value, key: &'a str) -> Vec<&'a str> {
        list.as_array().expect("a list").iter().map(|one| one[key].as_str().expect("text")).collect()
    }

    // ASVS 15.1.2
    #[test]
    fn the_bill_names_all_that_is_in_the_program_with_its_source() {
        let bill = ours();
        let components = bill["components"].as_array().expect("a list");
        for component in components {
            for key in ["name", "version", "purl"] {
                assert!(component[key].as_str().is_some_and(|text| !text.is_empty()), "{key} of {component}");
            }
            assert!(
                component["hashes"][0]["content"].as_str().is_some_and(|it| it.len() >= 64),
                "{component}"
            );
            assert!(component["licenses"][0]["expression"].is_string(), "{component}");
        }
        let named: BTreeSet<_> = components
            .iter()
            .map(|one| (one["name"].as_str().expect("text"), one["scope"].as_str().expect("text")))
            .collect();
        for (name, scope) in [
            ("axum", "required"),
            ("aws-lc-sys", "required"),
            ("libsqlite3-sys", "required"),
            ("cc", "excluded"),
            ("react", "required"),
            ("@base-ui/react", "required"),
            ("vite", "excluded"),
        ] {
            assert!(named.contains(&(name, scope)), "{name}, {scope}");
        }
        for absent in ["insta", "proptest", "testkit", "accounts", "xtask", "mainstay-web"] {
            assert!(named.iter().all(|(name, _)| *name != absent), "{absent} is ours, or for tests only");
        }
    }

    #[test]
    fn every_id_is_there_once_and_nothing_needs_what_is_not_there() {
        let bill = ours();
        let mut ids = words(&bill["components"], "bom-ref");
        ids.push(PROGRAM);
        let unique: BTreeSet<_> = ids.iter().copied().collect();
        assert_eq!(unique.len(), ids.len());
        let needing = words(&bill["dependencies"], "ref");
        assert!(needing.contains(&PROGRAM) && needing.len() > 300, "{}", needing.len());
        for line in bill["dependencies"].as_array().expect("a list") {
            assert!(unique.contains(line["ref"].as_str().expect("text")), "{line}");
            for needed in line["dependsOn"].as_array().expect("a list") {
                assert!(unique.contains(needed.as_str().expect("text")), "{line}");
            }
        }
    }

    #[test]
    fn the_same_sources_give_the_same_bill() {
        assert_eq!(ours().to_string(), ours().to_string());
    }
}
