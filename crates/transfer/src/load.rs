//! Fills a table: one thread reads and encodes, and what it has written is sent meanwhile, a little at a time.

use sqlx::PgConnection;
use thiserror::Error;
use tokio::sync::mpsc::{Sender, channel};
use tokio::task::spawn_blocking;

use crate::codec::{Codec, Encoded};
use crate::copy::RowWriter;
use crate::definition::TableDefinition;
use crate::sqlite::quoted;
use crate::{SourceError, SqliteFile, Table};

/// How many bytes are sent at once.
const PIECE: usize = 256 * 1024;
/// How many pieces wait to be sent at the most: whoever reads faster waits.
const PIECES: usize = 4;

/// Why a table was not filled.
#[derive(Debug, Error)]
pub enum LoadError {
    /// The file.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// PostgreSQL.
    #[error("PostgreSQL does not take the rows of {table}")]
    Target {
        /// Of what.
        table: String,
        /// Why.
        source: sqlx::Error,
    },
    /// A cell is not what was looked at before.
    #[error(
        "{column} of {table} holds something else than a moment ago: another program writes to the file. Stop it, or follow it"
    )]
    Changed {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
}

/// What filling a table came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Loaded {
    /// How many rows.
    pub rows: u64,
    /// How many cells come back as something else that means the same.
    pub remembered: u64,
}

/// Fills a table by one COPY: all of it, or nothing.
///
/// # Errors
/// When the file cannot be read, or PostgreSQL does not take it.
pub async fn load(
    file: SqliteFile,
    table: &Table,
    definition: &TableDefinition,
    target: &mut PgConnection,
) -> Result<Loaded, LoadError> {
    let failed = |source| LoadError::Target { table: table.name.clone(), source };
    let reading = Reading::of(file, table, definition);
    let (pieces, mut written) = channel(PIECES);
    let reading = spawn_blocking(move || reading.run(&pieces));
    let mut copy = target.copy_in_raw(&definition.copy_in()).await.map_err(failed)?;
    while let Some(piece) = written.recv().await {
        copy.send(piece).await.map_err(failed)?;
    }
    match reading.await.expect("reading does not panic") {
        Ok(loaded) => {
            copy.finish().await.map_err(failed)?;
            Ok(loaded)
        }
        Err(error) => {
            copy.abort("the source cannot be read").await.map_err(failed)?;
            Err(error)
        }
    }
}

/// What reads a table.
struct Reading {
    file: SqliteFile,
    table: String,
    columns: Vec<String>,
    codecs: Vec<Codec>,
}

impl Reading {
    fn of(file: SqliteFile, table: &Table, definition: &TableDefinition) -> Self {
        let columns = definition.filled().map(|column| column.source.clone()).collect();
        let codecs = definition.filled().map(|column| column.plan.codec).collect();
        Self { file, table: table.name.clone(), columns, codecs }
    }

    fn run(self, to: &Sender<Vec<u8>>) -> Result<Loaded, LoadError> {
        let sql = format!("SELECT {} FROM {}", self.columns.join(", "), quoted(&self.table));
        let mut loaded = Loaded::default();
        let mut misfit = None;
        let mut writer = RowWriter::new(self.codecs);
        self.file.read(|connection| {
            let mut statement = connection.prepare(&sql)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                writer.row(row, |odd| match odd.became {
                    Encoded::Misfit => misfit = Some(odd.column),
                    _ => loaded.remembered += 1,
                })?;
                loaded.rows += 1;
                // Nobody receives any more when PostgreSQL has refused.
                if misfit.is_some() || (writer.len() >= PIECE && to.blocking_send(writer.take()).is_err()) {
                    return Ok(());
                }
            }
            Ok(())
        })?;
        if let Some(column) = misfit {
            return Err(LoadError::Changed { table: self.table, column: self.columns[column].clone() });
        }
        // Whether anybody receives it, the other side knows.
        let _ = to.blocking_send(writer.end());
        Ok(loaded)
    }
}
