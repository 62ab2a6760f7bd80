//! The few expressions of PostgreSQL that SQLite says in the same way. Pure.

use super::catalogue::{PgColumn, PgTable};
use crate::Spelling;

/// A text in quotes.
pub(super) fn text(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A default, as PostgreSQL tells it, for SQLite; none when it is neither a value nor the present moment.
pub(super) fn translated(said: &str, column: &PgColumn) -> Option<String> {
    if let Some(now) = now(said, column) {
        return Some(now);
    }
    let is_number =
        matches!(column.type_name.as_str(), "int2" | "int4" | "int8" | "float4" | "float8" | "numeric");
    match bare(&tokens(said)?) {
        [Token::Word(word)] if ["true", "false", "null"].contains(&word.as_str()) => {
            Some(word.to_uppercase())
        }
        [Token::Number(number)] => Some(number.clone()),
        [Token::Sign(sign), Token::Number(number)] if sign == "-" => Some(format!("-{number}")),
        // Such as '-1'::integer.
        [Token::Text(text)] if is_number => {
            text.parse::<f64>().ok().filter(|real| real.is_finite()).map(|_| text.clone())
        }
        [Token::Text(text)] if is_text(column) => Some(self::text(text)),
        _ => None,
    }
}

/// Without parentheses around it.
fn bare(tokens: &[Token]) -> &[Token] {
    match tokens {
        [Token::Sign(open), inner @ .., Token::Sign(close)] if open == "(" && close == ")" => bare(inner),
        _ => tokens,
    }
}

/// Whether its values are written in SQLite as PostgreSQL writes them.
fn is_text(column: &PgColumn) -> bool {
    let is_other =
        matches!(column.type_name.as_str(), "bytea" | "bool" | "time" | "timestamp" | "timestamptz");
    !is_other
}

/// The present moment, spelled as the column spells them.
fn now(said: &str, column: &PgColumn) -> Option<String> {
    let is_now = [
        "now()",
        "CURRENT_TIMESTAMP",
        "transaction_timestamp()",
        "statement_timestamp()",
        "clock_timestamp()",
        "LOCALTIMESTAMP",
    ];
    match column.spelling()? {
        Spelling::Date if ["CURRENT_DATE", "now()"].contains(&said) => Some("CURRENT_DATE".to_owned()),
        Spelling::Timestamp { has_t: false, fraction: Some(0), .. } if is_now.contains(&said) => {
            Some("CURRENT_TIMESTAMP".to_owned())
        }
        Spelling::Timestamp { has_t, fraction, .. } if is_now.contains(&said) => {
            let (between, zone) = if has_t { ("T", "Z") } else { (" ", "") };
            let seconds = match fraction {
                Some(0) => "%S",
                Some(3) => "%f",
                _ => "%f000",
            };
            Some(format!("(strftime('%Y-%m-%d{between}%H:%M:{seconds}{zone}', 'now'))"))
        }
        _ => None,
    }
}

/// A condition that means the same in SQLite: comparisons of columns with values.
pub(super) fn is_simple(said: &str, table: &PgTable) -> bool {
    let Some(tokens) = tokens(said) else { return false };
    let has_texts = tokens.iter().any(|token| matches!(token, Token::Text(_)));
    tokens.iter().all(|token| match token {
        Token::Word(word) if KEYWORDS.contains(&word.as_str()) => true,
        Token::Word(name) | Token::Name(name) => {
            let column = table.columns.iter().find(|column| column.name == *name);
            column.is_some_and(|column| is_compared_alike(column, has_texts))
        }
        Token::Number(_) | Token::Text(_) => true,
        // The order of texts is that of a language in PostgreSQL.
        Token::Sign(sign) => match sign.as_str() {
            "<" | ">" | "<=" | ">=" => !has_texts && tokens.iter().all(|token| is_no_text(token, table)),
            "(" | ")" | "=" | "<>" | "-" => true,
            _ => false,
        },
    })
}

fn is_compared_alike(column: &PgColumn, has_texts: bool) -> bool {
    let is_number = matches!(column.declared().as_str(), "INTEGER" | "REAL" | "BOOLEAN")
        || column.declared().starts_with("DECIMAL");
    let is_plain = ["text", "varchar"].contains(&column.type_name.as_str()) || !column.labels.is_empty();
    (is_number && !has_texts) || is_plain
}

fn is_no_text(token: &Token, table: &PgTable) -> bool {
    let (Token::Word(name) | Token::Name(name)) = token else { return true };
    let column = table.columns.iter().find(|column| column.name == *name);
    column.is_none_or(|column| column.declared() != "TEXT")
}

/// An expression without what it says of types.
pub(super) fn without_casts(said: &str) -> String {
    let mut sql = String::new();
    for token in tokens(said).unwrap_or_default() {
        if !sql.is_empty() && !sql.ends_with('(') && token != Token::Sign(")".to_owned()) {
            sql.push(' ');
        }
        match token {
            Token::Word(word) if KEYWORDS.contains(&word.as_str()) => sql.push_str(&word.to_uppercase()),
            Token::Number(word) | Token::Sign(word) => sql.push_str(&word),
            // What is a word like others in PostgreSQL need not be one in SQLite.
            Token::Word(name) | Token::Name(name) => sql.push_str(&crate::sqlite::quoted(&name)),
            Token::Text(words) => sql.push_str(&text(&words)),
        }
    }
    sql
}

/// The words of conditions that both have.
const KEYWORDS: [&str; 7] = ["and", "or", "not", "is", "null", "true", "false"];

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    /// In quotes.
    Name(String),
    Number(String),
    Text(String),
    Sign(String),
}

/// Reads an expression, without what it says of types; none when there is something else in it.
fn tokens(said: &str) -> Option<Vec<Token>> {
    let (mut rest, mut tokens) = (said.trim_start(), Vec::new());
    while let Some(first) = rest.chars().next() {
        let (token, behind) = match first {
            '\'' => quoted_until(rest, '\'').map(|(text, rest)| (Token::Text(text), rest))?,
            '"' => quoted_until(rest, '"').map(|(name, rest)| (Token::Name(name), rest))?,
            '0'..='9' => {
                let (number, rest) = while_is(rest, |letter| letter.is_ascii_digit() || letter == '.');
                (Token::Number(number.to_owned()), rest)
            }
            'a'..='z' | 'A'..='Z' | '_' => {
                let (word, rest) = while_is(rest, |letter| letter.is_ascii_alphanumeric() || letter == '_');
                (Token::Word(word.to_ascii_lowercase()), rest)
            }
            ':' => {
                rest = type_name(rest.strip_prefix("::")?)?.trim_start();
                continue;
            }
            '(' | ')' => (Token::Sign(first.to_string()), &rest[1..]),
            '<' | '>' | '=' | '-' => {
                let (sign, rest) = while_is(rest, |letter| matches!(letter, '<' | '>' | '=' | '-'));
                (Token::Sign(sign.to_owned()), rest)
            }
            _ => return None,
        };
        tokens.push(token);
        rest = behind.trim_start();
    }
    Some(tokens)
}

fn while_is(text: &str, is: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|letter| !is(letter)).unwrap_or(text.len()))
}

/// What is in quotes, and what comes behind.
fn quoted_until(text: &str, quote: char) -> Option<(String, &str)> {
    let mut inner = String::new();
    let mut letters = text.char_indices().skip(1).peekable();
    while let Some((place, letter)) = letters.next() {
        if letter != quote {
            inner.push(letter);
        } else if letters.next_if(|(_, next)| *next == quote).is_some() {
            inner.push(quote);
        } else {
            return Some((inner, &text[place + 1..]));
        }
    }
    None
}

/// What comes behind the name of a type, such as `character varying(20)`.
fn type_name(text: &str) -> Option<&str> {
    const PAIRS: [&str; 6] = [
        "character varying",
        "double precision",
        "timestamp without time zone",
        "timestamp with time zone",
        "time without time zone",
        "bit varying",
    ];
    let pair = PAIRS.into_iter().find_map(|pair| text.strip_prefix(pair));
    let rest = match pair {
        Some(rest) => rest,
        None if text.starts_with('"') => quoted_until(text, '"')?.1,
        None => while_is(text, |letter| letter.is_alphanumeric() || matches!(letter, '_' | '.')).1,
    };
    match rest.strip_prefix('(') {
        Some(inner) => inner.split_once(')').map(|(_, rest)| rest),
        None if rest.starts_with('[') => None,
        None => Some(rest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_left_out() {
        for (said, sql) in [
            ("(price > (0)::numeric)", "(\"price\" > (0))"),
            ("((\"Mixed Case\")::text <> 'it''s'::text)", "((\"Mixed Case\") <> 'it''s')"),
            ("(a IS NOT NULL)", "(\"a\" IS NOT NULL)"),
        ] {
            assert_eq!(without_casts(said), sql);
        }
        assert_eq!(tokens("(a ~ 'x'::text)"), None);
        assert_eq!(tokens("a = ANY (ARRAY[1])"), None);
    }
}
