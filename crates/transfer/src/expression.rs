//! Expressions of SQLite in PostgreSQL's words: of CHECK constraints, of indexes, of computed columns, of views. Pure.
//!
//! What is translated means the same whatever the columns hold; what would not is refused, with the part that stands in
//! the way, for the report. SQLite compares anything with anything; PostgreSQL has types. So each part knows its kind.
//!
//! One difference stays: where integers become too great for 64 bits, SQLite goes on with a real, and where reals become too
//! great or too small, with infinity or 0; PostgreSQL fails. That is heard, and nothing wrong is kept.

mod aggregate;
mod comparison;
mod function;
mod pattern;
mod term;

use rusqlite::types::Value;
use sqlite3_parser::ast::{Cmd, Expr, OneSelect, Operator, ResultColumn, Stmt, Type, UnaryOperator};
use sqlite3_parser::lexer::sql::Parser;
use sqlite3_parser::{Bump, FallibleIterator as _};
use thiserror::Error;

pub(crate) use self::aggregate::{is_aggregate, is_grouped};
pub(crate) use self::comparison::Collation;
use self::comparison::{Collated, alike, beside};
pub(crate) use self::term::{Kind, Term};
use self::term::{constant, integer, of_constant, real, refused, text, truth};
use crate::Affinity;
use crate::codec::{Codec, quoted_text};
use crate::sqlite::unquoted;

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

/// A column that an expression may speak of.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    /// The table it is of, as it is called in SQLite.
    pub(crate) table: String,
    /// What it is called in SQLite.
    pub(crate) name: String,
    /// What it is called in PostgreSQL.
    pub(crate) given: String,
    /// How an expression in PostgreSQL calls it.
    pub(crate) sql: String,
    pub(crate) codec: Codec,
    pub(crate) collation: Collation,
    /// Why it cannot be spoken of here, though it is there.
    pub(crate) barred: Option<&'static str>,
}

/// The columns that an expression may speak of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Columns<'c> {
    known: &'c [Known],
    /// Those that an aggregate may speak of; none where there is no group.
    grouped: Option<&'c [Known]>,
}

impl<'c> Columns<'c> {
    /// Of a row.
    pub(crate) fn of(known: &'c [Known]) -> Self {
        Self { known, grouped: None }
    }

    /// Of a group of rows: those that are the same in all of it, and those in it.
    pub(crate) fn of_group(same: &'c [Known], grouped: &'c [Known]) -> Self {
        Self { known: same, grouped: Some(grouped) }
    }

    /// A condition, as of CHECK or of a partial index.
    pub(crate) fn condition(self, sql: &str) -> Result<String> {
        parsed(sql, |expression| self.truth(expression))
    }

    /// A value, as of an index or of a computed column.
    pub(crate) fn value(self, sql: &str) -> Result<Term> {
        parsed(sql, |expression| self.term(expression))
    }

    /// Something that is true or not: a number is when it is not 0.
    pub(crate) fn truth(self, expression: &Expr<'_>) -> Result<String> {
        let Term { sql, kind, .. } = self.term(expression)?;
        match kind {
            Kind::Truth | Kind::Null => Ok(sql),
            Kind::Integer | Kind::Real | Kind::Numeric => Ok(format!("({sql} <> 0)")),
            Kind::Constant(Value::Integer(integer)) => Ok((integer != 0).to_string()),
            _ => Err(refused(expression, "whether this is true depends on what SQLite reads from its text")),
        }
    }

    pub(crate) fn term(self, expression: &Expr<'_>) -> Result<Term> {
        match expression {
            Expr::Parenthesized(inner) => match inner.as_slice() {
                [inner] => self.term(inner),
                _ => Err(refused(expression, "rows of values")),
            },
            Expr::Id(id) => self.column(None, id.0, expression),
            Expr::Name(name) => self.column(None, name.0, expression),
            Expr::Qualified(table, name) => self.column(Some(&unquoted(table.0)), name.0, expression),
            Expr::Literal(literal) => constant(literal).ok_or_else(|| refused(expression, UNKNOWN)),
            Expr::Unary(operator, inner) => self.unary(expression, *operator, inner),
            Expr::Binary(left, operator, right) => self.binary(expression, left, *operator, right),
            Expr::IsNull(inner) => Ok(truth(format!("({} IS NULL)", self.term(inner)?.sql))),
            Expr::NotNull(inner) => Ok(truth(format!("({} IS NOT NULL)", self.term(inner)?.sql))),
            Expr::Between { lhs, not, start, end } => self.between(expression, lhs, *not, [start, end]),
            Expr::InList { lhs, not, rhs } => self.in_list(expression, lhs, *not, rhs.unwrap_or_default()),
            Expr::Like { lhs, not, op, rhs, escape } => {
                self.like(expression, (lhs, *op, rhs), *escape).map(|sql| negated(*not, sql))
            }
            Expr::Case { base, when_then_pairs, else_expr } => {
                self.case(expression, *base, when_then_pairs, *else_expr)
            }
            Expr::Cast { expr, type_name: Some(wanted) } => self.cast(expression, expr, wanted),
            Expr::Collate(inner, name) => self.collate(expression, inner, name),
            Expr::FunctionCall { .. } | Expr::FunctionCallStar { .. } => self.call(expression),
            _ => Err(refused(expression, UNKNOWN)),
        }
    }

    fn column(self, table: Option<&str>, name: &str, expression: &Expr<'_>) -> Result<Term> {
        let plain = unquoted(name);
        let is_it = |known: &&Known| {
            known.name.eq_ignore_ascii_case(&plain)
                && table.is_none_or(|table| known.table.eq_ignore_ascii_case(table))
        };
        let mut found = self.known.iter().filter(is_it);
        match (found.next(), found.next()) {
            (Some(known), None) => return known.term(&expression),
            (Some(_), Some(_)) => return Err(refused(expression, "several columns are called so")),
            (None, _) => {}
        }
        // SQLite takes what is no column, and in double quotes, for a text.
        if table.is_none() && name.starts_with('"') {
            return Ok(of_constant(Value::Text(plain)));
        }
        match (table, plain.to_ascii_lowercase().as_str()) {
            (None, "true") => Ok(of_constant(Value::Integer(1))),
            (None, "false") => Ok(of_constant(Value::Integer(0))),
            _ => Err(refused(expression, "there is no such column")),
        }
    }

    fn unary(self, whole: &Expr<'_>, operator: UnaryOperator, inner: &Expr<'_>) -> Result<Term> {
        if operator == UnaryOperator::Not {
            return Ok(truth(format!("(NOT {})", self.truth(inner)?)));
        }
        let term = self.term(inner)?;
        match (operator, &term.kind) {
            (UnaryOperator::Positive, _) => Ok(term),
            (UnaryOperator::Negative, Kind::Integer) => Ok(integer(format!("(- {})", term.sql))),
            (UnaryOperator::Negative, Kind::Real) => Ok(real(format!("(- {})", term.sql))),
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
            Operator::Concat => return self.concatenation(whole, left, right),
            Operator::Is => return Ok(truth(self.is(whole, left, right)?)),
            Operator::IsNot => return Ok(negated(true, self.is(whole, left, right)?)),
            Operator::Equals => "=",
            Operator::NotEquals => "<>",
            Operator::Less => "<",
            Operator::LessEquals => "<=",
            Operator::Greater => ">",
            Operator::GreaterEquals => ">=",
            _ => return self.arithmetic(whole, left, operator, right),
        };
        let (left, right) = beside(whole, self.term(left)?, self.term(right)?)?;
        Ok(truth(format!("({left} {word} {right})")))
    }

    /// `IS`, which is never unknown; behind it, TRUE and FALSE ask whether something is true.
    fn is(self, whole: &Expr<'_>, left: &Expr<'_>, right: &Expr<'_>) -> Result<String> {
        if let Expr::Id(id) = right
            && ["true", "false"].iter().any(|word| word.eq_ignore_ascii_case(id.0))
            && matches!(self.term(right)?.kind, Kind::Constant(_))
        {
            return Ok(format!("({} IS {})", self.truth(left)?, id.0.to_ascii_uppercase()));
        }
        let (left, right) = (self.term(left)?, self.term(right)?);
        match (&left.kind, &right.kind) {
            (_, Kind::Null) => Ok(format!("({} IS NULL)", left.sql)),
            (Kind::Null, _) => Ok(format!("({} IS NULL)", right.sql)),
            _ => {
                let (left, right) = beside(whole, left, right)?;
                Ok(format!("({left} IS NOT DISTINCT FROM {right})"))
            }
        }
    }

    fn arithmetic(
        self,
        whole: &Expr<'_>,
        left: &Expr<'_>,
        operator: Operator,
        right: &Expr<'_>,
    ) -> Result<Term> {
        let (left, right) = (self.term(left)?, self.term(right)?);
        if let (Kind::Constant(left), Kind::Constant(right)) = (&left.kind, &right.kind) {
            return computed(left, operator, right).ok_or_else(|| refused(whole, UNKNOWN));
        }
        // What is divided by nothing is nothing in SQLite, and an error in PostgreSQL.
        let is_safe = matches!(right.kind, Kind::Constant(Value::Integer(divisor)) if divisor != 0);
        let (left, right) = (left.operand(whole)?, right.operand(whole)?);
        let are_integers = left.kind == Kind::Integer && right.kind == Kind::Integer;
        let sql = match operator {
            Operator::Add => format!("({} + {})", left.sql, right.sql),
            Operator::Subtract => format!("({} - {})", left.sql, right.sql),
            Operator::Multiply => format!("({} * {})", left.sql, right.sql),
            Operator::Divide if is_safe => format!("({} / {})", left.sql, right.sql),
            Operator::Divide => format!("({} / nullif({}, 0))", left.sql, right.sql),
            Operator::Modulus if are_integers => format!("({} % nullif({}, 0))", left.sql, right.sql),
            Operator::BitwiseAnd if are_integers => format!("({} & {})", left.sql, right.sql),
            Operator::BitwiseOr if are_integers => format!("({} | {})", left.sql, right.sql),
            _ => return Err(refused(whole, UNKNOWN)),
        };
        Ok(if are_integers { integer(sql) } else { real(sql) })
    }

    fn concatenation(self, whole: &Expr<'_>, left: &Expr<'_>, right: &Expr<'_>) -> Result<Term> {
        let operand = |expression| {
            let term = self.term(expression)?;
            match &term.kind {
                Kind::Text | Kind::Constant(Value::Text(_)) => Ok(term.sql),
                Kind::Integer => Ok(written(&term.sql)),
                Kind::Constant(Value::Integer(integer)) => Ok(quoted_text(&integer.to_string())),
                _ => Err(refused(whole, "SQLite makes a text of something else here")),
            }
        };
        Ok(text(format!("({} || {})", operand(left)?, operand(right)?)))
    }

    /// Two comparisons, since the bounds may be of different kinds.
    fn between(
        self,
        whole: &Expr<'_>,
        subject: &Expr<'_>,
        not: bool,
        [start, end]: [&Expr<'_>; 2],
    ) -> Result<Term> {
        let (above, start) = beside(whole, self.term(subject)?, self.term(start)?)?;
        let (below, end) = beside(whole, self.term(subject)?, self.term(end)?)?;
        Ok(negated(not, format!("({above} >= {start} AND {below} <= {end})")))
    }

    /// As many comparisons, since what is listed may be of different kinds.
    fn in_list(self, whole: &Expr<'_>, subject: &Expr<'_>, not: bool, values: &[Expr<'_>]) -> Result<Term> {
        let mut pairs = Vec::new();
        for value in values {
            // How they are compared is up to the subject alone.
            let value = Term { collated: Collated::default(), ..self.term(value)? };
            pairs.push(beside(whole, self.term(subject)?, value)?);
        }
        let Some((name, _)) = pairs.first() else { return Ok(truth(not.to_string())) };
        let are_alike = pairs.iter().all(|(subject, _)| subject == name);
        let sql = if are_alike {
            let listed: Vec<_> = pairs.iter().map(|(_, value)| value.as_str()).collect();
            format!("({name} IN ({}))", listed.join(", "))
        } else {
            let equals: Vec<_> = pairs.iter().map(|(one, other)| format!("{one} = {other}")).collect();
            format!("({})", equals.join(" OR "))
        };
        Ok(negated(not, sql))
    }

    fn case(
        self,
        whole: &Expr<'_>,
        base: Option<&Expr<'_>>,
        pairs: &[(Expr<'_>, Expr<'_>)],
        otherwise: Option<&Expr<'_>>,
    ) -> Result<Term> {
        let mut conditions = Vec::new();
        for (when, _) in pairs {
            conditions.push(match base {
                None => self.truth(when)?,
                Some(base) => {
                    let (base, when) = beside(whole, self.term(base)?, self.term(when)?)?;
                    format!("{base} = {when}")
                }
            });
        }
        let results = pairs.iter().map(|(_, then)| then).chain(otherwise);
        let results = results.map(|result| self.term(result)).collect::<Result<Vec<_>>>()?;
        let (mut results, kind) = alike(whole, results)?;
        let otherwise = otherwise.and_then(|_| results.pop()).map(|sql| format!(" ELSE {sql}"));
        let whens: Vec<_> = conditions
            .iter()
            .zip(&results)
            .map(|(condition, result)| format!("WHEN {condition} THEN {result}"))
            .collect();
        let sql = format!("(CASE {}{} END)", whens.join(" "), otherwise.unwrap_or_default());
        Ok(Term { sql, kind, collated: Collated::default() })
    }

    /// What SQLite's CAST does with a value that is of the type already, or an integer.
    fn cast(self, whole: &Expr<'_>, inner: &Expr<'_>, wanted: &Type<'_>) -> Result<Term> {
        let term = self.term(inner)?;
        let collated = term.collated;
        let cast = match (Affinity::of(wanted.name, false), &term.kind) {
            (Affinity::Integer | Affinity::Numeric, Kind::Integer)
            | (Affinity::Real, Kind::Real)
            | (Affinity::Text, Kind::Text) => term,
            (Affinity::Integer | Affinity::Numeric, Kind::Truth) => term.operand(whole)?,
            (Affinity::Real, Kind::Integer) => real(format!("({})::double precision", term.sql)),
            (Affinity::Text, Kind::Integer) => text(written(&term.sql)),
            _ => return Err(refused(whole, UNKNOWN)),
        };
        Ok(Term { collated, ..cast })
    }

    fn collate(self, whole: &Expr<'_>, inner: &Expr<'_>, name: &str) -> Result<Term> {
        match Collation::of(&unquoted(name)) {
            Collation::Foreign => Err(refused(whole, "this collation is of the program that made the file")),
            collation => Ok(Term { collated: Collated::Said(collation), ..self.term(inner)? }),
        }
    }
}

impl Known {
    /// It as a part of an expression, which stands there as `part`.
    pub(crate) fn term(&self, part: &impl ToString) -> Result<Term> {
        if let Some(because) = self.barred {
            return Err(Untranslated { part: part.to_string(), because });
        }
        let kind = match self.codec {
            Codec::Boolean => Kind::Truth,
            Codec::Integer => Kind::Integer,
            Codec::Real => Kind::Real,
            Codec::Numeric => Kind::Numeric,
            Codec::Text(Affinity::Text) => Kind::Text,
            other => Kind::Column(other),
        };
        Ok(Term { sql: self.sql.clone(), kind, collated: Collated::Column(self.collation) })
    }
}

/// Integers that were written down, computed here: PostgreSQL would do it in 32 bits.
fn computed(left: &Value, operator: Operator, right: &Value) -> Option<Term> {
    let (Value::Integer(left), Value::Integer(right)) = (left, right) else { return None };
    let integer = match operator {
        Operator::Add => left.checked_add(*right),
        Operator::Subtract => left.checked_sub(*right),
        Operator::Multiply => left.checked_mul(*right),
        Operator::Divide => left.checked_div(*right),
        Operator::Modulus => left.checked_rem(*right),
        Operator::BitwiseAnd => Some(left & right),
        Operator::BitwiseOr => Some(left | right),
        _ => None,
    };
    Some(of_constant(Value::Integer(integer?)))
}

/// An integer as a text, which is compared by its bytes.
fn written(sql: &str) -> String {
    format!("(({sql})::text COLLATE \"C\")")
}

fn negated(not: bool, sql: String) -> Term {
    truth(if not { format!("(NOT {sql})") } else { sql })
}

/// Hands on an expression.
fn parsed<T>(sql: &str, translate: impl FnOnce(&Expr<'_>) -> Result<T>) -> Result<T> {
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

#[cfg(test)]
mod tests;
