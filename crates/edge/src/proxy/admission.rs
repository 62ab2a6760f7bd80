//! What is refused before it is anybody's request: what two readers could understand differently, and what is too
//! large.

use foundation::{Code, Problem};
use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{HeaderValue, Method, Request};
use hyper::body::{Body, Incoming};

use crate::config::ServiceConfig;

/// The host that a request is for.
///
/// # Errors
/// When there is none, or anything else is not as clear as it must be for two readers, us and the target, to
/// understand the same.
pub(super) fn host<B>(request: &Request<B>) -> Result<&str, Problem> {
    let refuse = |detail: String| Problem::new(Code::MalformedRequest, detail);
    guard::ambiguity(request).map_err(refuse)?;
    let headers = request.headers();
    if matches!(*request.method(), Method::CONNECT | Method::TRACE) {
        let words = "This method is not passed on.";
        return Err(Problem::new(Code::MethodNotAllowed, words));
    }
    // RFC 9112, 6.1: somebody may be trying to smuggle a request.
    if headers.contains_key(TRANSFER_ENCODING) && headers.contains_key(CONTENT_LENGTH) {
        return Err(refuse("A request has either Content-Length or Transfer-Encoding.".to_owned()));
    }
    // What is packed as well would arrive as if it were not.
    let is_chunked = |coding: &HeaderValue| coding.as_bytes().eq_ignore_ascii_case(b"chunked");
    let mut codings = headers.get_all(TRANSFER_ENCODING).iter();
    if codings.next().is_some_and(|coding| !is_chunked(coding)) || codings.next().is_some() {
        return Err(refuse(
            "The only Transfer-Encoding that is understood here is chunked, once.".to_owned(),
        ));
    }
    // RFC 9112, 3.2.3: this form is for CONNECT.
    if request.uri().authority().is_some() && request.uri().scheme().is_none() {
        return Err(refuse("The address of a request begins with / or is a whole one.".to_owned()));
    }
    if has_dot_segment(request.uri().path()) {
        return Err(refuse("The path has . or .. in it; write it without them.".to_owned()));
    }
    guard::host(request).ok_or_else(|| refuse("The request names no host; send the header Host.".to_owned()))
}

/// A target may take a path with such parts for another one than we.
fn has_dot_segment(path: &str) -> bool {
    let is_dot = |segment: &str| {
        let dots = segment.replace("%2e", ".").replace("%2E", ".");
        dots == "." || dots == ".."
    };
    path.contains(['.', '%']) && path.split(['/', '\\']).any(is_dot)
}

/// Whether a body may be as large as it says it is.
///
/// # Errors
/// When it may not.
pub(super) fn check_size(request: &Request<Incoming>, config: &ServiceConfig) -> Result<(), Problem> {
    if request.body().size_hint().lower() > config.max_body_bytes {
        return Err(too_large(config.max_body_bytes));
    }
    Ok(())
}

pub(super) fn too_large(limit: u64) -> Problem {
    Problem::new(Code::BodyTooLarge, format!("The body must not be larger than {limit} bytes."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(method: &str, path: &str, headers: &[(&str, &str)]) -> Option<Code> {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        host(&request.body(()).expect("a request")).err().map(|problem| problem.code())
    }

    #[test]
    fn what_is_not_clear_is_refused() {
        let host = [("host", "example.org")].as_slice();
        assert_eq!(refused("GET", "/a/b.c?x=../y", host), None);
        assert_eq!(refused("GET", "/...", host), None);
        for path in ["/a/../b", "/a/.", "/a/%2e%2E/b", "/.%2e", "/a\\..\\b"] {
            assert_eq!(refused("GET", path, host), Some(Code::MalformedRequest), "{path}");
        }
        assert_eq!(refused("TRACE", "/", host), Some(Code::MethodNotAllowed));
        assert_eq!(refused("GET", "/", &[]), Some(Code::MalformedRequest));
        assert_eq!(refused("GET", "example.org", host), Some(Code::MalformedRequest));
        for codings in [["chunked", "chunked"].as_slice(), &["gzip, chunked"], &["cow"]] {
            let headers =
                codings.iter().map(|coding| ("transfer-encoding", *coding)).chain(host.iter().copied());
            let headers: Vec<_> = headers.collect();
            assert_eq!(refused("POST", "/", &headers), Some(Code::MalformedRequest), "{codings:?}");
        }
        let two = [("host", "example.org"), ("content-length", "3"), ("transfer-encoding", "chunked")];
        assert_eq!(refused("POST", "/", &two), Some(Code::MalformedRequest));
    }
}
