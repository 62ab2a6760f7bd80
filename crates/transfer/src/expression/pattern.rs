//! Patterns of LIKE and GLOB. Pure.

use crate::codec::quoted_text;

/// LIKE with a character that takes its meaning from the next; none when PostgreSQL would take it otherwise.
pub(super) fn escaped(subject: &str, pattern: &str, escape: &str) -> Option<String> {
    let mut characters = escape.chars();
    let (escape, None) = (characters.next()?, characters.next()) else { return None };
    // Letters are made small, and the wildcards would lose their meaning.
    if escape.is_alphabetic() || ['%', '_'].contains(&escape) {
        return None;
    }
    let mut rest = pattern.chars();
    while let Some(character) = rest.next() {
        // SQLite finds nothing by a pattern that ends so, and PostgreSQL fails.
        if character == escape && rest.next().is_none() {
            return None;
        }
    }
    let (pattern, escape) = (quoted_text(&pattern.to_ascii_lowercase()), quoted_text(&escape.to_string()));
    Some(format!("(lower({subject} COLLATE \"C\") LIKE {pattern} ESCAPE {escape})"))
}

/// The regular expression that finds what a pattern of GLOB finds.
pub(super) fn of_glob(pattern: &str) -> Option<String> {
    // What follows says that it is an expression of PostgreSQL's own kind, whatever it begins with.
    let mut expression = "***:^".to_owned();
    let mut rest = pattern.chars();
    while let Some(character) = rest.next() {
        match character {
            '*' => expression.push_str(".*"),
            '?' => expression.push('.'),
            '[' => set(&mut rest, &mut expression)?,
            _ if character.is_ascii_punctuation() => expression.extend(['\\', character]),
            _ => expression.push(character),
        }
    }
    expression.push('$');
    Some(expression)
}

/// A set of letters and digits. What else may stand in one, the two read differently.
fn set(rest: &mut std::str::Chars<'_>, expression: &mut String) -> Option<()> {
    let (inner, after) = rest.as_str().split_once(']')?;
    let (not, inner) = inner.strip_prefix('^').map_or(("", inner), |inner| ("^", inner));
    let is_plain = inner.chars().all(|c| c.is_ascii_alphanumeric() || ['-', '_', ' ', '.'].contains(&c));
    let pieces: Vec<_> = inner.split('-').collect();
    let are_ranges =
        pieces.windows(2).all(|sides| match (sides[0].chars().last(), sides[1].chars().next()) {
            (Some(from), Some(to)) => from <= to,
            _ => false,
        });
    // `a-b-c` is read differently too.
    let is_clear = pieces.windows(3).all(|pieces| pieces[1].len() > 1);
    if inner.is_empty() || !is_plain || !are_ranges || !is_clear {
        return None;
    }
    expression.extend(["[", not, inner, "]"]);
    *rest = after.chars();
    Some(())
}
