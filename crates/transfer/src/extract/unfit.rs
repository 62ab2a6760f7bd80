//! Cells that SQLite cannot hold as PostgreSQL has them, until it is known which of them are again what they were before
//! the move. There may be as many as there are cells: they wait on the disk.

use rusqlite::{Connection, Row};

use super::Unfit;

/// Cells that SQLite cannot hold as they are.
#[derive(Debug)]
pub(super) struct UnfitCells {
    connection: Connection,
}

impl UnfitCells {
    /// None yet. They are in a file without a name, which is gone when nobody has it open.
    pub(super) fn none() -> rusqlite::Result<Self> {
        let connection = Connection::open("")?;
        connection.execute_batch(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
             CREATE TABLE cells (nth INTEGER PRIMARY KEY, of_table TEXT, named TEXT, key TEXT, field BLOB, shown TEXT, value TEXT);
             CREATE INDEX by_key ON cells (of_table, named, key)",
        )?;
        Ok(Self { connection })
    }

    /// Notes a cell whose row has this key, and the field that it was to hold.
    pub(super) fn add(&self, cell: &Unfit, key: &str, field: &[u8]) -> rusqlite::Result<()> {
        let sql =
            "INSERT INTO cells (of_table, named, key, field, shown, value) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let shown = serde_json::Value::from(cell.key.as_slice()).to_string();
        let cell = (&cell.table, &cell.column, key, field, shown, &cell.value);
        self.connection.execute(sql, cell).map(|_| ())
    }

    /// A cell is what it was before the move: it was unfit only if PostgreSQL has something else by now.
    pub(super) fn restored(
        &self,
        table: &str,
        column: &str,
        key: &str,
        field: &[u8],
    ) -> rusqlite::Result<()> {
        let sql = "DELETE FROM cells WHERE of_table = ?1 AND named = ?2 AND key = ?3 AND field = ?4";
        self.connection.execute(sql, (table, column, key, field)).map(|_| ())
    }

    /// The first of them, and how many there are.
    pub(super) fn listed(&self, most: i64) -> rusqlite::Result<(Vec<Unfit>, u64)> {
        let count = "SELECT count(*) FROM cells";
        let count: i64 = self.connection.query_row(count, [], |row| row.get(0))?;
        let sql = "SELECT of_table, shown, named, value FROM cells ORDER BY nth LIMIT ?1";
        let mut statement = self.connection.prepare(sql)?;
        let rows = statement.query_map([most], read)?;
        Ok((rows.collect::<Result<_, _>>()?, count.unsigned_abs()))
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<Unfit> {
    let shown: String = row.get(1)?;
    let key = serde_json::from_str(&shown).expect("as it was written");
    Ok(Unfit { table: row.get(0)?, key, column: row.get(2)?, value: row.get(3)? })
}
