//! Asks a server of the operator's whether a request may pass.

mod question;
mod verdict;

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use foundation::{Code, Problem};
use http::request::Parts;
use http::uri::PathAndQuery;
use http::{HeaderName, Request, Response};
use http_body_util::{BodyExt as _, Limited};

use super::exempt::Exempt;
use super::{Admitted, Arrival};
use crate::config::{AuthUrl, ForwardAuthConfig};
use crate::proxy::Body;
use crate::service::{Target, Turn};
use crate::upstream::{self, Patiences, RequestBody, ResponseBody};
use verdict::Verdict;

/// How much of an answer that lets a request pass is read, so that its connection can be used again.
const READ: usize = 64 * 1024;
/// When a client may come back whom nobody could decide about.
const PAUSE: Duration = Duration::from_secs(5);

/// That server, and what it is shown.
#[derive(Debug)]
pub(super) struct ForwardAuth {
    target: Arc<Target>,
    path: PathAndQuery,
    /// What it is shown of a request.
    shown: Vec<HeaderName>,
    /// What the application gets of its answer.
    passed: Vec<HeaderName>,
    timeout: Duration,
    exempt: Exempt,
}

impl ForwardAuth {
    pub(super) fn new(url: &AuthUrl, config: &ForwardAuthConfig) -> Self {
        let timeout = config.timeout.into();
        Self {
            target: Arc::new(Target::new(url.address().clone(), Instant::now(), timeout)),
            path: url.path().clone(),
            shown: config.request_headers.iter().filter_map(|name| name.parse().ok()).collect(),
            passed: config.response_headers.iter().map(|header| header.name().clone()).collect(),
            timeout,
            exempt: Exempt::new(&config.except, config.allow_preflight),
        }
    }

    pub(super) fn tidy(&self) {
        self.target.pool.tidy();
    }

    /// Asks about a request.
    ///
    /// # Errors
    /// When there is no answer, or none that decides anything: nobody passes then.
    pub(super) async fn ask(&self, arrival: &Arrival<'_>, head: &mut Parts) -> Result<Admitted, Problem> {
        if self.exempt.covers(head) {
            return Ok(Admitted::Passes);
        }
        let question = question::about(arrival, head, self.target.address.as_str(), &self.path, &self.shown);
        let answer = self.send(question).await.ok_or_else(nobody_decides)?;
        match verdict::of(answer.status()) {
            Verdict::Passes => {
                verdict::pass_on(answer.headers(), &self.passed, &mut head.headers);
                self.let_go(answer).await;
                Ok(Admitted::Passes)
            }
            Verdict::IsAnswered => Ok(Admitted::Answered(Box::new(verdict::to_client(
                answer.map(|body| Body::passed(body, None)),
            )))),
            Verdict::None => {
                tracing::warn!(server = %self.target.address, status = answer.status().as_u16(), "no decision");
                Err(nobody_decides())
            }
        }
    }

    async fn send(&self, question: Request<RequestBody>) -> Option<Response<ResponseBody>> {
        let patiences = Patiences { connect: self.timeout, answer: self.timeout, silence: self.timeout };
        let asked = upstream::send(Turn::of(Arc::clone(&self.target)), question, patiences);
        match tokio::time::timeout(self.timeout, asked).await {
            Ok(Ok(answer)) => Some(answer),
            Ok(Err(unanswered)) => {
                let failure: &dyn Error = &unanswered.failure;
                tracing::warn!(server = %self.target.address, failure, "no answer about who may pass");
                None
            }
            Err(_) => {
                tracing::warn!(server = %self.target.address, "no answer in time about who may pass");
                None
            }
        }
    }

    /// Reads what nobody needs, in vain if that is too much: the connection is closed then.
    async fn let_go(&self, answer: Response<ResponseBody>) {
        let read = Limited::new(answer.into_body(), READ).collect();
        let _ = tokio::time::timeout(self.timeout, read).await;
    }
}

fn nobody_decides() -> Problem {
    let words = "Who may pass cannot be found out at the moment. Please try again in a moment.";
    Problem::new(Code::Unavailable, words).retry_after(PAUSE)
}
