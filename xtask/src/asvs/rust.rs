//! Rust tests: the function under the marker, if it is one that is run.

use super::checklist::Kind;
use super::scan::{Refusal, Subject};

const NO_TEST: Refusal = "the function below is no test: write the marker directly above one";
const NO_FUNCTION: Refusal = "no function stands below: write the marker directly above a test";
const IGNORED: Refusal = "the test below is ignored: what does not run proves nothing";
/// Inside this, every function becomes a test for each database.
const BOTH_DATABASES: &str = "on_both_databases!";

/// The test that belongs to the marker at `index`, which stands above it or among its attributes.
pub(super) fn test(lines: &[&str], index: usize) -> Result<Subject, Refusal> {
    let mut attributes = attributes_above(lines, index);
    let mut below = index + 1;
    while let Some(length) = lines.get(below).and_then(|line| decoration(line, &lines[below..])) {
        attributes.extend(attribute(lines[below]));
        below += length;
    }
    let line = lines.get(below).ok_or(NO_FUNCTION)?;
    let name = function(line).ok_or(NO_FUNCTION)?;
    if attributes.contains(&"ignore") {
        return Err(IGNORED);
    }
    if !attributes.iter().any(|path| path.rsplit("::").next() == Some("test")) && !in_macro(lines, below) {
        return Err(NO_TEST);
    }
    Ok(Subject::new(Kind::Test, name))
}

/// The attributes between the marker and whatever stands above the function, in lines of one attribute each.
fn attributes_above<'a>(lines: &[&'a str], index: usize) -> Vec<&'a str> {
    let above = lines[..index].iter().rev().take_while(|line| {
        let line = line.trim_start();
        line.starts_with("#[") || line.starts_with("//")
    });
    above.filter_map(|line| attribute(line)).collect()
}

/// How many lines a comment or an attribute takes; nothing for code.
fn decoration(line: &str, rest: &[&str]) -> Option<usize> {
    let line = line.trim_start();
    if line.starts_with("//") {
        return Some(1);
    }
    let closes = |line: &&str| line.trim_end().ends_with(']');
    line.starts_with("#[").then(|| rest.iter().position(closes).unwrap_or(0) + 1)
}

/// The path of an attribute: `tokio::test` of `#[tokio::test(flavor = "multi_thread")]`.
fn attribute(line: &str) -> Option<&str> {
    line.trim_start().strip_prefix("#[")?.split(['(', ']', ' ', '=']).next()
}

/// The name in `async fn name(`.
fn function(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let line = line.strip_prefix("pub ").unwrap_or(line);
    let line = line.strip_prefix("async ").unwrap_or(line);
    line.strip_prefix("fn ")?.split(['(', '<']).next()
}

/// Whether the block around a line is the macro's.
fn in_macro(lines: &[&str], index: usize) -> bool {
    let inside = indentation(lines[index]);
    let mut outside = lines[..index].iter().rev().filter(|line| {
        let line = line.trim_end();
        !line.is_empty() && indentation(line) < inside && (line.ends_with('{') || line.trim_start() == "}")
    });
    outside.next().is_some_and(|line| line.contains(BOTH_DATABASES))
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names of what the markers of a text stand above.
    fn named(text: &str) -> Vec<Result<String, Refusal>> {
        let lines: Vec<_> = text.lines().collect();
        let markers = (0..lines.len()).filter(|index| lines[*index].contains("// ASVS"));
        markers.map(|index| test(&lines, index).map(|subject| subject.name)).collect()
    }

    #[test]
    fn a_test_is_named_from_above_or_among_its_attributes() {
        let text = r#"
            // ASVS 1.1.1
            #[test]
            fn one() {}

            /// What it shows.
            #[tokio::test(flavor = "multi_thread")]
            // ASVS 1.1.1
            // ASVS 1.1.2
            #[expect(
                clippy::too_many_lines,
                reason = "it is long"
            )]
            pub async fn two() {}
        "#;
        assert_eq!(named(text), [Ok("one".into()), Ok("two".into()), Ok("two".into())]);
    }

    #[test]
    fn tests_on_both_databases_have_no_attribute_of_their_own() {
        let text = r"
fn helper() {
}
testkit::on_both_databases! {
    migrations: migrations();

    // ASVS 1.1.1
    async fn one(database) {
        if true {
            for it in them {}
        }
    }

    /// More.
    // ASVS 1.1.1
    async fn two(database) {}
}

mod tests {
    // ASVS 1.1.1
    fn three() {}
}
";
        assert_eq!(named(text), [Ok("one".into()), Ok("two".into()), Err(NO_TEST)]);
    }

    #[test]
    fn what_is_no_test_is_refused() {
        assert_eq!(named("// ASVS 1.1.1\nfn helper() {}"), [Err(NO_TEST)]);
        assert_eq!(named("// ASVS 1.1.1\n\n#[test]\nfn later() {}"), [Err(NO_FUNCTION)]);
        assert_eq!(named("#[test]\nfn earlier() {}\n// ASVS 1.1.1"), [Err(NO_FUNCTION)]);
        assert_eq!(named("// ASVS 1.1.1\nconst X: u8 = 1;"), [Err(NO_FUNCTION)]);
        assert_eq!(named("#[ignore = \"slow\"]\n// ASVS 1.1.1\n#[test]\nfn one() {}"), [Err(IGNORED)]);
        assert_eq!(named("#[cfg(test)]\n// ASVS 1.1.1\nfn one() {}"), [Err(NO_TEST)]);
    }
}
