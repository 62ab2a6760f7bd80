//! Two values side by side, such that PostgreSQL compares them as SQLite does.

use rusqlite::types::Value;
use sqlite3_parser::ast::Expr;

use super::term::{of_constant, plain, refused};
use super::{Kind, Result, Term, UNKNOWN};
use crate::codec::Codec;

const OTHER_KINDS: &str = "SQLite compares values of different kinds here";

/// How texts are compared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Collation {
    /// By their bytes.
    #[default]
    Binary,
    /// With the capitals of ASCII as small letters.
    NoCase,
    /// Without the blanks behind.
    Rtrim,
    /// In a way that only the program knows that made the file.
    Foreign,
}

impl Collation {
    /// The one of this name.
    pub(crate) fn of(name: &str) -> Self {
        match name.to_ascii_uppercase().as_str() {
            "BINARY" => Self::Binary,
            "NOCASE" => Self::NoCase,
            "RTRIM" => Self::Rtrim,
            _ => Self::Foreign,
        }
    }

    /// A text as it is compared.
    fn folds(self, text: String) -> String {
        match self {
            Self::NoCase => text.to_ascii_lowercase(),
            Self::Rtrim => text.trim_end_matches(' ').to_owned(),
            Self::Binary | Self::Foreign => text,
        }
    }

    /// What of a text is compared by its bytes; none when nobody knows.
    pub(crate) fn folded(self, sql: &str) -> Option<String> {
        match self {
            Self::Binary => Some(sql.to_owned()),
            // By "C", PostgreSQL knows no letters but those of ASCII, as SQLite does.
            Self::NoCase => Some(format!("lower({sql} COLLATE \"C\")")),
            Self::Rtrim => Some(format!("rtrim({sql}, ' ')")),
            Self::Foreign => None,
        }
    }
}

/// From where a part has its collation (<https://sqlite.org/datatype3.html#collation>).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Collated {
    /// It has none.
    #[default]
    Not,
    /// It is a column.
    Column(Collation),
    /// By COLLATE.
    Said(Collation),
}

impl Collated {
    /// By which collation two are compared: what is said counts more, then what is on the left.
    fn beside(self, right: Self) -> Collation {
        let said = [self, right].into_iter().find(|collated| matches!(collated, Self::Said(_)));
        let column = [self, right].into_iter().find(|collated| matches!(collated, Self::Column(_)));
        match said.or(column) {
            Some(Self::Said(collation) | Self::Column(collation)) => collation,
            Some(Self::Not) | None => Collation::Binary,
        }
    }

    /// By which it is sorted and grouped.
    pub(crate) fn collation(self) -> Collation {
        self.beside(Self::Not)
    }
}

/// Two that are compared.
pub(super) fn beside(whole: &Expr<'_>, left: Term, right: Term) -> Result<(String, String)> {
    let collation = left.collated.beside(right.collated);
    let are_texts = left.kind == Kind::Text || right.kind == Kind::Text;
    if !are_texts {
        return of_one_kind(whole, left, right);
    }
    if collation == Collation::Foreign {
        return Err(refused(whole, "this collation is of the program that made the file"));
    }
    // PostgreSQL cannot always tell the collation of a text that is written down.
    let folded = |term: Term| match term.kind {
        Kind::Constant(Value::Text(text)) => of_constant(Value::Text(collation.folds(text))),
        _ => Term { sql: collation.folded(&term.sql).unwrap_or_default(), ..term },
    };
    of_one_kind(whole, folded(left), folded(right))
}

fn of_one_kind(whole: &Expr<'_>, left: Term, right: Term) -> Result<(String, String)> {
    let other_kinds = || refused(whole, OTHER_KINDS);
    match (&left.kind, &right.kind) {
        // PostgreSQL compares no documents, not even with nothing.
        (Kind::Column(Codec::Json), _) | (_, Kind::Column(Codec::Json)) => Err(refused(whole, UNKNOWN)),
        (Kind::Null, _)
        | (_, Kind::Null)
        | (Kind::Integer, Kind::Numeric)
        | (Kind::Numeric, Kind::Integer) => Ok((left.sql, right.sql)),
        (Kind::Constant(_), Kind::Constant(_)) => Err(refused(whole, "nothing here depends on the row")),
        (kind, Kind::Constant(value)) if compared(kind, value).is_some() => {
            let constant = compared(kind, value).ok_or_else(other_kinds)?;
            Ok((left.sql, constant))
        }
        (Kind::Constant(value), kind) if compared(kind, value).is_some() => {
            let constant = compared(kind, value).ok_or_else(other_kinds)?;
            Ok((constant, right.sql))
        }
        (Kind::Truth, Kind::Integer | Kind::Constant(Value::Integer(_)))
        | (Kind::Integer | Kind::Constant(Value::Integer(_)), Kind::Truth) => {
            Ok((left.operand(whole)?.sql, right.operand(whole)?.sql))
        }
        (Kind::Real, Kind::Integer | Kind::Numeric) | (Kind::Integer | Kind::Numeric, Kind::Real) => {
            Err(refused(whole, "PostgreSQL rounds one of the two here"))
        }
        (Kind::Column(one), Kind::Column(other)) => {
            let is_compared = one == other && matches!(one, Codec::Uuid | Codec::Moment(_));
            is_compared.then_some((left.sql, right.sql)).ok_or_else(other_kinds)
        }
        (one, other) if one == other => Ok((left.sql, right.sql)),
        _ => Err(other_kinds()),
    }
}

/// A value that was written down, beside something of this kind.
fn compared(kind: &Kind, value: &Value) -> Option<String> {
    match (kind, value) {
        (Kind::Truth, _) => Codec::Boolean.literal(value),
        (Kind::Real, Value::Integer(integer)) if integer.unsigned_abs() > EXACT => None,
        (Kind::Integer | Kind::Real | Kind::Numeric, Value::Integer(_) | Value::Real(_))
        | (Kind::Text, Value::Text(_)) => Some(plain(value)),
        (Kind::Column(codec @ (Codec::Uuid | Codec::Moment(_))), value) => codec.literal(value),
        // Numbers and texts in one column, bytes, and documents.
        _ => None,
    }
}

/// Up to here each integer is a real.
const EXACT: u64 = 1 << 53;

/// Several of which one is the result: all of one kind.
pub(super) fn alike(whole: &Expr<'_>, terms: Vec<Term>) -> Result<(Vec<String>, Kind)> {
    let is_typed = |kind: &&Kind| !matches!(kind, Kind::Null | Kind::Constant(_));
    let typed = terms.iter().map(|term| &term.kind).find(is_typed).cloned();
    let kind = typed.or_else(|| terms.iter().find_map(|term| own(&term.kind)));
    let kind = kind.ok_or_else(|| refused(whole, "nothing here depends on the row"))?;
    let words = terms.into_iter().map(|term| {
        let word = match &term.kind {
            Kind::Constant(value) => as_kind(&kind, value),
            Kind::Null => Some(term.sql),
            own => (*own == kind).then_some(term.sql),
        };
        word.ok_or_else(|| refused(whole, "the result is of different kinds"))
    });
    Ok((words.collect::<Result<_>>()?, kind))
}

/// The kind of a value that was written down, when there is nothing else to go by.
fn own(kind: &Kind) -> Option<Kind> {
    match kind {
        Kind::Constant(Value::Integer(_)) => Some(Kind::Integer),
        Kind::Constant(Value::Real(_)) => Some(Kind::Real),
        Kind::Constant(Value::Text(_)) => Some(Kind::Text),
        _ => None,
    }
}

/// A value that was written down, as one of this kind.
fn as_kind(kind: &Kind, value: &Value) -> Option<String> {
    match (kind, value) {
        (Kind::Truth, _) => Codec::Boolean.literal(value),
        (Kind::Integer, Value::Integer(integer)) => Some(format!("{integer}::bigint")),
        // Another integer than 0 would divide in another way.
        (Kind::Real, Value::Integer(0)) => Some("0::double precision".to_owned()),
        (Kind::Real, Value::Real(real)) => Some(format!("{real:?}::double precision")),
        (Kind::Numeric, Value::Integer(_) | Value::Real(_)) => Some(format!("{}::numeric", plain(value))),
        (Kind::Text, Value::Text(_)) => Some(plain(value)),
        (Kind::Column(codec @ (Codec::Uuid | Codec::Moment(_))), value) => codec.literal(value),
        _ => None,
    }
}
