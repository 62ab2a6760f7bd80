//! An authority of the tests' own: the certificates it gives, and clients that trust it.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::sync::Arc;

use edge::{CertificateFiles, Config, ServiceConfig, TlsConfig};
use foundation::config::Period;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion};
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::gate::Gate;

pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    own: CertificateDer<'static>,
    folder: TempDir,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new([]).expect("no names");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let own = params.self_signed(&key).expect("signed");
        let folder = TempDir::new().expect("a folder");
        fs::write(folder.path().join("authority.pem"), own.pem()).expect("written");
        Self { issuer: Issuer::new(params, key), own: own.der().clone(), folder }
    }

    /// Writes a certificate for some names, and its key, into two files.
    pub(crate) fn issue(&self, file: &str, names: &[&str]) -> CertificateFiles {
        let files = self.files(file);
        let key = KeyPair::generate().expect("a key");
        let names: Vec<_> = names.iter().map(ToString::to_string).collect();
        let params = CertificateParams::new(names).expect("names");
        let certificate = params.signed_by(&key, &self.issuer).expect("signed");
        fs::write(&files.certificate, certificate.pem()).expect("written");
        fs::write(&files.key, key.serialize_pem()).expect("written");
        fs::set_permissions(&files.key, fs::Permissions::from_mode(0o600)).expect("allowed");
        files
    }

    pub(crate) fn files(&self, file: &str) -> CertificateFiles {
        let path = |kind| self.folder.path().join(format!("{file}.{kind}"));
        CertificateFiles { certificate: path("pem"), key: path("key") }
    }

    /// The file of its own certificate.
    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("authority.pem")
    }

    /// A gate that speaks TLS as `app.example`, with everything else as it comes.
    pub(crate) async fn gate(&self, service: ServiceConfig) -> Gate {
        Gate::open(self.config(service), &[]).await
    }

    pub(crate) fn config(&self, service: ServiceConfig) -> Config {
        let tls = TlsConfig {
            listen: vec!["127.0.0.1:443".parse().expect("an address")],
            certificates: vec![self.issue("app", &["app.example"])],
            reload_every: Period::SECOND,
            ..TlsConfig::default()
        };
        Config { services: [("app".to_owned(), service)].into(), tls, ..Config::default() }
    }

    /// A client that speaks these protocols, in these versions of TLS.
    pub(crate) fn client(
        &self,
        protocols: &[&str],
        versions: &[&'static SupportedProtocolVersion],
    ) -> ClientConfig {
        trusting(self.own.clone(), protocols, versions)
    }

    /// Connects to a gate, and asks for a name.
    pub(crate) async fn connect(&self, gate: &Gate, name: &str, protocols: &[&str]) -> TlsStream<TcpStream> {
        let client = self.client(protocols, rustls::ALL_VERSIONS);
        shake_hands(gate, client, name).await.expect("agreed")
    }
}

/// A client that trusts one authority.
pub(crate) fn trusting(
    authority: CertificateDer<'static>,
    protocols: &[&str],
    versions: &[&'static SupportedProtocolVersion],
) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.add(authority).expect("an authority");
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider);
    let builder = builder.with_protocol_versions(versions).expect("versions");
    let mut config = builder.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.as_bytes().to_vec()).collect();
    config
}

pub(crate) async fn shake_hands(
    gate: &Gate,
    client: ClientConfig,
    name: &str,
) -> std::io::Result<TlsStream<TcpStream>> {
    let stream = TcpStream::connect(gate.tls).await?;
    let name = ServerName::try_from(name.to_owned()).expect("a name");
    TlsConnector::from(Arc::new(client)).connect(name, stream).await
}

/// The certificate that a client was shown.
pub(crate) fn shown(stream: &TlsStream<TcpStream>) -> CertificateDer<'static> {
    let (_, session) = stream.get_ref();
    session.peer_certificates().expect("one")[0].clone().into_owned()
}
