//! HTTPS: which certificate, which version, and what happens when files change.

use std::fs;

use edge::{Config, TlsConfig};
use http::StatusCode;
use rustls::ProtocolVersion;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::version::{TLS12, TLS13};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::authority::{Authority, shake_hands, shown};
use crate::gate::{FOREVER, Gate, client, head, rest, service};
use crate::target;

const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nhost: app.example\r\n\r\n";
const CLOSING: &[u8] = b"GET / HTTP/1.1\r\nhost: app.example\r\nconnection: close\r\n\r\n";

#[tokio::test]
async fn a_request_over_tls_is_told_to_be_one() {
    let authority = Authority::new();
    let gate = authority.gate(service(&[target::mirror().await])).await;
    for protocols in [["http/1.1"].as_slice(), &[]] {
        let mut stream = authority.connect(&gate, "app.example", protocols).await;
        stream.write_all(CLOSING).await.expect("sent");
        let answer = rest(&mut stream).await;
        assert!(answer.contains("x-forwarded-proto: https"), "{answer}");
        assert!(answer.contains("forwarded: for=127.0.0.1;host=\"app.example\";proto=https"), "{answer}");
    }
    gate.close().await;
}

#[tokio::test]
async fn both_versions_are_spoken_and_a_client_that_comes_again_is_known() {
    let authority = Authority::new();
    let gate = authority.gate(service(&[target::mirror().await])).await;
    for (version, number) in [(&TLS12, ProtocolVersion::TLSv1_2), (&TLS13, ProtocolVersion::TLSv1_3)] {
        let config = authority.client(&["http/1.1"], &[version]);
        for is_known in [false, true] {
            let mut stream = shake_hands(&gate, config.clone(), "app.example").await.expect("agreed");
            assert_eq!(stream.get_ref().1.protocol_version(), Some(number));
            stream.write_all(CLOSING).await.expect("sent");
            assert!(rest(&mut stream).await.starts_with("HTTP/1.1 200 OK"));
            let kind = stream.get_ref().1.handshake_kind().expect("shaken");
            assert_eq!(kind == rustls::HandshakeKind::Resumed, is_known, "{number:?}");
        }
    }
}

#[tokio::test]
async fn what_is_older_is_refused() {
    let authority = Authority::new();
    let gate = authority.gate(service(&[target::mirror().await])).await;
    for minor in [0, 1, 2] {
        // A greeting of SSL 3.0, TLS 1.0 and TLS 1.1: no other version is offered.
        let mut hello = vec![3, minor];
        hello.extend([7; 32]);
        hello.extend([0, 0, 4, 0xc0, 0x09, 0xc0, 0x13, 1, 0]);
        let (groups, signatures) = ([0, 10, 0, 4, 0, 2, 0, 23], [0, 13, 0, 4, 0, 2, 4, 3]);
        hello.extend([0, 16].iter().chain(&groups).chain(&signatures));
        let mut message = vec![1, 0, 0, u8::try_from(hello.len()).expect("short")];
        message.extend(hello);
        let mut record = vec![22, 3, minor, 0, u8::try_from(message.len()).expect("short")];
        record.extend(message);
        let mut stream = TcpStream::connect(gate.tls).await.expect("a connection");
        stream.write_all(&record).await.expect("sent");
        let mut answer = Vec::new();
        let read = tokio::time::timeout(FOREVER, stream.read_to_end(&mut answer)).await;
        read.expect("closed").expect("read");
        // An alert (21), fatal (2): protocol_version (70).
        assert_eq!((answer.first(), &answer[5..]), (Some(&21), [2, 70].as_slice()), "{minor}");
    }
}

#[tokio::test]
async fn who_speaks_no_http_is_refused() {
    let authority = Authority::new();
    let gate = authority.gate(service(&[target::mirror().await])).await;
    let config = authority.client(&["spdy/3"], rustls::ALL_VERSIONS);
    let error = shake_hands(&gate, config, "app.example").await.expect_err("refused");
    assert!(error.to_string().contains("NoApplicationProtocol"), "{error}");
}

#[tokio::test]
async fn a_client_gets_the_certificate_of_the_name_it_asks_for() {
    let authority = Authority::new();
    let mut config = authority.config(service(&[target::mirror().await]));
    config.tls.certificates.push(authority.issue("wild", &["*.app.example"]));
    let gate = Gate::open(config, &[]).await;
    for (name, file) in [("app.example", "app"), ("one.app.example", "wild"), ("two.app.example", "wild")] {
        let stream = authority.connect(&gate, name, &["http/1.1"]).await;
        assert_eq!(shown(&stream), certificate(&authority, file), "{name}");
    }
    let client = authority.client(&["http/1.1"], rustls::ALL_VERSIONS);
    let error = shake_hands(&gate, client, "other.example").await.expect_err("not its name");
    assert!(error.to_string().contains("not valid for name"), "{error}");
}

#[tokio::test]
async fn a_certificate_is_changed_under_open_connections() {
    let authority = Authority::new();
    let gate = authority.gate(service(&[target::mirror().await])).await;
    let mut old = authority.connect(&gate, "app.example", &["http/1.1"]).await;
    old.write_all(REQUEST).await.expect("sent");
    let before = shown(&old);
    authority.issue("app", &["app.example"]);
    assert_ne!(certificate(&authority, "app"), before);
    tokio::time::timeout(FOREVER, is_shown(&authority, &gate, "app.example", "app")).await.expect("taken");
    assert!(head(&mut old).await.starts_with("HTTP/1.1 200 OK"));
    old.write_all(CLOSING).await.expect("sent");
    assert!(rest(&mut old).await.contains("HTTP/1.1 200 OK"));
}

#[tokio::test]
async fn a_pair_that_does_not_fit_changes_nothing() {
    let authority = Authority::new();
    let mut config = authority.config(service(&[target::mirror().await]));
    config.tls.certificates.push(authority.issue("other", &["other.example"]));
    let gate = Gate::open(config, &[]).await;
    let before = certificate(&authority, "app");
    let next = authority.issue("next", &["app.example"]);
    fs::copy(&next.certificate, authority.files("app").certificate).expect("copied");
    // Both pairs are looked at together: when the change of this one is seen, the other has been seen, too.
    authority.issue("other", &["other.example"]);
    tokio::time::timeout(FOREVER, is_shown(&authority, &gate, "other.example", "other"))
        .await
        .expect("taken");
    assert_eq!(shown(&authority.connect(&gate, "app.example", &["http/1.1"]).await), before);
    fs::copy(&next.key, authority.files("app").key).expect("copied");
    tokio::time::timeout(FOREVER, is_shown(&authority, &gate, "app.example", "app")).await.expect("taken");
}

#[tokio::test]
async fn plain_http_leads_to_https() {
    let authority = Authority::new();
    let mut app = service(&[target::mirror().await]);
    app.health.path = Some("/health".to_owned());
    let mut config = authority.config(app);
    config.tls = TlsConfig { redirect_to_https: true, public_port: Some(8443), ..config.tls };
    let gate = Gate::open(config, &[]).await;
    let ask = async |method: &str, path: &str| {
        let method = method.parse().expect("a method");
        client()
            .request(method, gate.url(path))
            .header("host", "app.example:8000")
            .send()
            .await
            .expect("an answer")
    };
    for method in ["GET", "HEAD"] {
        let answer = ask(method, "/a%20b?c=d").await;
        assert_eq!(answer.status(), StatusCode::PERMANENT_REDIRECT);
        assert_eq!(answer.headers()["location"], "https://app.example:8443/a%20b?c=d");
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
        assert_eq!(answer.headers()["referrer-policy"], "same-origin");
        // RFC 6797, 7.2
        assert!(!answer.headers().contains_key("strict-transport-security"));
    }
    for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
        assert_eq!(ask(method, "/").await.status(), StatusCode::FORBIDDEN, "{method}");
    }
    for path in ["/health", "/.well-known/acme-challenge/token"] {
        assert_eq!(ask("GET", path).await.status(), StatusCode::OK, "{path}");
    }
    let mut stream = authority.connect(&gate, "app.example", &["http/1.1"]).await;
    stream.write_all(REQUEST).await.expect("sent");
    assert!(head(&mut stream).await.starts_with("HTTP/1.1 200 OK"));
}

#[tokio::test]
async fn what_a_trusted_proxy_has_got_by_https_is_led_nowhere() {
    let authority = Authority::new();
    let mut config = authority.config(service(&[target::mirror().await]));
    config.tls.redirect_to_https = true;
    for (trusted, status) in
        [([].as_slice(), StatusCode::PERMANENT_REDIRECT), (&["127.0.0.1/32"], StatusCode::OK)]
    {
        let gate = Gate::open(Config { ..config.clone() }, trusted).await;
        let sent = client().get(gate.url("/")).header("x-forwarded-proto", "https").send();
        assert_eq!(sent.await.expect("an answer").status(), status);
    }
}

/// Until a fresh client is shown what is in a file now.
async fn is_shown(authority: &Authority, gate: &Gate, name: &str, file: &str) {
    while shown(&authority.connect(gate, name, &["http/1.1"]).await) != certificate(authority, file) {}
}

fn certificate(authority: &Authority, file: &str) -> CertificateDer<'static> {
    CertificateDer::from_pem_file(authority.files(file).certificate).expect("a certificate")
}
