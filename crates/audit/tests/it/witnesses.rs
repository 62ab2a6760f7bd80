//! What keeps checkpoints outside of the database.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use audit::{
    Checkpoint, CheckpointFile, Finding, Syslog, SyslogAddress, Witness, WitnessError, read_checkpoints,
};
use chrono::TimeDelta;
use futures::future::BoxFuture;
use store::sea_orm::DbBackend;
use tempfile::TempDir;
use testkit::until;
use tokio::io::AsyncReadExt as _;
use tokio::net::{TcpListener, UdpSocket};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::kit::{House, assert_found, assert_whole, migrations};

/// A witness that is away until told otherwise.
#[derive(Default)]
struct Moody {
    here: AtomicBool,
    kept: std::sync::Mutex<Vec<i64>>,
}

impl Witness for Moody {
    fn name(&self) -> &'static str {
        "the moody one"
    }

    fn keep<'a>(&'a self, checkpoint: &'a Checkpoint) -> BoxFuture<'a, Result<(), WitnessError>> {
        Box::pin(async {
            if !self.here.load(Ordering::Relaxed) {
                return Err(WitnessError("it is away".to_owned()));
            }
            self.kept.lock().expect("not poisoned").push(checkpoint.sequence);
            Ok(())
        })
    }
}

/// A witness that is asked and never answers.
#[derive(Default)]
struct Deaf {
    asked: Notify,
}

impl Witness for Deaf {
    fn name(&self) -> &'static str {
        "the deaf one"
    }

    fn keep<'a>(&'a self, _: &'a Checkpoint) -> BoxFuture<'a, Result<(), WitnessError>> {
        self.asked.notify_one();
        Box::pin(futures::future::pending())
    }
}

/// What makes a database lose checkpoints.
fn swallow(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Sqlite => {
            "CREATE TRIGGER forgets AFTER INSERT ON audit_checkpoints BEGIN DELETE FROM audit_checkpoints WHERE sequence = NEW.sequence; END"
        }
        _ => {
            "CREATE FUNCTION forget() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$; \
     CREATE TRIGGER forgets BEFORE INSERT ON audit_checkpoints FOR EACH ROW EXECUTE FUNCTION forget()"
        }
    }
}

/// A witness with a bug.
struct Rotten;

impl Witness for Rotten {
    fn name(&self) -> &'static str {
        "the rotten one"
    }

    fn keep<'a>(&'a self, _: &'a Checkpoint) -> BoxFuture<'a, Result<(), WitnessError>> {
        panic!("as it happens")
    }
}

impl House {
    /// Lets the job run until it is told to stop, which is at once: it seals, signs and tells, and ends.
    async fn work(&self, witnesses: Vec<Arc<dyn Witness>>) {
        let stop = CancellationToken::new();
        stop.cancel();
        self.sealer.clone().run(witnesses, stop).await;
    }
}

testkit::on_both_databases! {
    migrations: migrations();

    // ASVS 16.4.3
    async fn a_file_keeps_every_checkpoint_and_proves_what_is_gone(database) {
        let house = House::open(database);
        let folder = TempDir::new().expect("a folder");
        let path = folder.path().join("checkpoints.jsonl");
        let file = || Arc::new(CheckpointFile::open(&path).expect("usable")) as Arc<dyn Witness>;
        house.history(8).await;
        house.work(vec![file()]).await;
        house.act(house.ambient.new_id(), "the deed").await;
        house.work(vec![file()]).await;
        let kept = read_checkpoints(&path).expect("readable").checkpoints;
        assert_eq!(kept.iter().map(|checkpoint| checkpoint.sequence).collect::<Vec<_>>(), [4, 8, 9]);
        assert_whole(&house.verify_with(kept.clone()).await);
        // A crash in the middle of a line, and the lines of others, do no harm.
        fs::write(&path, fs::read_to_string(&path).expect("text") + "Nov 22 host other[1]: {}\n{\"sequence\":10,").expect("written");
        house.act(house.ambient.new_id(), "afterwards").await;
        house.work(vec![file()]).await;
        let kept = read_checkpoints(&path).expect("readable");
        assert_eq!(kept.other_lines, 2);
        let kept = kept.checkpoints;
        assert_eq!(kept.last().expect("some").sequence, 10);
        house.execute("DELETE FROM audit_logs WHERE sequence > 8").await;
        house.execute("DELETE FROM audit_checkpoints WHERE sequence > 8").await;
        assert_found(&house.verify_with(kept).await, Finding::CutOff { last: 8, known: 10 });
    }

    async fn a_witness_that_was_away_is_told_everything_in_order(database) {
        let house = House::open(database);
        let moody = Arc::new(Moody::default());
        house.history(8).await;
        house.work(vec![Arc::clone(&moody) as _]).await;
        house.history(4).await;
        moody.here.store(true, Ordering::Relaxed);
        house.work(vec![Arc::clone(&moody) as _]).await;
        house.work(vec![Arc::clone(&moody) as _]).await;
        // How far it was told is noted in the database, which may lie: the newest is told again.
        assert_eq!(*moody.kept.lock().expect("not poisoned"), [4, 8, 12, 12]);
        house.act(house.ambient.new_id(), "more").await;
        house.work(vec![Arc::clone(&moody) as _]).await;
        assert_eq!(*moody.kept.lock().expect("not poisoned"), [4, 8, 12, 12, 13]);
    }

    async fn a_witness_that_never_answers_holds_up_nothing(database) {
        let house = House::open(database);
        house.act(house.ambient.new_id(), "first").await;
        let (deaf, moody, stop) = (Arc::new(Deaf::default()), Arc::new(Moody::default()), CancellationToken::new());
        moody.here.store(true, Ordering::Relaxed);
        let job = tokio::spawn(house.sealer.clone().run(vec![Arc::clone(&deaf) as _, Arc::clone(&moody) as _], stop.clone()));
        deaf.asked.notified().await;
        house.act(house.ambient.new_id(), "while it hangs").await;
        until("the entry to have its place", async || (house.sealer.progress().await.expect("reads").sequence == 2).then_some(())).await;
        house.clock.advance(TimeDelta::minutes(2));
        until("the other one to be told", async || (moody.kept.lock().expect("not poisoned").len() == 2).then_some(())).await;
        stop.cancel();
        job.await.expect("ends, whoever hangs");
        assert!(!house.sealer.is_behind());
    }

    async fn a_note_of_how_far_a_witness_was_told_silences_nobody(database) {
        let house = House::open(database);
        let moody = Arc::new(Moody::default());
        moody.here.store(true, Ordering::Relaxed);
        house.history(4).await;
        house.work(vec![Arc::clone(&moody) as _]).await;
        house.execute("UPDATE audit_witnesses SET sequence = 9000000000000000000").await;
        house.act(house.ambient.new_id(), "the deed").await;
        house.work(vec![Arc::clone(&moody) as _]).await;
        assert_eq!(*moody.kept.lock().expect("not poisoned"), [4, 5]);
    }

    async fn a_witness_hears_what_was_signed_whatever_the_database_keeps(database) {
        let house = House::open(database);
        let folder = TempDir::new().expect("a folder");
        let path = folder.path().join("checkpoints.jsonl");
        let file = || Arc::new(CheckpointFile::open(&path).expect("usable")) as Arc<dyn Witness>;
        house.history(4).await;
        house.work(vec![file()]).await;
        house.execute(swallow(house.store.backend())).await;
        house.act(house.ambient.new_id(), "the deed").await;
        house.work(vec![file()]).await;
        let kept = read_checkpoints(&path).expect("readable").checkpoints;
        assert_eq!(kept.iter().map(|checkpoint| checkpoint.sequence).collect::<Vec<_>>(), [4, 5]);
        house.execute("DELETE FROM audit_logs WHERE sequence = 5").await;
        assert_found(&house.verify_with(kept).await, Finding::CutOff { last: 4, known: 5 });
    }

    async fn a_file_that_knows_another_history_hears_of_this_one_too(database) {
        let house = House::open(database);
        let folder = TempDir::new().expect("a folder");
        let path = folder.path().join("checkpoints.jsonl");
        let file = || Arc::new(CheckpointFile::open(&path).expect("usable")) as Arc<dyn Witness>;
        house.history(4).await;
        house.keep("audit_chain").await;
        house.act(house.ambient.new_id(), "the deed").await;
        house.work(vec![file()]).await;
        // Somebody puts everything back to what it was, and life goes on.
        house.execute("DELETE FROM audit_logs WHERE sequence > 4").await;
        house.execute("DELETE FROM audit_checkpoints WHERE sequence > 4").await;
        house.restore("audit_chain").await;
        house.act(house.ambient.new_id(), "something else").await;
        house.work(vec![file()]).await;
        let kept = read_checkpoints(&path).expect("readable").checkpoints;
        assert_eq!(kept.iter().map(|checkpoint| checkpoint.sequence).collect::<Vec<_>>(), [4, 5, 5]);
        assert_found(&house.verify_with(kept).await, Finding::Contradicted { sequence: 5 });
    }

    // In the same process, too.
    async fn a_witness_hears_what_becomes_of_a_log_that_was_put_back(database) {
        let house = House::open(database);
        let (moody, stop) = (Arc::new(Moody::default()), CancellationToken::new());
        moody.here.store(true, Ordering::Relaxed);
        house.history(4).await;
        for table in ["audit_chain", "audit_checkpoints"] {
            house.keep(table).await;
        }
        house.history(4).await;
        let job = tokio::spawn(house.sealer.clone().run(vec![Arc::clone(&moody) as _], stop.clone()));
        let told = async |many| until("the witness to be told", async || (moody.kept.lock().expect("not poisoned").len() == many).then_some(())).await;
        told(2).await;
        house.execute("DELETE FROM audit_logs WHERE sequence > 4").await;
        for table in ["audit_chain", "audit_checkpoints"] {
            house.restore(table).await;
        }
        house.clock.advance(TimeDelta::minutes(2));
        house.act(house.ambient.new_id(), "something else").await;
        told(3).await;
        stop.cancel();
        job.await.expect("ends");
        assert_eq!(*moody.kept.lock().expect("not poisoned"), [4, 8, 5]);
    }

    async fn a_witness_hears_nothing_that_was_not_signed(database) {
        let house = House::open(database);
        let moody = Arc::new(Moody::default());
        moody.here.store(true, Ordering::Relaxed);
        house.history(250).await;
        house.execute("UPDATE audit_checkpoints SET signature = mac WHERE sequence <= 120").await;
        house.work(vec![Arc::clone(&moody) as _]).await;
        let kept = moody.kept.lock().expect("not poisoned").clone();
        assert_eq!((kept.first(), kept.last()), (Some(&124), Some(&250)));
        assert!(kept.is_sorted());
    }

    async fn what_the_database_swallows_is_signed_once(database) {
        let house = House::open(database);
        let (moody, stop) = (Arc::new(Moody::default()), CancellationToken::new());
        moody.here.store(true, Ordering::Relaxed);
        house.execute(swallow(house.store.backend())).await;
        let job = tokio::spawn(house.sealer.clone().run(vec![Arc::clone(&moody) as _], stop.clone()));
        for entries in 1..=3 {
            house.act(house.ambient.new_id(), "something").await;
            house.clock.advance(TimeDelta::minutes(2));
            until("it to be told", async || (moody.kept.lock().expect("not poisoned").last() == Some(&entries)).then_some(())).await;
        }
        stop.cancel();
        job.await.expect("ends");
        assert_eq!(*moody.kept.lock().expect("not poisoned"), [1, 2, 3]);
    }

    async fn a_witness_that_panics_is_no_secret(database) {
        let house = House::open(database);
        house.history(1).await;
        let job = tokio::spawn(house.sealer.clone().run(vec![Arc::new(Rotten)], CancellationToken::new()));
        let error = job.await.expect_err("the job ends with its witness, and is begun again by whoever began it");
        assert!(error.is_panic(), "{error}");
    }

    async fn a_syslog_server_hears_checkpoints(database) {
        let house = House::open(database);
        house.history(2).await;
        let expected = house.sealer.checkpoint().await.expect("signs").expect("one").to_line();

        let udp = UdpSocket::bind("127.0.0.1:0").await.expect("a socket");
        let address = SyslogAddress::parse(&format!("udp://{}", udp.local_addr().expect("one"))).expect("an address");
        house.work(vec![Arc::new(Syslog::new(address))]).await;
        let mut heard = vec![0; 2000];
        let length = udp.recv(&mut heard).await.expect("a message");
        let heard = String::from_utf8_lossy(&heard[..length]).into_owned();
        assert!(heard.starts_with("<109>1 2026-01-01T00:00:00.010000Z - mainstay - checkpoint - {"), "{heard}");
        assert!(heard.ends_with(&expected), "{heard}");

        let tcp = TcpListener::bind("127.0.0.1:0").await.expect("a socket");
        let address = SyslogAddress::parse(&format!("tcp://{}", tcp.local_addr().expect("one"))).expect("an address");
        let hear = async {
            let (mut stream, _) = tcp.accept().await.expect("a client");
            let mut heard = String::new();
            stream.read_to_string(&mut heard).await.expect("text");
            heard
        };
        let (framed, ()) = tokio::join!(hear, house.work(vec![Arc::new(Syslog::new(address))]));
        let (length, message) = framed.split_once(' ').expect("a length");
        assert_eq!((length.parse(), message), (Ok(message.len()), heard.as_str()));
    }

    // ASVS 16.2.5 - a checkpoint is hashes and a signature
    async fn a_checkpoint_tells_nothing_about_anybody(database) {
        let house = House::open(database);
        let ada = house.history(1).await;
        let line = house.sealer.checkpoint().await.expect("signs").expect("one").to_line();
        for word in ["192.0.2.7", "Firefox", "thing", &ada.to_string()] {
            assert!(!line.contains(word), "{word} in {line}");
        }
    }
}
