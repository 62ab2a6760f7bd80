//! An SMTP server that speaks TLS with a certificate of a test's own, and tells all that it hears.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{BasicConstraints, Certificate, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufStream};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;
use tokio_rustls::rustls::{ClientConfig, RootCertStore, ServerConfig};
use tokio_rustls::{TlsAcceptor, TlsConnector};

/// When the server speaks TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tls {
    FromTheStart,
    AfterStarttls,
    /// It does not even offer it, as somebody in between would have it.
    Never,
}

/// What the server noticed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// A line that everybody on the way could read.
    InClear(String),
    /// A line of the dialogue within TLS, the mail's included.
    Sealed(String),
    /// The client did not like the certificate; its words.
    Refused(String),
    /// The client has gone.
    Gone,
}

/// An authority that only those know who have its file.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        Self(CertifiedIssuer::self_signed(params, key).expect("an authority"))
    }

    /// Its certificate, as operators have it.
    pub(crate) fn file(&self, folder: &Path) -> PathBuf {
        let path = folder.join("authority.pem");
        std::fs::write(&path, self.0.pem()).expect("written");
        path
    }

    /// A certificate for a name, and its key, in PEM.
    pub(crate) fn issue(&self, name: &str) -> [String; 2] {
        let (certificate, key) = self.sign(name);
        [certificate.pem(), key.serialize_pem()]
    }

    /// A client that trusts nobody else.
    pub(crate) fn connector(&self) -> TlsConnector {
        let mut roots = RootCertStore::empty();
        roots.add(self.0.der().clone()).expect("an authority");
        let config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
        TlsConnector::from(Arc::new(config))
    }

    fn sign(&self, name: &str) -> (Certificate, KeyPair) {
        let key = KeyPair::generate().expect("a key");
        let params = CertificateParams::new([name.to_owned()]).expect("a name");
        (params.signed_by(&key, &self.0).expect("a certificate"), key)
    }

    fn acceptor(&self, name: &str) -> TlsAcceptor {
        let (certificate, key) = self.sign(name);
        let key = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
        let config = ServerConfig::builder().with_no_client_auth();
        let config = config.with_single_cert(vec![certificate.der().clone()], key).expect("they fit");
        TlsAcceptor::from(Arc::new(config))
    }
}

/// A running server; its task ends with the test's runtime.
pub(crate) struct SmtpServer {
    pub(crate) port: u16,
    heard: UnboundedReceiver<Heard>,
}

impl SmtpServer {
    /// Starts one whose certificate is for `name`.
    pub(crate) async fn start(authority: &Authority, name: &str, tls: Tls) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        let (tell, heard) = unbounded_channel();
        let acceptor = authority.acceptor(name);
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                // Whoever goes away in the middle has gone.
                let _ = attend(connection, &acceptor, tls, &tell).await;
                let _ = tell.send(Heard::Gone);
            }
        });
        Self { port, heard }
    }

    /// All that happened up to this.
    pub(crate) async fn heard_until(&mut self, last: &Heard) -> Vec<Heard> {
        let mut all = Vec::new();
        while all.last() != Some(last) {
            all.push(self.heard.recv().await.expect("the server listens"));
        }
        all
    }
}

async fn attend(
    connection: TcpStream,
    acceptor: &TlsAcceptor,
    tls: Tls,
    tell: &UnboundedSender<Heard>,
) -> std::io::Result<()> {
    let connection = if tls == Tls::FromTheStart {
        connection
    } else {
        let mut plain = BufStream::new(connection);
        let offers = if tls == Tls::Never { "250 here\r\n" } else { "250-here\r\n250 STARTTLS\r\n" };
        if !dialogue(&mut plain, "220 here\r\n", offers, |line| _ = tell.send(Heard::InClear(line))).await? {
            return Ok(());
        }
        plain.into_inner()
    };
    let greeting = if tls == Tls::FromTheStart { "220 here\r\n" } else { "" };
    match acceptor.accept(connection).await {
        Ok(sealed) => {
            let (mut sealed, offers) = (BufStream::new(sealed), "250-here\r\n250 AUTH PLAIN\r\n");
            dialogue(&mut sealed, greeting, offers, |line| _ = tell.send(Heard::Sealed(line))).await?;
        }
        Err(error) => _ = tell.send(Heard::Refused(error.to_string())),
    }
    Ok(())
}

/// Talks until the client leaves, or until it asks for TLS: then the answer is true.
async fn dialogue<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut BufStream<S>,
    greeting: &str,
    offers: &str,
    hear: impl Fn(String),
) -> std::io::Result<bool> {
    let mut in_mail = false;
    stream.write_all(greeting.as_bytes()).await?;
    stream.flush().await?;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(false);
        }
        let line = line.trim_end().to_owned();
        let word = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        hear(line.clone());
        let answer = match word.as_str() {
            "." if in_mail => {
                in_mail = false;
                "250 taken\r\n"
            }
            _ if in_mail => continue,
            "EHLO" => offers,
            "STARTTLS" => "220 go on\r\n",
            "AUTH" => "235 welcome\r\n",
            "DATA" => {
                in_mail = true;
                "354 go on\r\n"
            }
            "QUIT" => "221 farewell\r\n",
            _ => "250 fine\r\n",
        };
        stream.write_all(answer.as_bytes()).await?;
        stream.flush().await?;
        if word == "STARTTLS" {
            return Ok(true);
        }
    }
}
