//! What follows from the answer of a server that decides. Pure.

use http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_TYPE, LOCATION, SET_COOKIE,
    VARY, WWW_AUTHENTICATE,
};
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, Version};

/// What a client gets of an answer that does not let it pass: who it should be, where to go, and what describes the body.
const GIVEN: [HeaderName; 9] = [
    CACHE_CONTROL,
    CONTENT_ENCODING,
    CONTENT_LANGUAGE,
    CONTENT_LENGTH,
    CONTENT_TYPE,
    LOCATION,
    SET_COOKIE,
    VARY,
    WWW_AUTHENTICATE,
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Passes,
    /// The answer is the client's.
    IsAnswered,
    /// It decides nothing.
    None,
}

pub(super) fn of(status: StatusCode) -> Verdict {
    match status.as_u16() {
        200..=299 => Verdict::Passes,
        301 | 302 | 303 | 307 | 308 | 401 | 403 => Verdict::IsAnswered,
        _ => Verdict::None,
    }
}

/// Hands the application what it may get. What a client has said under these names is gone by now; here it goes once more,
/// so that nothing of it stays beside what the server says.
pub(super) fn pass_on(answer: &HeaderMap, passed: &[HeaderName], headers: &mut HeaderMap) {
    for name in passed {
        headers.remove(name);
        for value in answer.get_all(name) {
            headers.append(name, value.clone());
        }
    }
}

/// The answer as the client gets it.
pub(super) fn to_client<B>(answer: Response<B>) -> Response<B> {
    let (mut head, body) = answer.into_parts();
    let mut given = HeaderMap::new();
    for name in &GIVEN {
        for value in head.headers.get_all(name) {
            given.append(name, value.clone());
        }
    }
    // It is about one person.
    given.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    head.headers = given;
    head.version = Version::default();
    head.extensions.clear();
    Response::from_parts(head, body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_clear_answer_decides() {
        for (status, verdict) in [
            (200, Verdict::Passes),
            (204, Verdict::Passes),
            (302, Verdict::IsAnswered),
            (307, Verdict::IsAnswered),
            (401, Verdict::IsAnswered),
            (403, Verdict::IsAnswered),
            (300, Verdict::None),
            (304, Verdict::None),
            (400, Verdict::None),
            (404, Verdict::None),
            (429, Verdict::None),
            (500, Verdict::None),
            (503, Verdict::None),
        ] {
            assert_eq!(of(StatusCode::from_u16(status).expect("a status")), verdict, "{status}");
        }
    }

    #[test]
    fn a_client_gets_no_more_than_it_needs() {
        let answer = Response::builder()
            .status(401)
            .header("set-cookie", "a=1")
            .header("set-cookie", "b=2")
            .header("www-authenticate", "Basic")
            .header("connection", "keep-alive")
            .header("x-internal", "1")
            .body(())
            .expect("an answer");
        let headers = to_client(answer).headers().clone();
        assert_eq!(headers.get_all("set-cookie").iter().count(), 2);
        assert_eq!(headers["www-authenticate"], "Basic");
        assert_eq!(headers["cache-control"], "no-store");
        assert_eq!(headers.len(), 4);
    }

    #[test]
    fn an_application_gets_what_is_named_and_only_from_there() {
        let answer: HeaderMap = [("x-user-id", "7"), ("x-other", "1")]
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .into_iter()
            .collect();
        let names = ["x-user-id", "x-role"].map(HeaderName::from_static);
        let mut headers = HeaderMap::new();
        headers.insert("x-role", HeaderValue::from_static("admin"));
        pass_on(&answer, &names, &mut headers);
        assert_eq!(headers.len(), 1);
        assert_eq!(headers["x-user-id"], "7");
    }
}
