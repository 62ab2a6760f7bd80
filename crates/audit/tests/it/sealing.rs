//! Entries get their places, all of them, whoever seals and whatever dies meanwhile.

use audit::{Config, Entry};
use chrono::TimeDelta;
use foundation::config::Period;
use futures::future::join_all;
use serde_json::{Value, json};
use store::sea_orm::DbBackend;
use testkit::until;
use tokio_util::sync::CancellationToken;

use crate::kit::{DONE, House, assert_whole, migrations, source};

/// What takes back each place as soon as it is given, and the note of it; and counts how often.
fn freeze(backend: DbBackend) -> Vec<&'static str> {
    match backend {
        DbBackend::Sqlite => vec![
            "CREATE TABLE frozen AS SELECT * FROM audit_chain",
            "CREATE TRIGGER thaw_row AFTER UPDATE OF sequence ON audit_logs WHEN OLD.sequence IS NULL BEGIN \
             UPDATE audit_logs SET sequence = NULL, mac = OLD.mac WHERE id = OLD.id; INSERT INTO taken_back VALUES (1); END",
            "CREATE TRIGGER thaw_note AFTER UPDATE ON audit_chain WHEN NEW.sequence <> 4 BEGIN \
             UPDATE audit_chain SET sequence = 4, mac = (SELECT mac FROM frozen), link = (SELECT link FROM frozen), code = (SELECT code FROM frozen); END",
        ],
        _ => vec![
            "CREATE FUNCTION take_back() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN INSERT INTO taken_back VALUES (1); RETURN OLD; END $$",
            "CREATE TRIGGER thaw_row BEFORE UPDATE ON audit_logs FOR EACH ROW EXECUTE FUNCTION take_back()",
            "CREATE TRIGGER thaw_note BEFORE UPDATE ON audit_chain FOR EACH ROW WHEN (NEW.sequence <> 4) EXECUTE FUNCTION take_back()",
        ],
    }
}

fn thaw(backend: DbBackend) -> [&'static str; 2] {
    match backend {
        DbBackend::Sqlite => ["DROP TRIGGER thaw_row", "DROP TRIGGER thaw_note"],
        _ => ["DROP TRIGGER thaw_row ON audit_logs", "DROP TRIGGER thaw_note ON audit_chain"],
    }
}

testkit::on_both_databases! {
    migrations: migrations();

    async fn an_untouched_ledger_is_whole(database) {
        let house = House::open(database);
        assert_whole(&house.verify().await);
        house.history(10).await;
        let report = house.verify().await;
        assert_whole(&report);
        assert_eq!((report.entries, report.first, report.last, report.checkpoints, report.waiting), (10, 1, 10, 3, 0));
        assert_eq!(report.proven_through, 10);
        assert_whole(&house.verify_from_outside().await);
        house.act(house.ambient.new_id(), "late").await;
        let report = house.verify().await;
        assert_whole(&report);
        assert_eq!((report.last, report.waiting), (10, 1));
    }

    async fn what_is_undone_leaves_no_gap(database) {
        let house = House::open(database);
        for n in 0..6 {
            let unit = house.store.begin().await.expect("begins");
            house.ledger.record(&*unit, Entry::of_user(house.ambient.new_id(), DONE, &source())).await.expect("records");
            if n % 2 == 0 {
                unit.commit().await.expect("commits");
            }
        }
        let sealed = house.sealer.seal().await.expect("seals");
        assert_eq!((sealed.sequence, sealed.foreign), (3, 0));
        assert_whole(&house.verify().await);
    }

    async fn details_come_back_as_they_were(database) {
        let house = House::open(database);
        let ada = house.ambient.new_id();
        let long = "ä".repeat(5000);
        for details in [
            json!({}), json!([]), json!("text"), json!(7), json!(true), Value::Null,
            json!({ "b": 1, "aa": { "z": null, "y": [1, 2, { "x": "" }] }, "": "empty", "a": -1 }),
            json!({ "number": u64::MAX, "small": i64::MIN, "fraction": 1.5, "huge": 1e300, "minus": -0.0, "whole": 1.0 }),
            json!({ "text": "\u{0} \u{1f} \\ \" / \u{2028} 🦀 \u{fffd}", "nul\u{0}key": 1, "long": long }),
        ] {
            let unit = house.store.begin().await.expect("begins");
            house.ledger.record(&*unit, Entry::of_user(ada, DONE, &source()).with(details)).await.expect("records");
            unit.commit().await.expect("commits");
        }
        assert_eq!(house.sealer.seal().await.expect("seals").foreign, 0);
        assert_whole(&house.verify().await);
    }

    async fn nodes_that_seal_together_agree(database) {
        let house = House::open(database);
        let ada = house.ambient.new_id();
        for round in 0..3 {
            for n in 0..20 {
                house.act(ada, &format!("{round} {n}")).await;
            }
            let nodes = (0..4).map(|_| async {
                house.sealer.seal().await.expect("seals");
                house.sealer.checkpoint().await.expect("signs");
            });
            join_all(nodes).await;
        }
        let report = house.verify().await;
        assert_whole(&report);
        assert_eq!((report.entries, report.last), (60, 60));
    }

    // ASVS 16.4.2
    async fn writers_and_sealers_do_not_disturb_each_other(database) {
        let house = House::open(database);
        let writers = (0..8).map(|writer| {
            let house = &house;
            async move {
                for n in 0..10 {
                    house.act(house.ambient.new_id(), &format!("{writer} {n}")).await;
                }
            }
        });
        let sealing = async {
            loop {
                let sealed = house.sealer.seal().await.expect("seals");
                house.sealer.checkpoint().await.expect("signs");
                if sealed.sequence == 80 {
                    break;
                }
            }
        };
        futures::join!(join_all(writers), sealing);
        let report = house.verify().await;
        assert_whole(&report);
        assert_eq!((report.entries, report.waiting), (80, 0));
    }

    // ASVS 16.4.2
    async fn verifying_sees_one_state_whatever_happens_meanwhile(database) {
        let config = Config { retention: Some(Period::from_secs(60)), ..Config::default() };
        let house = House::with(database, config);
        house.history(4).await;
        let verifying = async {
            let mut first = 0;
            // Until a few have gone under its eyes.
            while first < 8 {
                let report = house.verify().await;
                assert_whole(&report);
                first = report.first;
            }
        };
        let working = async {
            loop {
                house.act(house.ambient.new_id(), "more").await;
                house.clock.advance(TimeDelta::seconds(20));
                house.sealer.seal().await.expect("seals");
                house.sealer.checkpoint().await.expect("signs");
                house.sealer.drop_expired().await.expect("drops");
                house.sealer.seal().await.expect("seals");
            }
        };
        futures::future::select(std::pin::pin!(verifying), std::pin::pin!(working)).await;
    }

    // Whoever takes each place back as soon as it is given could take out what waits, and nobody would know.
    async fn a_chain_that_does_not_grow_is_told_of(database) {
        let house = House::open(database);
        house.history(4).await;
        let stop = CancellationToken::new();
        let job = tokio::spawn(house.sealer.clone().run(Vec::new(), stop.clone()));
        house.execute("CREATE TABLE taken_back (n INTEGER)").await;
        for statement in freeze(house.store.backend()) {
            house.execute(statement).await;
        }
        house.act(house.ambient.new_id(), "the deed").await;
        let rounds = async |many: i64| {
            let now = house.number("SELECT COUNT(*) AS n FROM taken_back").await;
            let later = async || (house.number("SELECT COUNT(*) AS n FROM taken_back").await >= now + many).then_some(());
            until("the job to try again", later).await;
        };
        // Each takes back two at most: one round is over, and another.
        rounds(6).await;
        house.clock.advance(TimeDelta::minutes(1));
        rounds(6).await;
        assert!(house.sealer.is_behind(), "it goes on trying, and nothing holds");
        for statement in thaw(house.store.backend()) {
            house.execute(statement).await;
        }
        until("the entry to have its place", async || (!house.sealer.is_behind()).then_some(())).await;
        stop.cancel();
        job.await.expect("ends");
        let report = house.verify().await;
        assert_whole(&report);
        assert_eq!((report.last, report.waiting), (5, 0));
    }

    async fn a_clock_that_was_put_back_is_no_excuse(database) {
        let house = House::open(database);
        house.clock.advance(-TimeDelta::hours(1));
        assert!(house.sealer.is_behind());
    }

    async fn what_does_not_take_its_place_is_not_noted(database) {
        let house = House::open(database);
        house.history(4).await;
        house.act(house.ambient.new_id(), "swallowed").await;
        let ignore = match house.store.backend() {
            DbBackend::Sqlite => "CREATE TRIGGER swallow BEFORE UPDATE OF sequence ON audit_logs BEGIN SELECT RAISE(IGNORE); END",
            _ => "CREATE RULE swallow AS ON UPDATE TO audit_logs DO INSTEAD NOTHING",
        };
        house.execute(ignore).await;
        house.sealer.seal().await.expect_err("nothing took its place");
        assert_eq!(house.sealer.progress().await.expect("reads").sequence, 4);
        assert_whole(&house.verify().await);
    }

    async fn more_than_one_batch_is_sealed_in_order(database) {
        let house = House::open(database);
        let unit = house.store.begin().await.expect("begins");
        for _ in 0..1203 {
            house.ledger.record(&*unit, Entry::of_user(house.ambient.new_id(), DONE, &source())).await.expect("records");
            house.clock.advance(TimeDelta::milliseconds(1));
        }
        unit.commit().await.expect("commits");
        assert_eq!(house.sealer.seal().await.expect("seals").sequence, 1203);
        let report = house.verify().await;
        assert_whole(&report);
        assert_eq!(report.entries, 1203);
        let in_order = "SELECT COUNT(*) AS n FROM audit_logs a JOIN audit_logs b ON b.sequence = a.sequence + 1 WHERE b.id < a.id";
        assert_eq!(house.number(in_order).await, 0);
    }

    async fn checkpoints_come_by_number_and_by_time(database) {
        let config = Config { checkpoint_entries: 5, checkpoint_interval: Period::MINUTE, ..Config::default() };
        let house = House::with(database, config);
        let ada = house.ambient.new_id();
        let newest = async || {
            house.sealer.seal().await.expect("seals");
            house.sealer.checkpoint_when_due().await.expect("signs").map_or(0, |newest| newest.sequence)
        };
        assert_eq!(newest().await, 0, "nothing happened");
        house.act(ada, "first").await;
        assert_eq!(newest().await, 1, "the first at once");
        for _ in 0..4 {
            house.act(ada, "more").await;
        }
        assert_eq!(newest().await, 1, "neither five more nor a minute");
        house.act(ada, "the fifth").await;
        assert_eq!(newest().await, 6);
        house.act(ada, "one").await;
        house.clock.advance(TimeDelta::seconds(61));
        assert_eq!(newest().await, 7, "a minute later");
        house.clock.advance(TimeDelta::hours(1));
        assert_eq!(newest().await, 7, "nothing new");
    }
}
