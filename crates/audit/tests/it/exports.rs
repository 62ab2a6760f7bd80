//! Exports can be verified anywhere, and no byte of one can be changed.

use audit::{ExportError, Finding, Trust, verify_export};
use chrono::TimeDelta;

use store::sea_orm::DbBackend;

use crate::kit::{House, assert_found, assert_whole, keys, migrations, verified};

fn trusts() -> [Trust; 2] {
    [Trust::Keys(keys()), Trust::Public(keys().public())]
}

testkit::on_both_databases! {
    migrations: migrations();

    async fn an_export_is_whole_and_holds_everything(database) {
        let house = House::open(database);
        house.history(10).await;
        house.act(house.ambient.new_id(), "waits for its place").await;
        let export = house.export().await;
        for trust in trusts() {
            let report = verified(&export, trust);
            assert_whole(&report);
            assert_eq!((report.entries, report.first, report.last, report.proven_through), (11, 1, 11, 11));
        }
        assert!(String::from_utf8_lossy(&export).contains("waits for its place"));
    }

    async fn an_export_can_begin_later(database) {
        let house = House::open(database);
        house.history(8).await;
        house.clock.advance(TimeDelta::days(1));
        let since = house.ambient.now();
        house.history(3).await;
        let mut export = Vec::new();
        house.sealer.export(Some(since), &mut export, |_| ()).await.expect("exports");
        for trust in trusts() {
            let report = verified(&export, trust);
            assert_whole(&report);
            assert_eq!((report.entries, report.first), (3, 9));
        }
    }

    async fn an_export_has_the_record_of_every_erasure_in_it(database) {
        let house = House::open(database);
        let exporting = async {
            let mut erased = 0;
            while erased < 20 {
                for trust in trusts() {
                    let report = verified(&house.export().await, trust);
                    assert_whole(&report);
                    erased = report.erased;
                }
            }
        };
        let working = async {
            loop {
                let person = house.ambient.new_id();
                house.act(person, "something").await;
                house.sealer.seal().await.expect("seals");
                let unit = house.store.begin().await.expect("begins");
                house.ledger.forget_person(&*unit, person).await.expect("forgets");
                unit.commit().await.expect("commits");
            }
        };
        house.act(house.ambient.new_id(), "first").await;
        futures::future::select(std::pin::pin!(exporting), std::pin::pin!(working)).await;
    }

    async fn an_export_that_would_lack_a_record_is_none(database) {
        let house = House::open(database);
        let person = house.history(4).await;
        let unit = house.store.begin().await.expect("begins");
        house.ledger.forget_person(&*unit, person).await.expect("forgets");
        unit.commit().await.expect("commits");
        let hold = match house.store.backend() {
            DbBackend::Sqlite => "CREATE TRIGGER hold AFTER UPDATE OF sequence ON audit_logs BEGIN UPDATE audit_logs SET sequence = NULL, mac = OLD.mac WHERE id = OLD.id; END",
            _ => "CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN OLD; END $$; CREATE TRIGGER hold BEFORE UPDATE ON audit_logs FOR EACH ROW EXECUTE FUNCTION hold()",
        };
        house.execute(hold).await;
        let error = house.sealer.export(None, &mut Vec::new(), |_| ()).await.expect_err("it does not end for ever");
        assert!(matches!(error, ExportError::Unsettled), "{error}");
    }

    async fn an_empty_ledger_has_no_export(database) {
        let house = House::open(database);
        let mut export = Vec::new();
        let error = house.sealer.export(None, &mut export, |_| ()).await.expect_err("empty");
        assert!(matches!(error, ExportError::Empty) && export.is_empty());
    }
}

/// What an export says does not depend on the database; one does.
async fn an_export() -> Vec<u8> {
    let database = testkit::TestDatabase::sqlite(&store::Migrations::of(migrations())).await;
    let house = House::open(database);
    let ada = house.history(2).await;
    let unit = house.store.begin().await.expect("begins");
    house.ledger.forget_person(&*unit, ada).await.expect("forgets");
    unit.commit().await.expect("commits");
    house.history(2).await;
    house.export().await
}

// ASVS 16.4.2
#[tokio::test]
async fn no_byte_can_be_changed() {
    let export = an_export().await;
    for trust in trusts() {
        assert_whole(&verified(&export, trust.clone()));
        for position in 0..export.len() {
            let mut changed = export.clone();
            changed[position] ^= [0x01, 0x20, 0x80][position % 3];
            match verify_export(&mut changed.as_slice(), trust.clone(), Vec::new(), |_| ()) {
                Ok(report) => {
                    let around = &export[position.saturating_sub(30)..(position + 30).min(export.len())];
                    let around = String::from_utf8_lossy(around);
                    assert!(!report.is_whole(), "byte {position}: {around}");
                }
                Err(ExportError::NoExport) => {}
                Err(error) => panic!("{error}"),
            }
        }
    }
}

#[tokio::test]
async fn no_line_can_be_taken_doubled_moved_or_cut() {
    let export = an_export().await;
    let lines: Vec<&[u8]> = export.split_inclusive(|byte| *byte == b'\n').collect();
    let tampered = |lines: Vec<&[u8]>, what: String| {
        for trust in trusts() {
            match verify_export(&mut lines.concat().as_slice(), trust, Vec::new(), |_| ()) {
                Ok(report) => assert!(!report.is_whole(), "{what}"),
                Err(ExportError::NoExport) => {}
                Err(error) => panic!("{error}"),
            }
        }
    };
    for n in 0..lines.len() {
        let is_checkpoint = lines[n].starts_with(b"{\"checkpoint\"");
        let mut doubled = lines.clone();
        doubled.insert(n, lines[n]);
        let mut moved = lines.clone();
        moved.rotate_left(n);
        // A checkpoint says nothing that the next one does not say as well.
        if !is_checkpoint {
            tampered([&lines[..n], &lines[n + 1..]].concat(), format!("without line {n}"));
            tampered(doubled, format!("line {n} twice"));
        }
        if n > 0 {
            tampered(moved, format!("moved by {n}"));
            if !lines[n..].iter().all(|line| line.starts_with(b"{\"checkpoint\"")) {
                tampered(lines[..n].to_vec(), format!("cut at {n}"));
            }
        }
    }
}

#[tokio::test]
async fn what_is_no_export_is_refused() {
    for text in ["", "\n", "{}", "[1]\n", "hello\n", "{\"mainstay_audit_export\":2}\n"] {
        let error = verify_export(&mut text.as_bytes(), Trust::Public(keys().public()), Vec::new(), |_| ());
        assert!(matches!(error, Err(ExportError::NoExport)), "{text:?}");
    }
}

#[tokio::test]
async fn another_installation_s_export_is_not_taken_for_ours() {
    let export = an_export().await;
    let other = audit::LedgerKeys::new(&foundation::RootKey::new([4; 32]));
    assert_found(&verified(&export, Trust::Public(other.public())), Finding::OtherKey);
}

#[tokio::test]
async fn an_export_tells_until_when_it_reaches() {
    let database = testkit::TestDatabase::sqlite(&store::Migrations::of(migrations())).await;
    let house = House::open(database);
    house.history(8).await;
    let export = house.export().await;
    let text = String::from_utf8(export.clone()).expect("text");
    let checkpoints: Vec<&str> = text.lines().filter(|line| line.starts_with("{\"checkpoint\"")).collect();
    assert!(checkpoints.len() > 1, "{text}");
    let whole = verified(&export, Trust::Public(keys().public()));
    // Whoever shortens it to an earlier checkpoint makes the export of that time.
    let inner = &checkpoints[0]["{\"checkpoint\":".len()..checkpoints[0].len() - 1];
    let mut header: serde_json::Value =
        serde_json::from_str(text.lines().next().expect("one")).expect("JSON");
    let end = header["end"].to_string();
    header["end"] = serde_json::from_str(inner).expect("JSON");
    let first = text.lines().next().expect("one").replace(&end, inner);
    let kept = text.lines().skip(1).take_while(|line| *line != checkpoints[0]);
    let shorter: String = [&[first.as_str()], kept.collect::<Vec<_>>().as_slice(), &[""]].concat().join("\n");
    let report = verified(shorter.as_bytes(), Trust::Public(keys().public()));
    assert_whole(&report);
    assert!(report.proven_at < whole.proven_at && report.proven_through == report.last, "{report:?}");
    // What witnesses were told later does not speak against it.
    house.history(2).await;
    let told = house.sealer.checkpoint().await.expect("signs").expect("one");
    let report = audit::verify_export(&mut export.as_slice(), Trust::Keys(keys()), vec![told], |_| ());
    assert_whole(&report.expect("an export"));
    // A checkpoint stands once.
    let doubled = text.replacen(checkpoints[0], &format!("{0}\n{0}", checkpoints[0]), 1);
    let report = verified(doubled.as_bytes(), Trust::Public(keys().public()));
    assert!(matches!(report.findings.as_slice(), [Finding::Forged { .. }]), "{report:?}");
}
