//! Expressions of SQLite in PostgreSQL's words: of CHECK constraints, of indexes, of computed columns. Pure.
//!
//! What is translated means the same whatever the columns hold; what would not is refused, with the part that stands in
//! the way, for the report. SQLite compares anything with anything; PostgreSQL has types. So each part knows its kind.

use rusqlite::types::Value;
use sqlite3_parser::ast::{
    Cmd, Expr, LikeOperator, Literal, OneSelect, Operator, ResultColumn, Stmt, UnaryOperator,
};
use sqlite3_parser::lexer::sql::Parser;
use sqlite3_parser::{Bump, FallibleIterator as _};
use thiserror::Error;

use crate::Affinity;
use crate::codec::{Codec, quoted_text};
use crate::sqlite::{quoted, unquoted};

/// Why an expression stays behind.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{part}: {because}")]
pub struct Untranslated {
    /// The part that stands in the way, as SQLite has it.
    pub part: String,
    /// Why.
    pub because: &'static str,
}

type Result<T> = std::result::Result<T, Untranslated>;

const UNKNOWN: &str = "PostgreSQL has nothing that means the same";
const OTHER_KINDS: &str = "SQLite compares values of different kinds here";

/// A column that an expression may speak of.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    /// What it is called in SQLite.
    pub(crate) name: String,
    /// What it is called in PostgreSQL.
    pub(crate) given: String,
    pub(crate) codec: Codec,
}

/// A part of an expression, translated.
struct Term {
    sql: String,
    kind: Kind,
}

#[derive(Debug, Clone, PartialEq)]
enum Kind {
    /// Yes, no, or unknown.
    Truth,
    Number,
    Text,
    Null,
    /// A value that was written down: what it becomes depends on what it stands beside.
    Constant(Value),
    /// Of a column, with nothing to compute with.
    Column(Codec),
}

/// The columns of a table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Columns<'c>(pub(crate) &'c [Known]);

impl Columns<'_> {
    /// A condition, as of CHECK or of a partial index.
    pub(crate) fn condition(self, sql: &str) -> Result<String> {
        parsed(sql, |expression| self.truth(expression))
    }

    /// A value, as of an index or of a computed column.
    pub(crate) fn value(self, sql: &str) -> Result<String> {
        parsed(sql, |expression| Ok(self.term(expression)?.sql))
    }

    /// Something that is true or not: a number is when it is not 0.
    fn truth(self, expression: &Expr<'_>) -> Result<String> {
        let Term { sql, kind } = self.term(expression)?;
        match kind {
            Kind::Truth | Kind::Null => Ok(sql),
            Kind::Number => Ok(format!("({sql} <> 0)")),
            Kind::Constant(Value::Integer(integer)) => Ok((integer != 0).to_string()),
            _ => Err(refused(expression, "whether this is true depends on what SQLite reads from its text")),
        }
    }

    fn term(self, expression: &Expr<'_>) -> Result<Term> {
        match expression {
            Expr::Parenthesized(inner) => match inner.as_slice() {
                [inner] => self.term(inner),
                _ => Err(refused(expression, "rows of values")),
            },
            Expr::Id(id) => self.column(id.0, expression),
            Expr::Name(name) => self.column(name.0, expression),
            Expr::Literal(literal) => constant(literal).ok_or_else(|| refused(expression, UNKNOWN)),
            Expr::Unary(operator, inner) => self.unary(expression, *operator, inner),
            Expr::Binary(left, operator, right) => self.binary(expression, left, *operator, right),
            Expr::IsNull(inner) => Ok(truth(format!("({} IS NULL)", self.term(inner)?.sql))),
            Expr::NotNull(inner) => Ok(truth(format!("({} IS NOT NULL)", self.term(inner)?.sql))),
            Expr::Between { lhs, not, start, end } => self.between(expression, lhs, *not, [start, end]),
            Expr::InList { lhs, not, rhs: Some(values) } => self.in_list(expression, lhs, *not, values),
            Expr::Like { lhs, not, op: LikeOperator::Like, rhs, escape: None } => {
                self.like(expression, lhs, *not, rhs)
            }
            Expr::FunctionCall { name, distinctness: None, args, order_by: None, filter_over: None } => {
                self.function(expression, &unquoted(name.0).to_ascii_lowercase(), args.unwrap_or_default())
            }
            _ => Err(refused(expression, UNKNOWN)),
        }
    }

    fn column(self, name: &str, expression: &Expr<'_>) -> Result<Term> {
        let plain = unquoted(name);
        if let Some(known) = self.0.iter().find(|known| known.name.eq_ignore_ascii_case(&plain)) {
            let kind = match known.codec {
                Codec::Boolean => Kind::Truth,
                Codec::Integer | Codec::Real | Codec::Numeric => Kind::Number,
                Codec::Text(Affinity::Text) => Kind::Text,
                other => Kind::Column(other),
            };
            return Ok(Term { sql: quoted(&known.given), kind });
        }
        // SQLite takes what is no column, and in double quotes, for a text.
        if name.starts_with('"') {
            return Ok(of_constant(Value::Text(plain)));
        }
        match plain.to_ascii_lowercase().as_str() {
            "true" => Ok(of_constant(Value::Integer(1))),
            "false" => Ok(of_constant(Value::Integer(0))),
            _ => Err(refused(expression, "there is no such column")),
        }
    }

    fn unary(self, whole: &Expr<'_>, operator: UnaryOperator, inner: &Expr<'_>) -> Result<Term> {
        if operator == UnaryOperator::Not {
            return Ok(truth(format!("(NOT {})", self.truth(inner)?)));
        }
        let Term { sql, kind } = self.term(inner)?;
        match (operator, kind) {
            (UnaryOperator::Positive, kind) => Ok(Term { sql, kind }),
            (UnaryOperator::Negative, Kind::Number) => Ok(number(format!("(- {sql})"))),
            (UnaryOperator::Negative, Kind::Constant(Value::Integer(integer))) => {
                let negated = integer.checked_neg().ok_or_else(|| refused(whole, UNKNOWN))?;
                Ok(of_constant(Value::Integer(negated)))
            }
            (UnaryOperator::Negative, Kind::Constant(Value::Real(real))) => {
                Ok(of_constant(Value::Real(-real)))
            }
            _ => Err(refused(whole, UNKNOWN)),
        }
    }

    fn binary(self, whole: &Expr<'_>, left: &Expr<'_>, operator: Operator, right: &Expr<'_>) -> Result<Term> {
        let word = match operator {
            Operator::And => return Ok(truth(format!("({} AND {})", self.truth(left)?, self.truth(right)?))),
            Operator::Or => return Ok(truth(format!("({} OR {})", self.truth(left)?, self.truth(right)?))),
            Operator::Add | Operator::Subtract | Operator::Multiply => {
                return self.arithmetic(whole, left, operator, right);
            }
            Operator::Concat => return self.concatenation(whole, left, right),
            Operator::Equals => "=",
            Operator::NotEquals => "<>",
            Operator::Less => "<",
            Operator::LessEquals => "<=",
            Operator::Greater => ">",
            Operator::GreaterEquals => ">=",
            Operator::Is => "IS NOT DISTINCT FROM",
            Operator::IsNot => "IS DISTINCT FROM",
            // Division by zero is NULL in SQLite, and integers wrap around when bits are shifted.
            _ => return Err(refused(whole, UNKNOWN)),
        };
        let (left, right) = (self.term(left)?, self.term(right)?);
        match (operator, &right.kind) {
            (Operator::Is, Kind::Null) => return Ok(truth(format!("({} IS NULL)", left.sql))),
            (Operator::IsNot, Kind::Null) => return Ok(truth(format!("({} IS NOT NULL)", left.sql))),
            _ => {}
        }
        let (left, right) = beside(whole, left, right)?;
        Ok(truth(format!("({left} {word} {right})")))
    }

    fn arithmetic(
        self,
        whole: &Expr<'_>,
        left: &Expr<'_>,
        operator: Operator,
        right: &Expr<'_>,
    ) -> Result<Term> {
        let word = match operator {
            Operator::Add => '+',
            Operator::Subtract => '-',
            _ => '*',
        };
        let operand = |expression| match self.term(expression)? {
            term if term.is_number() => Ok(term.sql),
            _ => Err(refused(whole, "SQLite reads a number from a text here")),
        };
        Ok(number(format!("({} {word} {})", operand(left)?, operand(right)?)))
    }

    fn concatenation(self, whole: &Expr<'_>, left: &Expr<'_>, right: &Expr<'_>) -> Result<Term> {
        let operand = |expression| match self.term(expression)? {
            term if term.is_text() => Ok(term.sql),
            _ => Err(refused(whole, "SQLite makes a text of a number here")),
        };
        Ok(text(format!("({} || {})", operand(left)?, operand(right)?)))
    }

    fn between(
        self,
        whole: &Expr<'_>,
        subject: &Expr<'_>,
        not: bool,
        bounds: [&Expr<'_>; 2],
    ) -> Result<Term> {
        let mut words = Vec::new();
        for bound in bounds {
            words.push(beside(whole, self.term(subject)?, self.term(bound)?)?);
        }
        let [(subject, start), (_, end)] = words.try_into().expect("two bounds");
        Ok(truth(format!("({subject}{} BETWEEN {start} AND {end})", negation(not))))
    }

    fn in_list(self, whole: &Expr<'_>, subject: &Expr<'_>, not: bool, values: &[Expr<'_>]) -> Result<Term> {
        let (mut name, mut listed) = (String::new(), Vec::new());
        for value in values {
            let (subject, value) = beside(whole, self.term(subject)?, self.term(value)?)?;
            name = subject;
            listed.push(value);
        }
        if listed.is_empty() {
            return Ok(truth(not.to_string()));
        }
        Ok(truth(format!("({name}{} IN ({}))", negation(not), listed.join(", "))))
    }

    /// SQLite's LIKE takes capitals and small letters of ASCII for the same, and knows no escape unless one is named.
    fn like(self, whole: &Expr<'_>, subject: &Expr<'_>, not: bool, pattern: &Expr<'_>) -> Result<Term> {
        match (self.term(subject)?, self.term(pattern)?) {
            (Term { sql, kind: Kind::Text }, Term { kind: Kind::Constant(Value::Text(pattern)), .. }) => {
                let pattern = quoted_text(&pattern.to_ascii_lowercase());
                Ok(truth(format!("(lower({sql} COLLATE \"C\"){} LIKE {pattern} ESCAPE '')", negation(not))))
            }
            _ => Err(refused(whole, "SQLite makes a text of something else here")),
        }
    }

    fn function(self, whole: &Expr<'_>, name: &str, arguments: &[Expr<'_>]) -> Result<Term> {
        let terms: Result<Vec<_>> = arguments.iter().map(|argument| self.term(argument)).collect();
        let terms = terms?;
        let all_text = terms.iter().all(Term::is_text);
        let words: Vec<_> = terms.iter().map(|term| term.sql.as_str()).collect();
        let joined = words.join(", ");
        match (name, words.as_slice()) {
            ("lower" | "upper", [word]) if all_text => Ok(text(format!("{name}({word} COLLATE \"C\")"))),
            ("length", [_]) if all_text => Ok(number(format!("length({joined})"))),
            ("trim", [_]) if all_text => Ok(text(format!("btrim({joined}, ' ')"))),
            ("ltrim" | "rtrim", [_]) if all_text => Ok(text(format!("{name}({joined}, ' ')"))),
            ("replace", [_, _, _]) if all_text => Ok(text(format!("replace({joined})"))),
            ("instr", [_, _]) if all_text => Ok(number(format!("strpos({joined})"))),
            ("abs", [_]) if terms[0].kind == Kind::Number => Ok(number(format!("abs({joined})"))),
            ("coalesce" | "ifnull", [_, _, ..]) if all_text => Ok(text(format!("coalesce({joined})"))),
            ("coalesce" | "ifnull", [_, _, ..]) if terms.iter().all(Term::is_number) => {
                Ok(number(format!("coalesce({joined})")))
            }
            _ => Err(refused(whole, UNKNOWN)),
        }
    }
}

/// Hands on an expression.
fn parsed(sql: &str, translate: impl FnOnce(&Expr<'_>) -> Result<String>) -> Result<String> {
    let bump = Bump::new();
    let text = format!("SELECT {sql}");
    let parsed = Parser::new(&bump, text.as_bytes()).next();
    if let Ok(Some(Cmd::Stmt(Stmt::Select(select)))) = &parsed
        && let OneSelect::Select { columns: [ResultColumn::Expr(expression, None)], from: None, .. } =
            &select.body.select
    {
        return translate(expression);
    }
    Err(Untranslated { part: sql.to_owned(), because: "this is no expression" })
}

impl Term {
    fn is_text(&self) -> bool {
        matches!(self.kind, Kind::Text | Kind::Constant(Value::Text(_)))
    }

    fn is_number(&self) -> bool {
        matches!(self.kind, Kind::Number | Kind::Constant(Value::Integer(_) | Value::Real(_)))
    }
}

fn truth(sql: String) -> Term {
    Term { sql, kind: Kind::Truth }
}

fn number(sql: String) -> Term {
    Term { sql, kind: Kind::Number }
}

fn text(sql: String) -> Term {
    Term { sql, kind: Kind::Text }
}

fn negation(not: bool) -> &'static str {
    if not { " NOT" } else { "" }
}

fn refused(part: &Expr<'_>, because: &'static str) -> Untranslated {
    Untranslated { part: part.to_string(), because }
}

/// Two that are compared, such that PostgreSQL compares them as SQLite does.
fn beside(whole: &Expr<'_>, left: Term, right: Term) -> Result<(String, String)> {
    let fits = |kind: &Kind, value: &Value| match kind {
        Kind::Truth => Codec::Boolean.literal(value),
        Kind::Number => matches!(value, Value::Integer(_) | Value::Real(_)).then(|| plain(value)),
        Kind::Text => matches!(value, Value::Text(_)).then(|| plain(value)),
        Kind::Column(codec @ (Codec::Uuid | Codec::Moment(_))) => codec.literal(value),
        // Numbers and texts in one column, bytes, and documents, which PostgreSQL does not compare.
        Kind::Column(_) | Kind::Null | Kind::Constant(_) => None,
    };
    let other_kinds = || refused(whole, OTHER_KINDS);
    match (&left.kind, &right.kind) {
        (Kind::Null, _) | (_, Kind::Null) => Ok((left.sql, right.sql)),
        (Kind::Constant(_), Kind::Constant(_)) => Err(refused(whole, "nothing here depends on the row")),
        (kind, Kind::Constant(value)) => Ok((left.sql, fits(kind, value).ok_or_else(other_kinds)?)),
        (Kind::Constant(value), kind) => Ok((fits(kind, value).ok_or_else(other_kinds)?, right.sql)),
        (left_kind, right_kind) if left_kind == right_kind => Ok((left.sql, right.sql)),
        _ => Err(other_kinds()),
    }
}

fn constant(literal: &Literal<'_>) -> Option<Term> {
    let value = match literal {
        Literal::Numeric(text) => match text.parse() {
            Ok(integer) => Value::Integer(integer),
            Err(_) => Value::Real(text.parse().ok()?),
        },
        Literal::String(text) => Value::Text(unquoted(text)),
        Literal::Null => return Some(Term { sql: "NULL".to_owned(), kind: Kind::Null }),
        _ => return None,
    };
    Some(of_constant(value))
}

fn of_constant(value: Value) -> Term {
    Term { sql: plain(&value), kind: Kind::Constant(value) }
}

/// A number or a text as SQL has it anywhere.
fn plain(value: &Value) -> String {
    match value {
        Value::Integer(integer) => integer.to_string(),
        Value::Real(real) => format!("{real:?}"),
        Value::Text(text) => quoted_text(text),
        Value::Null | Value::Blob(_) => "NULL".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Vec<Known> {
        let known = |name: &str, codec| Known { name: name.to_owned(), given: name.to_owned(), codec };
        vec![
            known("n", Codec::Integer),
            known("Name", Codec::Text(Affinity::Text)),
            known("on", Codec::Boolean),
            known("any", Codec::Text(Affinity::Integer)),
            known("id", Codec::Uuid),
        ]
    }

    #[test]
    fn what_means_the_same_is_translated() {
        let known = known();
        for (sql, translated) in [
            ("n > 0", "(\"n\" > 0)"),
            ("n BETWEEN 1 AND 10 AND [name] <> ''", "((\"n\" BETWEEN 1 AND 10) AND (\"Name\" <> ''))"),
            ("\"on\" IN (0, 1)", "(\"on\" IN (false, true))"),
            ("\"on\" = 1 OR n", "((\"on\" = true) OR (\"n\" <> 0))"),
            ("length(name) <= 50", "(length(\"Name\") <= 50)"),
            ("name LIKE 'Ab%'", "(lower(\"Name\" COLLATE \"C\") LIKE 'ab%' ESCAPE '')"),
            ("name NOT IN ('a', \"b\")", "(\"Name\" NOT IN ('a', 'b'))"),
            ("n IS NULL OR n IS NOT 3", "((\"n\" IS NULL) OR (\"n\" IS DISTINCT FROM 3))"),
            ("n * 2 + 1 < -5", "(((\"n\" * 2) + 1) < -5)"),
            ("name = 'it''s \\'", "(\"Name\" = E'it''s \\\\')"),
            (
                "id <> '018f3c5e-7b1a-4c1d-9e2f-0123456789ab'",
                "(\"id\" <> '018f3c5e-7b1a-4c1d-9e2f-0123456789ab'::uuid)",
            ),
            ("NOT (n = 1)", "(NOT (\"n\" = 1))"),
            ("TRUE", "true"),
        ] {
            assert_eq!(Columns(&known).condition(sql).as_deref(), Ok(translated), "{sql}");
        }
        assert_eq!(Columns(&known).value("lower(name)").as_deref(), Ok("lower(\"Name\" COLLATE \"C\")"));
    }

    #[test]
    fn what_does_not_is_refused_with_its_part() {
        let known = known();
        for (sql, part) in [
            ("n = 'x'", "n = 'x'"),
            ("name = 5", "name = 5"),
            ("any > 5", "any > 5"),
            ("n / 2 = 1", "n / 2"),
            ("typeof(n) = 'integer'", "typeof (n)"),
            ("name GLOB 'a*'", "name GLOB 'a*'"),
            ("missing = 1", "missing"),
            ("name AND n", "name"),
            ("n || 'x' = 'y'", "n || 'x'"),
            ("1 = 1", "1 = 1"),
        ] {
            let refused = Columns(&known).condition(sql).expect_err(sql);
            assert_eq!(refused.part, part, "{sql}: {refused}");
        }
    }
}
