//! Several sessions write at once, while what they write is taken back.

use std::sync::atomic::{AtomicBool, Ordering};

use sqlx::{AssertSqlSafe, PgConnection};
use transfer::{Way, bring_back, drain};

use super::{Moved, SHOP, assert_gone, counted_from, execute};

/// Chance that is the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

fn statement(chance: &mut Chance) -> String {
    let (a, b) = (chance.below(40), chance.below(40));
    match chance.below(100) {
        0 => "TRUNCATE lines".to_owned(),
        1 if a < 4 => "TRUNCATE people CASCADE".to_owned(),
        1..15 => format!(
            "INSERT INTO people (email, balance, seen) VALUES ('p{a}', {b}.{a}, to_timestamp({b}{a})) \
             ON CONFLICT (email) DO UPDATE SET balance = people.balance * 1.10, is_active = NOT people.is_active"
        ),
        15..25 => format!("UPDATE people SET balance = {b}.5, face = '\\x{a:02}' WHERE id % 40 = {a}"),
        25..33 => format!("UPDATE people SET email = 'p{b}' WHERE email = 'p{a}'"),
        33..38 => format!("UPDATE people SET id = id + 1000 WHERE id % 40 = {a} AND id < 5000"),
        38..43 => format!("DELETE FROM people WHERE email = 'p{a}'"),
        43..60 => format!(
            "INSERT INTO notes SELECT id, 's{a}', 'n{b}' FROM people WHERE email = 'p{b}' \
             ON CONFLICT (owner, slug) DO UPDATE SET body = notes.body || '+'"
        ),
        60..66 => format!("UPDATE notes SET slug = 's{b}' WHERE slug = 's{a}'"),
        66..70 => format!("DELETE FROM notes WHERE slug = 's{a}'"),
        70..80 => {
            format!("INSERT INTO lines (said, weight) SELECT 'l{a}', {b} / 7.0 FROM generate_series(0, {b})")
        }
        80..84 => format!("DELETE FROM lines WHERE rowid % 20 = {a}"),
        84..90 => format!(
            "SET LOCAL datestyle = 'German'; SET LOCAL timezone = 'Asia/Tokyo'; SET LOCAL bytea_output = 'escape'; \
             INSERT INTO days VALUES (date '2024-01-01' + {a}, timestamptz '2024-01-01 00:00Z' + interval '{b} ms', {a} / 3.0, '\\x{b:02}ff') \
             ON CONFLICT DO NOTHING"
        ),
        90..93 => format!("UPDATE days SET day = day + 1 WHERE ratio = {a} / 3.0::float8"),
        93..96 => format!("DELETE FROM days WHERE day = date '2024-01-01' + {a}"),
        _ => format!(
            "MERGE INTO people USING (VALUES ('p{a}')) AS said (email) ON people.email = said.email \
             WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT (email) VALUES (said.email)"
        ),
    }
}

/// Transactions as they come, some of which are taken back, wholly or in part, or fail.
async fn hammer(mut session: PgConnection, seed: u64, transactions: u64) {
    let mut chance = Chance(seed);
    for _ in 0..transactions {
        execute(&mut session, "BEGIN").await;
        let mut failed = false;
        for part in 0..=chance.below(4) {
            let is_saved = chance.below(3) == 0;
            if is_saved {
                execute(&mut session, &format!("SAVEPOINT s{part}")).await;
            }
            let sql = statement(&mut chance);
            failed = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut session).await.is_err();
            if is_saved && (failed || chance.below(2) == 0) {
                execute(&mut session, &format!("ROLLBACK TO s{part}")).await;
                failed = false;
            }
            if failed {
                break;
            }
        }
        execute(&mut session, if failed || chance.below(5) == 0 { "ROLLBACK" } else { "COMMIT" }).await;
    }
}

async fn nothing_is_lost_or_doubled(way: Way) {
    let mut moved = Moved::from(SHOP).await;
    execute(&mut moved.target, &counted_from("public.people", "id")).await;
    let (source, applier) = (moved.source(way).await, moved.applier());
    // It writes first, and commits last: its entries have the lowest numbers.
    let mut late = moved.session().await;
    execute(
        &mut late,
        "BEGIN; INSERT INTO slow VALUES ('late', 1); UPDATE slow SET id = 'renamed' WHERE id = 'kept'",
    )
    .await;

    let mut sessions = tokio::task::JoinSet::new();
    for seed in 1..=4 {
        sessions.spawn(hammer(moved.session().await, seed, 150));
    }
    let are_done = AtomicBool::new(false);
    let mut session = moved.session().await;
    let follow = async {
        let mut taken = 0;
        while !are_done.load(Ordering::Relaxed) {
            let step = bring_back(&source, &mut session, &applier, Some(20)).await;
            taken += step.unwrap_or_else(|error| panic!("{error}: {error:?}")).keys;
        }
        taken
    };
    let wait = async {
        while let Some(ended) = sessions.join_next().await {
            ended.expect("a session does not panic");
        }
        are_done.store(true, Ordering::Relaxed);
    };
    let (taken, ()) = tokio::join!(follow, wait);
    assert!(taken > 0, "something was taken while others wrote");

    let drained = drain(&source, &mut session, &applier, Some(500)).await.expect("drains");
    assert_eq!((drained.unfit, drained.broken_checks), (vec![], vec![]));
    moved.assert_equal().await;
    assert_eq!(moved.says("SELECT id AS said FROM slow"), "kept", "nobody sees the late one yet");
    execute(&mut late, "COMMIT").await;
    drain(&source, &mut session, &applier, Some(500)).await.expect("drains");
    moved.assert_equal().await;
    assert_eq!(moved.says("SELECT id AS said FROM slow ORDER BY id"), "late renamed");
    assert_eq!(
        moved.says("SELECT count(*) AS said FROM noise"),
        "0",
        "the file's own triggers do not run again"
    );
    source.remove(&mut moved.target).await.expect("goes");
    assert_gone(&mut moved.target).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_doubled_by_a_slot() {
    nothing_is_lost_or_doubled(Way::Slot).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_doubled_by_triggers() {
    nothing_is_lost_or_doubled(Way::Triggers).await;
}
