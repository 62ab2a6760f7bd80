//! Counts requests before anybody looks at them, and tells their senders how they stand.
//!
//! Headers: `RateLimit-Policy` and `RateLimit` as in draft-ietf-httpapi-ratelimit-headers-10, for every limit that
//! applied; `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset` of its earlier versions, which many clients
//! know, for the limit that is nearest to its end.

use std::fmt::{self, Write as _};
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use foundation::Problem;
use http::{Extensions, HeaderMap, HeaderName, HeaderValue, Method};

use super::{Allowance, By, Key, Policy, RateLimits, Refused, whole_seconds};
use crate::headers::is_below;

const LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("ratelimit-reset");
const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const RATELIMIT: HeaderName = HeaderName::from_static("ratelimit");
/// How long what is said of one limit is, about.
const ITEM: usize = 48;

/// A route with a limit of its own, besides that of everything below `/api`; with [`Policy::Health`], instead of it.
#[derive(Debug, Clone)]
pub struct RateRule {
    method: Method,
    path: &'static str,
    policy: Policy,
}

impl RateRule {
    /// `path` is written as the router knows it, such as `/api/users/{id}`. A rule for `GET` is one for `HEAD` too.
    ///
    /// # Panics
    /// When the policy counts people: nobody is known yet where rules are applied. A rule that is a constant then does
    /// not compile.
    pub const fn new(method: Method, path: &'static str, policy: Policy) -> Self {
        assert!(matches!(policy.by(), By::Network), "a rule counts networks");
        Self { method, path, policy }
    }

    /// The method.
    pub const fn method(&self) -> &Method {
        &self.method
    }

    /// The path as the router knows it.
    pub const fn path(&self) -> &'static str {
        self.path
    }

    /// Which limit applies.
    pub const fn policy(&self) -> Policy {
        self.policy
    }

    fn is_about(&self, method: &Method, path: &str) -> bool {
        let method = if *method == Method::HEAD { &Method::GET } else { method };
        self.path == path && self.method == *method
    }
}

/// What the layer needs to know.
pub(crate) struct Gate {
    pub(crate) limits: RateLimits,
    pub(crate) rules: Vec<RateRule>,
}

/// The limits as one request meets them: its answer tells of each that was asked. Every request carries it among its
/// extensions, for limits that cannot be asked before somebody has looked at the request.
#[derive(Debug, Clone)]
pub struct RequestLimits {
    limits: RateLimits,
    applied: Arc<Mutex<Vec<Allowance>>>,
}

impl RequestLimits {
    fn new(limits: RateLimits) -> Self {
        Self { limits, applied: Arc::default() }
    }

    /// Those of a request.
    ///
    /// # Errors
    /// When its route stands outside [`protect`](crate::protect): what is not counted is not answered.
    pub fn of(extensions: &Extensions) -> Result<&Self, Problem> {
        extensions.get().ok_or_else(|| Problem::internal(Unprotected))
    }

    /// Counts the request against one more limit.
    ///
    /// # Errors
    /// When it is once too often.
    pub async fn check(&self, policy: Policy, key: Key) -> Result<(), Refused> {
        let checked = self.limits.check(policy, key).await;
        let allowance = checked.as_ref().map_or_else(|refused| refused.allowance, |allowance| *allowance);
        self.applied.lock().unwrap_or_else(PoisonError::into_inner).push(allowance);
        checked.map(|_| ())
    }

    fn tell(&self, headers: &mut HeaderMap) {
        tell_standing(headers, &self.applied.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the route stands outside guard::protect, which counts requests")]
struct Unprotected;

/// The layer. It stands inside the router, which has found the route by then: no way of writing a path gets round a
/// rule.
pub(crate) async fn count(State(gate): State<Arc<Gate>>, mut request: Request, next: Next) -> Response {
    let limits = RequestLimits::new(gate.limits.clone());
    let key = Key::of_client(request.extensions().get().copied());
    let mut response = match admit(&limits, gate.policies(&request), key).await {
        Ok(()) => {
            request.extensions_mut().insert(limits.clone());
            next.run(request).await
        }
        Err(refused) => Problem::from(refused).into_response(),
    };
    limits.tell(response.headers_mut());
    response
}

async fn admit(limits: &RequestLimits, policies: Vec<Policy>, key: Key) -> Result<(), Refused> {
    for policy in policies {
        limits.check(policy, key).await?;
    }
    Ok(())
}

impl Gate {
    fn policies(&self, request: &Request) -> Vec<Policy> {
        let path = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
        let is_own = |rule: &&RateRule| rule.is_about(request.method(), path);
        let own: Vec<_> = self.rules.iter().filter(is_own).map(RateRule::policy).collect();
        let is_api = is_below(request.uri().path(), "/api") && !own.contains(&Policy::Health);
        is_api.then_some(Policy::Api).into_iter().chain(own).collect()
    }
}

/// Writes how somebody stands with the limits that applied into an answer. What it says of other limits already, since
/// it comes from an application that has its own, stays.
pub fn tell_standing(headers: &mut HeaderMap, applied: &[Allowance]) {
    let Some(nearest) = applied.iter().min_by_key(|allowance| allowance.remaining) else { return };
    if !headers.contains_key(LIMIT) {
        headers.insert(LIMIT, nearest.quota.burst().into());
        headers.insert(REMAINING, nearest.remaining.into());
        headers.insert(RESET, whole_seconds(nearest.reset_after).into());
    }
    headers.append(POLICY, list(applied, policy_item));
    headers.append(RATELIMIT, list(applied, standing_item));
}

fn list(applied: &[Allowance], write_item: fn(&mut String, &Allowance) -> fmt::Result) -> HeaderValue {
    let mut list = String::with_capacity(ITEM * applied.len());
    for allowance in applied {
        if !list.is_empty() {
            list.push_str(", ");
        }
        write_item(&mut list, allowance).expect("a text takes all");
    }
    HeaderValue::try_from(list).expect("names and numbers")
}

/// The quota as so many in so long a window: a burst, and the time after which the next may come.
fn policy_item(list: &mut String, Allowance { policy, quota, .. }: &Allowance) -> fmt::Result {
    write!(list, "\"{}\";q={};w={}", policy.name(), quota.burst(), whole_seconds(quota.refill()))
}

fn standing_item(list: &mut String, allowance: &Allowance) -> fmt::Result {
    let Allowance { policy, remaining, reset_after, .. } = allowance;
    write!(list, "\"{}\";r={remaining};t={}", policy.name(), whole_seconds(*reset_after))
}
