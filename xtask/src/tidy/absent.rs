//! Words that must not stand in what people run: each would open a way that the house does without.

use anyhow::Result;

use super::Problem;
use super::tree::Tree;

struct Absent {
    word: &'static str,
    folder: &'static str,
    ending: &'static str,
    /// Where it may stand all the same.
    but: &'static [&'static str],
    because: &'static str,
}

const ABSENT: [Absent; 3] = [
    Absent {
        word: "Command::new",
        folder: "crates/*/src",
        ending: ".rs",
        // What the operator has written, on the command line of `mainstay transfer cutover` or into the configuration of the
        // street gate; and the gate's own successor. The server never comes there. The others are tests.
        but: &[
            "crates/foundation/src/hook.rs",
            "crates/edge/src/handover.rs",
            "crates/testkit/src/redis_server.rs",
            "crates/transfer/src/follow/hook.rs",
        ],
        because: "the server starts no other program, so that nothing people send can become a command",
    },
    Absent { word: "innerHTML", folder: "web/src", ending: "", but: &[], because: NO_MARKUP },
    Absent { word: "dangerouslySetInnerHTML", folder: "web/src", ending: "", but: &[], because: NO_MARKUP },
];
const NO_MARKUP: &str =
    "pages show text as text: let React write it, so that nothing people send can become markup";

pub(super) fn check(tree: &Tree) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    for Absent { word, folder, ending, but, because } in ABSENT {
        for found in tree.texts(tree.under(&[folder], ending)) {
            let (file, text) = found?;
            if but.contains(&file) {
                continue;
            }
            for (number, _) in text.lines().enumerate().filter(|(_, line)| line.contains(word)) {
                problems.push(Problem::at(
                    file,
                    number + 1,
                    format!("`{word}` must not stand here"),
                    because,
                ));
            }
        }
    }
    Ok(problems)
}

#[cfg(test)]
mod tests {
    use super::super::tree::fake;
    use super::*;

    // ASVS 1.2.5, 3.2.2
    #[test]
    fn programs_and_markup_that_people_could_send_are_found() {
        let (tree, _folder) = fake::tree(&[
            ("crates/a/src/lib.rs", "//! A.\nfn a() { Command::new(name); }\n"),
            ("crates/foundation/src/hook.rs", "Command::new(name);\n"),
            ("crates/a/tests/it.rs", "Command::new(name);\n"),
            ("web/src/a.tsx", "page.innerHTML = name;\n<p dangerouslySetInnerHTML={name} />\n"),
            ("web/e2e/a.spec.ts", "page.innerHTML();\n"),
        ]);
        let places: Vec<_> = check(&tree).unwrap().into_iter().map(|problem| problem.place).collect();
        assert_eq!(places, ["crates/a/src/lib.rs:2", "web/src/a.tsx:1", "web/src/a.tsx:2"]);
    }
}
