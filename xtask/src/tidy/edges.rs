//! Who may know whom: the table of the design, held against `cargo metadata`.

use std::path::Path;

use anyhow::Result;
use cargo_metadata::{DependencyKind, Metadata};

use super::Problem;
use super::tree::Tree;

const THIS_FILE: &str = "xtask/src/tidy/edges.rs";

/// A crate, the crates of ours it may use, and why no others.
struct Room {
    name: &'static str,
    may_use: &'static [&'static str],
    because: &'static str,
}

const ROOMS: &[Room] = &[
    Room { name: "foundation", may_use: &[], because: "it is the ground that all the others stand on" },
    Room {
        name: "store",
        may_use: &["foundation"],
        because: "it keeps rows and does not know whose they are",
    },
    Room { name: "guard", may_use: &["foundation"], because: "it judges requests by their form alone" },
    Room {
        name: "inspect",
        may_use: &["foundation"],
        because: "it looks at any site from outside, not at this house from inside",
    },
    Room {
        name: "edge",
        may_use: &["foundation", "guard"],
        because: "it stands when the database, or anything behind it, is down",
    },
    Room {
        name: "live",
        may_use: &["foundation", "guard"],
        because: "it carries and never decides: it takes identities and an admission callback",
    },
    Room {
        name: "audit",
        may_use: &["foundation", "store"],
        because: "it writes down what it is told, whoever tells it",
    },
    Room {
        name: "transfer",
        may_use: &["foundation", "store"],
        because: "it moves any database, not only ours",
    },
    Room {
        name: "accounts",
        may_use: &["foundation", "store", "guard", "audit"],
        because: "the applications know their users, never the other way round",
    },
    Room {
        name: "learn",
        may_use: APPLICATION,
        because: "an application knows what it stands on and no other",
    },
    Room {
        name: "vault",
        may_use: APPLICATION,
        because: "an application knows what it stands on and no other",
    },
    Room {
        name: "server",
        may_use: &[
            "foundation",
            "store",
            "guard",
            "audit",
            "accounts",
            "live",
            "learn",
            "vault",
            "edge",
            "transfer",
            "inspect",
        ],
        because: "nothing that ships uses a development tool",
    },
    Room {
        name: "testkit",
        may_use: &["foundation", "store", "guard"],
        because: "every room's tests use it, so that it must stand below them all",
    },
    Room {
        name: "bench",
        may_use: &["foundation", "store", "guard", "audit"],
        because: "it measures rooms one by one; the whole it measures from outside",
    },
    Room { name: "xtask", may_use: &[], because: "it must work while the house does not build" },
];

const APPLICATION: &[&str] = &["foundation", "store", "guard", "audit", "accounts", "live"];
/// What tests may use besides: the kit, and all that is below it.
const IN_TESTS: &[&str] = &["testkit", "foundation", "store", "guard"];

/// Forbidden edges with a reason of their own.
const PARTICULAR: &[(&str, &str, &str)] = &[
    ("edge", "store", "it stands when the database is down"),
    ("learn", "vault", "the applications never know each other; what joins them is in `server`"),
    ("vault", "learn", "the applications never know each other; what joins them is in `server`"),
];

/// A crate of ours, and which of ours it names in its manifest.
pub(super) struct Member {
    name: String,
    /// Relative to the root.
    manifest: String,
    edges: Vec<Edge>,
}

struct Edge {
    to: String,
    only_in_tests: bool,
}

/// The crates of the workspace and the edges between them.
pub(super) fn of_workspace(metadata: &Metadata, root: &Path) -> Vec<Member> {
    let ours: Vec<_> = metadata.workspace_packages();
    let is_ours = |name: &str| ours.iter().any(|package| package.name == name);
    let member = |package: &&cargo_metadata::Package| {
        let manifest = package.manifest_path.as_std_path();
        let named = package.dependencies.iter().filter(|dependency| is_ours(&dependency.name));
        let edge = |dependency: &cargo_metadata::Dependency| Edge {
            to: dependency.name.clone(),
            only_in_tests: dependency.kind == DependencyKind::Development,
        };
        Member {
            name: package.name.to_string(),
            manifest: manifest.strip_prefix(root).unwrap_or(manifest).to_string_lossy().into_owned(),
            edges: named.map(edge).collect(),
        }
    };
    ours.iter().map(member).collect()
}

pub(super) fn check(tree: &Tree, members: &[Member]) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    for member in members {
        let Some(room) = ROOMS.iter().find(|room| room.name == member.name) else {
            problems.push(unknown(member));
            continue;
        };
        let manifest = tree.text(&member.manifest)?.unwrap_or_default();
        let refused = member.edges.iter().filter(|edge| !allowed(room, edge));
        problems.extend(refused.map(|edge| forbidden(room, edge, &member.manifest, &manifest)));
    }
    Ok(problems)
}

fn allowed(room: &Room, edge: &Edge) -> bool {
    let to = edge.to.as_str();
    room.may_use.contains(&to) || (edge.only_in_tests && room.name != "xtask" && IN_TESTS.contains(&to))
}

fn forbidden(room: &Room, edge: &Edge, file: &str, manifest: &str) -> Problem {
    let (from, to) = (room.name, edge.to.as_str());
    let particular = PARTICULAR.iter().find(|rule| (rule.0, rule.1) == (from, to));
    let because = particular.map_or(room.because, |rule| rule.2);
    let remedy = if to == "testkit" && from != "xtask" {
        "name it under [dev-dependencies]".to_owned()
    } else {
        format!(
            "move what you need below both, pass it in as a value or a callback, or join the two in `server` ({THIS_FILE})"
        )
    };
    Problem::at(file, line_of(manifest, to), format!("`{from}` may not use `{to}`: {because}"), remedy)
}

fn unknown(member: &Member) -> Problem {
    Problem::in_file(
        &member.manifest,
        format!("`{}` is a crate that the table of who may know whom does not have", member.name),
        format!(
            "add it to ROOMS in {THIS_FILE}, with what it may use and why no more, and to ARCHITECTURE.md"
        ),
    )
}

/// The line of a manifest that names the dependency.
fn line_of(manifest: &str, dependency: &str) -> usize {
    let names_it = |line: &str| {
        let name = line.split(['.', '=']).next().unwrap_or_default();
        name.trim().trim_matches('"') == dependency
    };
    manifest.lines().position(names_it).map_or(1, |position| position + 1)
}

#[cfg(test)]
mod tests {
    use super::super::tree::fake;
    use super::*;

    fn found(name: &str, edges: &[(&str, bool)], manifest: &str) -> Vec<String> {
        let path = format!("crates/{name}/Cargo.toml");
        let (tree, _folder) = fake::tree(&[(&path, manifest)]);
        let edges =
            edges.iter().map(|(to, only_in_tests)| Edge { to: (*to).into(), only_in_tests: *only_in_tests });
        let member = Member { name: name.into(), manifest: path, edges: edges.collect() };
        let problems = check(&tree, &[member]).unwrap();
        problems.iter().map(|problem| format!("{}: {}", problem.place, problem.rule)).collect()
    }

    #[test]
    fn the_message_names_the_line_and_the_reason() {
        let manifest =
            "[package]\nname = \"edge\"\n\n[dependencies]\nguard.workspace = true\nstore.workspace = true\n";
        assert_eq!(
            found("edge", &[("guard", false), ("store", false)], manifest),
            ["crates/edge/Cargo.toml:6: `edge` may not use `store`: it stands when the database is down"]
        );
    }

    #[test]
    fn the_applications_never_know_each_other() {
        let problems = found("learn", &[("accounts", false), ("live", false), ("vault", false)], "");
        assert_eq!(problems.len(), 1);
        assert!(problems[0].contains("`learn` may not use `vault`: the applications never know each other"));
    }

    #[test]
    fn tests_may_use_the_kit_and_what_is_below_it_and_nothing_above() {
        assert!(found("edge", &[("testkit", true), ("store", true)], "").is_empty());
        assert_eq!(found("edge", &[("testkit", false)], "").len(), 1);
        assert_eq!(found("store", &[("accounts", true)], "").len(), 1);
        assert_eq!(found("xtask", &[("testkit", true)], "").len(), 1);
    }

    #[test]
    fn a_crate_outside_the_table_is_told_where_to_go() {
        let problems = found("attic", &[], "");
        assert_eq!(
            problems,
            ["crates/attic/Cargo.toml: `attic` is a crate that the table of who may know whom does not have"]
        );
    }

    #[test]
    fn the_table_names_only_rooms_it_has_and_lets_none_know_itself() {
        for room in ROOMS {
            for used in room.may_use {
                assert!(ROOMS.iter().any(|other| other.name == *used), "{used}");
                assert_ne!(room.name, *used);
            }
        }
    }
}
