//! A Redis of a test's own, which it may kill.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;
use tokio::net::TcpStream;

use crate::{free_port, until};

/// A Redis; it ends when dropped.
pub struct RedisServer {
    port: u16,
    options: Vec<String>,
    child: Child,
    folder: TempDir,
}

impl RedisServer {
    /// A server on a free port.
    pub async fn start() -> Self {
        Self::with(&[]).await
    }

    /// A server with further options.
    pub async fn with(options: &[&str]) -> Self {
        let (port, folder) = (free_port().await, TempDir::new().expect("a folder"));
        let options: Vec<_> = options.iter().map(|&option| option.to_owned()).collect();
        let child = spawn(port, &options, folder.path());
        let server = Self { port, options, child, folder };
        server.listens().await;
        server
    }

    /// A server that speaks TLS and nothing else, and the certificate that it shows.
    pub async fn with_tls(options: &[&str]) -> (Self, Vec<u8>) {
        let folder = TempDir::new().expect("a folder");
        let path = |name: &str| folder.path().join(name).display().to_string();
        let (certificate, key) = (path("server.crt"), path("server.key"));
        let mut openssl = Command::new("openssl");
        openssl.args(["req", "-x509", "-days", "2", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]);
        openssl.args(["-nodes", "-subj", "/CN=127.0.0.1", "-keyout", &key, "-out", &certificate]);
        openssl.args(["-addext", "subjectAltName=IP:127.0.0.1"]);
        openssl.args(["-addext", "basicConstraints=critical,CA:FALSE"]);
        assert!(openssl.stderr(Stdio::null()).status().expect("openssl is installed").success());

        let port = free_port().await;
        let tls = port.to_string();
        let mut all = vec!["--tls-port", &tls, "--tls-cert-file", &certificate, "--tls-key-file", &key];
        all.extend(["--tls-auth-clients", "no", "--tls-ca-cert-file", &certificate]);
        all.extend(options);
        let options: Vec<_> = all.iter().map(|&option| option.to_owned()).collect();
        let pem = std::fs::read(&certificate).expect("a certificate");
        let server = Self { port, child: spawn(0, &options, folder.path()), options, folder };
        server.listens().await;
        (server, pem)
    }

    /// Host and port.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Where it is.
    pub fn url(&self) -> String {
        format!("redis://{}", self.address())
    }

    /// Ends it at once, with all it knows.
    pub fn kill(&mut self) {
        self.child.kill().expect("it ran");
        self.child.wait().expect("it ends");
    }

    /// Starts it again where it was; it has forgotten everything.
    pub async fn start_again(&mut self) {
        self.child = spawn(self.port, &self.options, self.folder.path());
        self.listens().await;
    }

    /// Makes it fall silent, with all its connections open.
    pub fn freeze(&self) {
        let mut kill = Command::new("kill");
        let done = kill.args(["-STOP", &self.child.id().to_string()]).status().expect("kill is installed");
        assert!(done.success());
    }

    async fn listens(&self) {
        let address = SocketAddr::from(([127, 0, 0, 1], self.port));
        until("Redis", async || TcpStream::connect(address).await.ok()).await;
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(port: u16, options: &[String], folder: &Path) -> Child {
    let mut server = Command::new("redis-server");
    server.args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--dir"]).arg(folder);
    server.args(options).stdout(Stdio::null()).spawn().expect("redis-server is installed")
}
