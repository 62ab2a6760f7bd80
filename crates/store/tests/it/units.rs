//! Units of work: all or nothing, one after the other, many at once.

use foundation::Ambient;
use futures::future::join_all;
use store::{Config, Location, Retry, Store, StoreError};

use crate::rooms::{count, count_up, insert, notes, number};

testkit::on_both_databases! {
    migrations: notes();

    // ASVS 16.5.3
    async fn what_is_not_committed_did_not_happen(database) {
        let unit = database.store.begin().await.expect("begins");
        insert(&*unit, 1, "kept?").await.expect("inserts");
        drop(unit);
        let rows = number(database.store.reader(), "SELECT COUNT(*) AS n FROM notes").await.expect("reads");
        assert_eq!(rows, 0);
    }

    async fn readers_see_a_unit_only_after_its_commit(database) {
        let unit = database.store.begin().await.expect("begins");
        insert(&*unit, 1, "hello").await.expect("inserts");
        let rows = || number(database.store.reader(), "SELECT COUNT(*) AS n FROM notes");
        assert_eq!(rows().await.expect("reads while another writes"), 0);
        unit.commit().await.expect("commits");
        assert_eq!(rows().await.expect("reads"), 1);
    }

    async fn a_snapshot_stays_what_it_was(database) {
        let rows = "SELECT COUNT(*) AS n FROM notes";
        let snapshot = database.store.snapshot().await.expect("begins");
        assert_eq!(number(&*snapshot, rows).await.expect("reads"), 0);
        insert_committed(&database.store).await;
        assert_eq!(number(&*snapshot, rows).await.expect("reads"), 0);
        insert(&*snapshot, 2, "not by a reader").await.expect_err("reads only");
        drop(snapshot);
        assert_eq!(number(database.store.reader(), rows).await.expect("reads"), 1);
    }

    async fn a_duplicate_key_is_told_apart_from_other_errors(database) {
        let unit = database.store.begin().await.expect("begins");
        insert(&*unit, 1, "same").await.expect("inserts");
        let error = StoreError::from(insert(&*unit, 2, "same").await.expect_err("duplicate"));
        assert!(matches!(error, StoreError::Duplicate(_)), "{error:?}");
        assert!(!error.is_safe_to_retry());
    }

    // The classic lost update: every one of them reads, adds one and writes back, all at the same time.
    // ASVS 15.4.1
    async fn units_behave_as_if_each_ran_alone(database) {
        const UNITS: i64 = 100;
        let store = &database.store;
        insert_committed(store).await;
        let retry = Retry::new(Ambient::system()).attempts(50);
        let units = (0..UNITS).map(|_| retry.run(|| async {
            let unit = store.begin().await?;
            count_up(&*unit, 1).await?;
            unit.commit().await
        }));
        for outcome in join_all(units).await {
            outcome.expect("every unit is done in the end");
        }
        assert_eq!(count(store.reader(), 1).await.expect("reads"), UNITS);
    }

    // SQLite's "database is locked" is what people meet first when an application grows.
    async fn nobody_is_turned_away_under_load(database) {
        let store = &database.store;
        let retry = Retry::new(Ambient::system()).attempts(50);
        let work = (0..200_i64).map(|n| {
            let retry = &retry;
            async move {
                retry.run(|| async {
                    let unit = store.begin().await?;
                    insert(&*unit, n, &format!("note {n}")).await?;
                    unit.commit().await
                }).await?;
                number(store.reader(), "SELECT COUNT(*) AS n FROM notes").await?;
                Ok::<_, StoreError>(())
            }
        });
        for outcome in join_all(work).await {
            outcome.expect("no error under load");
        }
        assert_eq!(number(store.reader(), "SELECT COUNT(*) AS n FROM notes").await.expect("reads"), 200);
    }
}

async fn insert_committed(store: &Store) {
    let unit = store.begin().await.expect("begins");
    insert(&*unit, 1, "counter").await.expect("inserts");
    unit.commit().await.expect("commits");
}

#[tokio::test]
async fn sqlite_is_opened_for_many_readers_and_durable_commits() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let location = Location::in_folder(&folder.path().join("new"));
    let store = Store::build(&location, &Config::default(), true).await.expect("opens");
    let unit = store.begin().await.expect("begins");
    assert_eq!(number(&*unit, "SELECT foreign_keys AS n FROM pragma_foreign_keys").await.expect("pragma"), 1);
    assert_eq!(number(&*unit, "SELECT synchronous AS n FROM pragma_synchronous").await.expect("pragma"), 2);
    let wal = number(&*unit, "SELECT journal_mode = 'wal' AS n FROM pragma_journal_mode").await;
    assert_eq!(wal.expect("pragma"), 1);
    drop(unit);
    let refused = insert(store.reader(), 1, "x").await.expect_err("readers cannot write").to_string();
    assert!(refused.contains("no such table") || refused.contains("readonly"), "{refused}");
}

#[tokio::test]
async fn an_unusable_folder_and_an_absent_server_are_explained() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let location = Location::in_folder(&file.path().join("data"));
    let error = Store::build(&location, &Config::default(), false).await.expect_err("a file is no folder");
    assert!(error.to_string().contains("choose another with --data"), "{error}");

    let location = Location::parse(&"postgres://ada:hunter2@127.0.0.1:1/app".into()).expect("a URL");
    let error = Store::build(&location, &Config::default(), false).await.expect_err("nobody listens");
    let text = error.to_string();
    assert!(text.contains("PostgreSQL at 127.0.0.1:1/app cannot be reached"), "{text}");
    assert!(!text.contains("hunter2"), "{text}");
}
