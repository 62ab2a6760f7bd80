//! A gate that is open, and how to talk to it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use edge::{Config, Control, Edge, EdgeError, Listeners, ServiceConfig};
use foundation::Ambient;
use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::target;

/// Whatever takes longer will not happen any more.
pub(crate) const FOREVER: Duration = Duration::from_secs(30);

/// A gate at a free port.
pub(crate) struct Gate {
    pub(crate) address: SocketAddr,
    /// Where it speaks TLS, if it does.
    pub(crate) tls: SocketAddr,
    pub(crate) control: Control,
    stop: CancellationToken,
    serving: JoinHandle<Result<(), EdgeError>>,
    _folder: Arc<TempDir>,
}

impl Gate {
    /// In front of one application.
    pub(crate) async fn before(service: ServiceConfig) -> Self {
        Self::open(Config { services: [("app".to_owned(), service)].into(), ..Config::default() }, &[]).await
    }

    /// In front of a target that answers to everything.
    pub(crate) async fn before_target(address: SocketAddr) -> Self {
        Self::before(service(&[address])).await
    }

    pub(crate) async fn open(config: Config, trusted_proxies: &[&str]) -> Self {
        Self::with_folder(config, trusted_proxies, Arc::new(TempDir::new().expect("a folder"))).await
    }

    pub(crate) async fn with_folder(config: Config, trusted_proxies: &[&str], folder: Arc<TempDir>) -> Self {
        let tls = listener().await;
        Self::with_all(config, trusted_proxies, folder, tls, Ambient::system()).await
    }

    /// Speaks TLS at a socket that is there already.
    pub(crate) async fn with_listener(
        config: Config,
        trusted_proxies: &[&str],
        folder: Arc<TempDir>,
        tls: TcpListener,
    ) -> Self {
        Self::with_all(config, trusted_proxies, folder, tls, Ambient::system()).await
    }

    /// In a time of its own.
    pub(crate) async fn with_ambient(
        config: Config,
        trusted_proxies: &[&str],
        folder: Arc<TempDir>,
        ambient: Ambient,
    ) -> Self {
        let tls = listener().await;
        Self::with_all(config, trusted_proxies, folder, tls, ambient).await
    }

    async fn with_all(
        config: Config,
        trusted_proxies: &[&str],
        folder: Arc<TempDir>,
        tls: TcpListener,
        ambient: Ambient,
    ) -> Self {
        let plain = listener().await;
        let [address, tls_address] =
            [&plain, &tls].map(|listener| listener.local_addr().expect("an address"));
        let trusted = trusted_proxies.iter().map(|network| network.parse().expect("a network")).collect();
        let stop = CancellationToken::new();
        let edge = Edge::build(config, trusted, folder.path(), ambient, None).expect("a gate");
        let listeners = Listeners { plain: vec![plain], tls: vec![tls] };
        let serving = tokio::spawn(edge.serve(listeners, Vec::new(), stop.clone()));
        Self {
            address,
            tls: tls_address,
            control: Control::of(folder.path()),
            stop,
            serving,
            _folder: folder,
        }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.expect("a connection")
    }

    /// Sends bytes as they are over a connection of their own, and gives everything that comes back until it is closed.
    pub(crate) async fn raw(&self, bytes: impl AsRef<[u8]>) -> String {
        let mut stream = self.connect().await;
        // Whoever is refused in the middle need not be able to say more.
        let _ = stream.write_all(bytes.as_ref()).await;
        rest(&mut stream).await
    }

    /// Closes it, and waits until it is closed.
    pub(crate) async fn close(self) {
        self.stop.cancel();
        let served = tokio::time::timeout(FOREVER, self.serving).await.expect("closed");
        served.expect("did not panic").expect("served to its end");
    }
}

/// Everything that comes until the connection is closed.
pub(crate) async fn rest(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut bytes = Vec::new();
    let read = tokio::time::timeout(FOREVER, stream.read_to_end(&mut bytes)).await;
    // What came before a connection is cut off counts, too.
    let _ = read.expect("the connection is closed");
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The head of the next answer.
pub(crate) async fn head(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        let byte = tokio::time::timeout(FOREVER, stream.read_u8()).await.expect("in time");
        bytes.push(byte.expect("the head of an answer"));
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Waits until something is so.
pub(crate) async fn until(is_so: impl AsyncFn() -> bool) {
    let waiting = async {
        while !is_so().await {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(FOREVER, waiting).await.expect("it will never be so");
}

pub(crate) async fn listener() -> TcpListener {
    target::port().await.0
}

/// An application that runs at these addresses.
pub(crate) fn service(blue: &[SocketAddr]) -> ServiceConfig {
    let blue = blue.iter().map(|address| address.to_string().parse().expect("an address")).collect();
    ServiceConfig { blue, ..ServiceConfig::default() }
}

/// A client that neither follows redirects nor asks a proxy.
pub(crate) fn client() -> reqwest::Client {
    #[expect(clippy::disallowed_methods, reason = "the client of the tests")]
    let builder = reqwest::Client::builder();
    builder.no_proxy().redirect(reqwest::redirect::Policy::none()).build().expect("a client")
}
