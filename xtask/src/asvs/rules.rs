//! Rules of the build, such as a lint or a forbidden crate: the line under the marker.

use super::checklist::Kind;
use super::scan::{Refusal, Subject};

const NO_RULE: Refusal = "no rule stands below: write the marker directly above its line";
const LONGEST: usize = 60;

/// The rule under the marker at `index`, in a file whose comments begin with `comment`.
pub(super) fn rule(lines: &[&str], index: usize, comment: &str) -> Result<Subject, Refusal> {
    let mut below = lines[index + 1..].iter().map(|line| line.trim());
    let line =
        below.find(|line| !line.starts_with(comment)).filter(|line| !line.is_empty()).ok_or(NO_RULE)?;
    Ok(Subject::new(Kind::Build, short(line)))
}

/// A line as the table shows it: of `name = { version = "1", … }` the name, so that an update does not change it.
fn short(line: &str) -> String {
    let line = line.split_once(" = {").map_or(line, |(name, _)| name).trim_end_matches(',');
    if line.chars().count() <= LONGEST {
        return line.to_owned();
    }
    line.chars().take(LONGEST - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(text: &str) -> Result<String, Refusal> {
        rule(&text.lines().collect::<Vec<_>>(), 0, "#").map(|subject| subject.name)
    }

    #[test]
    fn the_next_line_is_the_rule() {
        assert_eq!(named("# ASVS 1.4.1\nunsafe_code = \"forbid\"\n"), Ok("unsafe_code = \"forbid\"".into()));
        assert_eq!(named("# ASVS 1.4.1\n# Why.\n  yanked = \"deny\",\n"), Ok("yanked = \"deny\"".into()));
        assert_eq!(named("# ASVS 1.4.1\n\nyanked = \"deny\"\n"), Err(NO_RULE));
        assert_eq!(named("# ASVS 1.4.1\n"), Err(NO_RULE));
    }

    #[test]
    fn long_rules_and_version_numbers_are_left_out() {
        assert_eq!(named("#\nargon2 = { version = \"0.6\", features = [] }"), Ok("argon2".into()));
        let long = named(&format!("#\nallow = \"{}\"", "x".repeat(80))).unwrap();
        assert_eq!((long.chars().count(), long.ends_with('…')), (60, true));
    }
}
