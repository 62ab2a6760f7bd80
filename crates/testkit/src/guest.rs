//! A client that speaks Socket.IO over a WebSocket, step by step.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Duration;

use futures::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::{HeaderName, HeaderValue};
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// The longest that anything may take which a test waits for.
const LONGEST: Duration = Duration::from_secs(90);

/// A client in the main namespace.
pub struct Guest {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    events: VecDeque<Vec<Value>>,
    last_id: u64,
    /// What it keeps to come back.
    pub memory: Memory,
}

/// What a client keeps to come back.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    /// What the server said when it let the guest in.
    pub welcome: Value,
    /// The last argument of the last event, if it is a text.
    offset: Option<String>,
}

impl Guest {
    /// A connection that has not said yet who it is, or the status of the answer that refuses it.
    ///
    /// # Errors
    /// That status.
    pub async fn dial(address: SocketAddr, headers: &[(&'static str, &str)]) -> Result<Self, u16> {
        let url = format!("ws://{address}/socket.io/?EIO=4&transport=websocket");
        let mut request = url.into_client_request().expect("an address");
        for (name, value) in headers {
            let value = HeaderValue::from_str(value).expect("a value");
            request.headers_mut().insert(HeaderName::from_static(name), value);
        }
        let stream = match connect_async(request).await {
            Ok((stream, _)) => stream,
            Err(Error::Http(answer)) => return Err(answer.status().as_u16()),
            Err(error) => panic!("{error}"),
        };
        let (events, memory) = (VecDeque::new(), Memory::default());
        let mut guest = Self { stream, events, last_id: 0, memory };
        assert!(guest.read().await.expect("an opening").starts_with('0'));
        Ok(guest)
    }

    /// Says who it is; what it is told, or why not.
    ///
    /// # Errors
    /// What it is told.
    pub async fn introduce(&mut self, auth: &Value) -> Result<(), Value> {
        self.write(&format!("40{auth}")).await;
        let answer = self.read().await.expect("an answer");
        match answer.split_at(2) {
            ("40", welcome) => {
                self.memory.welcome = serde_json::from_str(welcome).expect("JSON");
                Ok(())
            }
            ("44", refusal) => Err(serde_json::from_str(refusal).expect("JSON")),
            _ => panic!("{answer}"),
        }
    }

    /// Somebody who is let in by what they say.
    pub async fn arrive(address: SocketAddr, auth: &Value) -> Self {
        let mut guest = Self::dial(address, &[]).await.expect("a connection");
        guest.introduce(auth).await.expect("they are let in");
        guest
    }

    /// Breaks the connection off, without a word.
    pub fn break_off(self) -> Memory {
        self.memory
    }

    /// Somebody over a new connection, as clients come back.
    pub async fn come_back(memory: &Memory, address: SocketAddr, token: &str) -> Self {
        let Memory { welcome, offset } = memory;
        let auth = json!({ "token": token, "pid": welcome["pid"], "offset": offset });
        let mut guest = Self::arrive(address, &auth).await;
        guest.memory.offset.clone_from(offset);
        guest
    }

    /// Whether this is the one that broke off.
    pub fn is_back(&self, memory: &Memory) -> bool {
        self.memory.welcome == memory.welcome
    }

    /// Says something.
    pub async fn emit(&mut self, name: &str, arguments: &Value) {
        self.write(&format!("42[{},{}", json!(name), &arguments.to_string()[1..])).await;
    }

    /// Says something, and what is answered.
    pub async fn ask(&mut self, name: &str, arguments: &Value) -> Value {
        self.last_id += 1;
        let id = self.last_id;
        let rest = &arguments.to_string()[1..];
        let separator = if rest == "]" { "" } else { "," };
        self.write(&format!("42{id}[{}{separator}{rest}", json!(name))).await;
        self.answered(id).await
    }

    /// Says something with binary data, which stands after the first argument; what is answered, and the data that is.
    pub async fn ask_with(&mut self, name: &str, argument: &Value, data: &[u8]) -> (Value, Vec<Vec<u8>>) {
        self.last_id += 1;
        let id = self.last_id;
        let name = json!(name);
        self.write(&format!(r#"451-{id}[{name},{argument},{{"_placeholder":true,"num":0}}]"#)).await;
        self.stream.send(Message::binary(data.to_vec())).await.expect("the server listens");
        let (plain, binary) = (format!("43{id}["), format!("-{id}["));
        loop {
            let text = self.read().await.expect("an answer");
            let is_binary = text.starts_with("46") && text.contains(&binary);
            if !is_binary && !text.starts_with(&plain) {
                self.keep(&text).await;
                continue;
            }
            let count = if is_binary {
                text[2..].split('-').next().and_then(|count| count.parse().ok())
            } else {
                None
            };
            let answer = &text[text.find('[').expect("an array")..];
            let mut answer: Vec<Value> = serde_json::from_str(answer).expect("an array");
            return (answer.remove(0), self.attachments(count.unwrap_or(0)).await);
        }
    }

    /// The binary data that follows a packet.
    async fn attachments(&mut self, count: usize) -> Vec<Vec<u8>> {
        let mut attachments = Vec::new();
        while attachments.len() < count {
            match timeout(LONGEST, self.stream.next())
                .await
                .expect("something in time")
                .expect("data")
                .expect("data")
            {
                Message::Binary(data) => attachments.push(data.to_vec()),
                other => panic!("{other:?}"),
            }
        }
        attachments
    }

    /// What is answered to the question of this id.
    pub async fn answered(&mut self, id: u64) -> Value {
        let begin = format!("43{id}");
        loop {
            let text = self.read().await.expect("an answer");
            if let Some(answer) = text.strip_prefix(&begin) {
                let mut arguments: Vec<Value> = serde_json::from_str(answer).expect("an array");
                return arguments.remove(0);
            }
            self.keep(&text).await;
        }
    }

    /// Comes into a room, and is told so.
    pub async fn join(&mut self, room: &str) {
        let answer = self.ask("room:join", &json!([{ "roomId": room }])).await;
        assert_eq!(answer, json!({ "ok": true }));
    }

    /// Says something in a room, and it has reached all of the node.
    pub async fn say(&mut self, room: &str, text: &str) {
        let answer = self.ask("message", &json!([{ "roomId": room, "text": text }])).await;
        assert_eq!(answer, json!({ "ok": true }), "{text}");
    }

    /// The next event.
    pub async fn next(&mut self) -> Vec<Value> {
        loop {
            if let Some(event) = self.events.pop_front() {
                return event;
            }
            let text = self.read().await.expect("an event");
            self.keep(&text).await;
        }
    }

    /// The arguments of the next event of this name; others are passed over.
    pub async fn hears(&mut self, name: &str) -> Vec<Value> {
        loop {
            let mut event = self.next().await;
            if event[0] == name {
                event.remove(0);
                return event;
            }
        }
    }

    /// The arguments of the next events of these names, whichever comes first. There is no other event in between.
    pub async fn hears_both(&mut self, names: [&str; 2]) -> [Vec<Value>; 2] {
        let (mut one, mut other) = (self.next().await, self.next().await);
        if one[0] != names[0] {
            std::mem::swap(&mut one, &mut other);
        }
        assert_eq!([&one[0], &other[0]], names);
        [one.split_off(1), other.split_off(1)]
    }

    /// The texts of so many messages, one after the other, whatever else is said between.
    pub async fn texts(&mut self, count: usize) -> Vec<String> {
        let mut texts = Vec::new();
        while texts.len() < count {
            let message = self.hears("message").await;
            texts.push(message[0]["text"].as_str().expect("a text").to_owned());
        }
        texts
    }

    /// Keeps an event. Binary data is an array of bytes in it.
    async fn keep(&mut self, text: &str) {
        let count =
            text.strip_prefix("45").and_then(|rest| rest.split('-').next()?.parse().ok()).unwrap_or(0);
        assert!(text.starts_with("42") || count > 0, "{text}");
        let event = &text[text.find('[').expect("an array")..];
        let mut event: Vec<Value> = serde_json::from_str(event).expect("an array");
        let attachments = self.attachments(count).await;
        for argument in &mut event {
            if let Some(index) = argument.get("num").and_then(Value::as_u64) {
                let data = &attachments[usize::try_from(index).expect("small")];
                *argument = json!(data);
            }
        }
        if let Some(Value::String(offset)) = event.last().filter(|_| event.len() > 1) {
            self.memory.offset = Some(offset.clone());
        }
        self.events.push_back(event);
    }

    /// With which code the server ends the connection; what it says before is kept.
    pub async fn is_sent_away(&mut self) -> Option<u16> {
        loop {
            match timeout(LONGEST, self.stream.next()).await.expect("an end") {
                Some(Ok(Message::Close(frame))) => return frame.map(|frame| frame.code.into()),
                Some(Ok(Message::Text(text))) if text == "2" => {}
                Some(Ok(Message::Text(text))) => self.keep(&text).await,
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return None,
            }
        }
    }

    async fn read(&mut self) -> Option<String> {
        loop {
            match timeout(LONGEST, self.stream.next()).await.expect("something in time")?.ok()? {
                Message::Text(text) if text == "2" => self.write("3").await,
                Message::Text(text) => return Some(text.to_string()),
                Message::Ping(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// Sends a packet.
    pub async fn write(&mut self, text: &str) {
        self.stream.send(Message::text(text)).await.expect("the server listens");
    }
}
