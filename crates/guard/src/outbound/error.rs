//! Why a request was not sent, or not answered as it should be, in words for operators.

use std::error::Error;
use std::io;
use std::path::PathBuf;

use http::StatusCode;
use thiserror::Error;

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
    #[error("a request to {host} cannot be written down")]
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
}

/// The first error of a type among the causes. An I/O error hides the one it was made from behind its own name.
fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    let hidden = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    let found = error.downcast_ref().or_else(|| find::<T>(hidden?));
    found.or_else(|| find(error.source()?))
}
