//! What is tried again, what is not, and when a host is left alone.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::response::{IntoResponse as _, Response};
use axum::routing::any;
use guard::outbound::{Outbound, OutboundError, Request};
use http::header::RETRY_AFTER;
use http::{Method, StatusCode};
use tokio::time::Instant;

use super::kit::{
    Server, built, get, here, impatient_to, in_time, later, post, refused, request, to, told, value,
};

/// A server that answers as told, and at last always the same.
async fn saying(answers: impl IntoIterator<Item = StatusCode>) -> Server {
    let answers: Vec<StatusCode> = answers.into_iter().collect();
    let next = Arc::new(AtomicUsize::new(0));
    let answer = async move || answers[next.fetch_add(1, Ordering::Relaxed).min(answers.len() - 1)];
    Server::start(Router::new().fallback(any(answer))).await
}

/// Sends a request while time leaps over the pauses; a status or the words of the error.
async fn patient(outbound: &Outbound, request: Request) -> Result<StatusCode, String> {
    let outbound = outbound.clone();
    told(in_time(tokio::spawn(async move { outbound.send(request).await })).await)
}

const BUSY: StatusCode = StatusCode::SERVICE_UNAVAILABLE;
const OK: StatusCode = StatusCode::OK;

#[tokio::test]
async fn what_does_no_harm_twice_is_tried_again() {
    for method in [Method::GET, Method::HEAD, Method::PUT, Method::DELETE] {
        let server = saying([BUSY, StatusCode::INTERNAL_SERVER_ERROR, OK]).await;
        let outcome = patient(&to(&server), request(method.clone(), &server.host())).await;
        assert_eq!((outcome, server.visits()), (Ok(OK), 3), "{method}");
    }
    let server = saying([BUSY, OK]).await;
    let outcome = patient(&to(&server), post(&server.host()).idempotency_key(value("7"))).await;
    assert_eq!((outcome, server.visits()), (Ok(OK), 2));
}

#[tokio::test]
async fn what_might_do_harm_twice_is_sent_once() {
    for method in [Method::POST, Method::PATCH] {
        let server = saying([BUSY, OK]).await;
        let outcome = patient(&to(&server), request(method.clone(), &server.host())).await;
        let words = format!("{} answered 503 Service Unavailable", server.host());
        assert_eq!((outcome, server.visits()), (Err(words), 1), "{method}");
    }
}

#[tokio::test]
async fn what_is_to_be_sent_once_is_sent_once() {
    let server = saying([BUSY, OK]).await;
    let outcome = patient(&to(&server), request(Method::GET, &server.host()).once()).await;
    assert_eq!((outcome.is_err(), server.visits()), (true, 1));
}

#[tokio::test]
async fn after_four_attempts_it_ends() {
    let server = saying([StatusCode::BAD_GATEWAY]).await;
    let begin = Instant::now();
    let outcome = patient(&to(&server), get(&server.host())).await;
    assert_eq!(outcome, Err(format!("{} answered 502 Bad Gateway", server.host())));
    assert_eq!(server.visits(), 4);
    // Time leaps here; at the least there were 1, 2 and 4 seconds less a quarter.
    assert!(begin.elapsed() >= Duration::from_millis(5250), "{:?}", begin.elapsed());
}

#[tokio::test]
async fn an_answer_of_4xx_is_an_answer() {
    for status in
        [400, 401, 403, 404, 408, 409, 412, 425, 429].map(|n| StatusCode::from_u16(n).expect("a status"))
    {
        let server = Server::answering((status, [(RETRY_AFTER, "1")], "why")).await;
        let answer = to(&server).send(get(&server.host())).await.expect("an answer");
        assert_eq!((answer.status, &answer.body[..], server.visits()), (status, b"why".as_slice(), 1));
    }
}

#[tokio::test]
async fn a_host_where_nobody_listens_is_tried_again() {
    let server = Server::answering("here").await;
    let (host, outbound) = (server.host(), to(&server));
    drop(server);
    let begin = Instant::now();
    let words = patient(&outbound, get(&host)).await.expect_err("nobody");
    assert!(
        words.starts_with(&format!("{host} cannot be reached: ")) && words.contains("refused"),
        "{words}"
    );
    assert!(begin.elapsed() >= Duration::from_millis(5250), "{:?}", begin.elapsed());
}

#[tokio::test]
async fn a_busy_host_is_given_the_time_it_asks_for() {
    let busy_for = |seconds: &'static str| (BUSY, [(RETRY_AFTER, seconds)]).into_response();
    let next = Arc::new(AtomicUsize::new(0));
    let answer = async move || -> Response {
        if next.fetch_add(1, Ordering::Relaxed) == 0 { busy_for("20") } else { OK.into_response() }
    };
    let server = Server::start(Router::new().fallback(any(answer))).await;
    let begin = Instant::now();
    assert_eq!(patient(&to(&server), get(&server.host())).await, Ok(OK));
    assert!(begin.elapsed() >= Duration::from_secs(20), "{:?}", begin.elapsed());

    let server = Server::answering((BUSY, [(RETRY_AFTER, "31")])).await;
    let error = refused(&to(&server), get(&server.host())).await;
    let asked = Some(Duration::from_secs(31));
    assert!(
        matches!(error, OutboundError::ServerError { retry_after, .. } if retry_after == asked),
        "{error:?}"
    );
    assert_eq!(server.visits(), 1);
}

// ASVS 16.5.2
#[tokio::test]
async fn a_host_that_fails_again_and_again_is_left_alone_until_it_answers() {
    let server = saying([BUSY, BUSY, BUSY, BUSY, BUSY, BUSY, OK]).await;
    let outbound = to(&server);
    let ask = async || refused(&outbound, post(&server.host())).await;
    for _ in 0..5 {
        assert!(matches!(ask().await, OutboundError::ServerError { .. }));
    }
    // Open: nothing is sent.
    let error = ask().await;
    assert!(matches!(error, OutboundError::LeftAlone { .. }), "{error:?}");
    assert!(error.to_string().contains("failed several times in a row and is left alone"), "{error}");
    assert_eq!(server.visits(), 5);

    // One probe, which fails: open for twice as long.
    later(Duration::from_secs(30)).await;
    assert!(matches!(ask().await, OutboundError::ServerError { .. }));
    later(Duration::from_secs(59)).await;
    assert!(matches!(ask().await, OutboundError::LeftAlone { .. }));
    assert_eq!(server.visits(), 6);

    // One that is answered: all go through.
    later(Duration::from_secs(1)).await;
    for _ in 0..3 {
        assert_eq!(told(outbound.send(post(&server.host())).await), Ok(OK));
    }

    let log = crate::log::taken();
    let told: Vec<&str> = log.lines().filter(|line| line.contains("a host ")).collect();
    let words = ["is left alone", "is left alone", "answers again"];
    assert!(
        told.len() == 3 && std::iter::zip(&told, words).all(|(line, words)| line.contains(words)),
        "{log}"
    );
    assert!(told[0].contains("WARN") && told[0].contains(&server.host()) && told[0].contains("503"), "{log}");
}

#[tokio::test]
async fn while_a_host_is_left_alone_the_others_are_asked() {
    let (broken, sound) = (saying([BUSY]).await, saying([OK]).await);
    let outbound = built(&here(&[broken.host(), sound.host()]));
    for _ in 0..5 {
        refused(&outbound, post(&broken.host())).await;
    }
    assert!(matches!(refused(&outbound, post(&broken.host())).await, OutboundError::LeftAlone { .. }));
    assert_eq!(told(outbound.send(get(&sound.host())).await), Ok(OK));
}

#[tokio::test]
async fn nobody_waits_to_try_a_host_again_that_is_left_alone() {
    let server = saying([BUSY]).await;
    let outbound = to(&server);
    for _ in 0..4 {
        refused(&outbound, post(&server.host())).await;
    }
    // This attempt is the fifth failure. It ends with what happened, at once: time does not leap here.
    let error = refused(&outbound, get(&server.host())).await;
    assert!(matches!(error, OutboundError::ServerError { .. }), "{error:?}");
    assert_eq!(server.visits(), 5);
}

#[tokio::test]
async fn clones_share_what_they_know() {
    let server = saying([BUSY]).await;
    let outbound = to(&server);
    for _ in 0..5 {
        refused(&outbound.clone(), post(&server.host())).await;
    }
    assert!(matches!(refused(&outbound, post(&server.host())).await, OutboundError::LeftAlone { .. }));
}

/// Sends a request to a silent server and goes away when it has arrived.
async fn give_up(outbound: &Outbound, server: &Server) {
    let before = server.visits();
    let arrived = async {
        while server.visits() == before {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        outcome = outbound.send(post(&server.host())) => panic!("{outcome:?}"),
        () = arrived => {}
    }
}

#[tokio::test]
async fn a_probe_whose_caller_went_away_holds_up_nobody() {
    let server = Server::silent().await;
    let outbound = impatient_to(&server);
    for _ in 0..5 {
        patient(&outbound, post(&server.host())).await.expect_err("silent");
    }
    later(Duration::from_secs(30)).await;
    give_up(&outbound, &server).await;
    assert!(matches!(refused(&outbound, post(&server.host())).await, OutboundError::LeftAlone { .. }));
    later(Duration::from_secs(30)).await;
    give_up(&outbound, &server).await;
}

#[tokio::test]
async fn a_status_that_http_does_not_know_is_no_answer() {
    for status in [101, 600, 999].map(|n| StatusCode::from_u16(n).expect("a status")) {
        let server = saying([status]).await;
        let error = refused(&to(&server), post(&server.host())).await;
        assert!(matches!(error, OutboundError::ServerError { .. }), "{status}: {error:?}");
    }
}
