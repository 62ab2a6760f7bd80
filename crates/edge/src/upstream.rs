//! Requests to targets, over connections that are used again.

mod body;
mod connection;
mod patience;
mod pool;

use std::error::Error as _;
use std::io;
use std::time::Duration;

use bytes::Bytes;
use http::response::Parts;
use http::{Method, Request, Response, StatusCode};
use tokio::net::TcpStream;

pub(crate) use body::{BodyError, RequestBody, ResponseBody};
pub(crate) use connection::Connection;
pub(crate) use patience::Patience;
pub(crate) use pool::Pool;

use crate::config::ServiceConfig;
use crate::service::Turn;

/// Why a target has given no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("no connection can be made")]
    Unreachable(#[source] io::Error),
    #[error("the connection was lost before the answer")]
    Lost(#[source] hyper::Error),
    #[error("no answer has begun within {0:?}")]
    Silent(Duration),
    #[error("it goes on in another protocol, which nobody has asked for")]
    Unasked,
}

impl Failure {
    /// What was wrong with the request's body, if that is the reason.
    pub(crate) fn of_body(&self) -> Option<&BodyError> {
        match self {
            Self::Lost(error) => error.source()?.downcast_ref(),
            Self::Unreachable(_) | Self::Silent(_) | Self::Unasked => None,
        }
    }
}

/// How long a target is waited for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patiences {
    pub(crate) connect: Duration,
    pub(crate) answer: Duration,
    pub(crate) silence: Duration,
}

impl Patiences {
    pub(crate) fn of(config: &ServiceConfig) -> Self {
        Self {
            connect: config.connect_timeout.into(),
            answer: config.answer_timeout.into(),
            silence: config.silence_timeout.into(),
        }
    }
}

/// A request that has no answer.
#[derive(Debug)]
pub(crate) struct Unanswered {
    pub(crate) failure: Failure,
    /// The request, if it may be sent to somebody else: nothing of it was sent.
    pub(crate) request: Option<Request<RequestBody>>,
}

/// Sends a request to a target. A connection that the target closes at this very moment costs nothing: the request goes
/// over a fresh one, if nothing of it was sent, or if it does no harm when it arrives twice.
pub(crate) async fn send(
    turn: Turn,
    request: Request<RequestBody>,
    patiences: Patiences,
) -> Result<Response<ResponseBody>, Unanswered> {
    let response = exchange(turn, request, patiences).await?;
    // A client that was told so would take what comes next for the other protocol.
    if response.status() == StatusCode::SWITCHING_PROTOCOLS {
        return Err(Unanswered { failure: Failure::Unasked, request: None });
    }
    Ok(response)
}

async fn exchange(
    turn: Turn,
    mut request: Request<RequestBody>,
    patiences: Patiences,
) -> Result<Response<ResponseBody>, Unanswered> {
    if let Some(mut connection) = turn.0.pool.take() {
        let copy = copy_of(&request);
        match connection.send(request).await {
            Ok(response) => return Ok(answer(response, connection, turn, patiences)),
            Err((failure @ Failure::Silent(_), _)) => return Err(Unanswered { failure, request: None }),
            Err((failure, unsent)) => {
                request =
                    unsent.or_else(|| copy.map(repeated)).ok_or(Unanswered { failure, request: None })?;
            }
        }
    }
    let mut connection = match Connection::open(&turn.0.address, patiences.connect, patiences.answer).await {
        Ok(connection) => connection,
        Err(failure) => return Err(Unanswered { failure, request: Some(request) }),
    };
    match connection.send(request).await {
        Ok(response) => Ok(answer(response, connection, turn, patiences)),
        Err((failure, request)) => Err(Unanswered { failure, request }),
    }
}

/// What came of the wish to go on in another protocol.
#[derive(Debug)]
pub(crate) enum Switched {
    /// The target does not want to.
    Not(Response<ResponseBody>),
    /// From now on bytes are passed on as they are.
    Tunnel {
        head: Parts,
        stream: TcpStream,
        /// What came behind the head already.
        read: Bytes,
        turn: Turn,
    },
}

/// What a target has said, before its body.
pub(crate) trait Answer {
    /// What it makes of the request.
    fn status(&self) -> StatusCode;
}

impl Answer for Response<ResponseBody> {
    fn status(&self) -> StatusCode {
        Response::status(self)
    }
}

impl Answer for Switched {
    fn status(&self) -> StatusCode {
        match self {
            Self::Not(response) => response.status(),
            Self::Tunnel { head, .. } => head.status,
        }
    }
}

/// Sends a request that asks for another protocol, over a connection of its own.
pub(crate) async fn switch(
    turn: Turn,
    request: Request<RequestBody>,
    patiences: Patiences,
) -> Result<Switched, Unanswered> {
    let mut connection = match Connection::open(&turn.0.address, patiences.connect, patiences.answer).await {
        Ok(connection) => connection,
        Err(failure) => return Err(Unanswered { failure, request: Some(request) }),
    };
    let response = match connection.send(request).await {
        Ok(response) => response,
        Err((failure, request)) => return Err(Unanswered { failure, request }),
    };
    if response.status() != StatusCode::SWITCHING_PROTOCOLS {
        return Ok(Switched::Not(answer(response, connection, turn, patiences)));
    }
    let (mut head, _) = response.into_parts();
    head.extensions.clear();
    let (stream, read) = connection.into_stream().await;
    Ok(Switched::Tunnel { head, stream, read, turn })
}

fn answer(
    response: Response<hyper::body::Incoming>,
    connection: Connection,
    turn: Turn,
    patiences: Patiences,
) -> Response<ResponseBody> {
    response.map(|incoming| ResponseBody::new(incoming, connection, turn, patiences.silence))
}

/// Says that a request was sent before: whoever died of it may have died of what it asks.
#[derive(Debug, Clone)]
struct Repeated;

/// Of a request that may arrive twice (RFC 9110, 9.2.1: safe methods) and has no body; once.
fn copy_of(request: &Request<RequestBody>) -> Option<Request<RequestBody>> {
    let is_safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let is_repeated = request.extensions().get::<Repeated>().is_some();
    if !is_safe || is_repeated || !matches!(request.body(), RequestBody::Empty) {
        return None;
    }
    let mut copy = Request::new(RequestBody::Empty);
    copy.method_mut().clone_from(request.method());
    copy.uri_mut().clone_from(request.uri());
    copy.headers_mut().clone_from(request.headers());
    Some(copy)
}

fn repeated(mut request: Request<RequestBody>) -> Request<RequestBody> {
    request.extensions_mut().insert(Repeated);
    request
}
