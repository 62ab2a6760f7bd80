//! Tests of the web UI, written for vitest or Playwright: the `test`, `it` or `describe` under the marker.

use super::checklist::Kind;
use super::scan::{Refusal, Subject};

const NO_TEST: Refusal = "write the marker directly above a `test`, an `it` or a `describe`";
const NO_NAME: Refusal = "the test below has no name of its own: mark the `describe` around it";
const SKIPPED: Refusal = "the test below is skipped: what does not run proves nothing";

/// The test that stands under the marker at `index`.
pub(super) fn test(lines: &[&str], index: usize) -> Result<Subject, Refusal> {
    let below = &lines[index + 1..];
    let comments = below.iter().take_while(|line| line.trim_start().starts_with("//")).count();
    let code = below[comments..].join("\n");
    let code = code.trim_start_matches(' ');
    let (word, rest) = code.split_at(code.find(|c: char| !c.is_alphanumeric() && c != '.').ok_or(NO_TEST)?);
    let parts: Vec<_> = word.split('.').collect();
    if !["test", "it", "describe"].contains(&parts[0]) {
        return Err(NO_TEST);
    }
    if parts.iter().any(|part| ["skip", "todo", "fixme"].contains(part)) {
        return Err(SKIPPED);
    }
    let rest = if parts.contains(&"each") { behind_group(rest).ok_or(NO_NAME)? } else { rest };
    Ok(Subject::new(Kind::Test, title(rest).ok_or(NO_NAME)?))
}

/// The text in `('text'`, whichever quotes it has.
fn title(rest: &str) -> Option<String> {
    let rest = rest.strip_prefix('(')?.trim_start();
    let quote = rest.chars().next().filter(|c| "'\"`".contains(*c))?;
    let mut title = String::new();
    let mut characters = rest.chars().skip(1);
    loop {
        match characters.next()? {
            '\\' => title.push(characters.next()?),
            c if c == quote => return Some(title),
            c => title.push(c),
        }
    }
}

/// What follows the brackets at the start: the table of a test that runs for each of its rows.
fn behind_group(text: &str) -> Option<&str> {
    let (mut depth, mut quote) = (0_usize, None);
    let mut characters = text.char_indices();
    while let Some((at, c)) = characters.next() {
        match (quote, c) {
            (Some(_), '\\') => {
                characters.next();
            }
            (Some(open), c) if c == open => quote = None,
            (None, '\'' | '"' | '`') => quote = Some(c),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 {
            return (at > 0).then(|| &text[at + c.len_utf8()..]);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(code: &str) -> Result<String, Refusal> {
        let text = format!("// ASVS 1.1.1\n{code}");
        test(&text.lines().collect::<Vec<_>>(), 0).map(|subject| subject.name)
    }

    #[test]
    fn the_title_of_a_test_is_its_name() {
        assert_eq!(named("test('signs in', async ({ page }) => {"), Ok("signs in".into()));
        assert_eq!(named("  it(\n    \"it's \\\"so\\\"\",\n    () => {"), Ok("it's \"so\"".into()));
        assert_eq!(named("test.describe(`at ${width}`, () => {"), Ok("at ${width}".into()));
        assert_eq!(named("// Another word.\n// ASVS 1.1.2\nit('works', () => {"), Ok("works".into()));
    }

    #[test]
    fn a_test_with_a_table_is_named_behind_it() {
        let code =
            "  it.each([\n    ['a)', { b: \"]\" }],\n    [`\\``, '\\''],\n  ])('refuses %s', (text) => {";
        assert_eq!(named(code), Ok("refuses %s".into()));
        assert_eq!(named("it.each(english)('%s keeps it', () => {"), Ok("%s keeps it".into()));
    }

    #[test]
    fn what_is_no_test_is_refused() {
        assert_eq!(named("const page = test('x');"), Err(NO_TEST));
        assert_eq!(named("\ntest('a line between')"), Err(NO_TEST));
        assert_eq!(named(""), Err(NO_TEST));
        assert_eq!(named("test(name, async () => {"), Err(NO_NAME));
        assert_eq!(named("it.each(open"), Err(NO_NAME));
        assert_eq!(named("test.skip('later', () => {})"), Err(SKIPPED));
    }
}
