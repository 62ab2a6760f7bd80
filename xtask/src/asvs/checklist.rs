//! The requirements of OWASP ASVS 5.0 that concern Mainstay, and what may prove each.

use anyhow::{Context, Result};

/// The committed list: number, level, kind of evidence and the requirement in short, separated by tabs.
pub(super) const FILE: &str = "docs/security/asvs-5.0.tsv";

const CHAPTERS: [(&str, &str); 17] = [
    ("1", "Encoding and sanitisation"),
    ("2", "Validation and business logic"),
    ("3", "Web frontend"),
    ("4", "API and web service"),
    ("5", "File handling"),
    ("6", "Authentication"),
    ("7", "Session management"),
    ("8", "Authorisation"),
    ("9", "Self-contained tokens"),
    ("10", "OAuth and OIDC"),
    ("11", "Cryptography"),
    ("12", "Secure communication"),
    ("13", "Configuration"),
    ("14", "Data protection"),
    ("15", "Secure coding and architecture"),
    ("16", "Security logging and error handling"),
    ("17", "WebRTC"),
];

/// What evidence is, and what a requirement asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Test,
    Build,
    Doc,
}

#[derive(Debug)]
pub(super) struct Requirement {
    pub(super) id: String,
    pub(super) level: usize,
    pub(super) kind: Kind,
    pub(super) text: String,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Test => "test",
            Self::Build => "build",
            Self::Doc => "doc",
        }
    }

    /// Whether evidence of this kind is enough for a requirement that asks for `wanted`.
    pub(super) fn proves(self, wanted: Self) -> bool {
        // What a rule of the build forbids can be shown to be absent by a test as well.
        self == wanted || (self, wanted) == (Self::Test, Self::Build)
    }
}

impl Requirement {
    pub(super) fn chapter(&self) -> &str {
        self.id.split('.').next().unwrap_or_default()
    }
}

pub(super) fn chapter_name(number: &str) -> &'static str {
    CHAPTERS.iter().find(|(known, _)| *known == number).map_or("", |(_, name)| name)
}

/// Reads the list; its first line names the columns.
pub(super) fn parse(text: &str) -> Result<Vec<Requirement>> {
    let lines = text.lines().enumerate().skip(1).filter(|(_, line)| !line.is_empty());
    lines
        .map(|(number, line)| {
            requirement(line).with_context(|| {
                format!("{FILE}:{} is not `number, level, test or doc or build, requirement`", number + 1)
            })
        })
        .collect()
}

fn requirement(line: &str) -> Option<Requirement> {
    let mut columns = line.split('\t').map(str::to_owned);
    let (id, level, kind, text) = (columns.next()?, columns.next()?, columns.next()?, columns.next()?);
    let level = level.parse().ok().filter(|level| (1..=3).contains(level))?;
    let kind = [Kind::Test, Kind::Build, Kind::Doc].into_iter().find(|known| known.name() == kind)?;
    columns.next().is_none().then_some(Requirement { id, level, kind, text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_are_read() {
        let list = parse("id\tlevel\tkind\trequirement\n6.1.1\t2\tdoc\tthrottling\n\n").unwrap();
        let [only] = list.as_slice() else { panic!("{list:?}") };
        assert_eq!((only.id.as_str(), only.level, only.kind), ("6.1.1", 2, Kind::Doc));
        assert_eq!((only.text.as_str(), only.chapter()), ("throttling", "6"));
        assert_eq!(chapter_name("6"), "Authentication");
    }

    #[test]
    fn a_line_that_does_not_fit_is_named() {
        for line in ["6.1.1\t2\tdoc", "6.1.1\t4\tdoc\tx", "6.1.1\t2\tproof\tx", "6.1.1\t2\tdoc\tx\ty"] {
            let error = parse(&format!("id\n{line}\n")).unwrap_err().to_string();
            assert!(error.starts_with("docs/security/asvs-5.0.tsv:2 is not "), "{error}");
        }
    }

    #[test]
    fn a_test_may_stand_for_a_rule_of_the_build_and_for_nothing_else() {
        assert!(Kind::Test.proves(Kind::Build) && Kind::Doc.proves(Kind::Doc));
        assert!(!Kind::Doc.proves(Kind::Test) && !Kind::Build.proves(Kind::Test));
        assert!(!Kind::Test.proves(Kind::Doc));
    }
}
