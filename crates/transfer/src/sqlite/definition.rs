//! Reads the statements that SQLite keeps of tables and indexes, for what its PRAGMAs do not tell.

use sqlite3_parser::ast::{
    Cmd, ColumnConstraint, CreateTableBody, DeferSubclause, Expr, ForeignKeyClause, IndexedColumn,
    InitDeferredPred, Name, RefAct, RefArg, Stmt, TableConstraint,
};
use sqlite3_parser::lexer::sql::Parser;
use sqlite3_parser::{Bump, FallibleIterator as _};

use crate::{Action, Check, Deferral, ForeignKey, SourceError};

/// What a CREATE TABLE says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct TableDefinition {
    pub(super) columns: Vec<ColumnDefinition>,
    pub(super) primary_key_name: Option<String>,
    pub(super) is_autoincrement: bool,
    /// With `parent_columns` empty where none are named.
    pub(super) foreign_keys: Vec<ForeignKey>,
    pub(super) checks: Vec<Check>,
}

/// What it says of a column.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct ColumnDefinition {
    pub(super) name: String,
    pub(super) collation: Option<String>,
    pub(super) generated: Option<String>,
}

/// What a CREATE INDEX says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct IndexDefinition {
    /// What it is over, each as an expression.
    pub(super) subjects: Vec<String>,
    pub(super) predicate: Option<String>,
}

/// Reads a CREATE TABLE.
pub(super) fn table(name: &str, sql: &str) -> Result<TableDefinition, SourceError> {
    let bump = Bump::new();
    let failed = |detail| SourceError::Definition { name: name.to_owned(), detail };
    match statement(&bump, sql).map_err(failed)? {
        Stmt::CreateTable {
            body: CreateTableBody::ColumnsAndConstraints { columns, constraints, .. },
            ..
        } => {
            let mut definition = TableDefinition::default();
            for column in &columns {
                definition.add_column(column);
            }
            for constraint in constraints.into_iter().flatten() {
                definition.add_constraint(constraint.name.as_ref(), &constraint.constraint);
            }
            Ok(definition)
        }
        _ => Err(failed("this makes no table".to_owned())),
    }
}

/// Reads a CREATE INDEX.
pub(super) fn index(name: &str, sql: &str) -> Result<IndexDefinition, SourceError> {
    let bump = Bump::new();
    let failed = |detail| SourceError::Definition { name: name.to_owned(), detail };
    match statement(&bump, sql).map_err(failed)? {
        Stmt::CreateIndex { columns, where_clause, .. } => Ok(IndexDefinition {
            subjects: columns.iter().map(|column| column.expr.to_string()).collect(),
            predicate: where_clause.as_ref().map(ToString::to_string),
        }),
        _ => Err(failed("this makes no index".to_owned())),
    }
}

fn statement<'bump>(bump: &'bump Bump, sql: &'bump str) -> Result<Stmt<'bump>, String> {
    let mut parser = Parser::new(bump, sql.as_bytes());
    match parser.next() {
        Ok(Some(Cmd::Stmt(statement))) => Ok(statement),
        Ok(_) => Err("there is no statement".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

impl TableDefinition {
    fn add_column(&mut self, column: &sqlite3_parser::ast::ColumnDefinition<'_>) {
        let name = plain(&column.col_name);
        let mut definition = ColumnDefinition { name: name.clone(), ..ColumnDefinition::default() };
        for constraint in column.constraints {
            let given = constraint.name.as_ref().map(plain);
            match &constraint.constraint {
                ColumnConstraint::PrimaryKey { auto_increment, .. } => {
                    self.primary_key_name = given;
                    self.is_autoincrement |= auto_increment;
                }
                ColumnConstraint::Check(expression) => self.add_check(given, expression),
                ColumnConstraint::Collate { collation_name } => {
                    definition.collation = Some(plain(collation_name));
                }
                ColumnConstraint::ForeignKey { clause, defer_clause } => {
                    let key = foreign_key(given, vec![name.clone()], clause, defer_clause.as_ref());
                    self.foreign_keys.push(key);
                }
                ColumnConstraint::Defer(clause) => self.defer_last(clause),
                ColumnConstraint::Generated { expr, .. } => definition.generated = Some(expr.to_string()),
                ColumnConstraint::NotNull { .. }
                | ColumnConstraint::Unique(_)
                | ColumnConstraint::Default(_) => {}
            }
        }
        self.columns.push(definition);
    }

    fn add_constraint(&mut self, name: Option<&Name<'_>>, constraint: &TableConstraint<'_>) {
        let given = name.map(plain);
        match constraint {
            TableConstraint::PrimaryKey { auto_increment, .. } => {
                self.primary_key_name = given;
                self.is_autoincrement |= auto_increment;
            }
            TableConstraint::Unique { .. } => {}
            TableConstraint::Check(expression, _) => self.add_check(given, expression),
            TableConstraint::ForeignKey { columns, clause, defer_clause } => {
                let key = foreign_key(given, names(columns), clause, defer_clause.as_ref());
                self.foreign_keys.push(key);
            }
        }
    }

    fn add_check(&mut self, name: Option<String>, expression: &Expr<'_>) {
        self.checks.push(Check { name, expression: expression.to_string() });
    }

    /// `DEFERRABLE` behind a column's `REFERENCES` is a constraint by itself in SQLite's grammar.
    fn defer_last(&mut self, clause: &DeferSubclause) {
        if let Some(last) = self.foreign_keys.last_mut() {
            last.deferral = deferral(Some(clause));
        }
    }
}

fn foreign_key(
    name: Option<String>,
    columns: Vec<String>,
    clause: &ForeignKeyClause<'_>,
    defer: Option<&DeferSubclause>,
) -> ForeignKey {
    let mut key = ForeignKey {
        name,
        columns,
        parent: plain(&clause.tbl_name),
        parent_columns: clause.columns.map(names).unwrap_or_default(),
        on_update: Action::default(),
        on_delete: Action::default(),
        deferral: deferral(defer),
    };
    for argument in clause.args {
        match argument {
            RefArg::OnDelete(act) => key.on_delete = action(*act),
            RefArg::OnUpdate(act) => key.on_update = action(*act),
            // SQLite reads these two and does nothing about them.
            RefArg::OnInsert(_) | RefArg::Match(_) => {}
        }
    }
    key
}

fn action(act: RefAct) -> Action {
    match act {
        RefAct::SetNull => Action::SetNull,
        RefAct::SetDefault => Action::SetDefault,
        RefAct::Cascade => Action::Cascade,
        RefAct::Restrict => Action::Restrict,
        RefAct::NoAction => Action::NoAction,
    }
}

fn deferral(clause: Option<&DeferSubclause>) -> Deferral {
    match clause {
        Some(DeferSubclause {
            deferrable: true,
            init_deferred: Some(InitDeferredPred::InitiallyDeferred),
        }) => Deferral::Deferred,
        Some(DeferSubclause { deferrable: true, .. }) => Deferral::Deferrable,
        Some(DeferSubclause { deferrable: false, .. }) | None => Deferral::Immediate,
    }
}

fn names(columns: &[IndexedColumn<'_>]) -> Vec<String> {
    columns.iter().map(|column| plain(&column.col_name)).collect()
}

/// A name without its quotes.
fn plain(name: &Name<'_>) -> String {
    unquoted(name.0)
}

/// SQLite takes four kinds of quotes around a name.
pub(crate) fn unquoted(name: &str) -> String {
    let inner = |quote: char| name.strip_prefix(quote)?.strip_suffix(quote);
    for quote in ['"', '`', '\''] {
        if let Some(inner) = inner(quote) {
            let (one, two) = (quote.to_string(), [quote, quote].iter().collect::<String>());
            return inner.replace(&two, &one);
        }
    }
    let bracketed = name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
    bracketed.unwrap_or(name).to_owned()
}

#[cfg(test)]
mod tests;
