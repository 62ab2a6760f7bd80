//! How a table is followed: what is kept in the file about it, and by what its rows are found again. Pure.

use serde::{Deserialize, Serialize};

use crate::sqlite::quoted;
use crate::{Affinity, CaptureError, IndexPart, Key, KeyKind, Subject, Table};

/// What SQLite calls the number of a row, where no column is called that.
pub(super) const ROWID: [&str; 3] = ["rowid", "oid", "_rowid_"];

/// A table that is followed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Followed {
    pub(super) name: String,
    pub(super) identity: Identity,
    /// Whether VACUUM gives its rows other numbers, and nothing else tells them apart.
    pub(super) is_renumbered: bool,
}

/// By what a row is found again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Identity {
    /// The number that SQLite gives it, by this name.
    Rowid(String),
    /// Its primary key.
    Columns(Vec<KeyColumn>),
}

/// A column of a primary key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct KeyColumn {
    pub(super) name: String,
    /// By which collation its index compares.
    pub(super) collation: String,
    /// Whether two values that are the same for the index are the same in every byte.
    pub(super) is_exact: bool,
}

impl Followed {
    /// How a table is followed by a key. `index` is that of its primary key, if there is one besides the table.
    pub(super) fn new(table: &Table, key: &Key, index: &[IndexPart]) -> Result<Self, CaptureError> {
        let is_rowid_column = matches!(table.key, KeyKind::RowidColumn { .. });
        let hidden = || rowid(table).ok_or_else(|| CaptureError::NoRowid { table: table.name.clone() });
        let identity = match (key, table.key) {
            (Key::Columns(columns), KeyKind::RowidColumn { .. }) if *columns == table.primary_key => {
                Identity::Rowid(table.columns[columns[0]].name.clone())
            }
            (Key::Columns(columns), _) => Identity::columns(table, columns, index),
            (Key::Rowid, KeyKind::PrimaryKey) => Identity::columns(table, &table.primary_key, index),
            (Key::Rowid, _) => Identity::Rowid(hidden()?.to_owned()),
        };
        let has_number = matches!(identity, Identity::Rowid(_)) && !is_rowid_column;
        let is_renumbered = has_number && table.indexes.is_empty() && index.is_empty();
        Ok(Self { name: table.name.clone(), identity, is_renumbered })
    }

    /// What is said when two rows have one key.
    pub(super) fn not_unique(&self) -> CaptureError {
        let key = self.identity.names().join(", ");
        CaptureError::NotUnique { table: self.name.clone(), key }
    }
}

impl Identity {
    fn columns(table: &Table, columns: &[usize], index: &[IndexPart]) -> Self {
        let of = |place: &usize| {
            let column = &table.columns[*place];
            let part = index.iter().find(|part| part.subject == Subject::Column(*place));
            let collation = part.map_or_else(|| "BINARY".to_owned(), |part| part.collation.clone());
            // Where nothing is converted, 1 and 1.0 are the same for an index.
            let is_exact = column.affinity != Affinity::Blob && collation.eq_ignore_ascii_case("BINARY");
            KeyColumn { name: column.name.clone(), collation, is_exact }
        };
        Self::Columns(columns.iter().map(of).collect())
    }

    /// What it consists of, by name.
    pub(super) fn names(&self) -> Vec<&str> {
        match self {
            Self::Rowid(name) => vec![name],
            Self::Columns(columns) => columns.iter().map(|column| column.name.as_str()).collect(),
        }
    }

    /// What a row must hold to be the one of the entry `?1` of the journal, found by its index.
    pub(super) fn is_of_entry(&self) -> String {
        let entry = |what: String| format!("(SELECT {what} FROM mainstay_journal WHERE seq = ?1)");
        let columns = match self {
            Self::Rowid(name) => return format!("{} = {}", quoted(name), entry("k0".to_owned())),
            Self::Columns(columns) => columns.iter().enumerate(),
        };
        let conditions = columns.map(|(place, KeyColumn { name, collation, is_exact })| {
            let (name, kept) = (quoted(name), format!("k{place}"));
            let found = format!("{name} COLLATE {} IS {}", quoted(collation), entry(kept.clone()));
            if *is_exact {
                return found;
            }
            let bytes = format!("{name} COLLATE BINARY IS {}", entry(kept.clone()));
            format!("{found} AND {bytes} AND typeof({name}) = {}", entry(format!("typeof({kept})")))
        });
        conditions.collect::<Vec<_>>().join(" AND ")
    }
}

/// What the number of a row is called, if all three names are not taken.
pub(super) fn rowid(table: &Table) -> Option<&'static str> {
    let is_taken = |name: &str| table.columns.iter().any(|column| column.name.eq_ignore_ascii_case(name));
    ROWID.into_iter().find(|name| !is_taken(name))
}
