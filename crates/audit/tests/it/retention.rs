//! Old entries can go, and the rest still verifies.

use audit::{Config, Finding, Trust};
use chrono::TimeDelta;
use foundation::config::Period;

use crate::kit::{House, assert_found, assert_whole, keys, migrations, verified};

fn a_month() -> Config {
    Config { retention: Some(Period::from_secs(30 * 24 * 3600)), ..Config::default() }
}

testkit::on_both_databases! {
    migrations: migrations();

    async fn what_is_old_enough_goes_up_to_a_checkpoint(database) {
        let house = House::with(database, a_month());
        house.history(10).await;
        assert_eq!(house.sealer.drop_expired().await.expect("drops"), 0, "nothing is old");
        let told = house.sealer.checkpoint().await.expect("signs").expect("one");
        house.clock.advance(TimeDelta::days(29));
        house.history(6).await;
        house.clock.advance(TimeDelta::days(2));
        assert_eq!(house.sealer.drop_expired().await.expect("drops"), 10);
        assert_eq!(house.sealer.drop_expired().await.expect("drops"), 0, "again");
        house.sealer.seal().await.expect("seals");
        let report = house.verify_with(vec![told]).await;
        assert_whole(&report);
        assert_eq!((report.entries, report.first, report.last), (7, 11, 17));
        house.sealer.checkpoint().await.expect("signs");
        assert_whole(&house.verify_from_outside().await);
        let export = house.export().await;
        for trust in [Trust::Keys(keys()), Trust::Public(keys().public())] {
            let report = verified(&export, trust);
            assert_whole(&report);
            assert_eq!(report.first, 11);
        }
        // And once more, until nothing is left but what says so.
        house.sealer.checkpoint().await.expect("signs");
        house.clock.advance(TimeDelta::days(60));
        house.sealer.checkpoint().await.expect("signs");
        assert_eq!(house.sealer.drop_expired().await.expect("drops"), 7);
        let report = house.verify().await;
        assert_whole(&report);
        assert_eq!((report.entries, report.first, report.last, report.waiting), (0, 18, 17, 1));
        house.sealer.seal().await.expect("seals");
        let report = house.verify().await;
        assert_whole(&report);
        assert_eq!((report.entries, report.first, report.last), (1, 18, 18));
    }

    async fn what_no_checkpoint_separates_stays(database) {
        let house = House::with(database, a_month());
        let ada = house.ambient.new_id();
        house.act(ada, "old").await;
        house.clock.advance(TimeDelta::days(31));
        house.act(ada, "young").await;
        house.sealer.seal().await.expect("seals");
        house.sealer.checkpoint().await.expect("signs");
        assert_eq!(house.sealer.drop_expired().await.expect("drops"), 0);
        assert_whole(&house.verify().await);
    }

    // Whoever may write into the database must not get us to take away what they did.
    async fn what_an_entry_says_of_its_time_is_not_asked(database) {
        let house = House::with(database, a_month());
        house.history(8).await;
        house.execute("UPDATE audit_logs SET created_at = '2001-01-01 00:00:00+00:00'").await;
        house.execute("UPDATE audit_checkpoints SET created_at = '2001-01-01 00:00:00+00:00' WHERE sequence = 8").await;
        assert_eq!(house.sealer.drop_expired().await.expect("drops"), 0);
        house.clock.advance(TimeDelta::days(31));
        assert_eq!(house.sealer.drop_expired().await.expect("drops"), 4, "up to the last one that is signed");
    }

    // What was dropped has a code that is good for ever: it must not come in a second time.
    async fn what_was_dropped_does_not_come_back(database) {
        let house = House::with(database, a_month());
        house.act(house.ambient.new_id(), "old").await;
        house.keep("audit_logs").await;
        house.history(3).await;
        house.clock.advance(TimeDelta::days(31));
        house.history(3).await;
        assert_eq!(house.sealer.drop_expired().await.expect("drops"), 4);
        house.execute("INSERT INTO audit_logs SELECT * FROM kept_audit_logs").await;
        let sealed = house.sealer.seal().await.expect("seals");
        assert_eq!((sealed.sequence, sealed.foreign), (8, 1), "the record of the drop has its place, and nothing else");
    }

    // The battery of a clock was empty, once.
    async fn a_clock_that_was_wrong_drops_nothing_young(database) {
        let house = House::with(database, a_month());
        house.clock.advance(TimeDelta::days(400));
        house.history(4).await;
        house.clock.advance(-TimeDelta::days(400));
        house.history(4).await;
        house.clock.advance(TimeDelta::days(400));
        let since = house.ambient.now() - TimeDelta::minutes(1);
        assert_eq!(house.sealer.drop_expired().await.expect("drops"), 0, "all of it came behind what is young");
        let mut export = Vec::new();
        assert_eq!(house.sealer.export(Some(since), &mut export, |_| ()).await.expect("exports"), 8);
        house.clock.advance(TimeDelta::days(31));
        assert_eq!(house.sealer.drop_expired().await.expect("drops"), 8, "in time");
    }

    async fn nothing_goes_unless_the_operator_says_so(database) {
        let house = House::open(database);
        house.history(4).await;
        house.clock.advance(TimeDelta::days(36_500));
        assert_eq!(house.sealer.drop_expired().await.expect("drops"), 0);
    }

    async fn whoever_drops_by_hand_is_found(database) {
        let house = House::with(database, a_month());
        house.history(10).await;
        house.execute("DELETE FROM audit_logs WHERE sequence <= 4").await;
        assert_found(&house.verify().await, Finding::DroppedWithoutRecord { through: 4 });
        house.execute("DELETE FROM audit_checkpoints WHERE sequence <= 4").await;
        assert_found(&house.verify().await, Finding::Missing { from: 1, to: 4 });
        house.execute("DELETE FROM audit_logs").await;
        let report = house.verify().await;
        assert_found(&report, Finding::DroppedWithoutRecord { through: 8 });
        assert_found(&report, Finding::Missing { from: 9, to: 10 });
        house.execute("DELETE FROM audit_checkpoints").await;
        assert_found(&house.verify().await, Finding::EndMoved { last: 0, end: 10 });
    }
}
