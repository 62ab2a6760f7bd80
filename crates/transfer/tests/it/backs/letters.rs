//! Keys that PostgreSQL takes for the same, and that are two.

use rusqlite::Connection;
use transfer::{Begin, Existing, Follower, NoCase, Outcome, Plan, Progress, Survey};

use crate::follows::Moving;

/// For SQLite, only letters of ASCII are the same as their capitals; for citext, all are.
const NAMES: &str = "PRAGMA journal_mode = WAL;
    CREATE TABLE names (name TEXT COLLATE NOCASE PRIMARY KEY, v INT) WITHOUT ROWID;
    INSERT INTO names VALUES ('ada', 1), ('eve', 2), ('ünï', 3), ('zoe', 4);
    CREATE TABLE pairs (a TEXT COLLATE NOCASE, b INT, PRIMARY KEY (a, b)); INSERT INTO pairs VALUES ('x', 1), ('x', 2);";

async fn followed_as_citext() -> (Moving, Follower) {
    let moving = Moving::from(NAMES).await;
    let source = moving.path("app.db");
    let Survey { schema, profiles } = Survey::of(&source, 1, &Progress::to_nobody()).expect("reads");
    let plan = Plan { no_case: NoCase::Citext, ..Plan::lossless(&schema, &profiles, "public") };
    let begin = Begin {
        source: &source,
        copy: &moving.path("app.copy.db"),
        plan: Some(plan),
        target: moving.target(),
        schema: "public",
        workers: 1,
        existing: Existing::Keep,
        since: "today",
    };
    begin.begin(&Progress::to_nobody()).await.unwrap_or_else(|error| panic!("{error}"));
    let follower = moving.follower().await;
    (moving, follower)
}

fn rows(app: &Connection) -> String {
    let sql = "SELECT group_concat(row, ' ') FROM (SELECT name || v AS row FROM names UNION ALL SELECT a || b FROM pairs \
               ORDER BY row)";
    app.query_row(sql, [], |row| row.get(0)).expect("reads")
}

#[tokio::test]
async fn a_key_that_changes_only_its_letters_goes_there_and_back() {
    let (moving, mut follower) = followed_as_citext().await;
    let app = moving.sqlite();
    app.execute_batch(
        "UPDATE names SET name = 'ADA' WHERE name = 'ada'; UPDATE names SET v = 5 WHERE name = 'EVE';
         UPDATE pairs SET a = 'X' WHERE b = 2;",
    )
    .expect("runs");
    while follower.step().await.unwrap_or_else(|error| panic!("{error}")).behind > 0 {}
    let report = moving.report().await;
    assert_eq!(report.outcome(), Outcome::Equal, "{report}");

    follower.cutover(&moving.turn(), &Progress::to_nobody()).await.unwrap_or_else(|error| panic!("{error}"));
    moving
        .postgres(
            "UPDATE names SET name = 'Eve', v = 6 WHERE name = 'EVE'; UPDATE names SET name = 'ünÏ' WHERE v = 3;
             DELETE FROM names WHERE name = 'ZOE'; INSERT INTO names VALUES ('zOE', 7); UPDATE pairs SET a = 'X' WHERE b = 1",
        )
        .await
        .expect("runs");
    let back = follower.rollback(&moving.way_back(), &Progress::to_nobody()).await;
    back.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(rows(&app), "ADA1 Eve6 X1 X2 zOE7 ünÏ3");
}

#[tokio::test]
async fn keys_that_are_the_same_for_postgresql_alone_stay_two() {
    let (moving, mut follower) = followed_as_citext().await;
    let app = moving.sqlite();
    moving
        .postgres("ALTER TABLE names DROP CONSTRAINT names_pkey; DROP INDEX names_name_key")
        .await
        .expect("runs");
    app.execute_batch("INSERT INTO names VALUES ('ÜNÏ', 9); UPDATE names SET v = 10 WHERE v = 9")
        .expect("runs");
    while follower.step().await.unwrap_or_else(|error| panic!("{error}")).behind > 0 {}
    let report = moving.report().await;
    assert_eq!(report.outcome(), Outcome::Equal, "{report}");
    app.execute_batch("DELETE FROM names WHERE v = 3").expect("runs");
    while follower.step().await.unwrap_or_else(|error| panic!("{error}")).behind > 0 {}
    let report = moving.report().await;
    assert_eq!(report.outcome(), Outcome::Equal, "{report}");
}
