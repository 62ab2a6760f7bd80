//! What a SQLite database consists of. Pure data: expressions are the SQL that SQLite keeps of them.

use crate::Affinity;
use crate::sqlite::quoted;
use crate::task::Part;

/// A database.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Schema {
    /// Its tables, in the order in which they were made.
    pub tables: Vec<Table>,
    /// Its views.
    pub views: Vec<View>,
    /// Its triggers.
    pub triggers: Vec<Trigger>,
    /// Tables whose rows are not in the file, or not as rows: they stay behind.
    pub virtual_tables: Vec<String>,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// What tells its rows apart.
    pub key: KeyKind,
    /// The columns of its primary key, in the order of the key; none when it has none.
    pub primary_key: Vec<usize>,
    /// The name of the constraint of the primary key, if somebody gave it one.
    pub primary_key_name: Option<String>,
    /// Whether SQLite itself insists on the declared types.
    pub is_strict: bool,
    /// Its indexes, those of UNIQUE constraints included. That of the primary key only if it compares by something else
    /// than bytes.
    pub indexes: Vec<Index>,
    /// Its foreign keys, in order.
    pub foreign_keys: Vec<ForeignKey>,
    /// Its CHECK constraints, in order.
    pub checks: Vec<Check>,
}

impl Table {
    /// What its statements may call the rowid; none when it has none, or columns have all of its names.
    pub fn rowid(&self) -> Option<&'static str> {
        let is_free = |name: &&str| !self.columns.iter().any(|column| column.name.eq_ignore_ascii_case(name));
        let has_rowid = self.key != KeyKind::PrimaryKey;
        ["rowid", "_rowid_", "oid"].into_iter().filter(|_| has_rowid).find(is_free)
    }

    /// Whether SQLite lets no two rows hold the same in these columns, NULL aside.
    pub(crate) fn is_unique(&self, columns: &[usize]) -> bool {
        let is_inside =
            |part: &IndexPart| matches!(part.subject, Subject::Column(column) if columns.contains(&column));
        let is_primary =
            !self.primary_key.is_empty() && self.primary_key.iter().all(|column| columns.contains(column));
        let is_kept =
            |index: &Index| index.is_unique && index.predicate.is_none() && index.parts.iter().all(is_inside);
        is_primary || self.indexes.iter().any(is_kept)
    }

    /// Reads what `columns` lists, of a part of the rows.
    pub(crate) fn select(&self, columns: &str, part: Part) -> String {
        let all = format!("SELECT {columns} FROM {}", quoted(&self.name));
        match (part, self.rowid()) {
            (Part::Rowids(from, to), Some(rowid)) => format!("{all} WHERE {rowid} BETWEEN {from} AND {to}"),
            _ => all,
        }
    }
}

/// What tells the rows of a table apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// The rowid, which the column of the primary key is another name for.
    RowidColumn {
        /// The greatest there ever was, when that must never be used again.
        autoincrement: Option<i64>,
    },
    /// The rowid, which no column shows.
    HiddenRowid,
    /// The primary key (WITHOUT ROWID).
    PrimaryKey,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type, as it was written; empty when there is none.
    pub declared: String,
    /// What SQLite makes of values that are put into it.
    pub affinity: Affinity,
    /// Whether it refuses NULL.
    pub is_not_null: bool,
    /// What it holds when nothing is said: an expression.
    pub default: Option<String>,
    /// By which collation it is compared; BINARY when none is said.
    pub collation: Option<String>,
    /// From what it is computed, if it is.
    pub generated: Option<Generated>,
}

/// How a column is computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generated {
    /// From this expression.
    pub expression: String,
    /// Whether the result is kept in the file.
    pub is_stored: bool,
}

/// An index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    /// Its name; that of a constraint is one that SQLite made up.
    pub name: String,
    /// Where it comes from.
    pub origin: IndexOrigin,
    /// Whether no two rows may have the same in it.
    pub is_unique: bool,
    /// What it consists of, in order.
    pub parts: Vec<IndexPart>,
    /// Which rows are in it, if not all: an expression.
    pub predicate: Option<String>,
}

/// Where an index comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IndexOrigin {
    /// CREATE INDEX.
    Index,
    /// A UNIQUE constraint.
    UniqueConstraint,
}

/// A part of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexPart {
    /// What is in it.
    pub subject: Subject,
    /// By which collation it is compared.
    pub collation: String,
    /// Whether it runs backwards.
    pub is_descending: bool,
}

/// What a part of an index holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A column, by its place in the table.
    Column(usize),
    /// An expression.
    Expression(String),
}

/// A foreign key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignKey {
    /// Its name, if somebody gave it one.
    pub name: Option<String>,
    /// The columns here.
    pub columns: Vec<String>,
    /// The table they point to, as it is called there.
    pub parent: String,
    /// The columns there; where none were named, those of its primary key.
    pub parent_columns: Vec<String>,
    /// What happens when a parent's key changes.
    pub on_update: Action,
    /// What happens when a parent goes.
    pub on_delete: Action,
    /// When it is looked at.
    pub deferral: Deferral,
}

/// What happens to children.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Action {
    /// The change fails, at the end.
    #[default]
    NoAction,
    /// The change fails, at once.
    Restrict,
    /// They go, or change, with their parent.
    Cascade,
    /// They point nowhere.
    SetNull,
    /// They point where they do when nothing is said.
    SetDefault,
}

/// When a foreign key is looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Deferral {
    /// With each statement.
    #[default]
    Immediate,
    /// With each statement, unless a transaction wants it otherwise.
    Deferrable,
    /// At the end of each transaction.
    Deferred,
}

/// A CHECK constraint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Its name, if somebody gave it one.
    pub name: Option<String>,
    /// What must not be false.
    pub expression: String,
}

/// A view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// Its name.
    pub name: String,
    /// Its columns, as SQLite calls them; none when it does not know, since what the view speaks of is gone.
    pub columns: Vec<String>,
    /// The statement that made it.
    pub sql: String,
}

/// A trigger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trigger {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub table: String,
    /// The statement that made it.
    pub sql: String,
}
