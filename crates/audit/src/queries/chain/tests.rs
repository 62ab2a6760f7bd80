//! Verifying twice as many entries takes twice as long: whatever is asked of the database, it finds by a key.

use foundation::{RootKey, Uuid};
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use store::RoomMigrations;
use testkit::{TestAmbient, TestDatabase};

use super::comparison;
use crate::{Action, Entry, Ledger, LedgerKeys, Source};

/// How the database would go about a query, a line for each step.
async fn plan(database: &TestDatabase, query: Statement) -> String {
    let (explain, column) = match query.db_backend {
        DbBackend::Sqlite => ("EXPLAIN QUERY PLAN", "detail"),
        _ => ("EXPLAIN", "QUERY PLAN"),
    };
    let explained = Statement { sql: format!("{explain} {}", query.sql), ..query };
    let unit = database.store.begin().await.expect("begins");
    if unit.get_database_backend() == DbBackend::Postgres {
        // The table is empty here, and not worth an index.
        unit.execute_unprepared("SET LOCAL enable_seqscan = off").await.expect("sets");
    }
    let lines = unit.query_all_raw(explained).await.expect("explains");
    let lines = lines.iter().map(|line| line.try_get::<String>("", column).expect("text"));
    lines.collect::<Vec<_>>().join("\n")
}

fn migrations() -> [RoomMigrations; 1] {
    [crate::migrations]
}

testkit::on_both_databases! {
    migrations: migrations();

    async fn entries_are_compared_to_the_letter_by_their_key(database) {
        let ledger = Ledger::new(TestAmbient::default().ambient, LedgerKeys::new(&RootKey::new([3; 32])));
        let source = Source::default();
        let written = || ledger.written(Entry::of_user(Uuid::nil(), Action::new("done"), &source));
        let (one, other) = (written(), written());
        let query = database.store.backend().build(&comparison(&[&one, &other]));
        let plan = plan(&database, query).await;
        let by_key = match database.store.backend() {
            DbBackend::Sqlite => "SEARCH audit_logs USING INDEX sqlite_autoindex_audit_logs_1 (id=?)",
            _ => "audit_logs_pkey",
        };
        assert!(plan.contains(by_key) && !plan.contains("SCAN audit_logs"), "{plan}");
    }
}
