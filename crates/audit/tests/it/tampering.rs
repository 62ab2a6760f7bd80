//! Whoever owns the database cannot change what happened without being found.

use audit::{Entry, Finding, Source, Trust, read_checkpoints};
use foundation::Uuid;
use serde_json::json;
use store::sea_orm::{ConnectionTrait as _, DbBackend, Statement};

use crate::kit::{DONE, House, assert_found, assert_whole, keys, migrations, source};

impl House {
    /// The id of the entry at a place.
    pub(crate) async fn id_at(&self, sequence: i64) -> Uuid {
        let sql = format!("SELECT id FROM audit_logs WHERE sequence = {sequence}");
        let statement = Statement::from_string(self.store.backend(), sql);
        let row = self.store.reader().query_one_raw(statement).await.expect("reads").expect("an entry");
        row.try_get_by_index(0).expect("an id")
    }

    /// What copies the entry at the fourth place to another one, and the id of the copy.
    fn copy_to(&self, sequence: &str) -> (Uuid, String) {
        let id = self.ambient.new_id();
        let is_sqlite = self.store.backend() == DbBackend::Sqlite;
        let text = if is_sqlite { format!("x'{}'", id.simple()) } else { format!("'{id}'") };
        let columns = "created_at, user_id, action, resource, resource_id, status, ip_address, user_agent, details, origin_salt, origin_hash, details_salt, details_hash, mac";
        (
            id,
            format!(
                "INSERT INTO audit_logs (id, sequence, {columns}) SELECT {text}, {sequence}, {columns} FROM audit_logs WHERE sequence = 4"
            ),
        )
    }

    /// How this database writes bytes down.
    fn bytes(&self, hex: &str) -> String {
        match self.store.backend() {
            DbBackend::Sqlite => format!("x'{hex}'"),
            _ => format!("'\\x{hex}'::bytea"),
        }
    }
}

testkit::on_both_databases! {
    migrations: migrations();

    // ASVS 16.4.2
    async fn every_changed_column_of_an_entry_is_found(database) {
        let house = House::open(database);
        house.history(10).await;
        let zeros = house.bytes(&"00".repeat(32));
        let id = house.id_at(6).await;
        let is_sqlite = house.store.backend() == DbBackend::Sqlite;
        let json = if is_sqlite { "" } else { "::jsonb" };
        let uuid = if is_sqlite { house.bytes(&"0a".repeat(16)) } else { format!("'{}'", "0a".repeat(16)) };
        for (column, value) in [
            ("user_id", "NULL".to_owned()), ("user_id", uuid.clone()), ("action", "'dome'".to_owned()),
            ("resource", "'key'".to_owned()), ("resource_id", "NULL".to_owned()), ("status", "'failure'".to_owned()),
            ("ip_address", "'192.0.2.8'".to_owned()), ("ip_address", "NULL".to_owned()), ("user_agent", "''".to_owned()),
            ("user_agent", "NULL".to_owned()), ("details", "NULL".to_owned()), ("details", format!("'{{}}'{json}")),
            ("details", format!("'{{\"what\": \"thing 5\", \"more\": [1, {{\"b\": null, \"a\": false}}]}}'{json}")),
            ("created_at", "'2026-01-01 00:00:00.000001+00:00'".to_owned()),
            ("origin_salt", zeros.clone()), ("origin_salt", "NULL".to_owned()), ("origin_hash", zeros.clone()),
            ("details_salt", zeros.clone()), ("details_salt", "NULL".to_owned()), ("details_hash", zeros.clone()), ("mac", zeros.clone()),
        ] {
            let keep = format!("CREATE TABLE kept AS SELECT {column} AS value FROM audit_logs WHERE sequence = 6");
            house.execute(&keep).await;
            house.execute(&format!("UPDATE audit_logs SET {column} = {value} WHERE sequence = 6")).await;
            assert_found(&house.verify().await, Finding::Changed { sequence: 6, id });
            assert!(!house.verify_from_outside().await.is_whole(), "{column} = {value}");
            house.execute(&format!("UPDATE audit_logs SET {column} = (SELECT value FROM kept) WHERE sequence = 6")).await;
            house.execute("DROP TABLE kept").await;
            assert_whole(&house.verify().await);
        }
    }

    async fn an_id_cannot_be_changed(database) {
        let house = House::open(database);
        house.history(5).await;
        let other = if house.store.backend() == DbBackend::Sqlite { house.bytes(&"0a".repeat(16)) } else { format!("'{}'", "0a".repeat(16)) };
        house.execute(&format!("UPDATE audit_logs SET id = {other} WHERE sequence = 3")).await;
        let id = Uuid::from_bytes([0x0a; 16]);
        assert_found(&house.verify().await, Finding::Changed { sequence: 3, id });
    }

    async fn a_deleted_entry_is_named(database) {
        let house = House::open(database);
        house.history(10).await;
        house.execute("DELETE FROM audit_logs WHERE sequence IN (3, 4)").await;
        assert_found(&house.verify().await, Finding::Missing { from: 3, to: 4 });
        assert_found(&house.verify_from_outside().await, Finding::Missing { from: 3, to: 4 });
    }

    async fn closing_a_gap_does_not_hide_it(database) {
        let house = House::open(database);
        house.history(6).await;
        house.execute("DELETE FROM audit_logs WHERE sequence = 3").await;
        for sequence in 4..=6 {
            house.execute(&format!("UPDATE audit_logs SET sequence = {} WHERE sequence = {sequence}", sequence - 1)).await;
        }
        let id = house.id_at(3).await;
        assert_found(&house.verify().await, Finding::Changed { sequence: 3, id });
        assert!(!house.verify_from_outside().await.is_whole());
    }

    async fn entries_that_changed_places_are_found(database) {
        let house = House::open(database);
        house.history(8).await;
        for (from, to) in [(2, 100), (5, 2), (100, 5)] {
            house.execute(&format!("UPDATE audit_logs SET sequence = {to} WHERE sequence = {from}")).await;
        }
        let report = house.verify().await;
        for sequence in [2, 5] {
            assert_found(&report, Finding::Changed { sequence, id: house.id_at(sequence).await });
        }
        assert!(!house.verify_from_outside().await.is_whole());
    }

    async fn an_entry_put_in_is_found_wherever_it_is(database) {
        let house = House::open(database);
        house.history(4).await;
        // Without a place: the sealer does not take it, and verifying names it.
        let (id, sql) = house.copy_to("NULL");
        house.execute(&sql).await;
        let sealed = house.sealer.seal().await.expect("seals");
        assert_eq!((sealed.sequence, sealed.foreign), (4, 1));
        assert_found(&house.verify().await, Finding::Foreign { id });
        // The genuine ones get their places beside it.
        house.act(house.ambient.new_id(), "more").await;
        assert_eq!(house.sealer.seal().await.expect("seals").sequence, 5);
        assert_eq!(house.verify().await.findings, [Finding::Foreign { id }]);
        house.execute("DELETE FROM audit_logs WHERE sequence IS NULL").await;
        assert_whole(&house.verify().await);
        // At the end.
        let (id, sql) = house.copy_to("6");
        house.execute(&sql).await;
        assert_found(&house.verify().await, Finding::Changed { sequence: 6, id });
    }

    async fn what_waits_cannot_be_changed_either(database) {
        let house = House::open(database);
        house.act(house.ambient.new_id(), "true").await;
        house.execute("UPDATE audit_logs SET status = 'failure'").await;
        assert_eq!(house.sealer.seal().await.expect("seals").foreign, 1);
        assert!(!house.verify().await.is_whole());
    }

    async fn a_cut_off_end_is_found_with_its_note_or_with_a_witness(database) {
        let house = House::open(database);
        house.history(8).await;
        house.keep("audit_chain").await;
        house.act(house.ambient.new_id(), "the deed").await;
        house.sealer.seal().await.expect("seals");
        let told = house.sealer.checkpoint().await.expect("signs").expect("one");
        house.execute("DELETE FROM audit_logs WHERE sequence = 9").await;
        assert_found(&house.verify().await, Finding::Missing { from: 9, to: 9 });
        house.execute("DELETE FROM audit_checkpoints WHERE sequence = 9").await;
        assert_found(&house.verify().await, Finding::EndMoved { last: 8, end: 9 });
        // Somebody thorough puts the note back as well. Only what is kept elsewhere knows.
        house.restore("audit_chain").await;
        assert_whole(&house.verify().await);
        assert_found(&house.verify_with(vec![told.clone()]).await, Finding::CutOff { last: 8, known: 9 });
        // Nor does it help to go on as if nothing had been.
        house.act(house.ambient.new_id(), "something else").await;
        house.sealer.seal().await.expect("seals");
        house.sealer.checkpoint().await.expect("signs");
        assert_whole(&house.verify().await);
        assert_found(&house.verify_with(vec![told]).await, Finding::Contradicted { sequence: 9 });
    }

    async fn forged_checkpoints_are_found(database) {
        let house = House::open(database);
        house.history(8).await;
        let zeros = house.bytes(&"00".repeat(32));
        for change in [
            format!("UPDATE audit_checkpoints SET link = {zeros} WHERE sequence = 4"),
            format!("UPDATE audit_checkpoints SET mac = {zeros} WHERE sequence = 4"),
            format!("UPDATE audit_checkpoints SET signature = {zeros} WHERE sequence = 4"),
            format!("UPDATE audit_checkpoints SET link = {} WHERE sequence = 4", house.bytes("00")),
            "UPDATE audit_checkpoints SET created_at = '2026-01-01 00:00:00+00:00' WHERE sequence = 4".to_owned(),
        ] {
            house.keep("audit_checkpoints").await;
            house.execute(&change).await;
            assert_found(&house.verify().await, Finding::Forged { sequence: 4 });
            house.restore("audit_checkpoints").await;
        }
        house.execute("UPDATE audit_checkpoints SET sequence = 5 WHERE sequence = 4").await;
        assert_found(&house.verify().await, Finding::Forged { sequence: 5 });
    }

    async fn a_witness_that_tells_lies_is_not_believed(database) {
        let house = House::open(database);
        house.history(4).await;
        let mut line = house.sealer.checkpoint().await.expect("signs").expect("one").to_line();
        line = line.replace("\"sequence\":4", "\"sequence\":400");
        let forged = audit::Checkpoint::from_line(&line).expect("a checkpoint");
        assert_eq!(house.verify_with(vec![forged]).await.findings, [Finding::ForgedWitness { sequence: 400 }]);
    }

    async fn what_is_erased_on_record_still_verifies(database) {
        let house = House::open(database);
        let ada = house.history(6).await;
        house.act(house.ambient.new_id(), "somebody else").await;
        let export = house.export().await;
        assert!(String::from_utf8_lossy(&export).contains("192.0.2.7"));
        let unit = house.store.begin().await.expect("begins");
        house.ledger.forget_person(&*unit, ada).await.expect("forgets");
        unit.commit().await.expect("commits");
        let report = house.verify().await;
        assert_whole(&report);
        assert_eq!((report.erased, report.waiting), (6, 1), "the record of it has no place yet");
        house.sealer.seal().await.expect("seals");
        house.sealer.checkpoint().await.expect("signs");
        let report = house.verify().await;
        assert_whole(&report);
        assert_eq!(report.erased, 6);
        assert_whole(&house.verify_from_outside().await);
        let export = house.export().await;
        assert_whole(&crate::kit::verified(&export, Trust::Keys(keys())));
        assert_eq!(String::from_utf8_lossy(&export).matches("192.0.2.7").count(), 1, "somebody else's");
        assert_eq!(house.number("SELECT COUNT(*) AS n FROM audit_logs WHERE origin_salt IS NOT NULL").await, 2);
    }

    async fn what_is_erased_without_a_record_is_found(database) {
        let house = House::open(database);
        house.history(6).await;
        house.execute("UPDATE audit_logs SET ip_address = NULL, user_agent = NULL, origin_salt = NULL WHERE sequence = 3").await;
        let id = house.id_at(3).await;
        assert_found(&house.verify().await, Finding::ErasedWithoutRecord { sequence: 3, id });
        assert_found(&house.verify_from_outside().await, Finding::ErasedWithoutRecord { sequence: 3, id });
    }

    async fn a_record_covers_only_what_forgetting_takes(database) {
        let house = House::open(database);
        let (root, ada) = (house.ambient.new_id(), house.ambient.new_id());
        // What an administrator did to ada, what she did to eve, and what the operator did to her.
        let browser = source();
        let promoted = Entry::of_user(ada, DONE, &browser).by(Some(root)).with(json!({ "to": "admin" }));
        let promoting = Entry::of_user(house.ambient.new_id(), DONE, &browser).by(Some(ada)).with(json!({ "to": "admin" }));
        let operator = Source { ip_address: None, user_agent: Some("command line".to_owned()) };
        let disabled = Entry::of_user(ada, DONE, &operator).by(None);
        let unit = house.store.begin().await.expect("begins");
        for entry in [promoted, promoting, disabled] {
            house.ledger.record(&*unit, entry).await.expect("records");
        }
        unit.commit().await.expect("commits");
        house.sealer.seal().await.expect("seals");
        let unit = house.store.begin().await.expect("begins");
        house.ledger.forget_person(&*unit, ada).await.expect("forgets");
        unit.commit().await.expect("commits");
        assert_whole(&house.verify().await);
        assert_eq!(house.number("SELECT COUNT(*) AS n FROM audit_logs WHERE user_agent = 'command line'").await, 1);
        for (change, sequence) in [
            ("details = NULL, details_salt = NULL", 1), ("details = NULL, details_salt = NULL", 2),
            ("ip_address = NULL, user_agent = NULL, origin_salt = NULL", 1),
        ] {
            house.keep("audit_logs").await;
            house.execute(&format!("UPDATE audit_logs SET {change} WHERE sequence = {sequence}")).await;
            let id = house.id_at(sequence).await;
            assert_found(&house.verify().await, Finding::ErasedWithoutRecord { sequence, id });
            house.restore("audit_logs").await;
        }
    }

    async fn places_where_none_is_are_found(database) {
        let house = House::open(database);
        house.history(4).await;
        let lift = match house.store.backend() {
            DbBackend::Sqlite => "PRAGMA ignore_check_constraints = ON",
            _ => "ALTER TABLE audit_logs DROP CONSTRAINT audit_logs_sequence_check",
        };
        house.execute(lift).await;
        for sequence in ["0", "-5"] {
            let (id, sql) = house.copy_to(sequence);
            house.execute(&sql).await;
            assert_eq!(house.verify().await.findings, [Finding::Foreign { id }]);
            assert!(!house.verify_from_outside().await.is_whole());
            house.execute("DELETE FROM audit_logs WHERE sequence <= 0").await;
        }
        assert_whole(&house.verify().await);
    }

    // What no clock shows: on PostgreSQL 'infinity', which is no time for a program; on SQLite any text.
    async fn what_is_no_entry_stops_nothing(database) {
        let house = House::open(database);
        house.history(4).await;
        let (no_entry, put_in) = house.copy_to("NULL");
        house.execute(&put_in).await;
        house.execute("UPDATE audit_logs SET created_at = 'infinity' WHERE sequence IS NULL").await;
        house.act(house.ambient.new_id(), "true").await;
        let sealed = house.sealer.seal().await.expect("seals");
        assert_eq!((sealed.sequence, sealed.foreign), (5, 1));
        house.execute("UPDATE audit_logs SET created_at = 'infinity' WHERE sequence = 2").await;
        let report = house.verify().await;
        let id = house.id_at(2).await;
        for found in [Finding::Illegible { sequence: Some(2), id: Some(id) }, Finding::Illegible { sequence: None, id: Some(no_entry) }] {
            assert_found(&report, found);
        }
        assert_eq!(report.findings.len(), 2, "{report:?}");
        // Whoever turns the pages sees all that can be read.
        let (mut before, mut shown) = (None, Vec::new());
        loop {
            let page = audit::Page { before, limit: 1 };
            let listing = audit::find(house.store.reader(), &audit::Filter::default(), page).await.expect("reads");
            shown.extend(listing.records);
            before = listing.next;
            if before.is_none() {
                break;
            }
        }
        assert_eq!(shown.len(), 4, "what can be read");
        house.execute("UPDATE audit_checkpoints SET created_at = 'infinity'").await;
        assert_found(&house.verify().await, Finding::Forged { sequence: 4 });
    }

    async fn without_the_right_keys_nothing_fits(database) {
        let house = House::open(database);
        house.history(3).await;
        let other = audit::LedgerKeys::new(&foundation::RootKey::new([4; 32]));
        for trust in [Trust::Keys(other.clone()), Trust::Public(other.public())] {
            assert!(!audit::verify_database(&house.store, trust, Vec::new(), |_| ()).await.expect("verifies").is_whole());
        }
    }

    // Whoever could choose the end could have anything signed.
    async fn nobody_else_says_where_the_chain_ends(database) {
        let house = House::open(database);
        house.history(4).await;
        let (forged, put_in) = house.copy_to("5");
        house.execute(&put_in).await;
        let zeros = house.bytes(&"00".repeat(32));
        let code = "(SELECT mac FROM audit_logs WHERE sequence = 4)";
        for note in [
            "sequence = 5".to_owned(), format!("mac = {zeros}"), format!("link = {zeros}"), format!("link = {}", house.bytes("00")),
            format!("code = {zeros}"), format!("sequence = 5, code = {code}"), "sequence = 9223372036854775807".to_owned(),
            "sequence = -9223372036854775808".to_owned(),
            format!("sequence = 0, mac = {zeros}, link = {zeros}, code = {}", house.bytes("")),
        ] {
            house.keep("audit_chain").await;
            house.execute(&format!("UPDATE audit_chain SET {note}")).await;
            let report = house.verify().await;
            assert_found(&report, Finding::Changed { sequence: 5, id: forged });
            let signed = house.sealer.checkpoint_when_due().await.expect("signs").expect("one");
            assert_eq!(signed.sequence, 4, "{note}");
            assert_eq!(house.sealer.checkpoint().await.expect("signs").expect("one").sequence, 4, "{note}");
            house.restore("audit_chain").await;
        }
        house.execute("UPDATE audit_chain SET sequence = 5").await;
        house.execute("DELETE FROM audit_logs WHERE sequence = 5").await;
        assert_eq!(house.verify().await.findings, [Finding::EndForged]);
        house.act(house.ambient.new_id(), "true").await;
        assert_eq!(house.sealer.seal().await.expect("seals").sequence, 5);
        assert_whole(&house.verify().await);
    }

    async fn a_lost_end_of_the_chain_is_found_again(database) {
        let house = House::open(database);
        house.history(6).await;
        house.keep("audit_chain").await;
        house.act(house.ambient.new_id(), "behind the checkpoint").await;
        house.sealer.seal().await.expect("seals");
        for loss in ["DELETE FROM audit_chain", "UPDATE audit_chain SET mac = link", "an older one"] {
            if loss == "an older one" { house.restore("audit_chain").await } else { house.execute(loss).await }
            assert!(!house.verify().await.is_whole(), "{loss}");
            assert_eq!(house.sealer.progress().await.expect("reads").sequence, house.verify().await.last, "{loss}");
            house.act(house.ambient.new_id(), "more").await;
            house.sealer.seal().await.expect("seals");
            assert_whole(&house.verify().await);
        }
        assert_eq!(house.verify().await.last, 10);
        house.sealer.checkpoint().await.expect("signs");
        assert_whole(&house.verify_from_outside().await);
    }

    async fn nothing_begins_anew_where_the_beginning_was_dropped(database) {
        let house = House::open(database);
        house.history(8).await;
        house.execute("DELETE FROM audit_logs WHERE sequence <= 4").await;
        house.execute("DELETE FROM audit_checkpoints").await;
        house.execute("DELETE FROM audit_chain").await;
        house.act(house.ambient.new_id(), "more").await;
        let error = house.sealer.seal().await.expect_err("nobody knows where it goes on");
        assert!(foundation::with_causes(&error).contains("restore the database"), "{error}");
    }

    // With the public key nobody can tell who wrote what is not signed yet.
    async fn what_is_not_signed_yet_excuses_nothing_without_the_key(database) {
        let house = House::open(database);
        let ada = house.history(4).await;
        let unit = house.store.begin().await.expect("begins");
        house.ledger.forget_person(&*unit, ada).await.expect("forgets");
        unit.commit().await.expect("commits");
        house.sealer.seal().await.expect("seals");
        assert_whole(&house.verify().await);
        let id = house.id_at(1).await;
        assert_found(&house.verify_from_outside().await, Finding::ErasedWithoutRecord { sequence: 1, id });
        house.sealer.checkpoint().await.expect("signs");
        assert_whole(&house.verify_from_outside().await);
    }

    async fn rows_that_nobody_signed_decide_nothing(database) {
        let house = House::open(database);
        house.history(4).await;
        let copy = "signature FROM audit_checkpoints WHERE sequence = 4";
        for (sequence, time) in [("5", "'2026-01-01 00:00:00+00:00'"), ("3", "'2999-01-01 00:00:00+00:00'"), ("9000", "'2999-01-01 00:00:00+00:00'")] {
            let insert = "INSERT INTO audit_checkpoints (sequence, created_at, mac, link, signature) SELECT";
            house.execute(&format!("{insert} {sequence}, {time}, mac, link, {copy}")).await;
        }
        assert_eq!(house.sealer.checkpoint_when_due().await.expect("signs").expect("one").sequence, 4);
        house.act(house.ambient.new_id(), "the deed").await;
        house.sealer.seal().await.expect("seals");
        house.clock.advance(chrono::TimeDelta::minutes(2));
        assert_eq!(house.sealer.checkpoint_when_due().await.expect("signs").expect("one").sequence, 5);
        let report = house.verify().await;
        assert_eq!((report.proven_through, report.checkpoints), (5, 2), "{report:?}");
        assert_found(&report, Finding::Forged { sequence: 3 });
    }
}

#[test]
fn no_file_is_no_witness() {
    let kept = read_checkpoints(std::path::Path::new("/nowhere/at/all")).expect("none");
    assert_eq!(kept, audit::KeptCheckpoints::default());
}
