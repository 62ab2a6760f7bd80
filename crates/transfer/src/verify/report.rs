//! What a comparison found.

mod html;
mod text;

pub use self::html::Page;

use serde::Serialize;

use crate::LeftBehind;

/// What a comparison found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The file.
    pub source: String,
    /// The database, without secrets.
    pub target: String,
    /// Its tables, in order.
    pub tables: Vec<TableReport>,
    /// The cells that are not what they were, by a rule.
    pub cells: Vec<CellLine>,
    /// What stays behind.
    pub left_behind: Vec<LeftBehind>,
}

/// Whether two sides are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Every cell is what it was.
    Equal,
    /// Every cell is what it was, or is not by a rule, and has been noted.
    Explained,
    /// There are differences.
    Different,
}

/// What a comparison found of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableReport {
    /// Its name in SQLite.
    pub name: String,
    /// How many rows each side has: the file (without those that stay behind by a rule), and PostgreSQL.
    pub rows: [u64; 2],
    /// The sum of all rows of each side, in hexadecimal.
    pub checksums: [String; 2],
    /// What is different: the first of it.
    pub differences: Vec<Difference>,
    /// Whether more is different than is listed.
    pub has_more: bool,
}

/// Something that is different.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Difference {
    /// A row is in the file only.
    OnlyInSource {
        /// Which.
        key: String,
    },
    /// A row is in PostgreSQL only.
    OnlyInTarget {
        /// Which.
        key: String,
    },
    /// A cell is another.
    Cell {
        /// Of which row.
        key: String,
        /// Of which column.
        column: String,
        /// What the file has; what PostgreSQL should have.
        source: String,
        /// What PostgreSQL has.
        target: String,
    },
    /// The ledger does not name as many cells as there are.
    Unnoted {
        /// Of which column.
        column: String,
        /// By which rule.
        rule: String,
        /// How many there are.
        cells: u64,
        /// How many the ledger names.
        notes: u64,
    },
}

/// A cell that is not what it was, by a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CellLine {
    /// The table.
    pub table: String,
    /// The row, as a JSON array.
    pub key: String,
    /// The column.
    pub column: String,
    /// What it was.
    pub class: String,
    /// What it held.
    pub before: String,
    /// What it holds in PostgreSQL; none for NULL, and for rows that stay behind.
    pub after: Option<String>,
    /// By which rule.
    pub rule: String,
}

impl TableReport {
    /// Whether nothing is different that nobody has noted.
    pub fn is_equal(&self) -> bool {
        self.differences.is_empty() && !self.has_more
    }
}

impl Report {
    /// Whether two sides are the same.
    pub fn outcome(&self) -> Outcome {
        if !self.tables.iter().all(TableReport::is_equal) {
            Outcome::Different
        } else if self.cells.is_empty() {
            Outcome::Equal
        } else {
            Outcome::Explained
        }
    }
}
