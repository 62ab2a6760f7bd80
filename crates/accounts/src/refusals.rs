//! Refusing somebody who is known what they may not do, on record (OWASP ASVS 5.0, 16.3.2).

use std::time::Duration;

use audit::Entry;
use axum::extract::MatchedPath;
use chrono::TimeDelta;
use foundation::{Problem, Timestamp, Uuid};
use http::request::Parts;
use moka::sync::Cache;
use serde_json::json;

use crate::visitor::source;
use crate::{Accounts, User, actions};

/// How long a refusal speaks for those of the same person at the same address: a program that keeps asking must not
/// fill the ledger.
const ONCE_IN: TimeDelta = TimeDelta::minutes(1);
/// For how many people and addresses that is remembered.
const REMEMBERED: u64 = 10_000;

/// Who was refused what lately, and when that was written down.
pub(crate) struct Refusals(Cache<(Uuid, String), Timestamp>);

impl Refusals {
    pub(crate) fn new() -> Self {
        Self(Cache::builder().max_capacity(REMEMBERED).time_to_live(Duration::from_mins(2)).build())
    }

    /// Whether this one is worth an entry.
    fn is_new(&self, who: Uuid, what: &str, now: Timestamp) -> bool {
        let key = (who, what.to_owned());
        if self.0.get(&key).is_some_and(|at| now - at < ONCE_IN) {
            return false;
        }
        self.0.insert(key, now);
        true
    }
}

impl Accounts {
    /// Writes down that a request was refused, and hands on with what.
    pub(crate) async fn refused(&self, user: &User, parts: &Parts, problem: Problem) -> Problem {
        let route = parts.extensions.get::<MatchedPath>();
        let what = format!("{} {}", parts.method, route.map_or(parts.uri.path(), MatchedPath::as_str));
        if self.refusals.is_new(user.id, &what, self.ambient.now()) {
            let source = source(parts);
            let entry = Entry::of_user(user.id, actions::ACCESS_REFUSE, &source).failed();
            let entry = entry.with(json!({ "request": what, "reason": problem.code().as_str() }));
            // Refused it is in any case.
            if let Err(error) = self.write_down(entry).await {
                tracing::error!(error = &error as &dyn std::error::Error, "a refusal was not written down");
            }
        }
        problem
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_speaks_for_a_minute() {
        let (refusals, who, other) = (Refusals::new(), Uuid::from_u128(1), Uuid::from_u128(2));
        let at = |seconds| Timestamp::from_timestamp(seconds, 0).expect("a time");
        assert!(refusals.is_new(who, "GET /api/admin/users", at(0)));
        assert!(!refusals.is_new(who, "GET /api/admin/users", at(59)));
        assert!(refusals.is_new(who, "POST /api/admin/users", at(59)));
        assert!(refusals.is_new(other, "GET /api/admin/users", at(59)));
        assert!(refusals.is_new(who, "GET /api/admin/users", at(60)));
    }
}
