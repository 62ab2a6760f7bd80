//! What passes without anybody asking who it is from. Pure.

use http::request::Parts;
use http::{Method, header};

/// Paths, and what browsers ask before they send what a page wants.
#[derive(Debug)]
pub(super) struct Exempt {
    paths: Vec<String>,
    allows_preflight: bool,
}

impl Exempt {
    pub(super) fn new(paths: &[String], allows_preflight: bool) -> Self {
        let path = |path: &String| path.trim_end_matches('/').to_owned();
        Self { paths: paths.iter().map(path).collect(), allows_preflight }
    }

    pub(super) fn covers(&self, head: &Parts) -> bool {
        let path = head.uri.path();
        let is_below = |above: &String| {
            path.strip_prefix(above.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        (self.allows_preflight && is_preflight(head)) || (self.paths.iter().any(is_below) && is_plain(path))
    }
}

/// CORS (Fetch standard): the browser has no way to send anybody's token with it.
fn is_preflight(head: &Parts) -> bool {
    let has = |name| head.headers.contains_key(name);
    head.method == Method::OPTIONS && has(header::ORIGIN) && has(header::ACCESS_CONTROL_REQUEST_METHOD)
}

/// Whether an application can only understand the same path as we: some undo `%2f` before they look for `..`, leave out
/// what stands behind a `;`, or take `\` for `/`, and so come to where we would have asked for a token.
fn is_plain(path: &str) -> bool {
    let bytes = path.as_bytes();
    let is_odd = |byte: u8| matches!(byte, b'\\' | b';' | 0..=b' ' | 0x7f);
    let hides_something = |at: usize| {
        let decoded = bytes
            .get(at + 1..at + 3)
            .and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        decoded.is_none_or(|byte| is_odd(byte) && byte != b' ' || matches!(byte, b'/' | b'.' | b'%'))
    };
    let is_doubled = bytes.windows(2).any(|two| two == b"//");
    !is_doubled
        && bytes
            .iter()
            .enumerate()
            .all(|(at, byte)| !is_odd(*byte) && (*byte != b'%' || !hides_something(at)))
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn covers(exempt: &Exempt, method: &str, path: &str, headers: &[(&str, &str)]) -> bool {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        exempt.covers(&request.body(()).expect("a request").into_parts().0)
    }

    #[test]
    fn a_path_and_what_is_below_it() {
        let exempt = Exempt::new(&["/login".to_owned(), "/assets/".to_owned()], false);
        for path in
            ["/login", "/login?next=/admin", "/login/", "/login/x.y", "/assets/a%20b%C3%BC.css", "/assets"]
        {
            assert!(covers(&exempt, "GET", path, &[]), "{path}");
        }
        for path in ["/", "/loginx", "/Login", "/x/login", "/asset", "//login"] {
            assert!(!covers(&exempt, "GET", path, &[]), "{path}");
        }
    }

    // ASVS 2.2.2
    #[test]
    fn a_path_that_could_be_understood_otherwise_is_not_exempt() {
        let exempt = Exempt::new(&["/login".to_owned()], false);
        for path in [
            "/login/..%2fadmin",
            "/login%2f..%2fadmin",
            "/login/..;/admin",
            "/login;x/admin",
            "/login/..\\admin",
            "/login/%5c..%5cadmin",
            "/login//admin",
            "/login/%252e%252e/admin",
            "/login/%2e%2e/admin",
            "/login/%00",
            "/login/%zz",
            "/login/%2",
            "/login/%",
        ] {
            let is_exempt = path.parse::<http::Uri>().is_ok() && covers(&exempt, "GET", path, &[]);
            assert!(!is_exempt, "{path}");
        }
    }

    #[test]
    fn a_preflight_is_exempt_only_where_that_is_wanted() {
        let question = [("origin", "https://a.example"), ("access-control-request-method", "PUT")];
        let (strict, open) = (Exempt::new(&[], false), Exempt::new(&[], true));
        assert!(!covers(&strict, "OPTIONS", "/", &question));
        assert!(covers(&open, "OPTIONS", "/", &question));
        assert!(!covers(&open, "OPTIONS", "/", &question[..1]));
        assert!(!covers(&open, "POST", "/", &question));
    }
}
