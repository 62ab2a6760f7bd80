//! Requests that two readers could understand differently. Whatever a client writes, a target that reads as strictly as
//! it can gets nothing of it, or exactly the requests that the client may have meant.

mod http1;
mod http2;

use edge::{Config, ServiceConfig};
use foundation::config::Period;
use futures::future;
use http2::Sent;

use crate::authority::Authority;
use crate::frames::{DATA, END_HEADERS, END_STREAM, Frames, HEADERS, Outcome, block};
use crate::gate::{Gate, client, service};
use crate::target::Recorder;
use crate::wire::{self, Received, Rest};

/// Words for what is special about it, what is written, and the requests that a target may make of it: lines without
/// their version, and bodies.
type Case<W> = (&'static str, W, &'static [(&'static str, &'static str)]);

const NOTHING: &[(&str, &str)] = &[];
const HELLO: &[(&str, &str)] = &[("POST /", "hello")];
const GET: &[(&str, &str)] = &[("GET /", "")];

const HOST: &str = "host: app.example\r\n";

/// The names that a target must not get from a client, however it writes them.
const UNWANTED: [&str; 8] = [
    "transfer_encoding",
    "content_length",
    "x_forwarded_for",
    "x_real_ip",
    "keep-alive",
    "http2-settings",
    "trailer",
    "proxy-connection",
];

fn config(service: ServiceConfig) -> Config {
    let services = [("app".to_owned(), service)].into();
    // What is half is waited for; so is the last request, on a machine that is busy.
    let patience = Period::from_secs(3);
    Config { header_timeout: patience, stall_timeout: patience, services, ..Config::default() }
}

async fn recorder() -> Recorder {
    Recorder::answering(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await
}

/// What the target has got, but for the request that was sent at last: it must have arrived, as it is.
async fn got(gate: &Gate, recorder: &Recorder) -> Result<Vec<(String, String)>, String> {
    let last = client().get(gate.url("/last")).header("host", "app.example").send().await;
    let last = last.expect("an answer").text().await.expect("text");
    let mut all = Vec::new();
    for connection in recorder.seen() {
        let (requests, rest) = wire::requests(&connection);
        if let Rest::Nonsense(words) = rest {
            return Err(words);
        }
        for request in requests {
            check(&request)?;
            let line = request.line.strip_suffix(" HTTP/1.1").unwrap_or_default().to_owned();
            all.push((line, request.body));
        }
    }
    let place = all.iter().position(|request| request == &("GET /last".to_owned(), String::new()));
    all.remove(place.filter(|_| last == "ok").ok_or("the next request did not arrive")?);
    Ok(all)
}

fn check(request: &Received) -> Result<(), String> {
    if request.header("host") != Some("app.example") || request.header("x-real-ip") != Some("127.0.0.1") {
        return Err(format!("somebody else's words: {request:?}"));
    }
    let unwanted = UNWANTED.iter().find(|name| request.header(name).is_some());
    unwanted.map_or(Ok(()), |name| Err(format!("{name} has arrived")))
}

/// What is wrong with a case, in words.
fn judge<W>((what, _, meant): Case<W>, got: &Result<Vec<(String, String)>, String>) -> Option<String> {
    let meant = meant.iter().map(|(line, body)| ((*line).to_owned(), (*body).to_owned())).collect();
    (got.as_ref() != Ok(&meant)).then(|| format!("{what}: {got:?}, not {meant:?}"))
}

async fn holds(cases: &[Case<&'static str>]) {
    let pass = async |case: &Case<&'static str>| {
        let recorder = recorder().await;
        let gate = Gate::open(config(service(&[recorder.address])), &[]).await;
        gate.raw(case.1.replace('$', HOST)).await;
        judge(*case, &got(&gate, &recorder).await)
    };
    let wrong: Vec<_> = future::join_all(cases.iter().map(pass)).await.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

async fn holds_over_http_2(cases: &[Case<Sent>]) {
    let authority = Authority::new();
    let pass = async |case: &Case<Sent>| {
        let recorder = recorder().await;
        let tls = authority.config(ServiceConfig::default()).tls;
        let gate = Gate::open(Config { tls, ..config(service(&[recorder.address])) }, &[]).await;
        let mut frames = Frames::connect(&authority, &gate, &[]).await;
        send(&mut frames, case.1).await;
        frames.outcome(1).await;
        judge(*case, &got(&gate, &recorder).await)
    };
    let wrong: Vec<_> = future::join_all(cases.iter().map(pass)).await.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

async fn send(frames: &mut Frames, Sent { fields, body, trailers }: Sent) {
    let mut all: Vec<_> =
        vec![(":method", "GET"), (":scheme", "https"), (":authority", "app.example"), (":path", "/")];
    for (name, value) in fields {
        match name.split_at_checked(1) {
            Some(("-", name)) => all.retain(|(other, _)| *other != name),
            Some(("+", name)) => all.push((name, value)),
            Some((":", _)) => {
                all.iter_mut().filter(|(other, _)| other == name).for_each(|usual| usual.1 = value);
            }
            _ => all.push((name, value)),
        }
    }
    frames.request(1, &all, body.is_empty()).await;
    for (place, piece) in body.iter().enumerate() {
        let is_last = place + 1 == body.len() && trailers.is_empty();
        frames.send(DATA, if is_last { END_STREAM } else { 0 }, 1, piece.as_bytes()).await;
    }
    if !trailers.is_empty() {
        frames.send(HEADERS, END_HEADERS | END_STREAM, 1, &block(trailers)).await;
    }
}

#[tokio::test]
async fn lengths_are_read_in_one_way() {
    holds(http1::LENGTHS).await;
}

#[tokio::test]
async fn codings_are_read_in_one_way() {
    holds(http1::CODINGS).await;
}

#[tokio::test]
async fn chunks_are_read_in_one_way() {
    holds(http1::CHUNKS).await;
}

#[tokio::test]
async fn lines_are_read_in_one_way() {
    holds(http1::LINES).await;
}

#[tokio::test]
async fn targets_are_read_in_one_way() {
    holds(http1::TARGETS).await;
}

#[tokio::test]
async fn lengths_of_http_2_become_one_of_http_1() {
    holds_over_http_2(http2::LENGTHS).await;
}

#[tokio::test]
async fn fields_of_http_2_become_lines_of_http_1() {
    holds_over_http_2(http2::FIELDS).await;
}

#[tokio::test]
async fn targets_of_http_2_become_targets_of_http_1() {
    holds_over_http_2(http2::TARGETS).await;
}

#[tokio::test]
async fn what_a_target_says_too_much_is_nobodys_answer() {
    let twice =
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokHTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil";
    let recorder = Recorder::answering(twice).await;
    let gate = Gate::before_target(recorder.address).await;
    for _ in 0..10 {
        let answer = client().get(gate.url("/")).send().await.expect("an answer");
        assert_eq!(answer.text().await.expect("text"), "ok");
    }
}

#[tokio::test]
async fn a_protocol_that_nobody_has_asked_for_is_no_answer() {
    let switching = b"HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n";
    let authority = Authority::new();
    let recorder = Recorder::answering(switching).await;
    let gate = authority.gate(service(&[recorder.address])).await;
    let answer = client().get(gate.url("/")).send().await.expect("an answer");
    assert_eq!(answer.status(), 502);
    let mut frames = Frames::connect(&authority, &gate, &[]).await;
    send(&mut frames, Sent { fields: &[], body: &[], trailers: &[] }).await;
    assert_eq!(frames.outcome(1).await, Outcome::Answer(502));
}
