//! Migrations up and down, together and against a newer database.

use store::sea_orm_migration::MigrationTrait;
use store::{Migrations, RoomMigrations, StoreError};

use crate::rooms::{Notes, notes, number};

fn older() -> [RoomMigrations; 1] {
    [|| vec![Box::new(Notes) as Box<dyn MigrationTrait>]]
}

fn none() -> [RoomMigrations; 0] {
    []
}

testkit::on_both_databases! {
    migrations: none();

    async fn go_up_and_down_and_up_again(database) {
        let (store, migrations) = (&database.store, Migrations::of(notes()));
        let applied = async || {
            let status = migrations.status(store).await.expect("status");
            status.into_iter().map(|migration| migration.applied).collect::<Vec<_>>()
        };
        assert_eq!(applied().await, [false, false]);

        let names = migrations.up(store).await.expect("up");
        assert_eq!(names, ["m20260101_000001_notes", "m20260102_000001_notes_marks"]);
        assert!(migrations.up(store).await.expect("nothing to do").is_empty());

        assert_eq!(migrations.down(store, 1).await.expect("down"), ["m20260102_000001_notes_marks"]);
        assert_eq!(applied().await, [true, false]);
        assert_eq!(migrations.down(store, 9).await.expect("down"), ["m20260101_000001_notes"]);
        assert_eq!(applied().await, [false, false]);
        number(store.reader(), "SELECT COUNT(*) AS n FROM notes").await.expect_err("the table is gone");

        migrations.up(store).await.expect("up again");
        assert_eq!(applied().await, [true, true]);
    }

    async fn a_newer_database_is_refused_and_left_alone(database) {
        let store = &database.store;
        Migrations::of(notes()).up(store).await.expect("the newer version was here");
        let older = Migrations::of(older());
        for refused in [older.up(store).await.map(drop), older.down(store, 1).await.map(drop), older.status(store).await.map(drop)] {
            let error = refused.expect_err("refused");
            assert!(matches!(&error, StoreError::NewerSchema { unknown } if unknown == &["m20260102_000001_notes_marks"]));
            assert!(error.to_string().contains("newer version of Mainstay"), "{error}");
        }
        number(store.reader(), "SELECT COUNT(mark) AS n FROM notes").await.expect("nothing was lost");
    }

    async fn two_nodes_that_start_together_migrate_once(database) {
        let migrations = Migrations::of(notes());
        let (one, two) = tokio::join!(migrations.up(&database.store), migrations.up(&database.store));
        let total = one.expect("one node").len() + two.expect("the other").len();
        assert_eq!(total, 2);
    }
}
