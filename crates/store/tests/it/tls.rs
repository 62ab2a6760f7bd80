//! The way to PostgreSQL: encrypted, and to nobody but the server that was meant.

use std::path::PathBuf;

use store::{Config, Location, Store, StoreError, TlsPolicy};
use testkit::TestDatabase;

use crate::rooms::{notes, number};

/// Opens the database of a test again, with every certificate verified.
async fn open_verified(url: &str, ca: Option<PathBuf>) -> Result<Store, StoreError> {
    let mut config = Config::default();
    (config.postgres.max_connections, config.postgres.min_connections) = (2, 0);
    (config.postgres.tls, config.postgres.tls_ca_file) = (TlsPolicy::Verify, ca);
    Store::build(&Location::parse(&url.into()).expect("a URL"), &config, false).await
}

// ASVS 12.3.1
#[tokio::test]
async fn a_verified_connection_is_encrypted() {
    let database = TestDatabase::postgres(&store::Migrations::of(notes())).await;
    let store = open_verified(&database.url, Some(testkit::postgres_authority())).await.expect("trusted");
    let encrypted = "SELECT COUNT(*) AS n FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl";
    assert_eq!(number(store.reader(), encrypted).await.expect("reads"), 1);
}

// ASVS 12.3.2
#[tokio::test]
async fn a_server_with_an_unknown_certificate_is_refused() {
    let database = TestDatabase::postgres(&store::Migrations::of(notes())).await;
    let error = open_verified(&database.url, None).await.expect_err("nobody vouches for it");
    assert!(error.to_string().to_lowercase().contains("certificate"), "{error}");
}

// ASVS 12.3.2
#[tokio::test]
async fn a_server_with_the_certificate_of_another_is_refused() {
    let database = TestDatabase::postgres(&store::Migrations::of(notes())).await;
    // The certificate is for 127.0.0.1, not for this name of the same server.
    let url = database.url.replace("127.0.0.1", "localhost");
    let error =
        open_verified(&url, Some(testkit::postgres_authority())).await.expect_err("another's certificate");
    assert!(error.to_string().to_lowercase().contains("certificate"), "{error}");
}
