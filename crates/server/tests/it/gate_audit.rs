//! What the gate decides comes into the audit log: all of it, once, whatever was away meanwhile.

use std::time::Duration;

use edge::rollout::{Draft, Slot};
use edge::{Control, Deed};
use foundation::Ambient;
use foundation::config::Period;
use server::DataFolder;
use testkit::TestDatabase;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::house::{House, execute, number, rooms, texts};
use crate::street::Street;

/// Longer than a record waits at the most.
const A_WHILE: Duration = Duration::from_secs(4);

/// The work in the background of a server that is up.
struct Up {
    jobs: TaskTracker,
    stop: CancellationToken,
}

impl Up {
    fn start(house: &House) -> Self {
        let (jobs, stop) = (TaskTracker::new(), CancellationToken::new());
        house.app.start_jobs(&jobs, &stop);
        Self { jobs, stop }
    }

    async fn stop(self) {
        self.stop.cancel();
        self.jobs.close();
        self.jobs.wait().await;
    }
}

/// Pairs of a number and an action, in the order in which they came.
async fn entries(database: &TestDatabase) -> Vec<String> {
    let details: Vec<_> = texts(
        database,
        "SELECT action || ' ' || CAST(details AS TEXT) FROM audit_logs WHERE (action LIKE 'gate_%' OR action LIKE 'rollout_%') AND user_id IS NULL ORDER BY id",
    )
    .await;
    let pair = |text: &String| {
        let (action, details) = text.split_once(' ').expect("both");
        let details: serde_json::Value = serde_json::from_str(details).expect("JSON");
        format!(
            "{} {action}",
            details["record"].as_u64().map_or_else(|| details["reason"].to_string(), |n| n.to_string())
        )
    };
    details.iter().map(pair).collect()
}

async fn until_there(database: &TestDatabase, expected: &[&str]) {
    let found = async || (entries(database).await.len() >= expected.len()).then_some(());
    testkit::until("the entries", found).await;
    assert_eq!(entries(database).await, expected);
}

async fn open(control: &Control) {
    let deed = Deed::Open { service: "app".to_owned() };
    testkit::until("the gate", async || control.give(deed.clone(), Some("ada".to_owned())).await.ok()).await;
}

fn control(house: &House) -> Control {
    Control::of(&DataFolder::edge(house.data.path()))
}

testkit::on_both_databases! {
    migrations: rooms();

    // ASVS 16.2.1 - what is decided without anybody's hand, too
    async fn each_record_comes_once_whoever_was_away(database) {
        let house = House::at(Ambient::system(), database, |_| ()).await;
        let up = Up::start(&house);
        let street = Street::open(house.data.path()).await;
        let control = control(&house);
        open(&control).await;
        until_there(&house.database, &["1 gate_open"]).await;
        // The server is away, and the gate goes on.
        up.stop().await;
        open(&control).await;
        open(&control).await;
        let up = Up::start(&house);
        until_there(&house.database, &["1 gate_open", "2 gate_open", "3 gate_open"]).await;
        // The gate is away.
        street.close().await;
        tokio::time::sleep(A_WHILE).await;
        let street = Street::open(house.data.path()).await;
        open(&control).await;
        until_there(&house.database, &["1 gate_open", "2 gate_open", "3 gate_open", "4 gate_open"]).await;
        // The database takes no entries: neither they nor that they are there is noted.
        execute(&house.database, "ALTER TABLE audit_logs RENAME TO away").await;
        open(&control).await;
        tokio::time::sleep(A_WHILE).await;
        assert_eq!(number(&house.database, "SELECT number AS n FROM gate_followers").await, 4);
        execute(&house.database, "ALTER TABLE away RENAME TO audit_logs").await;
        until_there(&house.database, &["1 gate_open", "2 gate_open", "3 gate_open", "4 gate_open", "5 gate_open"]).await;
        up.stop().await;
        street.close().await;
    }

    async fn decisions_come_with_their_evidence(database) {
        let house = House::at(Ambient::system(), database, |_| ()).await;
        let up = Up::start(&house);
        let street = Street::open(house.data.path()).await;
        let plan = Draft { check: Period::SECOND, ..Draft::default() };
        let deed = Deed::Start { service: "app".to_owned(), to: Slot::Green, plan };
        testkit::until("the gate", async || control(&house).give(deed.clone(), Some("ada".to_owned())).await.ok()).await;
        until_there(&house.database, &["1 rollout_begin", "2 rollout_share"]).await;
        let share = texts(&house.database, "SELECT CAST(details AS TEXT) FROM audit_logs WHERE action = 'rollout_share'").await;
        let share: serde_json::Value = serde_json::from_str(&share[0]).expect("JSON");
        assert_eq!((&share["from"], &share["to"], &share["reason"]), (&"0 %".into(), &"10 %".into(), &"rollout_healthy".into()));
        assert_eq!((&share["service"], &share["candidate"]), (&"app".into(), &"green".into()));
        assert_eq!(share["evidence"][0]["rules"][0]["rule"], "errors", "{share}");
        assert!(share["said"].as_str().is_some_and(|said| said.starts_with("green gets 10 %")), "{share}");
        up.stop().await;
        street.close().await;
    }

    async fn a_gate_that_has_lost_its_memory_is_noticed(database) {
        let house = House::at(Ambient::system(), database, |_| ()).await;
        let up = Up::start(&house);
        let street = Street::open(house.data.path()).await;
        let control = control(&house);
        for _ in 0..3 {
            open(&control).await;
        }
        until_there(&house.database, &["1 gate_open", "2 gate_open", "3 gate_open"]).await;
        street.close().await;
        std::fs::remove_dir_all(DataFolder::edge(house.data.path())).expect("removed");
        let street = Street::open(house.data.path()).await;
        open(&control).await;
        let lost = ["1 gate_open", "2 gate_open", "3 gate_open", "\"gate_begun_anew\" gate_history_break", "1 gate_open"];
        until_there(&house.database, &lost).await;
        // It goes on from there, also past the numbers that there were before.
        for _ in 0..3 {
            open(&control).await;
        }
        let all = [&lost[..], &["2 gate_open", "3 gate_open", "4 gate_open"]].concat();
        until_there(&house.database, &all).await;
        up.stop().await;
        street.close().await;
    }

    async fn a_server_without_a_gate_leaves_nothing_behind(database) {
        let house = House::at(Ambient::system(), database, |_| ()).await;
        let up = Up::start(&house);
        tokio::time::sleep(Duration::from_millis(300)).await;
        up.stop().await;
        let files: Vec<_> = std::fs::read_dir(house.data.path()).expect("a folder").map(|file| file.expect("a file").file_name()).collect();
        assert!(files.iter().all(|name| name != "gate-follower.id" && name != "edge"), "{files:?}");
        assert_eq!(number(&house.database, "SELECT COUNT(*) AS n FROM gate_followers").await, 0);
    }
}
