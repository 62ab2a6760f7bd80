//! SQLite keeps anything in any column, and lets go of what a table insists on.

use audit::{Finding, Trust};

use crate::kit::{House, assert_found, assert_whole, keys, migrations};

#[tokio::test]
async fn every_cell_is_read_to_the_letter() {
    let house = House::open(testkit::TestDatabase::sqlite(&store::Migrations::of(migrations())).await);
    house.history(10).await;
    let id = house.id_at(6).await;
    for change in [
        "created_at = '+' || created_at",
        "created_at = created_at || ' '",
        "created_at = replace(created_at, '+00:00', '000+00:00')",
        "created_at = replace(created_at, '+00:00', 'Z')",
        "created_at = CAST(created_at AS BLOB)",
        "details = replace(details, '{\"more', '{\"what\":\"a lie\",\"more')",
        "details = details || ' '",
        "details = '{\"what\":\"thing 5\",\"more\":[1,{\"a\":true,\"b\":null}]}'",
        "created_at = replace(created_at, '+00:00', '000001+00:00')",
        "details = 'no JSON'",
        "status = 'success '",
        "status = 'Success'",
        "action = CAST(action AS BLOB)",
        "action = action || char(0)",
        "user_id = lower(hex(user_id))",
        "mac = 1.5",
        "ip_address = 7",
    ] {
        house.keep("audit_logs").await;
        house.execute(&format!("UPDATE audit_logs SET {change} WHERE sequence = 6")).await;
        let report = house.verify().await;
        let [found] = report.findings.as_slice() else { panic!("{change}: {report:?}") };
        let changed = Finding::Changed { sequence: 6, id };
        let illegible = Finding::Illegible { sequence: Some(6), id: Some(id) };
        assert!([changed, illegible].contains(found), "{change}: {report:?}");
        house.restore("audit_logs").await;
    }
    assert_whole(&house.verify().await);
    house.execute("UPDATE audit_logs SET sequence = 'abc' WHERE sequence = 6").await;
    let report = house.verify().await;
    assert_found(&report, Finding::Missing { from: 6, to: 6 });
    assert_found(&report, Finding::Illegible { sequence: None, id: Some(id) });
}

// SQLite lets go of a table and makes it anew without what it insisted on.
#[tokio::test]
async fn an_entry_that_stands_twice_is_found() {
    let house = House::open(testkit::TestDatabase::sqlite(&store::Migrations::of(migrations())).await);
    house.history(4).await;
    let export = String::from_utf8(house.export().await).expect("text");
    house.act(house.ambient.new_id(), "once").await;
    house.execute("CREATE TABLE loose AS SELECT * FROM audit_logs").await;
    house.execute("DROP TABLE audit_logs").await;
    house.execute("ALTER TABLE loose RENAME TO audit_logs").await;
    house.keep("audit_logs").await;
    house.sealer.seal().await.expect("seals");
    let id = house.id_at(5).await;
    house.execute("CREATE TRIGGER keep_off BEFORE UPDATE ON audit_logs WHEN OLD.sequence IS NOT NULL BEGIN SELECT RAISE(IGNORE); END").await;
    house.execute("INSERT INTO audit_logs SELECT * FROM kept_audit_logs WHERE sequence IS NULL").await;
    house.sealer.seal().await.expect("seals");
    assert!(!export.contains(&id.to_string()));
    assert_found(&house.verify().await, Finding::Doubled { sequence: 6, id });
    assert_found(
        &crate::kit::verified(&house.export().await, Trust::Public(keys().public())),
        Finding::Doubled { sequence: 6, id },
    );
}

#[tokio::test]
async fn places_and_ids_that_are_none_stop_nothing() {
    let house = House::open(testkit::TestDatabase::sqlite(&store::Migrations::of(migrations())).await);
    house.history(8).await;
    house.keep("audit_logs").await;
    house.execute("UPDATE audit_logs SET sequence = 1.5 WHERE sequence = 1").await;
    let report = house.verify().await;
    assert_found(&report, Finding::Missing { from: 1, to: 1 });
    assert!(house.export().await.len() > 1000, "the rest is exported");
    house.restore("audit_logs").await;
    // Many that come before all others in a list.
    let copies = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60) INSERT INTO audit_logs (id, created_at, action, resource, status, origin_hash, details_hash, mac) SELECT x'ffffffffffffffffffffffffffffffffffff' || i, created_at, action, resource, status, origin_hash, details_hash, mac FROM n, audit_logs WHERE sequence = 1";
    house.execute(copies).await;
    let page = audit::Page { before: None, limit: 5 };
    let listing = audit::find(house.store.reader(), &audit::Filter::default(), page).await.expect("reads");
    assert_eq!(listing.records.len(), 5);
    // A table of checkpoints whose places need not be whole.
    house.execute("CREATE TABLE loose (sequence NUMERIC, created_at, mac, link, signature)").await;
    house.execute("INSERT INTO loose SELECT sequence + 0.5, created_at, mac, link, signature FROM audit_checkpoints").await;
    house.execute("INSERT INTO loose SELECT * FROM audit_checkpoints").await;
    house.execute("DROP TABLE audit_checkpoints").await;
    house.execute("ALTER TABLE loose RENAME TO audit_checkpoints").await;
    assert!(!house.verify().await.is_whole(), "and it ends");
    assert_eq!(house.sealer.checkpoint_when_due().await.expect("signs").expect("one").sequence, 8);
}
