//! Requirements and evidence brought together: what is proven, what partly, what not.

use super::checklist::{self, Kind, Requirement};
use super::scan::Evidence;
use crate::tidy::Problem;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Proven,
    /// What is marked is not of the kind asked for, or says itself that something is missing.
    Partly,
    NotApplicable,
    Open,
}

/// A requirement and all that is marked with its number.
pub(super) struct Entry<'a> {
    pub(super) requirement: &'a Requirement,
    pub(super) evidence: Vec<&'a Evidence>,
    pub(super) state: State,
}

pub(super) fn entries<'a>(requirements: &'a [Requirement], evidence: &'a [Evidence]) -> Vec<Entry<'a>> {
    let of = |requirement: &'a Requirement| {
        let marked = evidence.iter().filter(|one| one.marker.ids.contains(&requirement.id));
        let mut evidence: Vec<_> = marked.collect();
        evidence.sort_by_key(|one| (one.subject.kind, &one.file, one.line));
        evidence.dedup_by_key(|one| (&one.file, &one.subject, &one.marker.note));
        Entry { requirement, state: state(requirement.kind, &evidence), evidence }
    };
    requirements.iter().map(of).collect()
}

fn state(wanted: Kind, evidence: &[&Evidence]) -> State {
    if evidence.is_empty() {
        State::Open
    } else if evidence.iter().all(|one| one.marker.not_applicable) {
        State::NotApplicable
    } else if !proves(wanted, evidence) || evidence.iter().any(|one| one.marker.missing().is_some()) {
        State::Partly
    } else {
        State::Proven
    }
}

fn proves(wanted: Kind, evidence: &[&Evidence]) -> bool {
    evidence.iter().any(|one| one.subject.kind.proves(wanted))
}

impl State {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Proven => "proven",
            Self::Partly => "partly",
            Self::NotApplicable => "not applicable",
            Self::Open => "open",
        }
    }
}

impl<'a> Entry<'a> {
    /// What a requirement that is partly proven lacks.
    pub(super) fn missing(&self) -> Vec<&'a str> {
        let mut missing: Vec<_> = self.evidence.iter().filter_map(|one| one.marker.missing()).collect();
        if !proves(self.requirement.kind, &self.evidence) {
            missing.push(match self.requirement.kind {
                Kind::Test => "a test",
                Kind::Build => "a rule of the build",
                Kind::Doc => "a document",
            });
        }
        missing
    }
}

/// Markers that contradict the list or each other.
pub(super) fn problems(requirements: &[Requirement], evidence: &[Evidence]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for one in evidence {
        for id in &one.marker.ids {
            if !requirements.iter().any(|requirement| requirement.id == *id) {
                problems.push(Problem::at(
                    &one.file,
                    one.line,
                    format!("there is no requirement {id}"),
                    format!("take a number of {}, or add the requirement there", checklist::FILE),
                ));
            }
        }
    }
    problems.extend(entries(requirements, evidence).iter().filter_map(contradiction));
    problems
}

fn contradiction(entry: &Entry<'_>) -> Option<Problem> {
    let id = &entry.requirement.id;
    let first = entry.evidence.first()?;
    let refused = entry.evidence.iter().find(|one| one.marker.not_applicable);
    if let Some(refused) = refused.filter(|_| entry.state != State::NotApplicable) {
        return Some(Problem::at(
            &refused.file,
            refused.line,
            format!("{id} is said not to apply, and {}:{} proves it", first.file, first.line),
            "remove one of the two markers",
        ));
    }
    let misfit = entry.requirement.kind == Kind::Doc
        && !entry.evidence.iter().any(|one| one.subject.kind == Kind::Doc);
    misfit.then(|| {
        Problem::at(
            &first.file,
            first.line,
            format!("{id} asks for a document, which a {} is not", first.subject.kind.name()),
            "write it down in docs/security and mark it there as well",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::super::scan;
    use super::*;

    const LIST: &str =
        "id\tlevel\tkind\trequirement\n1.1.1\t1\ttest\ta\n1.1.2\t2\tdoc\tb\n1.1.3\t3\tbuild\tc\n";

    /// The states of the three requirements, and the complaints, when these files have markers.
    fn judged(files: &[(&str, &str)]) -> (Vec<&'static str>, Vec<String>) {
        let requirements = checklist::parse(LIST).unwrap();
        let evidence: Vec<_> = files.iter().flat_map(|(name, text)| scan::file(name, text).0).collect();
        let states = entries(&requirements, &evidence).iter().map(|entry| entry.state.name()).collect();
        let shown = problems(&requirements, &evidence).iter().map(ToString::to_string).collect();
        (states, shown)
    }

    fn test_of(marker: &str) -> (&'static str, String) {
        ("crates/a/src/b.rs", format!("// ASVS {marker}\n#[test]\nfn it_works() {{}}\n"))
    }

    #[test]
    fn evidence_of_the_kind_asked_for_proves() {
        let (file, test) = test_of("1.1.1, 1.1.3");
        let (states, problems) = judged(&[(file, &test), ("docs/a.md", "# A\n<!-- ASVS 1.1.2 -->\n")]);
        assert_eq!(states, ["proven"; 3]);
        assert!(problems.is_empty(), "{problems:?}");
    }

    #[test]
    fn a_document_proves_a_test_or_a_rule_in_part() {
        let (states, problems) = judged(&[("docs/a.md", "# A\n<!-- ASVS 1.1.1, 1.1.3 -->\n")]);
        assert_eq!(states, ["partly", "open", "partly"]);
        assert!(problems.is_empty(), "{problems:?}");
    }

    #[test]
    fn what_says_that_something_is_missing_proves_in_part() {
        let (file, test) = test_of("1.1.1 - partly: not over TLS");
        assert_eq!(judged(&[(file, &test)]).0, ["partly", "open", "open"]);
        let requirements = checklist::parse(LIST).unwrap();
        let evidence = scan::file(file, &test).0;
        assert_eq!(entries(&requirements, &evidence)[0].missing(), ["not over TLS"]);
    }

    #[test]
    fn a_test_is_no_document() {
        let (file, test) = test_of("1.1.2");
        let (_, problems) = judged(&[(file, &test)]);
        assert_eq!(problems.len(), 1);
        assert!(
            problems[0].starts_with("crates/a/src/b.rs:1: 1.1.2 asks for a document, which a test is not")
        );
    }

    #[test]
    fn unknown_numbers_are_named() {
        let (file, test) = test_of("1.1.1, 9.9.9");
        let (_, problems) = judged(&[(file, &test)]);
        assert_eq!(problems.len(), 1);
        assert!(
            problems[0].starts_with("crates/a/src/b.rs:1: there is no requirement 9.9.9"),
            "{problems:?}"
        );
    }

    #[test]
    fn nothing_is_proven_that_does_not_apply() {
        let refusal = ("docs/a.md", "# A\n<!-- ASVS 1.1.1 n/a - we have none -->\n");
        assert_eq!(judged(&[refusal]), (vec!["not applicable", "open", "open"], vec![]));
        let (file, test) = test_of("1.1.1");
        let (_, problems) = judged(&[refusal, (file, &test)]);
        assert_eq!(problems.len(), 1);
        let start = "docs/a.md:2: 1.1.1 is said not to apply, and crates/a/src/b.rs:1 proves it";
        assert!(problems[0].starts_with(start), "{problems:?}");
    }
}
