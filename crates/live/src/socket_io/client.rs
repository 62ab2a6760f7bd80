//! Hears what comes over a session, and tells the namespaces it concerns.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use foundation::{Ambient, SecretString};
use serde_json::json;
use serde_json::value::RawValue;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::Instant;

use super::assembly::Assembly;
use super::emit::prefix;
use super::namespace::{Connecting, Event, EventHandler, Namespaces, Refusal, Reply, Welcome};
use super::packet::{Content, NoPacket, Packet};
use super::socket::{Answer, Socket};
use crate::engine_io::{Frame, Handler, Link, Message, Reason};
use crate::meter::Meter;

/// One client, in as many namespaces as it likes.
pub(crate) struct Client {
    link: Arc<Link>,
    namespaces: Arc<Namespaces>,
    ambient: Ambient,
    seats: Vec<Seat>,
    assembly: Option<Assembly>,
    /// What it was brought with, until it is in a namespace.
    token: Option<SecretString>,
    place: Option<OwnedSemaphorePermit>,
    /// Kept until it goes.
    #[expect(dead_code, reason = "it is given back when it is dropped")]
    connection: OwnedSemaphorePermit,
    meter: Arc<Meter>,
    /// How long it may be in no namespace.
    patience: Duration,
    /// Since when it is in none.
    alone_since: Option<Instant>,
}

/// What a client comes with, and to.
pub(crate) struct Arrival {
    pub(crate) namespaces: Arc<Namespaces>,
    pub(crate) ambient: Ambient,
    /// What the request brought that says who it is.
    pub(crate) token: Option<SecretString>,
    /// A place among all.
    pub(crate) connection: OwnedSemaphorePermit,
    /// A place among those who have not said yet who they are.
    pub(crate) place: OwnedSemaphorePermit,
    pub(crate) meter: Arc<Meter>,
    /// How long it may be in no namespace.
    pub(crate) patience: Duration,
}

/// A namespace that the client is in, or has been.
struct Seat {
    socket: Arc<Socket>,
    handler: Box<dyn EventHandler>,
    has_ended: bool,
}

impl Client {
    pub(crate) fn new(link: Arc<Link>, arrival: Arrival) -> Self {
        let Arrival { namespaces, ambient, token, connection, place, meter, patience } = arrival;
        let (seats, assembly, alone_since) = (Vec::new(), None, Some(Instant::now()));
        let place = Some(place);
        let client = Self {
            link,
            namespaces,
            ambient,
            seats,
            assembly,
            token,
            place,
            connection,
            meter,
            patience,
            alone_since,
        };
        client.set_alarm();
        client
    }

    async fn text(&mut self, text: &str) -> Result<(), Reason> {
        if self.assembly.is_some() {
            return Err(Reason::Malformed);
        }
        let packet = Packet::parse(text)?;
        self.assembly = Assembly::begin(text, &packet)?;
        if self.assembly.is_some() { Ok(()) } else { self.packet(packet, Vec::new()).await }
    }

    async fn binary(&mut self, data: Bytes) -> Result<(), Reason> {
        match self.assembly.take().ok_or(Reason::Malformed)?.take(data) {
            Ok((text, attachments)) => self.packet(Packet::parse(&text)?, attachments).await,
            Err(assembly) => {
                self.assembly = Some(assembly);
                Ok(())
            }
        }
    }

    async fn packet(&mut self, packet: Packet<'_>, attachments: Vec<Bytes>) -> Result<(), Reason> {
        let namespace = packet.namespace;
        match packet.content {
            Content::Connect(auth) => return self.connect(namespace, auth).await,
            Content::Disconnect => {
                let seat = self.seat(namespace)?;
                seat.socket.leave();
            }
            Content::Event { id, name, arguments, .. } => {
                let link = Arc::clone(&self.link);
                let seat = self.seat(namespace)?;
                let answer = id.map(|id| Reply { link: &link, namespace, id });
                if !seat.socket.has_left() {
                    seat.handler.event(Event { name, arguments, attachments, answer }).await;
                }
            }
            Content::Ack { id, arguments, .. } => {
                let arguments = serde_json::to_string(&arguments).map_err(|_| Reason::Malformed)?;
                self.seat(namespace)?.socket.answered(id, Answer { arguments, attachments });
            }
        }
        Ok(())
    }

    /// What is said in a namespace that the client was sent away from was said before it knew.
    fn seat(&mut self, namespace: &str) -> Result<&mut Seat, Reason> {
        let mut seats = self.seats.iter_mut().rev();
        seats.find(|seat| seat.socket.namespace() == namespace).ok_or(Reason::Malformed)
    }

    async fn connect(&mut self, name: &str, auth: Option<&RawValue>) -> Result<(), Reason> {
        if self.seat(name).is_ok_and(|seat| !seat.socket.has_left()) {
            return Err(Reason::Malformed);
        }
        let Some((name, namespace)) = self.namespaces.get_key_value(name.split('?').next().unwrap_or(name))
        else {
            self.refuse(name, &Refusal::new("Invalid namespace"));
            return Ok(());
        };
        let connecting =
            Connecting { link: &self.link, name, ambient: &self.ambient, auth, token: self.token.as_ref() };
        match namespace.connect(connecting).await {
            Ok((socket, mut handler)) => {
                handler.welcome(Welcome(&socket));
                // Whoever is in has no need to show it again, nor to keep a place among those who are not.
                (self.token, self.place) = (None, None);
                self.seats.retain(|seat| seat.socket.namespace() != &**name);
                self.seats.push(Seat { socket, handler, has_ended: false });
                let seat = self.seats.last_mut().expect("just taken");
                seat.handler.connected().await;
            }
            Err(refusal) => {
                self.meter.refused();
                self.refuse(name, &refusal);
            }
        }
        Ok(())
    }

    fn refuse(&self, namespace: &str, Refusal { message, code }: &Refusal) {
        let mut said = json!({ "message": message });
        if let Some(code) = code {
            said["data"] = json!({ "code": code });
        }
        self.link.send(&[Frame::text(&["44", &prefix(namespace), &said.to_string()])]);
    }

    /// Tells those who hear sockets that have left, and notes whether any is there.
    async fn settle(&mut self) {
        for seat in &mut self.seats {
            if seat.socket.has_left() && !std::mem::replace(&mut seat.has_ended, true) {
                seat.handler.ended(Reason::ByClient).await;
            }
        }
        let is_alone = self.seats.iter().all(|seat| seat.has_ended);
        self.alone_since = is_alone.then(|| self.alone_since.unwrap_or_else(Instant::now));
        self.set_alarm();
    }

    fn set_alarm(&self) {
        let is_here = |seat: &&Seat| !seat.has_ended;
        let wishes = self.seats.iter().filter(is_here).filter_map(|seat| seat.handler.wakes_at());
        let farewell = self.alone_since.map(|since| since + self.patience);
        self.link.wake_at(wishes.chain(farewell).min());
    }
}

impl Handler for Client {
    async fn receive(&mut self, message: Message<'_>) -> Result<(), Reason> {
        let done = match message {
            Message::Text(text) => self.text(text).await,
            Message::Binary(data) => self.binary(data).await,
        };
        self.settle().await;
        done
    }

    async fn woken(&mut self) -> Result<(), Reason> {
        let now = Instant::now();
        for seat in &mut self.seats {
            if !seat.has_ended && seat.handler.wakes_at().is_some_and(|time| time <= now) {
                seat.handler.woken().await;
            }
        }
        self.settle().await;
        let is_tired = self.alone_since.is_some_and(|since| since + self.patience <= now);
        if is_tired { Err(Reason::Refused) } else { Ok(()) }
    }

    async fn ended(&mut self, reason: Reason) {
        self.meter.ended(reason);
        // Whoever leaves on purpose has said so in the namespace; a client that loses its way closes the session, too.
        let reason = if reason == Reason::ByClient { Reason::Lost } else { reason };
        for seat in &mut self.seats {
            seat.socket.leave();
            if !std::mem::replace(&mut seat.has_ended, true) {
                seat.handler.ended(reason).await;
            }
        }
    }
}

impl From<NoPacket> for Reason {
    fn from(_: NoPacket) -> Self {
        Self::Malformed
    }
}
