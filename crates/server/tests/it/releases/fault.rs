//! A layer before a release that does what bad releases do: it fails, or takes its time.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use crate::street;

/// What becomes of a request.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fault {
    /// It is passed on.
    Nothing,
    /// It fails.
    Fails,
    /// It is passed on after so long.
    Dawdles(Duration),
}

impl Fault {
    pub(crate) fn one_of_five_fails(number: u64) -> Self {
        if number.is_multiple_of(5) { Self::Fails } else { Self::Nothing }
    }

    /// Long beside 200 ms.
    pub(crate) fn three_of_ten_dawdle(number: u64) -> Self {
        if number * 3 % 10 < 3 { Self::Dawdles(Duration::from_millis(600)) } else { Self::Nothing }
    }
}

/// The layer.
pub(crate) struct Layer {
    pub(crate) address: SocketAddr,
    asked: Arc<AtomicU64>,
}

impl Layer {
    /// Before the release at this address; what becomes of a request says its number.
    pub(crate) async fn before(release: SocketAddr, fault: fn(u64) -> Fault) -> Self {
        let asked = Arc::new(AtomicU64::new(0));
        let client = testkit::http().build().expect("a client");
        let counter = Arc::clone(&asked);
        let answer = async move |request: Request| {
            match fault(counter.fetch_add(1, Ordering::Relaxed)) {
                Fault::Nothing => {}
                Fault::Fails => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
                Fault::Dawdles(time) => tokio::time::sleep(time).await,
            }
            pass_on(&client, release, request).await
        };
        Self { address: street::target(Router::new().fallback(answer)).await, asked }
    }

    /// How many requests came here.
    pub(crate) fn asked(&self) -> u64 {
        self.asked.load(Ordering::Relaxed)
    }
}

async fn pass_on(client: &reqwest::Client, release: SocketAddr, request: Request) -> Response {
    let (mut head, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.expect("a body");
    head.headers.remove(header::CONTENT_LENGTH);
    let asked = client.request(head.method, format!("http://{release}{}", head.uri));
    let answer = asked.headers(head.headers).body(body).send().await.expect("the release answers");
    let mut response = Response::new(Body::empty());
    (*response.status_mut(), *response.headers_mut()) = (answer.status(), answer.headers().clone());
    response.headers_mut().remove(header::TRANSFER_ENCODING);
    *response.body_mut() = answer.bytes().await.expect("a body").into();
    response
}
