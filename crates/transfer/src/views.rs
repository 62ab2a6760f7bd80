//! Views of SQLite in PostgreSQL's words. Pure.

use crate::expression::{Known, Untranslated};
use crate::{View, ViewDefinition};

/// What a view may speak of: a table, or a view.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// What it is called in SQLite.
    pub(crate) name: String,
    /// What it is called in PostgreSQL.
    pub(crate) sql: String,
    pub(crate) columns: Vec<Known>,
}

/// The views, in an order in which they can be made.
pub(crate) fn translated(
    _sources: Vec<Source>,
    views: Vec<(&View, String)>,
) -> Vec<(&View, Result<ViewDefinition, Untranslated>)> {
    let refused = |view: &View| Untranslated { part: view.name.clone(), because: "views are not translated" };
    views.into_iter().map(|(view, _)| (view, Err(refused(view)))).collect()
}
