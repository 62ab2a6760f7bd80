//! Trying again: only what certainly did not happen, and only so often.

use std::sync::atomic::{AtomicU32, Ordering};

use foundation::Ambient;
use sqlx::Connection as _;
use store::sea_orm::{ConnectionTrait as _, DbErr, RuntimeErr};
use store::{Retry, StoreError};
use testkit::TestDatabase;

use crate::rooms::{insert, notes, number};

fn lost() -> StoreError {
    let broken = sqlx::Error::Io(std::io::ErrorKind::ConnectionReset.into());
    DbErr::Exec(RuntimeErr::SqlxError(broken.into())).into()
}

#[tokio::test(start_paused = true)]
async fn gives_up_after_so_many_attempts() {
    let tried = AtomicU32::new(0);
    let retry = Retry::new(Ambient::system());
    let outcome: Result<(), StoreError> = retry
        .run(|| async {
            tried.fetch_add(1, Ordering::Relaxed);
            Err(lost())
        })
        .await;
    assert!(matches!(outcome, Err(StoreError::ConnectionLost(_))));
    assert_eq!(tried.load(Ordering::Relaxed), 12);
}

#[tokio::test(start_paused = true)]
async fn what_may_have_happened_is_not_tried_again() {
    let tried = AtomicU32::new(0);
    let outcome: Result<(), StoreError> = Retry::new(Ambient::system())
        .run(|| async {
            tried.fetch_add(1, Ordering::Relaxed);
            Err(StoreError::CommitUnknown(DbErr::Custom("connection reset".into())))
        })
        .await;
    assert!(outcome.is_err());
    assert_eq!(tried.load(Ordering::Relaxed), 1);
}

// A real lost connection: an administrator ends every session of this database in the middle of a unit.
// ASVS 16.5.2
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_unit_whose_connection_was_cut_is_done_in_the_end() {
    let database = TestDatabase::postgres(&store::Migrations::of(notes())).await;
    let store = &database.store;
    let attempts = AtomicU32::new(0);
    let url = database.url.as_str();
    let attempts = &attempts;
    Retry::new(Ambient::system())
        .run(|| async move {
            let unit = store.begin().await?;
            insert(&*unit, 1, "survives").await?;
            if attempts.fetch_add(1, Ordering::Relaxed) == 0 {
                cut_all_connections(url).await;
            }
            unit.execute_unprepared("SELECT 1").await?;
            unit.commit().await
        })
        .await
        .expect("the second attempt succeeds");
    assert_eq!(attempts.load(Ordering::Relaxed), 2);
    assert_eq!(number(store.reader(), "SELECT COUNT(*) AS n FROM notes").await.expect("reads"), 1);
}

async fn cut_all_connections(url: &str) {
    let mut admin = sqlx::PgConnection::connect(url).await.expect("connects");
    let others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                  WHERE datname = current_database() AND pid <> pg_backend_pid()";
    sqlx::query(others).execute(&mut admin).await.expect("allowed");
}
