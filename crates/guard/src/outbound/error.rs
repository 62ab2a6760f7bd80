//! Why a request was not sent, or not answered as it should be, in words for operators.

use std::error::Error;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use http::StatusCode;
use thiserror::Error;

use super::patience;
use super::resolver::OutOfReach;

/// Why there is no answer. A host is named by its scheme, its name and its port, never with a path or a query string:
/// those carry secrets.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum OutboundError {
    /// No request goes to this host.
    #[error(
        "{host} is not among the hosts that may be asked; if it should be, name it in guard.outbound.allow"
    )]
    NotAllowed {
        /// Whom it is about, here and in what follows.
        host: String,
    },
    /// The URL has a user name or a password in it.
    #[error(
        "a URL with a user name or a password is not used, because URLs are written down; send {host} a header"
    )]
    CredentialsInUrl {
        /// The host.
        host: String,
    },
    /// It does not fit into HTTP.
    #[error("a request to {host} does not fit into HTTP and was not sent")]
    Unsendable {
        /// The host.
        host: String,
        /// What is wrong with it.
        source: Box<dyn Error + Send + Sync>,
    },
    /// The name leads into a network that is not open to everybody.
    #[error(
        "{host} leads into a network that is not open to everybody; if that is meant, name the network in \
         guard.outbound.allow_private"
    )]
    OutOfReach {
        /// The host.
        host: String,
    },
    /// It failed too often of late and was not asked.
    #[error("{host} failed several times in a row and is left alone for another {} s", wait.as_secs() + 1)]
    LeftAlone {
        /// The host.
        host: String,
        /// How long it is left alone.
        wait: Duration,
    },
    /// There is no connection, or it broke.
    #[error("{host} cannot be reached")]
    Unreachable {
        /// The host.
        host: String,
        /// What happened.
        source: Box<dyn Error + Send + Sync>,
    },
    /// Nobody that we trust says it is the host that was meant.
    #[error(
        "the certificate of {host} is not to be trusted; if an authority of your own signed it, name that in \
         guard.outbound.tls_ca_file"
    )]
    Untrusted {
        /// The host.
        host: String,
        /// What is wrong with it.
        source: Box<dyn Error + Send + Sync>,
    },
    /// It took too long.
    #[error("{host} took longer than guard.outbound.connect_timeout or guard.outbound.timeout allows")]
    TimedOut {
        /// The host.
        host: String,
    },
    /// It answered that it cannot answer.
    #[error("{host} answered {status}")]
    ServerError {
        /// The host.
        host: String,
        /// A status of 5xx, or one that HTTP does not know.
        status: StatusCode,
        /// How long it asks us to stay away.
        retry_after: Option<Duration>,
    },
    /// It sends us elsewhere.
    #[error("{host} answered {status}, which leads elsewhere; that is not followed")]
    Redirected {
        /// The host.
        host: String,
        /// A status of 3xx.
        status: StatusCode,
    },
    /// It says more than is taken.
    #[error("the answer of {host} is larger than {limit} bytes, which is guard.outbound.max_answer_bytes")]
    TooLarge {
        /// The host.
        host: String,
        /// The most that is taken.
        limit: usize,
    },
    /// The certificate authority of the settings is of no use.
    #[error("{}, which is named in guard.outbound.tls_ca_file, cannot be used", path.display())]
    Authority {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: Box<dyn Error + Send + Sync>,
    },
    /// There is nobody to be trusted.
    #[error("no TLS: install the public certificate authorities (the package ca-certificates)")]
    NoTls(#[source] Box<dyn Error + Send + Sync>),
}

impl OutboundError {
    /// What the client said went wrong between us and a host. Its own words about the URL are left out.
    pub(super) fn of(host: &str, error: reqwest::Error) -> Self {
        let (host, error) = (host.to_owned(), error.without_url());
        if find::<OutOfReach>(&error).is_some() {
            Self::OutOfReach { host }
        } else if let Some(tls @ rustls::Error::InvalidCertificate(_)) = find(&error) {
            Self::Untrusted { host, source: tls.clone().into() }
        } else if error.is_builder() {
            Self::Unsendable { host, source: error.into() }
        } else if error.is_timeout() {
            Self::TimedOut { host }
        } else {
            Self::Unreachable { host, source: error.into() }
        }
    }

    /// Whether the host did not do its part.
    pub(super) fn is_failure_of_host(&self) -> bool {
        use OutboundError::{ServerError, TimedOut, Unreachable, Untrusted};
        matches!(self, Unreachable { .. } | Untrusted { .. } | TimedOut { .. } | ServerError { .. })
    }

    /// How long to wait before trying again what is harmless to repeat; `None` where that will not help.
    pub(super) fn pause(&self, usual: Duration) -> Option<Duration> {
        match self {
            Self::Unreachable { .. } | Self::TimedOut { .. } => Some(usual),
            Self::ServerError { retry_after, .. } => patience::as_asked(usual, *retry_after),
            _ => None,
        }
    }
}

/// The first error of a type among the causes. An I/O error hides the one it was made from behind its own name.
fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    let hidden = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    let found = error.downcast_ref().or_else(|| find::<T>(hidden?));
    found.or_else(|| find(error.source()?))
}
