//! What a server that decides is told of a request. Pure.

use http::header::{HOST, USER_AGENT};
use http::request::Parts;
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Uri};

use super::super::Arrival;
use crate::upstream::RequestBody;

const METHOD: HeaderName = HeaderName::from_static("x-forwarded-method");
const URI: HeaderName = HeaderName::from_static("x-forwarded-uri");
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The question: never with the request's body, and with none of its headers but those that are named, so that what a
/// client says of the way that it came does not get there.
pub(super) fn about(
    arrival: &Arrival<'_>,
    head: &Parts,
    address: &str,
    path: &PathAndQuery,
    shown: &[HeaderName],
) -> Request<RequestBody> {
    let mut headers = HeaderMap::new();
    for name in shown {
        for value in head.headers.get_all(name) {
            headers.append(name, value.clone());
        }
    }
    let host = arrival.told(&head.headers, "x-forwarded-host").unwrap_or(arrival.host);
    let said = head.uri.path_and_query().map_or("/", PathAndQuery::as_str);
    let client = arrival.client.to_string();
    let told = [
        (METHOD, head.method.as_str()),
        (URI, said),
        (FORWARDED_HOST, host),
        (PROTO, arrival.proto(&head.headers)),
        (FOR, &client),
        (HOST, address),
    ];
    for (name, value) in told {
        // A path of other than ASCII is written as bytes.
        if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
            headers.insert(name, value);
        }
    }
    headers.entry(USER_AGENT).or_insert(HeaderValue::from_static("mainstay-edge"));
    let mut question = Request::new(RequestBody::Empty);
    *question.uri_mut() = Uri::from(path.clone());
    *question.headers_mut() = headers;
    question
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(is_trusted: bool, said: &[(&str, &str)]) -> Vec<String> {
        let mut request = Request::builder().method("POST").uri("/orders?id=7");
        for (name, value) in said {
            request = request.header(*name, *value);
        }
        let (head, ()) = request.body(()).expect("a request").into_parts();
        let client = "203.0.113.7".parse().expect("an address");
        let arrival = Arrival { client, is_trusted, scheme: "http", host: "app.example.org" };
        let shown = [HeaderName::from_static("cookie"), HeaderName::from_static("authorization")];
        let path = PathAndQuery::from_static("/verify?rd=1");
        let question = about(&arrival, &head, "127.0.0.1:9091", &path, &shown);
        let line =
            |(name, value): (&HeaderName, &HeaderValue)| format!("{name}: {}", value.to_str().expect("text"));
        let mut lines: Vec<_> = question.headers().iter().map(line).collect();
        lines.sort();
        lines.insert(0, format!("{} {}", question.method(), question.uri()));
        lines
    }

    #[test]
    fn it_is_told_what_it_decides_about_and_shown_no_more() {
        let said = [
            ("cookie", "a=1"),
            ("cookie", "b=2"),
            ("content-length", "7"),
            ("transfer-encoding", "chunked"),
            ("x-forwarded-host", "evil.example"),
            ("x-forwarded-method", "GET"),
            ("x-forwarded-proto", "https"),
            ("x-forwarded-uri", "/public"),
            ("x-own", "1"),
        ];
        assert_eq!(
            asked(false, &said),
            [
                "GET /verify?rd=1",
                "cookie: a=1",
                "cookie: b=2",
                "host: 127.0.0.1:9091",
                "user-agent: mainstay-edge",
                "x-forwarded-for: 203.0.113.7",
                "x-forwarded-host: app.example.org",
                "x-forwarded-method: POST",
                "x-forwarded-proto: http",
                "x-forwarded-uri: /orders?id=7",
            ]
        );
    }

    #[test]
    fn the_word_of_a_trusted_proxy_is_passed_on() {
        let said = [("x-forwarded-host", "public.example"), ("x-forwarded-proto", "https, http")];
        let lines = asked(true, &said);
        assert!(lines.contains(&"x-forwarded-host: public.example".to_owned()), "{lines:?}");
        assert!(lines.contains(&"x-forwarded-proto: https".to_owned()), "{lines:?}");
    }
}
