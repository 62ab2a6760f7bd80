//! Whoever is killed on the way takes again what was not forgotten yet.

use transfer::{Way, bring_back};

use super::{Moved, SHOP, execute};

#[tokio::test]
async fn whoever_is_killed_takes_it_again() {
    for way in [Way::Slot, Way::Triggers] {
        let mut moved = Moved::from(SHOP).await;
        let source = moved.source(way).await;
        let sql = "UPDATE people SET id = id + 10; DELETE FROM notes; INSERT INTO lines (rowid, said) VALUES (9, 'new'); TRUNCATE days";
        execute(&mut moved.target, sql).await;
        let mut session = moved.session().await;
        source.flush(&mut session).await.expect("flushes");
        let (mut snapshot, changes) = source.read(&mut session, None).await.expect("reads");
        let first = moved.applier().apply(&mut snapshot, &changes).await.expect("applies");
        // Killed: nobody has told PostgreSQL.
        drop((snapshot, changes));
        drop(session);
        moved.assert_equal().await;
        let mut session = moved.session().await;
        // Installing it once more forgets nothing.
        let source = moved.source(way).await;
        let again = bring_back(&source, &mut session, &moved.applier(), None).await.expect("applies");
        assert_eq!((again.keys, again.written), (first.keys, first.written), "{way:?}");
        moved.assert_equal().await;
        let empty = bring_back(&source, &mut session, &moved.applier(), None).await.expect("reads");
        assert!(empty.is_drained, "{way:?}: {empty:?}");
        source.remove(&mut moved.target).await.expect("goes");
    }
}
