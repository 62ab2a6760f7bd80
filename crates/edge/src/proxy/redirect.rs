//! Plain HTTP that leads to HTTPS.

use std::fmt::Write as _;

use foundation::{Code, Problem};
use http::{HeaderValue, Method, Request, Response, StatusCode, header};

use super::body::Body;
use crate::config::{Config, ServiceConfig};

/// Where those who prove that a name is theirs look for the proof (RFC 8555, 8.3): never over HTTPS at first.
const PROOFS: &str = "/.well-known/acme-challenge/";
const USUAL_PORT: u16 = 443;

/// Whether plain HTTP leads to HTTPS, and to which port.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Redirect(Option<u16>);

impl Redirect {
    /// As it is configured.
    pub(crate) fn new(config: &Config) -> Self {
        let tls = &config.tls;
        let port = || tls.public_port.or_else(|| Some(tls.listen.first()?.port())).unwrap_or(USUAL_PORT);
        Self(tls.redirect_to_https.then(port))
    }

    /// The answer to a request that has come in the clear; none to one that may.
    ///
    /// # Errors
    /// When the request carries something: that has been sent in the clear, and must be noticed.
    pub(super) fn answer<B>(
        self,
        host: &str,
        request: &Request<B>,
        config: &ServiceConfig,
    ) -> Result<Option<Response<Body>>, Problem> {
        let Some(port) = self.0 else { return Ok(None) };
        let path = request.uri().path();
        let is_check = config.health.path.as_deref() == Some(path);
        if is_check || path.starts_with(PROOFS) {
            return Ok(None);
        }
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return Err(Problem::new(Code::Forbidden, "This address takes requests by https only."));
        }
        Ok(Some(lead(host, port, request)))
    }
}

fn lead<B>(host: &str, port: u16, request: &Request<B>) -> Response<Body> {
    let name = guard::without_port(host);
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let location = match port {
        USUAL_PORT => format!("https://{name}{path}"),
        port => format!("https://{name}:{port}{path}"),
    };
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::PERMANENT_REDIRECT;
    if let Ok(location) = HeaderValue::from_str(&in_ascii(&location)) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

/// Some clients send letters as they are that belong into an address only in disguise (RFC 3986, 2.1).
fn in_ascii(address: &str) -> String {
    let mut ascii = String::with_capacity(address.len());
    for byte in address.bytes() {
        if byte.is_ascii() {
            ascii.push(char::from(byte));
        } else {
            let _ = write!(ascii, "%{byte:02X}");
        }
    }
    ascii
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_led_to_whatever_letters_it_has() {
        let request = Request::builder().uri("/h\u{fc}tte?q=\u{e9}").body(()).expect("a request");
        let answer = lead("example.org:8080", 8443, &request);
        assert_eq!(answer.headers()[header::LOCATION], "https://example.org:8443/h%C3%BCtte?q=%C3%A9");
    }
}
