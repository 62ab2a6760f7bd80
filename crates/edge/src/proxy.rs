//! One request, from a client to a target, and its answer back.

mod admission;
mod answer;
mod body;
mod crumbs;
mod forwarded;
mod hops;
mod line;
pub(crate) mod names;
mod redirect;
mod refusal;
mod request_id;
mod silence;
mod spelling;
mod tunnel;
mod visitor;
mod witness;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use foundation::{Ambient, Code, Problem};
use guard::{ClientAddress, Proxies};
use http::header::{CONNECTION, CONTENT_LENGTH, EXPECT, HOST, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, Uri, Version};
use hyper::body::{Body as _, Incoming};
use hyper::upgrade::OnUpgrade;
use tokio::sync::watch;

use crate::config::ServiceConfig;
use crate::gateway::{Admitted, Arrival, Leaving};
use crate::listener::Seat;
use crate::rollout::Slot;
use crate::service::{Entrance, Outcome, Service, Target, Turn, entrance};
use crate::table::Table;
use crate::upstream::{self, Answer, Failure, Patiences, RequestBody, Unanswered};
pub(crate) use body::Body;
use forwarded::Way;
use line::Line;
pub(crate) use redirect::Redirect;
use refusal::{Listener, Refusal};
use request_id::RequestIds;
pub(crate) use tunnel::Tunnels;
use visitor::Choice;
use witness::Witness;
pub(crate) use witness::is_event_stream;

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// How many targets are asked, one after the other, with a request that none of them has seen.
const TARGETS_ASKED: usize = 3;

/// The applications behind the gate, as they stand at this moment.
pub(crate) type Services = Arc<Table<Arc<Service>>>;

/// What all requests share.
#[derive(Debug)]
pub(crate) struct Proxy {
    services: watch::Receiver<Services>,
    proxies: Proxies,
    ambient: Ambient,
    ids: RequestIds,
    pub(crate) tunnels: Tunnels,
    redirect: Redirect,
    /// How long a client may neither send nor take anything.
    stall: Duration,
    is_leaving: AtomicBool,
}

/// The other end of a connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer {
    pub(crate) address: SocketAddr,
    /// `http` or `https`.
    pub(crate) scheme: &'static str,
}

impl Proxy {
    pub(crate) fn new(
        services: watch::Receiver<Services>,
        proxies: Proxies,
        ambient: Ambient,
        redirect: Redirect,
        stall: Duration,
    ) -> Self {
        let ids = RequestIds::new(&ambient);
        Self {
            services,
            proxies,
            ambient,
            ids,
            tunnels: Tunnels::default(),
            redirect,
            stall,
            is_leaving: AtomicBool::new(false),
        }
    }

    /// From now on answers close their connections.
    pub(crate) fn say_goodbye(&self) {
        self.is_leaving.store(true, Ordering::Relaxed);
    }

    /// Answers a request, whatever happens.
    pub(crate) async fn answer(
        &self,
        peer: Peer,
        seat: &Arc<Seat>,
        request: Request<Incoming>,
    ) -> Response<Body> {
        let is_trusted = self.proxies.trust(peer.address.ip());
        let ClientAddress(client) = self.proxies.client(peer.address.ip(), request.headers());
        let id = self.request_id(&request, is_trusted);
        let mut line = Line::begin(&request, client, &id);
        let visit = Visit { peer, seat, is_trusted, client, id: &id };
        let listener = Listener::of(&request);
        let is_http1 = request.version() < Version::HTTP_2;
        let mut leaving = Leaving::default();
        let passed = self.pass(&visit, &mut line, &mut leaving, request).await;
        let mut response = passed.unwrap_or_else(|refusal| refusal.respond(listener, &id));
        leaving.dress(&mut response);
        line.answered(response.status());
        response.body_mut().log(line);
        // Whoever asks again does so over a connection to somebody who stays. HTTP/2 has a frame for it.
        if is_http1 && self.is_leaving.load(Ordering::Relaxed) {
            let close = HeaderValue::from_static("close");
            response.headers_mut().entry(CONNECTION).or_insert(close);
        }
        response.headers_mut().insert(X_REQUEST_ID, id);
        response
    }

    /// A proxy that is trusted has given the request its name already.
    fn request_id(&self, request: &Request<Incoming>, is_trusted: bool) -> HeaderValue {
        let said = is_trusted.then(|| request.headers().get(X_REQUEST_ID)).flatten();
        said.filter(|id| request_id::is_one(id)).cloned().unwrap_or_else(|| self.ids.next(&self.ambient))
    }

    async fn pass(
        &self,
        visit: &Visit<'_>,
        line: &mut Line,
        leaving: &mut Leaving,
        mut request: Request<Incoming>,
    ) -> Result<Response<Body>, Refusal> {
        let host = admission::host(&request)?.to_owned();
        let service = find(&self.services.borrow(), &host, request.uri().path())?;
        let Visit { peer, is_trusted, client, .. } = *visit;
        let arrival = Arrival { client, is_trusted, scheme: peer.scheme, host: &host };
        let is_https = arrival.is_https(request.headers());
        line.is_for(&service.name);
        leaving.of(&service.gateway, is_https);
        let service = self.let_in(service, &host, request.uri().path(), client).await?;
        if !is_https && let Some(response) = self.redirect.answer(&host, &request, &service.config)? {
            return Ok(response);
        }
        admission::check_size(&request, &service.config)?;
        // A client of HTTP/1.0 cannot go on in another protocol, whatever it asks for (RFC 9110, 7.8).
        let upgrade = request.extensions_mut().remove::<OnUpgrade>();
        let upgrade = upgrade.zip(hops::wanted_protocol(request.headers()));
        let (mut head, body) = request.into_parts();
        hops::strip_request(&mut head.headers);
        names::remove(&mut head.headers, names::is_doubtful);
        forwarded::forget_lies(is_trusted, &mut head.headers);
        if forwarded::is_lost(&head.headers) {
            return Err(goes_round().into());
        }
        if let Admitted::Answered(response) = service.gateway.admit(&arrival, &mut head, leaving).await? {
            return Ok(*response);
        }
        let request = Request::from_parts(head, body);
        let choice = visitor::choose(&service, visit, is_https, &request, &self.ambient);
        line.sent_to(choice.slot);
        let request = self.prepare(request, visit, &host, &service.config);
        if let Some(upgrade) = upgrade {
            return Ok(Box::pin(self.switch(visit, &service, &choice, request, upgrade)).await?);
        }
        let (slot, response) = self.ask(&service, &choice, request, upstream::send).await?;
        let witness = Witness::of(&service, slot, &choice, response.headers());
        Ok(answer::prepare(response, &choice, witness))
    }

    /// The service as it stands as soon as requests are let in.
    async fn let_in(
        &self,
        mut service: Arc<Service>,
        host: &str,
        path: &str,
        client: IpAddr,
    ) -> Result<Arc<Service>, Refusal> {
        if service.entrance == Entrance::Paused {
            let limit = service.config.pause_timeout.into();
            let opened = tokio::time::timeout(limit, self.opened(host, path)).await;
            service = opened.map_err(|_| entrance::still_paused())??;
        }
        match &service.entrance {
            Entrance::Closed(closure) if !service.is_tester(client) => {
                let problem = entrance::closed(closure, self.ambient.now());
                Err(Refusal::Closed(closure.clone(), problem))
            }
            _ => Ok(service),
        }
    }

    /// The service, when it is not paused any more.
    async fn opened(&self, host: &str, path: &str) -> Result<Arc<Service>, Problem> {
        let mut services = self.services.clone();
        loop {
            let service = find(&services.borrow_and_update(), host, path)?;
            if service.entrance != Entrance::Paused {
                return Ok(service);
            }
            // Whoever could open the gate is gone only when the program ends.
            services.changed().await.map_err(|_| entrance::still_paused())?;
        }
    }

    /// The request as a target gets it.
    fn prepare(
        &self,
        request: Request<Incoming>,
        visit: &Visit<'_>,
        host: &str,
        config: &ServiceConfig,
    ) -> Request<RequestBody> {
        let (mut parts, body) = request.into_parts();
        let Visit { peer, client, id, .. } = *visit;
        crumbs::join(&mut parts.headers);
        parts.headers.remove(EXPECT);
        let way = Way { peer: peer.address.ip(), client, scheme: peer.scheme, host };
        forwarded::tell(way, &mut parts.headers);
        parts.headers.insert(X_REQUEST_ID, id.clone());
        visitor::forget(&mut parts.headers);
        // HTTP/2 names the host elsewhere.
        if let (false, Ok(host)) = (parts.headers.contains_key(HOST), HeaderValue::from_str(host)) {
            parts.headers.insert(HOST, host);
        }
        parts.version = Version::HTTP_11;
        parts.uri = origin_form(parts.uri);
        parts.extensions.remove::<hyper::ext::Protocol>();
        let body = RequestBody::new(body, config.max_body_bytes, self.stall);
        say_length(&body, &mut parts.headers);
        Request::from_parts(parts, body)
    }

    /// Asks one target after the other, as long as none has seen the request: those of the slot that was chosen, then
    /// those that everybody else gets. Says which slot has answered.
    async fn ask<A: Answer>(
        &self,
        service: &Service,
        choice: &Choice,
        mut request: Request<RequestBody>,
        ask_target: impl AsyncFn(Turn, Request<RequestBody>, Patiences) -> Result<A, Unanswered>,
    ) -> Result<(Slot, A), Problem> {
        let patiences = Patiences::of(&service.config);
        let sent = request.body().sent();
        let mut asked: Vec<Arc<Target>> = Vec::new();
        loop {
            // Neither what a request has waited for at the gate or another target, nor how long its client takes to send
            // it, says anything about this one.
            let began = Instant::now();
            let waited = |now| now - sent.as_ref().map_or(began, |sent| sent.last().max(began));
            let (slot, turn) = pick(service, choice.slot, &asked).ok_or_else(nobody_there)?;
            let target = Arc::clone(&turn.0);
            match ask_target(turn, request, patiences).await {
                Ok(answer) => {
                    let now = Instant::now();
                    target.asked(true, now);
                    count(service, slot, choice, Outcome::Answered(answer.status(), waited(now)), now);
                    return Ok((slot, answer));
                }
                Err(Unanswered { failure, request: unsent }) => {
                    blame(&failure, &target)?;
                    count(service, slot, choice, Outcome::Lost, Instant::now());
                    asked.push(target);
                    let again = unsent.filter(|_| asked.len() < TARGETS_ASKED);
                    request = again.ok_or_else(|| lost(&failure))?;
                }
            }
        }
    }
}

/// Says how the end of a body is found. By itself hyper takes a method that seldom has a body for one that has none.
fn say_length(body: &RequestBody, headers: &mut HeaderMap) {
    if matches!(body, RequestBody::Empty) || headers.contains_key(CONTENT_LENGTH) {
        return;
    }
    match body.size_hint().exact() {
        Some(length) => headers.insert(CONTENT_LENGTH, length.into()),
        None => headers.insert(TRANSFER_ENCODING, HeaderValue::from_static("chunked")),
    };
}

fn find(services: &Services, host: &str, path: &str) -> Result<Arc<Service>, Problem> {
    let service = services.find(host, path).ok_or_else(no_such_service)?;
    let other = spelling::plain(path).and_then(|plain| services.find(host, &plain));
    if other.is_some_and(|other| other.name != service.name) {
        return Err(doubtful());
    }
    Ok(Arc::clone(service))
}

/// What is known of a request before anybody is asked.
#[derive(Debug)]
struct Visit<'v> {
    peer: Peer,
    seat: &'v Arc<Seat>,
    is_trusted: bool,
    client: IpAddr,
    id: &'v HeaderValue,
}

/// Whose turn it is, and in which slot: while nobody of a slot is up, the other one's.
fn pick(service: &Service, chosen: Slot, asked: &[Arc<Target>]) -> Option<(Slot, Turn)> {
    let now = Instant::now();
    let live = service.share.live();
    let fleet = service.fleet(chosen);
    let first = (chosen == live || fleet.is_up(now)).then(|| fleet.pick(asked, now)).flatten();
    let first = first.map(|turn| (chosen, turn));
    first.or_else(|| service.fleet(live).pick(asked, now).map(|turn| (live, turn)))
}

fn count(service: &Service, slot: Slot, choice: &Choice, outcome: Outcome, now: Instant) {
    if choice.is_judged {
        service.meter.count(slot, choice.client, outcome, now);
    }
}

/// A target has not answered: notes it, unless the fault was the client's.
///
/// # Errors
/// What the client is told of its own fault.
fn blame(failure: &Failure, target: &Target) -> Result<(), Problem> {
    if let Some(body) = failure.of_body() {
        return Err(refusal::of_body(body));
    }
    target.asked(false, Instant::now());
    tracing::warn!(address = %target.address, failure = failure as &dyn std::error::Error, "no answer");
    Ok(())
}

/// The target of a request as HTTP/1.1 sends it to a server that is no proxy.
fn origin_form(uri: Uri) -> Uri {
    let mut parts = uri.into_parts();
    parts.scheme = None;
    parts.authority = None;
    parts.path_and_query.map_or_else(|| Uri::from_static("/"), Uri::from)
}

/// What the gate would ask of one application, another one would answer.
fn doubtful() -> Problem {
    let words = "This address could lead to two applications: it is spelt in an unusual way. Please write it plainly.";
    Problem::new(Code::MalformedRequest, words)
}

fn goes_round() -> Problem {
    let words = "This request has come through several gates, which lead to each other. Their operator should look where \
                 each of them leads.";
    Problem::new(Code::BadGateway, words)
}

fn no_such_service() -> Problem {
    Problem::new(Code::NotFound, "No application answers at this address.")
}

fn nobody_there() -> Problem {
    Problem::new(Code::BadGateway, "The application is not running. Please try again in a moment.")
}

fn lost(failure: &Failure) -> Problem {
    match failure {
        Failure::Silent(_) => {
            Problem::new(Code::GatewayTimeout, "The application took too long. Please try again.")
        }
        Failure::Unreachable(_) | Failure::Lost(_) | Failure::Unasked => {
            Problem::new(Code::BadGateway, "The application did not answer. Please try again in a moment.")
        }
    }
}
