//! What keeps checkpoints outside of the database.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use audit::{
    Checkpoint, CheckpointFile, Finding, Syslog, SyslogAddress, Witness, WitnessError, read_checkpoints,
};
use futures::future::BoxFuture;
use tempfile::TempDir;
use tokio::io::AsyncReadExt as _;
use tokio::net::{TcpListener, UdpSocket};
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
        let kept = read_checkpoints(&path).expect("readable");
        assert_eq!(kept.iter().map(|checkpoint| checkpoint.sequence).collect::<Vec<_>>(), [4, 8, 9]);
        assert_whole(&house.verify_with(kept.clone()).await);
        // A crash in the middle of a line, and the lines of others, do no harm.
        fs::write(&path, fs::read_to_string(&path).expect("text") + "Nov 22 host other[1]: {}\n{\"sequence\":10,").expect("written");
        house.act(house.ambient.new_id(), "afterwards").await;
        house.work(vec![file()]).await;
        let kept = read_checkpoints(&path).expect("readable");
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
        assert_eq!(*moody.kept.lock().expect("not poisoned"), [4, 8, 12]);
        house.act(house.ambient.new_id(), "more").await;
        house.work(vec![Arc::clone(&moody) as _]).await;
        assert_eq!(*moody.kept.lock().expect("not poisoned"), [4, 8, 12, 13]);
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
