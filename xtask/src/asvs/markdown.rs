//! Documents: the heading that a marker stands under.

use super::checklist::Kind;
use super::scan::{Refusal, Subject};

const NO_HEADING: Refusal = "no heading stands above: write the marker below the heading of what it names";

/// The lines of a document, with those of its code blocks empty: they show and do not say.
pub(super) fn without_code(text: &str) -> Vec<&str> {
    let mut in_code = false;
    let lines = text.lines().map(|line| {
        let fence = line.trim_start().starts_with("```");
        in_code ^= fence;
        if in_code || fence { "" } else { line }
    });
    lines.collect()
}

/// The nearest heading above the marker at `index`.
pub(super) fn heading(lines: &[&str], index: usize) -> Result<Subject, Refusal> {
    let headings: Vec<_> = lines[..index].iter().filter_map(|line| heading_text(line)).collect();
    let (nearest, before) = headings.split_last().ok_or(NO_HEADING)?;
    let same = before.iter().filter(|text| anchor(text) == anchor(nearest)).count();
    let mut place = anchor(nearest);
    if same > 0 {
        place = format!("{place}-{same}");
    }
    Ok(Subject { anchor: Some(place), ..Subject::new(Kind::Doc, nearest.replace('`', "")) })
}

fn heading_text(line: &str) -> Option<&str> {
    let text = line.trim_start_matches('#');
    let level = line.len() - text.len();
    ((1..=6).contains(&level) && text.starts_with(' ')).then(|| text.trim())
}

/// The address that a repository's host gives to a heading.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(text: &str) -> Vec<Result<(String, String), Refusal>> {
        let lines = without_code(text);
        let markers = (0..lines.len()).filter(|index| lines[*index].contains("ASVS"));
        let place = |subject: Subject| (subject.name, subject.anchor.unwrap_or_default());
        markers.map(|index| heading(&lines, index).map(place)).collect()
    }

    #[test]
    fn a_marker_names_the_heading_it_stands_under() {
        let text =
            "# All of it\n<!-- ASVS 1.1.1 -->\n## Who may, and who's not `so`?\n\n<!-- ASVS 1.1.2 -->\n";
        let expected =
            [("All of it", "all-of-it"), ("Who may, and who's not so?", "who-may-and-whos-not-so")];
        assert_eq!(named(text), expected.map(|(name, place)| Ok((name.into(), place.into()))));
    }

    #[test]
    fn headings_of_one_name_have_addresses_of_their_own() {
        let text = "## Why\n## Why\n<!-- ASVS 1.1.1 -->\n";
        assert_eq!(named(text), [Ok(("Why".into(), "why-1".into()))]);
    }

    #[test]
    fn what_is_shown_as_code_is_not_said() {
        assert_eq!(named("# A\n```html\n<!-- ASVS 1.1.1 -->\n```\n"), []);
        assert_eq!(named("```sh\n# no heading\n```\n<!-- ASVS 1.1.1 -->\n"), [Err(NO_HEADING)]);
    }
}
