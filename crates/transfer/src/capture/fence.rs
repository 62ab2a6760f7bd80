//! The fence: from one moment on, whoever writes to a table is told that it has moved.

use std::time::Duration;

use rusqlite::Connection;

use super::listing::expect_unchanged;
use super::{Capture, CaptureError, PATIENCE, Position, Result, changes, immediate};
use crate::sqlite::quoted;

/// What programs are told when nothing else is said.
pub const FENCED: &str = "this database has moved to PostgreSQL: writing here is closed (mainstay transfer)";

impl Capture {
    /// Closes all tables that are followed: whatever a program does to them fails with this message, before it has any
    /// effect. Gives where the journal ends: nothing comes behind it. A transaction that has begun before and written
    /// something is waited for.
    ///
    /// A connection that has switched its triggers off (`SQLITE_DBCONFIG_ENABLE_TRIGGER`) passes.
    ///
    /// # Errors
    /// When other programs keep the file longer than `patience`, the schema has changed, or the file cannot be
    /// written to. Nothing is changed then.
    pub fn fence(&mut self, message: &str, patience: Duration) -> Result<Position> {
        let failed = |error| CaptureError::of(&self.path, error);
        self.connection.busy_timeout(patience).map_err(failed)?;
        let transaction = immediate(&self.path, &mut self.connection)?;
        expect_unchanged(&self.path, &transaction, &self.tables, &self.listing)?;
        drop_fence(&transaction).map_err(failed)?;
        for (t, table) in self.tables.iter().enumerate() {
            transaction.execute_batch(&fence(t, &table.name, message)).map_err(failed)?;
        }
        let last = changes::last(&transaction).map_err(failed)?;
        transaction.commit().map_err(failed)?;
        self.connection.busy_timeout(PATIENCE).map_err(failed)?;
        Ok(last)
    }

    /// Opens the tables again.
    ///
    /// # Errors
    /// When the file cannot be written to.
    pub fn unfence(&mut self) -> Result<()> {
        let failed = |error| CaptureError::of(&self.path, error);
        let transaction = immediate(&self.path, &mut self.connection)?;
        drop_fence(&transaction).map_err(failed)?;
        transaction.commit().map_err(failed)
    }

    /// Whether the tables are closed.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn is_fenced(&self) -> Result<bool> {
        let names = fences(&self.connection).map_err(|error| self.failed(error))?;
        Ok(!names.is_empty())
    }
}

/// The triggers that close a table. The newest triggers are the first to run.
fn fence(t: usize, table: &str, message: &str) -> String {
    let (table, message) = (quoted(table), message.replace('\'', "''"));
    let trigger = |event: &str| {
        format!(
            "CREATE TRIGGER mainstay_fence_{t}_{event} BEFORE {event} ON {table} BEGIN SELECT RAISE(ABORT, '{message}'); END;"
        )
    };
    ["insert", "update", "delete"].map(trigger).concat()
}

fn fences(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND name GLOB 'mainstay_fence_[0-9]*'";
    connection.prepare(sql)?.query_map([], |row| row.get(0))?.collect()
}

fn drop_fence(connection: &Connection) -> rusqlite::Result<()> {
    for name in fences(connection)? {
        connection.execute_batch(&format!("DROP TRIGGER {}", quoted(&name)))?;
    }
    Ok(())
}
