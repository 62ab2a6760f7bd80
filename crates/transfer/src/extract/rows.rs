//! Rows on their way: PostgreSQL sends, and a thread writes what came meanwhile.

use futures::TryStreamExt as _;
use sqlx::PgConnection;
use tokio::sync::mpsc::{Receiver, channel};
use tokio::task::spawn_blocking;

use super::ExtractError;
use crate::verify::rows::{RawRow, RowReader};
use crate::{Progress, Target};

/// How many bytes are written at once.
const PIECE: usize = 256 * 1024;
/// How many pieces wait to be written at the most: PostgreSQL waits then.
const PIECES: usize = 4;

type Result<T> = std::result::Result<T, ExtractError>;

/// Rows that are coming.
#[derive(Debug)]
pub(super) struct Rows {
    pieces: Receiver<Vec<u8>>,
    progress: Progress,
}

impl Rows {
    /// Hands on each. False when they end before their end.
    pub(super) fn each(mut self, mut row: impl FnMut(RawRow<'_>) -> Result<()>) -> Result<bool> {
        let mut reader = RowReader::default();
        while let Some(piece) = self.pieces.blocking_recv() {
            let (mut failed, mut rows) = (None, 0);
            let taken = reader.take(&piece, |raw| {
                rows += 1;
                if failed.is_none() {
                    failed = row(raw).err();
                }
            });
            if let Some(error) = failed {
                return Err(error);
            }
            if taken.is_err() {
                return Ok(false);
            }
            self.progress.moved(rows, piece.len() as u64);
        }
        Ok(reader.has_ended())
    }
}

/// Reads what `sql`, a COPY, gives, while `write` takes it in a thread of its own.
pub(super) async fn pour<T: Send + 'static>(
    target: &Target,
    unit: &mut PgConnection,
    what: &str,
    sql: &str,
    progress: &Progress,
    write: impl FnOnce(Rows) -> Result<(T, bool)> + Send + 'static,
) -> Result<T> {
    let (to, pieces) = channel(PIECES);
    let rows = Rows { pieces, progress: progress.clone() };
    let writing = spawn_blocking(move || write(rows));
    let what = format!("to give {what}");
    let failed = |cause| ExtractError::from(target.failed(&what, cause));
    let sent = async {
        let mut sent = unit.copy_out_raw(sql).await?;
        let mut piece = Vec::with_capacity(PIECE * 2);
        while let Some(more) = sent.try_next().await? {
            piece.extend_from_slice(&more);
            if piece.len() >= PIECE {
                let full = std::mem::replace(&mut piece, Vec::with_capacity(PIECE * 2));
                // Nobody receives any more when SQLite has refused: then it has said why.
                if to.send(full).await.is_err() {
                    return Ok(());
                }
            }
        }
        let _ = to.send(piece).await;
        Ok(())
    }
    .await;
    drop(to);
    let written = writing.await.expect("writing does not panic");
    sent.map_err(failed)?;
    match written? {
        (done, true) => Ok(done),
        (_, false) => Err(failed(sqlx::Error::Protocol("the rows have no end".to_owned()))),
    }
}
