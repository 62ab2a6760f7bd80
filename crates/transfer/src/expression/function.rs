//! Functions.

use rusqlite::types::Value;
use sqlite3_parser::ast::{Expr, LikeOperator};

use super::comparison::{alike, beside};
use super::pattern;
use super::term::{class, integer, of_kind, real, refused, text, truth};
use super::{Columns, Kind, Result, Term, UNKNOWN, quoted_text, unquoted};
use crate::codec::Codec;

impl Columns<'_> {
    /// A call of a function.
    pub(super) fn call(self, whole: &Expr<'_>) -> Result<Term> {
        if let Some(aggregate) = self.aggregate(whole) {
            return aggregate;
        }
        let Expr::FunctionCall { name, distinctness: None, args, order_by: None, filter_over: None } = whole
        else {
            return Err(refused(whole, UNKNOWN));
        };
        let arguments = args.unwrap_or_default().iter().map(|argument| self.term(argument));
        let terms = arguments.collect::<Result<Vec<_>>>()?;
        let name = unquoted(name.0).to_ascii_lowercase();
        if let Some(made) = of_texts(&name, &terms) {
            return Ok(made);
        }
        match (name.as_str(), terms.as_slice()) {
            ("abs", [Term { sql, kind: Kind::Integer, .. }]) => Ok(integer(format!("abs({sql})"))),
            ("abs", [Term { sql, kind: Kind::Real, .. }]) => Ok(real(format!("abs({sql})"))),
            ("typeof", [term]) => type_of(whole, term),
            // What is in a column of documents is one.
            ("json_valid", [Term { sql, kind: Kind::Column(Codec::Json), .. }]) => {
                Ok(truth(format!("({sql} IS NOT NULL OR NULL)")))
            }
            ("coalesce" | "ifnull", [_, _, ..]) => {
                let (words, kind) = alike(whole, terms)?;
                Ok(of_kind(format!("coalesce({})", words.join(", ")), kind))
            }
            ("nullif", [_, _]) => self.null_if(whole, args.unwrap_or_default()),
            ("iif" | "if", [_, _, _]) => self.choice(whole, args.unwrap_or_default()),
            _ => Err(refused(whole, UNKNOWN)),
        }
    }

    fn null_if(self, whole: &Expr<'_>, arguments: &[Expr<'_>]) -> Result<Term> {
        let [one, other] = arguments else { return Err(refused(whole, UNKNOWN)) };
        let (left, right) = beside(whole, self.term(one)?, self.term(other)?)?;
        let Term { sql, kind, .. } = self.term(one)?;
        let sql = format!("(CASE WHEN {left} = {right} THEN NULL ELSE {sql} END)");
        match kind {
            Kind::Constant(_) => Err(refused(whole, UNKNOWN)),
            kind => Ok(of_kind(sql, kind)),
        }
    }

    fn choice(self, whole: &Expr<'_>, arguments: &[Expr<'_>]) -> Result<Term> {
        let [condition, one, other] = arguments else { return Err(refused(whole, UNKNOWN)) };
        let (words, kind) = alike(whole, vec![self.term(one)?, self.term(other)?])?;
        let condition = self.truth(condition)?;
        Ok(of_kind(format!("(CASE WHEN {condition} THEN {} ELSE {} END)", words[0], words[1]), kind))
    }

    /// LIKE and GLOB, with a pattern that is written down.
    pub(super) fn like(
        self,
        whole: &Expr<'_>,
        (subject, operator, pattern): (&Expr<'_>, LikeOperator, &Expr<'_>),
        escape: Option<&Expr<'_>>,
    ) -> Result<String> {
        let subject = self.term(subject)?;
        let escape = escape.map(|escape| self.term(escape)).transpose()?.map(|escape| escape.kind);
        match (subject, operator, self.term(pattern)?.kind, escape) {
            (
                Term { sql, kind: Kind::Text, .. },
                LikeOperator::Like,
                Kind::Constant(Value::Text(pattern)),
                None,
            ) => Ok(format!(
                "(lower({sql} COLLATE \"C\") LIKE {} ESCAPE '')",
                quoted_text(&pattern.to_ascii_lowercase())
            )),
            (
                Term { sql, kind: Kind::Text, .. },
                LikeOperator::Like,
                Kind::Constant(Value::Text(pattern)),
                Some(Kind::Constant(Value::Text(escape))),
            ) => pattern::escaped(&sql, &pattern, &escape).ok_or_else(|| refused(whole, UNKNOWN)),
            (
                Term { sql, kind: Kind::Text, .. },
                LikeOperator::Glob,
                Kind::Constant(Value::Text(pattern)),
                None,
            ) => {
                let expression = pattern::of_glob(&pattern).ok_or_else(|| refused(whole, UNKNOWN))?;
                Ok(format!("({sql} COLLATE \"C\" ~ {})", quoted_text(&expression)))
            }
            (Term { kind: Kind::Text, .. }, ..) => Err(refused(whole, UNKNOWN)),
            _ => Err(refused(whole, "SQLite makes a text of something else here")),
        }
    }
}

/// A function of texts, of which PostgreSQL has the same.
fn of_texts(name: &str, terms: &[Term]) -> Option<Term> {
    let (texts, numbers) = terms.split_at(terms.iter().take_while(|term| term.is_text()).count());
    let words: Vec<_> = texts.iter().map(|term| term.sql.as_str()).collect();
    let joined = words.join(", ");
    if terms.iter().all(|term| matches!(term.kind, Kind::Constant(_))) {
        return None;
    }
    if !numbers.is_empty() {
        return part(name, &words, numbers);
    }
    Some(match (name, words.as_slice()) {
        ("lower" | "upper", [word]) => text(format!("{name}({word} COLLATE \"C\")")),
        ("length", [_]) => integer(format!("length({joined})::bigint")),
        ("trim", [_]) => text(format!("btrim({joined}, ' ')")),
        ("trim", [_, _]) => text(format!("btrim({joined})")),
        ("ltrim" | "rtrim", [_]) => text(format!("{name}({joined}, ' ')")),
        ("ltrim" | "rtrim", [_, _]) => text(format!("{name}({joined})")),
        ("replace", [_, _, _]) => text(format!("replace({joined})")),
        ("instr", [_, _]) => integer(format!("strpos({joined})::bigint")),
        _ => return None,
    })
}

/// A part of a text, from its first character on: before it, the two count differently.
fn part(name: &str, words: &[&str], numbers: &[Term]) -> Option<Term> {
    let counts = numbers.iter().map(|term| match term.kind {
        Kind::Constant(Value::Integer(count)) => i32::try_from(count).ok(),
        _ => None,
    });
    let counts: Vec<_> = counts.collect::<Option<_>>()?;
    match (name, words, counts.as_slice()) {
        ("substr" | "substring", [word], [from @ 1..=i32::MAX]) => {
            Some(text(format!("substr({word}, {from})")))
        }
        ("substr" | "substring", [word], [from @ 1..=i32::MAX, length @ 0..=i32::MAX]) => {
            Some(text(format!("substr({word}, {from}, {length})")))
        }
        _ => None,
    }
}

/// The class of a cell, where the column tells it.
fn type_of(whole: &Expr<'_>, term: &Term) -> Result<Term> {
    let class = class(&term.kind).ok_or_else(|| refused(whole, "its cells are of several classes"))?;
    Ok(text(format!("(CASE WHEN {} IS NULL THEN 'null' ELSE '{class}' END)", term.sql)))
}
