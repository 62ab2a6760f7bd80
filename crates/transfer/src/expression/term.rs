//! A part of an expression, translated, and of what kind it is.

use rusqlite::types::Value;
use sqlite3_parser::ast::{Expr, Literal};

use super::comparison::Collated;
use super::{Result, Untranslated};
use crate::Affinity;
use crate::codec::{Codec, MomentForm, quoted_text};
use crate::sqlite::unquoted;

/// A part of an expression, translated.
pub(crate) struct Term {
    pub(crate) sql: String,
    pub(crate) kind: Kind,
    pub(crate) collated: Collated,
}

/// Of what kind a part is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    /// Yes, no, or unknown: `boolean`.
    Truth,
    /// `bigint`, always: what PostgreSQL computes in 32 bits ends earlier than in SQLite.
    Integer,
    /// `double precision`.
    Real,
    /// `numeric`: integers and reals, which can be compared. PostgreSQL computes with them as decimals, SQLite does not.
    Numeric,
    /// `text`.
    Text,
    /// NULL.
    Null,
    /// A value that was written down: what it becomes depends on what it stands beside.
    Constant(Value),
    /// Of a column, with nothing to compute with.
    Column(Codec),
}

impl Term {
    pub(super) fn is_text(&self) -> bool {
        matches!(self.kind, Kind::Text | Kind::Constant(Value::Text(_)))
    }

    /// As something to compute with.
    pub(super) fn operand(self, whole: &Expr<'_>) -> Result<Self> {
        match &self.kind {
            Kind::Integer | Kind::Real => Ok(self),
            Kind::Truth => Ok(integer(format!("({})::integer::bigint", self.sql))),
            Kind::Constant(Value::Integer(_)) => Ok(integer(self.sql)),
            // Without its type it would be a decimal.
            Kind::Constant(Value::Real(_)) => Ok(real(format!("{}::double precision", self.sql))),
            Kind::Numeric => Err(refused(
                whole,
                "PostgreSQL computes with decimals here, and SQLite with binary fractions",
            )),
            _ => Err(refused(whole, "SQLite reads a number from something else here")),
        }
    }

    /// As a column of this codec takes it, if what it keeps then is what SQLite would.
    pub(crate) fn for_column(&self, codec: Codec) -> Option<String> {
        let as_it_is = || Some(self.sql.clone());
        match (&self.kind, codec) {
            (Kind::Constant(value), codec) => codec.literal(value),
            (Kind::Null, _)
            | (Kind::Truth, Codec::Boolean)
            | (Kind::Integer, Codec::Integer | Codec::Numeric)
            | (Kind::Real, Codec::Real)
            | (Kind::Numeric, Codec::Numeric)
            | (Kind::Text, Codec::Text(Affinity::Text | Affinity::Blob)) => as_it_is(),
            (Kind::Column(own), codec) if *own == codec => as_it_is(),
            (Kind::Truth, Codec::Integer | Codec::Numeric) => {
                Some(format!("({})::integer::bigint", self.sql))
            }
            (Kind::Integer, Codec::Real) => Some(format!("({})::double precision", self.sql)),
            (Kind::Integer, Codec::Text(Affinity::Text)) => Some(format!("({})::text", self.sql)),
            _ => None,
        }
    }

    /// How a column of its values stands in PostgreSQL; none for what has no type yet.
    pub(crate) fn codec(&self) -> Option<Codec> {
        Some(match &self.kind {
            Kind::Truth => Codec::Boolean,
            Kind::Integer | Kind::Constant(Value::Integer(_)) => Codec::Integer,
            Kind::Real | Kind::Constant(Value::Real(_)) => Codec::Real,
            Kind::Numeric => Codec::Numeric,
            Kind::Text | Kind::Constant(Value::Text(_)) => Codec::Text(Affinity::Text),
            Kind::Column(codec) => *codec,
            Kind::Null | Kind::Constant(_) => return None,
        })
    }
}

/// What SQLite calls the class of each cell of such a column, where all are of one.
pub(super) fn class(kind: &Kind) -> Option<&'static str> {
    match kind {
        Kind::Truth
        | Kind::Integer
        | Kind::Column(Codec::Moment(MomentForm::Seconds | MomentForm::Milliseconds)) => Some("integer"),
        Kind::Real => Some("real"),
        Kind::Text | Kind::Column(Codec::Uuid | Codec::Json | Codec::Moment(MomentForm::Text(_))) => {
            Some("text")
        }
        // What numbers, texts and bytes were, only the column's own cells tell.
        Kind::Numeric | Kind::Null | Kind::Constant(_) | Kind::Column(_) => None,
    }
}

pub(super) fn truth(sql: String) -> Term {
    of_kind(sql, Kind::Truth)
}

pub(super) fn integer(sql: String) -> Term {
    of_kind(sql, Kind::Integer)
}

pub(super) fn real(sql: String) -> Term {
    of_kind(sql, Kind::Real)
}

pub(super) fn text(sql: String) -> Term {
    of_kind(sql, Kind::Text)
}

pub(super) fn of_kind(sql: String, kind: Kind) -> Term {
    Term { sql, kind, collated: Collated::default() }
}

pub(super) fn refused(part: &Expr<'_>, because: &'static str) -> Untranslated {
    Untranslated { part: part.to_string(), because }
}

pub(super) fn constant(literal: &Literal<'_>) -> Option<Term> {
    let value = match literal {
        Literal::Numeric(text) => match text.parse() {
            Ok(integer) => Value::Integer(integer),
            Err(_) => Value::Real(text.parse().ok().filter(|real: &f64| real.is_finite())?),
        },
        Literal::String(text) => Value::Text(unquoted(text)),
        Literal::Null => return Some(of_kind("NULL".to_owned(), Kind::Null)),
        _ => return None,
    };
    Some(of_constant(value))
}

pub(super) fn of_constant(value: Value) -> Term {
    of_kind(plain(&value), Kind::Constant(value))
}

/// A number or a text as SQL has it anywhere.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::Integer(integer) => integer.to_string(),
        Value::Real(real) => format!("{real:?}"),
        Value::Text(text) => quoted_text(text),
        Value::Null | Value::Blob(_) => "NULL".to_owned(),
    }
}
