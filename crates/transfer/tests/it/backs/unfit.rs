//! What SQLite cannot hold as PostgreSQL has it does not stand in the way, and hides nothing else.

use rusqlite::config::DbConfig;
use sqlx::Row as _;
use transfer::{Applied, Follower, Phase, Progress};

use crate::follows::Moving;

const READINGS: &str = "PRAGMA journal_mode = WAL;
    CREATE TABLE readings (id INTEGER PRIMARY KEY, value REAL, exact DECIMAL, twice REAL, at DATETIME);
    CREATE TABLE codes (code INTEGER, factor REAL, PRIMARY KEY (code, factor)) WITHOUT ROWID;
    CREATE TABLE strict (id INTEGER PRIMARY KEY, must REAL NOT NULL) STRICT;
    INSERT INTO readings VALUES (1, 0.5, 1.5, 1.5, 1714570000123), (2, 1.5, 2, 2.5, 5);
    INSERT INTO codes VALUES (1, 0.5); INSERT INTO strict VALUES (1, 0.5);";

async fn switched() -> (Moving, Follower) {
    switched_from(READINGS).await
}

async fn switched_from(sql: &str) -> (Moving, Follower) {
    let moving = Moving::from(sql).await;
    moving.begin().await.unwrap_or_else(|error| panic!("{error}"));
    let mut follower = moving.follower().await;
    follower.cutover(&moving.turn(), &Progress::to_nobody()).await.unwrap_or_else(|error| panic!("{error}"));
    (moving, follower)
}

/// Behind everybody's back.
fn change_behind(moving: &Moving, sql: &str) {
    let app = moving.sqlite();
    app.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false).expect("set");
    app.execute_batch(sql).expect("runs");
}

/// Takes something. What somebody has not waited for to be on disk may be told a moment later.
async fn step_back(follower: &mut Follower) -> Applied {
    loop {
        let told = follower.step_back().await.unwrap_or_else(|error| panic!("{error}"));
        if told.keys > 0 {
            return told;
        }
    }
}

async fn back(moving: &Moving, follower: &mut Follower) -> Result<(), String> {
    let gone = follower.rollback(&moving.way_back(), &Progress::to_nobody()).await;
    gone.map(drop).map_err(|error| error.to_string())
}

#[tokio::test]
async fn what_another_process_has_met_is_known_at_the_way_back() {
    let (moving, mut follower) = switched().await;
    let sql = "ALTER TABLE readings ALTER COLUMN at TYPE timestamptz;
        UPDATE readings SET value = 'NaN', exact = 0.12345678901234567890123, at = '2024-05-01 00:00:00.123456Z' WHERE id = 1;
        INSERT INTO readings VALUES (3, 1, 'NaN', 1, 'infinity'); INSERT INTO codes VALUES (2, 'NaN');
        INSERT INTO strict VALUES (2, 'NaN')";
    moving.postgres(sql).await.expect("runs");
    let told = step_back(&mut follower).await;
    let columns: Vec<_> = told.unfit.iter().map(|cell| (cell.table.as_str(), cell.column.as_str())).collect();
    assert_eq!(
        columns,
        [
            ("readings", "value"),
            ("readings", "exact"),
            ("readings", "at"),
            ("readings", "exact"),
            ("readings", "at"),
            ("codes", "factor"),
            ("strict", "must")
        ]
    );
    drop(follower);
    let mut follower = moving.follower().await;
    back(&moving, &mut follower).await.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(follower.phase(), Phase::Returned);
}

#[tokio::test]
async fn another_cell_of_such_a_column_hides_nothing() {
    let (moving, mut follower) = switched().await;
    moving.postgres("UPDATE readings SET value = 'NaN', twice = 3 WHERE id = 1").await.expect("runs");
    step_back(&mut follower).await;
    change_behind(&moving, "UPDATE readings SET value = 7 WHERE id = 2");
    let refused = back(&moving, &mut follower).await.expect_err("differs");
    assert!(
        refused.contains("readings 2: value is \"7.0\" in SQLite, and \"1.5\" in PostgreSQL"),
        "{refused}"
    );
    // Nor the same cell, when it is something else by now.
    change_behind(
        &moving,
        "UPDATE readings SET value = 1.5 WHERE id = 2; UPDATE readings SET value = 9 WHERE id = 1",
    );
    let refused = back(&moving, &mut follower).await.expect_err("differs");
    assert!(
        refused.contains("readings 1: value is \"9.0\" in SQLite, and \"NaN\" in PostgreSQL"),
        "{refused}"
    );
    change_behind(&moving, "UPDATE readings SET value = 'NaN' WHERE id = 1");
    back(&moving, &mut follower).await.unwrap_or_else(|error| panic!("{error}"));
}

#[tokio::test]
async fn more_cells_than_are_listed_hide_nothing() {
    let (moving, mut follower) = switched().await;
    let sql = "INSERT INTO readings (id, value) SELECT n, 'NaN' FROM generate_series(10, 400) AS n;
               INSERT INTO strict SELECT n, 'NaN' FROM generate_series(10, 400) AS n";
    moving.postgres(sql).await.expect("runs");
    step_back(&mut follower).await;
    // Behind all others.
    change_behind(&moving, "UPDATE readings SET twice = 1 WHERE id = 400");
    let refused = back(&moving, &mut follower).await.expect_err("differs");
    assert!(
        refused.contains("readings 400: twice is \"1.0\" in SQLite, and \"NULL\" in PostgreSQL"),
        "{refused}"
    );
    change_behind(&moving, "UPDATE readings SET twice = NULL WHERE id = 400");
    back(&moving, &mut follower).await.unwrap_or_else(|error| panic!("{error}"));
}

#[tokio::test]
async fn what_is_noted_is_noted_once() {
    let (moving, mut follower) = switched().await;
    for _ in 0..3 {
        moving.postgres("UPDATE readings SET value = 'NaN' WHERE id = 1").await.expect("runs");
        step_back(&mut follower).await;
    }
    assert_eq!(notes(&moving).await, 1);
    moving.postgres("DELETE FROM mainstay_transfer.moves").await.expect("runs");
    assert_eq!(notes(&moving).await, 0, "they go with their move");
}

#[tokio::test]
async fn what_could_not_be_noted_is_met_again() {
    let (moving, mut follower) = switched().await;
    // Something else has that name.
    moving.postgres("CREATE VIEW mainstay_transfer.unfit AS SELECT 1 AS target").await.expect("runs");
    moving.postgres("UPDATE readings SET value = 'NaN' WHERE id = 1").await.expect("runs");
    let error = loop {
        if let Err(error) = follower.step_back().await {
            break error.to_string();
        }
    };
    assert_eq!(error, "PostgreSQL refuses to note what SQLite cannot hold");
    drop(follower);
    moving.postgres("DROP VIEW mainstay_transfer.unfit").await.expect("runs");
    let mut follower = moving.follower().await;
    assert_eq!(step_back(&mut follower).await.unfit.len(), 1);
    back(&moving, &mut follower).await.unwrap_or_else(|error| panic!("{error}"));
}

#[tokio::test]
async fn what_is_computed_from_such_a_cell_is_known_too() {
    let sql = "CREATE TABLE t (id INTEGER PRIMARY KEY, value REAL, half REAL AS (value / 2) STORED, later REAL AS (value));
               INSERT INTO t (id, value) VALUES (1, 0.5), (2, 1.5);";
    let (moving, mut follower) = switched_from(sql).await;
    moving
        .postgres("UPDATE t SET value = 'NaN' WHERE id = 1; UPDATE t SET value = 7 WHERE id = 2")
        .await
        .expect("runs");
    back(&moving, &mut follower).await.unwrap_or_else(|error| panic!("{error}"));
    let sql = "SELECT group_concat(half, ' ') FROM t";
    let found: String = moving.sqlite().query_row(sql, [], |row| row.get(0)).expect("reads");
    assert_eq!(found, "0.0 3.5");
}

async fn notes(moving: &Moving) -> i64 {
    let mut target = moving.target().connect().await.expect("connects");
    let sql = "SELECT count(*) FROM mainstay_transfer.unfit";
    sqlx::query(sql).fetch_one(&mut target).await.expect("counts").get(0)
}

#[tokio::test]
async fn how_many_digits_a_number_shows_is_no_difference() {
    let (moving, mut follower) = switched().await;
    moving
        .postgres(
            "UPDATE readings SET exact = exact * 1.10; INSERT INTO readings (id, exact) VALUES (3, 2.00)",
        )
        .await
        .expect("runs");
    back(&moving, &mut follower).await.unwrap_or_else(|error| panic!("{error}"));
    let sql = "SELECT group_concat(exact, ' ') FROM readings";
    let found: String = moving.sqlite().query_row(sql, [], |row| row.get(0)).expect("reads");
    assert_eq!(found, "1.65 2.2 2");
}
