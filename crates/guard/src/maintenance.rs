//! Maintenance: reads go on, changes wait.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse as _, Response};
use foundation::{Ambient, Code, Problem, Timestamp};
use http::{HeaderMap, Method, StatusCode, header};
use tokio::sync::watch;

use crate::text::{Message, ToHtml as _};

/// When a client should ask again if nobody said how long it takes.
const USUAL_WAIT: Duration = Duration::from_mins(1);

/// The longest that a client is told to wait.
const LONGEST_WAIT: Duration = Duration::from_hours(24);

/// Why changes wait, and until when, as far as anybody said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closure {
    /// Since when.
    pub since: Timestamp,
    /// Until when, presumably.
    pub until: Option<Timestamp>,
    /// What to tell people.
    pub message: Option<Message>,
}

/// Whether the installation takes changes at this moment: one switch for all who ask. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Maintenance(Arc<watch::Sender<Option<Closure>>>);

impl Default for Maintenance {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(None)))
    }
}

impl Maintenance {
    /// Begins it, changes what is said about it, or ends it. Nobody is told when nothing changes.
    pub fn set(&self, closure: Option<Closure>) {
        self.0.send_if_modified(|current| {
            let differs = *current != closure;
            *current = closure;
            differs
        });
    }

    /// What holds at this moment.
    pub fn current(&self) -> Option<Closure> {
        self.0.borrow().clone()
    }

    /// Tells of each change: for whoever has to pass it on, to open sockets for example.
    pub fn watch(&self) -> watch::Receiver<Option<Closure>> {
        self.0.subscribe()
    }
}

/// What the layer needs to know.
#[derive(Debug, Clone)]
pub(crate) struct Gate {
    pub(crate) maintenance: Maintenance,
    /// Changes that go on: those by which people come in, and by which maintenance ends.
    pub(crate) going_on: &'static [&'static str],
    pub(crate) ambient: Ambient,
}

/// The layer.
pub(crate) async fn check(State(gate): State<Arc<Gate>>, request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if reads || gate.going_on.contains(&request.uri().path()) {
        return next.run(request).await;
    }
    let closure = gate.maintenance.0.borrow().clone();
    match closure {
        Some(closure) => refuse(&closure, gate.ambient.now(), &request),
        None => next.run(request).await,
    }
}

fn refuse(closure: &Closure, now: Timestamp, request: &Request) -> Response {
    let wait = closure.until.and_then(|until| (until - now).to_std().ok()).unwrap_or(USUAL_WAIT);
    let wait = wait.min(LONGEST_WAIT);
    let words = "The site is being worked on. You can read everything; changes are possible again soon.";
    let problem = Problem::new(Code::Maintenance, words).retry_after(wait);
    // A form that was sent without a script: the person would see JSON.
    let accept = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    if !accept.is_some_and(|accept| accept.contains("text/html")) {
        return problem.into_response();
    }
    let words = if prefers_german(request.headers()) { &GERMAN } else { &ENGLISH };
    let mut page = (StatusCode::SERVICE_UNAVAILABLE, Html(page(closure, words))).into_response();
    page.headers_mut().insert(header::RETRY_AFTER, wait.as_secs().max(1).into());
    page
}

/// What the page says.
struct Words {
    language: &'static str,
    title: &'static str,
    heading: &'static str,
    text: &'static str,
    until: &'static str,
    back: &'static str,
}

const ENGLISH: Words = Words {
    language: "en",
    title: "Maintenance",
    heading: "We are working on this site",
    text: "What you sent was not saved. Please go back, and send it again in a while. Everything can be read meanwhile.",
    until: "Until about",
    back: "To the start page",
};

const GERMAN: Words = Words {
    language: "de",
    title: "Wartung",
    heading: "Wir arbeiten an dieser Seite",
    text: "Was Sie abgeschickt haben, wurde nicht gespeichert. Bitte gehen Sie zurück und schicken Sie es später noch einmal ab. Lesen lässt sich inzwischen alles.",
    until: "Bis etwa",
    back: "Zur Startseite",
};

/// Whether somebody would rather read German than English (`Accept-Language`, RFC 9110, 12.5.4).
pub fn prefers_german(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    accepted.is_some_and(is_german_before_english)
}

fn is_german_before_english(accepted: &str) -> bool {
    let weight = |language: &str| {
        let weights = accepted.split(',').filter_map(|range| {
            let (tag, weight) = range.split_once(';').unwrap_or((range, "q=1"));
            let is_it = tag.trim().split('-').next().is_some_and(|tag| tag.eq_ignore_ascii_case(language));
            let weight = weight.trim().strip_prefix("q=")?.trim().parse::<f32>().ok()?;
            is_it.then_some(weight)
        });
        weights.fold(0.0, f32::max)
    };
    weight("de") > weight("en")
}

/// The message is safe HTML by its type; everything else is ours.
fn page(closure: &Closure, words: &Words) -> String {
    let Words { language, title, heading, text, until, back } = words;
    let message = closure.message.as_ref().map(|message| format!("<p>{}</p>\n", message.to_html()));
    let end = closure.until.map(|end| format!("<p>{until} {}.</p>\n", end.format("%F %H:%M UTC")));
    format!(
        "<!doctype html>\n<html lang=\"{language}\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{title}</title>\n<h1>{heading}</h1>\n<p>{text}</p>\n\
         {}{}<p><a href=\"/\">{back}</a></p>\n</html>\n",
        message.unwrap_or_default(),
        end.unwrap_or_default(),
    )
}
