//! Sessions over HTTP: one request waits for what there is to read, another brings what there is to write.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::response::{IntoResponse as _, Response};
use foundation::{Code, Problem};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};

use super::packet::Packet;
use super::query::malformed;
use super::session::Session;
use super::{Handler, Reason};

/// Waits for something to read.
pub(super) async fn fetch<H: Handler>(session: &Arc<Session<H>>) -> Result<Response, Problem> {
    let turn = session.turn_to_fetch()?;
    let outbox = session.link().outbox();
    let body = loop {
        if let Some(payload) = outbox.fetch() {
            break payload.into();
        }
        if outbox.ended().is_some() {
            break "1".to_owned();
        }
        if !session.is_polling() {
            break "6".to_owned();
        }
        outbox.arrived().await;
    };
    turn.complete();
    Ok(answer(body))
}

/// Takes what was written.
pub(super) async fn send<H: Handler>(
    session: Arc<Session<H>>,
    body: Body,
    largest: usize,
) -> Result<Response, Problem> {
    let turn = session.turn_to_write()?;
    let Ok(body) = to_bytes(body, largest).await else {
        session.link().end(Reason::TooLarge);
        let words = format!("A request has at most {largest} bytes, which the session said at its start.");
        return Err(Problem::new(Code::BodyTooLarge, words));
    };
    // Whoever goes away in the middle has not taken back what was said.
    let done = tokio::spawn(async move {
        let done = take_all(&session, &body).await;
        match done {
            Ok(()) => turn.complete(),
            Err(reason) => session.link().end(reason),
        }
        done
    });
    match done.await {
        Ok(Ok(()) | Err(Reason::ByClient)) => Ok(answer("ok".to_owned())),
        _ => Err(malformed("This is not what a session consists of. It has ended; connect again.")),
    }
}

async fn take_all<H: Handler>(session: &Session<H>, body: &[u8]) -> Result<(), Reason> {
    let body = std::str::from_utf8(body).map_err(|_| Reason::Malformed)?;
    for packet in Packet::parse_all(body) {
        session.take(packet.map_err(|_| Reason::Malformed)?).await?;
    }
    Ok(())
}

/// There is no such session, or none any more.
pub(super) fn over() -> Problem {
    malformed("This session is over, or has never been. Connect again.")
}

fn answer(body: String) -> Response {
    ([(CONTENT_TYPE, "text/plain; charset=UTF-8"), (CACHE_CONTROL, "no-store")], body).into_response()
}
