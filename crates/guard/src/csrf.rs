//! Refuses requests that another site made a browser send (cross-site request forgery).
//!
//! [`decide`] is the whole rule, on paper: first the browser's own word (`Sec-Fetch-Site`, W3C Fetch Metadata), then
//! the `Origin` header (RFC 6454), and, for clients that send neither, a token bound to the session (the "signed
//! double submit" of OWASP's CSRF cheat sheet, without the second cookie).

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::hmac;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use foundation::{Code, Problem};
use http::{HeaderMap, Method, header};

use crate::cookies::{self, Presented};
use crate::origin::{Origins, Whose};
use crate::sanity;

/// The header that carries the token.
pub const CSRF_HEADER: &str = "x-csrf-token";

/// The key that binds CSRF tokens to sessions. Rotating it only asks open pages for a fresh token.
#[derive(Clone)]
pub struct CsrfKey(Arc<hmac::Key>);

impl CsrfKey {
    /// A key of 32 secret bytes that serve no other purpose.
    pub fn new(bytes: &[u8; 32]) -> Self {
        Self(Arc::new(hmac::Key::new(hmac::HMAC_SHA256, bytes)))
    }

    /// The token that belongs to a session: the HMAC-SHA256 (RFC 2104) of the session cookie's value, in base64url.
    /// It needs no storage, and is worthless with any other session.
    pub fn token_for(&self, session_cookie: &str) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(hmac::sign(&self.0, session_cookie.as_bytes()))
    }

    /// Whether a token belongs to a session. Takes the same time wherever the first difference is.
    fn accepts(&self, token: &str, session_cookie: &str) -> bool {
        BASE64_URL_SAFE_NO_PAD
            .decode(token)
            .is_ok_and(|tag| hmac::verify(&self.0, session_cookie.as_bytes(), &tag).is_ok())
    }
}

impl fmt::Debug for CsrfKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CsrfKey([REDACTED])")
    }
}

/// What a request tells about where it comes from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) method: &'a Method,
    /// The value of `Sec-Fetch-Site`. Pages cannot set or remove it.
    pub(crate) fetch_site: Option<&'a str>,
    /// Whether there is an `Origin` header, and whether it names us.
    pub(crate) origin: Option<Whose>,
    /// Whether there is a session cookie, the only credential a browser attaches by itself.
    pub(crate) session: bool,
    /// Whether there is an `Authorization: Bearer` header, which no page can add across sites without our consent.
    pub(crate) bearer: bool,
    /// Whether there is a token that belongs to the session.
    pub(crate) token: bool,
}

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    Allow,
    CrossSite,
    TokenRequired,
}

/// Decides whether a request may change something.
///
/// Sign-in is covered without a session: a browser that is made to sign in as somebody else sends the same headers.
pub(crate) fn decide(asked: Asked<'_>) -> Decision {
    let Asked { method, fetch_site, origin, session, bearer, token } = asked;
    // RFC 9110 section 9.2.1: these change nothing, and no handler of ours may break that.
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE) {
        return Decision::Allow;
    }
    match (fetch_site, origin) {
        (_, Some(Whose::Foreign)) => Decision::CrossSite,
        // `none`: the person did it, from the address bar or a bookmark.
        (Some("same-origin" | "none"), _) | (None, Some(Whose::Ours)) => Decision::Allow,
        // `same-site` is refused as well: a neighbouring subdomain is not us.
        (Some(_), _) => Decision::CrossSite,
        // No browser of this decade gets here: a script, an API client, or something that hides where it is from.
        (None, None) if !session || bearer || token => Decision::Allow,
        (None, None) => Decision::TokenRequired,
    }
}

/// What [`check`] needs to know.
#[derive(Debug, Clone)]
pub(crate) struct Rules {
    pub(crate) origins: Origins,
    pub(crate) key: CsrfKey,
    pub(crate) session_cookie: String,
}

/// The layer: reads the headers, decides, answers.
pub(crate) async fn check(
    State(rules): State<Arc<Rules>>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    match rules.decide(&request)? {
        Decision::Allow => Ok(next.run(request).await),
        Decision::CrossSite => Err(Problem::new(
            Code::CrossSiteRequest,
            "The browser says that another site sent this request, so it was not carried out. If you were on this \
             site, ask its operator to add this site's address to the setting `origins`.",
        )),
        Decision::TokenRequired => Err(Problem::new(
            Code::CsrfTokenRequired,
            "A request with a session cookie that does not say where it comes from needs the session's token in \
             the header X-CSRF-Token, or credentials in the header Authorization instead of the cookie.",
        )),
    }
}

impl Rules {
    fn decide(&self, request: &Request) -> Result<Decision, Problem> {
        let headers = request.headers();
        let session = match cookies::presented(headers, &self.session_cookie) {
            Presented::None => None,
            Presented::Once(value) => Some(value),
            Presented::Twice => {
                let detail =
                    "The session cookie was sent more than once. Clear this site's cookies and try again.";
                return Err(Problem::new(Code::MalformedRequest, detail));
            }
        };
        let host = sanity::host(request);
        let asked = Asked {
            method: request.method(),
            fetch_site: headers.get("sec-fetch-site").map(|value| value.to_str().unwrap_or("?")),
            origin: self.origins.named(headers, host),
            session: session.is_some(),
            bearer: has_bearer(headers),
            token: session.is_some_and(|session| {
                let token = headers.get(CSRF_HEADER).and_then(|value| value.to_str().ok());
                token.is_some_and(|token| self.key.accepts(token, &session))
            }),
        };
        Ok(decide(asked))
    }
}

/// Basic and Negotiate credentials do not count: browsers attach those by themselves.
fn has_bearer(headers: &HeaderMap) -> bool {
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    value.and_then(bearer).is_some()
}

/// The credentials in the value of a header `Authorization`, if they are a bearer token (RFC 6750 section 2.1).
pub fn bearer(value: &str) -> Option<&str> {
    let (scheme, credentials) = value.split_once(' ')?;
    let credentials = credentials.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !credentials.is_empty()).then_some(credentials)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Decision::{Allow, CrossSite, TokenRequired};
    use Whose::{Foreign, Ours};

    const POST: Asked<'static> = Asked {
        method: &Method::POST,
        fetch_site: None,
        origin: None,
        session: false,
        bearer: false,
        token: false,
    };

    // ASVS 3.5.1
    #[test]
    fn the_table() {
        // Sec-Fetch-Site, Origin, session cookie, bearer, valid token
        #[rustfmt::skip]
        let table = [
            (Some("same-origin"), None,          true,  false, false, Allow),
            (Some("same-origin"), Some(Ours),    true,  false, false, Allow),
            (Some("same-origin"), Some(Foreign), true,  false, false, CrossSite),
            (Some("same-origin"), Some(Foreign), true,  true,  true,  CrossSite),
            (Some("none"),        None,          true,  false, false, Allow),
            (Some("none"),        Some(Ours),    true,  false, false, Allow),
            (Some("none"),        Some(Foreign), false, false, false, CrossSite),
            (Some("same-site"),   None,          true,  false, false, CrossSite),
            (Some("same-site"),   Some(Ours),    true,  true,  true,  CrossSite),
            (Some("cross-site"),  None,          true,  false, false, CrossSite),
            (Some("cross-site"),  None,          false, false, false, CrossSite),
            (Some("cross-site"),  Some(Ours),    true,  true,  true,  CrossSite),
            (Some("Same-Origin"), Some(Ours),    true,  true,  true,  CrossSite),
            (Some(""),            Some(Ours),    true,  true,  true,  CrossSite),
            (Some("unheard-of"),  None,          true,  true,  true,  CrossSite),
            (None,                Some(Ours),    true,  false, false, Allow),
            (None,                Some(Ours),    false, false, false, Allow),
            (None,                Some(Foreign), true,  false, false, CrossSite),
            (None,                Some(Foreign), true,  true,  true,  CrossSite),
            (None,                Some(Foreign), false, false, false, CrossSite),
            (None,                None,          false, false, false, Allow),
            (None,                None,          false, true,  false, Allow),
            (None,                None,          true,  false, false, TokenRequired),
            (None,                None,          true,  false, true,  Allow),
            (None,                None,          true,  true,  false, Allow),
        ];
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::CONNECT, custom()] {
            for (fetch_site, origin, session, bearer, token, expected) in table {
                let asked = Asked { method: &method, fetch_site, origin, session, bearer, token };
                assert_eq!(decide(asked), expected, "{asked:?}");
            }
        }
    }

    fn custom() -> Method {
        Method::from_bytes(b"PURGE").expect("a method")
    }

    #[test]
    fn safe_methods_pass_wherever_they_come_from() {
        for method in [Method::GET, Method::HEAD, Method::OPTIONS, Method::TRACE] {
            let asked =
                Asked { method: &method, fetch_site: Some("cross-site"), origin: Some(Foreign), ..POST };
            assert_eq!(decide(Asked { session: true, ..asked }), Allow, "{method}");
        }
    }

    #[test]
    fn a_token_belongs_to_one_session_and_one_key() {
        let key = CsrfKey::new(&[7; 32]);
        let token = key.token_for("session-a");
        assert!(key.accepts(&token, "session-a"));
        assert!(!key.accepts(&token, "session-b"));
        assert!(!CsrfKey::new(&[8; 32]).accepts(&token, "session-a"));
        for wrong in ["", "a", &token[1..], &format!("{token}="), &format!("{token}A"), &token.to_lowercase()]
        {
            assert!(!key.accepts(wrong, "session-a"), "{wrong}");
        }
    }

    // ASVS 11.2.3, 11.4.1, 11.4.3
    #[test]
    fn a_token_is_the_hmac_that_other_tools_compute() {
        // printf value | openssl dgst -sha256 -mac HMAC -macopt hexkey:$(printf '07%.0s' {1..32}) -binary | base64
        assert_eq!(CsrfKey::new(&[7; 32]).token_for("value"), "Gidep6BqHjKzycWxD-NC8MfUZF4pGiAZgM3jxf8Vz3M");
    }

    #[test]
    fn debug_output_must_not_contain_the_key() {
        assert_eq!(format!("{:?}", CsrfKey::new(&[7; 32])), "CsrfKey([REDACTED])");
    }

    #[test]
    fn only_bearer_credentials_count() {
        for (value, expected) in [
            ("Bearer x", true),
            ("bearer x", true),
            ("Bearer ", false),
            ("Bearer", false),
            ("Basic eDp5", false),
        ] {
            let headers = HeaderMap::from_iter([(header::AUTHORIZATION, value.parse().expect("a value"))]);
            assert_eq!(has_bearer(&headers), expected, "{value}");
        }
        assert!(!has_bearer(&HeaderMap::new()));
    }
}
