//! Sessions that only echo, with real connections: mirrored in spirit from the protocol's official suite, which can be run
//! against [`serves_for_the_official_suite`].

use std::net::SocketAddr;

use axum::Router;
use axum::routing::any;
use futures::{SinkExt as _, StreamExt as _};
use reqwest::{Method, StatusCode};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Message as Frames;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::*;

struct Echoes;

struct Echo(Arc<Link>);

impl Accept for Echoes {
    type Handler = Echo;

    fn check(&self, _: &Parts) -> Result<(), Problem> {
        Ok(())
    }

    async fn accept(&self, _: &Parts, link: &Arc<Link>) -> Result<Echo, Problem> {
        Ok(Echo(Arc::clone(link)))
    }
}

impl Handler for Echo {
    async fn receive(&mut self, message: Message<'_>) -> Result<(), Reason> {
        let frame = match message {
            Message::Text(text) => Frame::text(&["4", text]),
            Message::Binary(data) => Frame::binary(&data),
        };
        self.0.send(&[frame]);
        Ok(())
    }

    async fn woken(&mut self) -> Result<(), Reason> {
        Ok(())
    }

    async fn ended(&mut self, _: Reason) {}
}

/// Longer than any test.
const LONG: Duration = Duration::from_mins(5);
const SHORT: Duration = Duration::from_millis(50);

async fn serve(
    address: &str,
    ping_interval: Duration,
    ping_timeout: Duration,
) -> (SocketAddr, Engine<Echoes>) {
    let settings = Settings {
        ping_interval,
        ping_timeout,
        max_payload: 1_000_000,
        max_queue: 4_000_000,
        upgrade_timeout: LONG,
    };
    let engine = Engine::start(Echoes, settings, Ambient::system());
    let listener = TcpListener::bind(address).await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let answering = engine.clone();
    let router =
        Router::new().route("/engine.io/", any(move |request: Request| answering.clone().answer(request)));
    tokio::spawn(async move { axum::serve(listener, router).await.expect("served") });
    (address, engine)
}

#[tokio::test]
#[ignore = "serves until it is stopped"]
async fn serves_for_the_official_suite() {
    serve("127.0.0.1:3000", Duration::from_millis(300), Duration::from_millis(200)).await;
    std::future::pending::<()>().await;
}

/// Somebody who speaks Engine.IO by hand.
struct Visitor {
    address: SocketAddr,
    client: reqwest::Client,
    engine: Engine<Echoes>,
}

type WebSocket = WebSocketStream<MaybeTlsStream<TcpStream>>;

impl Visitor {
    async fn new() -> Self {
        Self::asked(LONG, LONG).await
    }

    /// One who is asked that often whether it is there, and has that long to answer.
    async fn asked(interval: Duration, timeout: Duration) -> Self {
        let (address, engine) = serve("127.0.0.1:0", interval, timeout).await;
        #[expect(clippy::disallowed_methods, reason = "a test asks itself")]
        let client = reqwest::Client::new();
        Self { address, client, engine }
    }

    async fn ask(&self, method: Method, query: &str, body: &str) -> (StatusCode, String) {
        let url = format!("http://{}/engine.io/?{query}", self.address);
        let answer = self.client.request(method, url).body(body.to_owned()).send().await.expect("an answer");
        (answer.status(), answer.text().await.expect("text"))
    }

    async fn begin(&self) -> String {
        let (status, body) = self.ask(Method::GET, "EIO=4&transport=polling", "").await;
        assert_eq!(status, 200);
        opened(&body)["sid"].as_str().expect("an id").to_owned()
    }

    async fn poll(&self, sid: &str) -> (StatusCode, String) {
        self.ask(Method::GET, &format!("EIO=4&transport=polling&sid={sid}"), "").await
    }

    async fn post(&self, sid: &str, body: &str) -> (StatusCode, String) {
        self.ask(Method::POST, &format!("EIO=4&transport=polling&sid={sid}"), body).await
    }

    async fn connect(&self, query: &str) -> Option<WebSocket> {
        let url = format!("ws://{}/engine.io/?{query}", self.address);
        connect_async(url).await.ok().map(|(socket, _)| socket)
    }

    async fn open(&self) -> WebSocket {
        let mut socket = self.connect("EIO=4&transport=websocket").await.expect("a WebSocket");
        opened(&text(&mut socket).await.expect("the handshake"));
        socket
    }

    /// Until somebody waits for something to read.
    async fn waits(&self, sid: &str) {
        let is_so = async || self.engine.sessions()[sid].is_fetched().then_some(());
        testkit::until("somebody who waits", is_so).await;
    }

    /// Until no session is left.
    async fn is_empty(&self) {
        let is_so = async || self.engine.sessions().is_empty().then_some(());
        testkit::until("the end of all sessions", is_so).await;
    }
}

fn opened(packet: &str) -> serde_json::Value {
    serde_json::from_str(packet.strip_prefix('0').expect("a handshake")).expect("JSON")
}

/// The next text; none at the end.
async fn text(socket: &mut WebSocket) -> Option<String> {
    match socket.next().await?.ok()? {
        Frames::Text(text) => Some(text.to_string()),
        Frames::Close(_) => None,
        other => panic!("no text: {other:?}"),
    }
}

/// The code and the words of the last frame.
async fn closed(socket: &mut WebSocket) -> (u16, String) {
    while let Some(Ok(frame)) = socket.next().await {
        if let Frames::Close(Some(close)) = frame {
            return (close.code.into(), close.reason.to_string());
        }
    }
    (0, String::new())
}

/// A second one.
async fn refused(socket: Option<WebSocket>) {
    assert_eq!(closed(&mut socket.expect("a WebSocket")).await.0, 1008);
}

async fn say(socket: &mut WebSocket, words: &str) {
    socket.send(Frames::text(words)).await.expect("sent");
}

#[tokio::test]
async fn a_session_tells_what_it_is() {
    let visitor = Visitor::new().await;
    let (_, body) = visitor.ask(Method::GET, "EIO=4&transport=polling&t=x", "").await;
    let mut socket = visitor.connect("EIO=4&transport=websocket").await.expect("a WebSocket");
    let polling = opened(&body);
    let direct = opened(&text(&mut socket).await.expect("the handshake"));
    assert_eq!((&polling["upgrades"], &direct["upgrades"]), (&json!(["websocket"]), &json!([])));
    for session in [polling, direct] {
        assert_eq!(session["sid"].as_str().expect("an id").len(), 22);
        assert_eq!(session.as_object().expect("an object").len(), 5);
        let said = [&session["pingInterval"], &session["pingTimeout"], &session["maxPayload"]];
        assert_eq!(said, [&json!(300_000), &json!(300_000), &json!(1_000_000)]);
    }
}

#[tokio::test]
async fn what_is_no_handshake_is_refused() {
    let visitor = Visitor::new().await;
    for query in [
        "transport=polling",
        "EIO=abc&transport=polling",
        "EIO=4",
        "EIO=4&transport=abc",
        "EIO=4&transport=websocket",
    ] {
        assert_eq!(visitor.ask(Method::GET, query, "").await.0, 400, "{query}");
    }
    for method in [Method::POST, Method::PUT, Method::DELETE] {
        assert_eq!(visitor.ask(method.clone(), "EIO=4&transport=polling", "").await.0, 400, "{method}");
    }
    for query in
        ["transport=websocket", "EIO=abc&transport=websocket", "EIO=4", "EIO=4&transport=websocket&sid=none"]
    {
        assert!(visitor.connect(query).await.is_none(), "{query}");
    }
    assert_eq!(visitor.poll("none").await.0, 400);
}

#[tokio::test]
async fn packets_go_both_ways_over_http() {
    let visitor = Visitor::new().await;
    let sid = visitor.begin().await;
    for body in ["4hello", "4test1\x1e4test2\x1e4test3", "4hello\x1ebAQIDBA==", "4\u{20ac}"] {
        assert_eq!(visitor.post(&sid, body).await, (StatusCode::OK, "ok".to_owned()));
        assert_eq!(visitor.poll(&sid).await, (StatusCode::OK, body.to_owned()));
    }
}

#[tokio::test]
async fn what_is_no_packet_ends_the_session() {
    let visitor = Visitor::new().await;
    for body in ["abc", "", "4a\x1eb!", "5", "2", "0"] {
        let sid = visitor.begin().await;
        assert_eq!(visitor.post(&sid, body).await.0, 400, "{body}");
        assert_eq!(visitor.poll(&sid).await.0, 400, "{body}");
    }
    let sid = visitor.begin().await;
    assert_eq!(visitor.post(&sid, &"4".repeat(1_000_001)).await.0, 413);
    assert_eq!(visitor.poll(&sid).await.0, 400);
    for words in ["abc", "", "4a\x1e4b\u{0}".get(..0).unwrap_or_default(), "0"] {
        let mut socket = visitor.open().await;
        say(&mut socket, words).await;
        assert_eq!(closed(&mut socket).await.0, 1002, "{words}");
    }
    visitor.is_empty().await;
}

#[tokio::test]
async fn two_who_poll_at_a_time_end_the_session() {
    let visitor = Visitor::new().await;
    let sid = visitor.begin().await;
    let (first, second) = tokio::join!(visitor.poll(&sid), visitor.poll(&sid));
    let mut answers = [first, second];
    answers.sort_by_key(|(status, _)| *status);
    assert_eq!(answers[0], (StatusCode::OK, "1".to_owned()));
    assert_eq!(answers[1].0, 400);
    assert_eq!(visitor.poll(&sid).await.0, 400);
}

#[tokio::test]
async fn whoever_stops_waiting_ends_the_session() {
    let visitor = Visitor::new().await;
    let sid = visitor.begin().await;
    tokio::select! {
        _ = visitor.poll(&sid) => unreachable!("there is nothing to read"),
        () = visitor.waits(&sid) => {}
    }
    assert_eq!(visitor.poll(&sid).await.0, 400);
    visitor.is_empty().await;
}

#[tokio::test]
async fn messages_go_both_ways_over_a_websocket() {
    let visitor = Visitor::new().await;
    let mut socket = visitor.open().await;
    say(&mut socket, "4hello").await;
    assert_eq!(text(&mut socket).await.as_deref(), Some("4hello"));
    socket.send(Frames::binary(vec![1, 2, 3, 4])).await.expect("sent");
    assert_eq!(socket.next().await.expect("a frame").expect("fine"), Frames::binary(vec![1, 2, 3, 4]));
    socket.send(Frames::Ping(Bytes::from_static(b"there?"))).await.expect("sent");
    assert_eq!(
        socket.next().await.expect("a frame").expect("fine"),
        Frames::Pong(Bytes::from_static(b"there?"))
    );
    socket.close(None).await.expect("closed");
    visitor.is_empty().await;
}

#[tokio::test]
async fn five_thousand_messages_stay_in_order() {
    let visitor = Visitor::new().await;
    let socket = visitor.open().await;
    let (mut to, mut from) = socket.split();
    let sending = tokio::spawn(async move {
        for number in 0..5000 {
            to.feed(Frames::text(format!("4{number}"))).await.expect("sent");
        }
        to.flush().await.expect("sent");
        to
    });
    let mut next = 0;
    while next < 5000 {
        match from.next().await.expect("a frame").expect("fine") {
            Frames::Text(text) if text.as_str() == "2" => {}
            frame => {
                assert_eq!(frame, Frames::text(format!("4{next}")));
                next += 1;
            }
        }
    }
    drop(sending.await.expect("sent"));
}

#[tokio::test]
async fn whoever_answers_pings_stays() {
    let visitor = Visitor::asked(SHORT, LONG).await;
    let (sid, mut socket) = (visitor.begin().await, visitor.open().await);
    for _ in 0..3 {
        let (polled, heard) = tokio::join!(visitor.poll(&sid), text(&mut socket));
        assert_eq!((polled.1.as_str(), heard.as_deref()), ("2", Some("2")));
        say(&mut socket, "3").await;
        assert_eq!(visitor.post(&sid, "3").await.0, 200);
    }
}

#[tokio::test]
async fn whoever_does_not_answer_is_gone() {
    let visitor = Visitor::asked(SHORT, SHORT).await;
    let sid = visitor.begin().await;
    let mut socket = visitor.connect("EIO=4&transport=websocket").await.expect("a WebSocket");
    assert_eq!(closed(&mut socket).await, (1000, Reason::PingTimeout.words().to_owned()));
    visitor.is_empty().await;
    assert_eq!(visitor.poll(&sid).await.0, 400);
}

#[tokio::test]
async fn the_client_ends_it() {
    let visitor = Visitor::new().await;
    let (sid, mut socket) = (visitor.begin().await, visitor.open().await);
    let ending = async {
        // Whoever waits is told.
        visitor.waits(&sid).await;
        visitor.post(&sid, "1").await
    };
    let (polled, posted) = tokio::join!(visitor.poll(&sid), ending);
    assert_eq!((polled, posted.0), ((StatusCode::OK, "6".to_owned()), StatusCode::OK));
    assert_eq!(visitor.poll(&sid).await.0, 400);
    say(&mut socket, "1").await;
    assert_eq!(closed(&mut socket).await.0, 1000);
    visitor.is_empty().await;
}

#[tokio::test]
async fn a_session_changes_to_a_websocket_and_loses_nothing() {
    let visitor = Visitor::new().await;
    let sid = visitor.begin().await;
    let query = format!("EIO=4&transport=websocket&sid={sid}");
    let mut socket = visitor.connect(&query).await.expect("a WebSocket");
    say(&mut socket, "2probe").await;
    assert_eq!(text(&mut socket).await.as_deref(), Some("3probe"));
    assert_eq!(visitor.poll(&sid).await, (StatusCode::OK, "6".to_owned()));
    refused(visitor.connect(&query).await).await;
    // What is said meanwhile waits for the WebSocket.
    assert_eq!(visitor.post(&sid, "4before").await.0, 200);
    say(&mut socket, "5").await;
    say(&mut socket, "4after").await;
    assert_eq!(text(&mut socket).await.as_deref(), Some("4before"));
    assert_eq!(text(&mut socket).await.as_deref(), Some("4after"));
    assert_eq!(
        (visitor.poll(&sid).await.0, visitor.post(&sid, "4x").await.0),
        (StatusCode::BAD_REQUEST, StatusCode::BAD_REQUEST)
    );
    refused(visitor.connect(&query).await).await;
    say(&mut socket, "4hello").await;
    assert_eq!(text(&mut socket).await.as_deref(), Some("4hello"));
}

#[tokio::test]
async fn a_poll_that_waits_gives_way_to_a_websocket() {
    let visitor = Visitor::new().await;
    let sid = visitor.begin().await;
    let trying = async {
        let mut socket = visitor.connect(&format!("EIO=4&transport=websocket&sid={sid}")).await.expect("one");
        say(&mut socket, "2probe").await;
        text(&mut socket).await
    };
    let (polled, probed) = tokio::join!(visitor.poll(&sid), trying);
    assert_eq!((polled.1.as_str(), probed.as_deref()), ("6", Some("3probe")));
}

#[tokio::test]
async fn a_websocket_that_comes_to_nothing_leaves_the_session_as_it_was() {
    let visitor = Visitor::new().await;
    let sid = visitor.begin().await;
    let query = format!("EIO=4&transport=websocket&sid={sid}");
    for words in ["4no probe", "2other"] {
        let mut socket = visitor.connect(&query).await.expect("a WebSocket");
        say(&mut socket, words).await;
        assert!(text(&mut socket).await.is_none());
    }
    assert_eq!(visitor.post(&sid, "4hello").await.0, 200);
    assert_eq!(visitor.poll(&sid).await.1, "4hello");
}
