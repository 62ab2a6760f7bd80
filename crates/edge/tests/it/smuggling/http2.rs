//! What is sent as HTTP/2, which knows neither lines nor chunks, and what a target may make of it.

use super::{Case, GET, HELLO, NOTHING};

/// A request: its head, pieces of its body, and what comes behind. Without a body, the head is all.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sent {
    /// Beside the usual ones. A name with a colon stands for the usual one, with `-` in front it is left out, and with `+`
    /// it is there twice.
    pub(super) fields: &'static [(&'static str, &'static str)],
    pub(super) body: &'static [&'static str],
    pub(super) trailers: &'static [(&'static str, &'static str)],
}

const fn get(fields: &'static [(&'static str, &'static str)]) -> Sent {
    Sent { fields, body: &[], trailers: &[] }
}

const fn post(fields: &'static [(&'static str, &'static str)], body: &'static [&'static str]) -> Sent {
    Sent { fields, body, trailers: &[] }
}

const POST: (&str, &str) = (":method", "POST");
const SMUGGLED: &str = "0\r\n\r\nGET /smuggled HTTP/1.1\r\nhost: app.example\r\n\r\n";

#[rustfmt::skip]
pub(super) const LENGTHS: &[Case<Sent>] = &[
    ("a request", get(&[]), GET),
    ("a body", post(&[POST], &["hel", "lo"]), HELLO),
    ("a body with a length", post(&[POST, ("content-length", "5")], &["hello"]), HELLO),
    ("a body of GET", post(&[], &["hello"]), &[("GET /", "hello")]),
    ("a request in a body", post(&[POST], &[SMUGGLED]), &[("POST /", SMUGGLED)]),
    ("a body that is longer", post(&[POST, ("content-length", "5")], &["hello, you"]), NOTHING),
    ("a body that is longer, in pieces", post(&[POST, ("content-length", "5")], &["hello", SMUGGLED]), NOTHING),
    ("a body that is shorter", post(&[POST, ("content-length", "9")], &["hello"]), NOTHING),
    ("a body of length nothing", post(&[POST, ("content-length", "0")], &[SMUGGLED]), NOTHING),
    ("a length without a body", get(&[POST, ("content-length", "5")]), NOTHING),
    ("two lengths", post(&[POST, ("content-length", "5"), ("content-length", "6")], &["hello"]), NOTHING),
    ("the same length twice", post(&[POST, ("content-length", "5"), ("content-length", "5")], &["hello"]), NOTHING),
    ("a list of lengths", post(&[POST, ("content-length", "5, 5")], &["hello"]), NOTHING),
    ("a length with a sign", post(&[POST, ("content-length", "+5")], &["hello"]), NOTHING),
    ("a length in hexadecimal", post(&[POST, ("content-length", "0x5")], &["hello"]), NOTHING),
    ("an empty length", post(&[POST, ("content-length", "")], &["hello"]), NOTHING),
    ("chunks", post(&[POST, ("transfer-encoding", "chunked")], &["5\r\nhello\r\n0\r\n\r\n"]), NOTHING),
    ("no chunks", post(&[POST, ("transfer-encoding", "identity")], &["hello"]), NOTHING),
    ("chunks with an underscore", post(&[POST, ("transfer_encoding", "chunked")], &["hello"]), HELLO),
    ("a length with an underscore", post(&[POST, ("content_length", "9")], &["hello"]), HELLO),
    ("fields behind a body", Sent { fields: &[POST], body: &["hello"], trailers: &[("content-length", "9"), ("host", "evil.example"), ("x-real-ip", "6.6.6.6")] }, HELLO),
    ("a path behind a body", Sent { fields: &[POST], body: &["hello"], trailers: &[(":path", "/evil")] }, HELLO),
];

#[rustfmt::skip]
pub(super) const FIELDS: &[Case<Sent>] = &[
    ("a line in a value", get(&[("x-one", "a\r\nx-real-ip: 6.6.6.6")]), NOTHING),
    ("a request in a value", get(&[("x-one", "a\r\n\r\nGET /smuggled HTTP/1.1\r\nhost: app.example\r\n\r\n")]), NOTHING),
    ("a bare LF in a value", get(&[("x-one", "a\nb")]), NOTHING),
    ("a bare CR in a value", get(&[("x-one", "a\rb")]), NOTHING),
    ("a NUL in a value", get(&[("x-one", "a\0b")]), NOTHING),
    ("spaces around a value", get(&[("x-one", " a ")]), GET),
    ("a line in a cookie", get(&[("cookie", "a=1"), ("cookie", "b=2\r\nx-real-ip: 6.6.6.6")]), NOTHING),
    ("a line in a name", get(&[("x-one: a\r\nx-real-ip", "6.6.6.6")]), NOTHING),
    ("a colon in a name", get(&[("x-real-ip: 6.6.6.6, x", "a")]), NOTHING),
    ("a space in a name", get(&[("x one", "a")]), NOTHING),
    ("a space behind a name", get(&[("transfer-encoding ", "chunked")]), NOTHING),
    ("capitals in a name", get(&[("X-One", "a")]), NOTHING),
    ("no name", get(&[("", "a")]), NOTHING),
    ("a connection", get(&[("connection", "close")]), NOTHING),
    ("a connection that is kept", get(&[("keep-alive", "timeout=5")]), NOTHING),
    ("a connection of proxies", get(&[("proxy-connection", "keep-alive")]), NOTHING),
    ("another protocol", get(&[("upgrade", "websocket")]), NOTHING),
    ("codings that only the next hop knows", get(&[("te", "gzip")]), NOTHING),
    ("trailers", get(&[("te", "trailers")]), GET),
    ("underscores for hyphens", get(&[("x_real_ip", "6.6.6.6"), ("x_forwarded_for", "6.6.6.6")]), GET),
];

#[rustfmt::skip]
pub(super) const TARGETS: &[Case<Sent>] = &[
    ("a space in the path", get(&[(":path", "/a b")]), NOTHING),
    ("a version in the path", get(&[(":path", "/ HTTP/1.1\r\nx-real-ip: 6.6.6.6\r\nx-one: a")]), NOTHING),
    ("a request in the path", get(&[(":path", "/ HTTP/1.1\r\nhost: app.example\r\n\r\nGET /smuggled")]), NOTHING),
    ("a tab in the path", get(&[(":path", "/a\tb")]), NOTHING),
    ("a NUL in the path", get(&[(":path", "/a\0b")]), NOTHING),
    ("an empty path", get(&[(":path", "")]), NOTHING),
    ("no slash", get(&[(":path", "a")]), NOTHING),
    ("an @ for a slash", get(&[(":path", "@evil.example/")]), NOTHING),
    ("a whole address for a path", get(&[(":path", "https://evil.example/")]), NOTHING),
    ("a star", get(&[(":path", "*")]), NOTHING),
    ("no path", get(&[("-:path", "")]), NOTHING),
    ("two paths", get(&[("+:path", "/evil")]), NOTHING),
    ("a line in the method", get(&[(":method", "GET / HTTP/1.1\r\nx-real-ip: 6.6.6.6\r\nx-one: a")]), NOTHING),
    ("a space in the method", get(&[(":method", "GET /evil")]), NOTHING),
    ("an empty method", get(&[(":method", "")]), NOTHING),
    ("no method", get(&[("-:method", "")]), NOTHING),
    ("two methods", get(&[("+:method", "POST")]), NOTHING),
    ("a tunnel", get(&[(":method", "CONNECT"), ("-:path", ""), ("-:scheme", "")]), NOTHING),
    ("a tunnel for a protocol", get(&[(":method", "CONNECT"), ("+:protocol", "websocket")]), NOTHING),
    ("no scheme", get(&[("-:scheme", "")]), NOTHING),
    ("an address for a scheme", get(&[(":scheme", "https://evil.example/")]), NOTHING),
    ("a line in the scheme", get(&[(":scheme", "https\r\nx-real-ip: 6.6.6.6")]), NOTHING),
    ("a line in the host", get(&[(":authority", "app.example\r\nx-real-ip: 6.6.6.6")]), NOTHING),
    ("a path in the host", get(&[(":authority", "app.example/evil")]), NOTHING),
    ("a user in the host", get(&[(":authority", "evil@app.example")]), NOTHING),
    ("a space in the host", get(&[(":authority", "app.example evil.example")]), NOTHING),
    ("an empty host", get(&[(":authority", "")]), NOTHING),
    ("no host", get(&[("-:authority", "")]), NOTHING),
    ("a host of HTTP/1.1", get(&[("-:authority", ""), ("host", "app.example")]), GET),
    ("the same host twice", get(&[("host", "app.example")]), GET),
    ("another host", get(&[("host", "evil.example")]), NOTHING),
    ("two hosts of HTTP/1.1", get(&[("host", "app.example"), ("host", "app.example")]), NOTHING),
    ("two hosts", get(&[("+:authority", "evil.example")]), NOTHING),
    ("a status", get(&[("+:status", "200")]), NOTHING),
    ("a name that nobody knows", get(&[("+:evil", "1")]), NOTHING),
    ("a path behind a field", get(&[("x-one", "a"), ("+:path", "/evil")]), NOTHING),
];
