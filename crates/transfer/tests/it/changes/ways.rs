//! Which ways there are to know of changes.

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use transfer::changes::Lag;
use transfer::{ChangeSource, Way, WhyNot, available, drain};

use super::{Moved, assert_gone, execute};

#[tokio::test]
async fn without_rights_there_are_triggers() {
    let mut moved =
        Moved::from("CREATE TABLE t (id INTEGER PRIMARY KEY, v INT); INSERT INTO t VALUES (1, 1);").await;
    let all = available(&mut moved.target, &moved.definition.tables).await.expect("says");
    assert_eq!((all.slot.clone(), all.best()), (Ok(()), Some(Way::Slot)), "{all:?}");
    let name: String =
        sqlx::query_scalar("SELECT current_database()").fetch_one(&mut moved.target).await.expect("a name");
    let (owner, writer) = (format!("{name}_owner"), format!("{name}_writer"));
    execute(&mut moved.target, &format!("CREATE ROLE {owner} LOGIN; CREATE ROLE {writer} LOGIN")).await;
    let options: PgConnectOptions = moved.database.url.parse().expect("an address");
    let mut session = PgConnection::connect_with(&options.clone().username(&owner)).await.expect("connects");
    let tables = moved.definition.tables.clone();
    let none = available(&mut session, &tables).await.expect("says");
    assert_eq!((none.best(), none.triggers), (None, Err(WhyNot::NoCreate(owner.clone()))));
    execute(&mut moved.target, &format!("GRANT CREATE ON DATABASE {name} TO {owner}")).await;
    let none = available(&mut session, &tables).await.expect("says");
    let table = "\"public\".\"t\"".to_owned();
    assert_eq!(none.triggers, Err(WhyNot::NotOwner { table, role: owner.clone() }));
    execute(&mut moved.target, &format!("ALTER TABLE t OWNER TO {owner}; GRANT INSERT ON t TO {writer}"))
        .await;
    let some = available(&mut session, &tables).await.expect("says");
    assert_eq!(
        (some.slot.clone(), some.best()),
        (Err(WhyNot::NoReplication(owner.clone())), Some(Way::Triggers))
    );

    let source = ChangeSource::of(Way::Triggers, "public", &tables, &mut session).await.expect("keys");
    source.install(&mut session).await.expect("installs");
    let mut other = PgConnection::connect_with(&options.username(&writer)).await.expect("connects");
    execute(&mut other, "INSERT INTO t VALUES (2, 2)").await;
    let sql = "SELECT 'SELECT count(*) FROM mainstay_transfer.' || tablename FROM pg_tables WHERE schemaname = 'mainstay_transfer'";
    let count: String = sqlx::query_scalar(sql).fetch_one(&mut session).await.expect("one journal");
    execute(&mut session, &count).await;
    let refused = sqlx::raw_sql(AssertSqlSafe(count)).execute(&mut other).await;
    assert!(refused.is_err(), "the journal is nobody else's");
    // A writer that pretends to be a replica is seen, too.
    execute(&mut moved.target, "SET session_replication_role = replica; INSERT INTO t VALUES (3, 3)").await;
    assert_eq!(source.lag(&mut session).await.expect("says"), Lag::Entries(2));
    drain(&source, &mut session, &moved.applier(), None).await.expect("drains");
    moved.assert_equal().await;
    source.remove(&mut session).await.expect("goes");
    assert_gone(&mut moved.target).await;
}

/// A table that is published, and whose rows nothing identifies, PostgreSQL lets nobody change.
#[tokio::test]
async fn without_an_identity_there_are_triggers() {
    let sql = "CREATE TABLE fine (id INTEGER PRIMARY KEY, v INT); CREATE TABLE t (a TEXT NOT NULL, b INT NOT NULL, v INT, PRIMARY KEY (b, a)); \
               INSERT INTO t VALUES ('x', 1, 1);";
    for altered in [
        "ALTER TABLE t DROP CONSTRAINT t_pkey",
        "ALTER TABLE t REPLICA IDENTITY NOTHING",
        "ALTER TABLE t REPLICA IDENTITY FULL",
        "ALTER TABLE t DROP CONSTRAINT t_pkey, ADD PRIMARY KEY (b)",
        "ALTER TABLE t DROP CONSTRAINT t_pkey, ADD PRIMARY KEY (a, b) DEFERRABLE",
    ] {
        let mut moved = Moved::from(sql).await;
        let tables = moved.definition.tables.clone();
        assert_eq!(available(&mut moved.target, &tables).await.expect("says").best(), Some(Way::Slot));
        execute(&mut moved.target, altered).await;
        let said = available(&mut moved.target, &tables).await.expect("says");
        assert_eq!(said.slot, Err(WhyNot::NoIdentity("\"public\".\"t\"".to_owned())), "{altered}");
        assert_eq!(said.best(), Some(Way::Triggers), "{altered}");
        let source = moved.source(Way::Triggers).await;
        execute(&mut moved.target, "UPDATE t SET v = 2").await;
        let mut session = moved.session().await;
        drain(&source, &mut session, &moved.applier(), None).await.expect("drains");
        moved.assert_equal().await;
    }
}

#[tokio::test]
async fn an_index_of_the_same_columns_identifies_as_well() {
    let mut moved =
        Moved::from("CREATE TABLE t (id INTEGER PRIMARY KEY, v INT); INSERT INTO t VALUES (1, 1);").await;
    let altered =
        "CREATE UNIQUE INDEX same ON t (id) INCLUDE (v); ALTER TABLE t REPLICA IDENTITY USING INDEX same";
    execute(&mut moved.target, altered).await;
    let said = available(&mut moved.target, &moved.definition.tables).await.expect("says");
    assert_eq!(said.slot, Ok(()));
}
