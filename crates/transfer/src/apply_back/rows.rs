//! Looks up what the rows are now, and hands them on, a little at a time.

use futures::TryStreamExt as _;
use futures::stream::BoxStream;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::Query;
use sqlx::{AssertSqlSafe, PgConnection, Postgres, Row as _, ValueRef as _};
use tokio::sync::mpsc::Sender;

use super::ApplyBackError;
use super::field::Field;
use super::tables::Pair;
use crate::changes::{RowKey, Touched};
use crate::codec::Codec;
use crate::sqlite::unquoted;

/// About how many bytes are handed on at once.
const PIECE: usize = 256 * 1024;
/// What a field costs besides its bytes.
const FIELD: usize = 64;
/// How many keys are looked up at once.
const KEYS: usize = 50_000;

/// What is handed on. Those of a table come together.
#[derive(Debug)]
pub(super) enum Piece {
    /// All rows of a table go.
    Clear { table: usize },
    /// The rows with these keys go.
    Delete { table: usize, keys: Vec<Vec<Field>> },
    /// These rows come.
    Insert { table: usize, rows: Vec<Vec<Field>> },
    /// Never count from less than this again.
    Counted { table: usize, last: i64 },
    /// That was everything.
    End,
}

/// Nobody takes what is sent: whoever did has met an error, and tells it.
#[derive(Debug)]
pub(super) enum Stopped {
    Unwanted,
    Failed(ApplyBackError),
}

/// Hands on what has become of what was touched in all tables.
pub(super) async fn send_all(
    tables: &[Pair],
    touched: &[Touched],
    connection: &mut PgConnection,
    to: &Sender<Piece>,
) -> Result<(), Stopped> {
    for (table, (pair, touched)) in tables.iter().zip(touched).enumerate() {
        if touched.is_nothing() {
            continue;
        }
        let mut sending = Sending { table, pair, connection, to };
        match touched {
            Touched::All => sending.all().await?,
            Touched::Keys(keys) => sending.keys(&keys.iter().collect::<Vec<_>>()).await?,
        }
        sending.counted().await?;
    }
    to.send(Piece::End).await.map_err(|_| Stopped::Unwanted)
}

struct Sending<'s> {
    table: usize,
    pair: &'s Pair,
    connection: &'s mut PgConnection,
    to: &'s Sender<Piece>,
}

impl Sending<'_> {
    async fn all(&mut self) -> Result<(), Stopped> {
        let table = self.table;
        self.send(Piece::Clear { table }).await?;
        let sql = self.pair.select_all();
        let codecs = self.pair.read().map(|column| column.plan.codec).collect();
        self.stream(sqlx::query(AssertSqlSafe(sql)), codecs, |rows| Piece::Insert { table, rows }).await
    }

    /// All that were touched go before one comes: what is unique may have gone from one row to another.
    async fn keys(&mut self, keys: &[&RowKey]) -> Result<(), Stopped> {
        let table = self.table;
        let sql = self.pair.select_keys();
        for some in keys.chunks(KEYS) {
            let codecs = self.pair.key_columns().map(|column| column.codec).collect();
            let query = with_keys(&sql, some);
            self.stream(query, codecs, |keys| Piece::Delete { table, keys }).await?;
        }
        let sql = self.pair.select_rows();
        for some in keys.chunks(KEYS) {
            let codecs = self.pair.read().map(|column| column.plan.codec).collect();
            self.stream(with_keys(&sql, some), codecs, |rows| Piece::Insert { table, rows }).await?;
        }
        Ok(())
    }

    async fn stream(
        &mut self,
        query: Query<'_, Postgres, PgArguments>,
        codecs: Vec<Codec>,
        piece: impl Fn(Vec<Vec<Field>>) -> Piece,
    ) -> Result<(), Stopped> {
        let failed = |source| failed(self.pair, source);
        let mut rows: BoxStream<'_, Result<PgRow, sqlx::Error>> = query.fetch(&mut *self.connection);
        let (mut waiting, mut size) = (Vec::new(), 0);
        while let Some(row) = rows.try_next().await.map_err(failed)? {
            let fields = read(&row, &codecs).map_err(failed)?;
            let length = |field: &Field| FIELD + field.bytes.as_ref().map_or(0, Vec::len);
            size += fields.iter().map(length).sum::<usize>();
            waiting.push(fields);
            if size >= PIECE {
                let full = piece(std::mem::take(&mut waiting));
                self.to.send(full).await.map_err(|_| Stopped::Unwanted)?;
                size = 0;
            }
        }
        self.to.send(piece(waiting)).await.map_err(|_| Stopped::Unwanted)
    }

    async fn counted(&mut self) -> Result<(), Stopped> {
        let (Some(sql), Some(column)) = (self.pair.select_counted(), self.pair.counted) else {
            return Ok(());
        };
        let column = unquoted(&self.pair.columns[column].target);
        let last: Option<i64> = sqlx::query_scalar(AssertSqlSafe(sql))
            .bind(&self.pair.target)
            .bind(column)
            .fetch_one(&mut *self.connection)
            .await
            .map_err(|source| failed(self.pair, source))?;
        match last {
            Some(last) => self.send(Piece::Counted { table: self.table, last }).await,
            None => Ok(()),
        }
    }

    async fn send(&self, piece: Piece) -> Result<(), Stopped> {
        self.to.send(piece).await.map_err(|_| Stopped::Unwanted)
    }
}

fn failed(pair: &Pair, source: sqlx::Error) -> Stopped {
    Stopped::Failed(ApplyBackError::Rows { table: pair.name.clone(), source })
}

/// An array for each column of the key.
fn with_keys<'q>(sql: &str, keys: &[&'q RowKey]) -> Query<'q, Postgres, PgArguments> {
    let columns = keys.first().map_or(0, |key| key.len());
    (0..columns).fold(sqlx::query(AssertSqlSafe(sql.to_owned())), |query, column| {
        query.bind(keys.iter().map(|key| key[column].as_str()).collect::<Vec<_>>())
    })
}

/// The fields of a row, with the texts of those that have one behind them.
fn read(row: &PgRow, codecs: &[Codec]) -> Result<Vec<Field>, sqlx::Error> {
    let mut at = 0;
    let mut next = || {
        at += 1;
        row.try_get_raw(at - 1)
    };
    let field = |codec: &Codec| {
        let raw = next()?;
        let bytes =
            if raw.is_null() { None } else { Some(raw.as_bytes().map_err(sqlx::Error::Decode)?.to_vec()) };
        let text = if codec.needs_text() { Some(next()?) } else { None };
        let text = text.filter(|text| !text.is_null());
        let text = text.map(|text| text.as_str().map(str::to_owned)).transpose();
        Ok(Field { bytes, text: text.map_err(sqlx::Error::Decode)? })
    };
    codecs.iter().map(field).collect()
}
