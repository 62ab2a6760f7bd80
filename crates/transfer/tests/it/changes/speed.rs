//! How long it takes.

use std::time::Instant;

use transfer::{Way, drain};

use super::{Moved, SHOP, counted_from, execute};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_thousand_writes_come_back() {
    for way in [Way::Slot, Way::Triggers] {
        let mut moved = Moved::from(SHOP).await;
        execute(&mut moved.target, &counted_from("public.people", "id")).await;
        let source = moved.source(way).await;
        let begun = Instant::now();
        for part in 0..10 {
            let sql = format!(
                "INSERT INTO people (email, balance, seen, face) SELECT 'mail' || n || '@example.org', n / 100.0, \
                   to_timestamp(n), decode(md5(n::text), 'hex') FROM generate_series({part} * 9000 + 1, {part} * 9000 + 9000) AS n; \
                 UPDATE people SET balance = 0 WHERE id % 10 = {part}"
            );
            execute(&mut moved.target, &sql).await;
        }
        let written = begun.elapsed();
        let mut session = moved.session().await;
        let begun = Instant::now();
        let applied = drain(&source, &mut session, &moved.applier(), Some(20_000)).await.expect("drains");
        println!(
            "{way:?}: written in {written:?}, {} keys taken back in {:?}",
            applied.keys,
            begun.elapsed()
        );
        assert!(applied.keys >= 90_000, "{}", applied.keys);
        moved.assert_equal().await;
        source.remove(&mut moved.target).await.expect("goes");
    }
}
