//! Certificates by ACME, from a real authority: Pebble, which Let's Encrypt tests clients with.

use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use edge::{AcmeConfig, Config, TlsConfig};
use foundation::config::Period;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use tempfile::TempDir;
use tokio::net::{TcpStream, UdpSocket};
use tokio::process::{Child, Command};

use crate::authority::{Authority, shake_hands, shown, trusting};
use crate::gate::{FOREVER, Gate, listener, service};
use crate::target;

const DOMAINS: [&str; 2] = ["one.example", "two.example"];

/// An authority that looks for proofs at one port of this machine, whatever the domain.
struct Pebble {
    directory: String,
    manager: String,
    _process: Child,
    _folder: TempDir,
}

impl Pebble {
    async fn start(authority: &Authority, tls: SocketAddr) -> Self {
        let [address, manager] =
            [listener().await, listener().await].map(|listener| listener.local_addr().expect("an address"));
        let own = authority.issue("pebble", &["localhost"]);
        let settings = serde_json::json!({ "pebble": {
            "listenAddress": address.to_string(),
            "managementListenAddress": manager.to_string(),
            "certificate": own.certificate,
            "privateKey": own.key,
            "httpPort": 9,
            "tlsPort": tls.port(),
        }});
        let folder = TempDir::new().expect("a folder");
        let file = folder.path().join("pebble.json");
        fs::write(&file, settings.to_string()).expect("written");
        let process = Command::new("pebble")
            .arg("-strict")
            .arg("-config")
            .arg(file)
            .args(["-dnsserver", &names().await.to_string()])
            // It waits as long as real ones do, if it is let.
            .env("PEBBLE_VA_NOSLEEP", "1")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("Pebble is installed: apt-get install pebble");
        for address in [address, manager] {
            while TcpStream::connect(address).await.is_err() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
        let url = |address: SocketAddr, path| format!("https://localhost:{}{path}", address.port());
        let (directory, manager) = (url(address, "/dir"), url(manager, ""));
        Self { directory, manager, _process: process, _folder: folder }
    }

    /// The certificate that everything it gives goes back to.
    async fn root(&self, authority: &Authority) -> CertificateDer<'static> {
        #[expect(clippy::disallowed_methods, reason = "the client of the tests")]
        let client = reqwest::Client::builder();
        let own = reqwest::Certificate::from_pem(&fs::read(authority.file()).expect("read")).expect("PEM");
        let client = client.no_proxy().tls_certs_only([own]).build().expect("a client");
        let root = client.get(format!("{}/roots/0", self.manager)).send().await.expect("an answer");
        CertificateDer::from_pem_slice(&root.bytes().await.expect("whole")).expect("a certificate")
    }
}

/// Says of every name that it is this machine's.
async fn names() -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").await.expect("a port");
    let address = socket.local_addr().expect("an address");
    tokio::spawn(async move {
        let mut query = [0; 1500];
        while let Ok((size, from)) = socket.recv_from(&mut query).await {
            let answer = answer(&query[..size]);
            let _ = socket.send_to(&answer, from).await;
        }
    });
    address
}

/// RFC 1035, 4: the number and the question as they were, and an address if it was asked for one.
fn answer(query: &[u8]) -> Vec<u8> {
    let end = 12 + query[12..].iter().position(|byte| *byte == 0).expect("a name") + 5;
    let question = &query[12..end];
    let is_for_address = question.ends_with(&[0, 1, 0, 1]);
    let mut answer =
        [&query[..2], &[0x81, 0x80, 0, 1, 0, u8::from(is_for_address), 0, 0, 0, 0], question].concat();
    if is_for_address {
        answer.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1]);
    }
    answer
}

async fn config(authority: &Authority, pebble: &Pebble) -> Config {
    let acme = AcmeConfig {
        domains: DOMAINS.map(str::to_owned).into(),
        directory: pebble.directory.parse().expect("a URL"),
        contact: vec!["ops@one.example".to_owned()],
        agree_to_terms: true,
        ca_file: Some(authority.file()),
    };
    let listen = vec!["127.0.0.1:443".parse().expect("an address")];
    let tls = TlsConfig { listen, acme, reload_every: Period::SECOND, ..TlsConfig::default() };
    let app = service(&[target::mirror().await]);
    Config { services: [("app".to_owned(), app)].into(), tls, ..Config::default() }
}

/// Until a client that trusts nobody else is content.
async fn is_trusted(gate: &Gate, root: &CertificateDer<'static>, domain: &str) -> CertificateDer<'static> {
    loop {
        let client = trusting(root.clone(), &["h2"], rustls::ALL_VERSIONS);
        if let Ok(stream) = shake_hands(gate, client, domain).await {
            return shown(&stream);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn certificates_are_got_and_kept() {
    let (authority, tls) = (Authority::new(), listener().await);
    let folder = Arc::new(TempDir::new().expect("a folder"));
    let pebble = Pebble::start(&authority, tls.local_addr().expect("an address")).await;
    let (config, root) = (config(&authority, &pebble).await, pebble.root(&authority).await);
    let gate = Gate::with_listener(config.clone(), &[], Arc::clone(&folder), tls).await;
    let mut got = Vec::new();
    for domain in DOMAINS {
        let trusted = tokio::time::timeout(FOREVER, is_trusted(&gate, &root, domain));
        got.push(trusted.await.expect("a certificate"));
    }
    assert_ne!(got[0], got[1]);
    // What an authority is shown is not shown for longer than it looks.
    let client = trusting(root.clone(), &["acme-tls/1"], rustls::ALL_VERSIONS);
    shake_hands(&gate, client, DOMAINS[0]).await.expect_err("refused");
    gate.close().await;

    let kept =
        fs::read_dir(folder.path().join("acme")).expect("a folder").next().expect("one").expect("read");
    let mut files: Vec<_> =
        fs::read_dir(kept.path()).expect("a folder").map(|file| file.expect("read")).collect();
    files.sort_by_key(fs::DirEntry::file_name);
    let names: Vec<_> = files.iter().map(fs::DirEntry::file_name).collect();
    assert_eq!(names, ["account.json", "one.example.pem", "two.example.pem"]);
    for file in files {
        assert_eq!(file.metadata().expect("there").permissions().mode() & 0o777, 0o600);
    }

    // Nobody is asked for what is there already.
    drop(pebble);
    let gate = Gate::with_folder(config, &[], folder).await;
    for (domain, got) in DOMAINS.iter().zip(got) {
        assert_eq!(is_trusted(&gate, &root, domain).await, got);
    }
}
