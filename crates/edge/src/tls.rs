//! TLS as the gate speaks it: 1.3 and 1.2, HTTP/2 before HTTP/1.1, and for each client the certificate of the name it
//! asks for.

mod acme;
mod certificate;
mod files;
mod keyring;

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use foundation::Ambient;
use foundation::config::{Mistake, Mistakes};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::version::{TLS12, TLS13};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tokio_util::sync::CancellationToken;

use crate::config::TlsConfig;
use acme::Acme;
use files::Watched;
use keyring::Keyring;

const HTTP_2: &[u8] = b"h2";
const HTTP_1: &[u8] = b"http/1.1";
/// What authorities speak that look whether a domain leads here (RFC 8737, 4).
const PROOF: &[u8] = b"acme-tls/1";

/// What both ends have agreed to speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spoken {
    /// Also when the client has not said what it speaks.
    Http1,
    Http2,
    /// Nothing: all there is to see has been seen.
    Proof,
}

/// The gate's end of TLS.
pub(crate) struct Tls {
    acceptor: TlsAcceptor,
    handshake_timeout: Duration,
    keyring: Arc<Keyring>,
    files: Vec<Watched>,
    reload_every: Duration,
    acme: Option<Acme>,
    ambient: Ambient,
}

impl Tls {
    /// Reads the certificates; those that an authority gives are kept in a folder. None when HTTPS is not listened for.
    ///
    /// # Errors
    /// Every file that cannot be used.
    pub(crate) fn build(
        config: &TlsConfig,
        folder: &Path,
        ambient: &Ambient,
    ) -> Result<Option<Self>, Mistakes> {
        if config.listen.is_empty() {
            return Ok(None);
        }
        let (files, certificates) = files::read_all(&config.certificates, ambient)?;
        let keyring = Arc::new(Keyring::new(certificates));
        let acme = Acme::build(&config.acme, folder, Arc::clone(&keyring), ambient)?;
        let server = server_config(Arc::clone(&keyring), acme.is_some()).map_err(|error| {
            Mistakes(vec![Mistake::new("edge.tls", format!("TLS cannot be spoken here ({error})"))])
        })?;
        Ok(Some(Self {
            acceptor: TlsAcceptor::from(Arc::new(server)),
            handshake_timeout: config.handshake_timeout.into(),
            keyring,
            files,
            reload_every: config.reload_every.into(),
            acme,
            ambient: ambient.clone(),
        }))
    }

    /// Agrees on TLS with a client.
    ///
    /// # Errors
    /// When that cannot be done, or takes too long.
    pub(crate) async fn accept<S>(&self, stream: S) -> io::Result<(TlsStream<S>, Spoken)>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let accepted = tokio::time::timeout(self.handshake_timeout, self.acceptor.accept(stream)).await;
        let stream = accepted.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))?;
        let spoken = match stream.get_ref().1.alpn_protocol() {
            Some(HTTP_2) => Spoken::Http2,
            Some(PROOF) => Spoken::Proof,
            _ => Spoken::Http1,
        };
        Ok((stream, spoken))
    }

    /// Keeps the certificates fresh until `stop`.
    pub(crate) async fn tend(&self, stop: CancellationToken) {
        let reload = files::watch(self.files.clone(), self.reload_every, &self.keyring, &self.ambient);
        let acme = async {
            if let Some(acme) = &self.acme {
                acme.tend().await;
            }
        };
        stop.run_until_cancelled(async { tokio::join!(reload, acme) }).await;
    }
}

impl std::fmt::Debug for Tls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tls").field("keyring", &self.keyring).finish_non_exhaustive()
    }
}

fn server_config(keyring: Arc<Keyring>, proves: bool) -> Result<ServerConfig, rustls::Error> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&TLS13, &TLS12])?
        .with_no_client_auth()
        .with_cert_resolver(keyring);
    let protocols = [HTTP_2, HTTP_1].into_iter().chain(proves.then_some(PROOF));
    config.alpn_protocols = protocols.map(<[u8]>::to_vec).collect();
    // A client that comes again to this process need not be proved anything anew. Data before the end of the handshake is
    // not taken: it could be sent twice by somebody else.
    config.ticketer = aws_lc_rs::Ticketer::new()?;
    Ok(config)
}
