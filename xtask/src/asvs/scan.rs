//! Finds the markers of a file, and what each stands above.

use super::checklist::Kind;
use super::marker::{self, Marker};
use super::{markdown, rules, rust, typescript};
use crate::tidy::Problem;

/// A marker, and the test, heading or rule that it names.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Evidence {
    pub(super) file: String,
    pub(super) line: usize,
    pub(super) subject: Subject,
    pub(super) marker: Marker,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Subject {
    pub(super) kind: Kind,
    pub(super) name: String,
    /// Of a heading: its place in the page.
    pub(super) anchor: Option<String>,
}

/// Why a marker names nothing.
pub(super) type Refusal = &'static str;

/// How a file writes comments, and what in it can be evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Language {
    Rust,
    /// Tests of the web UI.
    TypeScript,
    Markdown,
    /// Lint and build rules, with what begins a comment.
    Rules(&'static str),
    /// Anything else: a marker there is a mistake.
    Other,
}

/// The first ending that fits decides.
const LANGUAGES: [(&str, Language); 14] = [
    (".rs", Language::Rust),
    (".test.ts", Language::TypeScript),
    (".test.tsx", Language::TypeScript),
    (".spec.ts", Language::TypeScript),
    (".spec.tsx", Language::TypeScript),
    (".md", Language::Markdown),
    (".toml", Language::Rules("#")),
    (".config.js", Language::Rules("//")),
    (".config.ts", Language::Rules("//")),
    (".yml", Language::Rules("#")),
    (".yaml", Language::Rules("#")),
    ("/.npmrc", Language::Rules("#")),
    ("Makefile", Language::Rules("#")),
    (".ci/run", Language::Rules("#")),
];

pub(super) fn file(file: &str, text: &str) -> (Vec<Evidence>, Vec<Problem>) {
    let (mut evidence, mut problems) = (Vec::new(), Vec::new());
    if !text.contains("ASVS") {
        return (evidence, problems);
    }
    let language = Language::of(file);
    let lines: Vec<&str> = match language {
        Language::Markdown => markdown::without_code(text),
        _ => text.lines().collect(),
    };
    for (index, line) in lines.iter().enumerate() {
        let Some(read) = language.comment(line).and_then(marker::read) else { continue };
        match read.and_then(|marker| Ok((language.subject(&lines, index, &marker)?, marker))) {
            Ok((subject, marker)) => {
                evidence.push(Evidence { file: file.to_owned(), line: index + 1, subject, marker });
            }
            Err(remedy) => {
                problems.push(Problem::at(
                    file,
                    index + 1,
                    format!("`{}` proves nothing", line.trim()),
                    remedy,
                ));
            }
        }
    }
    (evidence, problems)
}

impl Language {
    fn of(file: &str) -> Self {
        LANGUAGES
            .iter()
            .find(|(ending, _)| file.ends_with(ending))
            .map_or(Self::Other, |(_, language)| *language)
    }

    /// The text of a line that is a comment and nothing else.
    fn comment(self, line: &str) -> Option<&str> {
        let line = line.trim();
        let in_markup = || line.strip_prefix("<!--")?.strip_suffix("-->");
        match self {
            Self::Rust | Self::TypeScript => line.strip_prefix("//"),
            Self::Markdown => in_markup(),
            Self::Rules(opener) => line.strip_prefix(opener),
            Self::Other => line.strip_prefix("//").or_else(|| line.strip_prefix('#')).or_else(in_markup),
        }
    }

    /// What the marker in the line at `index` names.
    fn subject(self, lines: &[&str], index: usize, marker: &Marker) -> Result<Subject, Refusal> {
        if marker.not_applicable && self != Self::Markdown {
            return Err("only a document can say that a requirement is not applicable");
        }
        match self {
            Self::Rust => rust::test(lines, index),
            Self::TypeScript => typescript::test(lines, index),
            Self::Markdown => markdown::heading(lines, index),
            Self::Rules(comment) => rules::rule(lines, index, comment),
            Self::Other => Err("mark a test, a document, or a rule of the build: nothing else is evidence"),
        }
    }
}

impl Subject {
    pub(super) fn new(kind: Kind, name: impl Into<String>) -> Self {
        Self { kind, name: name.into(), anchor: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_file_has_its_evidence() {
        let cases = [
            ("crates/a/tests/it/b.rs", "// ASVS 1.1.1\n#[test]\nfn it_works() {", "test it_works"),
            ("web/e2e/a.spec.ts", "// ASVS 1.1.1\ntest('it works', async () => {", "test it works"),
            ("docs/a.md", "# A\n## It works\n<!-- ASVS 1.1.1 -->\n", "doc It works"),
            ("deny.toml", "# ASVS 1.1.1\nyanked = \"deny\"\n", "build yanked = \"deny\""),
            ("web/eslint.config.js", "  // ASVS 1.1.1\n  'no-eval': 'error',\n", "build 'no-eval': 'error'"),
        ];
        for (name, text, expected) in cases {
            let (evidence, problems) = file(name, text);
            assert!(problems.is_empty(), "{name}: {problems:?}");
            let found: Vec<_> = evidence
                .iter()
                .map(|one| format!("{} {}", one.subject.kind.name(), one.subject.name))
                .collect();
            assert_eq!(found, [expected], "{name}");
        }
    }

    #[test]
    fn a_marker_that_names_nothing_is_told_with_its_line() {
        let (evidence, problems) = file("crates/a/src/b.rs", "//! B.\n\n// ASVS 1.1.1\nfn helper() {}\n");
        assert!(evidence.is_empty());
        let shown: Vec<_> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(
            shown,
            [
                "crates/a/src/b.rs:3: `// ASVS 1.1.1` proves nothing\n    the function below is no test: write the marker directly above one"
            ]
        );
    }

    #[test]
    fn markers_where_nothing_can_be_evidence_are_refused() {
        for name in ["web/src/a.tsx", "web/src/a.css", "deploy/run.sh"] {
            assert_eq!(file(name, "// ASVS 1.1.1\nx\n").1.len(), 1, "{name}");
        }
    }

    #[test]
    fn only_documents_say_that_something_does_not_apply() {
        let text = "// ASVS 1.1.1 n/a - we have none\n#[test]\nfn it_works() {}\n";
        assert_eq!(file("crates/a/src/b.rs", text).1.len(), 1);
        let (evidence, _) = file("docs/a.md", "# A\n\n<!-- ASVS 1.1.1 n/a - we have none -->\n");
        assert!(evidence[0].marker.not_applicable);
    }
}
