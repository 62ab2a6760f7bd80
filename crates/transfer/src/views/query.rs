//! A query, as of a view.

use std::fmt::Write as _;

use rusqlite::types::Value;
use sqlite3_parser::ast::{
    As, Distinctness, Expr, FromClause, JoinConstraint, JoinOperator, JoinType, Limit, NullsOrder, OneSelect,
    ResultColumn, Select, SelectTable, SortOrder, SortedColumn,
};

use super::{NO_SUCH_TABLE, Source};
use crate::codec::Codec;
use crate::expression::{Collation, Columns, Kind, Known, Term, Untranslated, is_aggregate, is_grouped};
use crate::names::Names;
use crate::sqlite::{quoted, unquoted};

type Result<T> = std::result::Result<T, Untranslated>;

const UNKNOWN: &str = "views with this are not translated";
const ANY_ROW: &str = "SQLite takes it from any row of the group";
const OTHERWISE_ALIKE: &str = "PostgreSQL takes other values for the same";

/// A query in PostgreSQL's words.
pub(super) struct Query {
    pub(super) sql: String,
    pub(super) outputs: Vec<Output>,
}

/// A column of what it finds.
pub(super) struct Output {
    sql: String,
    /// By what it is sorted, if it can be.
    sorted: Option<String>,
    /// What it is called, if a name is given to it.
    alias: Option<String>,
    is_grouped: bool,
    pub(super) codec: Codec,
    pub(super) collation: Collation,
}

fn refused(part: &(impl ToString + ?Sized), because: &'static str) -> Untranslated {
    Untranslated { part: part.to_string(), because }
}

impl Query {
    pub(super) fn of(sources: &[Source], select: &Select<'_>) -> Result<Self> {
        let OneSelect::Select { distinctness, columns, from, where_clause, group_by, having, window_clause } =
            &select.body.select
        else {
            return Err(refused("VALUES", UNKNOWN));
        };
        if select.with.is_some() || select.body.compounds.is_some() || window_clause.is_some() {
            return Err(refused("WITH, UNION or WINDOW", UNKNOWN));
        }
        let (from, known) = match from {
            Some(from) => joined(sources, from)?,
            None => (String::new(), Vec::new()),
        };
        let rows = Columns::of(&known);
        let filter = where_clause.map(|condition| rows.truth(condition)).transpose()?;
        let (groups, same) = grouped(rows, &known, group_by.unwrap_or_default())?;
        let in_groups = Columns::of_group(&same, &known);
        // Without GROUP BY, the columns tell whether all is one group.
        let (scope, outputs) = match outputs(rows, &known, columns) {
            Ok(outputs) if group_by.is_none() && having.is_none() => (rows, outputs),
            Err(why) if group_by.is_none() && !is_aggregate(&why.part) => return Err(why),
            _ => (in_groups, outputs(in_groups, &same, columns)?),
        };
        let is_distinct = matches!(distinctness, Some(Distinctness::Distinct));
        if is_distinct && !outputs.iter().all(|output| output.is_grouped) {
            return Err(refused("DISTINCT", OTHERWISE_ALIKE));
        }
        let listed: Vec<_> = outputs.iter().map(|output| output.sql.as_str()).collect();
        let mut sql =
            format!("SELECT {}{}{from}", if is_distinct { "DISTINCT " } else { "" }, listed.join(", "));
        push(&mut sql, " WHERE ", filter);
        push(&mut sql, " GROUP BY ", groups);
        push(&mut sql, " HAVING ", having.map(|condition| scope.truth(condition)).transpose()?);
        push(
            &mut sql,
            " ORDER BY ",
            order(scope, &outputs, select.order_by.unwrap_or_default(), is_distinct)?,
        );
        push(&mut sql, "", select.limit.map(limit).transpose()?);
        Ok(Self { sql, outputs })
    }
}

fn push(sql: &mut String, word: &str, clause: Option<String>) {
    if let Some(clause) = clause {
        *sql += word;
        *sql += &clause;
    }
}

/// `FROM`, and the columns it brings.
fn joined(sources: &[Source], from: &FromClause<'_>) -> Result<(String, Vec<Known>)> {
    let (mut names, mut known) = (Names::default(), Vec::new());
    let first = from.select.ok_or_else(|| refused("FROM", UNKNOWN))?;
    let mut sql = format!(" FROM {}", table(sources, first, &mut names, &mut known)?);
    for join in from.joins.iter().flatten() {
        let word = word(join.operator).ok_or_else(|| refused("NATURAL, RIGHT or FULL JOIN", UNKNOWN))?;
        let table = table(sources, &join.table, &mut names, &mut known)?;
        let condition = match &join.constraint {
            None => "true".to_owned(),
            Some(JoinConstraint::On(condition)) => Columns::of(&known).truth(condition)?,
            Some(JoinConstraint::Using(_)) => return Err(refused("USING", UNKNOWN)),
        };
        let _ = write!(sql, " {word} {table} ON {condition}");
    }
    Ok((sql, known))
}

/// In SQLite a comma binds as JOIN does.
fn word(operator: JoinOperator) -> Option<&'static str> {
    match operator {
        JoinOperator::TypedJoin(Some(kind)) if kind.intersects(JoinType::NATURAL | JoinType::RIGHT) => None,
        JoinOperator::TypedJoin(Some(kind)) if kind.contains(JoinType::LEFT) => Some("LEFT JOIN"),
        JoinOperator::Comma | JoinOperator::TypedJoin(_) => Some("JOIN"),
    }
}

fn table(
    sources: &[Source],
    table: &SelectTable<'_>,
    names: &mut Names,
    known: &mut Vec<Known>,
) -> Result<String> {
    let SelectTable::Table(name, alias, _) = table else {
        return Err(refused("a query in FROM", UNKNOWN));
    };
    let called = unquoted(name.name.0);
    let source = sources.iter().find(|source| source.name.eq_ignore_ascii_case(&called));
    let source = source.ok_or_else(|| refused(&called, NO_SUCH_TABLE))?;
    let alias = alias.as_ref().map_or(called, given);
    let given = quoted(&names.give(&alias));
    known.extend(source.columns.iter().map(|column| Known {
        table: alias.clone(),
        sql: format!("{given}.{}", column.sql),
        ..column.clone()
    }));
    Ok(format!("{} AS {given}", source.sql))
}

fn given(alias: &As<'_>) -> String {
    let (As::As(name) | As::Elided(name)) = alias;
    unquoted(name.0)
}

/// `GROUP BY`, and the columns: all but those of the groups differ within one.
fn grouped(rows: Columns<'_>, known: &[Known], groups: &[Expr<'_>]) -> Result<(Option<String>, Vec<Known>)> {
    let mut words = Vec::new();
    for group in groups {
        let term = rows.term(group)?;
        if !known.iter().any(|known| known.sql == term.sql) {
            return Err(refused(group, "groups by anything but columns are not translated"));
        }
        if !is_grouped(&term) {
            return Err(refused(group, OTHERWISE_ALIKE));
        }
        words.push(term.sql);
    }
    let same = known.iter().map(|known| {
        let barred = if words.contains(&known.sql) { None } else { Some(ANY_ROW) };
        Known { barred, ..known.clone() }
    });
    let same = same.collect();
    Ok(((!words.is_empty()).then(|| words.join(", ")), same))
}

fn outputs(scope: Columns<'_>, known: &[Known], columns: &[ResultColumn<'_>]) -> Result<Vec<Output>> {
    let mut outputs = Vec::new();
    for column in columns {
        match column {
            ResultColumn::Star => outputs.extend(all(known, |_| true)?),
            ResultColumn::TableStar(table) => {
                let table = unquoted(table.0);
                outputs.extend(all(known, |known| known.table.eq_ignore_ascii_case(&table))?);
            }
            ResultColumn::Expr(expression, alias) => {
                let alias = alias.as_ref().map(given).or_else(|| own_name(expression));
                outputs.push(Output::of(expression, &scope.term(expression)?, alias)?);
            }
        }
    }
    Ok(outputs)
}

/// A column is called what it is called.
fn own_name(expression: &Expr<'_>) -> Option<String> {
    match expression {
        Expr::Id(id) => Some(unquoted(id.0)),
        Expr::Qualified(_, name) => Some(unquoted(name.0)),
        _ => None,
    }
}

/// All columns of the tables that are meant.
fn all(known: &[Known], is_meant: impl Fn(&Known) -> bool) -> Result<Vec<Output>> {
    let meant = known.iter().filter(|known| is_meant(known));
    meant.map(|known| Output::of(&known.name, &known.term(&known.name)?, Some(known.name.clone()))).collect()
}

impl Output {
    fn of(part: &impl ToString, term: &Term, alias: Option<String>) -> Result<Self> {
        let codec = term.codec().ok_or_else(|| refused(part, "it is of no kind"))?;
        let sql = match &term.kind {
            Kind::Constant(Value::Integer(_)) => format!("{}::bigint", term.sql),
            Kind::Constant(Value::Real(_)) => format!("{}::double precision", term.sql),
            Kind::Constant(_) => format!("{}::text COLLATE \"C\"", term.sql),
            Kind::Text => format!("{} COLLATE \"C\"", term.sql),
            _ => term.sql.clone(),
        };
        Ok(Self {
            sql,
            sorted: sorted(term),
            alias,
            is_grouped: is_grouped(term),
            codec,
            collation: term.collated.collation(),
        })
    }
}

/// By what a value is sorted as SQLite sorts it; none when PostgreSQL cannot.
fn sorted(term: &Term) -> Option<String> {
    match term.kind {
        Kind::Text => term.collated.collation().folded(&format!("{} COLLATE \"C\"", term.sql)),
        _ => is_grouped(term).then(|| term.sql.clone()),
    }
}

/// NULL is the least in SQLite, and the greatest in PostgreSQL.
fn order(
    scope: Columns<'_>,
    outputs: &[Output],
    columns: &[SortedColumn<'_>],
    is_distinct: bool,
) -> Result<Option<String>> {
    let mut words = Vec::new();
    for column in columns {
        let refused = |because| refused(&column.expr, because);
        let sorted = match output(scope, outputs, &column.expr)? {
            Some(output) => output.sorted.clone(),
            None if is_distinct => return Err(refused(UNKNOWN)),
            None => sorted(&scope.term(&column.expr)?),
        };
        let sorted = sorted.ok_or_else(|| refused("PostgreSQL sorts it in another way"))?;
        let is_descending = column.order == Some(SortOrder::Desc);
        let nulls_first = column.nulls.map_or(!is_descending, |nulls| nulls == NullsOrder::First);
        words.push(format!(
            "{sorted}{} NULLS {}",
            if is_descending { " DESC" } else { "" },
            if nulls_first { "FIRST" } else { "LAST" }
        ));
    }
    Ok((!words.is_empty()).then(|| words.join(", ")))
}

/// What is sorted by, if it is called by its name, or by its number.
fn output<'o>(scope: Columns<'_>, outputs: &'o [Output], column: &Expr<'_>) -> Result<Option<&'o Output>> {
    if let Expr::Id(id) = column {
        let name = unquoted(id.0);
        let is_it =
            |output: &&Output| output.alias.as_ref().is_some_and(|alias| alias.eq_ignore_ascii_case(&name));
        return Ok(outputs.iter().find(is_it));
    }
    match scope.term(column)?.kind {
        Kind::Constant(Value::Integer(number)) => {
            let place = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
            let output = place.and_then(|place| outputs.get(place));
            output.map(Some).ok_or_else(|| refused(column, UNKNOWN))
        }
        _ => Ok(None),
    }
}

fn limit(limit: &Limit<'_>) -> Result<String> {
    let count = |expression: &Expr<'_>| match Columns::of(&[]).term(expression)?.kind {
        Kind::Constant(Value::Integer(count @ 0..)) => Ok(count),
        _ => Err(refused(expression, UNKNOWN)),
    };
    let offset = limit.offset.as_ref().map(count).transpose()?.unwrap_or_default();
    Ok(format!(" LIMIT {} OFFSET {offset}", count(&limit.expr)?))
}
