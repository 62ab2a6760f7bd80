//! The packages that the pages are made of, from npm's lock file.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::{Component, Materials, PROGRAM};

const LOCK: &str = "web/package-lock.json";
const FOLDER: &str = "node_modules/";

/// Adds every package of the lock file. Which needs which is told for those that the pages name themselves.
pub(super) fn add(root: &Path, materials: &mut Materials) -> Result<()> {
    let text = fs::read_to_string(root.join(LOCK)).with_context(|| format!("{LOCK} cannot be read"))?;
    let lock: Value = serde_json::from_str(&text).with_context(|| format!("{LOCK} is not JSON"))?;
    let packages = lock["packages"].as_object().with_context(|| format!("{LOCK} has no packages"))?;
    let direct = packages.get("").and_then(|ours| ours["dependencies"].as_object());
    let direct: Vec<_> = direct.into_iter().flat_map(|list| list.keys()).collect();
    for (place, package) in packages {
        let Some((_, name)) = place.rsplit_once(FOLDER) else { continue };
        let component = component(name, package).with_context(|| format!("{place} in {LOCK}"))?;
        let is_direct = direct.iter().any(|known| *place == format!("{FOLDER}{known}"));
        if is_direct {
            materials.needs.entry(PROGRAM.to_owned()).or_default().push(component.purl.clone());
        }
        // One that stands in two places is in the program if either is.
        let known = materials.components.get(&component.purl);
        if known.is_none_or(|known| known.only_builds) {
            materials.components.insert(component.purl.clone(), component);
        }
    }
    Ok(())
}

fn component(name: &str, package: &Value) -> Result<Component> {
    let version = package["version"].as_str().context("no version")?;
    let is = |key: &str| package[key].as_bool().unwrap_or_default();
    Ok(Component {
        name: name.to_owned(),
        version: version.to_owned(),
        purl: format!("pkg:npm/{}@{version}", name.replacen('@', "%40", 1)),
        license: package["license"].as_str().map(str::to_owned),
        hash: package["integrity"].as_str().map(hash).transpose()?,
        only_builds: is("dev") || is("devOptional"),
    })
}

/// The checksum that npm writes in Base64, in hexadecimal.
fn hash(integrity: &str) -> Result<(&'static str, String)> {
    let encoded = integrity.strip_prefix("sha512-").context("its checksum is not of SHA-512")?;
    let bytes = STANDARD.decode(encoded).context("its checksum is not Base64")?;
    Ok(("SHA-512", bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_told_by_its_address_and_its_checksum() {
        let described = serde_json::json!({ "version": "1.2.3", "license": "MIT", "integrity": "sha512-/wA=", "dev": true });
        let component = component("@scope/name", &described).unwrap();
        assert_eq!(component.purl, "pkg:npm/%40scope/name@1.2.3");
        assert_eq!(component.hash, Some(("SHA-512", "ff00".to_owned())));
        assert!(component.only_builds);
        assert!(hash("sha1-AAAA").is_err() && hash("sha512-!").is_err());
    }

    #[test]
    fn what_is_needed_twice_is_in_the_program_if_one_of_them_is() {
        let folder = tempfile::tempdir().unwrap();
        let lock = serde_json::json!({ "packages": {
            "": { "dependencies": { "a": "1" } },
            "node_modules/a": { "version": "1.0.0" },
            "node_modules/b": { "version": "1.0.0", "dev": true },
            "node_modules/a/node_modules/b": { "version": "1.0.0" },
        } });
        fs::create_dir(folder.path().join("web")).unwrap();
        fs::write(folder.path().join(LOCK), lock.to_string()).unwrap();
        let mut materials = Materials::default();
        add(folder.path(), &mut materials).unwrap();
        assert_eq!(materials.components.len(), 2);
        assert!(!materials.components["pkg:npm/b@1.0.0"].only_builds);
        assert_eq!(materials.needs[PROGRAM], ["pkg:npm/a@1.0.0"]);
    }
}
