//! Encrypted, and to nobody but the host that was meant.

use std::path::Path;
use std::sync::Arc;

use foundation::Ambient;
use guard::outbound::{Outbound, OutboundError};
use http::StatusCode;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;

use super::kit::{built, get, here, post, refused, told, words};

/// An authority that nobody else knows.
struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        Self { issuer: CertifiedIssuer::self_signed(params, key).expect("an authority") }
    }

    /// Its certificate, as operators have it.
    fn file(&self, folder: &Path) -> std::path::PathBuf {
        let path = folder.join("authority.pem");
        std::fs::write(&path, self.issuer.pem()).expect("written");
        path
    }

    /// Serves over TLS with a certificate of this authority; the port.
    async fn serve(&self, params: CertificateParams) -> u16 {
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        let key = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .expect("they fit");
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                // Who does not like the certificate goes away.
                let Ok(mut connection) = acceptor.accept(connection).await else { continue };
                let _ = connection.read(&mut [0; 4096]).await;
                let _ = connection.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
            }
        });
        port
    }
}

/// A way out to this machine by both of its names, which trusts an authority.
fn trusting(authority: Option<&Authority>, port: u16) -> Outbound {
    let folder = tempfile::tempdir().expect("a folder");
    let mut config = here(&[format!("localhost:{port}"), format!("127.0.0.1:{port}")]);
    config.tls_ca_file = authority.map(|authority| authority.file(folder.path()));
    built(&config)
}

fn names(names: &[&str]) -> CertificateParams {
    CertificateParams::new(names.iter().map(ToString::to_string).collect::<Vec<_>>()).expect("names")
}

// ASVS 12.3.1
#[tokio::test]
async fn a_host_that_a_trusted_authority_vouches_for_is_asked() {
    let authority = Authority::new("ours");
    let port = authority.serve(names(&["localhost", "127.0.0.1"])).await;
    let outbound = trusting(Some(&authority), port);
    for host in ["localhost", "127.0.0.1"] {
        let outcome = outbound.send(get(&format!("https://{host}:{port}/"))).await;
        assert_eq!(told(outcome), Ok(StatusCode::OK), "{host}");
    }
}

/// Refused at once, although it is a request that may be repeated: that would change nothing.
async fn untrusted(outbound: Outbound, url: &str, reason: &str) {
    let error = refused(&outbound, get(url)).await;
    assert!(matches!(error, OutboundError::Untrusted { .. }), "{error:?}");
    let words = words(&error);
    assert!(words.contains("guard.outbound.tls_ca_file") && words.contains(reason), "{words}");
}

// ASVS 12.3.2
#[tokio::test]
async fn a_host_that_nobody_known_vouches_for_is_refused() {
    let (authority, another) = (Authority::new("ours"), Authority::new("another"));
    let port = authority.serve(names(&["localhost"])).await;
    let url = format!("https://localhost:{port}/");
    untrusted(trusting(None, port), &url, "UnknownIssuer").await;
    untrusted(trusting(Some(&another), port), &url, "UnknownIssuer").await;
}

// ASVS 12.3.2
#[tokio::test]
async fn a_host_with_the_certificate_of_another_is_refused() {
    let authority = Authority::new("ours");
    let port = authority.serve(names(&["localhost"])).await;
    untrusted(trusting(Some(&authority), port), &format!("https://127.0.0.1:{port}/"), "not valid for name")
        .await;
}

// ASVS 12.3.2
#[tokio::test]
async fn a_certificate_of_the_past_is_refused() {
    let authority = Authority::new("ours");
    let mut params = names(&["localhost"]);
    params.not_after = rcgen::date_time_ymd(2020, 1, 1);
    let port = authority.serve(params).await;
    untrusted(trusting(Some(&authority), port), &format!("https://localhost:{port}/"), "expired").await;
}

/// The first words of a TLS client: the suites that it offers, and all.
async fn hello() -> (Vec<u16>, Vec<u8>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = listener.local_addr().expect("bound").port();
    let outbound = trusting(None, port);
    let asking =
        tokio::spawn(async move { outbound.send(post(&format!("https://localhost:{port}/"))).await });
    let (mut connection, _) = listener.accept().await.expect("a client");
    let mut header = [0; 5];
    connection.read_exact(&mut header).await.expect("a header");
    let mut hello = vec![0; usize::from(u16::from_be_bytes([header[3], header[4]]))];
    connection.read_exact(&mut hello).await.expect("a hello");
    asking.abort();
    // Behind the type, the length, a version, 32 bytes of chance and the session stand the suites (RFC 8446 4.1.2).
    let after_session = 4 + 2 + 32 + 1 + usize::from(hello[38]);
    let (length, suites) = hello[after_session..].split_at(2);
    let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
    let suites = suites[..length].chunks(2).map(|two| u16::from_be_bytes([two[0], two[1]]));
    (suites.collect(), hello)
}

// ASVS 12.1.1, 12.1.2 - to other hosts
#[tokio::test]
async fn only_tls_1_2_and_1_3_are_offered_and_only_suites_with_forward_secrecy() {
    let (suites, hello) = hello().await;
    let versions = [0, 43, 0, 5, 4, 3, 4, 3, 3]; // the extension 43: 1.3 and 1.2
    assert!(hello.windows(versions.len()).any(|window| window == versions), "{hello:x?}");
    let of_tls_1_3 = [0x1301, 0x1302, 0x1303];
    let with_ecdhe = [0xc02b, 0xc02c, 0xc02f, 0xc030, 0xcca8, 0xcca9];
    let no_renegotiation = [0x00ff];
    let good = [of_tls_1_3.as_slice(), &with_ecdhe, &no_renegotiation].concat();
    assert!(suites.len() > 3 && suites.iter().all(|suite| good.contains(suite)), "{suites:x?}");
}

#[test]
fn an_authority_that_is_of_no_use_is_named_at_the_start() {
    let folder = tempfile::tempdir().expect("a folder");
    let (empty, broken) = (folder.path().join("empty.pem"), folder.path().join("broken.pem"));
    std::fs::write(&empty, "no certificate").expect("written");
    std::fs::write(&broken, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
        .expect("written");
    for (file, why) in [
        (folder.path().join("missing.pem"), "No such file"),
        (empty, "there is no certificate in it"),
        (broken, "BadEncoding"),
    ] {
        let mut config = here(&["localhost".into()]);
        config.tls_ca_file = Some(file.clone());
        let error = Outbound::build(&config, Ambient::system()).expect_err("of no use");
        assert!(matches!(&error, OutboundError::Authority { path, .. } if *path == file), "{error:?}");
        assert!(
            words(&error).contains("cannot be used: ") && words(&error).contains(why),
            "{}",
            words(&error)
        );
    }
}
