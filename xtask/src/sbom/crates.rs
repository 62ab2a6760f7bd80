//! The crates that the server is made of, as cargo resolved them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Node, Package, PackageId};

use super::{Component, Materials, PROGRAM};

/// The package of the binary.
const SERVER: &str = "server";

/// The systems that Mainstay is built for, as in `deny.toml`.
const SYSTEMS: [&str; 3] = ["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu", "aarch64-apple-darwin"];

/// Adds every crate that the server needs; gives the server's version.
pub(super) fn add(root: &Path, materials: &mut Materials) -> Result<String> {
    let mut command = MetadataCommand::new();
    let systems = SYSTEMS.map(|system| format!("--filter-platform={system}"));
    command.current_dir(root).other_options([&["--locked".to_owned()], systems.as_slice()].concat());
    let metadata = command.exec().context("`cargo metadata` could not read the dependencies")?;
    let nodes: BTreeMap<_, _> =
        metadata.resolve.iter().flat_map(|graph| &graph.nodes).map(|node| (&node.id, node)).collect();
    let server = metadata.packages.iter().find(|package| package.name.as_str() == SERVER);
    let server = server.context("there is no package `server`")?;
    let runs = reached(&nodes, &server.id, &[DependencyKind::Normal]);
    let all = reached(&nodes, &server.id, &[DependencyKind::Normal, DependencyKind::Build]);
    let checksums = checksums(root)?;
    let mut direct = BTreeSet::new();
    for package in all.iter().map(|id| &metadata[*id]) {
        let needed = foreign(&metadata, nodes[&package.id], &all);
        if package.source.is_none() {
            direct.extend(needed);
            continue;
        }
        let component = component(package, &checksums, !runs.contains(&package.id));
        materials.needs.insert(component.purl.clone(), needed.into_iter().collect());
        materials.components.insert(component.purl.clone(), component);
    }
    materials.needs.entry(PROGRAM.to_owned()).or_default().extend(direct);
    Ok(server.version.to_string())
}

/// All that is needed from here by dependencies of these kinds. What only tests need is never among it.
fn reached<'a>(
    nodes: &BTreeMap<&'a PackageId, &'a Node>,
    from: &'a PackageId,
    kinds: &[DependencyKind],
) -> BTreeSet<&'a PackageId> {
    let (mut reached, mut waiting) = (BTreeSet::from([from]), vec![from]);
    while let Some(id) = waiting.pop() {
        for needed in &nodes[id].deps {
            let counts = needed.dep_kinds.iter().any(|info| kinds.contains(&info.kind));
            if counts && reached.insert(&needed.pkg) {
                waiting.push(&needed.pkg);
            }
        }
    }
    reached
}

/// The crates of others that this one needs.
fn foreign(metadata: &Metadata, node: &Node, all: &BTreeSet<&PackageId>) -> BTreeSet<String> {
    let needed = node.deps.iter().filter(|needed| all.contains(&needed.pkg));
    let counts = needed.filter(|it| it.dep_kinds.iter().any(|info| info.kind != DependencyKind::Development));
    counts.map(|it| &metadata[&it.pkg]).filter(|package| package.source.is_some()).map(purl).collect()
}

fn component(package: &Package, checksums: &BTreeMap<String, String>, only_builds: bool) -> Component {
    let purl = purl(package);
    Component {
        name: package.name.to_string(),
        version: package.version.to_string(),
        // An old way to write "or".
        license: package.license.as_ref().map(|license| license.replace('/', " OR ")),
        hash: checksums.get(&purl).map(|checksum| ("SHA-256", checksum.clone())),
        purl,
        only_builds,
    }
}

fn purl(package: &Package) -> String {
    address(&package.name, &package.version.to_string())
}

fn address(name: &str, version: &str) -> String {
    // A version may have a plus, which addresses of packages write in its escaped form.
    format!("pkg:cargo/{name}@{}", version.replace('+', "%2B"))
}

/// The checksums of the lock file, by address.
fn checksums(root: &Path) -> Result<BTreeMap<String, String>> {
    let text = fs::read_to_string(root.join("Cargo.lock")).context("Cargo.lock cannot be read")?;
    let lock: toml::Table = text.parse().context("Cargo.lock is not TOML")?;
    let packages = lock.get("package").and_then(toml::Value::as_array).into_iter().flatten();
    let checksum = |package: &toml::Value| {
        let text = |key| package.get(key).and_then(toml::Value::as_str);
        Some((address(text("name")?, text("version")?), text("checksum")?.to_owned()))
    };
    Ok(packages.filter_map(checksum).collect())
}
