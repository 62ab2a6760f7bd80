//! Views of SQLite in PostgreSQL's words. Pure.
//!
//! What is translated is a query of known tables and views, with columns of known kinds. A view that says anything else, or that
//! SQLite answers with whatever row comes first, is refused with the part that stands in the way.

mod query;

use sqlite3_parser::ast::{Cmd, Stmt};
use sqlite3_parser::lexer::sql::Parser;
use sqlite3_parser::{Bump, FallibleIterator as _};

use self::query::Query;
use crate::expression::{Known, Untranslated};
use crate::names::Names;
use crate::sqlite::quoted;
use crate::{View, ViewDefinition};

/// Why a view is refused that speaks of something else.
const NO_SUCH_TABLE: &str = "there is no such table in PostgreSQL";

/// What a view may speak of: a table, or a view.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// What it is called in SQLite.
    pub(crate) name: String,
    /// What it is called in PostgreSQL.
    pub(crate) sql: String,
    pub(crate) columns: Vec<Known>,
}

/// What became of a view.
pub(crate) type Translated<'v> = (&'v View, Result<ViewDefinition, Untranslated>);

/// The views, in an order in which they can be made: one may speak of another that was made later.
pub(crate) fn translated(mut sources: Vec<Source>, mut views: Vec<(&View, String)>) -> Vec<Translated<'_>> {
    let mut done = Vec::new();
    loop {
        let (mut waiting, mut refused) = (Vec::new(), Vec::new());
        let before = done.len();
        for (view, name) in views {
            match translate(&sources, view, &name) {
                Ok((definition, source)) => {
                    sources.push(source);
                    done.push((view, Ok(definition)));
                }
                Err(why) => {
                    refused.push((view, Err(why)));
                    waiting.push((view, name));
                }
            }
        }
        if done.len() == before {
            done.extend(because_of_others(refused));
            return done;
        }
        views = waiting;
    }
}

/// What one of them speaks of may stay behind with it.
fn because_of_others(mut refused: Vec<Translated<'_>>) -> Vec<Translated<'_>> {
    let names: Vec<_> = refused.iter().map(|(view, _)| view.name.clone()).collect();
    for why in refused.iter_mut().filter_map(|(_, why)| why.as_mut().err()) {
        let is_view = names.iter().any(|name| name.eq_ignore_ascii_case(&why.part));
        if is_view && why.because == NO_SUCH_TABLE {
            why.because = "it needs this view, which stays behind";
        }
    }
    refused
}

/// Whether a statement ends with `LIMIT … OFFSET …`. The parser makes the same of `LIMIT …, …`, which means it the other way
/// round.
fn says_offset(sql: &str) -> bool {
    let words: Vec<_> =
        sql.trim_end_matches(|c: char| c == ';' || c.is_whitespace()).split_whitespace().collect();
    matches!(words.as_slice(), [.., limit, _, offset, _]
        if limit.eq_ignore_ascii_case("limit") && offset.eq_ignore_ascii_case("offset"))
}

fn translate(sources: &[Source], view: &View, name: &str) -> Result<(ViewDefinition, Source), Untranslated> {
    let refused = |because| Untranslated { part: view.name.clone(), because };
    let bump = Bump::new();
    let Ok(Some(Cmd::Stmt(Stmt::CreateView { select, .. }))) = Parser::new(&bump, view.sql.as_bytes()).next()
    else {
        return Err(refused("this makes no view"));
    };
    if select.limit.is_some_and(|limit| limit.offset.is_some()) && !says_offset(&view.sql) {
        return Err(refused("it says `LIMIT 1, 2` and not `LIMIT 2 OFFSET 1`"));
    }
    let query = Query::of(sources, select)?;
    if query.outputs.len() != view.columns.len() {
        return Err(refused("what it speaks of is not there any more"));
    }
    let mut names = Names::of_columns();
    let columns = view.columns.iter().zip(&query.outputs).map(|(column, output)| {
        let given = names.give(column);
        Known {
            table: view.name.clone(),
            name: column.clone(),
            sql: quoted(&given),
            given,
            codec: output.codec,
            collation: output.collation,
            barred: None,
        }
    });
    let columns: Vec<_> = columns.collect();
    let listed: Vec<_> = columns.iter().map(|known| known.sql.as_str()).collect();
    let create = format!("CREATE VIEW {name} ({}) AS {}", listed.join(", "), query.sql);
    let source = Source { name: view.name.clone(), sql: name.to_owned(), columns };
    Ok((ViewDefinition { name: name.to_owned(), create }, source))
}
