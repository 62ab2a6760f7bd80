//! What was lost, or is not what it was, stops it with a word.

use transfer::changes::Lag;
use transfer::{ApplyBackError, ChangesError, Way, bring_back, drain};

use super::{Moved, SHOP, assert_gone, execute};

#[tokio::test]
async fn a_schema_that_has_changed_stops_it() {
    let mut moved =
        Moved::from("CREATE TABLE t (id INTEGER PRIMARY KEY, v INT); INSERT INTO t VALUES (1, 1);").await;
    let source = moved.source(Way::Triggers).await;
    let mut session = moved.session().await;
    execute(&mut moved.target, "ALTER TABLE t ADD COLUMN more text; UPDATE t SET v = 2, more = 'x'").await;
    let applied = drain(&source, &mut session, &moved.applier(), None).await.expect("drains");
    assert_eq!(applied.added_columns.iter().map(String::as_str).collect::<Vec<_>>(), ["public.t.\"more\""]);
    execute(&mut moved.target, "ALTER TABLE t ALTER v TYPE text; UPDATE t SET v = 'three'").await;
    let stopped = bring_back(&source, &mut session, &moved.applier(), None).await;
    assert_eq!(
        stopped.expect_err("stops").to_string(),
        "PostgreSQL's tables have changed since the move: \"public\".\"t\".\"v\" is text instead of bigint. Change them back, or stay"
    );
    execute(&mut moved.target, "DROP TABLE t").await;
    let stopped = bring_back(&source, &mut session, &moved.applier(), None).await;
    assert!(matches!(stopped, Err(ApplyBackError::Changes(ChangesError::Gone(_)))), "{stopped:?}");
    assert_eq!(moved.says("SELECT id || v AS said FROM t"), "12");
}

#[tokio::test]
async fn a_forgotten_slot_shows_and_a_lost_one_is_said() {
    let mut moved = Moved::from(SHOP).await;
    let source = moved.source(Way::Slot).await;
    execute(&mut moved.target, "INSERT INTO slow SELECT n::text, 1 FROM generate_series(1, 1000) AS n").await;
    let lag = source.lag(&mut moved.target).await.expect("says");
    assert!(matches!(lag, Lag::Log { behind, retained } if behind > 10_000 && retained >= behind), "{lag:?}");
    let mut session = moved.session().await;
    drain(&source, &mut session, &moved.applier(), None).await.expect("drains");
    moved.assert_equal().await;
    // What others write is not kept for it.
    execute(&mut moved.target, "CREATE TABLE others AS SELECT generate_series(1, 10000)").await;
    let here = "SELECT pg_current_wal_insert_lsn()::text";
    let here: String = sqlx::query_scalar(here).fetch_one(&mut moved.target).await.expect("says");
    drain(&source, &mut session, &moved.applier(), None).await.expect("reads");
    let is_past = "SELECT confirmed_flush_lsn >= $1::text::pg_lsn FROM pg_replication_slots WHERE database = current_database()";
    let is_past: bool =
        sqlx::query_scalar(is_past).bind(here).fetch_one(&mut moved.target).await.expect("says");
    assert!(is_past);

    execute(&mut moved.target, "UPDATE slow SET v = 2").await;
    source.remove(&mut moved.target).await.expect("goes");
    let lost = bring_back(&source, &mut session, &moved.applier(), None).await;
    assert!(matches!(lost, Err(ApplyBackError::Changes(ChangesError::Lost(_)))), "{lost:?}");
    let (mut snapshot, everything) = source.everything(&mut session).await.expect("reads");
    moved.applier().apply(&mut snapshot, &everything).await.expect("applies");
    drop(snapshot);
    moved.assert_equal().await;
}

#[tokio::test]
async fn a_slot_that_is_no_use_is_said() {
    let mut moved = Moved::from("CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1);").await;
    let source = moved.source(Way::Slot).await;
    let name = "SELECT slot_name::text FROM pg_replication_slots WHERE database = current_database()";
    let name: String = sqlx::query_scalar(name).fetch_one(&mut moved.target).await.expect("a slot");
    let other = format!(
        "SELECT pg_drop_replication_slot('{name}'); SELECT pg_create_physical_replication_slot('{name}')"
    );
    execute(&mut moved.target, &other).await;
    let refused = source.install(&mut moved.target).await.expect_err("it is not ours").to_string();
    assert_eq!(
        refused,
        format!(
            "the replication slot {name} cannot be used: it is of another kind. Remove it (`SELECT pg_drop_replication_slot('{name}')`), \
             and do this again"
        )
    );
    execute(&mut moved.target, &format!("SELECT pg_drop_replication_slot('{name}')")).await;
    source.install(&mut moved.target).await.expect("as was said");
    source.remove(&mut moved.target).await.expect("goes");
}

/// A session that was refused something can go on.
#[tokio::test]
async fn what_cannot_be_installed_leaves_no_transaction_open() {
    for way in [Way::Slot, Way::Triggers] {
        let mut moved =
            Moved::from("CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1);").await;
        let source = moved.made(way).await;
        execute(&mut moved.target, "ALTER TABLE t RENAME TO s").await;
        let refused = source.install(&mut moved.target).await;
        assert!(matches!(refused, Err(ChangesError::Postgres { .. })), "{way:?}: {refused:?}");
        execute(&mut moved.target, "ALTER TABLE s RENAME TO t").await;
        assert_gone(&mut moved.target).await;
        source.install(&mut moved.target).await.expect("installs");
        source.remove(&mut moved.target).await.expect("goes");
    }
}
