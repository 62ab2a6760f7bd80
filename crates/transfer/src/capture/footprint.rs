//! What an expression of an index depends on. Pure.

use std::collections::BTreeSet;

use sqlite3_parser::ast::{Cmd, Expr, Literal, OneSelect, Operator, ResultColumn, Stmt, UnaryOperator};
use sqlite3_parser::lexer::sql::Parser;
use sqlite3_parser::{Bump, FallibleIterator as _};

use crate::sqlite::unquoted;
use crate::{Affinity, Table};

/// What an expression depends on.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Footprint {
    /// The columns it speaks of, and those that they are computed from.
    pub(super) columns: BTreeSet<usize>,
    /// Whether it compares a column with a value of another kind. SQLite converts such a value to the type of a column, but
    /// not to that of a column of NEW, which for it is a value like any other: what holds for the row itself may not hold there.
    pub(super) needs_affinity: bool,
}

/// What a value compares as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Text,
    /// What a column without a type holds.
    Anything,
    /// NULL and bytes, which nothing is converted to.
    Neutral,
    Unknown,
}

impl Footprint {
    /// That of an expression over a table; none when it cannot be read.
    pub(super) fn of(table: &Table, sql: &str) -> Option<Self> {
        let mut footprint = Self::default();
        footprint.add(table, sql).then_some(footprint)
    }

    fn add(&mut self, table: &Table, sql: &str) -> bool {
        let bump = Bump::new();
        let text = format!("SELECT {sql}");
        let parsed = Parser::new(&bump, text.as_bytes()).next();
        let Ok(Some(Cmd::Stmt(Stmt::Select(select)))) = &parsed else { return false };
        match &select.body.select {
            OneSelect::Select { columns: [ResultColumn::Expr(expression, None)], from: None, .. } => {
                self.see(table, expression)
            }
            _ => false,
        }
    }

    /// Whether a part and all in it was understood.
    fn see(&mut self, table: &Table, part: &Expr<'_>) -> bool {
        match part {
            Expr::Literal(_) => true,
            Expr::Id(id) => self.see_name(table, id.0),
            Expr::Name(name) => self.see_name(table, name.0),
            Expr::Parenthesized(inner) => inner.iter().all(|part| self.see(table, part)),
            Expr::Unary(_, inner)
            | Expr::Collate(inner, _)
            | Expr::Cast { expr: inner, .. }
            | Expr::IsNull(inner)
            | Expr::NotNull(inner) => self.see(table, inner),
            Expr::Binary(left, operator, right) => {
                if compares(*operator) {
                    self.beside(table, left, right);
                }
                self.see(table, left) && self.see(table, right)
            }
            Expr::Between { lhs, start, end, .. } => {
                self.beside(table, lhs, start);
                self.beside(table, lhs, end);
                [lhs, start, end].into_iter().all(|part| self.see(table, part))
            }
            Expr::InList { lhs, rhs, .. } => rhs.unwrap_or_default().iter().all(|value| {
                self.beside(table, lhs, value);
                self.see(table, lhs) && self.see(table, value)
            }),
            Expr::Like { lhs, rhs, escape, .. } => {
                self.see(table, lhs)
                    && self.see(table, rhs)
                    && escape.is_none_or(|part| self.see(table, part))
            }
            Expr::FunctionCall { args, distinctness: None, order_by: None, filter_over: None, .. } => {
                args.unwrap_or_default().iter().all(|part| self.see(table, part))
            }
            Expr::Case { base, when_then_pairs, else_expr } => {
                for (when, _) in *when_then_pairs {
                    if let Some(base) = base {
                        self.beside(table, base, when);
                    }
                }
                let pairs =
                    when_then_pairs.iter().all(|(when, then)| self.see(table, when) && self.see(table, then));
                pairs && [base, else_expr].into_iter().flatten().all(|part| self.see(table, part))
            }
            _ => false,
        }
    }

    fn see_name(&mut self, table: &Table, name: &str) -> bool {
        // What is no column is a text in the wrong quotes, TRUE or FALSE.
        let Some(column) = place(table, name) else { return true };
        if !self.columns.insert(column) {
            return true;
        }
        let computed = table.columns[column].generated.as_ref();
        computed.is_none_or(|generated| self.add(table, &generated.expression))
    }

    /// Two that are compared.
    fn beside(&mut self, table: &Table, left: &Expr<'_>, right: &Expr<'_>) {
        let columns = [left, right].map(|part| column(table, part).is_some());
        self.needs_affinity |= match (columns, [kind(table, left), kind(table, right)]) {
            ([false, false], _)
            | (_, [Kind::Neutral, _] | [_, Kind::Neutral])
            | ([true, false], [Kind::Anything, _])
            | ([false, true], [_, Kind::Anything]) => false,
            (_, [left, right]) => left != right || left == Kind::Unknown,
        };
    }
}

fn compares(operator: Operator) -> bool {
    use Operator::{Equals, Greater, GreaterEquals, Is, IsNot, Less, LessEquals, NotEquals};
    matches!(operator, Equals | NotEquals | Less | LessEquals | Greater | GreaterEquals | Is | IsNot)
}

fn place(table: &Table, name: &str) -> Option<usize> {
    let plain = unquoted(name);
    table.columns.iter().position(|column| column.name.eq_ignore_ascii_case(&plain))
}

/// The column that a part is, with nothing computed.
fn column(table: &Table, part: &Expr<'_>) -> Option<usize> {
    match part {
        Expr::Id(id) => place(table, id.0),
        Expr::Name(name) => place(table, name.0),
        Expr::Collate(inner, _) => column(table, inner),
        Expr::Parenthesized(inner) => match inner.as_slice() {
            [inner] => column(table, inner),
            _ => None,
        },
        _ => None,
    }
}

fn kind(table: &Table, part: &Expr<'_>) -> Kind {
    if let Some(column) = column(table, part) {
        return match table.columns[column].affinity {
            Affinity::Text => Kind::Text,
            Affinity::Blob => Kind::Anything,
            Affinity::Integer | Affinity::Numeric | Affinity::Real => Kind::Number,
        };
    }
    match part {
        Expr::Literal(Literal::Numeric(_)) => Kind::Number,
        Expr::Literal(Literal::String(_)) => Kind::Text,
        Expr::Literal(Literal::Null | Literal::Blob(_)) => Kind::Neutral,
        Expr::Id(id) => name_kind(id.0),
        Expr::Name(name) => name_kind(name.0),
        Expr::Unary(UnaryOperator::Negative | UnaryOperator::Positive, inner) => match **inner {
            Expr::Literal(Literal::Numeric(_)) => Kind::Number,
            _ => Kind::Unknown,
        },
        Expr::Parenthesized(inner) => match inner.as_slice() {
            [inner] => kind(table, inner),
            _ => Kind::Unknown,
        },
        _ => Kind::Unknown,
    }
}

/// Of a name that is no column.
fn name_kind(name: &str) -> Kind {
    if name.starts_with(['"', '\'']) { Kind::Text } else { Kind::Number }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Column, Generated, KeyKind};

    fn table() -> Table {
        let column = |(name, declared): &(&str, &str)| Column {
            name: (*name).to_owned(),
            declared: (*declared).to_owned(),
            affinity: Affinity::of(declared, false),
            is_not_null: false,
            default: None,
            collation: None,
            generated: (*name == "twice")
                .then(|| Generated { expression: "n * 2".to_owned(), is_stored: false }),
        };
        Table {
            name: "t".to_owned(),
            columns: [("n", "INT"), ("name", "TEXT"), ("any", ""), ("twice", "INT")]
                .iter()
                .map(column)
                .collect(),
            key: KeyKind::HiddenRowid,
            primary_key: Vec::new(),
            primary_key_name: None,
            is_strict: false,
            indexes: Vec::new(),
            foreign_keys: Vec::new(),
            checks: Vec::new(),
        }
    }

    #[test]
    fn columns_are_found() {
        for (sql, columns) in [
            ("lower(name)", vec![1]),
            ("[Name] IS NOT NULL AND \"n\" > -1", vec![0, 1]),
            ("twice", vec![0, 3]),
            ("CASE n WHEN 1 THEN name ELSE any END", vec![0, 1, 2]),
            ("'n' || \"name\"", vec![1]),
        ] {
            let footprint = Footprint::of(&table(), sql).expect(sql);
            assert_eq!(footprint.columns.into_iter().collect::<Vec<_>>(), columns, "{sql}");
            assert!(!footprint.needs_affinity, "{sql}");
        }
        assert_eq!(Footprint::of(&table(), "n IN (SELECT 1)"), None);
    }

    #[test]
    fn conversions_are_found() {
        for sql in [
            "n = '1'",
            "name > 5",
            "n = length(name)",
            "name IN ('a', 1)",
            "1 BETWEEN name AND 5",
            "n = name",
            "n = any",
        ] {
            assert!(Footprint::of(&table(), sql).expect(sql).needs_affinity, "{sql}");
        }
        for sql in [
            "n = 1",
            "name COLLATE NOCASE = 'a'",
            "any = '1'",
            "n = true",
            "length(name) = 1",
            "name IS NULL",
        ] {
            assert!(!Footprint::of(&table(), sql).expect(sql).needs_affinity, "{sql}");
        }
    }
}
