//! A ledger in a time that tests move.

use audit::{
    Action, Checkpoint, Config, Entry, Finding, Ledger, LedgerKeys, Report, Sealer, Source, Trust,
    verify_export,
};
use chrono::TimeDelta;
use foundation::{Ambient, RootKey, Uuid};
use serde_json::json;
use store::sea_orm::{ConnectionTrait as _, FromQueryResult, Statement};
use store::{RoomMigrations, Store};
use testkit::{FakeClock, TestAmbient, TestDatabase};

pub(crate) const DONE: Action = Action::new("done");

pub(crate) fn migrations() -> [RoomMigrations; 1] {
    [audit::migrations]
}

pub(crate) struct House {
    pub(crate) ledger: Ledger,
    pub(crate) sealer: Sealer,
    pub(crate) store: Store,
    pub(crate) ambient: Ambient,
    pub(crate) clock: FakeClock,
    _database: TestDatabase,
}

pub(crate) fn keys() -> LedgerKeys {
    LedgerKeys::new(&RootKey::new([3; 32]))
}

impl House {
    pub(crate) fn open(database: TestDatabase) -> Self {
        Self::with(database, Config::default())
    }

    pub(crate) fn with(database: TestDatabase, config: Config) -> Self {
        let TestAmbient { ambient, clock } = TestAmbient::default();
        let ledger = Ledger::new(ambient.clone(), keys());
        let store = database.store.clone();
        let sealer = Sealer::new(ledger.clone(), store.clone(), config);
        Self { ledger, sealer, store, ambient, clock, _database: database }
    }

    /// Somebody does something, in a unit of its own.
    pub(crate) async fn act(&self, person: Uuid, what: &str) {
        let unit = self.store.begin().await.expect("begins");
        let source = source();
        let entry = Entry::of_user(person, DONE, &source)
            .with(json!({ "what": what, "more": [1, { "b": null, "a": true }] }));
        self.ledger.record(&*unit, entry).await.expect("records");
        unit.commit().await.expect("commits");
        self.clock.advance(TimeDelta::milliseconds(5));
    }

    /// A number of people act in turn; all is sealed, and held by checkpoints.
    pub(crate) async fn history(&self, entries: usize) -> Uuid {
        let ada = self.ambient.new_id();
        for n in 0..entries {
            self.act(ada, &format!("thing {n}")).await;
            if n % 4 == 3 {
                self.sealer.seal().await.expect("seals");
                self.sealer.checkpoint().await.expect("signs");
            }
        }
        self.sealer.seal().await.expect("seals");
        self.sealer.checkpoint().await.expect("signs");
        ada
    }

    pub(crate) async fn verify(&self) -> Report {
        self.verify_with(Vec::new()).await
    }

    pub(crate) async fn verify_with(&self, witnessed: Vec<Checkpoint>) -> Report {
        audit::verify_database(&self.store, Trust::Keys(keys()), witnessed, |_| ()).await.expect("verifies")
    }

    /// As somebody who has the public key alone.
    pub(crate) async fn verify_from_outside(&self) -> Report {
        audit::verify_database(&self.store, Trust::Public(keys().public()), Vec::new(), |_| ())
            .await
            .expect("verifies")
    }

    pub(crate) async fn export(&self) -> Vec<u8> {
        let mut export = Vec::new();
        self.sealer.export(None, &mut export, |_| ()).await.expect("exports");
        export
    }

    /// Changes the database behind the program's back.
    pub(crate) async fn execute(&self, sql: &str) {
        let unit = self.store.begin().await.expect("begins");
        unit.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        unit.commit().await.expect("commits");
    }

    /// Keeps what a table holds, as somebody does who wants to put it back.
    pub(crate) async fn keep(&self, table: &str) {
        self.execute(&format!("DROP TABLE IF EXISTS kept_{table}")).await;
        self.execute(&format!("CREATE TABLE kept_{table} AS SELECT * FROM {table}")).await;
    }

    /// Puts back what was kept.
    pub(crate) async fn restore(&self, table: &str) {
        self.execute(&format!("DELETE FROM {table}")).await;
        self.execute(&format!("INSERT INTO {table} SELECT * FROM kept_{table}")).await;
    }

    pub(crate) async fn number(&self, sql: &str) -> i64 {
        #[derive(FromQueryResult)]
        struct Row {
            n: i64,
        }
        let statement = Statement::from_string(self.store.backend(), sql);
        let row = Row::find_by_statement(statement).one(self.store.reader()).await.expect("reads");
        row.expect("a row").n
    }
}

pub(crate) fn source() -> Source {
    Source { ip_address: Some([192, 0, 2, 7].into()), user_agent: Some("Firefox".to_owned()) }
}

pub(crate) fn verified(export: &[u8], trust: Trust) -> Report {
    verify_export(&mut &*export, trust, Vec::new(), |_| ()).expect("an export")
}

#[track_caller]
pub(crate) fn assert_whole(report: &Report) {
    assert!(report.is_whole(), "{report:?}");
}

#[track_caller]
pub(crate) fn assert_found(report: &Report, expected: Finding) {
    assert!(report.findings.contains(&expected), "{expected:?} in {report:?}");
}
