//! Where an answer ends: read strictly by RFC 9112 section 6.3, many on one connection, nothing may be left over.

use crate::house::{House, rooms};

struct Request {
    method: &'static str,
    path: &'static str,
    headers: String,
}

/// The head of an answer and its body, as it was sent.
#[derive(Debug)]
struct Received {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Received {
    fn all(&self, name: &str) -> Vec<&str> {
        let found = self.headers.iter().filter(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).collect()
    }
}

fn request(method: &'static str, path: &'static str) -> Request {
    Request { method, path, headers: String::new() }
}

fn with(method: &'static str, path: &'static str, header: impl AsRef<str>) -> Request {
    Request { method, path, headers: format!("{}\r\n", header.as_ref()) }
}

/// All kinds of answers: with and without a body, of known and of unknown length, and refusals.
fn requests() -> Vec<Request> {
    let json = "Sec-Fetch-Site: same-origin\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
    vec![
        request("GET", "/api/health"),
        request("HEAD", "/api/health"),
        request("GET", "/"),
        request("HEAD", "/"),
        with("GET", "/", "Accept-Encoding: gzip"),
        with("HEAD", "/", "Accept-Encoding: gzip"),
        with("GET", "/docs/swagger-ui-bundle.js", "Accept-Encoding: gzip"),
        request("GET", "/docs/swagger-ui.css"),
        request("HEAD", "/docs/swagger-ui.css"),
        request("GET", "/docs"),
        request("GET", "/api/nothing"),
        request("HEAD", "/api/nothing"),
        request("GET", "/nothing.png"),
        request("DELETE", "/api/health"),
        request("OPTIONS", "/api/auth/login"),
        request("TRACE", "/"),
        request("GET", "/api/auth/me"),
        with("POST", "/api/auth/logout", "Sec-Fetch-Site: same-origin"),
        with("POST", "/api/auth/logout", "Sec-Fetch-Site: cross-site"),
        with("POST", "/api/auth/login", json.trim_end()),
    ]
}

/// Reads one answer from the beginning of `bytes`; gives what is left behind it.
fn read<'a>(method: &str, bytes: &'a [u8]) -> (Received, &'a [u8]) {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").expect("a head") + 4;
    let (head, rest) = bytes.split_at(end);
    let head = std::str::from_utf8(head).expect("ASCII");
    assert!(!head.replace("\r\n", "").contains(['\r', '\n', '\0']), "a line that ends oddly: {head:?}");
    let mut lines = head.trim_end().split("\r\n");
    let status = lines.next().and_then(|line| line.strip_prefix("HTTP/1.1 ")).expect("a status line");
    let status: u16 = status.split(' ').next().and_then(|code| code.parse().ok()).expect("a status");
    let pair = |line: &str| {
        let (name, value) = line.split_once(": ").unwrap_or_else(|| panic!("{line:?} is no header"));
        (name.to_ascii_lowercase(), value.to_owned())
    };
    let mut received = Received { status, headers: lines.map(pair).collect(), body: Vec::new() };
    let (body, rest) = body(method, &received, rest);
    received.body = body;
    (received, rest)
}

fn body<'a>(method: &str, head: &Received, rest: &'a [u8]) -> (Vec<u8>, &'a [u8]) {
    let (lengths, codings) = (head.all("content-length"), head.all("transfer-encoding"));
    assert!(lengths.len() + codings.len() <= 1, "two lengths: {head:?}");
    if method == "HEAD" || head.status == 304 {
        return (Vec::new(), rest);
    }
    if head.status == 204 {
        assert!(lengths.is_empty() && codings.is_empty(), "nothing has no length: {head:?}");
        return (Vec::new(), rest);
    }
    if let [length] = lengths.as_slice() {
        assert!(length.bytes().all(|byte| byte.is_ascii_digit()), "{head:?}");
        let (body, rest) = rest.split_at(length.parse().expect("a length"));
        return (body.to_vec(), rest);
    }
    assert_eq!(codings, ["chunked"], "an answer without an end: {head:?}");
    chunks(rest)
}

fn chunks(mut rest: &[u8]) -> (Vec<u8>, &[u8]) {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|window| window == b"\r\n").expect("a length");
        let length = std::str::from_utf8(&rest[..end]).expect("ASCII");
        let length = usize::from_str_radix(length, 16).expect("a length");
        body.extend_from_slice(&rest[end + 2..end + 2 + length]);
        let after = &rest[end + 2 + length..];
        rest = after.strip_prefix(b"\r\n").expect("a chunk ends with its line");
        if length == 0 {
            return (body, rest);
        }
    }
}

testkit::on_both_databases! {
    migrations: rooms();

    // ASVS 4.2.2
    async fn every_answer_ends_where_it_says(database) {
        let house = House::open(database).await;
        let mut requests = requests();
        let tag = house.client().get("/").await.header("etag").to_owned();
        if !tag.is_empty() {
            requests.push(with("GET", "/", format!("If-None-Match: {tag}")));
        }
        // A connection that is closed for a body nobody reads would not answer the next.
        requests.push(with("GET", "/api/app", "Connection: close"));
        let written: Vec<_> = requests
            .iter()
            .map(|Request { method, path, headers }| {
                let end = if headers.contains("\r\n\r\n") { headers.trim_end().to_owned() } else { format!("{headers}\r\n") };
                format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n{end}")
            })
            .collect();
        let answered = house.connect().await.exchange_bytes(written.concat()).await;

        let (mut rest, mut received) = (answered.as_slice(), Vec::new());
        for Request { method, path, .. } in &requests {
            let (answer, left) = read(method, rest);
            rest = left;
            received.push((*method, *path, answer));
        }
        assert!(rest.is_empty(), "left over: {}", String::from_utf8_lossy(rest));

        let statuses: std::collections::BTreeSet<_> = received.iter().map(|(_, _, answer)| answer.status).collect();
        for status in [200, 204, 303, 401, 403, 404, 405] {
            assert!(statuses.contains(&status), "{status} in {statuses:?}");
        }
        let has = |name| received.iter().any(|(_, _, answer)| !answer.all(name).is_empty());
        assert!(has("content-length") && has("transfer-encoding") && has("content-encoding"));
        for (method, path, answer) in &received {
            let zipped = answer.all("content-encoding") == ["gzip"];
            assert_eq!(zipped && *method == "GET", answer.body.starts_with(b"\x1f\x8b"), "{method} {path}");
        }
        let length = |method: &str| {
            let found = received.iter().find(|(known, path, _)| (*known, *path) == (method, "/docs/swagger-ui.css"));
            found.expect("asked").2.all("content-length").join(",")
        };
        assert_eq!(length("HEAD"), length("GET"), "HEAD tells what GET would send");
    }
}
