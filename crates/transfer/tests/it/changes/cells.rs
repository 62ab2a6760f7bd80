//! What both sides hold, cell by cell.

use rusqlite::Connection;
use rusqlite::types::ValueRef;
use sqlx::{AssertSqlSafe, PgConnection, Row as _, ValueRef as _};
use transfer::{Codec, Schema, TableDefinition};

fn sources(made: &TableDefinition) -> String {
    made.filled().map(|column| column.source.as_str()).collect::<Vec<_>>().join(", ")
}

/// The rows of a table as binary COPY.
pub(super) fn copied(sqlite: &Connection, schema: &Schema, made: &TableDefinition) -> Vec<u8> {
    let mut bytes = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0".to_vec();
    let codecs: Vec<_> = made.filled().map(|column| column.plan.codec).collect();
    let sql = format!("SELECT {} FROM \"{}\"", sources(made), schema.tables[made.place].name);
    let mut statement = sqlite.prepare(&sql).expect("a statement");
    let mut rows = statement.query([]).expect("reads");
    while let Some(row) = rows.next().expect("reads") {
        bytes.extend(i16::try_from(codecs.len()).expect("few").to_be_bytes());
        for (place, codec) in codecs.iter().enumerate() {
            codec.encode(row.get_ref(place).expect("a cell"), &mut bytes);
        }
    }
    bytes.extend((-1_i16).to_be_bytes());
    bytes
}

pub(super) type Rows = Vec<Vec<Option<Vec<u8>>>>;

pub(super) fn rows_here(sqlite: &Connection, name: &str, made: &TableDefinition) -> Rows {
    let mut statement =
        sqlite.prepare(&format!("SELECT {} FROM \"{name}\"", sources(made))).expect("a statement");
    let codecs: Vec<_> = made.filled().map(|column| column.plan.codec).collect();
    let cells = |row: &rusqlite::Row<'_>| {
        let cell = |(place, codec): (usize, &Codec)| field(*codec, row.get_ref(place).expect("a cell"));
        Ok(codecs.iter().enumerate().map(cell).collect())
    };
    let mut rows: Rows =
        statement.query_map([], cells).expect("reads").map(|row| row.expect("reads")).collect();
    rows.sort();
    rows
}

fn field(codec: Codec, cell: ValueRef<'_>) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    codec.encode(cell, &mut bytes);
    (cell != ValueRef::Null).then(|| comparable(codec, bytes.split_off(4)))
}

pub(super) async fn rows_there(target: &mut PgConnection, made: &TableDefinition) -> Rows {
    let names: Vec<_> = made.filled().map(|column| column.name.as_str()).collect();
    let sql = format!("SELECT {} FROM {}", names.join(", "), made.name);
    let found = sqlx::query(AssertSqlSafe(sql)).fetch_all(target).await.expect("reads");
    let codecs: Vec<_> = made.filled().map(|column| column.plan.codec).collect();
    let cells = |row: &sqlx::postgres::PgRow| {
        let cell = |(place, codec): (usize, &Codec)| {
            let raw = row.try_get_raw(place).expect("a cell");
            (!raw.is_null()).then(|| comparable(*codec, raw.as_bytes().expect("bytes").to_vec()))
        };
        codecs.iter().enumerate().map(cell).collect()
    };
    let mut rows: Rows = found.iter().map(cells).collect();
    rows.sort();
    rows
}

/// How many digits a number shows does not change it.
fn comparable(codec: Codec, mut bytes: Vec<u8>) -> Vec<u8> {
    if codec == Codec::Numeric {
        bytes[6..8].fill(0);
    }
    bytes
}
