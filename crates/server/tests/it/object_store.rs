//! Checkpoints of the audit log in an object store that speaks Amazon's S3 protocol and checks signatures.

use std::fs;
use std::path::Path;

use audit::read_checkpoints;
use foundation::Ambient;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s_fs::FileSystem;
use serde_json::json;
use tempfile::TempDir;
use testkit::TestDatabase;
use tokio::net::TcpListener;
use tokio_util::task::TaskTracker;

use crate::house::{House, execute, rooms};

/// A store with one bucket, in a folder.
async fn store(folder: &Path) -> String {
    fs::create_dir(folder.join("evidence")).expect("a bucket");
    let mut builder = S3ServiceBuilder::new(FileSystem::new(folder).expect("a folder"));
    builder.set_auth(SimpleAuth::from_single("the-key", "the-secret"));
    let service: S3Service = builder.build();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("bound");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service.clone()));
        }
    });
    format!("http://{address}")
}

async fn house(database: TestDatabase, endpoint: String, secret: &str) -> House {
    let with_store = |config: &mut server::Config| {
        config.guard.outbound.allow_private = vec!["127.0.0.0/8".parse().expect("a network")];
        let store = &mut config.audit.object_store;
        (store.endpoint, store.bucket) = (Some(endpoint), "evidence".to_owned());
        (store.prefix, store.access_key) = ("ledger/".to_owned(), "the-key".to_owned());
        store.secret_key = Some(secret.to_owned().into());
    };
    // The store believes in the time of this machine.
    House::at(Ambient::system(), database, with_store).await
}

/// Lets somebody do something, and the jobs keep what they have to.
async fn work(house: &House) {
    let wish = json!({ "email": "ada@example.org", "username": "ada", "password": "correct horse battery" });
    assert_eq!(house.client().post("/api/auth/signup", &wish).await.status.as_u16(), 202);
    work_again(house).await;
}

/// Lets the jobs do what is left to do.
async fn work_again(house: &House) {
    let jobs = TaskTracker::new();
    house.stop.cancel();
    house.app.start_jobs(&jobs, &house.stop);
    jobs.close();
    jobs.wait().await;
}

/// The objects in the bucket; the store's own notes beside them are hidden files.
fn objects(folder: &Path) -> Vec<String> {
    let files = fs::read_dir(folder.join("evidence/ledger")).into_iter().flatten();
    let names = files.map(|file| file.expect("a file").file_name().into_string().expect("text"));
    names.filter(|name| name.starts_with("checkpoint-")).collect()
}

testkit::on_both_databases! {
    migrations: rooms();

    // ASVS 16.4.3
    async fn it_keeps_each_checkpoint(database) {
        let folder = TempDir::new().expect("a folder");
        let endpoint = store(folder.path()).await;
        let house = house(database, endpoint, "the-secret").await;
        work(&house).await;
        let kept = read_checkpoints(&house.data.path().join("audit-checkpoints.jsonl")).expect("readable").checkpoints;
        let expected: Vec<_> = kept.iter().map(|kept| format!("checkpoint-{:012}-{}.json", kept.sequence, &kept.fingerprint()[..16])).collect();
        assert_eq!((objects(folder.path()), kept.len()), (expected.clone(), 1));
        let path = folder.path().join("evidence/ledger").join(&expected[0]);
        assert_eq!(read_checkpoints(&path).expect("readable").checkpoints, kept);
        // What is there stays as it is, whoever forgets that it was told.
        fs::write(&path, "written before").expect("writable");
        fs::remove_file(house.data.path().join("audit-checkpoints.jsonl")).expect("removable");
        execute(&house.database, "DELETE FROM audit_witnesses").await;
        work_again(&house).await;
        assert_eq!(fs::read_to_string(&path).expect("readable"), "written before");
    }

    async fn without_the_right_key_nothing_is_kept_there_and_everything_here(database) {
        let folder = TempDir::new().expect("a folder");
        let endpoint = store(folder.path()).await;
        let house = house(database, endpoint, "another-secret").await;
        work(&house).await;
        assert_eq!(objects(folder.path()), [""; 0]);
        assert_eq!(read_checkpoints(&house.data.path().join("audit-checkpoints.jsonl")).expect("readable").checkpoints.len(), 1);
    }
}
