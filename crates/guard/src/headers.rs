//! The security headers of every answer, from one table. What is public is for answers of other applications, too.
//!
//! Sources: OWASP Secure Headers Project; W3C Content Security Policy 3, Trusted Types, Permissions Policy; RFC 6797.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderMap, HeaderValue, header};

/// What the answers below a path need.
struct Needs {
    /// The path itself and everything below it.
    below: &'static str,
    content_security_policy: &'static str,
    /// Sent when the answer has no `Cache-Control` of its own.
    cache_control: Option<&'static str>,
}

/// Where browsers report what a policy forbade. Not by the newer `report-to`: all browsers know `report-uri`, and Chromium
/// sends at once by it, and over plain HTTP not at all by the other, which would take its place.
macro_rules! reported {
    ($policy:literal) => {
        concat!($policy, "; report-uri /api/csp-report")
    };
}

/// The first row that fits counts.
const TABLE: &[Needs] = &[
    Needs {
        below: "/api",
        content_security_policy: reported!(
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        ),
        cache_control: Some("no-store"),
    },
    Needs {
        below: "/docs",
        // Swagger UI writes HTML into the page, so Trusted Types cannot be required here.
        content_security_policy: reported!(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
             connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        ),
        cache_control: None,
    },
    Needs {
        below: "/",
        content_security_policy: reported!(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
             connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; \
             frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
        ),
        cache_control: None,
    },
];

/// What the body is, is said and not guessed.
pub const NO_SNIFFING: (&str, &str) = ("x-content-type-options", "nosniff");

/// No page shows ours inside itself.
pub const NO_FRAMES: (&str, &str) = ("x-frame-options", "DENY");

/// Nothing is told to other sites. Not `no-referrer`: it makes browsers send `Origin: null` with our own forms, which the
/// CSRF rule must refuse (Fetch standard, "append a request Origin header").
pub const NO_REFERRER_ELSEWHERE: (&str, &str) = ("referrer-policy", "same-origin");

/// On every answer, whatever its path.
const ALWAYS: &[(&str, &str)] = &[
    NO_SNIFFING,
    NO_FRAMES,
    NO_REFERRER_ELSEWHERE,
    (
        "permissions-policy",
        "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), geolocation=(), \
         gyroscope=(), hid=(), idle-detection=(), magnetometer=(), microphone=(), midi=(), payment=(), serial=(), \
         usb=(), xr-spatial-tracking=()",
    ),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    // The policies above load nothing from elsewhere, so isolation costs nothing and keeps other sites' data out of
    // our process (Spectre).
    ("cross-origin-embedder-policy", "require-corp"),
];

macro_rules! two_years {
    ($and:literal) => {
        concat!("max-age=63072000", $and)
    };
}

/// Two years, the least that browsers' preload lists recommend.
pub const HSTS: &str = two_years!("; includeSubDomains");

/// The same, for a host whose subdomains are not ours to promise anything for.
pub const HSTS_OF_ONE_HOST: &str = two_years!("");

/// Names of the software that answers help nobody but attackers.
pub const NEVER: &[&str] = &["server", "x-powered-by"];

/// The layer. `https`: whether people reach us over TLS; RFC 6797 section 7.2 forbids the promise otherwise.
pub(crate) async fn add(State(https): State<bool>, request: Request, next: Next) -> Response {
    let needs = needs(request.uri().path());
    let mut response = next.run(request).await;
    dress(response.headers_mut(), needs, https);
    response
}

fn needs(path: &str) -> &'static Needs {
    let found = TABLE.iter().find(|needs| is_below(path, needs.below));
    // `*` and the like are no paths; they get what a page gets.
    found.or(TABLE.last()).expect("the table is not empty")
}

/// Whether a path is `above` or below it; `/apix` is not below `/api`.
pub(crate) fn is_below(path: &str, above: &str) -> bool {
    let rest = path.strip_prefix(above.trim_end_matches('/'));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Handlers cannot weaken what stands in the table.
fn dress(headers: &mut HeaderMap, needs: &Needs, https: bool) {
    for (name, value) in ALWAYS {
        headers.insert(*name, HeaderValue::from_static(value));
    }
    let policy = HeaderValue::from_static(needs.content_security_policy);
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    if https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(HSTS));
    }
    if let Some(value) = needs.cache_control {
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static(value));
    }
    for name in NEVER {
        headers.remove(*name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_row_is_found_by_whole_path_segments() {
        for (path, below) in [
            ("/", "/"),
            ("/login", "/"),
            ("/api", "/api"),
            ("/api/auth/login", "/api"),
            ("/api//x", "/api"),
            ("/apix", "/"),
            ("/x/api", "/"),
            ("/docs", "/docs"),
            ("/docs/index.css", "/docs"),
            ("/docsy", "/"),
            ("*", "/"),
            ("", "/"),
        ] {
            assert_eq!(needs(path).below, below, "{path}");
        }
    }

    // `default-src` stands for `object-src`, and not for `base-uri`.
    // ASVS 1.3.2, 3.4.3, 3.4.6, 3.4.7, 14.2.3
    #[test]
    fn no_policy_may_contain_a_loophole() {
        for needs in TABLE {
            let policy = needs.content_security_policy;
            assert!(policy.starts_with("default-src 'none'; "), "{policy}");
            for needed in ["base-uri 'none'", "frame-ancestors 'none'", "form-action "] {
                assert!(policy.contains(&format!("; {needed}")), "{needed} not in {policy}");
            }
            assert!(!policy.contains("object-src"), "{policy}");
            assert!(policy.ends_with("; report-uri /api/csp-report"), "{policy}");
            for loophole in ["unsafe-", "*", "http:", "https:", "blob:", "  "] {
                assert!(!policy.contains(loophole), "{loophole} in {policy}");
            }
        }
    }

    #[test]
    fn a_handler_can_choose_its_caching_but_not_weaken_the_rest() {
        let mut headers = HeaderMap::new();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("max-age=60"));
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src *"));
        headers.insert(header::SERVER, HeaderValue::from_static("mainstay"));
        dress(&mut headers, needs("/api/crypto"), false);
        assert_eq!(headers[header::CACHE_CONTROL], "max-age=60");
        let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().expect("text");
        assert_eq!(policy, needs("/api").content_security_policy);
        assert!(!headers.contains_key(header::SERVER));
    }

    // ASVS 3.4.1
    #[test]
    fn transport_security_is_promised_only_over_tls() {
        for https in [true, false] {
            let mut headers = HeaderMap::new();
            dress(&mut headers, needs("/"), https);
            assert_eq!(headers.contains_key(header::STRICT_TRANSPORT_SECURITY), https);
        }
    }
}
