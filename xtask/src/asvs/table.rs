//! The document: counts, a table for each chapter, and what is missing.

use std::fmt::Write as _;

use super::checklist::{self, Kind, Requirement};
use super::ledger::{Entry, State};
use super::scan::Evidence;

pub(super) const FILE: &str = "docs/security/asvs.md";
const FOLDER: &str = "docs/security/";

const INTRODUCTION: &str = "\
# Evidence for OWASP ASVS 5.0

<!-- Written by `cargo xtask asvs`. Do not edit: mark the evidence, as CONTRIBUTING.md says, and run it again. -->

Which requirements of the [Application Security Verification Standard
5.0](https://owasp.org/www-project-application-security-verification-standard/) Mainstay meets, and what shows it. Only
requirements that concern Mainstay as it is planned are listed, in short, with ASVS's numbers and levels
([the list](asvs-5.0.tsv)). Each asks for a test, for a rule of the build, or for a document.

*Proven* means that evidence of the kind asked for is marked with the number; *partly*, that it is of another kind, or
says itself what is missing; *open*, that there is none.
";

/// Writing into a `String` cannot fail.
macro_rules! line {
    ($out:ident, $($words:tt)*) => { let _ = writeln!($out, $($words)*); };
}

pub(super) fn render(entries: &[Entry<'_>]) -> String {
    let mut out = INTRODUCTION.to_owned();
    counts(&mut out, entries);
    for chapter in chapters(entries) {
        let name = checklist::chapter_name(chapter[0].requirement.chapter());
        line!(out, "\n## {} {name}\n", chapter[0].requirement.chapter());
        line!(
            out,
            "| number | level | asks for | requirement | state | evidence |\n|---|---|---|---|---|---|"
        );
        for entry in chapter {
            row(&mut out, entry);
        }
    }
    partly(&mut out, entries);
    open(&mut out, entries);
    out
}

/// For the terminal: the counts, and the numbers of what is not proven, a line for each chapter.
pub(super) fn summary(entries: &[Entry<'_>]) -> String {
    let count = |state| in_state(entries, state).count();
    let (proven, partly, open) = (count(State::Proven), count(State::Partly), count(State::Open));
    let (all, none) = (entries.len(), count(State::NotApplicable));
    let mut out = String::new();
    line!(out, "{all} requirements: {proven} proven, {partly} partly, {open} open, {none} not applicable");
    for state in [State::Partly, State::Open] {
        for chapter in chapters(entries) {
            let ids: Vec<_> = in_state(chapter, state).map(|entry| entry.requirement.id.as_str()).collect();
            if !ids.is_empty() {
                line!(out, "  {}: {}", state.name(), ids.join(", "));
            }
        }
    }
    out
}

fn chapters<'a, 'b>(entries: &'a [Entry<'b>]) -> impl Iterator<Item = &'a [Entry<'b>]> {
    entries.chunk_by(|one, next| one.requirement.chapter() == next.requirement.chapter())
}

fn in_state<'a, 'b>(entries: &'a [Entry<'b>], state: State) -> impl Iterator<Item = &'a Entry<'b>> {
    entries.iter().filter(move |entry| entry.state == state)
}

/// Proven of those that apply, by chapter and level.
fn counts(out: &mut String, entries: &[Entry<'_>]) {
    line!(out, "\n## Counted\n");
    line!(out, "| proven | level 1 | level 2 | level 3 | all | partly | open | not applicable |");
    line!(out, "|---|---|---|---|---|---|---|---|");
    for chapter in chapters(entries) {
        let number = chapter[0].requirement.chapter();
        counts_of(out, &format!("{number} {}", checklist::chapter_name(number)), chapter);
    }
    counts_of(out, "**all**", entries);
}

fn counts_of(out: &mut String, name: &str, entries: &[Entry<'_>]) {
    let at_level = |wanted: &dyn Fn(usize) -> bool| {
        let applicable = entries.iter().filter(|entry| entry.state != State::NotApplicable);
        let states: Vec<_> =
            applicable.filter(|entry| wanted(entry.requirement.level)).map(|entry| entry.state).collect();
        let proven = states.iter().filter(|state| **state == State::Proven).count();
        if states.is_empty() { String::new() } else { format!("{proven} of {}", states.len()) }
    };
    let [one, two, three] = [1, 2, 3].map(|level| at_level(&|found| found == level));
    let all = at_level(&|_| true);
    let count = |state| in_state(entries, state).count();
    let (partly, open, none) = (count(State::Partly), count(State::Open), count(State::NotApplicable));
    line!(out, "| {name} | {one} | {two} | {three} | {all} | {partly} | {open} | {none} |");
}

fn row(out: &mut String, entry: &Entry<'_>) {
    let Requirement { id, level, kind, text } = entry.requirement;
    let evidence: Vec<_> = entry.evidence.iter().map(|one| shown(one)).collect();
    let (kind, state, text, evidence) = (kind.name(), entry.state.name(), cell(text), evidence.join("<br>"));
    line!(out, "| {id} | {level} | {kind} | {text} | {state} | {evidence} |");
}

/// A link to the evidence, with its note.
fn shown(one: &Evidence) -> String {
    let name = match one.subject.kind {
        Kind::Doc => format!("{}: {}", one.file.rsplit('/').next().unwrap_or(&one.file), one.subject.name),
        Kind::Test | Kind::Build => format!("`{}`", one.subject.name.replace('`', "'")),
    };
    let anchor = one.subject.anchor.as_ref().map(|anchor| format!("#{anchor}")).unwrap_or_default();
    let path = match one.file.strip_prefix(FOLDER) {
        Some(beside) => beside.to_owned(),
        None => format!("../../{}", one.file),
    };
    let note = one.marker.note.as_ref().map(|note| format!(" – {note}")).unwrap_or_default();
    cell(&format!("[{name}]({path}{anchor}){note}"))
}

fn partly(out: &mut String, entries: &[Entry<'_>]) {
    if in_state(entries, State::Partly).next().is_none() {
        return;
    }
    line!(out, "\n## Partly proven\n\n| number | level | requirement | what is missing |\n|---|---|---|---|");
    for entry in in_state(entries, State::Partly) {
        let Requirement { id, level, text, .. } = entry.requirement;
        line!(out, "| {id} | {level} | {} | {} |", cell(text), cell(&entry.missing().join("; ")));
    }
}

fn open(out: &mut String, entries: &[Entry<'_>]) {
    if in_state(entries, State::Open).next().is_none() {
        return;
    }
    line!(out, "\n## Open\n\n| number | level | asks for | requirement |\n|---|---|---|---|");
    for entry in in_state(entries, State::Open) {
        let Requirement { id, level, kind, text } = entry.requirement;
        line!(out, "| {id} | {level} | {} | {} |", kind.name(), cell(text));
    }
}

/// Text that cannot end the cell it stands in.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::super::{ledger, scan};
    use super::*;

    const LIST: &str = "id\tlevel\tkind\trequirement\n\
        1.2.4\t1\tbuild\tparameterised SQL\n\
        6.1.1\t1\tdoc\tthrottling policy\n\
        6.2.1\t1\ttest\tpasswords of at least 8 characters\n\
        6.3.8\t3\ttest\tno enumeration\n\
        6.6.2\t2\ttest\ta code is bound\n\
        9.1.1\t2\ttest\tsignature checked\n";

    const FILES: [(&str, &str); 4] = [
        (
            "crates/accounts/src/password.rs",
            "// ASVS 6.2.1\n#[test]\nfn lengths_count() {}\n\
             // ASVS 6.3.8 - partly: nothing measures time\n#[test]\nfn words_are_alike() {}\n",
        ),
        ("web/src/a.test.ts", "// ASVS 6.2.1 - eight | more\nit('counts `characters`', () => {\n"),
        (
            "docs/security/authentication.md",
            "# Authentication\n## Throttling\n<!-- ASVS 6.1.1 -->\n<!-- ASVS 6.6.2 n/a - no codes -->\n",
        ),
        ("deny.toml", "# ASVS 1.2.4\nyanked = \"deny\"\n"),
    ];

    #[test]
    fn the_document_shows_every_requirement_with_its_evidence() {
        let requirements = checklist::parse(LIST).unwrap();
        let evidence: Vec<_> = FILES.iter().flat_map(|(name, text)| scan::file(name, text).0).collect();
        let entries = ledger::entries(&requirements, &evidence);
        let document = render(&entries);
        let tables = document.strip_prefix(INTRODUCTION).expect("the introduction comes first");
        insta::assert_snapshot!(tables, @r#"
        ## Counted

        | proven | level 1 | level 2 | level 3 | all | partly | open | not applicable |
        |---|---|---|---|---|---|---|---|
        | 1 Encoding and sanitisation | 1 of 1 |  |  | 1 of 1 | 0 | 0 | 0 |
        | 6 Authentication | 2 of 2 |  | 0 of 1 | 2 of 3 | 1 | 0 | 1 |
        | 9 Self-contained tokens |  | 0 of 1 |  | 0 of 1 | 0 | 1 | 0 |
        | **all** | 3 of 3 | 0 of 1 | 0 of 1 | 3 of 5 | 1 | 1 | 1 |

        ## 1 Encoding and sanitisation

        | number | level | asks for | requirement | state | evidence |
        |---|---|---|---|---|---|
        | 1.2.4 | 1 | build | parameterised SQL | proven | [`yanked = "deny"`](../../deny.toml) |

        ## 6 Authentication

        | number | level | asks for | requirement | state | evidence |
        |---|---|---|---|---|---|
        | 6.1.1 | 1 | doc | throttling policy | proven | [authentication.md: Throttling](authentication.md#throttling) |
        | 6.2.1 | 1 | test | passwords of at least 8 characters | proven | [`lengths_count`](../../crates/accounts/src/password.rs)<br>[`counts 'characters'`](../../web/src/a.test.ts) – eight \| more |
        | 6.3.8 | 3 | test | no enumeration | partly | [`words_are_alike`](../../crates/accounts/src/password.rs) – partly: nothing measures time |
        | 6.6.2 | 2 | test | a code is bound | not applicable | [authentication.md: Throttling](authentication.md#throttling) – no codes |

        ## 9 Self-contained tokens

        | number | level | asks for | requirement | state | evidence |
        |---|---|---|---|---|---|
        | 9.1.1 | 2 | test | signature checked | open |  |

        ## Partly proven

        | number | level | requirement | what is missing |
        |---|---|---|---|
        | 6.3.8 | 3 | no enumeration | nothing measures time |

        ## Open

        | number | level | asks for | requirement |
        |---|---|---|---|
        | 9.1.1 | 2 | test | signature checked |
        "#);
        assert_eq!(
            summary(&entries),
            "6 requirements: 3 proven, 1 partly, 1 open, 1 not applicable\n  partly: 6.3.8\n  open: 9.1.1\n"
        );
    }
}
