//! Turns that fail, are cut off, or fail after the application has been told all the same: whoever is the master, nothing
//! that was written is lost, and no two are.

use std::time::Duration;

use rusqlite::Connection;
use transfer::{
    Cutover, FollowError, Hook, Outcome, Phase, Plan, Progress, Rollback, SqliteFile, Survey, Switch,
};

use super::follows::{Moving, SHOP, step_until_near};

async fn followed() -> (Moving, transfer::Follower) {
    let moving = Moving::from(SHOP).await;
    moving.begin().await.unwrap_or_else(|error| panic!("{error}"));
    let follower = moving.follower().await;
    (moving, follower)
}

async fn switched() -> (Moving, transfer::Follower) {
    let (moving, mut follower) = followed().await;
    follower.cutover(&moving.turn(), &Progress::to_nobody()).await.unwrap_or_else(|error| panic!("{error}"));
    (moving, follower)
}

fn by_command(command: String) -> Switch {
    Switch::Command(Hook(command))
}

/// Runs a statement in PostgreSQL, as the application does that has been switched over.
fn in_postgres(moving: &Moving, sql: &str, then: &str) -> Switch {
    by_command(format!("psql -q '{}' -c \"{sql}\" >&2; {then}", moving.address()))
}

fn lines(connection: &Connection, line: &str) -> i64 {
    let sql = "SELECT count(*) FROM logs WHERE line = ?1";
    connection.query_row(sql, [line], |row| row.get(0)).expect("reads")
}

#[tokio::test]
async fn a_turn_that_fails_leaves_everything_open() {
    let moving = Moving::from(SHOP).await;
    moving.begin().await.unwrap_or_else(|error| panic!("{error}"));
    let mut follower = moving.follower().await;
    let failing = Cutover {
        switch: Some(Switch::Command(transfer::Hook("echo no such service >&2; exit 3".to_owned()))),
        ..moving.turn()
    };
    let error = follower.cutover(&failing, &Progress::to_nobody()).await.expect_err("fails").to_string();
    assert!(error.contains("no such service") && error.contains("open again"), "{error}");
    let app = moving.sqlite();
    app.execute_batch("INSERT INTO logs VALUES ('still here')").expect("open");
    assert_eq!(follower.phase(), Phase::Following);
    step_until_near(&mut follower).await;
    // And once more, as if nothing had been.
    follower.cutover(&moving.turn(), &Progress::to_nobody()).await.unwrap_or_else(|error| panic!("{error}"));
    let report = moving.report().await;
    assert_ne!(report.outcome(), Outcome::Different, "{report}");
}

#[tokio::test]
async fn somebody_who_keeps_the_file_makes_the_turn_give_up() {
    let moving = Moving::from(SHOP).await;
    moving.begin().await.unwrap_or_else(|error| panic!("{error}"));
    let mut follower = moving.follower().await;
    let other = moving.sqlite();
    other.execute_batch("BEGIN IMMEDIATE; INSERT INTO logs VALUES ('not yet')").expect("begins");
    let short = Cutover { limit: Duration::from_millis(300), ..moving.turn() };
    let error = follower.cutover(&short, &Progress::to_nobody()).await.expect_err("waits in vain");
    assert!(error.to_string().contains("locked"), "{error}");
    other.execute_batch("COMMIT; INSERT INTO logs VALUES ('go on')").expect("open");
    step_until_near(&mut follower).await;
    let report = moving.report().await;
    assert_ne!(report.outcome(), Outcome::Different, "{report}");
}

#[tokio::test]
async fn an_application_that_writes_to_postgresql_already_is_not_taken_back() {
    let (moving, mut follower) = followed().await;
    let switch = in_postgres(&moving, "INSERT INTO logs VALUES ('told')", "exit 1");
    let turn = Cutover { switch: Some(switch), ..moving.turn() };
    let error = follower.cutover(&turn, &Progress::to_nobody()).await.expect_err("fails").to_string();
    assert!(error.contains("writes to PostgreSQL already"), "{error}");
    assert_eq!(follower.phase(), Phase::Switching);
    let app = moving.sqlite();
    app.execute_batch("INSERT INTO logs VALUES ('not here')").expect_err("closed");
    // Whoever goes on, be it somebody else, and be it that it fails once more.
    drop(follower);
    let mut follower = moving.follower().await;
    follower.cutover(&turn, &Progress::to_nobody()).await.expect_err("fails");
    follower.cutover(&moving.turn(), &Progress::to_nobody()).await.unwrap_or_else(|error| panic!("{error}"));
    let back = follower.rollback(&moving.way_back(), &Progress::to_nobody()).await;
    back.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(lines(&app, "told"), 2);
}

#[tokio::test]
async fn an_application_that_is_just_writing_to_postgresql_is_not_taken_back() {
    let (moving, mut follower) = followed().await;
    // It is killed, and PostgreSQL has not noticed yet: what it has written may still be committed.
    let mut other = moving.connection().await;
    let begun = moving.path("begun");
    let switch = by_command(format!("while [ ! -e {} ]; do sleep 0.05; done; exit 1", begun.display()));
    let turn = Cutover { switch: Some(switch), limit: Duration::from_secs(2), ..moving.turn() };
    let progress = Progress::to_nobody();
    let writing = async {
        while !moving.is_closed() {
            tokio::task::yield_now().await;
        }
        sqlx::raw_sql("BEGIN; INSERT INTO logs VALUES ('told')").execute(&mut other).await.expect("runs");
        std::fs::write(&begun, "").expect("writes");
    };
    let (error, ()) = tokio::join!(follower.cutover(&turn, &progress), writing);
    let error = error.expect_err("fails").to_string();
    assert!(error.contains("writes to PostgreSQL already"), "{error}");
    sqlx::raw_sql("COMMIT").execute(&mut other).await.expect("commits");
}

#[tokio::test]
async fn a_command_that_never_ends_is_killed_and_taken_back() {
    let (moving, mut follower) = followed().await;
    let turn = Cutover {
        switch: Some(by_command("sleep 600".to_owned())),
        limit: Duration::from_secs(1),
        ..moving.turn()
    };
    let error = follower.cutover(&turn, &Progress::to_nobody()).await.expect_err("killed").to_string();
    assert!(error.contains("was killed") && error.contains("open again"), "{error}");
    moving.sqlite().execute_batch("INSERT INTO logs VALUES ('still here')").expect("open");
    step_until_near(&mut follower).await;
    assert_ne!(moving.report().await.outcome(), Outcome::Different);
    // Whoever believes to have been told is told better.
    let refused = moving.postgres("INSERT INTO logs VALUES ('told')").await.expect_err("closed");
    assert!(refused.to_string().contains("follows SQLite, which is the master"), "{refused}");
    follower.cutover(&moving.turn(), &Progress::to_nobody()).await.unwrap_or_else(|error| panic!("{error}"));
    moving.postgres("INSERT INTO logs VALUES ('told')").await.expect("open");
}

#[tokio::test]
async fn there_and_back_by_triggers() {
    let moving = Moving::by_triggers(SHOP).await;
    moving.begin().await.unwrap_or_else(|error| panic!("{error}"));
    let mut follower = moving.follower().await;
    let switch = in_postgres(&moving, "INSERT INTO logs VALUES ('told')", "exit 1");
    let turn = Cutover { switch: Some(switch), ..moving.turn() };
    let error = follower.cutover(&turn, &Progress::to_nobody()).await.expect_err("fails").to_string();
    assert!(error.contains("writes to PostgreSQL already"), "{error}");
    assert_eq!(moving.slots().await, 0);
    follower.cutover(&moving.turn(), &Progress::to_nobody()).await.unwrap_or_else(|error| panic!("{error}"));
    moving.postgres("DELETE FROM orders; INSERT INTO logs VALUES ('more')").await.expect("open");
    let back = follower.rollback(&moving.way_back(), &Progress::to_nobody()).await;
    back.unwrap_or_else(|error| panic!("{error}"));
    let app = moving.sqlite();
    assert_eq!([lines(&app, "told"), lines(&app, "more")], [1, 1]);
    let orders: i64 = app.query_row("SELECT count(*) FROM orders", [], |row| row.get(0)).expect("reads");
    assert_eq!(orders, 0);
}

#[tokio::test]
async fn what_was_cut_into_parts_is_not_filled_again() {
    let many = "CREATE TABLE many (line TEXT); WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200010) \
                INSERT INTO many SELECT 'line ' || i FROM n";
    let moving = Moving::from(many).await;
    moving.begin().await.unwrap_or_else(|error| panic!("{error}"));
    // The parts would be others by now.
    moving.sqlite().execute_batch("INSERT INTO many VALUES ('one'), ('two'), ('three')").expect("runs");
    let mut follower = moving.follower().await;
    follower.cutover(&moving.turn(), &Progress::to_nobody()).await.unwrap_or_else(|error| panic!("{error}"));
    moving.postgres("DELETE FROM many WHERE rowid <= 150000").await.expect("runs");
    follower.cutover(&moving.turn(), &Progress::to_nobody()).await.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(moving.number("SELECT count(*) FROM many").await, 50_013);
}

#[tokio::test]
async fn what_is_followed_is_not_moved_over() {
    let (moving, follower) = switched().await;
    drop(follower);
    moving.postgres("INSERT INTO logs VALUES ('of the master')").await.expect("runs");
    let survey = Survey::of(&moving.path("app.copy.db"), 1, &Progress::to_nobody()).expect("looks");
    let plan = Plan::lossless(&survey.schema, &survey.profiles, "public");
    let run = transfer::Run::new(&moving.path("app.copy.db"), plan, moving.target(), 1).expect("opens");
    for refused in [
        run.run(transfer::Existing::Drop, &Progress::to_nobody()).await,
        run.resume(&Progress::to_nobody()).await,
    ] {
        let error = refused.expect_err("refused").to_string();
        assert!(error.contains("is being followed into the schema public"), "{error}");
    }
    assert_eq!(moving.number("SELECT count(*) FROM logs WHERE line = 'of the master'").await, 1);
}

#[tokio::test]
async fn who_asks_to_take_over_and_does_not_stops_nobody_for_good() {
    let (moving, follower) = followed().await;
    drop(follower);
    transfer::Follower::ask_over(&moving.target(), "public").await.expect("asks");
    let mut follower = moving.follower().await;
    assert!(!follower.step().await.unwrap_or_else(|error| panic!("{error}")).wants_over);
    transfer::Follower::ask_over(&moving.target(), "public").await.expect("asks");
    assert!(follower.step().await.unwrap_or_else(|error| panic!("{error}")).wants_over);
}

#[tokio::test]
async fn without_the_file_the_slot_can_be_given_up() {
    let (moving, follower) = switched().await;
    drop(follower);
    assert_eq!(moving.slots().await, 1);
    std::fs::remove_file(moving.path("app.db")).expect("removes");
    transfer::Follower::stop(&moving.target(), "public", &moving.path("app.db")).await.expect("stops");
    assert_eq!(moving.slots().await, 0);
}

#[tokio::test]
async fn what_a_cutover_was_cut_off_at_is_done_by_the_next() {
    let (moving, mut follower) = followed().await;
    let (folder, done) = (moving.path("resumed"), Hook("exit 7".to_owned()));
    let turn = Cutover { resume: Some(done), ..moving.turn() };
    let error = follower.cutover(&turn, &Progress::to_nobody()).await.expect_err("fails").to_string();
    assert!(error.contains("PostgreSQL is the master by now"), "{error}");
    assert!(!moving.is_checked().await, "foreign keys are looked at last");
    drop(follower);
    let mut follower = moving.follower().await;
    let turn = Cutover { resume: Some(Hook(format!("touch {}", folder.display()))), ..moving.turn() };
    let turned = follower.cutover(&turn, &Progress::to_nobody()).await;
    assert_eq!(turned.unwrap_or_else(|error| panic!("{error}")).fenced, None);
    assert!(folder.exists() && moving.is_checked().await);
}

#[tokio::test]
async fn who_was_killed_while_giving_up_has_given_up() {
    let (moving, mut follower) = followed().await;
    let switch = in_postgres(&moving, "INSERT INTO logs VALUES ('told')", "exit 1");
    let turn = Cutover { switch: Some(switch), ..moving.turn() };
    follower.cutover(&turn, &Progress::to_nobody()).await.expect_err("fails");
    drop(follower);
    // As it is when somebody gave up, opened the file, and could not reach PostgreSQL any more.
    moving.postgres("DELETE FROM logs WHERE line = 'told'").await.expect("runs");
    let app = moving.sqlite();
    let fences = "SELECT group_concat('DROP TRIGGER ' || name, ';') FROM sqlite_schema WHERE name GLOB 'mainstay_fence_*'";
    let drops: String = app.query_row(fences, [], |row| row.get(0)).expect("reads");
    app.execute_batch(&drops).expect("runs");
    app.execute_batch("INSERT INTO logs VALUES ('goes on')").expect("open");
    let mut follower = moving.follower().await;
    assert_eq!(follower.phase(), Phase::Following);
    step_until_near(&mut follower).await;
    follower.cutover(&moving.turn(), &Progress::to_nobody()).await.unwrap_or_else(|error| panic!("{error}"));
    assert_ne!(moving.report().await.outcome(), Outcome::Different);
}

#[tokio::test]
async fn a_way_back_that_fails_leaves_postgresql_the_master() {
    let moving = Moving::from(SHOP).await;
    moving.begin().await.unwrap_or_else(|error| panic!("{error}"));
    let mut follower = moving.follower().await;
    follower.cutover(&moving.turn(), &Progress::to_nobody()).await.unwrap_or_else(|error| panic!("{error}"));
    moving.postgres("INSERT INTO logs VALUES ('before')").await.expect("runs");
    let failing =
        Rollback { switch: Some(Switch::Command(transfer::Hook("exit 1".to_owned()))), ..moving.way_back() };
    follower.rollback(&failing, &Progress::to_nobody()).await.expect_err("fails");
    assert_eq!(follower.phase(), Phase::Switched);
    let app = moving.sqlite();
    app.execute_batch("INSERT INTO logs VALUES ('not here')").expect_err("closed");
    moving.postgres("INSERT INTO logs VALUES ('after')").await.expect("open");
    // Somebody else goes on.
    drop(follower);
    let mut follower = moving.follower().await;
    follower
        .rollback(&moving.way_back(), &Progress::to_nobody())
        .await
        .unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(follower.phase(), Phase::Returned);
    let lines: i64 = app
        .query_row("SELECT count(*) FROM logs WHERE line IN ('before', 'after')", [], |row| row.get(0))
        .expect("reads");
    assert_eq!(lines, 2);
}

#[tokio::test]
async fn an_application_that_writes_to_sqlite_already_is_not_taken_back() {
    let (moving, mut follower) = switched().await;
    moving.postgres("INSERT INTO logs VALUES ('before')").await.expect("runs");
    let insert = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit()";
    let statement = "INSERT INTO logs VALUES ('told')";
    let path = moving.path("app.db");
    let command = format!("python3 -c \"{insert}\" '{}' \"{statement}\"; exit 1", path.display());
    let failing = Rollback { switch: Some(by_command(command)), ..moving.way_back() };
    let error = follower.rollback(&failing, &Progress::to_nobody()).await.expect_err("fails").to_string();
    assert!(error.contains("writes to SQLite already"), "{error}");
    moving.postgres("INSERT INTO logs VALUES ('not here')").await.expect_err("closed");
    drop(follower);
    let mut follower = moving.follower().await;
    assert_eq!(follower.phase(), Phase::Returning);
    let back = follower.rollback(&moving.way_back(), &Progress::to_nobody()).await;
    back.unwrap_or_else(|error| panic!("{error}"));
    let app = moving.sqlite();
    assert_eq!([lines(&app, "before"), lines(&app, "told")], [1, 1]);
}

#[tokio::test]
async fn a_rollback_whose_note_alone_was_kept_goes_on() {
    let (moving, mut follower) = switched().await;
    moving.postgres("INSERT INTO logs VALUES ('before')").await.expect("runs");
    follower.step_back().await.unwrap_or_else(|error| panic!("{error}"));
    drop(follower);
    // The connection broke while it was noted, and whoever noted it has opened PostgreSQL again.
    moving.postgres("UPDATE mainstay_transfer.follows SET phase = 'returning'").await.expect("runs");
    moving.postgres("INSERT INTO logs VALUES ('after')").await.expect("open");
    let stopped = transfer::Follower::stop(&moving.target(), "public", &moving.path("app.db")).await;
    let error = stopped.expect_err("undecided").to_string();
    assert!(error.contains("who is the master is not decided"), "{error}");
    let mut follower = moving.follower().await;
    let back = follower.rollback(&moving.way_back(), &Progress::to_nobody()).await;
    back.unwrap_or_else(|error| panic!("{error}"));
    let app = moving.sqlite();
    assert_eq!([lines(&app, "before"), lines(&app, "after")], [1, 1]);
}

#[tokio::test]
async fn what_a_rollback_was_cut_off_at_is_done_by_the_next() {
    let (moving, mut follower) = switched().await;
    let failing = Rollback { resume: Some(Hook("exit 7".to_owned())), ..moving.way_back() };
    let error = follower.rollback(&failing, &Progress::to_nobody()).await.expect_err("fails").to_string();
    assert!(error.contains("SQLite is the master again"), "{error}");
    drop(follower);
    let mut follower = moving.follower().await;
    let back = follower.rollback(&moving.way_back(), &Progress::to_nobody()).await;
    assert_eq!(back.unwrap_or_else(|error| panic!("{error}")).fenced, None);
    assert_eq!(moving.slots().await, 0, "PostgreSQL keeps its log for nobody");
    drop(follower);
    moving.postgres("INSERT INTO logs VALUES ('not here')").await.expect_err("closed");
    transfer::Follower::stop(&moving.target(), "public", &moving.path("app.db")).await.expect("stops");
    moving.postgres("INSERT INTO logs VALUES ('open')").await.expect("open");
}

#[tokio::test]
async fn another_spelling_of_the_address_is_the_same_postgresql() {
    let (moving, follower) = followed().await;
    drop(follower);
    let options: sqlx::postgres::PgConnectOptions = moving.address().parse().expect("an address");
    let other = transfer::Target::new(options, "the same by another name");
    let follower = transfer::Follower::open(&other, "public").await;
    assert_eq!(follower.unwrap_or_else(|error| panic!("{error}")).phase(), Phase::Following);
    transfer::Follower::stop(&other, "public", &moving.path("app.db")).await.expect("stops");
}

#[tokio::test]
async fn another_plan_than_it_is_followed_by_is_refused() {
    let (moving, follower) = followed().await;
    drop(follower);
    let schema = SqliteFile::open(&moving.path("app.copy.db")).expect("opens").schema().expect("a schema");
    let noted = transfer::noted_plan(&moving.target(), "public").await.expect("noted");
    let same = Plan::from_toml(&noted, &schema).expect("a plan");
    let done = moving.begin_by(Some(same.clone())).await.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(done, None, "nothing is left to be moved");
    let mut other = same;
    other.tables[0].columns[1].longest = 1000;
    let error = moving.begin_by(Some(other)).await.expect_err("refused");
    assert!(matches!(error, FollowError::Phase(_)) && error.to_string().contains("another plan"), "{error}");
}

#[tokio::test]
async fn a_key_that_sqlite_does_not_keep_unique_is_refused() {
    let moving = Moving::from(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT NOT NULL); INSERT INTO t VALUES (1, 'a')",
    )
    .await;
    let survey = Survey::of(&moving.path("app.db"), 1, &Progress::to_nobody()).expect("looks");
    let mut plan = Plan::lossless(&survey.schema, &survey.profiles, "public");
    plan.tables[0].key = transfer::Key::Columns(vec![1]);
    let error = moving.begin_by(Some(plan)).await.expect_err("refused").to_string();
    assert!(error.contains("not unique in SQLite"), "{error}");
}
