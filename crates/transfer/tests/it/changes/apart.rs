//! Two files that are moved into one database have nothing to do with each other.

use std::rc::Rc;

use testkit::TestDatabase;
use transfer::{Way, bring_back, drain};

use super::{Moved, assert_gone, execute};

const TABLE: &str = "CREATE TABLE t (id INTEGER PRIMARY KEY, v INT); INSERT INTO t VALUES (1, 1);";

async fn two() -> [Moved; 2] {
    let database = Rc::new(TestDatabase::postgres(&store::Migrations::of([])).await);
    // The second has more tables, so that numbers cannot be all that keeps them apart.
    let more = format!("{TABLE} CREATE TABLE more (id INTEGER PRIMARY KEY);");
    [
        Moved::into(Rc::clone(&database), "One's, too", TABLE).await,
        Moved::into(database, "other", &more).await,
    ]
}

async fn nothing_is_shared(way: Way) {
    let [mut one, mut other] = two().await;
    let (first, second) = (one.source(way).await, other.source(way).await);
    let mut session = one.session().await;
    execute(&mut session, "INSERT INTO \"One's, too\".t VALUES (2, 2); INSERT INTO other.t VALUES (3, 3)")
        .await;

    let taken = drain(&first, &mut session, &one.applier(), None).await.expect("drains");
    assert_eq!(taken.keys, 1, "{way:?}: what it has forgotten the other has not");
    one.assert_equal().await;
    assert_eq!(other.says("SELECT max(id) AS said FROM t"), "1");
    let taken = drain(&second, &mut session, &other.applier(), None).await.expect("drains");
    assert_eq!(taken.keys, 1, "{way:?}");
    other.assert_equal().await;

    execute(&mut session, "UPDATE other.t SET v = 9; TRUNCATE other.more").await;
    first.remove(&mut session).await.expect("goes");
    execute(&mut session, "INSERT INTO other.t VALUES (4, 4); INSERT INTO other.more VALUES (5)").await;
    drain(&second, &mut session, &other.applier(), None).await.expect("nothing of it has gone");
    other.assert_equal().await;
    second.remove(&mut session).await.expect("goes");
    assert_gone(&mut session).await;
}

#[tokio::test]
async fn slots_of_two_schemas_are_two() {
    nothing_is_shared(Way::Slot).await;
}

#[tokio::test]
async fn triggers_of_two_schemas_note_what_they_see_apart() {
    nothing_is_shared(Way::Triggers).await;
}

/// One may be told by its slot, and the other by triggers.
#[tokio::test]
async fn two_schemas_may_be_followed_in_two_ways() {
    let [mut one, mut other] = two().await;
    let (first, second) = (one.source(Way::Slot).await, other.source(Way::Triggers).await);
    let mut session = one.session().await;
    execute(&mut session, "DELETE FROM \"One's, too\".t; DELETE FROM other.t").await;
    second.remove(&mut session).await.expect("goes");
    first.flush(&mut session).await.expect("flushes");
    assert_eq!(bring_back(&first, &mut session, &one.applier(), None).await.expect("reads").keys, 1);
    one.assert_equal().await;
    first.remove(&mut session).await.expect("goes");
    assert_gone(&mut session).await;
}
