//! What is made of a whole group of rows.

use sqlite3_parser::ast::{Distinctness, Expr};

use super::comparison::Collation;
use super::term::{integer, of_kind, real, refused};
use super::{Columns, Kind, Result, Term, UNKNOWN, unquoted};
use crate::codec::Codec;

const KNOWN: [&str; 5] = ["count", "sum", "avg", "min", "max"];
const FRACTIONS: &str = "PostgreSQL adds fractions in another way";

impl Columns<'_> {
    /// An aggregate, if the call is one.
    pub(super) fn aggregate(self, whole: &Expr<'_>) -> Option<Result<Term>> {
        let grouped = Columns::of(self.grouped?);
        match whole {
            Expr::FunctionCallStar { name, filter_over: None } if is("count", name.0) => {
                Some(Ok(integer("count(*)".to_owned())))
            }
            Expr::FunctionCall {
                name,
                distinctness,
                args: Some([argument]),
                order_by: None,
                filter_over: None,
            } if KNOWN.iter().any(|known| is(known, name.0)) => {
                let name = unquoted(name.0).to_ascii_lowercase();
                let is_distinct = matches!(distinctness, Some(Distinctness::Distinct));
                Some(grouped.term(argument).and_then(|term| of(whole, &name, is_distinct, &term)))
            }
            _ => None,
        }
    }
}

/// Whether a part that was refused is an aggregate.
pub(crate) fn is_aggregate(part: &str) -> bool {
    part.split_once('(').is_some_and(|(name, _)| KNOWN.iter().any(|known| is(known, name.trim())))
}

fn is(known: &str, name: &str) -> bool {
    unquoted(name).eq_ignore_ascii_case(known)
}

fn of(whole: &Expr<'_>, name: &str, is_distinct: bool, term: &Term) -> Result<Term> {
    let sql = &term.sql;
    match (name, is_distinct, &term.kind) {
        ("count", false, _) => Ok(integer(format!("count({sql})"))),
        ("count", true, _) if is_grouped(term) => Ok(integer(format!("count(DISTINCT {sql})"))),
        ("sum" | "avg", false, Kind::Real | Kind::Numeric) => Err(refused(whole, FRACTIONS)),
        ("sum", false, Kind::Integer) => Ok(integer(format!("sum({sql})::bigint"))),
        ("avg", false, Kind::Integer) => Ok(real(format!("(sum({sql})::double precision / count({sql}))"))),
        ("sum", false, Kind::Truth) => Ok(integer(format!("sum(({sql})::integer)"))),
        (
            "min" | "max",
            false,
            Kind::Integer | Kind::Real | Kind::Numeric | Kind::Text | Kind::Column(Codec::Moment(_)),
        ) if is_grouped(term) => Ok(of_kind(format!("{name}({sql})"), term.kind.clone())),
        _ => Err(refused(whole, UNKNOWN)),
    }
}

/// Whether PostgreSQL takes the same of its values for one as SQLite does.
pub(crate) fn is_grouped(term: &Term) -> bool {
    match &term.kind {
        Kind::Truth
        | Kind::Integer
        | Kind::Real
        | Kind::Numeric
        | Kind::Column(Codec::Uuid | Codec::Moment(_)) => true,
        Kind::Text => term.collated.collation() == Collation::Binary,
        Kind::Null | Kind::Constant(_) | Kind::Column(_) => false,
    }
}
